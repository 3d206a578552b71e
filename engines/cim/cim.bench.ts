import { inlineJob } from '../core/inline-job.ts';
import { ZOO } from '../onnx/zoo/index.ts';
import { allocateExactly } from './allocate/exact.ts';
import { plansOf } from './allocate/pareto.ts';
import { compile } from './compile.ts';
import { prepare } from './prepare.ts';
import { fits } from './segment/fits.ts';
import { slice } from './slice.ts';
import type { CimProblem, CimSlice } from './types.ts';

/** A case of `npm run bench`: each run answers with the milliseconds of what it times, warm-up and preparation left out. */
interface Bench {
  name: string;
  run(): Promise<number>;
  /** Of the scaled median, ms. */
  limit?: number;
}

/** What somebody who turns a slider waits for: the design's plan, the other segmentation and all baselines. */
const NETWORKS: [name: string, choices: Partial<CimSlice>, limit: number][] = [
  ...ZOO.filter(({ family }) => family === 'convolutional').map(({ id }): [string, Partial<CimSlice>, number] => [
    id,
    { model: id },
    1000,
  ]),
  ['a block of llama2-7b', { model: 'llama2-7b', blocks: 'one' }, 2000],
  ['opt-13b, its block counted as often as it is there', { model: 'opt-13b', blocks: 'folded' }, 2000],
  ['opt-13b, one token after 64', { model: 'opt-13b', blocks: 'folded', phase: 'decode' }, 2000],
];

async function compiled(choices: Partial<CimSlice>): Promise<number> {
  const from = performance.now();
  const result = await compile({ ...slice.defaults, ...choices }, inlineJob());
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return performance.now() - from;
}

/** All segments of neighbouring operators that fit on the chip. */
function segmentsOf(problem: CimProblem): number[][] {
  const found: number[][] = [];
  for (const { first, count } of problem.sections) {
    for (let from = first; from < first + count; from++) {
      for (let end = from + 1; end <= first + count; end++) {
        const operators = Array.from({ length: end - from }, (_, at) => from + at);
        if (!fits(problem, operators)) break;
        found.push(operators);
      }
    }
  }
  return found;
}

/** Every segment of a network, by one method, with the problem's own numbers made anew. */
function allocation(model: string, what: string, method: (problem: CimProblem, operators: number[]) => unknown): Bench {
  return {
    name: `cim/${model}: ${what} of every segment`,
    async run() {
      const prepared = await prepare({ ...slice.defaults, model }, inlineJob());
      if (!prepared.ok) throw new Error(prepared.problems[0]?.what);
      const { problem } = prepared.value;
      const segments = segmentsOf(problem);
      for (const operators of segments) method(problem, operators);
      const again = { ...problem };
      const from = performance.now();
      for (const operators of segments) method(again, operators);
      return performance.now() - from;
    },
  };
}

export const benches: Bench[] = [
  ...NETWORKS.map(
    ([name, choices, limit]): Bench => ({
      name: `cim/${name}: compile, with all baselines`,
      limit,
      async run() {
        await compiled(choices);
        return compiled(choices);
      },
    }),
  ),
  ...['mobilenet-v2', 'densenet-121'].flatMap((model) => [
    allocation(model, 'exact allocation', (problem, operators) =>
      allocateExactly(problem, operators, { memory: true, withReload: true }),
    ),
    allocation(model, 'all plans', (problem, operators) => plansOf(problem, operators, { memory: true })),
  ]),
];
