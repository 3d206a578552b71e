import type { PimSlice } from '../../../../engines/pim/types.ts';
import { isEditable, useDesign, useSlice } from '../../../design/index.ts';
import { BitsPanel } from './BitsPanel.tsx';
import { HardwarePanel } from './HardwarePanel.tsx';
import { MethodPanel } from './MethodPanel.tsx';
import { ModelPanel } from './ModelPanel.tsx';

/** What goes in: the network, the chip, and how the one is laid on the other. */
export function SetupPanel() {
  const slice = useSlice<PimSlice>('pim');
  const editable = useDesign(() => isEditable());
  return (
    <div className="setup">
      <ModelPanel slice={slice} editable={editable} />
      <HardwarePanel slice={slice} editable={editable} />
      <MethodPanel slice={slice} editable={editable} />
      <BitsPanel slice={slice} editable={editable} />
    </div>
  );
}
