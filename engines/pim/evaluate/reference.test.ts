import { describe, expect, it } from 'vitest';
import { Op, Stage } from '../program/types.ts';
import { evaluateReference } from './reference.ts';
import { REFERENCE_MVM_NS } from './reference-walk.ts';
import { chipOf, mappingOf, product, programOf } from './small-program.ts';

const run = (program: ReturnType<typeof programOf>) =>
  evaluateReference(program, mappingOf(4), chipOf({ mvmLatencyNs: REFERENCE_MVM_NS }));
const starts = (cores: Parameters<typeof programOf>[0]) => [...run(programOf(cores)).trace.startNs];
const ends = (cores: Parameters<typeof programOf>[0]) => [...run(programOf(cores)).trace.endNs];

describe('evaluateReference', () => {
  it('gives the trace of the released program: first product at 61 on a core at 47, the next 200 ns apart', () => {
    // 3,008 bytes at 64 a slot: 47 slots. Two passes over 160 bytes at 25.6: 14 ns.
    const load = { op: Op.LD, elements: 1504 };
    const copy = { op: Op.LMV, elements: 80 };
    const lines = [load, copy, product(0), product(1), product(2)];
    expect(starts([lines])).toEqual([0, 47, 61, 261, 461]);
    expect(ends([lines])).toEqual([47, 61, 847, 1061, 1261]);
  });

  it('keeps one array group from multiplying twice at once', () => {
    const lines = [{ op: Op.LMV, elements: 80 }, product(0), product(1), product(0)];
    expect(starts([lines])).toEqual([0, 14, 214, 814]);
  });

  it('starts every group of instructions where the core stands', () => {
    const lines = [product(0), product(1), product(2, { group: 1 }), product(3, { group: 1 })];
    expect(starts([lines])).toEqual([0, 200, 1000, 1200]);
  });

  it('puts input copies on a time line of their own, all others on the core', () => {
    const copies = (stage: 2 | 6) => [
      { op: Op.LMV, elements: 640, stage },
      { op: Op.VRELU, elements: 320, stage: Stage.POST },
    ];
    // 1,280 bytes: 50 ns, twice. 640 bytes in steps of 64: 100 ns.
    expect(starts([copies(Stage.MAIN)])).toEqual([0, 0]);
    expect(starts([copies(Stage.POST)])).toEqual([0, 100]);
    expect(ends([copies(Stage.POST)])).toEqual([100, 200]);
  });

  it('lets both ends of a transfer meet, and the bus carry 25.6 bytes a ns', () => {
    const sender = [
      { op: Op.VRELU, elements: 320, stage: Stage.POST },
      { op: Op.SEND, src1: 0, elements: 128, pair: 0, peer: 1 },
    ];
    const receiver = [
      { op: Op.RECV, dst: 0, elements: 128, pair: 0, peer: 0 },
      { op: Op.VVADD, elements: 128, stage: Stage.MAIN_C },
    ];
    const result = run(programOf([sender, receiver]));
    expect([...result.trace.endNs]).toEqual([100, 110, 110, 150]);
    expect([...result.cores.waitNs]).toEqual([0, 100]);
    expect([result.transfers, result.transferBytes]).toEqual([1, 256]);
  });

  it('books the bus in the order of its walk, not of time', () => {
    // Core 0 waits for core 1, which waits for core 3; core 2 and 3 are visited in between.
    const relu = (elements: number) => ({ op: Op.VRELU, elements, stage: Stage.POST });
    const cores = [
      [relu(320), { op: Op.SEND, elements: 1280, pair: 0, peer: 1 }],
      [{ op: Op.RECV, elements: 1280, pair: 0, peer: 0 }],
      [{ op: Op.SEND, elements: 1280, pair: 1, peer: 3 }],
      [relu(160), { op: Op.RECV, elements: 1280, pair: 1, peer: 2 }],
    ];
    // The pair of cores 2 and 3 is ready at 50, that of 0 and 1 at 100 but is walked first: 100 .. 200; the other takes
    // the 50 slots before and the 50 after it.
    const { endNs } = run(programOf(cores)).trace;
    expect([...endNs]).toEqual([100, 200, 200, 250, 50, 250]);
  });

  it('shares the global memory of 64 bytes a ns between the cores of a chip', () => {
    const load = [{ op: Op.LD, elements: 3200 }];
    expect(ends([load, load])).toEqual([100, 200]);
    const apart = [load, ...Array.from({ length: 143 }, () => []), load];
    expect(ends(apart)).toEqual([100, 100]);
  });

  it('adds the way between chips, at 6.4 bytes a ns', () => {
    const sender = [{ op: Op.SEND, elements: 128, pair: 0, peer: 144 }];
    const receiver = [{ op: Op.RECV, elements: 128, pair: 0, peer: 0 }];
    const cores = [sender, ...Array.from({ length: 143 }, () => []), receiver];
    expect(run(programOf(cores)).timeNs).toBe(50);
  });

  it('gives no time to what the released evaluator has no case for', () => {
    const lines = [Op.VVMUL, Op.VVSUB, Op.VRSU, Op.VMULI, Op.VSOFTMAX].map((op) => ({ op, elements: 6400 }));
    expect(run(programOf([lines])).timeNs).toBe(0);
  });

  it('counts only loads as volume, and stores apart', () => {
    const result = run(programOf([[{ op: Op.LD, elements: 5 }, { op: Op.ST, elements: 7 }, product(0)]]));
    expect([result.loadBytes, result.storeBytes, result.mvms]).toEqual([10, 14, 1]);
  });

  it('names the transfer whose partner never comes', () => {
    expect(() => run(programOf([[{ op: Op.SEND, pair: 3, peer: 1 }], []]))).toThrow(/Core 0 .* transfer 3/);
  });

  it('meets a partner of a later group, and goes on with what was left', () => {
    const sender = [
      { op: Op.SEND, elements: 128, pair: 0, peer: 1 },
      { op: Op.VRELU, elements: 32, stage: Stage.POST },
    ];
    const receiver = [
      { op: Op.VRELU, elements: 32, stage: Stage.POST },
      { op: Op.RECV, elements: 128, pair: 0, peer: 0, group: 1 },
    ];
    expect(ends([sender, receiver])).toEqual([20, 30, 10, 20]);
  });

  it('sums times by layer', () => {
    const { layers } = run(programOf([[product(0), { op: Op.VRELU, layer: 1, elements: 32, stage: Stage.POST }]]));
    expect([...layers.mvmNs]).toEqual([800, 0]);
    expect([layers.startNs[1], layers.endNs[1], layers.vectorNs[1]]).toEqual([800, 810, 10]);
    expect([...layers.mvms]).toEqual([1, 0]);
  });
});
