import type { Problem } from '../../core/result.ts';

/** What each net does: share of the time at 1, and changes (0 to 1 and 1 to 0) in a ns. By net of a `GateNetlist`. */
export interface NetActivities {
  probability: Float64Array;
  togglesPerNs: Float64Array;
  /** Where each came from. */
  origin: Uint8Array;
  /** 1: of the clock network (reached by a clock, and on the way to a clock pin). */
  clockNetwork: Uint8Array;
  summary: ActivitySummary;
  problems: Problem[];
}

export interface ActivitySummary {
  mode: 'default' | 'vectorless' | 'recorded';
  /** Of nets that are not constants: share with a recorded activity of their own. */
  annotatedPercent: number;
  nets: number;
  annotatedNets: number;
  /** Recorded names that fit no net, some of them. */
  unmatched: string[];
}

/** Values of `NetActivities.origin`. */
export const ORIGIN = { constant: 0, clock: 1, default: 2, propagated: 3, recorded: 4 } as const;

/** Activity of one bit as it was recorded, by a simulator or a SAIF file. */
export interface RecordedBit {
  /** "tb.dut.count[3]". */
  path: string;
  /** Time at 1, at 0, unknown; all in ns. */
  highNs: number;
  lowNs: number;
  unknownNs: number;
  toggles: number;
}

export interface Recording {
  /** Length in ns. */
  durationNs: number;
  /** Path of the instance of the design in it ("tb.dut"); empty: found by the names that fit best. */
  instance: string;
  bits: RecordedBit[];
}

export interface PowerParts {
  leakageNw: number;
  internalUw: number;
  switchingUw: number;
  totalUw: number;
}

export interface PowerOf extends PowerParts {
  name: string;
  areaUm2: number;
  cells: number;
}

export interface PowerReport {
  total: PowerParts;
  byInstance: (PowerOf & { type: string })[];
  byModule: PowerOf[];
  /** `file`, `line`; what no line could be named for has neither. */
  byLine: (PowerParts & { file?: string; line?: number; areaUm2: number; cells: number })[];
  /** Sequential, combinational, clock network (buffers, gates and clock pins), as timing tools divide it. */
  byGroup: PowerOf[];
  /**
   * Switching of the nets that input ports drive: paid by what drives the ports, so no part of the total. Of an ungated clock this is where
   * its wires and pins count.
   */
  inputNetsUw: number;
  activity: ActivitySummary;
  problems: Problem[];
}
