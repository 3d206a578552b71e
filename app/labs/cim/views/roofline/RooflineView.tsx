import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { CimReport, CompiledPlan } from '../../../../../engines/cim/types.ts';
import { Button } from '../../../../ui/Button.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { Slider } from '../../../../ui/Slider.tsx';
import { Switch } from '../../../../ui/Switch.tsx';
import { View } from '../../../../ui/View.tsx';
import { type Link, planOf, useCim } from '../../state.ts';
import { NoResult } from '../NoResult.tsx';
import { PointTable } from './PointTable.tsx';
import { RooflineChart } from './RooflineChart.tsx';
import './roofline.css';
import { palePoints, pointsOf } from './roofline-model.ts';
import { SplitChart } from './SplitChart.tsx';
import { texts } from './texts.ts';
import {
  type Curve,
  chipCurve,
  marginsAt,
  operatorCurve,
  pointsAt,
  problemOf,
  type SplitMode,
  shownOf,
  slowestOf,
  verdictAt,
} from './view-model.ts';

/** What limits each operator, and what becomes of it when arrays change their mode. */
export default function RooflineView() {
  const report = useCim((state) => state.result?.report);
  const spec = useCim((state) => state.result?.spec);
  const plan = useCim(planOf);
  const [mode, setMode] = useState<SplitMode>('chip');
  const [reload, setReload] = useState<boolean>();
  // As the plan was searched for, until it is switched.
  const withReload = reload ?? (plan?.id !== 'published' && spec?.improvements.reload === true);
  const there = report && spec && plan && plan.segments.length > 0;
  return (
    <View
      title={texts.title}
      about={texts.about}
      lesson="roofline"
      aside={
        there && (
          <>
            {mode === 'chip' && (
              <span className="cim-roof-reload" title={texts.withReloadAbout}>
                {texts.withReload}
                <Switch label={texts.withReloadAbout} checked={withReload} onChange={setReload} />
              </span>
            )}
            <Segmented<SplitMode>
              label={texts.mode}
              value={mode}
              onChange={setMode}
              options={[
                { value: 'chip', label: texts.modes.chip },
                { value: 'operator', label: texts.modes.operator },
              ]}
            />
          </>
        )
      }
    >
      {there ? (
        <Rooflines key={plan.id} report={report} plan={plan} mode={mode} withReload={withReload} />
      ) : (
        <NoResult />
      )}
    </View>
  );
}

interface Props {
  report: CimReport;
  plan: CompiledPlan;
  mode: SplitMode;
  withReload: boolean;
}

function Rooflines({ report, plan, mode, withReload }: Props) {
  const stale = useCim((state) => state.stale);
  const selected = useHeld();
  const { segment, operator } = shownOf(plan, selected);
  const planned = plan.segments[segment]!;
  const problem = problemOf(report);
  const { operators, hardware } = problem;
  const inPlan = useMemo(
    () => pointsOf(operators, planned.allocations, hardware),
    [operators, planned.allocations, hardware],
  );
  const pale = useMemo(() => palePoints(operators, plan, hardware, segment), [operators, plan, hardware, segment]);
  const curve = useMemo(
    () => (mode === 'chip' ? chipCurve(problem, planned, withReload) : operatorCurve(problem, planned, operator)),
    [mode, problem, planned, withReload, operator],
  );
  const [memory, setMemory] = useSplit(curve);
  const points = useMemo(
    () => pointsAt(problem, planned, curve, operator, memory),
    [problem, planned, curve, operator, memory],
  );
  const go = (to: number) => pick({ segment: Math.min(Math.max(to, 0), plan.segments.length - 1) });
  return (
    <div className="cim-roof">
      <div className="cim-roof-bar">
        <IconButton
          size="small"
          icon={ChevronLeft}
          label={texts.previous}
          disabled={segment === 0}
          onClick={() => go(segment - 1)}
        />
        <IconButton
          size="small"
          icon={ChevronRight}
          label={texts.next}
          disabled={segment === plan.segments.length - 1}
          onClick={() => go(segment + 1)}
        />
        <span className="cim-roof-segment">
          <Select
            label={texts.segment}
            value={String(segment)}
            onChange={(value) => go(Number(value))}
            options={segmentOptions(plan, report, segment)}
          />
        </span>
        <span className="cim-roof-operator">
          <Select
            label={texts.operator}
            value={String(operator)}
            onChange={(value) => pick({ segment, operator: Number(value) })}
            options={planned.operators.map((each) => ({ value: String(each), label: operators[each]?.name ?? '' }))}
          />
        </span>
      </div>
      <SplitBar curve={curve} memory={memory} onMemory={setMemory} withReload={mode === 'chip' && withReload} />
      <div className="cim-roof-charts">
        <RooflineChart
          operators={operators}
          hardware={hardware}
          segment={segment}
          points={points}
          inPlan={inPlan}
          pale={pale}
          operator={operator}
          slowest={slowestOf(points)}
          stale={stale}
          onPick={pick}
        />
        <SplitChart curve={curve} withReload={withReload} memory={memory} stale={stale} onPick={setMemory} />
      </div>
      <PointTable
        operators={operators}
        segment={segment}
        points={points}
        inPlan={inPlan}
        operator={operator}
        onPick={pick}
      />
    </div>
  );
}

