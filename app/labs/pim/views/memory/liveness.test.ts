import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../../../../../engines/pim/program/builder.ts';
import { Op, Stage } from '../../../../../engines/pim/program/types.ts';
import type { Mapping } from '../../../../../engines/pim/types.ts';
import { memoryUse, thinned } from './liveness.ts';

const shared = { stage: Stage.MAIN, group: 0, layer: 0 };

/** Loads 8 elements, multiplies them into 4, adds a loaded bias of 4 in place, stores the 4. */
function shown() {
  const builder = new ProgramBuilder(1);
  const core = builder.cores[0]!;
  core.push({ ...shared, op: Op.LD, dst: 0, src1: 100, elements: 8 });
  core.push({ ...shared, op: Op.MVMUL, ag: 0, dst: 8, src1: 0, elements: 8 });
  core.push({ ...shared, op: Op.LD, dst: 0, src1: 200, elements: 4 });
  core.push({ ...shared, op: Op.VVADD, dst: 8, src1: 8, src2: 0, elements: 4 });
  core.push({ ...shared, op: Op.ST, dst: 300, src1: 8, elements: 4 });
  const program = builder.finish({
    groups: 1,
    elementBytes: 2,
    regions: new Int32Array(1),
    constants: new Int32Array(1),
    globalElements: 400,
    localElements: Int32Array.of(12),
    samples: 1,
    order: 'pipelined',
  });
  const mapping = { ags: { columnStart: Int32Array.of(0), columnEnd: Int32Array.of(4) } } as unknown as Mapping;
  const trace = { startNs: Float64Array.of(0, 10, 30, 40, 50), endNs: Float64Array.of(10, 30, 40, 50, 60) };
  return { program, trace, mapping };
}

describe('local memory in use', () => {
  it('counts a value from its writing to its last reading', () => {
    const use = memoryUse(shown(), 0);
    const at = (ns: number) => use.elements[use.timesNs.findLastIndex((time) => time <= ns)];
    // 8 inputs; inputs and products; products and bias; sums, written over what they were made from; nothing.
    expect([5, 20, 35, 45, 55, 60].map(at)).toEqual([8, 12, 8, 12, 4, 0]);
    expect(use.peak).toBe(12);
  });

  it('keeps the peaks when it is thinned', () => {
    const use = memoryUse(shown(), 0);
    const points = thinned(use, 3);
    expect(points.length).toBe(4);
    expect(Math.max(...points.map(([, elements]) => elements))).toBe(use.peak);
    expect(points.at(-1)).toEqual([60, 0]);
  });
});
