import type { Engine } from '../core/job.ts';
import { warmYosys } from '../synthesis/yosys.ts';
import { batch, batchPart } from './batch.ts';
import { bundle } from './bundle.ts';
import { check } from './check.ts';
import { gateSimulate } from './gate-simulate.ts';
import { native } from './native.ts';
import { netlist } from './netlist.ts';
import { ppa } from './ppa.ts';
import { proofStep, prove } from './prove.ts';
import { record } from './recording.ts';
import { saif } from './saif.ts';
import { simulate } from './simulate.ts';
import { sweep, sweepPoint } from './sweep.ts';
import { synthesise } from './synthesise.ts';
import { ENGINE } from './version.ts';

export { slice } from './slice.ts';
export type * from './types.ts';

export const engine: Engine = {
  ...ENGINE,
  entries: {
    check,
    synthesise,
    netlist,
    bundle,
    native,
    simulate,
    record,
    saif,
    'gate-bench': gateSimulate,
    prove,
    'proof-step': proofStep,
    ppa,
    sweep,
    'sweep-point': sweepPoint,
    batch,
    'batch-part': batchPart,
  },
  warm: warmYosys,
};
