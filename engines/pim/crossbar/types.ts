import type { Report } from '../../core/report.ts';
import type { Problem } from '../../core/result.ts';
import type { ModelRef } from '../../onnx/types.ts';

/** One crossbar on the bench: a matrix-vector product, with the ways in which the real thing is not ideal. */
export interface CrossbarSpec {
  /** 4 .. 32 each. */
  rows: number;
  /** Weights across; a weight may take several physical columns. */
  columns: number;
  weights:
    | { kind: 'random'; spread: 'uniform' | 'normal' }
    | { kind: 'values'; values: number[][] }
    /** A piece of a layer of a network, at an offset in its unrolled matrix. */
    | { kind: 'layer'; model: ModelRef; layer: string; row: number; column: number };
  /** Whole numbers from 0 to 2^inputBits - 1. */
  inputs: { kind: 'random' } | { kind: 'values'; values: number[] };
  weightBits: number;
  inputBits: number;
  cellBits: number;
  /**
   * How signed weights are held: 'offset' adds 2^(weightBits-1) to each and takes it off afterwards; 'pair' holds
   * positive and negative weights in columns of their own and subtracts.
   */
  signed: 'offset' | 'pair';
  dacBits: number;
  adcBits: number;
  /** The converter's full scale: of the largest sum that can occur, in percent. */
  adcRangePercent: number;
  gMinUs: number;
  gMaxUs: number;
  readVolts: number;
  /** Standard deviation of programmed conductance, in percent of it. */
  variationPercent: number;
  /** Standard deviation of a cell's current at each read, in percent of the full-scale current of one cell. */
  readNoisePercent: number;
  /** Resistance of a wire between two neighbouring cells, and from the edge to its first cell. */
  wireOhm: number;
  /** G(t) = G0 (t/t0)^-nu with t0 = 1 s. */
  driftExponent: number;
  driftSeconds: number;
}

/** The part of a spec that says how numbers become cells and voltages. */
export type Coding = Pick<CrossbarSpec, 'weightBits' | 'inputBits' | 'cellBits' | 'dacBits' | 'signed'>;

/** The part of a spec that says how good cells, wires and converters are. */
export type Device = Pick<
  CrossbarSpec,
  | 'adcBits'
  | 'adcRangePercent'
  | 'gMinUs'
  | 'gMaxUs'
  | 'readVolts'
  | 'variationPercent'
  | 'readNoisePercent'
  | 'wireOhm'
  | 'driftExponent'
  | 'driftSeconds'
>;

/** A physical column: which slice of which weight it holds, and with which sign. The reference column holds no weight. */
export interface PhysicalColumn {
  /** -1: the reference column, all cells at the least conductance; its current is taken off every other column's. */
  weight: number;
  /** 0 is the least significant. */
  slice: number;
  sign: 1 | -1;
}

/** The read of one bit plane of the inputs. Sums are in units of one level of a cell times one step of the DAC. */
export interface CrossbarPlane {
  /** 0 is the least significant. */
  plane: number;
  /** What a unit of this plane counts in the product: 2^(dacBits * plane). */
  scale: number;
  /** Of each row. */
  digits: number[];
  volts: number[];
  /** Of each physical column. */
  idealMicroamps: number[];
  microamps: number[];
  /** Of each conversion: weight by weight, the most significant slice first. */
  idealSums: number[];
  sums: number[];
  codes: number[];
  clipped: boolean[];
  /** What the plane adds to each output: slices shifted and added, offsets taken off, times `scale`. */
  partial: number[];
  idealPartial: number[];
  /** With wires that have a resistance: the voltage of each cell's two ends, row by row. */
  wordVolts?: number[];
  bitVolts?: number[];
}

export type ErrorCause = 'resolution' | 'clipping' | 'variation' | 'read-noise' | 'wires' | 'drift';

export interface CrossbarFigures {
  /** Root of the mean squared difference between digital and ideal outputs, in units of the product. */
  rmsError: number;
  maxError: number;
  /** Power of the ideal outputs over that of the error. Missing where there is no error, or nothing but zeros to find. */
  signalToNoiseDb?: number;
  /** Bits of an ideal quantiser over all possible outputs with the same rms error; at most the bits of an exact output. */
  effectiveBits: number;
  clippedPercent: number;
  conversions: number;
  /** Physical, the reference column's included. */
  cells: number;
  energyPj: number;
  arrayEnergyPj: number;
  converterEnergyPj: number;
  latencyNs: number;
}

export interface CrossbarReport extends Report<CrossbarFigures> {
  /** What it was computed from. */
  spec: CrossbarSpec;
  rows: number;
  columns: number;
  slices: number;
  physicalColumns: PhysicalColumn[];
  /** The whole numbers that are multiplied, row by row. */
  weights: number[][];
  inputs: number[];
  /** Of each cell, row by row over physical columns. */
  levels: number[];
  /** As it was meant to be programmed, and as it is at the time of the read: after variation and drift. */
  targetMicrosiemens: number[];
  microsiemens: number[];
  converter: {
    leastCode: number;
    mostCode: number;
    /** One code, in units of the sums; never below 1, where a code is one unit. */
    step: number;
    /** The largest sum that can occur. */
    largestSum: number;
    /** The current of one unit of a sum. */
    unitMicroamps: number;
  };
  planes: CrossbarPlane[];
  outputs: number[];
  ideal: number[];
  /** Least and greatest output that any weights and inputs of these bits could give. */
  outputRange: { least: number; most: number };
  /** The rms error that each cause has alone, all others taken away. Causes that are switched off are left out. */
  causes: { cause: ErrorCause; rmsError: number }[];
  /** Where the weights come from. */
  origin: {
    what: string;
    /** A whole number of the crossbar is this much of a weight of the layer. */
    scale?: number;
    layer?: { name: string; rows: number; columns: number; row: number; column: number; drawn: boolean };
  };
  problems: Problem[];
}
