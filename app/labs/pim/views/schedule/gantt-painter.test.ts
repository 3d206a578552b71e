import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../../../../../engines/pim/program/builder.ts';
import { Op, Stage } from '../../../../../engines/pim/program/types.ts';
import { countBins } from './bins.ts';
import { type GanttScene, paintGantt } from './gantt-painter.ts';
import { timelineOf } from './timeline.ts';

const [GROUND, STRIPE, MVM, VECTOR, MEMORY, TRANSFER, ACCENT] = [0, 1, 10, 11, 12, 13, 99];

/** One core: 1,000 ns of products, then 1,000 ns of nothing, then 2,000 ns of loads. */
async function scene(fromNs: number, toNs: number, extra: Partial<GanttScene> = {}): Promise<GanttScene> {
  const builder = new ProgramBuilder(1);
  const shared = { stage: Stage.MAIN, group: 0, elements: 1 };
  builder.cores[0]!.push({ ...shared, op: Op.MVMUL, layer: 1 });
  builder.cores[0]!.push({ ...shared, op: Op.LD, layer: 2 });
  const program = builder.finish({
    groups: 1,
    elementBytes: 2,
    regions: new Int32Array(3),
    constants: new Int32Array(3),
    globalElements: 0,
    localElements: new Int32Array(1),
    samples: 1,
    order: 'as-is',
  });
  const trace = { startNs: Float64Array.of(0, 2000), endNs: Float64Array.of(1000, 4000) };
  const bins = (await countBins(program, trace, new AbortController().signal))!;
  return {
    program,
    trace,
    bins,
    timeline: (core) => timelineOf(program, trace, core),
    fromNs,
    toNs,
    rows: [{ core: 0, top: 0, height: 10 }],
    theme: {
      ground: GROUND,
      stripe: STRIPE,
      kinds: [MVM, VECTOR, MEMORY, TRANSFER],
      faded: [20, 21, 22, 23],
      accent: ACCENT,
    },
    ...extra,
  };
}

/** The pixels of one line, from left to right. */
function line(of: GanttScene, width: number, y: number): number[] {
  const pixels = new Uint32Array(width * 10);
  paintGantt(pixels, width, 10, of);
  return [...pixels.subarray(y * width, (y + 1) * width)];
}

describe('the schedule in pixels', () => {
  it('shows from afar the kinds in their time', async () => {
    expect(line(await scene(0, 4000), 8, 5)).toEqual([MVM, MVM, GROUND, GROUND, MEMORY, MEMORY, MEMORY, MEMORY]);
  });

  it('fills a column by the share of its time', async () => {
    // One pixel for 0 .. 2000: half products; one for 2000 .. 4000: all loads.
    const half = await scene(0, 4000);
    expect(line(half, 2, 8)).toEqual([MVM, MEMORY]);
    expect(line(half, 2, 2)).toEqual([GROUND, MEMORY]);
  });

  it('shows from near each instruction by itself, what is not meant paler, and frames what is held', async () => {
    const near = line(await scene(999.6, 1000.4, { layer: 2 }), 8, 5);
    expect(near).toEqual([20, 20, 20, GROUND, GROUND, GROUND, GROUND, GROUND]);
    const held = line(await scene(1999.5, 2000.5, { instruction: 1 }), 10, 5);
    expect(held.slice(0, 6)).toEqual([GROUND, GROUND, GROUND, ACCENT, ACCENT, MEMORY]);
  });
});
