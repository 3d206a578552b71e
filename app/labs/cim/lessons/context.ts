import { slice } from '../../../../engines/cim/slice.ts';
import type { CimReport, CimSlice, CompiledPlan, PlanId, PlannedSegment } from '../../../../engines/cim/types.ts';
import { type DesignDocument, newDocument } from '../../../../engines/document/index.ts';
import type { LessonContext } from '../../../lessons/types.ts';
import { formatNumber } from '../../../ui/format.ts';

export const PENDING = 'This design is not compiled yet.';

/** The design that a lesson starts from, with the view that it is about. */
export function designOf(title: string, choices: Partial<CimSlice>, view: string): DesignDocument {
  const document = newDocument('cim', { ...slice.defaults, ...choices }, { title });
  return { ...document, view: { ...document.view, 'cim.view': view } };
}

/** The same design with other choices. */
export function withChoices(document: DesignDocument, choices: Partial<CimSlice>): DesignDocument {
  const cim = document.slices.cim as CimSlice;
  return { ...document, slices: { ...document.slices, cim: { ...cim, ...choices } } };
}

export function sliceOf({ document }: LessonContext): CimSlice {
  return document.slices.cim as CimSlice;
}

export function reportOf({ report }: LessonContext): CimReport | undefined {
  return report && 'plans' in report && 'rules' in report ? (report as CimReport) : undefined;
}

export function planOf(report: CimReport | undefined, id: PlanId): CompiledPlan | undefined {
  return report?.plans.find((plan) => plan.id === id);
}

/** The segment that an operator runs in. */
export function segmentOf(report: CimReport, plan: CompiledPlan, name: string): PlannedSegment | undefined {
  const operator = report.problem.operators.findIndex((each) => each.name === name);
  return plan.segments.find(({ operators }) => operators.includes(operator));
}

/** What limits an operator in a plan. */
export function limitOf(report: CimReport, plan: CompiledPlan | undefined, name: string): Limit | undefined {
  const segment = plan && segmentOf(report, plan, name);
  const index = report.problem.operators.findIndex((each) => each.name === name);
  const cost = segment?.cost.operators.find(({ operator }) => operator === index);
  if (!cost) return undefined;
  return cost.feedBoundCycles > cost.computeBoundCycles ? 'feeding' : 'computing';
}

export type Limit = 'feeding' | 'computing';

export function cycles(count: number): string {
  return `${formatNumber(Math.round(count))} cycles`;
}
