import { useDeferredValue, useMemo } from 'react';
import type { CimReport } from '../../../../../engines/cim/types.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { hover, select, useCim } from '../../state.ts';
import { cyclesOf, type Pieces } from './estimate.ts';
import { COSTS } from './kinds.ts';
import { texts } from './texts.ts';

const words = texts.table;

interface Line {
  number: number;
  range: string;
  operators: number;
  times: number;
  cycles: number | undefined;
  share: number | undefined;
  costs: Partial<Record<(typeof COSTS)[number]['id'], number>>;
  compute: number | undefined;
  memory: number | undefined;
  slowest: string | undefined;
  first: number;
}

const columns: Column<Line>[] = [
  { id: 'number', label: words.number, value: (row) => row.number },
  { id: 'range', label: words.range, value: (row) => row.range, mono: true },
  { id: 'operators', label: words.operators, value: (row) => row.operators },
  { id: 'times', label: words.times, value: (row) => row.times },
  { id: 'cycles', label: words.cycles, value: (row) => row.cycles, align: 'right' },
  {
    id: 'share',
    label: words.share,
    value: (row) => row.share,
    render: (row) => formatNumber(row.share, '%'),
    align: 'right',
  },
  ...COSTS.map(
    ({ id }): Column<Line> => ({ id, label: texts.costs[id], value: (row) => row.costs[id], align: 'right' }),
  ),
  { id: 'compute', label: words.compute, value: (row) => row.compute, align: 'right' },
  { id: 'memory', label: words.memory, value: (row) => row.memory, align: 'right' },
  { id: 'slowest', label: words.slowest, value: (row) => row.slowest, mono: true },
];

/** The numbers behind the row: one line for each segment, first runs. */
export function SegmentTable(props: { report: CimReport; order: readonly number[]; shown: Pieces }) {
  const { report: given, order: inOrder, shown: now } = props;
  const latest = useMemo(() => ({ report: given, order: inOrder, shown: now }), [given, inOrder, now]);
  // The row answers to the pointer first.
  const { report, order, shown } = useDeferredValue(latest);
  const marked = useCim(({ hovered, selected }) => hovered.segment ?? selected.segment);
  const { operators } = report.problem;
  const rows = useMemo(
    () =>
      shown.pieces.map((piece, at): Line => {
        const { first, end, times, cost } = piece;
        const name = (place: number) => operators[order[place]!]!.name;
        const cycles = cost && Math.round(cyclesOf(piece));
        return {
          number: at + 1,
          range: texts.card.range(name(first), name(end - 1)),
          operators: end - first,
          times,
          cycles,
          share: cycles === undefined || shown.cycles === 0 ? undefined : (100 * cycles) / shown.cycles,
          costs: cost ? Object.fromEntries(COSTS.map(({ id }) => [id, Math.round(cost[id])])) : {},
          compute: cost?.computeArrays,
          memory: cost?.memoryArrays,
          slowest: cost && operators[cost.slowest]!.name,
          first,
        };
      }),
    [shown, operators, order],
  );
  const table = useMemo(
    () => (
      <Table
        caption={words.caption}
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.number - 1)}
        selectedKey={marked === undefined ? undefined : String(marked)}
        onRowClick={(row) => select({ segment: row.number - 1, operator: order[row.first] })}
        onRowHover={(row) => hover(row && { segment: row.number - 1 })}
      />
    ),
    [rows, order, marked],
  );
  return <div className="cimseg-table">{table}</div>;
}
