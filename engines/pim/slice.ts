import * as z from 'zod/mini';
import { blobRefSchema } from '../document/blob-schema.ts';
import type { SliceDefinition } from '../document/types.ts';
import { modelRefSchema } from '../onnx/model-ref.ts';
import { CROSSBAR_DEFAULTS, crossbarSchema } from './crossbar/schema.ts';
import type { PimSlice } from './types.ts';

const atLeast0 = z.number().check(z.gte(0));
const count = z.int().check(z.gte(0), z.lte(1_000_000));
const bits = z.int().check(z.gte(1), z.lte(32));
const maybe = z.optional;

/** A preset, or a preset with changes. Sizes of zero pass here: the compiler says what is wrong with such a chip. */
const hardware = z.union([
  z.string(),
  z.strictObject({
    base: z.string(),
    name: maybe(z.string()),
    chips: maybe(z.strictObject({ x: maybe(count), y: maybe(count), linkGBps: maybe(atLeast0) })),
    cores: maybe(z.strictObject({ x: maybe(count), y: maybe(count) })),
    crossbar: maybe(
      z.strictObject({
        perCore: maybe(count),
        rows: maybe(count),
        columns: maybe(count),
        cells: maybe(z.enum(['logical', 'physical'])),
        cellBits: maybe(bits),
        signed: maybe(z.enum(['offset', 'pair'])),
        dacBits: maybe(bits),
        adcBits: maybe(bits),
      }),
    ),
    mvmLatencyNs: maybe(atLeast0),
    mvmIntervalNs: maybe(atLeast0),
    activationBits: maybe(bits),
    weightBits: maybe(bits),
    vector: maybe(z.strictObject({ bytesPerStep: maybe(atLeast0), stepNs: maybe(atLeast0) })),
    localMemory: maybe(z.strictObject({ bytes: maybe(atLeast0), gbps: maybe(atLeast0) })),
    globalMemory: maybe(z.strictObject({ bytes: maybe(atLeast0), gbps: maybe(atLeast0) })),
    network: maybe(
      z.strictObject({
        kind: maybe(z.enum(['bus', 'mesh'])),
        busGBps: maybe(atLeast0),
        linkGBps: maybe(atLeast0),
        hopNs: maybe(atLeast0),
      }),
    ),
    execution: maybe(z.enum(['in-order', 'out-of-order'])),
    communication: maybe(z.enum(['synchronous', 'asynchronous'])),
    energy: maybe(
      z.strictObject({
        mvmPjPerCrossbar: maybe(atLeast0),
        vectorPjPerElement: maybe(atLeast0),
        localMemoryPjPerByte: maybe(atLeast0),
        globalMemoryPjPerByte: maybe(atLeast0),
        networkPjPerByteHop: maybe(atLeast0),
        linkPjPerByte: maybe(atLeast0),
        staticMwPerCore: maybe(atLeast0),
        staticMwPerChip: maybe(atLeast0),
      }),
    ),
  }),
  /** The hardware configuration of PIMCOMP-NN, as its users have it. */
  z.strictObject({ pimcompConfig: z.union([z.string(), blobRefSchema]) }),
]);

const schema = z.strictObject({
  task: z.enum(['compile', 'crossbar']),
  model: modelRefSchema,
  hardware,
  mode: z.enum(['throughput', 'latency']),
  replication: z.enum(['balance', 'w0h0', 'uniform', 'genetic', 'manual']),
  replicas: z.record(z.string(), z.int().check(z.gte(1))),
  mapping: z.enum(['first-fit', 'genetic', 'computation-storage']),
  evaluator: z.enum(['reference', 'own']),
  unrolling: z.enum(['rows', 'table-iv']),
  memory: z.enum(['naive', 'add-reuse', 'ag-reuse']),
  transferRounds: z.int().check(z.gte(0), z.lte(1000)),
  layerGroups: z.boolean(),
  genetic: z.strictObject({
    population: z.int().check(z.gte(4), z.lte(2000)),
    generations: z.int().check(z.gte(0), z.lte(10_000)),
    patience: z.int().check(z.gte(0), z.lte(10_000)),
    /** Ends the search after so many evaluations: what 'take the best so far' writes. 0: none. */
    stopAfter: z.int().check(z.gte(0)),
  }),
  bits: z.union([
    z.strictObject({ layers: z.record(z.string(), z.strictObject({ weights: bits, activations: bits })) }),
    z.strictObject({ from: z.string() }),
  ]),
  baselines: z.array(z.enum(['puma-like', 'polyhedral-like', 'layer-by-layer'])),
  crossbar: crossbarSchema,
});

/** Frozen for version 1 of the document: a change needs a migration. */
const defaults: PimSlice = {
  task: 'compile',
  model: 'resnet18',
  hardware: 'pimcomp-default',
  mode: 'throughput',
  replication: 'balance',
  replicas: {},
  mapping: 'first-fit',
  evaluator: 'own',
  unrolling: 'rows',
  memory: 'ag-reuse',
  transferRounds: 1,
  layerGroups: false,
  genetic: { population: 40, generations: 8, patience: 6, stopAfter: 0 },
  bits: { layers: {} },
  baselines: [],
  crossbar: CROSSBAR_DEFAULTS,
};

export const slice: SliceDefinition<PimSlice> = {
  id: 'pim',
  // The document holds a link where the running engine finds an artefact.
  schema: schema as unknown as SliceDefinition<PimSlice>['schema'],
  defaults,
  migrations: {},
  examples: async () => (await import('./examples.ts')).examples,
  inputs: { bits: 'bit-plan' },
};
