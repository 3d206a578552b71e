import { lazy, Suspense, useMemo, useState } from 'react';
import type { CellsOfLine, CellsOfModule, RtlReport } from '../../../../engines/rtl/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import { Segmented } from '../../../ui/Segmented.tsx';
import { type Column, Table } from '../../../ui/Table.tsx';
import { View } from '../../../ui/View.tsx';
import { nameOf } from '../download/downloads.ts';
import { byName, Change } from '../readings/Breakdown.tsx';
import { countsByName, describeType, KIND_COLOURS } from '../readings/cell-types.ts';
import { type Compared, comparable, compareTypes } from '../readings/compare.ts';
import { textOf } from '../run/spec.ts';
import { openPlace, useRtl } from '../state.ts';
import { texts } from '../texts.ts';

/** Its scales and axes come with it, and only this view wants them. */
const BarChart = lazy(() => import('../../../charts/BarChart.tsx').then((module) => ({ default: module.BarChart })));

/** More bars than this are read better in the table below. */
const MOST_BARS = 24;

type By = 'type' | 'module' | 'line';

/** All cells in a table: by type, by module, by source line. The exact numbers behind bars and gutter. */
export function CellsView() {
  const [by, setBy] = useState<By>('line');
  const result = useRtl((state) => state.result);
  const pinned = useRtl((state) => state.pinned);
  const against = result && comparable(result.report, pinned?.report);
  const words = texts.cells;
  return (
    <View
      title={words.title}
      lesson="cells-table"
      aside={
        <Segmented<By>
          label={words.by}
          value={by}
          onChange={setBy}
          options={[
            { value: 'line', label: words.line },
            { value: 'type', label: words.type },
            { value: 'module', label: words.module },
          ]}
        />
      }
    >
      <div className="cells-table">
        {!result && <p className="hint">{texts.result.none}</p>}
        {result && by === 'type' && <Types report={result.report} pinned={against} />}
        {result && by === 'module' && <Modules report={result.report} />}
        {result && by === 'line' && <Lines report={result.report} textAt={(file) => textOf(result.spec, file)} />}
      </div>
    </View>
  );
}

function Types({ report, pinned }: { report: RtlReport; pinned: RtlReport | undefined }) {
  const rows = useMemo(() => compareTypes(report.cellsByType, pinned?.cellsByType), [report, pinned]);
  const words = texts.types;
  const columns: Column<Compared>[] = [
    { id: 'name', label: words.what, value: (row) => describeType(row.key).name },
    { id: 'type', label: words.type, value: (row) => row.key, mono: true },
    { id: 'now', label: words.count, value: (row) => row.now },
    ...(pinned
      ? [
          { id: 'pinned', label: words.pinned, value: (row: Compared) => row.pinned },
          {
            id: 'change',
            label: words.change,
            value: (row: Compared) => row.now - (row.pinned ?? 0),
            render: (row: Compared) => <Change now={row.now} before={row.pinned ?? 0} />,
          },
        ]
      : []),
  ];
  return (
    <>
      <TypesChart rows={rows} />
      <Table caption={words.title} columns={columns} rows={rows} rowKey={(row) => row.key} />
    </>
  );
}

function TypesChart({ rows }: { rows: readonly Compared[] }) {
  const words = texts.types;
  const bars = useMemo(
    () =>
      byName(rows)
        .slice(0, MOST_BARS)
        .map(({ key, kind, types, now, pinned }) => ({
          id: key,
          label: key,
          value: now,
          pinned,
          kind: texts.types.kinds[kind],
          colour: KIND_COLOURS[kind],
          detail: types.join(', '),
        })),
    [rows],
  );
  if (bars.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <BarChart
        title={words.title}
        subject={words.what}
        quantity={words.count}
        unit={texts.readings.cells}
        bars={bars}
        better="lower"
        fileName={nameOf('-cells-by-type')}
      />
    </Suspense>
  );
}

function Modules({ report }: { report: RtlReport }) {
  const words = texts.modules;
  const columns: Column<CellsOfModule>[] = [
    { id: 'module', label: words.module, value: (row) => row.module, mono: true },
    { id: 'instances', label: words.instances, value: (row) => row.instances },
    { id: 'each', label: words.each, value: (row) => row.cells },
    { id: 'flipFlops', label: words.flipFlops, value: (row) => row.flipFlops },
    { id: 'all', label: words.all, value: (row) => row.cellsInAll },
  ];
  return (
    <Table
      caption={words.title}
      columns={columns}
      rows={report.cellsByModule}
      rowKey={(row) => row.module}
      sort={{ column: 'all', descending: true }}
      onRowClick={(row) => {
        const where = report.modules.find((info) => info.name === row.module)?.where;
        if (where) openPlace(where);
      }}
    />
  );
}

function Lines({ report, textAt }: { report: RtlReport; textAt(file: string): string | undefined }) {
  const words = texts.lines;
  const lineOf = useMemo(() => {
    const split = new Map<string, string[] | undefined>();
    return ({ file, line }: CellsOfLine) => {
      if (!split.has(file)) split.set(file, textAt(file)?.split('\n'));
      return split.get(file)?.[line - 1]?.trim();
    };
  }, [textAt]);
  const columns: Column<CellsOfLine>[] = [
    {
      id: 'place',
      label: words.place,
      value: (row) => `${row.file}:${row.line}`,
      mono: true,
    },
    {
      id: 'source',
      label: words.source,
      value: lineOf,
      render: (row) => <code className="line-text">{lineOf(row)}</code>,
    },
    { id: 'cells', label: words.cells, value: (row) => row.cells },
    { id: 'flipFlops', label: words.flipFlops, value: (row) => row.flipFlops },
    {
      id: 'what',
      label: words.what,
      value: typesOf,
      render: (row) => (
        <span className="line-what" title={typesOf(row)}>
          {typesOf(row)}
        </span>
      ),
    },
  ];
  return (
    <>
      <Table
        caption={words.title}
        columns={columns}
        rows={report.cellsByLine}
        rowKey={(row) => `${row.file}:${row.line}`}
        sort={{ column: 'cells', descending: true }}
        onRowClick={(row) => {
          openPlace({ file: row.file, line: row.line });
          useRtl.setState({ pickedLine: { file: row.file, line: row.line } });
        }}
      />
      <p className="hint">{words.about}</p>
      {report.unattributedCells > 0 && <p className="hint">{words.unattributed(report.unattributedCells)}</p>}
    </>
  );
}

/** Types of a line's cells in words, largest first. */
function typesOf(row: CellsOfLine): string {
  return countsByName(row.byType)
    .map(([name, count]) => `${formatNumber(count)} ${name}`)
    .join(' · ');
}
