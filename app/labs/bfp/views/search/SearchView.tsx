import { Check, Search, Square } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { BfpSlice, SearchTrace } from '../../../../../engines/bfp/types.ts';
import { sameJson } from '../../../../../engines/document/json.ts';
import { isEditable, useDesign, useSlice, useView } from '../../../../design/index.ts';
import { Button } from '../../../../ui/Button.tsx';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { View } from '../../../../ui/View.tsx';
import { loadPlan, planOf } from '../../actions.ts';
import { searchNow, stopRun, takeBest } from '../../run/controls.ts';
import { useBfp } from '../../state.ts';
import { Chosen } from './Chosen.tsx';
import { Estimate } from './Estimate.tsx';
import { Front } from './Front.tsx';
import { PlanTable } from './PlanTable.tsx';
import { type Axis, namesOf } from './plans.ts';
import './search.css';
import { Settings } from './Settings.tsx';
import { texts } from './texts.ts';

/** The search as it goes: what plans keep against what they cost, and any of them to be taken into the design. */
export default function SearchView() {
  const trace = useBfp((state) => state.search ?? state.result?.report.search);
  const searching = useBfp((state) => state.searching && state.phase === 'running');
  const editable = useDesign(() => isEditable());
  const start = <Button variant="primary" icon={Search} label={texts.start} disabled={!editable} onClick={searchNow} />;
  return (
    <View
      title={texts.title}
      about={texts.about}
      lesson="search"
      aside={<Buttons searching={searching} trace={trace} />}
    >
      {trace && trace.points.length > 0 ? (
        <Found trace={trace} searching={searching} />
      ) : searching ? (
        <EmptyState icon={Search} title={texts.starting} text={texts.startingText} />
      ) : (
        <EmptyState icon={Search} title={texts.none} text={texts.noneText} action={start} />
      )}
    </View>
  );
}

function Buttons({ searching, trace }: { searching: boolean; trace: SearchTrace | undefined }) {
  if (!searching) return null;
  return (
    <>
      <Button
        size="small"
        icon={Check}
        label={texts.take}
        title={texts.takeAbout}
        disabled={!trace || trace.evaluations === 0}
        onClick={takeBest}
      />
      <Button size="small" icon={Square} label={texts.stop} shortcut="Mod+." onClick={stopRun} />
    </>
  );
}

function Found({ trace, searching }: { trace: SearchTrace; searching: boolean }) {
  const slice = useSlice<BfpSlice>('bfp');
  const [axis, setAxis] = useView<Axis>('bfp.searchAxis', 'movement');
  const [range, setRange] = useView<'near' | 'all'>('bfp.searchRange', 'near');
  const [picked, setPicked] = useState<number>();
  const names = useMemo(() => namesOf(trace, texts.names), [trace]);
  const inDesign = useMemo(
    () =>
      slice.search === null ? trace.points.find(({ plan }) => sameJson(planOf(slice, plan), slice.plan)) : undefined,
    [trace, slice],
  );
  const selected =
    trace.points.find(({ id }) => id === picked) ?? inDesign ?? trace.points.find(({ id }) => id === trace.bestId);
  const pick = (id: number) => {
    setPicked(id);
    const point = trace.points.find((it) => it.id === id);
    if (point && !searching) loadPlan(point.plan);
  };
  const state = searching ? texts.running : trace.stopped === 'taken' ? texts.taken : texts.ended;
  return (
    <div className="search-view">
      <div className="search-state">
        <span role="status">{state(trace.evaluations)}</span>
        <span className="search-switches">
          <Segmented
            label={texts.across}
            value={axis}
            onChange={setAxis}
            options={(['movement', 'bits', 'energy'] as const).map((value) => ({ value, label: texts.axes[value] }))}
          />
          <Segmented
            label={texts.range}
            value={range}
            onChange={setRange}
            options={(['near', 'all'] as const).map((value) => ({ value, label: texts.ranges[value] }))}
          />
        </span>
      </div>
      <Front {...{ trace, axis, names, searching }} near={range === 'near'} selected={selected?.id} onPick={pick} />
      {selected && (
        <Chosen
          {...{ trace, names, searching }}
          point={selected}
          inDesign={inDesign}
          onTake={pick}
          onBest={setPicked}
        />
      )}
      <Estimate near={range === 'near'} trace={trace} names={names} selected={selected?.id} onPick={setPicked} />
      <Settings trace={trace} />
      <PlanTable trace={trace} names={names} selected={selected?.id} onPick={setPicked} />
    </div>
  );
}
