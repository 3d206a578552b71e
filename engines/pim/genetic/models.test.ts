import { expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import type { Mode } from '../types.ts';
import { preparedFor, sliceOf } from './genetic.fixture.ts';
import { genesOf, genomeOf, illegality, keyOf } from './genome.ts';
import { MappingProblem } from './problem.ts';
import { chipOf, layerShapes } from './shapes.ts';

const signal = new AbortController().signal;

function problemFor(mode: Mode) {
  const slice = sliceOf({ mode });
  const prepared = preparedFor(slice);
  return { prepared, problem: new MappingProblem(prepared, slice, signal) };
}

/** Heuristics, constructed seeds, and what mutations make of them. */
function manyMappings(problem: MappingProblem, count: number) {
  const { named, further } = problem.seeds();
  const genomes = [...named, ...further];
  const random = createRandom(7);
  let genome = further[0]!;
  for (let step = 0; genomes.length < count && step < 1000; step++) {
    genome = problem.vary({ genome, notes: problem.assess(genome).notes }, random) ?? genome;
    if (step % 3 === 2) genomes.push(genome);
  }
  return genomes;
}

test('the throughput model is the time of the real program by the released clock', async () => {
  const { problem } = problemFor('throughput');
  for (const genome of manyMappings(problem, 16)) {
    // Thousands of rounds of the same: one such mapping is enough, and the heuristics' own tests have it.
    if (problem.times(genome).timeNs > 1e6) continue;
    const exact = await problem.exact(genome);
    expect(problem.times(genome).timeNs / exact).toBeCloseTo(1, 2);
  }
});

test('the latency model is within 3 per cent of the real program', async () => {
  const { problem } = problemFor('latency');
  for (const genome of manyMappings(problem, 26)) {
    const exact = await problem.exact(genome);
    expect(Math.abs(problem.times(genome).timeNs / exact - 1)).toBeLessThan(0.03);
  }
});

test.each(['throughput', 'latency'] as const)('mutations in %s mode only make legal mappings', (mode) => {
  const { prepared, problem } = problemFor(mode);
  const shapes = layerShapes(prepared.network, prepared.layers, prepared.hardware, prepared.style);
  const chip = chipOf(prepared.hardware);
  const { named, further } = problem.seeds();
  expect(named.length).toBeGreaterThan(0);
  expect(further.length).toBeGreaterThan(0);
  const random = createRandom(11);
  for (const seed of [...named, ...further]) expect(illegality(seed, shapes, chip)).toBeUndefined();
  let genome = further[0]!;
  const { notes } = problem.assess(genome);
  const seen = new Set<string>();
  for (let step = 0; step < 400; step++) {
    const before = keyOf(genome);
    const next = problem.vary({ genome, notes }, random);
    expect(keyOf(genome)).toBe(before);
    if (!next) continue;
    expect(illegality(next, shapes, chip)).toBeUndefined();
    // The genes of the papers: array groups by layer and core, whole replicas of each layer.
    for (const shape of shapes) {
      const ags = genesOf(next)
        .filter(({ layer }) => layer === shape.index)
        .reduce((sum, { count }) => sum + count, 0);
      expect(ags % shape.slices.length).toBe(0);
    }
    seen.add(keyOf(next));
    genome = next;
  }
  expect(seen.size).toBeGreaterThan(200);
});

test('a genome is the mapping and nothing less', () => {
  const { problem } = problemFor('latency');
  for (const genome of problem.seeds().further) expect(genomeOf(problem.mappingOf(genome, ''))).toEqual(genome);
});

test('an overfull core and a torn replica are told', () => {
  const { prepared, problem } = problemFor('throughput');
  const shapes = layerShapes(prepared.network, prepared.layers, prepared.hardware, prepared.style);
  const chip = chipOf(prepared.hardware);
  const [genome] = problem.seeds().further;
  const crowded = { cores: genome!.cores.map((cores) => cores.map(() => 3)) };
  expect(illegality(crowded, shapes, chip)).toBe('core 3 holds more crossbars than it has');
  const torn = { cores: genome!.cores.map((cores, layer) => (layer === 1 ? cores.slice(1) : cores)) };
  expect(illegality(torn, shapes, chip)).toBe('layer 1 has a torn replica');
});
