import { useMemo, useState } from 'react';
import type { PpaReport, RtlSlice } from '../../../../engines/rtl/types.ts';
import type { PowerOf } from '../../../../engines/synthesis/power/types.ts';
import { useView } from '../../../design/index.ts';
import { formatDelta } from '../../../ui/format.ts';
import { judge } from '../../../ui/Readings.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { Select } from '../../../ui/Select.tsx';
import { type Column, Table } from '../../../ui/Table.tsx';
import { textOf } from '../run/spec.ts';
import { openPlace, useRtl } from '../state.ts';
import { type By, type Cost, costsOf, type Quantity, UNATTRIBUTED } from './costs.ts';
import { percentText, plain } from './format.ts';
import { linkPlaces, openHere } from './source.ts';
import { type Analysed, usePpa } from './state.ts';
import { Treemap } from './Treemap.tsx';
import { texts } from './texts.ts';

const words = texts.area;
const QUANTITIES: readonly Quantity[] = ['areaUm2', 'totalUw', 'leakageNw', 'internalUw', 'switchingUw'];

/** Where area and power go: as areas, and in a table of the same numbers. */
export default function AreaView({ result, stale }: { result: Analysed; stale: boolean }) {
  const [by, setBy] = useView<By>('rtl.ppa.by', 'line');
  const [quantity, setQuantity] = useView<Quantity>('rtl.ppa.quantity', 'areaUm2');
  const [held, setHeld] = useState<string>();
  const pinned = usePpa((state) => state.pinned?.report);
  const { report, spec } = result;
  const costs = useMemo(() => costsOf(report, by), [report, by]);
  const lines = useMemo(() => textsOfLines(spec, costs), [spec, costs]);
  // Lines of another text are other lines: only what has a name of its own is compared.
  const before = useMemo(
    () => (pinned && by !== 'line' ? new Map(costsOf(pinned, by).map((cost) => [cost.id, cost])) : undefined),
    [pinned, by],
  );
  const point = (id: string | undefined) => {
    setHeld(id);
    const cost = costs.find((each) => each.id === id);
    linkPlaces(spec, cost?.line === undefined ? [] : [{ file: cost.file, line: cost.line }]);
  };
  const open = (id: string) => {
    const cost = costs.find((each) => each.id === id);
    if (cost?.line !== undefined) openHere(spec, { file: cost.file, line: cost.line });
    else if (cost && by === 'module') openModule(cost.name);
  };
  return (
    <div className="ppa-fill ppa-part" data-lesson="ppa-area">
      <div className="ppa-bar-row">
        <Segmented<By>
          label={words.by}
          value={by}
          onChange={setBy}
          options={(['line', 'module', 'type'] as const).map((value) => ({ value, label: words.bys[value] }))}
        />
        <Select<Quantity>
          label={words.quantity}
          value={quantity}
          onChange={setQuantity}
          options={QUANTITIES.map((value) => ({ value, label: words.quantities[value] }))}
        />
        <Activity report={report} />
      </div>
      <div className="ppa-beside">
        <div className="ppa-scroll">
          <Treemap
            costs={costs}
            by={by}
            quantity={quantity}
            held={held}
            stale={stale}
            lines={lines}
            onPoint={point}
            onPress={open}
          />
          <Groups report={report} pinned={pinned} />
        </div>
        <div className="ppa-scroll">
          <Costs
            key={`${by} ${quantity}`}
            costs={costs}
            before={before}
            by={by}
            quantity={quantity}
            held={held}
            lines={lines}
            onPoint={point}
            onOpen={open}
          />
        </div>
      </div>
    </div>
  );
}

/** Texts of the lines that costs are of, by the ids of the costs, as they were analysed. */
function textsOfLines(spec: RtlSlice, costs: readonly Cost[]): ReadonlyMap<string, string> {
  const files = new Map<string, string[]>();
  const found = new Map<string, string>();
  for (const { id, file, line } of costs) {
    if (line === undefined) continue;
    const split = files.get(file) ?? (textOf(spec, file) ?? '').split('\n');
    files.set(file, split);
    found.set(id, (split[line - 1] ?? '').trim());
  }
  return found;
}

