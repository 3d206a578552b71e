import * as z from 'zod/mini';
import { blobRefSchema } from './blob-schema.ts';
import { createRegistry, type Registry } from './registry.ts';
import type { BlobRef, SliceDefinition } from './types.ts';

/** A slice for the tests of this folder, in its third version. */
export interface ToySlice {
  files: ({ path: string; text: string } | { path: string; blob: BlobRef })[];
  top: string;
  parameters: Record<string, string | number>;
  mode: 'fast' | 'small' | 'exact';
  width: number;
  limits: { cells: number; depth: number };
  note?: string;
}

export const TOY_DEFAULTS: ToySlice = {
  files: [],
  top: '',
  parameters: {},
  mode: 'exact',
  width: 8,
  limits: { cells: 1000, depth: 20 },
};

/**
 * Version 1 had `size` for `width`, and `mode` "fast" by default. Version 2 renamed `size`. Version 3 made "exact" the
 * default of `mode` and added `limits`, whose default never changed.
 */
export const toySlice: SliceDefinition<ToySlice> = {
  id: 'toy',
  schema: z.strictObject({
    files: z.array(
      z.union([
        z.strictObject({ path: z.string(), text: z.string() }),
        z.strictObject({ path: z.string(), blob: blobRefSchema }),
      ]),
    ),
    top: z.string(),
    parameters: z.record(z.string(), z.union([z.string(), z.number()])),
    mode: z.enum(['fast', 'small', 'exact']),
    width: z.int().check(z.gte(1), z.lte(64)),
    limits: z.strictObject({ cells: z.number(), depth: z.number() }),
    note: z.optional(z.string()),
  }),
  defaults: TOY_DEFAULTS,
  migrations: {
    2: (older) => {
      const { size, ...rest } = older as { size?: unknown };
      return size === undefined ? rest : { ...rest, width: size };
    },
    3: (older) => ({ mode: 'fast', ...(older as object) }),
  },
  examples: async () => [
    {
      id: 'adder',
      version: 1,
      title: 'Adder',
      about: 'Adds.',
      format: 1,
      slice: {
        files: [
          { path: 'top.v', text: 'module top(input [7:0] a, b, output [8:0] y);\n  assign y = a + b;\nendmodule\n' },
          { path: 'unused.v', text: '// Nothing yet.\n' },
        ],
        top: 'top',
        parameters: {},
        size: 8,
      } as unknown as ToySlice,
    },
    {
      id: 'adder',
      version: 2,
      title: 'Adder',
      about: 'Adds and subtracts.',
      format: 3,
      slice: { ...TOY_DEFAULTS, files: [{ path: 'top.v', text: 'module top;\nendmodule\n' }] },
    },
  ],
};

export function toyRegistry(): Registry {
  const registry = createRegistry({ version: 3 });
  registry.register(toySlice);
  return registry;
}
