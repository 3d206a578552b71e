import { describe, expect, it } from 'vitest';
import type { CostRules, Segment } from '../types.ts';
import { smallProblem } from './brute.fixture.ts';
import { checkSegment } from './check.ts';

/** op1 reads 16 bytes (two arrays) of op0; op2's weights are op1's output. */
function problem(rules: Partial<CostRules> = {}) {
  return smallProblem(
    [
      { arrays: 2, vectors: 1, streamBytes: 8 },
      { arrays: 1, vectors: 1, streamBytes: 8, inputs: [[0, 16]] },
      { arrays: 1, vectors: 1, streamBytes: 8, dynamic: true, weightsFrom: [1] },
    ],
    {},
    rules,
  );
}

function segment(change: (draft: Segment) => void = () => {}): Segment {
  const draft: Segment = {
    operators: [0, 1],
    allocations: [
      { operator: 0, compute: 2, memoryIn: 1, memoryOut: 3 },
      { operator: 1, compute: 3, memoryIn: 4, memoryOut: 1 },
    ],
    shared: [{ from: 0, to: 1, arrays: 2 }],
  };
  change(draft);
  return draft;
}

function whats(changed: Segment, rules?: Partial<CostRules>): string[] {
  return checkSegment(problem(rules), changed).map(({ what }) => what);
}

describe('a segment', () => {
  it('is legal up to the last array', () => {
    expect(whats(segment())).toEqual([]);
    // 5 in compute, 9 less 2 shared in memory: exactly twelve.
    expect(whats(segment(({ allocations }) => (allocations[1]!.memoryIn = 5)))).toEqual([
      'The segment takes 5 arrays in compute and 8 in memory mode, and the chip has 12.',
    ]);
  });

  it('says where the segment comes from, and what to do', () => {
    const change = segment(({ allocations }) => (allocations[0]!.compute = 1));
    expect(checkSegment(problem(), change, 'slices.cim.cuts')).toEqual([
      {
        code: 'cim.segment.weights',
        severity: 'error',
        what: 'The weights of "op0" take 2 arrays, and it has 1 in compute mode.',
        remedy: 'Give it 1 more.',
        where: { path: 'slices.cim.cuts' },
      },
    ]);
  });

  it('has every operator once, and in the order of the pipeline', () => {
    expect(whats({ operators: [], allocations: [], shared: [] })).toEqual(['A segment has no operator.']);
    expect(whats(segment(({ operators }) => operators.push(7, 0)))).toEqual([
      'There is no operator number 7.',
      '"op0" stands twice in one segment.',
    ]);
    expect(whats(segment(({ operators }) => operators.reverse()))).toEqual([
      '"op1" reads "op0", which comes after it in the segment.',
    ]);
  });

  it('gives every operator whole arrays, once', () => {
    expect(whats(segment(({ allocations }) => allocations.pop()))).toEqual(['"op1" is given no arrays.']);
    expect(whats(segment(({ allocations }) => allocations.push({ ...allocations[0]!, operator: 2 })))).toEqual([
      '"op2" is given arrays, and is not in the segment.',
    ]);
    expect(whats(segment(({ allocations }) => allocations.push(allocations[0]!)))).toEqual([
      '"op0" is given arrays twice.',
    ]);
    expect(whats(segment(({ allocations }) => (allocations[0]!.memoryIn = 0.5)))).toEqual([
      'The arrays of "op0" are not whole numbers of at least 0.',
    ]);
  });

  it('shares only what one hands to the other', () => {
    expect(whats(segment(({ shared }) => (shared[0]!.arrays = 3)))).toEqual([
      '"op0" and "op1" share 3 arrays, and what the one hands to the other fills 2.',
    ]);
    expect(whats(segment(({ shared }) => shared.push({ from: 1, to: 0, arrays: 1 })))).toEqual([
      '"op1" and "op0" share arrays, but the second does not read the first within the segment.',
    ]);
    expect(whats(segment(({ shared }) => shared.push(shared[0]!)))).toEqual([
      'What "op0" and "op1" share is not one whole number of at least 1.',
    ]);
    expect(whats(segment(({ allocations }) => (allocations[0]!.memoryOut = 1)))).toEqual([
      '"op0" shares more output arrays than it has, by 1.',
    ]);
    expect(whats(segment(), { sharing: false })).toEqual([
      '"op0" and "op1" share arrays, and the rules of costs allow none.',
    ]);
  });

  it('keeps computed operands out of the segment that computes them, unless the rules let them in', () => {
    const both: Segment = {
      operators: [1, 2],
      allocations: [1, 2].map((operator) => ({ operator, compute: 1, memoryIn: 0, memoryOut: 0 })),
      shared: [],
    };
    expect(whats(both)).toEqual(['"op2" has the output of "op1" as weights, and stands in the same segment.']);
    expect(whats(both, { dynamicInSegment: true })).toEqual([]);
    expect(whats({ ...both, operators: [2, 1] }, { dynamicInSegment: true })).toEqual([
      '"op2" has the output of "op1" as weights, which comes after it in the segment.',
    ]);
  });
});
