import { create } from 'zustand';
import type { SensitivityReport, SensitivitySpec } from '../../../engines/cim/sensitivity.ts';
import type { SweepReport, SweepSpec } from '../../../engines/cim/sweep.ts';
import type { CimReport, CimSlice, CompiledPlan, PlanId } from '../../../engines/cim/types.ts';
import type { Problem } from '../../../engines/core/result.ts';

/** A report with the spec it belongs to. */
export interface Shown {
  report: CimReport;
  spec: CimSlice;
  /** `first`: computed when the studio was built. */
  source: 'first' | 'live';
}

export type RunPhase = 'idle' | 'running' | 'done' | 'failed' | 'cancelled';

/** A run beside the compiler's: a sweep, or the map of the sensitive constants. */
export interface SideRun<S, R> {
  /** What the report on the screen belongs to. */
  spec?: S;
  /** As far as it has come. */
  report?: R;
  phase: RunPhase;
  progress?: { fraction: number; what: string };
  problems: readonly Problem[];
}

/** What is pointed at or held, in whichever view: each view marks as much of it as it shows. */
export interface Link {
  /** Index in `CompiledPlan.segments` of the plan on the screen. */
  segment?: number;
  /** Index in `CimReport.problem.operators`. */
  operator?: number;
}

/** What the panels of this lab share besides the document. Nothing of it is kept. */
export interface CimState {
  result?: Shown;
  /** The result belongs to earlier choices than those on the screen. */
  stale: boolean;
  phase: RunPhase;
  progress?: { fraction: number; what: string };
  log: readonly string[];
  problems: readonly Problem[];
  pinned?: { report: CimReport; spec: CimSlice };
  /** The plan that the views show; absent or not in the report: the design's own, `plans[0]`. */
  planId?: PlanId;
  hovered: Link;
  selected: Link;
  sweep: SideRun<SweepSpec, SweepReport>;
  sensitivity: SideRun<SensitivitySpec, SensitivityReport>;
  busyDownload?: string;
  galleryOpen: boolean;
}

const START: CimState = {
  stale: false,
  phase: 'idle',
  log: [],
  problems: [],
  hovered: {},
  selected: {},
  sweep: { phase: 'idle', problems: [] },
  sensitivity: { phase: 'idle', problems: [] },
  galleryOpen: false,
};

export const useCim = create<CimState>(() => START);

/** A clean table for another design. */
export function resetCim(): void {
  useCim.setState(START, true);
}

/** The plan on the screen. */
export function planOf({ result, planId }: Pick<CimState, 'result' | 'planId'>): CompiledPlan | undefined {
  const plans = result?.report.plans;
  return plans?.find(({ id }) => id === planId) ?? plans?.[0];
}

/** Shows another plan of the report; what was held belongs to the one before. */
export function showPlan(planId: PlanId | undefined): void {
  useCim.setState({ planId, hovered: NOTHING, selected: NOTHING });
}

const NOTHING: Link = {};

/** Marks what is pointed at in every view; nothing when left out. */
export function hover(link: Link = NOTHING): void {
  const { hovered } = useCim.getState();
  if (!sameLink(hovered, link)) useCim.setState({ hovered: link });
}

/** Holds something until something else is chosen; the same again lets it go. */
export function select(link: Link = NOTHING): void {
  const { selected } = useCim.getState();
  useCim.setState({ selected: sameLink(selected, link) ? NOTHING : link });
}

export function sameLink(a: Link, b: Link): boolean {
  return a.segment === b.segment && a.operator === b.operator;
}
