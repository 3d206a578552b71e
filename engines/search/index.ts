export { evolve, type GeneticHooks, type GeneticOutcome, type GeneticSettings, type GeneticState } from './genetic.ts';
export { runIsland } from './island.ts';
export type { Assessment, IslandReport, IslandTask, Member, Species } from './types.ts';