function openModule(name: string): void {
  const modules = useRtl.getState().check?.modules ?? useRtl.getState().result?.report.modules ?? [];
  const source = name.replace(/ #\(.*$/, '');
  const where = modules.find((each) => each.name === name || each.sourceName === source)?.where;
  if (where) openPlace(where);
}

/** Where the activities come from: power means nothing without. */
function Activity({ report }: { report: PpaReport }) {
  const { mode, annotatedPercent } = report.power.activity;
  return (
    <span className="hint">
      {words.activity[mode]}
      {mode === 'recorded' && `, ${words.annotated(percentText(annotatedPercent / 100))}`}
    </span>
  );
}

interface CostsProps {
  costs: readonly Cost[];
  before: ReadonlyMap<string, Cost> | undefined;
  by: By;
  quantity: Quantity;
  held: string | undefined;
  lines: ReadonlyMap<string, string>;
  onPoint(id: string | undefined): void;
  onOpen(id: string): void;
}

function Costs({ costs, before, by, quantity, held, lines, onPoint, onOpen }: CostsProps) {
  const all = costs.reduce((sum, cost) => sum + cost[quantity], 0);
  const figure = (id: Quantity, label: string): Column<Cost> => ({
    id,
    label,
    align: 'right',
    value: (cost) => cost[id],
    render: (cost) => plain(cost[id]),
  });
  const columns: Column<Cost>[] = [
    {
      id: 'name',
      label: words.name[by],
      mono: true,
      value: ({ name, id }) => (id === UNATTRIBUTED ? words.unattributed : name),
      render: ({ name, id }) =>
        id === UNATTRIBUTED ? <span title={words.unattributedAbout}>{words.unattributed}</span> : name,
    },
    figure(quantity, words.heads[quantity]),
    {
      id: 'share',
      label: words.share,
      align: 'right',
      value: (cost) => cost[quantity],
      render: (cost) => (all > 0 ? percentText(cost[quantity] / all) : ''),
    },
    ...(before ? [change(before, quantity)] : []),
    ...(by === 'line'
      ? [
          {
            id: 'source',
            label: words.source,
            value: (cost: Cost) => lines.get(cost.id),
            render: (cost: Cost) => <code className="ppa-line-text">{lines.get(cost.id)}</code>,
          },
        ]
      : []),
    { id: 'cells', label: words.cells, value: ({ cells }) => cells },
    ...QUANTITIES.filter((id) => id !== quantity).map((id) => figure(id, words.heads[id])),
  ];
  return (
    <Table
      caption={words.caption(words.bys[by])}
      columns={columns}
      rows={costs}
      rowKey={({ id }) => id}
      sort={{ column: quantity, descending: true }}
      selectedKey={held}
      onRowHover={(cost) => onPoint(cost?.id)}
      onRowClick={({ id }) => onOpen(id)}
    />
  );
}

/** What has become of it since the pinned result. */
function change(before: ReadonlyMap<string, Cost>, quantity: Quantity): Column<Cost> {
  return {
    id: 'change',
    label: words.change,
    align: 'right',
    value: (cost) => cost[quantity] - (before.get(cost.id)?.[quantity] ?? 0),
    render: (cost) => <Change now={cost[quantity]} before={before.get(cost.id)?.[quantity] ?? 0} />,
  };
}

function Change({ now, before }: { now: number; before: number }) {
  const verdict = judge({ value: now, pinned: before, better: 'lower' });
  return (
    <span className={verdict ? `delta delta-${verdict}` : 'delta'} title={`${words.pinned}: ${plain(before)}`}>
      {formatDelta(now, before)}
    </span>
  );
}

/** Registers, logic, and the network of the clock. */
function Groups({ report, pinned }: { report: PpaReport; pinned: PpaReport | undefined }) {
  const before = pinned && new Map(pinned.power.byGroup.map((group) => [group.name, group]));
  const figure = (id: Quantity, label: string): Column<PowerOf> => ({
    id,
    label,
    align: 'right',
    value: (group) => group[id],
    render: (group) => plain(group[id]),
  });
  const columns: Column<PowerOf>[] = [
    { id: 'name', label: words.group, value: ({ name }) => name },
    { id: 'cells', label: words.cells, value: ({ cells }) => cells },
    figure('areaUm2', words.heads.areaUm2),
    figure('totalUw', words.heads.totalUw),
    ...(before
      ? [
          {
            id: 'change',
            label: words.change,
            align: 'right' as const,
            value: (group: PowerOf) => group.totalUw - (before.get(group.name)?.totalUw ?? 0),
            render: (group: PowerOf) => <Change now={group.totalUw} before={before.get(group.name)?.totalUw ?? 0} />,
          },
        ]
      : []),
    figure('internalUw', words.heads.internalUw),
    figure('switchingUw', words.heads.switchingUw),
    figure('leakageNw', words.heads.leakageNw),
  ];
  return (
    <section className="ppa-groups" aria-label={words.groups}>
      <h3>{words.groups}</h3>
      <Table caption={words.groups} columns={columns} rows={report.power.byGroup} rowKey={({ name }) => name} />
    </section>
  );
}
