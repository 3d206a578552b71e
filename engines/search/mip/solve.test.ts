import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MipBuilder } from './builder.ts';
import { solveMip } from './solve.ts';
import { mipText } from './text.ts';
import type { Mip } from './types.ts';

const options = { signal: new AbortController().signal, timeLimitSeconds: 20 };

async function solved(mip: Mip, timeLimitSeconds = 20) {
  const result = await solveMip(mip, { ...options, timeLimitSeconds });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** Items with weights and values, of which those within a weight are to be worth most. */
function knapsack(items: readonly [weight: number, value: number][], most: number): Mip {
  const builder = new MipBuilder('maximise');
  const taken = items.map(([, value], at) => builder.column(`take_${at}`, { upper: 1, integer: true, cost: value }));
  builder.atMost(
    'weight',
    most,
    taken.map((column, at) => [column, items[at]![0]]),
  );
  return builder.mip;
}

describe('a mixed-integer program', () => {
  it('is solved as trying everything solves it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 30 })), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.integer({ min: 0, max: 60 }),
        async (items, most) => {
          let best = 0;
          for (let chosen = 0; chosen < 2 ** items.length; chosen++) {
            const [weight, value] = items.reduce(
              ([w, v], item, at) => (Math.floor(chosen / 2 ** at) % 2 === 1 ? [w + item[0], v + item[1]] : [w, v]),
              [0, 0],
            );
            if (weight <= most) best = Math.max(best, value);
          }
          const { status, objective, bound } = await solved(knapsack(items, most));
          expect(status).toBe('optimal');
          expect(objective).toBe(best);
          expect(bound).toBeCloseTo(best, 6);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('may have no solution', async () => {
    const builder = new MipBuilder('minimise');
    const x = builder.integer('x', 0, 3);
    builder.atLeast('much', 5, [[x, 1]]);
    expect((await solved(builder.mip)).status).toBe('infeasible');
  });

  it('out of time has at most what it found, and is not called optimal', async () => {
    const items = Array.from({ length: 40 }, (_, at): [number, number] => [13 + ((at * 7) % 11), 17 + ((at * 5) % 13)]);
    const { status } = await solved(knapsack(items, 200), 0);
    expect(status).toBe('time-limit');
  });

  it('is its best also where the solver’s own presolve goes wrong', async () => {
    // Time of 8/3 over count, reload in proportion to it. Four: 2 + 4 x 0.6625 = 4.6501; HiGHS 1.15 with presolve says 4.9126.
    const builder = new MipBuilder('minimise');
    const time = builder.column('time', { cost: 1 });
    const reload = builder.column('reload', { cost: 1 });
    const compute = builder.integer('com', 3, 8);
    const buffers = builder.integer('in', 0, 5);
    const others = builder.integer('out', 0, 5);
    builder.atMost('chip', 8, [
      [compute, 1],
      [buffers, 1],
      [others, 1],
    ]);
    const choose = (name: string, counted: number[], times: [number, number][]) => {
      const chosen = times.map(([count]) => builder.binary(`${name}_is_${count}`));
      builder.equal(
        `${name}_one`,
        1,
        chosen.map((column) => [column, 1]),
      );
      builder.atLeast(`${name}_count`, 0, [
        ...counted.map((column): [number, number] => [column, 1]),
        ...chosen.map((column, at): [number, number] => [column, -times[at]![0]]),
      ]);
      builder.atLeast(`${name}_time`, 0, [
        [time, 1],
        ...chosen.map((column, at): [number, number] => [column, -times[at]![1]]),
      ]);
    };
    choose(
      'compute',
      [compute],
      [3, 4, 5, 6, 7, 8].map((count): [number, number] => [count, 8 / count]),
    );
    builder.atLeast('reload', 0, [
      [reload, 1],
      [compute, -0.6625258799171843],
    ]);
    choose(
      'feed',
      [buffers, others],
      [
        [0, 1.9091379634857897],
        [1, 1.0000246475401755],
        [2, 0.6774360515594737],
      ],
    );
    const { objective, values } = await solved(builder.mip);
    expect(objective).toBeCloseTo(2 + 4 * 0.6625258799171843, 9);
    expect(values![compute]).toBe(4);
  });

  it('is written as text that names its columns and rows', () => {
    const text = mipText(
      knapsack(
        [
          [2, 3],
          [4, 5],
        ],
        5,
      ),
      ['A comment.'],
    );
    expect(text).toMatch(/A comment\./);
    expect(text).toMatch(/Maximize[\s\S]*3 take_0 \+ 5 take_1[\s\S]*weight: [+ ]*2 take_0 \+ 4 take_1 <= 5[\s\S]*End/);
  });
});
