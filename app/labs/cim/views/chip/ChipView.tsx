import { ChevronLeft, ChevronRight, Pause, Play as PlayIcon } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CimReport, CompiledPlan } from '../../../../../engines/cim/types.ts';
import { useView } from '../../../../design/index.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { Slider } from '../../../../ui/Slider.tsx';
import { Switch } from '../../../../ui/Switch.tsx';
import { View } from '../../../../ui/View.tsx';
import { planOf, useCim } from '../../state.ts';
import { NoResult } from '../NoResult.tsx';
import { ArrayTable } from './ArrayTable.tsx';
import { Caption } from './Caption.tsx';
import { ChipSurface } from './ChipSurface.tsx';
import './chip.css';
import { LETTERS, ROLE_TOKENS } from './chip-painter.ts';
import { roleMapsOf } from './placed.ts';
import { ROLES, type RoleMaps } from './role-maps.ts';
import { Strip, type StripHandle } from './Strip.tsx';
import { texts } from './texts.ts';
import { usePlay } from './usePlay.ts';

const SPEEDS = ['0.5', '1', '2', '4', '8', '32'] as const;
type Speed = (typeof SPEEDS)[number];
type Form = 'chip' | 'table';
type By = 'role' | 'operator';

/** The chip as a field of arrays, each by what it does while a segment runs; and the plan run through, segment by segment. */
export default function ChipView() {
  const report = useCim((state) => state.result?.report);
  const plan = useCim(planOf);
  const [form, setForm] = useView<Form>('cim.chip.form', 'chip');
  const [by, setBy] = useView<By>('cim.chip.by', 'role');
  return (
    <View
      title={texts.title}
      about={texts.about}
      lesson="chip"
      aside={
        <>
          {form === 'chip' && (
            <Segmented
              label={texts.by}
              value={by}
              onChange={setBy}
              options={[
                { value: 'role', label: texts.bys.role },
                { value: 'operator', label: texts.bys.operator },
              ]}
            />
          )}
          <Segmented
            label={texts.form}
            value={form}
            onChange={setForm}
            options={[
              { value: 'chip', label: texts.forms.chip },
              { value: 'table', label: texts.forms.table },
            ]}
          />
        </>
      }
    >
      {report && plan && plan.segments.length > 0 ? (
        <Chip report={report} plan={plan} form={form} by={by} />
      ) : (
        <NoResult />
      )}
    </View>
  );
}

interface ChipProps {
  report: CimReport;
  plan: CompiledPlan;
  form: Form;
  by: By;
}

function Chip({ report, plan, form, by }: ChipProps) {
  const [segment, step] = useStep(plan);
  const [speed, setSpeed] = useView<Speed>('cim.chip.speed', '1');
  const [byTime, setByTime] = useView('cim.chip.time', false);
  const strip = useRef<StripHandle>(null);
  const cycles = useMemo(() => plan.segments.map(({ cost }) => cost.cycles), [plan]);
  const onShare = useCallback((share: number) => strip.current?.share(share), []);
  const play = usePlay(cycles, segment, Number(speed), step, onShare);
  const maps = useMemo(() => roleMapsOf(report, plan), [report, plan]);
  const roles = useRoles(maps, segment);
  const pointed = useCim((state) => state.hovered.segment);
  const stale = useCim((state) => state.stale);
  const planned = plan.segments[segment]!;
  const last = plan.segments.length - 1;
  const move = (to: number) => step(Math.min(Math.max(to, 0), last));
  return (
    <div className="cim-chip">
      <div className="cim-chip-transport">
        <IconButton
          size="small"
          icon={ChevronLeft}
          label={texts.previous}
          disabled={segment === 0}
          onClick={() => move(segment - 1)}
        />
        <IconButton
          size="small"
          icon={play.playing ? Pause : PlayIcon}
          label={play.playing ? texts.pause : texts.play}
          onClick={play.toggle}
        />
        <IconButton
          size="small"
          icon={ChevronRight}
          label={texts.next}
          disabled={segment === last}
          onClick={() => move(segment + 1)}
        />
        <span className="cim-chip-slider">
          <Slider
            label={texts.segment}
            exactLabel={texts.exact}
            value={segment + 1}
            min={1}
            max={last + 1}
            step={1}
            words={(value) => texts.of(value, last + 1)}
            disabled={last === 0}
            onChange={(value) => move(value - 1)}
          />
        </span>
        <span className="num">{texts.ofAll(last + 1)}</span>
        <span className="cim-chip-speed" title={texts.playNote}>
          <Select<Speed>
            label={texts.speed}
            value={speed}
            onChange={setSpeed}
            options={SPEEDS.map((value) => ({ value, label: texts.speedOf(Number(value)) }))}
          />
        </span>
      </div>
      <div className="cim-chip-main">
        {!roles && <p className="cim-chip-wait">{texts.placing}</p>}
        {roles && form === 'chip' && (
          <ChipSurface
            report={report}
            planned={planned}
            segment={segment}
            maps={maps}
            roles={roles}
            by={by}
            onStep={(count) => move(segment + count)}
            onPlay={play.toggle}
          />
        )}
        {roles && form === 'table' && (
          <div className="cim-chip-table">
            <ArrayTable report={report} segment={segment} maps={maps} roles={roles} />
          </div>
        )}
        <Caption report={report} planned={planned} segment={segment} />
      </div>
      <div className="cim-chip-below">
        <ul className="cim-chip-legend">
          {ROLES.map((role) => (
            <li key={role} title={role === 'idle' ? texts.idleLegend : undefined}>
              <i
                className={`cim-chip-swatch cim-chip-${role}`}
                style={{ backgroundColor: `var(--${ROLE_TOKENS[role]})` }}
              />
              {LETTERS[role] && <b className="num">{LETTERS[role]}</b>} {texts.roles[role]}
            </li>
          ))}
          <li>{texts.switchedLegend}</li>
        </ul>
        <span className="cim-chip-bytime">
          {texts.strip.byTime}
          <Switch label={texts.strip.byTime} checked={byTime} onChange={setByTime} />
        </span>
      </div>
      <Strip
        ref={strip}
        plan={plan}
        arrays={report.hardware.arrays}
        segment={segment}
        pointed={pointed}
        byTime={byTime}
        stale={stale}
        onStep={move}
      />
    </div>
  );
}

/**
 * The segment that is shown: the one held in any view, and else the last shown here. A step here holds the segment, and
 * keeps the operator held if it is of that segment.
 */
function useStep(plan: CompiledPlan): [number, (segment: number) => void] {
  const held = useCim((state) => state.selected.segment);
  const [own, setOwn] = useState(0);
  const segment = Math.min(held ?? own, plan.segments.length - 1);
  useEffect(() => setOwn(segment), [segment]);
  const step = useCallback(
    (to: number) => {
      setOwn(to);
      const { operator } = useCim.getState().selected;
      const stays = operator !== undefined && plan.segments[to]?.operators.includes(operator);
      useCim.setState({ selected: stays ? { segment: to, operator } : { segment: to } });
    },
    [plan],
  );
  return [segment, step];
}

/** The roles of a segment: placed over as many frames as that takes. */
function useRoles(maps: RoleMaps, segment: number) {
  const [, setTurn] = useState(0);
  const there = maps.at(segment) ?? (maps.reach(segment) ? maps.at(segment) : undefined);
  const missing = there === undefined;
  useEffect(() => {
    if (!missing) return;
    let frame = requestAnimationFrame(function next() {
      const done = maps.reach(segment);
      if (done) setTurn((was) => was + 1);
      else frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [maps, segment, missing]);
  return there;
}
