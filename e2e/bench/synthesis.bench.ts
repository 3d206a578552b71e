import { statSync } from 'node:fs';
import type { Page } from 'playwright';
import { resolvePlan } from '../../engines/rtl/netlist.ts';
import { designOf, exampleOf, inlineJob, scriptsOf, timeAlone } from '../../engines/rtl/testing.ts';
import { buildScript } from '../../engines/synthesis/script.ts';
import type { Bench } from './harness.ts';
import { addressOf, newVisitor, type Visitor } from './visitor.ts';

/** Synthesis on the screen against the same scripts run by the same package in Node, both warm. */

const STATUS = '.foot-slot [role=status]';

/** Milliseconds from pressing the button that runs until the figures of the gates are drawn. */
async function pressRun(page: Page): Promise<number> {
  return page.evaluate(
    (status) =>
      new Promise<number>((done, failed) => {
        const run = [...document.querySelectorAll('button')].find(({ innerText }) =>
          innerText.startsWith('Synthesise'),
        );
        if (!run) return failed(new Error('There is no button that runs.'));
        const from = performance.now();
        const watch = new MutationObserver(() => {
          if (!document.querySelector(status)?.textContent?.startsWith('Synthesised in')) return;
          watch.disconnect();
          done(performance.now() - from);
        });
        watch.observe(document.body, { subtree: true, childList: true, characterData: true });
        run.click();
      }),
    STATUS,
  );
}

/** A run of a text that was not run before, which no kept result answers, once it has been checked. */
async function synthesise(page: Page): Promise<number> {
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type(' ');
  await page.locator(STATUS, { hasText: 'The text has changed' }).waitFor({ timeout: 60_000 });
  return pressRun(page);
}

function onScreen(id: string, limit?: number): Bench {
  let visitor: Visitor;
  let alone: Awaited<ReturnType<typeof scriptsOf>>;
  return {
    limit,
    name: `synthesis: ${id}, from Run to figures`,
    async prepare() {
      const slice = await exampleOf(id);
      alone = await scriptsOf(slice);
      visitor = await newVisitor();
      await visitor.page.goto(await addressOf(slice, false));
      await visitor.page.locator('.monaco-editor .view-line').first().waitFor();
      await pressRun(visitor.page);
      // Two runs more warm it up, and Node as well.
      for (let i = 0; i < 2; i++) {
        await synthesise(visitor.page);
        await timeAlone(alone.scripts, alone.tree);
      }
    },
    run: () => synthesise(visitor.page),
    baseline: { name: 'the package alone in Node', run: () => timeAlone(alone.scripts, alone.tree) },
    ratioLimit: 1.5,
    finish: () => visitor.leave(),
  };
}

/** Registers, on which ABC has nothing to do: 30 MB of JSON. */
const WIDE = designOf({
  'wide.v': `module wide #(parameter N = 60000)(input clk, input [N-1:0] a, output reg [N-1:0] y);
  always @(posedge clk) y <= a;
endmodule
`,
});
const LARGE_BYTES = 28e6;

async function downloadNetlist({ page }: Visitor): Promise<number> {
  const from = performance.now();
  await page.getByRole('button', { name: 'Download' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 300_000 }),
    page.getByRole('menuitem', { name: 'Netlist as JSON' }).click(),
  ]);
  const time = performance.now() - from;
  const { size } = statSync(await download.path());
  if (size < LARGE_BYTES) throw new Error(`The netlist has only ${size} bytes.`);
  return time;
}

function largeNetlist(): Bench {
  let visitor: Visitor;
  let alone: Awaited<ReturnType<typeof scriptsOf>>;
  return {
    name: 'synthesis: 30 MB netlist, from the menu to the file',
    runs: 3,
    async prepare() {
      const plan = await resolvePlan(WIDE, inlineJob());
      if (!plan.ok) throw new Error(plan.problems[0]?.what);
      const { script, sources } = plan.value.plan;
      alone = {
        scripts: [buildScript({ ...script, stage: 'check' }), buildScript({ ...script, stage: 'gates', only: 'json' })],
        tree: sources.tree,
      };
      visitor = await newVisitor();
      await visitor.page.goto(await addressOf(WIDE, false));
      await visitor.page.locator('.monaco-editor .view-line').first().waitFor();
      // The menu wants a result: that of the word level is enough.
      await visitor.page.getByRole('button', { name: 'Synthesise' }).first().click();
      await visitor.page.locator('[data-figure]').first().waitFor({ timeout: 120_000 });
      await visitor.page.getByRole('button', { name: 'Stop' }).first().click();
      await downloadNetlist(visitor);
      await timeAlone(alone.scripts, alone.tree);
    },
    run: () => downloadNetlist(visitor),
    baseline: { name: 'the package alone in Node', run: () => timeAlone(alone.scripts, alone.tree) },
    ratioLimit: 1.5,
    finish: () => visitor.leave(),
  };
}

const SMALL = ['full-adder', 'counter', 'lfsr', 'traffic-light', 'uart', 'fifo'];
const LARGER = ['alu', 'fir', 'riscv'];

export const benches: Bench[] = [
  ...SMALL.map((id) => onScreen(id, 1000)),
  ...LARGER.map((id) => onScreen(id)),
  largeNetlist(),
];
