import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostSharedByTrial, type SmallOperator, smallProblem } from './brute.fixture.ts';
import { allocateExactly } from './exact.ts';
import type { Table } from './exact-table.ts';
import { share } from './sharing.ts';
import { type Edge, mostByFlow } from './sharing-flow.ts';

function shared(room: number[], edges: [from: number, to: number, most: number][]) {
  const pairs = edges.map(([from, to, most]) => ({ from, to, most }));
  const chain = pairs.every(({ from, to }) => to === from + 1);
  const { total, by } = share({ size: room.length, memory: Int32Array.from(room), pairs, chain } as unknown as Table);
  return { total, by: [...by.slice(0, edges.length)] };
}

describe('sharing', () => {
  it('goes along a chain', () => {
    expect(
      shared(
        [2, 3, 4],
        [
          [0, 1, 9],
          [1, 2, 9],
        ],
      ),
    ).toEqual({ total: 3, by: [2, 1] });
    expect(
      shared(
        [2, 3, 4],
        [
          [0, 1, 1],
          [1, 2, 9],
        ],
      ),
    ).toEqual({ total: 3, by: [1, 2] });
  });

  it('does not spend on the first partner what only the second can use', () => {
    // 0 feeds 1 and 2; 1 feeds 3. Taking pairs as they come would give 0 and 1 two arrays, and no more.
    expect(
      shared(
        [2, 2, 2, 2],
        [
          [0, 1, 9],
          [0, 2, 9],
          [1, 3, 9],
        ],
      ),
    ).toEqual({ total: 4, by: [0, 2, 2] });
  });

  it('finds that three of one circle share one array less than half of theirs', () => {
    expect(
      shared(
        [1, 1, 1],
        [
          [0, 1, 9],
          [0, 2, 9],
          [1, 2, 9],
        ],
      ).total,
    ).toBe(1);
    expect(
      shared(
        [3, 3, 3],
        [
          [0, 1, 9],
          [0, 2, 9],
          [1, 2, 9],
        ],
      ).total,
    ).toBe(4);
  });

  it('shares as much as any choice of numbers does, and nothing twice', () => {
    const graph = fc.integer({ min: 2, max: 7 }).chain((nodes) => {
      const node = fc.integer({ min: 0, max: nodes - 1 });
      return fc.record({
        room: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: nodes, maxLength: nodes }),
        edges: fc.array(fc.tuple(node, node, fc.integer({ min: 0, max: 3 })), { maxLength: 9 }),
      });
    });
    fc.assert(
      fc.property(graph, ({ room, edges: drawn }) => {
        const edges = drawn
          .filter(([a, b]) => a !== b)
          .map(([a, b, most]): Edge => ({ from: Math.min(a, b), to: Math.max(a, b), most }))
          .sort((a, b) => a.to - b.to);
        const most = mostSharedByTrial(room, edges);
        const asTuples = edges.map(({ from, to, most: each }): [number, number, number] => [from, to, each]);
        for (const { total, by } of [mostByFlow(room, edges), shared(room, asTuples)]) {
          expect(total).toBe(most);
          const left = [...room];
          for (const [at, edge] of edges.entries()) {
            left[edge.from]! -= by[at]!;
            left[edge.to]! -= by[at]!;
            expect(by[at]).toBeGreaterThanOrEqual(0);
            expect(by[at]).toBeLessThanOrEqual(edge.most);
          }
          expect(Math.min(...left)).toBeGreaterThanOrEqual(0);
          expect(by.reduce((sum, each) => sum + each, 0)).toBe(total);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('input and output buffers', () => {
  const operators: SmallOperator[] = [
    { arrays: 1, vectors: 1, streamBytes: 80 },
    { arrays: 1, vectors: 1, streamBytes: 80, inputs: [[0, 16]] },
    { arrays: 1, vectors: 1, streamBytes: 80, dynamic: true, weightsFrom: [0] },
  ];
  const allocated = (rules: Parameters<typeof smallProblem>[2]) =>
    allocateExactly(smallProblem(operators, { arrays: 8 }, rules), [0, 1], { memory: true, withReload: false })!
      .segment;

  it('are what they are shared as; the others are input', () => {
    // Eight arrays, two compute: four buffers each but for the two that 16 bytes fill.
    expect(allocated({})).toEqual({
      operators: [0, 1],
      allocations: [
        { operator: 0, compute: 1, memoryIn: 2, memoryOut: 2 },
        { operator: 1, compute: 1, memoryIn: 4, memoryOut: 0 },
      ],
      shared: [{ from: 0, to: 1, arrays: 2 }],
    });
  });

  it('are output where they may become weights in place', () => {
    expect(allocated({ inPlace: true }).allocations[0]).toEqual({ operator: 0, compute: 1, memoryIn: 0, memoryOut: 4 });
  });

  it('are nobody else’s where sharing is ruled out', () => {
    const { allocations, shared: pairs } = allocated({ sharing: false });
    expect(pairs).toEqual([]);
    expect(allocations.map(({ memoryIn, memoryOut }) => [memoryIn, memoryOut])).toEqual([
      [3, 0],
      [3, 0],
    ]);
  });
});
