import { useMemo, useState } from 'react';
import type { EndpointSlack } from '../../../../engines/synthesis/timing/types.ts';
import { useView } from '../../../design/index.ts';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { type Column, Table } from '../../../ui/Table.tsx';
import { type Bin, inBin, type SlackKind, slackBins, slackOf, slacksOf } from './bins.ts';
import { nsText, withNs } from './format.ts';
import { namesOf, shortPin } from './names.ts';
import { Kinds, Slack } from './parts.tsx';
import { SlackChart } from './SlackChart.tsx';
import { lineText, linkPlaces, openHere } from './source.ts';
import { type Analysed, type PpaTab, usePpa } from './state.ts';
import { texts } from './texts.ts';

const words = texts.slack;

/** How many endpoints have how much slack; the endpoints of a bar in a table beside it. */
export default function SlackView({ result, stale }: { result: Analysed; stale: boolean }) {
  const [kind, setKind] = useView<SlackKind>('rtl.ppa.kind', 'setup');
  const [, setTab] = useView<PpaTab>('rtl.ppa', 'paths');
  const [chosen, setChosen] = useState<{ kind: SlackKind; from: number }>();
  const before = usePpa((state) => state.pinned?.report.timing.endpoints);
  const names = namesOf(result.report.artefacts[0].data);
  const { endpoints, setupPaths, holdPaths } = result.report.timing;
  const bins = useMemo(
    () => slackBins(slacksOf(endpoints, kind), before && slacksOf(before, kind)),
    [endpoints, before, kind],
  );
  const bin = chosen?.kind === kind ? bins.find(({ from }) => from === chosen.from) : undefined;
  const rows = useMemo(
    () =>
      endpoints
        .filter((endpoint) => (bin ? inBin(slackOf(endpoint, kind), bin) : slackOf(endpoint, kind) !== null))
        .sort((a, b) => (slackOf(a, kind) ?? 0) - (slackOf(b, kind) ?? 0)),
    [endpoints, kind, bin],
  );
  const paths = kind === 'setup' ? setupPaths : holdPaths;
  const open = (endpoint: EndpointSlack) => {
    const path = paths.find(({ end }) => end.name === endpoint.name);
    if (path) {
      usePpa.setState({ path: { kind, end: path.end.name }, step: undefined });
      setTab('paths');
      linkPlaces(
        result.spec,
        path.points.map(({ where }) => where),
      );
    } else openHere(result.spec, endpoint.where);
  };
  const columns: Column<EndpointSlack>[] = [
    {
      id: 'name',
      label: words.endpoint,
      mono: true,
      value: ({ name }) => shortPin(name, names),
      render: ({ name }) => <span title={name}>{shortPin(name, names)}</span>,
    },
    {
      id: 'slack',
      label: words.value,
      align: 'right',
      value: (row) => slackOf(row, kind) ?? undefined,
      render: (row) => <Slack value={slackOf(row, kind)} />,
    },
    { id: 'check', label: words.check, value: ({ check }) => texts.checks[check] },
    { id: 'clock', label: words.clock, mono: true, value: ({ clock }) => clock },
    { id: 'line', label: words.line, mono: true, value: ({ where }) => lineText(where) },
  ];
  return (
    <div className="ppa-fill ppa-part" data-lesson="ppa-slack">
      <div className="ppa-bar-row">
        <Kinds kind={kind} onKind={setKind} />
      </div>
      {bins.length === 0 ? (
        <EmptyState title={words.none} />
      ) : (
        <div className="ppa-beside">
          <div className="ppa-scroll">
            <SlackChart
              kind={texts.kinds[kind].toLowerCase()}
              bins={bins}
              stale={stale}
              chosen={bin?.from}
              onChoose={(from) => setChosen(from === undefined || from === bin?.from ? undefined : { kind, from })}
            />
            <Numbers bins={bins} />
          </div>
          <div className="ppa-scroll">
            <p className="ppa-list-head">
              <span>
                {bin
                  ? `${words.bin(nsText(bin.from), withNs(bin.to))}: ${words.endpoints(rows.length)}`
                  : `${words.all}: ${formatNumber(rows.length)}`}
              </span>
              {bin && <Button size="small" variant="ghost" label={words.show} onClick={() => setChosen(undefined)} />}
            </p>
            <Table
              caption={words.title}
              columns={columns}
              rows={rows}
              rowKey={({ name, check }) => `${name} ${check}`}
              onRowClick={open}
              onRowHover={(row) => linkPlaces(result.spec, [row?.where])}
            />
          </div>
        </div>
      )}
    </div>
  );
}

/** The numbers behind the chart. */
function Numbers({ bins }: { bins: readonly Bin[] }) {
  const columns: Column<Bin>[] = [
    { id: 'from', label: words.from, align: 'right', value: ({ from }) => from, render: ({ from }) => nsText(from) },
    { id: 'to', label: words.to, align: 'right', value: ({ to }) => to, render: ({ to }) => nsText(to) },
    { id: 'count', label: words.count, value: ({ count }) => count },
    ...(bins.some(({ pinned }) => pinned !== undefined)
      ? [{ id: 'pinned', label: words.pinned, align: 'right' as const, value: ({ pinned }: Bin) => pinned }]
      : []),
  ];
  return (
    <details className="ppa-numbers">
      <summary>{words.numbers}</summary>
      <Table caption={words.numbers} columns={columns} rows={bins} rowKey={({ from }) => String(from)} />
    </details>
  );
}
