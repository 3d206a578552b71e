import type { Engine } from '../core/job.ts';
import { allocate } from './allocate/solve-entry.ts';
import { compile } from './compile.ts';
import { point } from './point.ts';
import { program, verify } from './program/entries.ts';
import { sensitivity } from './sensitivity.ts';
import { sweep } from './sweep.ts';
import { ENGINE } from './version.ts';

export { slice } from './slice.ts';
export type * from './types.ts';

/** CMSwitch: compiling for arrays that compute or remember (arXiv 2502.17006). */
export const engine: Engine = { ...ENGINE, entries: { compile, allocate, point, sweep, sensitivity, program, verify } };
