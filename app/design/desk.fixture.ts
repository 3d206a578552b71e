import * as z from 'zod/mini';
import { unpack } from '../../engines/document/pack.ts';
import { createRegistry } from '../../engines/document/registry.ts';
import { newDocument, restore } from '../../engines/document/restore.ts';
import type { DesignDocument, SliceDefinition } from '../../engines/document/types.ts';
import { createDesk, type Desk } from './desk.ts';
import { type Environment, memoryNews } from './environment.ts';
import { hashInPieces } from './hash-pieces.ts';
import { memoryPens } from './pens.ts';
import { type KeyValue, memoryStorage } from './storage.ts';

/** A slice with files and parameters, as labs have them. */
export interface ToySlice {
  files: { path: string; text: string }[];
  parameters: Record<string, number>;
  blob?: { name: string; bytes: number; sha256: string };
}

export const toySlice: SliceDefinition<ToySlice> = {
  id: 'toy',
  schema: z.strictObject({
    files: z.array(z.strictObject({ path: z.string(), text: z.string() })),
    parameters: z.record(z.string(), z.number()),
    blob: z.optional(z.strictObject({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  }),
  defaults: { files: [], parameters: {} },
  migrations: {},
  examples: async () => [
    { id: 'adder', version: 1, title: 'Adder', about: 'Adds.', slice: toyFiles('module top; endmodule\n') },
  ],
};

function toyFiles(text: string): ToySlice {
  return { files: [{ path: 'top.v', text }], parameters: { width: 8 } };
}

export function toyDocument(title = 'Toy', text = 'module top;\nendmodule\n'): DesignDocument {
  return newDocument('toy', toyFiles(text), { title });
}

export interface Browser {
  designs: KeyValue;
  blobs: KeyValue;
  /** A further tab. */
  tab(): Desk;
}

/** A browser in memory, whose tabs share storage, pens and news. Times count up by one at each look. */
export function memoryBrowser(stores: Partial<Pick<Environment, 'designs' | 'blobs'>> = {}): Browser {
  const designs = stores.designs ?? memoryStorage();
  const blobs = stores.blobs ?? memoryStorage();
  const pens = memoryPens();
  const news = memoryNews();
  const registry = createRegistry();
  registry.register(toySlice);
  let time = 1_000_000;
  let ids = 0;
  return {
    designs,
    blobs,
    tab: () =>
      createDesk({
        designs,
        blobs,
        pens,
        news: news(),
        now: () => ++time,
        newId: () => `d${++ids}`,
        hash: hashInPieces,
        unpack: async (file) => unpack(new Uint8Array(await file.arrayBuffer())),
        restore: async (input) => restore(input, registry),
      }),
  };
}
