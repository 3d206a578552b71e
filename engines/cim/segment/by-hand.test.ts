import { describe, expect, it } from 'vitest';
import { allocateExactly } from '../allocate/exact.ts';
import { ALL_IMPROVEMENTS, NO_IMPROVEMENTS } from '../rules.ts';
import type { CimProblem, Improvements } from '../types.ts';
import { segmentByHand } from './by-hand.ts';
import { smallProblem } from './exhaustive.fixture.ts';
import { segmentImproved } from './improved.ts';
import { judged, problemOf } from './zoo.fixture.ts';

const job = { signal: new AbortController().signal, progress: () => {} };
const IN_ORDER: Improvements = { ...ALL_IMPROVEMENTS, orders: false };

function byHand(problem: CimProblem, cuts: string[], improvements = IN_ORDER) {
  return segmentByHand(problem, cuts, { improvements, memory: true, allocate: allocateExactly }, job);
}

const FOUR = smallProblem({
  arrays: 8,
  operators: [
    { arrays: 3, vectors: 4, streamBytes: 16, outputBytes: 16 },
    { arrays: 3, vectors: 4, streamBytes: 16, outputBytes: 16, inputs: [0] },
    { arrays: 4, vectors: 4, streamBytes: 16, outputBytes: 16, inputs: [1] },
    { arrays: 2, vectors: 4, streamBytes: 16, outputBytes: 16, inputs: [0], weightsFrom: [1] },
  ],
});

describe('segmentByHand', () => {
  it('cuts where it is told', async () => {
    const cut = await byHand(FOUR, ['o2', 'o1']);
    expect(cut.ok && cut.value.sections[0]!.segments.map(({ segment }) => segment.operators)).toEqual([
      [0, 1],
      [2],
      [3],
    ]);
  });

  it('reaches the compiler’s own plan with the compiler’s cuts, and nothing better with others', async () => {
    const problem = await problemOf({ model: 'resnet18' });
    const own = await judged(segmentImproved, problem, IN_ORDER);
    const names = own.segments.map(({ operators }) => problem.operators[operators.at(-1)!]!.name);
    const same = await judged((...args) => segmentByHand(args[0], names, args[1], args[2]), problem, IN_ORDER);
    expect(same.totals.cycles).toBeCloseTo(own.totals.cycles, 6);
    const alone = problem.operators.map(({ name }) => name);
    const other = await judged((...args) => segmentByHand(args[0], alone, args[1], args[2]), problem, IN_ORDER);
    expect(other.segments.length).toBe(problem.operators.length);
    expect(other.totals.cycles).toBeGreaterThan(own.totals.cycles);
    const single = await judged((...args) => segmentByHand(args[0], names, args[1], args[2]), problem, NO_IMPROVEMENTS);
    expect(single.totals.cycles).toBeGreaterThanOrEqual(own.totals.cycles);
  });

  it('says which segment does not fit, by how much, and where to cut it', async () => {
    const cut = await byHand(FOUR, ['o2']);
    expect(cut.ok).toBe(false);
    expect(!cut.ok && cut.problems).toEqual([
      {
        code: 'cim.cuts',
        severity: 'error',
        what: 'The segment "o0" to "o2" takes 10 arrays, 2 more than the chip has.',
        remedy: 'Cut after "o1" or before.',
        where: { path: 'slices.cim.cuts.0' },
      },
    ]);
  });

  it('refuses weights that the same segment computes, unless the rules allow them', async () => {
    const problem = { ...FOUR, hardware: { ...FOUR.hardware, arrays: 20 } };
    const cut = await byHand(problem, ['o0']);
    expect(!cut.ok && cut.problems.map(({ what, remedy, where }) => [what, remedy, where?.path])).toEqual([
      [
        'The segment "o1" to "o3" holds "o3", whose weights "o1" computes in the same segment.',
        'Cut between "o1" and "o3", or allow it in the rules.',
        'slices.cim.cuts',
      ],
    ]);
    expect((await byHand({ ...problem, rules: { ...problem.rules, dynamicInSegment: true } }, ['o0'])).ok).toBe(true);
  });

  it('knows names that are nearly right, and layers that are in parts', async () => {
    const cut = await byHand(await problemOf({ model: 'vgg16' }), ['stage1/conf1', 'stage4/conv2', 'nowhere at all']);
    expect(!cut.ok && cut.problems.slice(0, 3).map(({ what, remedy, where }) => [what, remedy, where?.path])).toEqual([
      ['There is no operator "stage1/conf1".', 'Did you mean "stage1/conv1"?', 'slices.cim.cuts.0'],
      [
        'There is no operator "stage4/conv2".',
        'It is cut into 3 parts, since it is too large for the chip: the last is "stage4/conv2[3/3]".',
        'slices.cim.cuts.1',
      ],
      [
        'There is no operator "nowhere at all".',
        'Name the operator that ends the segment, as the view of the segments does, or take the cut out.',
        'slices.cim.cuts.2',
      ],
    ]);
  });
});
