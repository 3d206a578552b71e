import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { caretLine, drop, fileTab, problem } from './support/rtl.ts';
import { expect, test } from './support/studio.ts';

/** Test benches in the RTL lab: run, judged, seen as waves, stopped. */

const head = (page: Page) => page.locator('.sim-head');
const verdict = (page: Page) => page.locator('.sim-verdict');
const console = (page: Page) => page.getByRole('log');
const openView = (page: Page) => page.getByRole('tab', { name: 'Simulation', exact: true }).click();

/** Where the cursors are, in the words for those who hear the page. */
const told = (page: Page) => page.locator('.wave-scroll [aria-live]');

/** Different colours in the drawing of the waves. */
function colours(page: Page): Promise<number> {
  return page.locator('.wave-canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data;
    return pixels ? new Set(new Uint32Array(pixels.buffer)).size : 0;
  });
}

function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const target = resolve(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

test('an example comes with a bench that passes, its waves, and values in the source', async ({ page, studio }) => {
  await studio.openLab('#/e/counter');
  await openView(page);
  await expect(verdict(page)).toContainText('passed');
  await expect(console(page)).toContainText('PASS');
  // The production build makes code in this worker alone.
  await expect(page.getByText('compiled to JavaScript')).toBeVisible();
  const waves = page.getByRole('region', { name: 'Waves' });
  await expect(waves.getByText(/signals, .* value changes/)).toBeVisible();
  await expect.poll(() => colours(page)).toBeGreaterThan(5);
  // A line of the console moves the cursor to its time; the source shows the values of that moment.
  await console(page).getByRole('button', { name: 'PASS' }).click();
  await fileTab(page, 'counter.v').click();
  await expect(
    page
      .locator('.src-value')
      .filter({ hasText: /count\s=\s/ })
      .first(),
  ).toBeVisible();
  // What is shown is kept with the design: the signals, their forms, the cursors.
  const list = page.getByRole('tree', { name: 'Shown signals' });
  const shown = await list.getByRole('treeitem').count();
  expect(shown).toBeGreaterThan(4);
  await list.getByRole('treeitem').filter({ hasText: 'seed' }).click();
  await page.keyboard.press('Delete');
  await list
    .getByRole('treeitem')
    .filter({ hasText: /^decade\[/ })
    .click();
  await page.keyboard.press('r');
  await expect(list.getByRole('treeitem')).toHaveCount(shown - 1);
  const values = await list.locator('[data-value]').allInnerTexts();
  await studio.save();
  await page.reload();
  await expect(verdict(page)).toContainText('passed');
  await expect(list.getByRole('treeitem')).toHaveCount(shown - 1);
  await expect.poll(() => list.locator('[data-value]').allInnerTexts()).toEqual(values);
  await expect(told(page)).toContainText('Cursor A at ');
  await expect(page.locator('.src-value').first()).toBeVisible();
});

test('a wrong design shows first where the bench saw it', async ({ page, studio }) => {
  await studio.openLab('#/e/counter');
  await openView(page);
  await expect(verdict(page)).toContainText('passed');
  await studio.setText(`module counter #(parameter WIDTH = 8, parameter [WIDTH-1:0] LIMIT = {WIDTH{1'b1}}) (
  input wire clk, reset, enable, output reg [WIDTH-1:0] count, output wire last);
  assign last = count == LIMIT;
  always @(posedge clk)
    if (reset) count <= 0;
    else if (enable) count <= last ? 0 : count + 1 + (count == 40);
endmodule
`);
  await expect(verdict(page)).toContainText('failed', { timeout: 20_000 });
  await page.getByRole('button', { name: /^First failure/ }).click();
  await expect(fileTab(page, 'counter_tb.v')).toHaveAttribute('aria-selected', 'true');
  await expect(caretLine(page)).toHaveText('36');
  const [, moment] = (await page.getByRole('button', { name: /^First failure/ }).innerText()).split(' at ');
  await expect(told(page)).toContainText(`Cursor A at ${moment}`);
});

test('a folder with a bench of one’s own runs; a mistake in it is named with its line', async ({
  page,
  studio,
}, info) => {
  const folder = info.outputPath('rom');
  writeFiles(folder, {
    'rom.sv':
      'module rom(input logic [1:0] a, output logic [7:0] q);\n  logic [7:0] m [4];\n  initial $readmemh("rom.hex", m);\n  assign q = m[a];\nendmodule\n',
    'rom.hex': '0a 0b\n0c 0d\n',
    'rom_tb.sv':
      'module rom_tb;\n  logic [1:0] a; wire [7:0] q;\n  rom dut(.*);\n  initial begin\n    for (int i = 0; i < 4; i++) begin a = i; #1 $display("%h", q); end\n    $display("done, 0 errors");\n  end\nendmodule\n',
  });
  await studio.openLab();
  await drop(page, [folder], 'Drop Verilog files or a folder');
  await openView(page);
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  await expect(verdict(page)).toContainText('passed');
  await expect(console(page)).toContainText('0d');
  await page.locator('.tree').getByText('rom_tb.sv').click();
  await studio.setText('module rom_tb;\n  initial begin\n    $display("x" ;\n  end\nendmodule\n');
  await expect(await problem(page, /rom_tb\.sv/)).toContainText('rom_tb.sv:3');
  await studio.setText('module rom_tb;\n  initial $display("again, 0 errors");\nendmodule\n');
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  await expect(console(page)).toContainText('again');
});

test('loops without end are stopped at once, and the lab goes on', async ({ page, studio }) => {
  await studio.openLab('#/e/counter');
  await openView(page);
  await expect(verdict(page)).toContainText('passed');
  await fileTab(page, 'counter_tb.v').click();
  const stop = head(page).getByRole('button', { name: 'Stop', exact: true });
  for (const loop of ['always #1 a = ~a;', 'initial while (1) a = ~a;']) {
    await studio.setText(`module counter_tb;\n  reg a = 0;\n  ${loop}\nendmodule\n`);
    await page.getByRole('button', { name: 'Simulate', exact: true }).click();
    await stop.click();
    await expect(stop).toBeHidden({ timeout: 2000 });
  }
  // Nobody has to: a loop that never waits is found.
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  await expect(await problem(page, /A loop goes round without end/)).toContainText('counter_tb.v:3');
  await studio.setText('module counter_tb;\n  initial $display("well, 0 errors");\nendmodule\n');
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  await expect(console(page)).toContainText('well');
});

test('a file of waves opens in the viewer', async ({ page, studio }) => {
  await studio.openLab('#/e/counter');
  await openView(page);
  await expect(verdict(page)).toContainText('passed');
  const vcd =
    '$timescale 1ns $end\n$scope module old $end\n$var wire 4 ! sum [3:0] $end\n$upscope $end\n$enddefinitions $end\n#0\nb0 !\n#10\nb101 !\n#20\n';
  await page
    .getByLabel('Open waves', { exact: false })
    .first()
    .setInputFiles({ name: 'old.vcd', mimeType: 'text/plain', buffer: Buffer.from(vcd) });
  await expect(page.getByText('old.vcd', { exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Waves' }).getByText('sum').first()).toBeVisible();
  await page.getByRole('button', { name: 'Close the file and go back to the run' }).click();
  await expect(page.getByRole('tree', { name: 'Shown signals' })).toContainText('count');
});
