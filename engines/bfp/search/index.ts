export { aimOf, largestMovement } from './aim.ts';
export { type Distributions, distanceBetween, distributionsOf, type Reading, readingOf } from './distance.ts';
export { type ExactPlan, exactPlan } from './exact.ts';
export { planOf, type SearchOptions, type SearchOutcome, searchPlans } from './run.ts';
export {
  candidateFormats,
  fisherSensitivities,
  measureSensitivities,
  outputErrors,
  type Sensitivities,
  type SensitivityLayer,
  type SensitivityRun,
  type SensitivityTask,
  sensitivitiesFrom,
  sensitivityTasks,
} from './sensitivity.ts';
export { costOf, tabulate, withMemory } from './table.ts';
export type {
  Assignment,
  MeasuredPlan,
  MovementCost,
  OperandChoice,
  PlanCost,
  PlanSpace,
  SpaceLayer,
} from './types.ts';
