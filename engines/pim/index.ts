import type { Engine } from '../core/job.ts';
import { compile, taken } from './compile.ts';
import { crossbar, crossbarLayers } from './crossbar/index.ts';
import { fitness } from './genetic/index.ts';
import { program } from './program-entry.ts';
import { sweep } from './sweep.ts';
import { verify } from './verify-entry.ts';
import { ENGINE } from './version.ts';

export type { TakenSpec } from './compile.ts';
export type { CrossbarReport, CrossbarSpec } from './crossbar/types.ts';
export type { SearchPartial } from './genetic/index.ts';
export { slice } from './slice.ts';
export type * from './types.ts';

export const engine: Engine = {
  ...ENGINE,
  entries: {
    compile,
    taken,
    program,
    verify,
    sweep,
    fitness,
    // The command line hands over the whole slice, the bench on the screen its own part.
    crossbar: (spec, job) => crossbar('crossbar' in spec ? spec.crossbar : spec, job),
    crossbarLayers,
  },
};
