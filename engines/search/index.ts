export { evolve, type GeneticHooks, type GeneticOutcome, type GeneticSettings, type GeneticState } from './genetic.ts';
export { runIsland } from './island.ts';
export { crowding, dominates, type Fitness, nonDominatedFronts } from './non-dominated.ts';
export {
  type Individual,
  type Nsga2Outcome,
  type Nsga2Problem,
  type Nsga2Settings,
  type Nsga2State,
  nsga2,
} from './nsga2.ts';
export type { Assessment, IslandReport, IslandTask, Member, Species } from './types.ts';
