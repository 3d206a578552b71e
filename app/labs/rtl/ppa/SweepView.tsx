import { Check, Play } from 'lucide-react';
import { useId, useMemo } from 'react';
import type { Corner, MapScript, RtlSlice, SweepPoint } from '../../../../engines/rtl/types.ts';
import { isEditable, useDesign, useSlice, useView } from '../../../design/index.ts';
import { JobBar } from '../../../jobs/JobBar.tsx';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { Select } from '../../../ui/Select.tsx';
import { type Column, Table } from '../../../ui/Table.tsx';
import { TextInput } from '../../../ui/TextInput.tsx';
import { edit } from '../actions.ts';
import { samePpa } from '../run/spec.ts';
import { currentDesign, typing } from '../session.ts';
import { openPlace } from '../state.ts';
import { AXES, type AxisId, axisOf, frontOf } from './axes.ts';
import { readClocks } from './clocks.ts';
import { plain } from './format.ts';
import { SweepChart } from './SweepChart.tsx';
import { setSweep, startSweep, stopSweep, usePpa } from './state.ts';
import { texts } from './texts.ts';

const words = texts.sweep;
const SCRIPTS: readonly MapScript[] = ['area', 'balanced', 'delay'];
const CORNERS: readonly Corner[] = ['slow', 'typical', 'fast'];

interface Choice {
  clocks: string;
  scripts: readonly MapScript[];
  corners: readonly Corner[];
}

/** The design under many settings at once: what each costs, and which no other beats. */
export default function SweepView() {
  const slice = useSlice<RtlSlice>('rtl');
  const [kept, setChoice] = useView<Choice | null>('rtl.sweep', null);
  const choice = kept ?? startOf(slice);
  const phase = usePpa((state) => state.sweep.phase);
  const progress = usePpa((state) => state.sweep.progress);
  const problems = usePpa((state) => state.sweep.problems);
  const spec = usePpa((state) => state.sweep.spec);
  const points = usePpa((state) => state.sweep.points);
  const own = slice.library !== 'studio45';
  const read = readClocks(choice.clocks);
  const corners = own ? [slice.corner] : choice.corners;
  const count = 'values' in read ? read.values.length * choice.scripts.length * corners.length : 0;
  const running = phase === 'running';
  const stale = spec !== undefined && !samePpa({ ...spec.slice, ...settingsOf(slice) }, slice);
  const run = () => {
    if (!('values' in read)) return;
    typing.flush();
    startSweep({ slice: currentDesign(), clocksNs: read.values, scripts: [...choice.scripts], corners: [...corners] });
  };
  return (
    <div className="ppa-fill ppa-part" data-lesson="ppa-sweep">
      <div className="ppa-bar-row ppa-sweep-form">
        <span className="ppa-field">
          <span>{words.clocks}</span>
          <TextInput
            label={words.clocks}
            value={choice.clocks}
            placeholder={words.clocksHint}
            invalid={'fault' in read ? read.fault : undefined}
            onChange={(clocks) => setChoice({ ...choice, clocks })}
          />
          <span className="hint">ns</span>
        </span>
        <Checks
          legend={words.scripts}
          all={SCRIPTS}
          chosen={choice.scripts}
          names={words.scripts_}
          onChange={(scripts) => setChoice({ ...choice, scripts })}
        />
        <Checks
          legend={words.corners}
          all={CORNERS}
          chosen={own ? [] : choice.corners}
          names={words.corners_}
          disabled={own ? words.cornerOwn : undefined}
          onChange={(next) => setChoice({ ...choice, corners: next })}
        />
        <Button
          size="small"
          variant="primary"
          icon={Play}
          label={words.run(count)}
          busy={running}
          disabled={count === 0}
          title={choice.scripts.length === 0 ? words.noScript : corners.length === 0 ? words.noCorner : undefined}
          onClick={run}
        />
      </div>
      {slice.sdc !== '' && <p className="hint ppa-note">{words.written}</p>}
      {running && (
        <JobBar
          label={words.running}
          what={progress?.what ?? words.running}
          fraction={progress?.fraction}
          stop={texts.stop}
          onStop={stopSweep}
        />
      )}
      {phase === 'failed' && <ProblemList problems={problems} onOpen={({ where }) => where && openPlace(where)} />}
      {points.length > 0 ? (
        <Points points={points} slice={slice} stale={stale} />
      ) : (
        !running && phase !== 'failed' && <EmptyState title={words.empty.title} text={words.empty.text} />
      )}
    </div>
  );
}

/** Around the period that the design has. */
function startOf({ clockNs, corner }: RtlSlice): Choice {
  const near = (factor: number) => Number((clockNs * factor).toPrecision(3));
  return {
    clocks: [0.5, 0.75, 1, 1.5].map(near).join(', '),
    scripts: SCRIPTS,
    corners: [corner],
  };
}

function settingsOf({ clockNs, script, corner }: RtlSlice): Pick<RtlSlice, 'clockNs' | 'script' | 'corner'> {
  return { clockNs, script, corner };
}

