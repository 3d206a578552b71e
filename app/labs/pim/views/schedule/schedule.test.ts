import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../../../../../engines/pim/program/builder.ts';
import { Op, type Program, Stage, type Trace } from '../../../../../engines/pim/program/types.ts';
import { BINS, countBins, workBetween } from './bins.ts';
import { formatTime } from './time-format.ts';
import { timelineOf, window } from './timeline.ts';

type Piece = [core: number, op: number, start: number, length: number];

function built(pieces: readonly Piece[], cores: number): { program: Program; trace: Trace } {
  const builder = new ProgramBuilder(cores);
  const times: [number, number][][] = Array.from({ length: cores }, () => []);
  for (const [core, op, start, length] of pieces) {
    builder.cores[core]!.push({
      op: op as Program['op'][number] & 0,
      stage: Stage.MAIN,
      group: 0,
      layer: 0,
      elements: 1,
    });
    times[core]!.push([start, start + length]);
  }
  const program = builder.finish({
    groups: 1,
    elementBytes: 2,
    regions: new Int32Array(1),
    constants: new Int32Array(1),
    globalElements: 0,
    localElements: new Int32Array(cores),
    samples: 1,
    order: 'as-is',
  });
  const flat = times.flat();
  return {
    program,
    trace: { startNs: Float64Array.from(flat, ([a]) => a), endNs: Float64Array.from(flat, ([, b]) => b) },
  };
}

const CORES = 3;
const pieces = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: CORES - 1 }),
    fc.constantFrom(Op.LD, Op.MVMUL, Op.VVADD, Op.SEND),
    fc.integer({ min: 0, max: 5000 }),
    fc.integer({ min: 0, max: 900 }),
  ),
  { minLength: 1, maxLength: 60 },
);

describe('a core by time', () => {
  it('finds all instructions that reach into a stretch', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 0, max: 6000 }), fc.integer({ min: 1, max: 800 }), (all, from, length) => {
        const { program, trace } = built(all as Piece[], CORES);
        for (let core = 0; core < CORES; core++) {
          const line = timelineOf(program, trace, core);
          const [low, high] = window(line, trace, from, from + length);
          const found = new Set(line.order.subarray(low, high));
          for (let at = program.coreStart[core]!; at < program.coreStart[core + 1]!; at++) {
            const overlaps = trace.startNs[at]! < from + length && trace.endNs[at]! > from;
            if (overlaps) expect(found.has(at)).toBe(true);
          }
        }
      }),
    );
  });

  it('puts what overlaps into lanes of its own', () => {
    const { program, trace } = built(
      [
        [0, Op.MVMUL, 0, 800],
        [0, Op.MVMUL, 200, 800],
        [0, Op.MVMUL, 800, 800],
        [0, Op.VVADD, 1600, 10],
      ],
      1,
    );
    const line = timelineOf(program, trace, 0);
    expect([...line.lane]).toEqual([0, 1, 0, 0]);
    expect(line.lanes).toBe(2);
  });
});

describe('the run from afar', () => {
  it('loses no work and shows none where there is none', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (all) => {
        const { program, trace } = built(all as Piece[], CORES);
        const bins = await countBins(program, trace, new AbortController().signal);
        if (!bins) throw new Error('It was not aborted.');
        const total = (all as Piece[]).reduce((sum, [, , , length]) => sum + length, 0);
        let found = 0;
        for (let row = 0; row < CORES * 4; row++) found += workBetween(bins.sums, row * (BINS + 1), 0, BINS);
        expect(found * bins.binNs).toBeCloseTo(total, 0);
        let summed = 0;
        for (let kind = 0; kind < 4; kind++) summed += workBetween(bins.all, kind * (BINS + 1), 0, BINS);
        expect(summed * bins.binNs).toBeCloseTo(total, 0);
      }),
      { numRuns: 40 },
    );
    const { program, trace } = built([[1, Op.MVMUL, 1000, 1000] as Piece, [1, Op.LD, 3000, 1000] as Piece], 2);
    const bins = (await countBins(program, trace, new AbortController().signal))!;
    const mvm = (1 * 4 + 0) * (BINS + 1);
    expect(workBetween(bins.sums, mvm, BINS / 4, BINS / 2)).toBeCloseTo(BINS / 4, 3);
    expect(workBetween(bins.sums, mvm, BINS / 2, BINS)).toBe(0);
    expect(workBetween(bins.sums, 0, 0, BINS)).toBe(0);
  });
});

describe('times on the ruler', () => {
  it('have as many digits as their steps need', () => {
    const plain = (text: string) => text.replaceAll('\u202f', ' ');
    expect(plain(formatTime(319_042.1, 0.5))).toBe('319 042.1 ns');
    expect(plain(formatTime(319_042.1, 1000))).toBe('319.0 µs');
    expect(plain(formatTime(319_000_000, 50_000_000))).toBe('319 ms');
    expect(plain(formatTime(0, 1000))).toBe('0 µs');
  });
});
