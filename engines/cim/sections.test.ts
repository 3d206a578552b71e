import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { zooNetwork } from '../onnx/load.ts';
import type { Network } from '../onnx/network.ts';
import { toNetwork } from '../onnx/to-network.ts';
import { judge } from './judge.ts';
import { operatorsOf } from './operators.ts';
import { PRESETS } from './presets/index.ts';
import { DEFAULT_RULES, STUDY_RULES } from './rules.ts';
import type { CimProblem, CostRules, Segment } from './types.ts';

const hardware = PRESETS.dynaplasia!.hardware;

function zoo(id: string, symbols: Record<string, number> = {}): Network {
  const made = zooNetwork(id, symbols);
  if (!made.ok) throw new Error(made.problems[0]!.what);
  return made.value;
}

function problemOf(
  network: Network,
  blocks: 'folded' | 'one' | 'unrolled',
  rules: CostRules = DEFAULT_RULES,
): CimProblem {
  const list = operatorsOf(network, { hardware, rules, batch: 1, blocks });
  if (!list.ok) throw new Error(list.problems[0]!.what);
  return { ...list.value, hardware, rules, batch: 1 };
}

/** The operators of an unrolled network that a folded one's stand for, run by run. */
function unrolledAs({ sections }: CimProblem): { section: number; index(operator: number): number }[] {
  const runs: { section: number; index(operator: number): number }[] = [];
  let start = 0;
  for (const [section, { first, count, times }] of sections.entries()) {
    for (let run = 0; run < times; run++) {
      const from = start;
      runs.push({ section, index: (operator) => from + operator - first });
      start += count;
    }
  }
  return runs;
}

describe('sections of a network', () => {
  it('are what stands before a run of equal blocks, one block, and what comes after', () => {
    const vit = problemOf(zoo('vit-b16'), 'folded');
    expect(vit.sections.map(({ name, times }) => [name, times])).toEqual([
      ['before', 1],
      ['layer0', 12],
      ['after', 1],
    ]);
    const covered = vit.sections.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at));
    expect(covered).toEqual(vit.operators.map(({ index }) => index));
    // The head reads the last block, which stands for all.
    const last = vit.sections[1]!.first + vit.sections[1]!.count - 1;
    expect(vit.operators.at(-1)!.inputs.at(-1)!.operator).toBe(last);
    expect(
      vit.operators.at(-1)!.inputs.every(({ operator }) => vit.operators[operator]!.name.startsWith('layer0/mlp/fc2')),
    ).toBe(true);
  });

  it('hand a block’s output to the first products of the next, and to the sum at the end of its attention', () => {
    const { operators, sections } = problemOf(zoo('gpt2', { sequence: 4 }), 'folded');
    const names = (indices: readonly number[]) => [
      ...new Set(indices.map((each) => operators[each]!.name.replace(/\[.*/, ''))),
    ];
    const { carried } = sections[0]!;
    expect(names(carried.map(({ operator }) => operator))).toEqual(['layer0/mlp/fc2']);
    expect(names(carried.flatMap(({ readers }) => readers))).toEqual(['layer0/attention/qkv', 'layer0/attention/out']);
  });

  it('are one where the network is convolutional, unrolled, or a single block', () => {
    expect(problemOf(zoo('resnet50'), 'folded').sections).toHaveLength(1);
    const bert = zoo('bert-base', { sequence: 8 });
    const one = problemOf(bert, 'one');
    const all = problemOf(bert, 'unrolled');
    expect(one.sections).toMatchObject([{ times: 1, first: 0, count: one.operators.length, carried: [] }]);
    expect(all.sections).toHaveLength(1);
    const folded = problemOf(bert, 'folded');
    expect(folded.operators.length).toBeLessThan(all.operators.length);
    const repeated = folded.sections.reduce((sum, { count, times }) => sum + count * times, 0);
    expect(repeated).toBe(all.operators.length);
  });

  it('take the operators of each block for those of the first', () => {
    for (const [id, symbols] of [
      ['gpt2', { sequence: 1, past: 7 }],
      ['bert-base', { sequence: 8 }],
    ] as const) {
      const network = zoo(id, symbols);
      const folded = problemOf(network, 'folded');
      const all = problemOf(network, 'unrolled');
      for (const { section, index } of unrolledAs(folded)) {
        const { first, count } = folded.sections[section]!;
        for (const { inputs, weightsFrom, sums, name, layer, index: own, ...rest } of folded.operators.slice(
          first,
          first + count,
        )) {
          expect(all.operators[index(own)]).toMatchObject(rest);
        }
      }
    }
  });

  it('are not folded where a block reads more than the one before it', () => {
    const b = new GraphBuilder('skips');
    let x = b.linear(b.input('x', [1, 4, 8]), 8, 'in');
    const outs = [x];
    for (let block = 0; block < 4; block++) {
      const from = outs.at(-2) ?? x;
      x = b.scope(`block${block}`, () => b.linear(b.concat([x, from], 2, 'join'), 8, 'fc'));
      outs.push(x);
    }
    const network = toNetwork(b.output(b.linear(x, 3, 'out')));
    if (!network.ok) throw new Error(network.problems[0]!.what);
    expect(network.value.repeats).toHaveLength(1);
    const list = operatorsOf(network.value, { hardware, rules: DEFAULT_RULES, batch: 1, blocks: 'folded' });
    if (!list.ok) throw new Error(list.problems[0]!.what);
    expect(list.value.sections).toMatchObject([{ times: 1, count: 6 }]);
    expect(list.value.problems).toMatchObject([{ code: 'cim.not-folded', severity: 'note' }]);
  });
});