interface ChecksProps<V extends string> {
  legend: string;
  all: readonly V[];
  chosen: readonly V[];
  names: Record<V, string>;
  /** Why it cannot be chosen. */
  disabled?: string;
  onChange(chosen: readonly V[]): void;
}

function Checks<V extends string>({ legend, all, chosen, names, disabled, onChange }: ChecksProps<V>) {
  const id = useId();
  return (
    <fieldset className="ppa-checks" disabled={disabled !== undefined} title={disabled}>
      <legend>{legend}</legend>
      {all.map((value) => (
        <label key={value} htmlFor={`${id}${value}`}>
          <input
            id={`${id}${value}`}
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) =>
              onChange(all.filter((each) => (each === value ? target.checked : chosen.includes(each))))
            }
          />
          {names[value]}
        </label>
      ))}
    </fieldset>
  );
}

function Points({ points, slice, stale }: { points: readonly SweepPoint[]; slice: RtlSlice; stale: boolean }) {
  const editable = useDesign(() => isEditable());
  const [x, setX] = useView<AxisId>('rtl.sweep.x', 'criticalPathNs');
  const [y, setY] = useView<AxisId>('rtl.sweep.y', 'areaUm2');
  const chosen = usePpa((state) => state.sweep.chosen);
  const total = usePpa((state) =>
    state.sweep.spec
      ? state.sweep.spec.clocksNs.length * state.sweep.spec.scripts.length * state.sweep.spec.corners.length
      : 0,
  );
  const own = usePpa((state) => state.sweep.spec?.slice.library !== 'studio45');
  const columns = useMemo(() => columnsOf(own), [own]);
  const front = useMemo(() => frontOf(points, [x, y]), [points, x, y]);
  const point = chosen === undefined ? undefined : points[chosen];
  const failed = points.filter(({ figures }) => !figures).length;
  const same =
    point && point.clockNs === slice.clockNs && point.script === slice.script && point.corner === slice.corner;
  const rows = useMemo(
    () => points.map((each, index): Row => ({ ...each, index, beaten: !front.has(index) })),
    [points, front],
  );
  const options = Object.values(AXES).map(({ id, label }) => ({ value: id, label }));
  return (
    <>
      <div className="ppa-bar-row">
        <span className="ppa-field">
          <span>{words.y}</span>
          <Select<AxisId> label={words.y} value={y} onChange={setY} options={options} />
        </span>
        <span className="ppa-field">
          <span>{words.x}</span>
          <Select<AxisId> label={words.x} value={x} onChange={setX} options={options} />
        </span>
        <span className="hint" role="status">
          {[
            words.done(points.length, total),
            ...(failed > 0 ? [words.failedPoints(failed)] : []),
            words.hollow,
            ...(stale ? [words.stale] : []),
          ].join(', ')}
        </span>
        {point && (
          <Button
            size="small"
            icon={Check}
            label={same ? words.using : words.use}
            disabled={same || !editable}
            onClick={() =>
              edit(texts.edits.sweep, (was) => ({
                ...was,
                clockNs: point.clockNs,
                script: point.script,
                ...(was.library === 'studio45' && { corner: point.corner }),
              }))
            }
          />
        )}
      </div>
      <div className="ppa-beside">
        <div className="ppa-scroll">
          <SweepChart
            points={points}
            own={own}
            front={front}
            x={axisOf(x)}
            y={axisOf(y)}
            chosen={chosen}
            stale={stale}
            onChoose={(index) => setSweep({ chosen: index })}
          />
          {point && point.problems.length > 0 && <ProblemList problems={point.problems} />}
        </div>
        <div className="ppa-scroll">
          <Table
            caption={words.caption}
            columns={columns}
            rows={rows}
            rowKey={({ index }) => String(index)}
            selectedKey={chosen === undefined ? undefined : String(chosen)}
            onRowClick={({ index }) => setSweep({ chosen: index })}
          />
        </div>
      </div>
    </>
  );
}

interface Row extends SweepPoint {
  index: number;
  beaten: boolean;
}

const columnsOf = (own: boolean): readonly Column<Row>[] => [
  { id: 'clock', label: words.clock, value: ({ clockNs }) => clockNs, render: ({ clockNs }) => String(clockNs) },
  { id: 'script', label: words.script, value: ({ script }) => words.scripts_[script] },
  { id: 'corner', label: words.corner, value: ({ corner }) => (own ? words.ownCorner : words.corners_[corner]) },
  ...Object.values(AXES).map(
    ({ id, head }): Column<Row> => ({
      id,
      label: head,
      align: 'right',
      value: ({ figures }) => figures?.[id] ?? undefined,
      render: ({ figures }) => {
        const value = figures?.[id];
        return value === undefined || value === null ? '–' : plain(value);
      },
    }),
  ),
  {
    id: 'beaten',
    label: words.dominated,
    value: ({ beaten, figures }) => (figures ? (beaten ? words.yes : words.no) : words.failed),
  },
];
