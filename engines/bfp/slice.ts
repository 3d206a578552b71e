import * as z from 'zod/mini';
import { blobRefSchema } from '../document/blob-schema.ts';
import type { SliceDefinition } from '../document/types.ts';
import type { BfpSlice } from './types.ts';

const atLeast0 = z.number().check(z.gte(0));
const size = z.int().check(z.gte(1), z.lte(1_000_000));
const rounding = z.enum(['even', 'away', 'stochastic']);
const block = z.union([size, z.tuple([size, size]), z.enum(['row', 'tensor'])]);
const maybe = z.optional;

/** Numbers out of range pass where the engine says more than a schema could: which format, and what it takes. */
const format = z.union([
  z.string(),
  z.strictObject({ kind: z.enum(['float32', 'float16', 'bfloat16']) }),
  z.strictObject({
    kind: z.literal('bfp'),
    mantissaBits: z.int().check(z.gte(2), z.lte(14)),
    exponentBits: z.int().check(z.gte(5), z.lte(8)),
    block,
    rounding,
  }),
  z.strictObject({
    kind: z.literal('block-minifloat'),
    exponentBits: z.int().check(z.gte(1), z.lte(6)),
    mantissaBits: z.int().check(z.gte(0), z.lte(10)),
    block,
    rounding,
  }),
  z.strictObject({
    kind: z.literal('mx'),
    element: z.enum(['e5m2', 'e4m3', 'e3m2', 'e2m3', 'e2m1', 'int8', 'int4']),
    block,
    rounding,
  }),
  z.strictObject({ kind: z.literal('nvfp4'), rounding }),
  z.strictObject({
    kind: z.literal('int'),
    bits: z.int().check(z.gte(2), z.lte(16)),
    symmetric: z.boolean(),
    block,
    rounding,
  }),
  z.strictObject({
    kind: z.literal('gguf'),
    type: z.enum(['q4_0', 'q4_1', 'q5_0', 'q5_1', 'q8_0', 'q2_k', 'q3_k', 'q4_k', 'q5_k', 'q6_k']),
  }),
]);

const schema = z.strictObject({
  task: z.enum(['run', 'layers']),
  model: z.union([
    z.enum(['digits-cnn', 'digits-resnet', 'ocr']),
    z.strictObject({ onnx: blobRefSchema, symbols: maybe(z.record(z.string(), z.int().check(z.gte(1)))) }),
  ]),
  data: z.nullable(z.strictObject({ npz: blobRefSchema })),
  format: z.strictObject({ weights: format, activations: format }),
  plan: z.record(z.string(), z.strictObject({ weights: maybe(format), inputs: maybe(format), outputs: maybe(format) })),
  search: z.nullable(
    z.strictObject({
      method: maybe(z.enum(['exact', 'genetic', 'hawq-like', 'greedy', 'random'])),
      objective: maybe(z.enum(['published', 'accuracy-drop', 'average-bits', 'energy'])),
      lambda: maybe(atLeast0),
      limit: maybe(atLeast0),
      mantissaBits: maybe(z.array(z.int().check(z.gte(2), z.lte(14)))),
      blocks: maybe(z.array(size)),
      sensitivity: maybe(z.enum(['output-error', 'fisher'])),
      measured: maybe(z.int().check(z.gte(1), z.lte(1000))),
      population: maybe(z.int().check(z.gte(4), z.lte(2000))),
      generations: maybe(z.int().check(z.gte(0), z.lte(10_000))),
      stopAfter: maybe(z.int().check(z.gte(0))),
    }),
  ),
  fineTune: z.nullable(
    z.strictObject({
      epochs: maybe(z.int().check(z.gte(1), z.lte(100))),
      learningRate: maybe(atLeast0),
      batch: maybe(z.int().check(z.gte(1), z.lte(1000))),
    }),
  ),
  set: z.enum(['test', 'search']),
  samples: z.int().check(z.gte(0)),
  machine: z.union([
    z.string(),
    z.strictObject({
      base: z.string(),
      title: maybe(z.string()),
      levels: maybe(
        z.array(
          z.strictObject({
            level: z.enum(['registers', 'l1', 'l2', 'memory']),
            capacityBits: atLeast0,
            bandwidth: atLeast0,
          }),
        ),
      ),
      registerTile: maybe(z.partialRecord(z.enum(['b', 'f', 'x', 'y', 'c', 'w', 'h']), z.int().check(z.gte(1)))),
      inputSpan: maybe(z.enum(['published', 'exact'])),
      threads: maybe(z.int().check(z.gte(1), z.lte(4096))),
      dramPjPerWord: maybe(atLeast0),
      sramPjPerWord: maybe(atLeast0),
    }),
  ]),
});

/** Frozen for version 1 of the document: a change needs a migration. */
const defaults: BfpSlice = {
  task: 'run',
  model: 'digits-cnn',
  data: null,
  format: { weights: 'bfp4/16', activations: 'bfp4/16' },
  plan: {},
  search: null,
  fineTune: null,
  set: 'test',
  samples: 0,
  machine: 'bitq-desktop',
};

export const slice: SliceDefinition<BfpSlice> = {
  id: 'bfp',
  schema: schema as unknown as SliceDefinition<BfpSlice>['schema'],
  defaults,
  migrations: {},
  examples: async () => (await import('./examples.ts')).examples,
};
