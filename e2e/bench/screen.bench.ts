import type { Page } from 'playwright';

/** Of app/graph/CanvasSurface.tsx. */
const FRAME_MEASURE = 'schematic-frame';

import { designOf } from '../../engines/rtl/testing.ts';
import { type Bench, percentile } from './harness.ts';
import { addressOf, newVisitor, type Visitor } from './visitor.ts';

/** Whether the screen stays fluid: typing while Yosys works, moving about in a large schematic. */

const TYPED = 200;

/** 200 characters into a comment, with pauses in which the text is checked. */
async function type(page: Page): Promise<void> {
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type('// ');
  await page.evaluate(() => performance.mark('typing'));
  for (let i = 0; i < TYPED; i++) {
    await page.keyboard.type(i % 10 === 9 ? ' ' : 'word count'.charAt(i % 10));
    await page.waitForTimeout(i % 50 === 49 ? 700 : 30);
  }
}

/** Main-thread tasks of more than 50 ms by the clock, as the page itself sees them. */
async function longByClock({ page }: Visitor): Promise<number> {
  await page.evaluate(() => {
    const seen = { count: 0 };
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntries())
        if (startTime > (performance.getEntriesByName('typing')[0]?.startTime ?? Number.POSITIVE_INFINITY))
          seen.count++;
    }).observe({ type: 'longtask' });
    Object.assign(globalThis, { longTasks: seen });
  });
  await type(page);
  return page.evaluate(() => (globalThis as unknown as { longTasks: { count: number } }).longTasks.count);
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ts: number;
  /** Microseconds that the thread ran, waiting for a processor left out. */
  tdur?: number;
}

/** The same by the time the thread ran: a processor that others hold makes no task longer. */
async function longByProcessor({ page, devtools }: Visitor): Promise<number> {
  const events: TraceEvent[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const ended = new Promise((done) => devtools.once('Tracing.tracingComplete', done));
  await devtools.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] },
    transferMode: 'ReportEvents',
  });
  await type(page);
  await devtools.send('Tracing.end');
  await ended;
  const begin = events.find(({ name }) => name === 'typing');
  const tasks = events.filter(
    ({ name, pid, tid, ts }) =>
      begin && name.endsWith('RunTask') && pid === begin.pid && tid === begin.tid && ts > begin.ts,
  );
  if (tasks.length < TYPED) throw new Error('The trace shows no typing.');
  return tasks.filter(({ tdur = 0 }) => tdur > 50_000).length;
}

/** Small to draw and long to synthesise. */
const LONG = designOf({
  'long.v': `module long(input clk, input [63:0] a, b, c, d, output reg [63:0] y);
  always @(posedge clk) y <= (a * b) ^ (c * d) ^ (a * d) ^ (b * c);
endmodule
`,
});

function typing(how: string, count: (visitor: Visitor) => Promise<number>): Bench {
  const visit = async (busy: boolean): Promise<number> => {
    const visitor = await newVisitor();
    try {
      const { page } = visitor;
      await page.goto(await addressOf(LONG, busy));
      await page.locator('.monaco-editor .view-line').first().waitFor();
      const atWork = page.locator('.foot-slot [role=progressbar]');
      if (busy) await page.locator('.react-flow__node').first().waitFor({ timeout: 120_000 });
      else await page.locator('.foot-load').waitFor({ state: 'detached', timeout: 120_000 });
      // What opening the lab leaves to be done is no part of typing.
      await page.waitForTimeout(3000);
      const tasks = await count(visitor);
      if (busy && !(await atWork.isVisible())) throw new Error('The synthesis ended before the typing.');
      return tasks;
    } finally {
      await visitor.leave();
    }
  };
  return {
    name: `screen: tasks over 50 ms (${how}) while 200 characters are typed during a synthesis`,
    unit: 'count',
    runs: 3,
    run: () => visit(true),
    baseline: { name: 'with no engine running', run: () => visit(false) },
    notMore: true,
  };
}

/** 22 rows of 30 stages, each a sum, a difference and a register: 1,980 cells. */
const LARGE = designOf({
  'large.v': `module large(input clk, input [22*2-1:0] a, input [1:0] b, output [22*2-1:0] y);
  genvar r, i;
  generate
    for (r = 0; r < 22; r = r + 1) begin : row
      wire [1:0] at [0:30];
      assign at[0] = a[r*2 +: 2];
      for (i = 0; i < 30; i = i + 1) begin : stage
        reg [1:0] kept;
        always @(posedge clk) kept <= at[i] + (at[i] ^ (b + i));
        assign at[i + 1] = kept;
      end
      assign y[r*2 +: 2] = at[30];
    end
  endgenerate
endmodule
`,
});

/** Script times of the frames of a second of panning and of zooming in and out by hand. */
async function moveAbout(page: Page): Promise<number[]> {
  await page.evaluate((name) => performance.clearMeasures(name), FRAME_MEASURE);
  const box = await page.locator('.graph-canvas').boundingBox();
  if (!box) throw new Error('There is no canvas.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  const pan = async (steps: number) => {
    await page.mouse.down();
    for (let i = 1; i <= steps; i++) await page.mouse.move(x + 60 * Math.sin(i / 4), y + 40 * Math.sin(i / 3));
    await page.mouse.up();
  };
  await pan(40);
  for (let i = 0; i < 30; i++) await page.mouse.wheel(0, -120);
  await pan(40);
  for (let i = 0; i < 40; i++) await page.mouse.wheel(0, 120);
  await pan(40);
  const frames = await page.evaluate(
    (name) => performance.getEntriesByName(name).map(({ duration }) => duration),
    FRAME_MEASURE,
  );
  if (frames.length < 50) throw new Error(`Only ${frames.length} frames were drawn.`);
  return frames;
}

function schematic(): Bench {
  let visitor: Visitor;
  return {
    name: 'screen: script time of a frame (95th percentile), schematic of 2,000 cells',
    limit: 8,
    async prepare() {
      visitor = await newVisitor();
      const { page } = visitor;
      await page.goto(await addressOf(LARGE, true));
      await page.locator('.graph-canvas').waitFor({ timeout: 300_000 });
      await page.getByText(/^Synthesised in/).waitFor({ timeout: 300_000 });
      await moveAbout(page);
    },
    run: async () => percentile(await moveAbout(visitor.page), 0.95),
    finish: () => visitor.leave(),
  };
}

export const benches: Bench[] = [
  typing('by the clock', longByClock),
  typing('by processor time', longByProcessor),
  schematic(),
];
