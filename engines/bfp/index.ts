import type { Engine } from '../core/job.ts';
import { chunk } from './chunk.ts';
import { compare } from './compare.ts';
import { shapes } from './data/shape-entry.ts';
import { exportEntry } from './export/entry.ts';
import { layers } from './layers-entry.ts';
import { movementEntry } from './movement/movement.ts';
import { run } from './run.ts';
import { sensitivity } from './search-plan.ts';
import { tensor } from './tensor-entry.ts';
import { classify, recognise, samples } from './try-entries.ts';
import { ENGINE } from './version.ts';

export { slice } from './slice.ts';
export type * from './types.ts';

/** BitQ: block floating point on real networks, measured and searched (arXiv 2409.17093). */
export const engine: Engine = {
  ...ENGINE,
  entries: {
    run,
    chunk,
    sensitivity,
    layers,
    shapes,
    tensor,
    compare,
    movement: movementEntry,
    export: exportEntry,
    samples,
    recognise,
    classify,
  },
};
