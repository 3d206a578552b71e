import type { CimSlice } from '../../../../engines/cim/types.ts';
import { isEditable, useDesign, useSlice } from '../../../design/index.ts';
import { ChipPanel } from './ChipPanel.tsx';
import { MethodPanel } from './MethodPanel.tsx';
import { ModelPanel } from './ModelPanel.tsx';
import { RulesPanel } from './RulesPanel.tsx';

/** What goes in: the network, the chip, how it is cut, and how costs are counted. */
export function SetupPanel() {
  const slice = useSlice<CimSlice>('cim');
  const editable = useDesign(() => isEditable());
  return (
    <div className="setup">
      <ModelPanel slice={slice} editable={editable} />
      <ChipPanel slice={slice} editable={editable} />
      <MethodPanel slice={slice} editable={editable} />
      <RulesPanel slice={slice} editable={editable} />
    </div>
  );
}
