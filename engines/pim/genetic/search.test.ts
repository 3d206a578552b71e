import { expect, test } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import type { Engine } from '../../core/job.ts';
import { ok } from '../../core/result.ts';
import { runIsland } from '../../search/island.ts';
import type { IslandTask } from '../../search/types.ts';
import { evaluate, schedule } from '../build.ts';
import { replicateAndPlace } from '../place-fitting.ts';
import { take } from '../schedule/latency.fixture.ts';
import type { PimSlice } from '../types.ts';
import { preparedFor, sliceOf } from './genetic.fixture.ts';
import { type Genome, genomeOf } from './genome.ts';
import type { MoveNotes } from './moves.ts';
import { MappingProblem } from './problem.ts';
import { type SearchPartial, searchMapping } from './search.ts';

const GENETIC = { population: 12, generations: 8, patience: 0, stopAfter: 0 };

async function timeOf(slice: PimSlice, mapping: Parameters<typeof schedule>[1]): Promise<number> {
  const prepared = preparedFor(slice);
  const job = inlineJob();
  const program = take(await schedule(prepared, mapping, slice, job));
  return (await evaluate(slice.evaluator, prepared, mapping, program, job)).timeNs;
}

test.each([
  ['throughput', 'reference'],
  ['latency', 'reference'],
  ['throughput', 'own'],
  ['latency', 'own'],
] as const)(
  'in %s mode under the %s clock the search is never behind the heuristics, and says its true time',
  async (mode, evaluator) => {
    const slice = sliceOf({ mode, evaluator, genetic: GENETIC });
    const prepared = preparedFor(slice);
    const { mapping, trace } = take(await searchMapping(slice, prepared, inlineJob({ seed: 3 })));
    expect(await timeOf(slice, mapping)).toBe(trace.bestNs);
    for (const method of ['balance', 'w0h0', 'uniform'] as const) {
      const placed = replicateAndPlace(prepared.layers, prepared.network, prepared.hardware, {
        style: prepared.style,
        method,
      });
      if (placed.ok) expect(trace.bestNs).toBeLessThanOrEqual(await timeOf(slice, placed.value));
    }
    expect(trace.bestNs).toBeLessThan(trace.startNs);
    const bests = trace.generations.map(({ bestNs }) => bestNs);
    expect(bests).toEqual([...bests].sort((a, b) => b - a));
  },
);

/** An engine whose entry `pim/fitness` gets its specs as workers get them, and runs them out of order. */
function served(slice: PimSlice): Record<string, Engine> {
  const problem = new MappingProblem(preparedFor(slice), slice, new AbortController().signal);
  const fitness = async (spec: unknown, job: { signal: AbortSignal }) => {
    const { task } = structuredClone(spec) as { task: IslandTask<Genome, MoveNotes> };
    return ok(structuredClone(await runIsland(problem, task, job.signal)));
  };
  return { pim: { id: 'pim', version: '0', entries: { fitness } } };
}

test('seed decides the result, not who computes it', async () => {
  const slice = sliceOf({ mode: 'latency', genetic: GENETIC });
  const run = async (seed: number, engines = {}) =>
    take(await searchMapping(slice, preparedFor(slice), inlineJob({ seed, engines })));
  const here = await run(1);
  const there = await run(1, served(slice));
  expect(genomeOf(there.mapping)).toEqual(genomeOf(here.mapping));
  expect(there.trace).toEqual(here.trace);
  const other = await run(2);
  expect(genomeOf(other.mapping)).not.toEqual(genomeOf(here.mapping));
});

test("what 'take the best so far' took comes out again by its count of evaluations", async () => {
  const slice = sliceOf({ mode: 'throughput', genetic: { ...GENETIC, generations: 16 } });
  const partials: SearchPartial[] = [];
  const onProgress = (_fraction: number, _what: string, partial?: unknown) => partials.push(partial as SearchPartial);
  await searchMapping(slice, preparedFor(slice), inlineJob({ onProgress }));
  const taken = partials[2]!;
  const again = sliceOf({
    ...slice,
    genetic: { ...slice.genetic, stopAfter: taken.genetic.evaluations },
  });
  const { mapping, trace } = take(await searchMapping(again, preparedFor(again), inlineJob()));
  expect(trace.stopped).toBe('taken');
  expect(trace.evaluations).toBe(taken.genetic.evaluations);
  expect(trace.bestNs).toBe(taken.genetic.bestNs);
  const cores = genomeOf(mapping).cores;
  expect(cores).toEqual(taken.mapping.layers.map((layer) => layer.cores));
});

test('only what is asked for is searched', async () => {
  const fixed = sliceOf({ mode: 'throughput', replication: 'balance', genetic: GENETIC });
  const prepared = preparedFor(fixed);
  const balance = take(
    replicateAndPlace(prepared.layers, prepared.network, prepared.hardware, {
      style: prepared.style,
      method: 'balance',
    }),
  );
  const placed = take(await searchMapping(fixed, prepared, inlineJob()));
  expect(placed.mapping.layers.map((it) => it.replication)).toEqual(balance.layers.map((it) => it.replication));

  const replicas = sliceOf({ mode: 'throughput', mapping: 'first-fit', genetic: GENETIC });
  const { mapping } = take(await searchMapping(replicas, preparedFor(replicas), inlineJob()));
  const byName = Object.fromEntries(mapping.layers.map((it) => [it.name, it.replication]));
  const again = take(
    replicateAndPlace(prepared.layers, prepared.network, prepared.hardware, {
      style: prepared.style,
      method: 'manual',
      replicas: byName,
    }),
  );
  expect(genomeOf(mapping)).toEqual(genomeOf(again));
});

test('a cancelled search ends at once', async () => {
  const slice = sliceOf({ mode: 'latency', genetic: { ...GENETIC, generations: 1000 } });
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  const search = searchMapping(slice, preparedFor(slice), inlineJob({ signal: controller.signal, onProgress }));
  await expect(search).rejects.toMatchObject({ name: 'AbortError' });
});

test('a network that does not fit is refused with the chip that would do', async () => {
  const slice = sliceOf({ mode: 'throughput', genetic: GENETIC });
  const prepared = preparedFor(slice);
  const small = { ...prepared, hardware: { ...prepared.hardware, cores: { x: 2, y: 2 } } };
  const result = await searchMapping(slice, small, inlineJob());
  expect(result.ok ? '' : result.problems[0]!.code).toBe('does-not-fit');
});
