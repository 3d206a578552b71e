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
  inputs: { kind: 'random' } | { kind: 'values'; values: number[] };
  weightBits: number;
  inputBits: number;
  cellBits: number;
  /** How signed weights are held: a column of offsets taken off afterwards, or pairs of cells. */
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
  /** Standard deviation of a read current, in percent of the full-scale current of one cell. */
  readNoisePercent: number;
  /** Resistance of a wire between two neighbouring cells. */
  wireOhm: number;
  /** G(t) = G0 (t/t0)^-nu with t0 = 1 s. */
  driftExponent: number;
  driftSeconds: number;
}
