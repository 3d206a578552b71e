import type { Trace } from '../program/types.ts';
import type { EnergyParts } from '../types.ts';

/** What an evaluator finds out about a program: the same form for both, so that they can be compared. */
export interface Evaluation {
  /** End of the last instruction: the pipeline cycle (throughput) or the latency. */
  timeNs: number;
  trace: Trace;
  mvms: number;
  /** Pairs of SEND and RECV. */
  transfers: number;
  transferBytes: number;
  loadBytes: number;
  storeBytes: number;
  energy: EnergyParts;
  /** By core. `waitNs`: waiting for a partner, a bus or operands. */
  cores: {
    busyNs: Float64Array;
    mvmNs: Float64Array;
    vectorNs: Float64Array;
    transferNs: Float64Array;
    memoryNs: Float64Array;
    waitNs: Float64Array;
  };
  /** By layer of the network. */
  layers: {
    startNs: Float64Array;
    endNs: Float64Array;
    mvmNs: Float64Array;
    vectorNs: Float64Array;
    transferNs: Float64Array;
    memoryNs: Float64Array;
    mvms: Int32Array;
    energyPj: Float64Array;
  };
}
