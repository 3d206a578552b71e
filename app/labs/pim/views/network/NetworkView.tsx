import { lazy, Suspense, useCallback, useMemo } from 'react';
import type { Layer } from '../../../../../engines/onnx/network.ts';
import type { PimLayer } from '../../../../../engines/pim/types.ts';
import { rampColour } from '../../../../charts/ramp.ts';
import { useView } from '../../../../design/index.ts';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import type { Column } from '../../../../ui/Table.tsx';
import { View } from '../../../../ui/View.tsx';
import { hover, select, usePim } from '../../state.ts';
import { texts } from '../../texts.ts';

const ModelView = lazy(() =>
  import('../../../../graph/model/ModelView.tsx').then((module) => ({ default: module.ModelView })),
);
const LayerTable = lazy(() =>
  import('../../../../graph/model/LayerTable.tsx').then((module) => ({ default: module.LayerTable })),
);

const words = texts.network;

type ColourBy = 'replication' | 'time' | 'crossbars';

/** The network as a graph whose layers carry what the mapping made of them, or as a table. */
export default function NetworkView() {
  const network = usePim((state) => state.opening?.network ?? state.network);
  const problems = usePim((state) => state.networkProblems);
  const [form, setForm] = useView<'graph' | 'table'>('pim.network.form', 'graph');
  const [by, setBy] = useView<ColourBy>('pim.network.by', 'replication');
  const mapped = useMapped();
  const hovered = usePim((state) => state.hovered.layer);
  const selected = usePim((state) => state.selected.layer);
  const highlight = useMemo(() => new Set(hovered === undefined ? [] : [hovered]), [hovered]);
  const onSelect = useCallback((layer: number | undefined) => {
    if (layer !== usePim.getState().selected.layer) select(layer === undefined ? undefined : { layer });
  }, []);
  const onHover = useCallback((layer: number | undefined) => hover(layer === undefined ? undefined : { layer }), []);
  const { colour, note } = useLooks(mapped, by);
  const columns = useMemo(() => columnsOf(mapped), [mapped]);
  return (
    <View
      title={words.title}
      about={mapped.size > 0 && form === 'graph' ? words.abouts[by] : undefined}
      lesson="network"
      aside={
        <>
          {form === 'graph' && (
            <Segmented<ColourBy>
              label={texts.chip.by}
              value={by}
              onChange={setBy}
              options={(['replication', 'time', 'crossbars'] as const).map((value) => ({
                value,
                label: words.bys[value],
              }))}
            />
          )}
          <Segmented
            label={texts.chip.form}
            value={form}
            onChange={setForm}
            options={[
              { value: 'graph', label: words.graph },
              { value: 'table', label: texts.chip.asTable },
            ]}
          />
        </>
      }
    >
      {!network && problems.length === 0 && <EmptyState title={words.reading} />}
      {!network && problems.length > 0 && <ProblemList problems={problems} />}
      {network && (
        <Suspense fallback={<EmptyState title={words.drawing} />}>
          {form === 'graph' ? (
            <ModelView
              network={network}
              colour={colour}
              note={note}
              selected={selected}
              onSelect={onSelect}
              highlight={highlight}
              onHover={onHover}
            />
          ) : (
            <div className="pim-table">
              <LayerTable network={network} more={columns} selected={selected} onSelect={onSelect} onHover={onHover} />
            </div>
          )}
        </Suspense>
      )}
    </View>
  );
}

/** Layers of the result by their index, as long as it is of the network on the screen. */
function useMapped(): Map<number, PimLayer> {
  const network = usePim((state) => (state.opening?.network ? undefined : state.network));
  const report = usePim((state) => state.result?.report);
  return useMemo(
    () =>
      new Map(
        (report?.layers ?? [])
          .filter(({ layer, name }) => network?.layers[layer]?.name === name)
          .map((layer) => [layer.layer, layer]),
      ),
    [network, report],
  );
}

function useLooks(mapped: Map<number, PimLayer>, by: ColourBy) {
  return useMemo(() => {
    const quantity = (layer: PimLayer) =>
      by === 'replication' ? layer.replication : by === 'crossbars' ? layer.crossbars : workOf(layer);
    const all = [...mapped.values()].filter((layer) => by === 'time' || layer.crossbars > 0);
    const most = Math.max(1, ...all.map(quantity));
    const share = (value: number) =>
      by === 'replication' ? Math.log2(value) / Math.log2(Math.max(2, most)) : value / most;
    return {
      colour(index: number): string | undefined {
        const layer = mapped.get(index);
        return layer && (by === 'time' || layer.crossbars > 0) ? rampColour(share(quantity(layer))) : undefined;
      },
      note(index: number): string | undefined {
        const layer = mapped.get(index);
        if (!layer) return undefined;
        if (by === 'time') return workOf(layer) > 0 ? formatNumber(workOf(layer), 'ns') : undefined;
        if (layer.crossbars === 0) return undefined;
        return by === 'replication' ? `× ${formatNumber(layer.replication)}` : formatNumber(layer.crossbars);
      },
    };
  }, [mapped, by]);
}

/** Time of its instructions over all cores. */
function workOf({ mvmNs, vectorNs, memoryNs, transferNs }: PimLayer): number {
  return mvmNs + vectorNs + memoryNs + transferNs;
}

function columnsOf(mapped: Map<number, PimLayer>): Column<Layer>[] {
  if (mapped.size === 0) return [];
  return [
    { id: 'replication', label: texts.layers.replication, value: ({ index }) => mapped.get(index)?.replication },
    { id: 'crossbars', label: texts.layers.crossbars, value: ({ index }) => mapped.get(index)?.crossbars },
  ];
}
