import * as z from 'zod/mini';
import { modelRefSchema } from '../../onnx/model-ref.ts';
import type { CrossbarSpec } from './types.ts';

const size = z.int().check(z.gte(4), z.lte(32));
const bits = z.int().check(z.gte(1), z.lte(16));
const atLeast0 = z.number().check(z.gte(0));

export const crossbarSchema = z.strictObject({
  rows: size,
  columns: size,
  weights: z.union([
    z.strictObject({ kind: z.literal('random'), spread: z.enum(['uniform', 'normal']) }),
    z.strictObject({ kind: z.literal('values'), values: z.array(z.array(z.number())) }),
    z.strictObject({
      kind: z.literal('layer'),
      model: modelRefSchema,
      layer: z.string(),
      row: z.int().check(z.gte(0)),
      column: z.int().check(z.gte(0)),
    }),
  ]),
  inputs: z.union([
    z.strictObject({ kind: z.literal('random') }),
    z.strictObject({ kind: z.literal('values'), values: z.array(z.number()) }),
  ]),
  weightBits: bits,
  inputBits: bits,
  cellBits: bits,
  signed: z.enum(['offset', 'pair']),
  dacBits: bits,
  adcBits: bits,
  adcRangePercent: z.number().check(z.positive()),
  gMinUs: atLeast0,
  gMaxUs: atLeast0,
  readVolts: atLeast0,
  variationPercent: atLeast0,
  readNoisePercent: atLeast0,
  wireOhm: atLeast0,
  driftExponent: atLeast0,
  driftSeconds: atLeast0,
});

/** Four by four: sixteen cells, each a weight of its own, and nothing wrong with any of them. */
export const CROSSBAR_DEFAULTS: CrossbarSpec = {
  rows: 4,
  columns: 4,
  weights: { kind: 'random', spread: 'uniform' },
  inputs: { kind: 'random' },
  weightBits: 4,
  inputBits: 4,
  cellBits: 4,
  signed: 'offset',
  dacBits: 1,
  adcBits: 8,
  adcRangePercent: 100,
  gMinUs: 1,
  gMaxUs: 100,
  readVolts: 0.2,
  variationPercent: 0,
  readNoisePercent: 0,
  wireOhm: 0,
  driftExponent: 0,
  driftSeconds: 1,
};
