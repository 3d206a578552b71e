import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import type { Hardware } from '../hardware.ts';
import { type Instruction, Op, Stage } from '../program/types.ts';
import { evaluateOwn, evaluateOwnAsync } from './own.ts';
import { chipOf, mappingOf, product, programOf } from './small-program.ts';

type Cores = Parameters<typeof programOf>[0];
const run = (cores: Cores, changes: Partial<Hardware> = {}, bits = 16) =>
  evaluateOwn(programOf(cores), mappingOf(8, bits), chipOf(changes));
const spans = (cores: Cores, changes: Partial<Hardware> = {}) => {
  const { startNs, endNs } = run(cores, changes).trace;
  return [...startNs].map((start, k) => [start, endNs[k]]);
};
const relu = (src1: number, dst: number, elements = 32) => ({ op: Op.VRELU, src1, dst, elements, stage: Stage.POST });

describe('a core', () => {
  it('takes 4,000 ns a product, and starts products of different array groups 200 ns apart', () => {
    expect(spans([[product(0), product(1), product(2)]])).toEqual([
      [0, 4000],
      [200, 4200],
      [400, 4400],
    ]);
  });

  it('multiplies once at a time with one array group', () => {
    const again = product(0, { src1: 2000, dst: 3000 });
    expect(spans([[product(0), again]])).toEqual([
      [0, 4000],
      [4000, 8000],
    ]);
  });

  it('takes a time in proportion to the precision of the layer', () => {
    expect(run([[product(0)]], {}, 8).timeNs).toBe(2000);
  });

  it('waits for operands: read after write, write after read, write after write', () => {
    expect(spans([[product(0), relu(128, 5000, 64)]])[1]).toEqual([4000, 4020]);
    expect(spans([[product(0), relu(6000, 0)]])[1]).toEqual([4000, 4010]);
    expect(spans([[product(0), relu(6000, 200)]])[1]).toEqual([4000, 4010]);
    // The product reads 0 .. 127 and writes 128 .. 255.
    expect(spans([[product(0), relu(6000, 256)]])[1]).toEqual([0, 10]);
  });

  it('sees the whole reach of a strided copy', () => {
    const copy = { op: Op.LMV, src1: 0, dst: 9000, elements: 4, repeats: 3, stride: 100 };
    // Reads 0 .. 203, writes 9000 .. 9011: 24 bytes, there and back at 25.6 bytes a ns.
    expect(spans([[copy, relu(7000, 203)]])[1]![0]).toBe(1.875);
    expect(spans([[copy, relu(7000, 204)]])[1]![0]).toBe(0);
    expect(spans([[copy, relu(9011, 100_000)]])[1]![0]).toBe(1.875);
    expect(spans([[copy, relu(9012, 100_000)]])[1]![0]).toBe(0);
  });

  it('goes ahead out of order, but only past what it holds in its window', () => {
    const late = relu(128, 5000);
    const free = relu(6000, 7000);
    expect(spans([[product(0), late, free]])[2]).toEqual([0, 10]);
    const many = Array.from({ length: 16 }, (_, i) => relu(128 + i, 10_000 + i * 100));
    expect(spans([[product(0), ...many.slice(1), free]])[16]![0]).toBe(0);
    expect(spans([[product(0), ...many, free]])[17]![0]).toBeGreaterThanOrEqual(4000);
  });

  it('in order, stands at the first instruction that cannot start, and overlaps those that can', () => {
    const inOrder = { execution: 'in-order' } as const;
    const lines = [product(0), product(1), relu(128, 5000), relu(6000, 7000)];
    expect(spans([lines], inOrder)).toEqual([
      [0, 4000],
      [200, 4200],
      [4000, 4010],
      [4010, 4020],
    ]);
  });

  it('loads what it stored before only after the store, unless samples are pipelined', () => {
    const lines = [
      { op: Op.ST, src1: 0, dst: 500, elements: 64 },
      { op: Op.LD, src1: 520, dst: 700, elements: 8 },
    ];
    expect(spans([lines])[1]![0]).toBe(2);
    const slow = { ...programOf([[product(0), { ...lines[0]!, src1: 128 }, lines[1]!]]), order: 'pipelined' as const };
    expect(evaluateOwn(slow, mappingOf(1), chipOf()).trace.startNs[2]).toBe(0);
  });
});

