import { describe, expect, it } from 'vitest';
import type { ArrayRole } from '../../../../../engines/cim/place.ts';
import { PRESETS } from '../../../../../engines/cim/presets/index.ts';
import type { CimOperator, CimReport } from '../../../../../engines/cim/types.ts';
import { arrayFacts, type StripStep, segmentAt, stripEdges } from './chip-model.ts';
import { factLines } from './facts-text.ts';
import { RoleMaps } from './role-maps.ts';

const c = (operator: number, switched = false): ArrayRole => ({ mode: 'compute', role: 'compute', operator, switched });
const memory = (role: 'input' | 'output', operator: number, switched = false): ArrayRole => ({
  mode: 'memory',
  role,
  operator,
  switched,
});
const idle = (mode: ArrayRole['mode']): ArrayRole => ({ mode, role: 'idle', switched: false });

/** Six arrays, three a row. The second segment reads what the first left in array 4. */
const MAPS: ArrayRole[][] = [
  [c(0), c(0), c(0), idle('compute'), memory('output', 0, true), memory('input', 0, true)],
  [c(1), c(1), idle('compute'), c(1), memory('input', 1), c(2, true)],
  [
    c(2),
    { mode: 'memory', role: 'shared', operator: 2, other: 3, switched: true },
    c(3),
    c(3),
    idle('memory'),
    idle('compute'),
  ],
];

const operator = (index: number, arrays: number, reads: number[]): CimOperator =>
  ({
    index,
    name: `op${index}`,
    arrays,
    dynamic: index === 3,
    inputs: reads.map((each) => ({ operator: each, bytes: 100 })),
  }) as CimOperator;

const report = {
  hardware: { ...PRESETS.dynaplasia!.hardware, arrays: 6, grid: { columns: 3 } },
  problem: { operators: [operator(0, 2, []), operator(1, 3, [0]), operator(2, 1, [1]), operator(3, 2, [2])] },
} as unknown as CimReport;

function maps(): RoleMaps {
  const made = new RoleMaps(MAPS.values());
  made.reach(2, () => 0);
  return made;
}
const facts = (segment: number, array: number) => arrayFacts(report, maps(), segment, array)!;

describe('what an array is and holds', () => {
  it('of compute arrays: a part of the weights, and of which copy', () => {
    expect(facts(0, 1)).toMatchObject({ row: 1, column: 2, weights: { part: 2, parts: 2, copy: 1 } });
    expect(facts(0, 2).weights).toEqual({ part: 1, parts: 2, copy: 2 });
    expect(facts(1, 3)).toMatchObject({ row: 2, column: 1, weights: { part: 3, parts: 3, copy: 1 } });
  });

  it('of memory arrays: whose data, and whether it may have stayed', () => {
    expect(facts(0, 4)).toMatchObject({ remembers: true, switched: true, place: { at: 1, of: 1 }, lastSwitch: 0 });
    expect(facts(0, 4).keptFrom).toBeUndefined();
    expect(facts(1, 4)).toMatchObject({ switched: false, keptFrom: 0, lastSwitch: 0 });
    expect(facts(2, 1)).toMatchObject({ role: 'shared', operator: 2, other: 3, place: { at: 1, of: 1 } });
  });

  it('of idle arrays: the mode that it kept, and since when', () => {
    expect(facts(2, 4)).toMatchObject({ role: 'idle', remembers: true, operator: undefined, lastSwitch: 0 });
    expect(facts(2, 5)).toMatchObject({ role: 'idle', remembers: false, lastSwitch: 1 });
    expect(facts(0, 0).lastSwitch).toBeUndefined();
  });

  it('is said in words', () => {
    const said = (segment: number, array: number) =>
      Object.fromEntries(factLines(facts(segment, array), report.problem.operators));
    expect(said(1, 4)).toEqual({
      Array: '4 (row 2, column 2)',
      Mode: 'memory',
      Role: 'Input buffer',
      Operator: 'op1',
      Holds: 'inputs of op1, array 1 of 1',
      Kept: 'stood with outputs of op0 in the segment before; they can stay',
      Switched: 'C>M, on the way into segment 1',
    });
    expect(said(1, 5).Switched).toBe('M>C, on the way into this segment');
    expect(said(2, 2).Holds).toBe('computed operand of op3, part 1 of 2, copy 1');
    expect(said(2, 4)).not.toHaveProperty('Operator');
  });
});

describe('role maps', () => {
  it('are placed as they are asked for, a frame at a time', () => {
    let now = 0;
    const made = new RoleMaps(MAPS.values());
    // Every look at the clock is 20 ms later: one map a frame.
    const clock = () => (now += 20);
    expect(made.reach(2, clock)).toBe(false);
    expect(made.known).toBe(1);
    expect(made.reach(2, clock)).toBe(false);
    expect(made.reach(2, clock)).toBe(true);
    expect(made.at(2)?.role(1)).toBe('shared');
    // The plan ends before.
    expect(made.reach(7, clock)).toBe(true);
    expect(made.at(7)).toBeUndefined();
  });
});

describe('the strip', () => {
  const steps: StripStep[] = [10, 30, 0, 60].map((cycles) => ({ compute: 1, memory: 0, idle: 0, cycles }));
  it('has segments equally wide, or as long as they take', () => {
    expect(stripEdges(steps, false)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(stripEdges(steps, true)).toEqual([0, 0.1, 0.4, 0.4, 1]);
  });

  it('finds the segment at a place', () => {
    const edges = stripEdges(steps, false);
    expect([0, 0.24, 0.25, 0.6, 1].map((share) => segmentAt(edges, share))).toEqual([0, 0, 1, 2, 3]);
  });
});
