import { useEffect, useMemo, useRef, useState } from 'react';
import type { TimingPath } from '../../../../engines/synthesis/timing/types.ts';
import { useView } from '../../../design/index.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { Split } from '../../../ui/Split.tsx';
import { type Column, Table } from '../../../ui/Table.tsx';
import { type SlackKind, slackOf, slacksOf } from './bins.ts';
import { nsText } from './format.ts';
import { type Names, namesOf, shortPin } from './names.ts';
import { PathDetail } from './PathDetail.tsx';
import { Kinds, Slack } from './parts.tsx';
import { linkPlaces } from './source.ts';
import { type Analysed, usePpa } from './state.ts';
import { texts } from './texts.ts';

const words = texts.paths;
/** From here on the table and the path stand side by side. */
const WIDE = 1080;

/** The worst paths, and the chosen one step by step. */
export default function PathsView({ result }: { result: Analysed }) {
  const [kind, setKind] = useView<SlackKind>('rtl.ppa.kind', 'setup');
  const chosen = usePpa((state) => state.path);
  const box = useRef<HTMLDivElement>(null);
  const direction = useDirection(box);
  const { timing } = result.report;
  const paths = kind === 'setup' ? timing.setupPaths : timing.holdPaths;
  const path = paths.find(({ end }) => chosen?.kind === kind && end.name === chosen.end) ?? paths[0];
  const choose = (next: TimingPath) => {
    usePpa.setState({ path: { kind, end: next.end.name }, step: undefined });
    linkPlaces(
      result.spec,
      next.points.map(({ where }) => where),
    );
  };
  const names = namesOf(result.report.artefacts[0].data);
  const pinned = usePpa((state) => state.pinned?.report.timing.endpoints);
  const columns = useMemo(
    () => columnsOf(names, pinned && new Map(pinned.map((endpoint) => [endpoint.name, slackOf(endpoint, kind)]))),
    [names, pinned, kind],
  );
  const endpoints = useMemo(() => slacksOf(timing.endpoints, kind).length, [timing.endpoints, kind]);
  const list = (
    <div className="ppa-part" data-lesson="ppa-paths">
      <div className="ppa-bar-row">
        <Kinds kind={kind} onKind={setKind} />
        {endpoints > paths.length && paths.length > 0 && (
          <span className="hint">{words.more(paths.length, endpoints)}</span>
        )}
      </div>
      {paths.length === 0 ? (
        <EmptyState title={words.none} text={words.noneAbout} />
      ) : (
        <div className="ppa-scroll">
          <Table
            caption={words.caption(texts.kinds[kind])}
            columns={columns}
            rows={paths}
            rowKey={keyOf}
            selectedKey={path && keyOf(path)}
            onRowClick={choose}
          />
        </div>
      )}
    </div>
  );
  return (
    <div ref={box} className="ppa-fill">
      {path ? (
        <Split
          id={`rtl.ppa.paths.${direction}`}
          direction={direction}
          share={direction === 'row' ? 0.42 : 0.36}
          min={96}
          firstLabel={words.title}
          first={list}
          second={<PathDetail key={`${kind} ${path.end.name}`} path={path} names={names} spec={result.spec} />}
        />
      ) : (
        list
      )}
    </div>
  );
}

function keyOf({ end, start, check }: TimingPath): string {
  return `${end.name} ${start.name} ${check}`;
}

/** `before`: slacks of the same endpoints in the pinned result. */
function columnsOf(names: Names, before: ReadonlyMap<string, number | null> | undefined): Column<TimingPath>[] {
  const pinned: Column<TimingPath> = {
    id: 'pinned',
    label: words.pinned,
    align: 'right',
    value: ({ end }) => before?.get(end.name) ?? undefined,
    render: ({ end }) => <Slack value={before?.get(end.name)} />,
  };
  const pin = (id: string, label: string, of: (path: TimingPath) => string): Column<TimingPath> => ({
    id,
    label,
    mono: true,
    value: (path) => shortPin(of(path), names),
    render: (path) => <span title={of(path)}>{shortPin(of(path), names)}</span>,
  });
  return [
    pin('end', words.endpoint, ({ end }) => end.name),
    {
      id: 'slack',
      label: words.slack,
      align: 'right',
      value: ({ slackNs }) => slackNs ?? undefined,
      render: ({ slackNs }) => <Slack value={slackNs} />,
    },
    ...(before ? [pinned] : []),
    pin('start', words.startpoint, ({ start }) => start.name),
    ...COLUMNS,
  ];
}

const COLUMNS: readonly Column<TimingPath>[] = [
  {
    id: 'clock',
    label: words.clock,
    mono: true,
    value: ({ launchClock, captureClock }) =>
      launchClock === captureClock || !launchClock || !captureClock
        ? (captureClock ?? launchClock)
        : `${launchClock} → ${captureClock}`,
  },
  {
    id: 'arrival',
    label: words.arrival,
    align: 'right',
    value: ({ arrivalNs }) => arrivalNs,
    render: ({ arrivalNs }) => nsText(arrivalNs),
  },
  {
    id: 'required',
    label: words.required,
    align: 'right',
    value: ({ requiredNs }) => requiredNs ?? undefined,
    render: ({ requiredNs }) => nsText(requiredNs),
  },
  {
    id: 'levels',
    label: words.levels,
    align: 'right',
    value: ({ points }) => points.filter(({ step }) => step === 'cell').length,
  },
];

function useDirection(box: React.RefObject<HTMLDivElement | null>): 'row' | 'column' {
  const [direction, setDirection] = useState<'row' | 'column'>('column');
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setDirection(element.clientWidth >= WIDE ? 'row' : 'column'));
    watch.observe(element);
    return () => watch.disconnect();
  }, [box]);
  return direction;
}
