import * as z from 'zod/mini';
import type { SliceDefinition } from '../document/types.ts';
import { modelRefSchema } from '../onnx/model-ref.ts';
import { ALL_IMPROVEMENTS, DEFAULT_RULES } from './rules.ts';
import type { CimSlice } from './types.ts';

const maybe = z.optional;
/** Bandwidths and sizes of zero pass here: the compiler says what is wrong with such a chip. */
const atLeast0 = z.number().check(z.gte(0));
const count = z.int().check(z.gte(0), z.lte(1_000_000));
const bits = z.int().check(z.gte(1), z.lte(32));

const hardware = z.union([
  z.string(),
  z.strictObject({
    base: z.string(),
    name: maybe(z.string()),
    arrays: maybe(count),
    grid: maybe(z.strictObject({ columns: maybe(count) })),
    array: maybe(
      z.strictObject({
        rows: maybe(count),
        columns: maybe(count),
        cellBits: maybe(bits),
        activeRows: maybe(count),
        inputBits: maybe(bits),
        turnCycles: maybe(atLeast0),
        writeCycles: maybe(atLeast0),
        memoryBytesPerCycle: maybe(atLeast0),
      }),
    ),
    weightBits: maybe(bits),
    activationBits: maybe(bits),
    mainBytesPerCycle: maybe(atLeast0),
    externalBytesPerCycle: maybe(atLeast0),
    switchToComputeCycles: maybe(atLeast0),
    switchToMemoryCycles: maybe(atLeast0),
    clockMhz: maybe(atLeast0),
    energy: maybe(
      z.strictObject({
        arrayTurnPj: maybe(atLeast0),
        memoryArrayPjPerByte: maybe(atLeast0),
        mainPjPerByte: maybe(atLeast0),
        externalPjPerByte: maybe(atLeast0),
        arrayWritePj: maybe(atLeast0),
        arraySwitchPj: maybe(atLeast0),
        staticMw: maybe(atLeast0),
      }),
    ),
    area: maybe(z.strictObject({ arrayMm2: maybe(atLeast0), restMm2: maybe(atLeast0) })),
  }),
]);

const schema = z.strictObject({
  task: z.enum(['compile']),
  model: modelRefSchema,
  hardware,
  solver: z.enum(['exact', 'mip', 'mip-counts']),
  segmentation: z.enum(['published', 'improved']),
  improvements: z.strictObject({ reload: z.boolean(), pareto: z.boolean(), batch: z.boolean(), orders: z.boolean() }),
  rules: z.strictObject({
    reload: z.enum(['largest', 'bytes']),
    writeBack: z.enum(['kept', 'held']),
    sharing: z.boolean(),
    inPlace: z.boolean(),
    dynamicInSegment: z.boolean(),
    depthwise: z.enum(['packed', 'as-dense']),
    attention: z.enum(['per-head', 'one-head']),
  }),
  cuts: z.nullable(z.array(z.string())),
  baselines: z.boolean(),
  batch: z.int().check(z.gte(1), z.lte(4096)),
  sequence: z.int().check(z.gte(1), z.lte(1_000_000)),
  phase: z.enum(['prefill', 'decode']),
  blocks: z.enum(['folded', 'one', 'unrolled']),
  mipSeconds: z.number().check(z.gte(0), z.lte(3600)),
});

/** Frozen for version 1 of the document: a change needs a migration. */
const defaults: CimSlice = {
  task: 'compile',
  model: 'vgg16',
  hardware: 'dynaplasia',
  solver: 'exact',
  segmentation: 'improved',
  improvements: ALL_IMPROVEMENTS,
  rules: DEFAULT_RULES,
  cuts: null,
  baselines: true,
  batch: 1,
  sequence: 64,
  phase: 'prefill',
  blocks: 'folded',
  mipSeconds: 20,
};

export const slice: SliceDefinition<CimSlice> = {
  id: 'cim',
  schema,
  defaults,
  migrations: {},
  examples: async () => (await import('./examples.ts')).examples,
};
