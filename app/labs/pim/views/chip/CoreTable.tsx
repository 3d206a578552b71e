import type { PimCore, PimReport } from '../../../../../engines/pim/types.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { hover, select, usePim } from '../../state.ts';
import { texts } from '../../texts.ts';

const words = texts.cores;

const time = (id: keyof PimCore & `${string}Ns`): Column<PimCore> => ({
  id,
  label: words[id as keyof typeof words] as string,
  value: (row) => row[id],
  unit: 'ns',
});

const columns: Column<PimCore>[] = [
  { id: 'core', label: words.core, value: (row) => row.core },
  { id: 'crossbars', label: words.crossbars, value: (row) => row.crossbars },
  { id: 'arrayGroups', label: words.arrayGroups, value: (row) => row.arrayGroups },
  { id: 'instructions', label: words.instructions, value: (row) => row.instructions },
  time('busyNs'),
  time('mvmNs'),
  time('vectorNs'),
  time('memoryNs'),
  time('transferNs'),
  time('waitNs'),
  {
    id: 'peak',
    label: words.peak,
    value: (row) => row.peakLocalMemoryBytes,
    render: (row) => formatNumber(row.peakLocalMemoryBytes, 'B'),
  },
];

/** The numbers behind the drawing of the chip: a line for each core. */
export function CoreTable({ report }: { report: PimReport }) {
  const core = usePim((state) => state.selected.core);
  return (
    <div className="pim-table">
      <Table
        caption={words.caption}
        columns={columns}
        rows={report.cores}
        rowKey={(row) => String(row.core)}
        selectedKey={core === undefined ? undefined : String(core)}
        onRowClick={(row) => select({ core: row.core })}
        onRowHover={(row) => hover(row && { core: row.core })}
      />
    </div>
  );
}
