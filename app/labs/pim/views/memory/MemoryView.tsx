import { useMemo } from 'react';
import type { PimReport } from '../../../../../engines/pim/types.ts';
import { LineChart } from '../../../../charts/LineChart.tsx';
import { StackedBars } from '../../../../charts/StackedBars.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { Select } from '../../../../ui/Select.tsx';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { View } from '../../../../ui/View.tsx';
import { nameOf } from '../../download/downloads.ts';
import { useProgram } from '../../run/useProgram.ts';
import { hover, type ShownProgram, select, usePim } from '../../state.ts';
import { texts } from '../../texts.ts';
import { NoProgram } from '../NoProgram.tsx';
import { NoResult } from '../NoResult.tsx';
import { memoryUse, thinned } from './liveness.ts';

const words = texts.memory;
/** Points of the line: what a screen can show. */
const POINTS = 900;
/** Cores in the chart of peaks: the fullest. */
const BARS = 32;

/** Local memory in use over time in one core, and the peaks of all against the limit. */
export default function MemoryView() {
  const report = usePim((state) => state.result?.report);
  const shown = useProgram();
  return (
    <View title={words.title} about={words.about} lesson="memory">
      {report ? <Memory report={report} shown={shown?.report === report ? shown : undefined} /> : <NoResult />}
    </View>
  );
}

interface CoreRow {
  core: number;
  peak: number;
  ofLimit: number;
}

function Memory({ report, shown }: { report: PimReport; shown: ShownProgram | undefined }) {
  const stale = usePim((state) => state.stale);
  const selected = usePim((state) => state.selected.core);
  const limit = report.hardware.localMemory.bytes;
  const rows = useMemo(
    () =>
      report.cores
        .filter(({ instructions }) => instructions > 0)
        .map(({ core, peakLocalMemoryBytes: peak }): CoreRow => ({ core, peak, ofLimit: (100 * peak) / limit }))
        .sort((a, b) => b.peak - a.peak || a.core - b.core),
    [report, limit],
  );
  const core = rows.some((row) => row.core === selected) ? selected : rows[0]?.core;
  const stacks = useMemo(
    () => rows.slice(0, BARS).map((row) => ({ id: String(row.core), label: words.core(row.core), parts: [row.peak] })),
    [rows],
  );
  const columns: Column<CoreRow>[] = [
    { id: 'core', label: words.coreName, value: (row) => row.core },
    { id: 'peak', label: words.peak, value: (row) => row.peak, unit: 'B' },
    { id: 'ofLimit', label: words.ofLimit, value: (row) => row.ofLimit, unit: '%' },
  ];
  if (core === undefined) return <p className="hint">{words.none}</p>;
  return (
    <div className="pim-scroll-view">
      <div className="pim-view-row">
        <Select
          label={words.choose}
          value={String(core)}
          onChange={(value) => usePim.setState({ selected: { core: Number(value) } })}
          options={[...rows]
            .sort((a, b) => a.core - b.core)
            .map((row) => ({ value: String(row.core), label: words.core(row.core) }))}
        />
        <span className="hint">{words.limit(formatNumber(limit, 'B'))}</span>
      </div>
      {shown ? <Use shown={shown} core={core} limit={limit} stale={stale} /> : <NoProgram />}
      <h3 className="pim-h3">{words.peaks}</h3>
      <StackedBars
        title={words.peaks}
        quantity={words.peak}
        unit="B"
        subject={words.coreName}
        kinds={[{ id: 'peak', name: words.peak, colour: 'c3' }]}
        stacks={stacks}
        fileName={nameOf('-local-memory')}
        selected={String(core)}
        stale={stale}
        onHover={(id) => hover(id === undefined ? undefined : { core: Number(id) })}
        onPress={(id) => usePim.setState({ selected: { core: Number(id) } })}
      />
      <Table
        caption={words.peaks}
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.core)}
        selectedKey={String(core)}
        onRowClick={(row) => select({ core: row.core })}
      />
    </div>
  );
}

function Use({ shown, core, limit, stale }: { shown: ShownProgram; core: number; limit: number; stale: boolean }) {
  const { elementBytes, localElements } = shown.program;
  const use = useMemo(() => memoryUse(shown, core), [shown, core]);
  const allocated = (localElements[core] ?? 0) * elementBytes;
  const series = useMemo(() => {
    const points = thinned(use, POINTS).map(([at, elements]) => [at, elements * elementBytes] as const);
    const end = points.at(-1)?.[0] ?? 0;
    return [
      { id: 'live', name: words.live, colour: 'c1' as const, points, steps: true },
      {
        id: 'allocated',
        name: words.allocated,
        colour: 'c2' as const,
        points: [[0, allocated] as const, [end, allocated] as const],
        steps: true,
        dashed: true,
      },
    ];
  }, [use, elementBytes, allocated]);
  // A limit far above what is used would press the line to the ground: then it is said, not drawn.
  const near = limit <= allocated * 4;
  return (
    <LineChart
      title={words.overTime(core)}
      x={{ label: words.time, unit: 'ns' }}
      y={{ label: words.inUse, unit: 'B' }}
      series={series}
      limit={near ? { name: words.limitName, value: limit } : undefined}
      fileName={nameOf(`-memory-core-${core}`)}
      stale={stale}
    />
  );
}
