import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../../../../../engines/pim/program/builder.ts';
import { Op, Stage } from '../../../../../engines/pim/program/types.ts';
import { matches, placeOf } from './matches.ts';

const NAMES = ['input', 'first', 'second'];

const builder = new ProgramBuilder(3);
const shared = { stage: Stage.MAIN, group: 0, elements: 1 };
builder.cores[0]!.push({ ...shared, op: Op.LD, layer: 1 });
builder.cores[0]!.push({ ...shared, op: Op.MVMUL, layer: 1, ag: 7 });
builder.cores[2]!.push({ ...shared, op: Op.MVMUL, layer: 1, ag: 8 });
builder.cores[2]!.push({ ...shared, op: Op.ST, layer: 2 });
const program = builder.finish({
  groups: 1,
  elementBytes: 2,
  regions: new Int32Array(3),
  constants: new Int32Array(3),
  globalElements: 0,
  localElements: new Int32Array(3),
  samples: 1,
  order: 'as-is',
});

describe('narrowing the listing', () => {
  it('keeps what fits all that is asked, in order', () => {
    expect(matches(program, {}, NAMES)).toBeUndefined();
    expect([...matches(program, { op: Op.MVMUL }, NAMES)!]).toEqual([1, 2]);
    expect([...matches(program, { op: Op.MVMUL, query: 'core:2' }, NAMES)!]).toEqual([2]);
    expect([...matches(program, { layer: 1, query: 'ag:7' }, NAMES)!]).toEqual([1]);
    expect([...matches(program, { query: 'second' }, NAMES)!]).toEqual([3]);
    expect([...matches(program, { query: 'core:1' }, NAMES)!]).toEqual([]);
  });

  it('finds the place of an instruction, or of the next that fits', () => {
    const fitting = Int32Array.of(2, 5, 9);
    expect([2, 3, 9, 30].map((at) => placeOf(fitting, at))).toEqual([0, 1, 2, 2]);
  });
});
