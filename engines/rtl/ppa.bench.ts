import { inlineJob } from '../core/inline-job.ts';
import { warmYosys } from '../synthesis/yosys.ts';
import { batch } from './batch.ts';
import { engine } from './index.ts';
import { ppa } from './ppa.ts';
import { designOf } from './testing.ts';
import type { RtlSlice } from './types.ts';

/** A case of `npm run bench`: each run answers with the milliseconds of what it times, warm-up and preparation left out. */
interface Bench {
  name: string;
  run(): Promise<number>;
  baseline?: { name: string; run(): Promise<number> };
  ratioLimit?: number;
}

const DESIGNS = 16;

/** Small designs as an optimiser tries them: variants of one module. `from` makes them new to what a worker keeps. */
function variants(from: number): RtlSlice[] {
  return Array.from({ length: DESIGNS }, (_, i) =>
    designOf({
      'sum.v': `module sum (input clk, input [7:0] a, b, output reg [7:0] y);\n  always @(posedge clk) y <= (a ^ 8'd${(from + i) % 256}) + b + 8'd${i};\nendmodule\n`,
    }),
  );
}

let next = 0;

async function inBatch(designs: RtlSlice[], together: number): Promise<void> {
  const result = await batch({ designs, together }, inlineJob({ engines: { rtl: engine } }));
  if (!result.ok || result.value.figures.failed > 0) throw new Error('A design failed.');
}

async function timed(work: (designs: RtlSlice[]) => Promise<unknown>): Promise<number> {
  await warmYosys();
  const designs = variants(next);
  next += DESIGNS;
  const from = performance.now();
  await work(designs);
  return performance.now() - from;
}

export const benches: Bench[] = [
  {
    name: `rtl/ppa: ${DESIGNS} small designs in one batch in Node (divide ${DESIGNS * 1000} by it: designs a second)`,
    run: () => timed((designs) => inBatch(designs, 1)),
    baseline: {
      name: 'each by itself',
      run: () =>
        timed(async (designs) => {
          for (const design of designs) {
            const result = await ppa(design, inlineJob());
            if (!result.ok) throw new Error(result.problems[0]?.what);
          }
        }),
    },
    ratioLimit: 1,
  },
  {
    name: `rtl/ppa: ${DESIGNS} small designs in one run of Yosys in Node`,
    run: () => timed((designs) => inBatch(designs, DESIGNS)),
    baseline: { name: 'a run each', run: () => timed((designs) => inBatch(designs, 1)) },
    ratioLimit: 1,
  },
];
