import { ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { allocateExactly } from '../../../../../engines/cim/allocate/exact.ts';
import type { CimReport, CimSlice, CompiledPlan } from '../../../../../engines/cim/types.ts';
import { sameJson } from '../../../../../engines/document/json.ts';
import { isEditable, useDesign, useSlice, useView } from '../../../../design/index.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { View } from '../../../../ui/View.tsx';
import { setCuts } from '../../actions.ts';
import { planOf, showPlan, useCim } from '../../state.ts';
import { NoResult } from '../NoResult.tsx';
import { arcsOf, rowOf } from './cells.ts';
import { type Ends, endsOf, endsOfNames, inNetworkOrder, namesOfEnds, orderOf, sameEnds, segmentAt } from './cuts.ts';
import { Estimator, piecesOf } from './estimate.ts';
import { Legend } from './Legend.tsx';
import { Obstacles } from './Obstacles.tsx';
import { SegmentCard } from './SegmentCard.tsx';
import { SegmentTable } from './SegmentTable.tsx';
import { Strip } from './Strip.tsx';
import { texts } from './texts.ts';
import { Versus } from './Versus.tsx';
import './segments.css';

/** Widths of a product in the row, px. */
const WIDTHS = [4, 8, 16, 28, 44, 68, 104, 140] as const;
const START_WIDTH = 6;

/** The network as a row of products cut into segments, by the compiler or by hand. */
export default function SegmentsView() {
  const report = useCim((state) => state.result?.report);
  const plan = useCim(planOf);
  if (!report || !plan) {
    return (
      <View title={texts.title} lesson="segments">
        <NoResult />
      </View>
    );
  }
  return <Segments report={report} plan={plan} />;
}

function Segments({ report, plan }: { report: CimReport; plan: CompiledPlan }) {
  const slice = useSlice<CimSlice>('cim');
  const spec = useCim((state) => state.result?.spec);
  const stale = useCim((state) => state.stale);
  const unlocked = useDesign(() => isEditable());
  const [level, setLevel] = useView('cim.segments.width', START_WIDTH);
  const [opened, setOpened] = useState<{ of: string; groups: ReadonlySet<number> }>();
  const [held, setHeld] = useState<{ of: string; ends: Ends }>();
  const { problem } = report;
  // A run that ends meanwhile brings the same products anew: what is open or held stays so.
  const names = useMemo(() => problem.operators.map(({ name }) => name).join('\n'), [problem]);
  const draft = held?.of === names ? held.ends : undefined;
  const setDraft = useCallback((next: Ends | undefined) => setHeld(next && { of: names, ends: next }), [names]);
  const sameNetwork = spec !== undefined && sameJson(naming(spec), naming(slice));
  const own = plan === report.plans[0];

  const full = useMemo(() => ({ ...problem, hardware: report.hardware, rules: report.rules }), [problem, report]);
  const planOrder = useMemo(() => orderOf(plan.segments), [plan]);
  const natural = useMemo(() => inNetworkOrder(planOrder), [planOrder]);
  const planEnds = useMemo(() => endsOf(plan.segments), [plan]);
  const named = useMemo(
    () => (slice.cuts && own && sameNetwork ? endsOfNames(problem.operators, problem.sections, slice.cuts) : undefined),
    [slice.cuts, own, sameNetwork, problem],
  );
  const byHand = named && named.unknown.length === 0 ? named.ends : undefined;
  const settled = byHand ?? planEnds;
  const ends = draft ?? settled;
  const drafting = draft !== undefined;
  const estimator = useMemo(() => {
    const base = natural ? plan : report.plans.find(({ segments }) => inNetworkOrder(orderOf(segments)));
    const reload = slice.segmentation === 'improved' && slice.improvements.reload;
    return new Estimator(full, base?.segments ?? [], allocateExactly, reload);
  }, [full, plan, natural, report, slice.segmentation, slice.improvements.reload]);
  const settledPieces = useMemo(
    () => (sameEnds(settled, planEnds) && (natural || !byHand) ? piecesOf(plan.segments) : estimator.pieces(settled)),
    [settled, planEnds, natural, byHand, plan, estimator],
  );
  const shown = useMemo(() => (draft ? estimator.pieces(draft) : settledPieces), [draft, estimator, settledPieces]);
  const inOrder = natural || byHand !== undefined;
  const order = useMemo(
    () => (inOrder ? problem.operators.map((_, place) => place) : planOrder),
    [inOrder, problem, planOrder],
  );
  const compared = slice.cuts !== null || drafting;
  const rivalPlan = useMemo(
    () => (compared ? report.plans.find(({ id }) => id === 'improved' || id === 'published') : undefined),
    [compared, report],
  );
  const rival = useMemo(
    () =>
      rivalPlan && (own || drafting) && inNetworkOrder(orderOf(rivalPlan.segments))
        ? piecesOf(rivalPlan.segments)
        : undefined,
    [rivalPlan, own, drafting],
  );
  const startPlans = useMemo(() => report.plans.filter(({ segments }) => inNetworkOrder(orderOf(segments))), [report]);

  const groups = opened?.of === names ? opened.groups : NONE;
  const width = WIDTHS[Math.min(Math.max(level, 0), WIDTHS.length - 1)] ?? 104;
  const row = useMemo(() => rowOf(problem, order, groups, width), [problem, order, groups, width]);
  const arcs = useMemo(() => arcsOf(problem.operators, problem.sections, order), [problem, order]);
  const toggle = useCallback(
    (group: number) =>
      setOpened((was) => {
        const next = new Set(was?.of === names ? was.groups : NONE);
        if (!next.delete(group)) next.add(group);
        return { of: names, groups: next };
      }),
    [names],
  );
  const zoom = (steps: number) => setLevel(Math.min(Math.max(level + steps, 0), WIDTHS.length - 1));
  const cut = (next: Ends) => {
    setDraft(undefined);
    if (!own) showPlan(undefined);
    const { operator } = useCim.getState().selected;
    useCim.setState({
      hovered: {},
      selected: operator === undefined ? {} : { segment: segmentAt(next, operator), operator },
    });
    setCuts(namesOfEnds(problem.operators, problem.sections, next));
  };
  const editable = unlocked && sameNetwork && inOrder;
  return (
    <View
      title={texts.title}
      about={texts.about(problem.operators.length, ends.length)}
      lesson="segments"
      aside={
        <>
          <IconButton
            size="small"
            icon={ZoomOut}
            label={texts.zoomOut}
            disabled={level <= 0}
            onClick={() => zoom(-1)}
          />
          <IconButton
            size="small"
            icon={ZoomIn}
            label={texts.zoomIn}
            disabled={level >= WIDTHS.length - 1}
            onClick={() => zoom(1)}
          />
        </>
      }
    >
      <div className="cimseg">
        <Versus
          report={report}
          plan={plan}
          shown={shown}
          rival={rivalPlan}
          byHand={slice.cuts !== null && own}
          broken={(named?.unknown.length ?? 0) > 0}
          segments={ends.length}
          editable={unlocked && sameNetwork}
          inOrder={inOrder}
          startPlans={startPlans}
          onStart={(from) => cut(endsOf(from.segments))}
        />
        {named && named.unknown.length > 0 && (
          <p className="cimseg-note cimseg-bad" role="alert">
            {texts.unknownCuts(named.unknown.slice(0, 5).join(', '))}
          </p>
        )}
        {!sameNetwork && <p className="cimseg-note">{texts.earlier}</p>}
        {!unlocked && <p className="cimseg-note">{texts.locked}</p>}
        <Strip
          key={names}
          report={report}
          row={row}
          order={order}
          arcs={arcs}
          ends={ends}
          shown={shown}
          rival={rival}
          editable={editable}
          stale={stale && !draft && !byHand}
          onDraft={setDraft}
          onCut={cut}
          onToggle={toggle}
          onZoom={zoom}
        />
        <Obstacles report={report} shown={shown} />
        <Legend editable={editable} rival={rival !== undefined} />
        <SegmentCard report={report} order={order} ends={ends} shown={shown} editable={editable} onCut={cut} />
        <SegmentTable report={report} order={order} shown={settledPieces} />
      </div>
    </View>
  );
}

const NONE: ReadonlySet<number> = new Set();

/** What the names of operators depend on. */
function naming({ model, hardware, rules, phase, blocks, sequence, batch }: CimSlice) {
  return { model, hardware, rules, phase, blocks, sequence, batch };
}
