import type { Costs } from './clock.ts';
import type { Chip } from './shapes.ts';

/** What a fitness model says of a mapping. */
export interface ModelTimes {
  timeNs: number;
  /** When each core is done. */
  coreNs: Float64Array;
  /** Slots booked on the buses to the global memories. */
  memorySlots: number;
  /** Steps of the clock: how much work it was to find out. */
  steps: number;
}

export interface ModelSettings {
  chip: Chip;
  costs: Costs;
  mvmNs: number;
  intervalNs: number;
}
