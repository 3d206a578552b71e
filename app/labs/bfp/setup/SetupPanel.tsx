import type { BfpSlice } from '../../../../engines/bfp/types.ts';
import { isEditable, useDesign, useSlice } from '../../../design/index.ts';
import { DataPanel } from './DataPanel.tsx';
import { FineTunePanel } from './FineTunePanel.tsx';
import { FormatPanel } from './FormatPanel.tsx';
import { MachinePanel } from './MachinePanel.tsx';
import { ModelPanel } from './ModelPanel.tsx';
import { SearchPanel } from './SearchPanel.tsx';

/** What goes in: the network, its formats, the data, what a search may do, and the machine that movement is counted on. */
export function SetupPanel() {
  const slice = useSlice<BfpSlice>('bfp');
  const editable = useDesign(() => isEditable());
  return (
    <div className="setup">
      <ModelPanel slice={slice} editable={editable} />
      <FormatPanel slice={slice} editable={editable} />
      <DataPanel slice={slice} editable={editable} />
      <SearchPanel slice={slice} editable={editable} />
      <FineTunePanel slice={slice} editable={editable} />
      <MachinePanel slice={slice} editable={editable} />
    </div>
  );
}
