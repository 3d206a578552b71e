import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import type { PathPoint, TimingPath } from '../../../../engines/synthesis/timing/types.ts';
import { Segmented } from '../../../ui/Segmented.tsx';
import { type Column, Table } from '../../../ui/Table.tsx';
import { chainOf } from './chain.ts';
import { nsText, withNs } from './format.ts';
import { type Names, shortNet, shortPin } from './names.ts';
import { PathChain } from './PathChain.tsx';
import { lineText, linkPlaces, openHere } from './source.ts';
import { usePpa } from './state.ts';
import { texts } from './texts.ts';

const words = texts.paths;
const PathText = lazy(() => import('./PathText.tsx'));

/** One path: drawn as a chain of cells, walked step by step, or as timing tools print it. */
export function PathDetail({ path, names, spec }: { path: TimingPath; names: Names; spec: RtlSlice }) {
  const [form, setForm] = useState<'walk' | 'text'>('walk');
  const chain = useMemo(() => chainOf(path), [path]);
  const point = (step: number | undefined) => {
    if (usePpa.getState().step === step) return;
    usePpa.setState({ step });
    // While a step is pointed at its line alone is lit; else all lines of the path.
    const places = step === undefined ? path.points.map(({ where }) => where) : [path.points[step]?.where];
    linkPlaces(spec, places);
  };
  const open = (step: number) => openHere(spec, path.points[step]?.where);
  useEffect(() => () => usePpa.setState({ step: undefined }), []);
  return (
    <section className="ppa-part" aria-label={words.stepsCaption(path.end.name)}>
      <div className="ppa-bar-row">
        <Segmented<'walk' | 'text'>
          label={words.form}
          value={form}
          onChange={setForm}
          options={[
            { value: 'walk', label: words.walk },
            { value: 'text', label: words.text },
          ]}
        />
        <span className="ppa-summary">
          {path.slackNs === null
            ? words.unconstrained(withNs(path.arrivalNs))
            : words.summary(withNs(path.slackNs), withNs(path.arrivalNs), withNs(path.requiredNs))}
        </span>
      </div>
      {form === 'walk' ? (
        <>
          <PathChain chain={chain} path={path} names={names} onPoint={point} onOpen={open} />
          <div className="ppa-scroll">
            <Steps path={path} names={names} onPoint={point} onOpen={open} />
            <Required path={path} />
          </div>
        </>
      ) : (
        <Suspense fallback={<p className="source-note">{texts.loading}</p>}>
          <PathText path={path} />
        </Suspense>
      )}
    </section>
  );
}

interface Step extends PathPoint {
  index: number;
}

function Steps({
  path,
  names,
  onPoint,
  onOpen,
}: {
  path: TimingPath;
  names: Names;
  onPoint(step: number | undefined): void;
  onOpen(step: number): void;
}) {
  const step = usePpa((state) => state.step);
  const rows = useMemo(() => path.points.map((point, index): Step => ({ ...point, index })), [path]);
  const columns = useMemo(() => columnsOf(path, names), [path, names]);
  return (
    <Table
      caption={words.stepsCaption(path.end.name)}
      columns={columns}
      rows={rows}
      rowKey={({ index }) => String(index)}
      selectedKey={step === undefined ? undefined : String(step)}
      rowClass="ppa-step"
      onRowHover={(row) => onPoint(row?.index)}
      onRowClick={({ index }) => onOpen(index)}
    />
  );
}

function columnsOf({ points }: TimingPath, names: Names): Column<Step>[] {
  let low = Math.min(0, points[0]?.arrivalNs ?? 0);
  let high = low;
  for (const { arrivalNs } of points) {
    low = Math.min(low, arrivalNs);
    high = Math.max(high, arrivalNs);
  }
  const span = high - low || 1;
  const share = (value: number) => (100 * (value - low)) / span;
  return [
    {
      id: 'pin',
      label: words.pin,
      mono: true,
      value: ({ pin }) => shortPin(pin, names),
      render: ({ pin }) => <span title={pin}>{shortPin(pin, names)}</span>,
    },
    {
      id: 'cell',
      label: words.cell,
      value: ({ cell, step }) => (step === 'cell' || step === 'net' ? (cell ?? '') : words.steps[step]),
      render: ({ cell, step }) =>
        step === 'cell' || step === 'driver' || (step === 'net' && cell) ? (
          <span className={step === 'net' ? 'ppa-quiet mono' : 'mono'}>{cell}</span>
        ) : (
          <span className="ppa-quiet">{words.steps[step]}</span>
        ),
    },
    {
      id: 'net',
      label: words.net,
      mono: true,
      value: ({ net }) => shortNet(net),
      render: ({ net }) => <span title={net}>{shortNet(net)}</span>,
    },
    { id: 'line', label: words.line, mono: true, value: ({ where }) => lineText(where) },
    {
      id: 'edge',
      label: words.edge,
      value: ({ edge }) => words.edges[edge],
      render: ({ edge }) => <span title={words.edges[edge]}>{words.arrows[edge]}</span>,
    },
    {
      id: 'delay',
      label: words.delay,
      align: 'right',
      value: ({ delayNs }) => delayNs,
      render: ({ delayNs }) => nsText(delayNs),
    },
    {
      id: 'at',
      label: words.at,
      align: 'right',
      value: ({ arrivalNs }) => arrivalNs,
      render: ({ arrivalNs, delayNs, step }) => (
        <span className="ppa-arrival">
          <i className="ppa-track" aria-hidden>
            <i
              className={step === 'net' ? 'ppa-run ppa-run-net' : 'ppa-run'}
              style={{
                left: `${share(arrivalNs - delayNs)}%`,
                width: `${Math.max(0.8, (100 * Math.abs(delayNs)) / span)}%`,
              }}
            />
          </i>
          {nsText(arrivalNs)}
        </span>
      ),
    },
    {
      id: 'slew',
      label: words.slew,
      align: 'right',
      value: ({ slewNs }) => slewNs,
      render: ({ slewNs }) => nsText(slewNs),
    },
    {
      id: 'load',
      label: words.load,
      align: 'right',
      value: ({ loadPf }) => loadPf,
      render: ({ loadPf, fanout }) => (fanout > 0 ? (loadPf * 1000).toFixed(2) : ''),
    },
    {
      id: 'fanout',
      label: words.fanout,
      align: 'right',
      value: ({ fanout }) => fanout,
      render: ({ fanout }) => (fanout > 0 ? fanout : ''),
    },
  ];
}

/** What makes up the required time. */
function Required({ path }: { path: TimingPath }) {
  if (path.required.length === 0) return null;
  return (
    <table className="ppa-required">
      <caption>{words.requiredTitle}</caption>
      <tbody>
        {path.required.map(({ what, valueNs, atNs }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same word may stand twice.
          <tr key={index}>
            <th scope="row">{what}</th>
            <td className="num">{nsText(valueNs)}</td>
            <td className="num">{nsText(atNs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
