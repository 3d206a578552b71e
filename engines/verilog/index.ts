import type { Engine } from '../core/job.ts';
import { check } from './entries/check.ts';
import { simulateEntry } from './entries/simulate.ts';
import { wavesEntry } from './entries/waves.ts';
import { ENGINE } from './version.ts';

export type * from './types.ts';

export const engine: Engine = {
  ...ENGINE,
  entries: { simulate: simulateEntry, check, waves: wavesEntry },
};
