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
import { type Ends, endsOf, endsOfNames, inNetworkOrder, namesOfEnds, orderOf, sameEnds } from './cuts.ts';
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
  const [opened, setOpened] = useState<{ of: unknown; groups: ReadonlySet<number> }>();
  const [draft, setDraft] = useState<Ends>();
  const { problem } = report;
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
  const ends = draft ?? byHand ?? planEnds;
  const estimator = useMemo(() => {
    const base = natural ? plan : report.plans.find(({ segments }) => inNetworkOrder(orderOf(segments)));
    const reload = slice.segmentation === 'improved' && slice.improvements.reload;
    return new Estimator(full, base?.segments ?? [], allocateExactly, reload);
  }, [full, plan, natural, report, slice.segmentation, slice.improvements.reload]);
  const shown = useMemo(
    () => (sameEnds(ends, planEnds) && (natural || !byHand) ? piecesOf(plan.segments) : estimator.pieces(ends)),
    [ends, planEnds, natural, byHand, plan, estimator],
  );
  const order = useMemo(
    () => (natural || byHand || draft ? problem.operators.map((_, place) => place) : planOrder),
    [natural, byHand, draft, problem, planOrder],
  );
  const rivalPlan = useMemo(() => {
    if (slice.cuts || draft) return report.plans.find(({ id }) => id === 'improved' || id === 'published');
    return undefined;
  }, [slice.cuts, draft, report]);
  const rival = useMemo(
    () =>
      rivalPlan && (own || draft) && inNetworkOrder(orderOf(rivalPlan.segments))
        ? piecesOf(rivalPlan.segments)
        : undefined,
    [rivalPlan, own, draft],
  );

  const groups = opened?.of === problem ? opened.groups : NONE;
  const width = WIDTHS[Math.min(Math.max(level, 0), WIDTHS.length - 1)] ?? 104;
  const row = useMemo(() => rowOf(problem, order, groups, width), [problem, order, groups, width]);
  const arcs = useMemo(() => arcsOf(problem.operators, problem.sections, order), [problem, order]);
  const toggle = useCallback(
    (group: number) =>
      setOpened((was) => {
        const next = new Set(was?.of === problem ? was.groups : NONE);
        if (!next.delete(group)) next.add(group);
        return { of: problem, groups: next };
      }),
    [problem],
  );
  const zoom = (steps: number) => setLevel(Math.min(Math.max(level + steps, 0), WIDTHS.length - 1));
  const cut = (next: Ends) => {
    setDraft(undefined);
    showPlan(undefined);
    setCuts(namesOfEnds(problem.operators, problem.sections, next));
  };
  const inOrder = natural || byHand !== undefined;
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
          segments={ends.length}
          editable={unlocked && sameNetwork}
          inOrder={inOrder}
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
        <SegmentTable report={report} order={order} shown={shown} />
      </div>
    </View>
  );
}

const NONE: ReadonlySet<number> = new Set();

/** What the names of operators depend on. */
function naming({ model, hardware, rules, phase, blocks, sequence, batch }: CimSlice) {
  return { model, hardware, rules, phase, blocks, sequence, batch };
}
