export { bestTiling, dramBitsOf } from './best.ts';
export { computePj, movementPj, operationPj } from './energy.ts';
export { layersOf } from './layers.ts';
export { LISTS } from './lists.ts';
export { MACHINES, type MachineChoice, resolveMachine } from './machines.ts';
export {
  type MovementReport,
  type MovementSpec,
  type MovementTotals,
  movementEntry,
  movementOf,
  totalsOf,
} from './movement.ts';
export type * from './types.ts';
