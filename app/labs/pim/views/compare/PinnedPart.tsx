import { Pin } from 'lucide-react';
import { useMemo } from 'react';
import type { PimFigures, PimReport } from '../../../../../engines/pim/types.ts';
import { runCommand, usePinned } from '../../../../design/index.ts';
import { modelName } from '../../../../models/model-ref.ts';
import { PIN_COMMAND } from '../../../../shell/lab.ts';
import { Button } from '../../../../ui/Button.tsx';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { formatDelta, formatNumber } from '../../../../ui/format.ts';
import { judge } from '../../../../ui/Readings.tsx';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { comparable, FIGURES, figureName, formatFigure } from '../../readings/figures.ts';
import { hover, usePim } from '../../state.ts';
import { texts } from '../../texts.ts';
import { NoResult } from '../NoResult.tsx';

const words = texts.compare;

interface FigureRow {
  id: keyof PimFigures;
  label: string;
  unit?: string;
  better?: 'lower' | 'higher';
  now: number;
  before: number;
}

interface LayerRow {
  name: string;
  layer?: number;
  replicas: [number, number];
  crossbars: [number, number];
  timeNs: [number, number];
}

/** Figure by figure and layer by layer: the pinned result and the one on the screen. */
export function PinnedPart() {
  const result = usePim((state) => state.result);
  const pinned = usePim((state) => state.pinned);
  const { pinned: choice } = usePinned('pim');
  if (!result) return <NoResult />;
  if (!pinned) {
    return (
      <EmptyState
        icon={Pin}
        title={choice ? words.pinnedWaiting : words.noPin}
        text={choice ? undefined : words.noPinText}
        action={!choice && <Button icon={Pin} label={texts.pin} onClick={() => runCommand(PIN_COMMAND)} />}
      />
    );
  }
  const like = comparable(result.report, pinned.report) !== undefined;
  return (
    <>
      <p className="pim-pinned-names">
        {words.pinned}: <span className="mono">{modelName(pinned.spec.model)}</span>, {summary(pinned.report)}
        <br />
        {words.now}: <span className="mono">{modelName(result.spec.model)}</span>, {summary(result.report)}
      </p>
      {!like && <p className="pim-warning">{texts.readings.otherKind(result.report, pinned.report)}</p>}
      <Figures now={result.report} before={pinned.report} like={like} />
      <h3 className="pim-h3">{words.byLayer}</h3>
      <Layers now={result.report} before={pinned.report} like={like} />
    </>
  );
}

function summary({ mode, evaluator, hardware, artefacts }: PimReport): string {
  return [texts.method.modes[mode], texts.clocks[evaluator], hardware.name, artefacts[0].data.method].join(', ');
}

function Figures({ now, before, like }: { now: PimReport; before: PimReport; like: boolean }) {
  const rows = FIGURES.map(
    ({ id, unit, better }): FigureRow => ({
      id,
      label: figureName(id, now.mode),
      unit,
      better,
      now: now.figures[id],
      before: before.figures[id],
    }),
  );
  const columns: Column<FigureRow>[] = [
    { id: 'figure', label: words.figure, value: (row) => row.label },
    {
      id: 'pinned',
      label: words.pinned,
      align: 'right',
      value: (row) => row.before,
      render: (row) => formatFigure(row.before, row.unit),
    },
    {
      id: 'now',
      label: words.now,
      align: 'right',
      value: (row) => row.now,
      render: (row) => formatFigure(row.now, row.unit),
    },
    {
      id: 'change',
      label: words.change,
      align: 'right',
      value: (row) => (row.before === 0 ? undefined : row.now / row.before),
      render: (row) => <Change row={row} like={like || !/Ns$|Pj$|throughput/.test(row.id)} />,
    },
  ];
  return <Table caption={words.title} columns={columns} rows={rows} rowKey={(row) => row.id} />;
}

function Change({ row, like }: { row: FigureRow; like: boolean }) {
  if (!like) return <span className="hint">{words.notCompared}</span>;
  const verdict = judge({ value: row.now, pinned: row.before, better: row.better });
  return (
    <span className={verdict ? `delta delta-${verdict}` : 'delta'}>
      {row.now === row.before ? words.same : formatDelta(row.now, row.before)}
      {verdict && ` ${verdict}`}
    </span>
  );
}

function Layers({ now, before, like }: { now: PimReport; before: PimReport; like: boolean }) {
  const rows = useMemo(() => {
    const old = new Map(before.layers.map((layer) => [layer.name, layer]));
    const names = [...new Set([...now.layers, ...before.layers].map(({ name }) => name))];
    const current = new Map(now.layers.map((layer) => [layer.name, layer]));
    return names.map((name): LayerRow => {
      const [a, b] = [old.get(name), current.get(name)];
      return {
        name,
        layer: b?.layer,
        replicas: [a?.replication ?? 0, b?.replication ?? 0],
        crossbars: [a?.crossbars ?? 0, b?.crossbars ?? 0],
        timeNs: [a ? a.endNs - a.startNs : 0, b ? b.endNs - b.startNs : 0],
      };
    });
  }, [now, before]);
  const pair = (id: 'replicas' | 'crossbars' | 'timeNs', label: string, unit?: string): Column<LayerRow>[] => [
    {
      id: `${id} pinned`,
      label: words.of(label, words.pinned),
      value: (row) => row[id][0],
      render: (row) => formatNumber(row[id][0], unit),
    },
    {
      id: `${id} now`,
      label: words.of(label, words.now),
      value: (row) => row[id][1],
      render: (row) => formatNumber(row[id][1], unit),
    },
  ];
  const columns: Column<LayerRow>[] = [
    { id: 'name', label: texts.layers.name, value: (row) => row.name, mono: true },
    ...pair('replicas', texts.layers.replication),
    ...pair('crossbars', texts.layers.crossbars),
    ...(like ? pair('timeNs', texts.layers.time, 'ns') : []),
  ];
  return (
    <Table
      caption={words.byLayer}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.name}
      onRowHover={(row) => hover(row?.layer === undefined ? undefined : { layer: row.layer })}
    />
  );
}
