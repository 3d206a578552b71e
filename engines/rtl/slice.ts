import * as z from 'zod/mini';
import type { SliceDefinition } from '../document/types.ts';
import { defaults } from './defaults.ts';
import type { RtlSlice } from './types.ts';

const path = z.string().check(z.minLength(1, 'A file needs a path.'));

const role = z.optional(z.literal('bench'));

const schema = z.strictObject({
  files: z.array(
    z.union([
      z.strictObject({ path, text: z.string(), role }),
      z.strictObject({
        path,
        blob: z.strictObject({
          name: z.string(),
          bytes: z.number().check(z.nonnegative()),
          sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'A SHA-256 has 64 hexadecimal digits.')),
        }),
        role,
      }),
    ]),
  ),
  top: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
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
  task: z.enum(['synthesise', 'simulate']),
});

export const slice: SliceDefinition<RtlSlice> = {
  id: 'rtl',
  schema,
  defaults,
  migrations: {},
  examples: async () => (await import('./examples/index.ts')).examples,
};