describe('transfers', () => {
  const send = { op: Op.SEND, src1: 0, elements: 128, pair: 0, peer: 1 };
  const receive = { op: Op.RECV, dst: 0, elements: 128, pair: 0, peer: 0 };

  it('meet where they are synchronous', () => {
    const cores = [[relu(0, 0, 320), send], [receive]];
    expect(spans(cores)).toEqual([
      [0, 100],
      [100, 110],
      [100, 110],
    ]);
    expect(run(cores).cores.waitNs[1]).toBe(100);
  });

  it('let the sender go on where they are asynchronous', () => {
    const cores = [
      [send, relu(0, 0)],
      [relu(0, 0, 3200), receive],
    ];
    const late = { communication: 'asynchronous' } as const;
    // 10 ns on the bus; the receiver comes at 1,000 and stores 256 bytes at 25.6 a ns.
    expect(spans(cores, late)).toEqual([
      [0, 10],
      [10, 20],
      [0, 1000],
      [1000, 1010],
    ]);
    expect(spans(cores)[1]).toEqual([1010, 1020]);
  });

  it('block an in-order core while they wait, and an out-of-order one only where it needs the data', () => {
    const cores = [
      [send, relu(4000, 4000)],
      [relu(0, 0, 320), receive],
    ];
    expect(spans(cores)[1]).toEqual([0, 10]);
    expect(spans(cores, { execution: 'in-order' })[1]).toEqual([110, 120]);
  });

  it('name the pair that never meets', () => {
    expect(() => run([[send], []])).toThrow(/transfer 0/);
  });
});

describe('energy', () => {
  it('adds up events by the table, and static power by time', () => {
    const table = {
      mvmPjPerCrossbar: 1000,
      vectorPjPerElement: 2,
      localMemoryPjPerByte: 0.5,
      globalMemoryPjPerByte: 3,
      networkPjPerByteHop: 7,
      linkPjPerByte: 11,
      staticMwPerCore: 0.25,
      staticMwPerChip: 5,
    };
    const cores = [
      [
        { op: Op.LD, src1: 0, dst: 0, elements: 10 },
        product(0, { src1: 256, dst: 512 }),
        { op: Op.VVADD, src1: 512, src2: 700, dst: 512, elements: 8, stage: Stage.MAIN_A },
        { op: Op.SEND, src1: 512, elements: 4, pair: 0, peer: 1 },
      ],
      [{ op: Op.RECV, dst: 0, elements: 4, pair: 0, peer: 0 }],
    ];
    const result = run(cores, { energy: table }, 8);
    expect(result.energy.mvmPj).toBe(2 * 1000 * 0.5);
    expect(result.energy.vectorPj).toBe(16);
    // Elements: 10 loaded, 128 in and 128 out of the product, 3 x 8, 4 sent, 4 received; two bytes each.
    expect(result.energy.localMemoryPj).toBe((10 + 256 + 24 + 4 + 4) * 2 * 0.5);
    expect(result.energy.globalMemoryPj).toBe(60);
    expect(result.energy.networkPj).toBe(56);
    expect(result.energy.staticPj).toBeCloseTo(result.timeNs * (144 * 0.25 + 5), 6);
    const { staticPj, ...dynamic } = result.energy;
    const sum = Object.values(dynamic).reduce((total, part) => total + part, 0);
    expect(result.layers.energyPj[0]).toBeCloseTo(sum, 6);
  });
});

