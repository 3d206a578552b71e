import { useMemo } from 'react';
import { LISTS } from '../../../../../engines/bfp/movement/lists.ts';
import type { MovementReport, MovementTotals } from '../../../../../engines/bfp/movement/movement.ts';
import type { OperandBits } from '../../../../../engines/bfp/movement/types.ts';
import type { BfpSlice } from '../../../../../engines/bfp/types.ts';
import { useSlice } from '../../../../design/index.ts';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { Term } from '../../../../ui/Term.tsx';
import { terms, texts } from './texts.ts';
import { useMovement } from './useMovement.ts';

interface ListRow extends Partial<MovementTotals> {
  id: string;
  title: string;
}

const words = texts.listColumns;

const columns: Column<ListRow>[] = [
  { id: 'list', label: words.list, value: ({ title }) => title },
  { id: 'layers', label: words.layers, value: ({ layers }) => layers, align: 'right' },
  { id: 'macs', label: words.macs, value: ({ macs }) => macs, align: 'right' },
  { id: 'weights', label: words.weights, value: ({ weights }) => weights, align: 'right' },
  { id: 'dram', label: words.dram, value: ({ dramBits }) => dramBits, unit: 'bit', align: 'right' },
  { id: 'sram', label: words.sram, value: ({ sramBits }) => sramBits, unit: 'bit', align: 'right' },
  {
    id: 'energy',
    label: words.energy,
    value: ({ movementPj, computePj }) =>
      movementPj === undefined || computePj === undefined ? undefined : movementPj + computePj,
    unit: 'pJ',
    align: 'right',
  },
];

/** The published layer lists beside the corrected one, all at the same bits on the design's machine. */
export function Lists({ bits }: { bits: OperandBits }) {
  const machine = useSlice<BfpSlice>('bfp').machine;
  const specs = useMemo(() => LISTS.map(({ id }) => ({ model: id, bits, machine })), [bits, machine]);
  const found = [useMovement(specs[0]), useMovement(specs[1]), useMovement(specs[2])];
  const rows = LISTS.map(({ id, title }, at): ListRow => ({ id, title, ...totals(found[at]?.result) }));
  const problems = found.find((one) => one.problems)?.problems;
  return (
    <section aria-label={texts.lists} data-lesson="lists">
      <h3>
        {texts.lists} <Term term={terms.lists} mark />
      </h3>
      <p className="hint">{texts.listsAbout(texts.allBits(bits.inputs, bits.weights, bits.outputs))}</p>
      {problems ? (
        <ProblemList problems={problems.slice(0, 1)} />
      ) : (
        <div className="loops-table">
          <Table caption={texts.lists} columns={columns} rows={rows} rowKey={({ id }) => id} />
        </div>
      )}
    </section>
  );
}

function totals(report: MovementReport | undefined): Partial<MovementTotals> {
  return report?.totals ?? {};
}