interface SplitBarProps {
  curve: Curve;
  memory: number | undefined;
  onMemory(memory: number | undefined): void;
  withReload: boolean;
}

/** The slider, what the split takes beside the plan and the best, and what an array more on either side would do. */
function SplitBar({ curve, memory, onMemory, withReload }: SplitBarProps) {
  const { splits, plan, best } = curve;
  const last = splits.length - 1;
  const shown = Math.min(memory ?? plan.memory, Math.max(last, 0));
  const split = splits[shown];
  const least = splits[best];
  const cycles = (value: number | undefined) =>
    value === undefined || !Number.isFinite(value) ? texts.time.never : texts.readout.cycles(formatNumber(value));
  const now = memory === undefined ? plan.objective : split?.objective;
  const margins = marginsAt(curve, shown);
  const verdict = verdictAt(curve, shown);
  const neverPays = best === 0 && splits.every(({ objective }) => objective >= (splits[0]?.objective ?? 0));
  return (
    <div className="cim-roof-split">
      <div className="cim-roof-slider">
        <span>{texts.split}</span>
        <Slider
          label={texts.split}
          exactLabel={texts.exact}
          value={shown}
          min={0}
          max={Math.max(last, 0)}
          step={1}
          disabled={last < 1}
          words={(value) => texts.splitWords(value, splits[value]?.compute ?? 0)}
          onChange={onMemory}
        />
        <Button size="small" label={texts.toPlan} disabled={memory === undefined} onClick={() => onMemory(undefined)} />
        <Button
          size="small"
          label={texts.toBest}
          disabled={memory === best || last < 1}
          onClick={() => onMemory(best)}
        />
      </div>
      <dl className="cim-roof-readout" aria-live="polite">
        <div>
          <dt>{withReload ? texts.readout.both : texts.readout.time}</dt>
          <dd className="num">{cycles(now)}</dd>
          <dd>
            {memory === undefined
              ? texts.readout.planAt(plan.memory, plan.compute)
              : texts.splitWords(shown, split?.compute ?? 0)}
          </dd>
        </div>
        <div>
          <dt>{texts.readout.plan}</dt>
          <dd className="num">{cycles(plan.objective)}</dd>
          <dd>{texts.readout.planAt(plan.memory, plan.compute)}</dd>
        </div>
        <div>
          <dt>{texts.readout.best}</dt>
          <dd className="num">{cycles(least?.objective)}</dd>
          <dd>{texts.readout.bestAt(best)}</dd>
        </div>
      </dl>
      <p className="cim-roof-verdict">
        {last < 1 ? texts.noRoom : neverPays ? texts.verdict.never : `${texts.verdict[verdict]} `}
        {last >= 1 && !neverPays && margins.memory !== undefined && `${texts.readout.next(margins.memory, 'memory')} `}
        {last >= 1 && !neverPays && margins.compute !== undefined && texts.readout.next(margins.compute, 'compute')}
      </p>
    </div>
  );
}

/** What is held, kept while nothing is: letting go of an operator must not leave the segment. */
function useHeld(): Link {
  const selected = useCim((state) => state.selected);
  const [own, setOwn] = useState<Link>({});
  const held = selected.segment !== undefined || selected.operator !== undefined ? selected : own;
  useEffect(() => setOwn(held), [held]);
  return held;
}

function pick(link: Link): void {
  useCim.setState({ selected: link });
}

/** The split of the slider; undefined: the plan's. Another curve begins at the plan's again. */
function useSplit(curve: Curve): [number | undefined, (memory: number | undefined) => void] {
  const [set, setSet] = useState<{ curve: Curve; memory: number | undefined }>();
  const memory = set?.curve === curve ? set.memory : undefined;
  return [memory, (to) => setSet({ curve, memory: to })];
}

/** Options drawn at once: of thousands of segments those around the one shown. */
const MOST_OPTIONS = 200;

function segmentOptions(plan: CompiledPlan, { problem }: CimReport, segment: number) {
  const from = Math.max(0, Math.min(segment - MOST_OPTIONS / 2, plan.segments.length - MOST_OPTIONS));
  return plan.segments.slice(from, from + MOST_OPTIONS).map(({ operators }, at) => {
    const names = operators.map((each) => problem.operators[each]?.name ?? '');
    const short = names.length > 2 ? `${names[0]} … ${names.at(-1)}` : names.join(', ');
    return { value: String(from + at), label: texts.segmentOf(from + at + 1, plan.segments.length, short) };
  });
}
