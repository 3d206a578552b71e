export { planOf, searchPlans } from './run.ts';
export type { MeasuredPlan, PlanSpace } from './types.ts';
