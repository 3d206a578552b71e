import { inlineJob } from '../../core/inline-job.ts';
import { prepare } from '../build.ts';
import { replicateAndPlace } from '../place-fitting.ts';
import { slice as definition } from '../slice.ts';
import type { Mode, PimSlice } from '../types.ts';
import { genomeOf } from './genome.ts';
import { MappingProblem } from './problem.ts';
import { searchMapping } from './search.ts';

/** A case of `npm run bench`: each run answers with the milliseconds of what it times, preparation left out. */
interface Bench {
  name: string;
  run(): Promise<number>;
  baseline?: { name: string; run(): Promise<number> };
  ratioLimit?: number;
}

const signal = new AbortController().signal;
const MODES: Mode[] = ['throughput', 'latency'];

function sliceOf(model: string, mode: Mode, generations: number): PimSlice {
  return {
    ...definition.defaults,
    ...{ model, mode, evaluator: 'reference', replication: 'genetic', mapping: 'genetic' },
    genetic: { population: 40, generations, patience: 0, stopAfter: 0 },
  };
}

async function preparedFor(slice: PimSlice) {
  const prepared = await prepare(slice, inlineJob());
  if (!prepared.ok) throw new Error(prepared.problems[0]!.what);
  return prepared.value;
}

async function timed(work: () => unknown): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** The balance heuristic's mapping, and the problem that assesses it. */
async function balanceOf(model: string, mode: Mode) {
  const slice = sliceOf(model, mode, 0);
  const prepared = await preparedFor(slice);
  const { layers, network, hardware, style } = prepared;
  const mapping = replicateAndPlace(layers, network, hardware, { style, method: 'balance' });
  if (!mapping.ok) throw new Error(mapping.problems[0]!.what);
  return { problem: new MappingProblem(prepared, slice, signal), genome: genomeOf(mapping.value) };
}

export const benches: Bench[] = [
  ...['squeezenet1.1', 'resnet18'].flatMap((model) =>
    MODES.map(
      (mode): Bench => ({
        name: `pim/${model}: assess a mapping, ${mode}`,
        async run() {
          const { problem, genome } = await balanceOf(model, mode);
          problem.assess(genome);
          return timed(() => problem.assess(genome));
        },
        baseline: {
          name: 'schedule and evaluate the program',
          async run() {
            const { problem, genome } = await balanceOf(model, mode);
            await problem.exact(genome);
            return timed(() => problem.exact(genome));
          },
        },
        ratioLimit: 1,
      }),
    ),
  ),
  ...MODES.map(
    (mode): Bench => ({
      name: `pim/resnet18: genetic search of 4 generations, ${mode}`,
      async run() {
        const slice = sliceOf('resnet18', mode, 4);
        const prepared = await preparedFor(slice);
        return timed(() => searchMapping(slice, prepared, inlineJob()));
      },
    }),
  ),
];
