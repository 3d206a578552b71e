import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { caretLine, fileTab } from './support/rtl.ts';
import { expect, test } from './support/studio.ts';

/** Power, performance, area and proofs in the RTL lab. */

const ONE_STAGE = `module dot(
  input             clk,
  input      [7:0]  a, b, c, d,
  output reg [16:0] y
);
  reg [7:0] ra, rb, rc, rd;
  wire [15:0] p = ra * rb;
  wire [15:0] q = rc * rd;
  always @(posedge clk) begin
    ra <= a; rb <= b;
    rc <= c; rd <= d;
    y <= p + q;
  end
endmodule
`;
const TWO_STAGES = ONE_STAGE.replace('wire [15:0] p = ra * rb;', 'reg [15:0] p, q;')
  .replace('  wire [15:0] q = rc * rd;\n', '')
  .replace('y <= p + q;', 'p <= ra * rb; q <= rc * rd;\n    y <= p + q;');

const COUNTER = `module counter(input clk, reset, enable, output reg [3:0] q, output wraps);
  assign wraps = enable && q == 9;
  always @(posedge clk)
    if (reset || wraps) q <= 0;
    else if (enable) q <= q + 1;
endmodule
`;

const program = resolve(import.meta.dirname, '../build/cli/crossbar-studio.js');

const openView = (page: Page) => page.getByRole('tab', { name: 'Timing and power', exact: true }).click();
const openTab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();

async function figureOf(page: Page, id: string): Promise<number> {
  const figure = page.locator(`[data-lesson="ppa-readings"] [data-figure="${id}"]`);
  await expect(figure).toBeVisible({ timeout: 60_000 });
  return Number(await figure.getAttribute('data-value'));
}

test('a critical path leads to its line; a change moves slack, area and power against what is pinned', async ({
  page,
  studio,
}) => {
  await studio.openLab();
  await studio.setText(ONE_STAGE);
  await openView(page);
  const before = await figureOf(page, 'fMaxMhz');
  expect(await figureOf(page, 'areaUm2')).toBeGreaterThan(100);
  // The worst path ends where the result is kept: its last step leads to that line.
  const paths = page.getByRole('table', { name: /^Worst paths, setup/ });
  await expect(paths.getByRole('row').nth(1)).toContainText(/y\[\d+\]\/D/);
  await paths.getByRole('row').nth(1).click();
  await page.locator('.ppa-step').last().click();
  // A register belongs to the block that assigns it.
  await expect(caretLine(page)).toHaveText('9');
  await studio.command('Pin');
  await studio.setText(TWO_STAGES);
  await expect.poll(async () => await figureOf(page, 'fMaxMhz'), { timeout: 60_000 }).toBeGreaterThan(before);
  expect(await figureOf(page, 'flipFlops')).toBe(32 + 32 + 17);
});

test('a change is proved equal, or told apart by the shortest inputs, as a bench', async ({ page, studio }) => {
  await studio.openLab();
  await studio.setText(COUNTER);
  await openView(page);
  await openTab(page, 'Prove');
  await page.getByRole('button', { name: 'Pin this version' }).click();
  await studio.setText(
    COUNTER.replace(
      'if (reset || wraps) q <= 0;\n    else if (enable) q <= q + 1;',
      "q <= (reset || wraps) ? 4'd0 : q + enable;",
    ),
  );
  const prove = page.getByRole('button', { name: 'Prove', exact: true });
  const verdict = page.locator('[data-lesson="proof-verdict"]');
  await prove.first().click();
  await expect(verdict).toContainText('Proved', { timeout: 60_000 });
  await expect(verdict.getByText('equal', { exact: true })).toBeVisible();
  // A count that goes wrong after 5 is seen two edges after the register holds it: 0 1 2 3 4 5, then 7.
  await studio.setText(COUNTER.replace('q <= q + 1', 'q <= q + 1 + (q == 5)'));
  await prove.first().click();
  await expect(verdict.getByText('different', { exact: true })).toBeVisible({ timeout: 60_000 });
  const example = page.getByRole('region', { name: 'Counterexample' });
  await expect(example.getByRole('columnheader', { name: '6', exact: true })).toBeVisible();
  await expect(example.getByRole('columnheader', { name: '7', exact: true })).toBeHidden();
  await expect(example.getByText('The studio’s simulator shows the same difference.')).toBeVisible();
  await example.getByRole('radio', { name: 'Waves' }).check();
  await expect(page.locator('.prove-waves canvas').first()).toBeVisible();
  await example.getByRole('button', { name: 'Add as a test bench' }).click();
  await openTab(page, 'Simulation');
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  await expect(page.locator('.sim-verdict')).toContainText('failed');
  // With the mistake gone the same bench passes.
  await fileTab(page, 'counter.v').click();
  await studio.setText(COUNTER);
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  await expect(page.locator('.sim-verdict')).toContainText('passed');
});

test('constraints that are wrong are named with their line, and the rest of the lab goes on', async ({
  page,
  studio,
}) => {
  await studio.openLab();
  await openView(page);
  await figureOf(page, 'worstSlackNs');
  await openTab(page, 'Constraints');
  await page.getByRole('button', { name: 'Start from this' }).click();
  await page.getByLabel('Constraints in SDC').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('create_clock -name clk -period 1 [get_ports clk]\nset_fals_path -to x\n');
  await expect(
    page
      .getByRole('button', { name: /constraints\.sdc:2:1 There is no command 'set_fals_path'.*set_false_path/ })
      .first(),
  ).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('create_clock -name clk -period 0.01 [get_ports clk]\n');
  await expect.poll(async () => await figureOf(page, 'worstSlackNs'), { timeout: 60_000 }).toBeLessThan(0);
});

test('the command line gives the figures of the screen', async ({ page, studio }, info) => {
  await studio.openLab('#/e/counter');
  await openView(page);
  const areaUm2 = await figureOf(page, 'areaUm2');
  const worstSlackNs = await figureOf(page, 'worstSlackNs');
  const totalUw = await figureOf(page, 'totalUw');
  const document = await studio.document();
  const path = info.outputPath('design.json');
  writeFileSync(path, JSON.stringify(document));
  const printed = execFileSync('node', [program, 'run', path, '--set', 'slices.rtl.task=ppa'], {
    maxBuffer: 1 << 28,
  });
  expect(JSON.parse(printed.toString()).figures).toMatchObject({ areaUm2, worstSlackNs, totalUw });
});
