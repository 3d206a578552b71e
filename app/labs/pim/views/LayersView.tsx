import { useMemo } from 'react';
import type { PimLayer, PimReport } from '../../../../engines/pim/types.ts';
import { StackedBars } from '../../../charts/StackedBars.tsx';
import { useView } from '../../../design/index.ts';
import { formatNumber } from '../../../ui/format.ts';
import { Segmented } from '../../../ui/Segmented.tsx';
import { type Column, Table } from '../../../ui/Table.tsx';
import { View } from '../../../ui/View.tsx';
import { nameOf } from '../download/downloads.ts';
import { comparable } from '../readings/figures.ts';
import { KIND_COLOURS, WORK } from '../readings/kinds.ts';
import { hover, markedLayer, select, usePim } from '../state.ts';
import { texts } from '../texts.ts';
import { NoResult } from './NoResult.tsx';

const words = texts.layers;

type Measure = 'time' | 'energy';

/** What every layer takes: time by kind or energy as bars, and all its numbers in a table. */
export default function LayersView() {
  const report = usePim((state) => state.result?.report);
  const [measure, setMeasure] = useView<Measure>('pim.layers', 'time');
  return (
    <View
      title={words.title}
      about={words.abouts[measure]}
      lesson="layers"
      aside={
        <Segmented<Measure>
          label={words.measure}
          value={measure}
          onChange={setMeasure}
          options={[
            { value: 'time', label: words.time },
            { value: 'energy', label: words.energy },
          ]}
        />
      }
    >
      <div className="pim-scroll-view">{report ? <Layers report={report} measure={measure} /> : <NoResult />}</div>
    </View>
  );
}

const columns: Column<PimLayer>[] = [
  { id: 'name', label: words.name, value: (row) => row.name, mono: true },
  { id: 'op', label: words.op, value: (row) => row.op },
  { id: 'replication', label: words.replication, value: (row) => row.replication },
  { id: 'windows', label: words.windows, value: (row) => row.windows },
  { id: 'arrayGroups', label: words.arrayGroups, value: (row) => row.arrayGroups },
  { id: 'crossbars', label: words.crossbars, value: (row) => row.crossbars },
  {
    id: 'cells',
    label: words.cells,
    value: (row) => (row.crossbars > 0 ? row.cellsUsedPercent : undefined),
    render: (row) => (row.crossbars > 0 ? formatNumber(row.cellsUsedPercent, '%') : '–'),
    align: 'right',
  },
  { id: 'mvms', label: words.mvms, value: (row) => row.mvms },
  { id: 'start', label: words.start, value: (row) => row.startNs, unit: 'ns' },
  { id: 'end', label: words.end, value: (row) => row.endNs, unit: 'ns' },
  ...WORK.map(
    (kind): Column<PimLayer> => ({
      id: kind,
      label: texts.readings.kinds[kind],
      value: (row) => row[`${kind}Ns`],
      unit: 'ns',
    }),
  ),
  { id: 'energy', label: words.energy, value: (row) => row.energyPj, unit: 'pJ' },
  {
    id: 'noise',
    label: words.noise,
    align: 'right',
    value: (row) => row.signalToNoiseDb,
    render: (row) => (row.signalToNoiseDb === undefined ? '–' : formatNumber(row.signalToNoiseDb, 'dB')),
  },
  { id: 'parameters', label: words.parameters, value: (row) => row.parameters },
  { id: 'macs', label: words.macs, value: (row) => row.macs },
];

function Layers({ report, measure }: { report: PimReport; measure: Measure }) {
  const pinned = usePim((state) => state.pinned?.report);
  const stale = usePim((state) => state.stale);
  const marked = usePim(markedLayer);
  const before = useMemo(
    () => new Map((comparable(report, pinned)?.layers ?? []).map((layer) => [layer.name, layer])),
    [report, pinned],
  );
  const stacks = useMemo(
    () =>
      report.layers
        .filter((layer) => (measure === 'time' ? WORK.some((kind) => layer[`${kind}Ns`] > 0) : layer.energyPj > 0))
        .map((layer) => {
          const old = before.get(layer.name);
          const timeOf = (of: PimLayer) => WORK.map((kind) => of[`${kind}Ns`]);
          return {
            id: String(layer.layer),
            label: layer.name,
            parts: measure === 'time' ? timeOf(layer) : [layer.energyPj],
            pinned: old && (measure === 'time' ? timeOf(old).reduce((sum, part) => sum + part, 0) : old.energyPj),
            detail: layer.replication > 1 ? texts.chip.replicas(layer.replication) : undefined,
          };
        }),
    [report, before, measure],
  );
  return (
    <>
      <StackedBars
        title={words.abouts[measure]}
        quantity={measure === 'time' ? words.time : words.energy}
        unit={measure === 'time' ? 'ns' : 'pJ'}
        subject={words.name}
        kinds={
          measure === 'time'
            ? WORK.map((kind) => ({ id: kind, name: texts.readings.kinds[kind], colour: KIND_COLOURS[kind] }))
            : [{ id: 'energy', name: words.energy, colour: 'c6' }]
        }
        stacks={stacks}
        fileName={nameOf(`-layers-${measure}`)}
        selected={marked === undefined ? undefined : String(marked)}
        stale={stale}
        onHover={(id) => hover(id === undefined ? undefined : { layer: Number(id) })}
        onPress={(id) => select({ layer: Number(id) })}
      />
      <Table
        caption={words.title}
        columns={columns}
        rows={report.layers}
        rowKey={(row) => String(row.layer)}
        selectedKey={marked === undefined ? undefined : String(marked)}
        onRowClick={(row) => select({ layer: row.layer })}
        onRowHover={(row) => hover(row && { layer: row.layer })}
      />
    </>
  );
}
