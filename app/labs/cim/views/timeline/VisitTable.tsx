import { memo, useMemo } from 'react';
import type { CimReport } from '../../../../../engines/cim/types.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { hover, select, useCim } from '../../state.ts';
import { costOf, KINDS, type Track } from './spans.ts';
import { texts } from './texts.ts';

const words = texts.table;

interface Line {
  visit: number;
  segment: number;
  run: number;
  range: string;
  start: number;
  end: number;
  times: Record<string, number>;
  slowest: string;
  first: number;
}

const columns: Column<Line>[] = [
  { id: 'segment', label: words.segment, value: (row) => row.segment + 1 },
  { id: 'run', label: words.run, value: (row) => row.run + 1 },
  { id: 'range', label: words.range, value: (row) => row.range, mono: true },
  { id: 'start', label: words.start, value: (row) => row.start },
  ...KINDS.map((kind): Column<Line> => ({ id: kind, label: texts.kinds[kind], value: (row) => row.times[kind] })),
  { id: 'end', label: words.end, value: (row) => row.end },
  { id: 'slowest', label: words.slowest, value: (row) => row.slowest, mono: true },
];

/** The numbers behind the drawing, of the plan that the lab shows. */
export const VisitTable = memo(function VisitTable({ report, track }: { report: CimReport; track: Track }) {
  const marked = useCim(({ hovered, selected }) => hovered.segment ?? selected.segment);
  const { operators } = report.problem;
  const rows = useMemo(
    () =>
      Array.from({ length: track.visits }, (_, visit): Line => {
        const index = track.segment[visit]!;
        const segment = track.plan.segments[index]!;
        const cost = costOf(segment, track.run[visit]!);
        const name = (operator: number | undefined) => (operator === undefined ? '' : operators[operator]!.name);
        const [first, last] = [segment.operators[0], segment.operators.at(-1)];
        return {
          visit,
          segment: index,
          run: track.run[visit]!,
          range: first === last ? name(first) : `${name(first)} … ${name(last)}`,
          start: Math.round(track.start[visit]!),
          end: Math.round(track.start[visit + 1]!),
          times: Object.fromEntries(KINDS.map((kind) => [kind, Math.round(cost[kind])])),
          slowest: name(cost.slowest),
          first: first ?? 0,
        };
      }),
    [track, operators],
  );
  const table = useMemo(
    () => (
      <Table
        caption={words.caption(track.plan.title)}
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.visit)}
        selectedKey={marked === undefined ? undefined : String(rows.find(({ segment }) => segment === marked)?.visit)}
        onRowClick={(row) => select({ segment: row.segment, operator: row.first })}
        onRowHover={(row) => hover(row && { segment: row.segment })}
      />
    ),
    [rows, track, marked],
  );
  return <div className="cimtime-table">{table}</div>;
});