describe('properties', () => {
  const address = fc.integer({ min: 0, max: 60 }).map((it) => it * 16);
  const size = fc.integer({ min: 1, max: 200 });
  const line = fc.oneof(
    fc.record({
      op: fc.constantFrom(Op.LD, Op.ST, Op.LMV, Op.VRELU, Op.VSOFTMAX),
      src1: address,
      dst: address,
      elements: size,
    }),
    fc.record({ op: fc.constantFrom(Op.VVADD, Op.VVMAX), src1: address, src2: address, dst: address, elements: size }),
    fc.record({ op: fc.constant(Op.MVMUL), ag: fc.nat(7), src1: address, dst: address, elements: fc.constant(128) }),
  );
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ core: fc.nat(3), line }) },
    {
      weight: 1,
      arbitrary: fc.record({
        core: fc.nat(3),
        to: fc.integer({ min: 1, max: 3 }),
        src: address,
        dst: address,
        elements: size,
      }),
    },
  );

  /** Steps in one order for all cores, so that no two transfers can wait for each other in a circle. */
  const program = fc.array(step, { minLength: 1, maxLength: 60 }).map((steps) => {
    const cores: (Partial<Instruction> & Pick<Instruction, 'op'>)[][] = [[], [], [], []];
    let pair = 0;
    for (const it of steps) {
      if ('line' in it) cores[it.core]!.push(it.line);
      else {
        const to = (it.core + it.to) % 4;
        cores[it.core]!.push({ op: Op.SEND, src1: it.src, elements: it.elements, pair, peer: to });
        cores[to]!.push({ op: Op.RECV, dst: it.dst, elements: it.elements, pair: pair++, peer: it.core });
      }
    }
    return cores;
  });
  const kinds = fc.record({
    execution: fc.constantFrom('in-order', 'out-of-order'),
    communication: fc.constantFrom('synchronous', 'asynchronous'),
    kind: fc.constantFrom('bus', 'mesh'),
  });
  const chip = (it: { execution: string; communication: string; kind: string }, speed = 1): Partial<Hardware> => {
    const { network, globalMemory, localMemory, vector } = chipOf();
    return {
      execution: it.execution as Hardware['execution'],
      communication: it.communication as Hardware['communication'],
      cores: { x: 2, y: 2 },
      network: {
        kind: it.kind as 'bus',
        busGBps: network.busGBps * speed,
        linkGBps: network.linkGBps * speed,
        hopNs: 4 / speed,
      },
      globalMemory: { ...globalMemory, gbps: globalMemory.gbps * speed },
      localMemory: { ...localMemory, gbps: localMemory.gbps * speed },
      vector: { ...vector, stepNs: vector.stepNs / speed },
      mvmLatencyNs: 4000 / speed,
      mvmIntervalNs: 200 / speed,
    };
  };

  it('ends every program, each instruction takes a time, and no operand is used before it is there', () => {
    fc.assert(
      fc.property(program, kinds, (cores, kind) => {
        const { trace, energy, timeNs } = run(cores, chip(kind));
        let k = 0;
        for (const lines of cores) {
          const seen: { end: number; write: [number, number] }[] = [];
          for (const it of lines) {
            const start = trace.startNs[k]!;
            const end = trace.endNs[k]!;
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(timeNs);
            const reads = it.src1 === undefined || it.op === Op.LD ? [] : [it.src1];
            for (const older of seen)
              for (const from of reads)
                if (from < older.write[1] && older.write[0] < from + it.elements!)
                  expect(start).toBeGreaterThanOrEqual(older.end);
            const wide = it.op === Op.MVMUL ? 128 : it.elements!;
            if (it.dst !== undefined && it.op !== Op.ST) seen.push({ end, write: [it.dst, it.dst + wide] });
            k += 1;
          }
        }
        for (const part of Object.values(energy)) expect(part).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 150 },
    );
  });

  it('is exactly so many times faster where everything is', () => {
    fc.assert(
      fc.property(program, kinds, (cores, kind) => {
        expect(run(cores, chip(kind, 4)).timeNs).toBeCloseTo(run(cores, chip(kind)).timeNs / 4, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('never gets slower on a chain of transfers with more bandwidth, and slower with more bytes', () => {
    const chain = (elements: number) => {
      const cores: Cores = [[], [], [], []];
      for (let pair = 0; pair < 8; pair++) {
        const from = pair % 4;
        const to = (pair + 1) % 4;
        cores[from]!.push({ op: Op.SEND, src1: 0, elements, pair, peer: to });
        cores[to]!.push({ op: Op.RECV, dst: 0, elements, pair, peer: from });
      }
      return cores;
    };
    fc.assert(
      fc.property(
        kinds,
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 999 }),
        (kind, elements, more) => {
          const slow = run(chain(elements), chip(kind)).timeNs;
          expect(run(chain(elements + more), chip(kind)).timeNs).toBeGreaterThan(slow);
          expect(run(chain(elements), chip(kind, 1 + more / 100)).timeNs).toBeLessThan(slow);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('evaluateOwnAsync', () => {
  const long = [Array.from({ length: 30_000 }, () => relu(0, 0))];

  it('gives what evaluateOwn gives, and tells its progress', async () => {
    const seen: number[] = [];
    const job = inlineJob({ onProgress: (fraction) => seen.push(fraction) });
    const result = await evaluateOwnAsync(programOf(long), mappingOf(1), chipOf(), job);
    expect(result.timeNs).toBe(300_000);
    expect(seen.every((it) => it > 0 && it < 1)).toBe(true);
    expect(seen.length).toBeGreaterThan(0);
  });

  it('can be cancelled', async () => {
    const stop = new AbortController();
    const job = inlineJob({ signal: stop.signal, onProgress: () => stop.abort() });
    await expect(evaluateOwnAsync(programOf(long), mappingOf(1), chipOf(), job)).rejects.toThrow(/cancel|abort/i);
  });
});
