import * as z from 'zod/mini';
import { blobRefSchema } from '../document/blob-schema.ts';
import type { SliceDefinition } from '../document/types.ts';
import { defaults } from './defaults.ts';
import type { RtlSlice } from './types.ts';

const path = z.string().check(z.minLength(1, 'A file needs a path.'));

const role = z.optional(z.literal('bench'));

const files = z.array(
  z.union([z.strictObject({ path, text: z.string(), role }), z.strictObject({ path, blob: blobRefSchema, role })]),
);
const parameters = z.record(z.string(), z.union([z.string(), z.number()]));
const positive = z.number().check(z.positive('A number greater than 0 is needed.'));
const nonnegative = z.number().check(z.nonnegative('No number below 0 is possible.'));
const share = z.number().check(z.minimum(0), z.maximum(1, 'A share is at most 1.'));

const schema = z.strictObject({
  files,
  top: z.string(),
  parameters,
  defines: z.record(z.string(), z.string()),
  includeDirs: z.array(z.string()),
  fileList: z.string(),
  flatten: z.boolean(),
  simulation: z.strictObject({
    tops: z.array(z.string()),
    plusArgs: z.array(z.string()),
    delays: z.enum(['min', 'typ', 'max']),
    specify: z.boolean(),
    timeLimit: z.string(),
    eventLimit: z.number().check(z.minimum(1, 'A run needs at least one event.')),
    record: z.enum(['all', 'dumped']),
  }),
  task: z.enum(['synthesise', 'simulate', 'ppa', 'prove']),
  script: z.enum(['area', 'delay', 'balanced']),
  library: z.union([z.literal('studio45'), z.strictObject({ blob: blobRefSchema })]),
  corner: z.enum(['typical', 'slow', 'fast']),
  clockNs: positive,
  sdc: z.string(),
  analysis: z.strictObject({
    inputSlewNs: nonnegative,
    outputLoadFf: nonnegative,
    wireFf: nonnegative,
    wirePerFanoutFf: nonnegative,
    paths: z.int().check(z.minimum(1), z.maximum(1000, 'At most 1,000 paths are traced.')),
    clockGating: z.boolean(),
    activity: z.enum(['default', 'vectorless', 'recorded']),
    inputToggles: nonnegative,
    inputProbability: share,
    saif: z.string(),
  }),
  proof: z.strictObject({
    depth: z.int().check(z.minimum(1), z.maximum(200, 'At most 200 cycles are searched.')),
    timeLimitS: positive,
    start: z.enum(['zero', 'any', 'reset']),
  }),
  against: z.optional(z.strictObject({ files, top: z.optional(z.string()), parameters: z.optional(parameters) })),
});

export const slice: SliceDefinition<RtlSlice> = {
  id: 'rtl',
  schema,
  defaults,
  migrations: {},
  examples: async () => (await import('./examples/index.ts')).examples,
};