describe('a folded plan', () => {
  const networks = [
    zoo('gpt2', { sequence: 4 }),
    zoo('vit-b16'),
    zoo('bert-base', { sequence: 8 }),
    zoo('gpt2', { sequence: 1, past: 7 }),
  ];
  const rules: CostRules[] = [
    DEFAULT_RULES,
    STUDY_RULES,
    { ...DEFAULT_RULES, inPlace: true, reload: 'bytes' },
    { ...DEFAULT_RULES, inPlace: true, writeBack: 'held' },
  ];

  it('costs what the same plan of the unrolled network costs', () => {
    fc.assert(
      fc.property(fc.nat(networks.length - 1), fc.nat(rules.length - 1), fc.nat(1e9), (one, which, seed) => {
        const [network, rule, random] = [networks[one]!, rules[which]!, createRandom(seed)];
        const folded = problemOf(network, 'folded', rule);
        const all = problemOf(network, 'unrolled', rule);
        const planned = folded.sections.flatMap(({ first, count }, section) => {
          const segments: Segment[] = [];
          for (const operator of folded.operators.slice(first, first + count)) {
            const cut = random.float() < 0.5;
            const [compute, memoryIn, memoryOut] = [random.int(30), random.int(3), random.int(4)];
            if (cut || segments.length === 0) segments.push({ operators: [], allocations: [], shared: [] });
            const last = segments.at(-1)!;
            last.operators.push(operator.index);
            last.allocations.push({
              operator: operator.index,
              compute: operator.arrays + compute,
              memoryIn,
              memoryOut,
            });
          }
          return segments.map((segment) => ({ segment, section }));
        });
        const repeated = unrolledAs(folded).flatMap(({ section, index }) =>
          planned
            .filter((each) => each.section === section)
            .map(({ segment: { operators, allocations } }) => ({
              section: 0,
              segment: {
                operators: operators.map(index),
                allocations: allocations.map((each) => ({ ...each, operator: index(each.operator) })),
                shared: [],
              },
            })),
        );
        const { energy, ...totals } = judge(folded, planned).totals;
        const { energy: allEnergy, ...expected } = judge(all, repeated).totals;
        for (const key of Object.keys(totals) as (keyof typeof totals)[]) {
          // Sums of real numbers in another order.
          expect(Math.abs(totals[key] - expected[key])).toBeLessThanOrEqual(1e-12 * expected[key]);
        }
        expect(energy.totalPj / allEnergy.totalPj).toBeCloseTo(1, 12);
      }),
      { numRuns: 8 },
    );
  });
});
