import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import {
  addFile,
  caretLine,
  drop,
  expectFigure,
  fileTab,
  gutter,
  levelOf,
  openWith,
  problem,
  tree,
} from './support/rtl.ts';
import { serveFolder } from './support/static-server.ts';
import { expect, test } from './support/studio.ts';

/** The RTL lab: from text to figures, its settings and files, and what happens when a run is stopped or breaks. */

const first = JSON.parse(readFileSync(resolve(import.meta.dirname, '../build/first/rtl.json'), 'utf8'));

const AND_AND_REGISTER = `module both(input clk, input [7:0] a, b, output [7:0] y, output reg [3:0] kept);
  assign y = a & b;

  always @(posedge clk)
    kept <= a[3:0];
endmodule
`;

/** The gates of this take many seconds; its word level is one multiplier. */
const HUGE = `module huge(input [255:0] a, b, output [511:0] y);
  assign y = a * b;
endmodule
`;

function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const target = resolve(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

const topModule = (page: Page) => page.getByLabel('Top module', { exact: true });

test('the default design shows what the build computed, says so, and then what it computed itself', async ({
  page,
  studio,
}) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/yosys[^/]*\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await studio.openLab();
  await expect(page.getByText('computed when the studio was built')).toBeVisible();
  const built = await studio.figures();
  expect(built).toMatchObject({ cells: first.figures.cells, flipFlops: 8, logicDepth: first.figures.logicDepth });
  release();
  await studio.synthesised();
  await expect(page.getByText('computed when the studio was built')).toBeHidden();
  expect(await studio.figures()).toEqual(built);
});

test('typed Verilog becomes figures, and the numbers beside the lines add up to them', async ({ page, studio }) => {
  await openWith(studio, AND_AND_REGISTER);
  await expectFigure(page, 'cells', 12);
  await expectFigure(page, 'flipFlops', 4);
  await expect.poll(() => gutter(page)).toEqual({ 2: 8, 4: 4 });

  // By keys, as a user types: seven gates more, on a line of their own.
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(caretLine(page)).toHaveText('3');
  await page.keyboard.type('  wire parity = ^a;');
  await page.keyboard.press('Enter');
  await page.keyboard.type('assign odd = parity;');
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.type(', output odd');
  await expect(page.getByText('of an earlier text')).toBeVisible();
  await expect(page.getByText('of an earlier text')).toBeHidden();
  await studio.synthesised();
  await expectFigure(page, 'cells', 19);
  const lines = await gutter(page);
  expect(lines).toEqual({ 2: 8, 3: 7, 5: 4 });

  await page.getByRole('tab', { name: 'Cells' }).click();
  await expect(page.getByText('no source line')).toBeHidden();
  // The table says the same as the gutter, and a row leads to its line.
  const row = page.getByRole('row').filter({ hasText: 'assign y = a & b;' });
  await expect(row.getByRole('cell').nth(2)).toHaveText('8');
  await row.click();
  await expect(caretLine(page)).toHaveText('2');
});

test('the word level comes first; a check does not end a run, and Stop does', async ({ page, studio }) => {
  await studio.openLab();
  await studio.synthesised();
  await studio.setText(HUGE);
  await expect(levelOf(page)).toHaveText('word level');
  await expectFigure(page, 'cells', 1);
  const progress = page.getByRole('progressbar', { name: 'Synthesising' });
  await expect(progress).toBeVisible();

  // Typed on: the check of the new text answers while the run goes on.
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('module broken(;');
  await problem(page, /Syntax error/);
  await expect(progress).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).first().click();
  await expect(progress).toBeHidden();
  await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0);

  await studio.setText(AND_AND_REGISTER);
  await studio.synthesised();
  await expect(levelOf(page)).toHaveText('gates');
  await expectFigure(page, 'cells', 12);
});

test('finds the top module, takes another one, and keeps the hierarchy on demand', async ({ page, studio }) => {
  const text = `module cell_of(input a, b, output y);
  assign y = a ^ b;
endmodule
module pair(input a, b, output y, z);
  cell_of first(a, b, y);
  cell_of second(b, a, z);
endmodule
`;
  await openWith(studio, text);
  await expect(topModule(page).locator('option:checked')).toHaveText('pair (detected)');
  // As one module, the two are found to be equal.
  await expectFigure(page, 'cells', 1);
  await expect(page.getByRole('heading', { name: 'By module' })).toBeHidden();

  await page.getByLabel('Flatten hierarchy', { exact: true }).uncheck();
  await expectFigure(page, 'cells', 2);
  const modules = page.locator('[data-lesson="modules"]');
  await expect(modules.getByRole('listitem').filter({ hasText: 'cell_of' })).toContainText('2');
  await modules.getByRole('button', { name: /cell_of/ }).click();
  await expect(caretLine(page)).toHaveText('1');

  await topModule(page).selectOption('cell_of');
  await expectFigure(page, 'cells', 1);
  await expect(page.locator('[data-lesson="readings"]').getByText('cell_of')).toBeVisible();
});

test('parameters, defines and their undo', async ({ page, studio }) => {
  await studio.openLab();
  await studio.synthesised();
  const width = page.getByLabel('WIDTH', { exact: true });
  await expect(width).toHaveAttribute('placeholder', '8');
  await width.fill('12');
  await width.press('Enter');
  await expectFigure(page, 'flipFlops', 12);
  await expect(page.getByText('default 8')).toBeVisible();
  await width.fill('twelve');
  await width.press('Enter');
  await expect(page.locator('[data-lesson="parameters"]').getByRole('alert')).toBeVisible();
  await expectFigure(page, 'flipFlops', 12);
  await page.getByRole('button', { name: 'Back to the default of WIDTH' }).click();
  await expectFigure(page, 'flipFlops', 8);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expectFigure(page, 'flipFlops', 12);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expectFigure(page, 'flipFlops', 8);

  await studio.setText(`module widths(input clk, input [15:0] d, output reg [\`BITS-1:0] q);
  always @(posedge clk)
\`ifdef DOUBLE
    q <= d << 1;
\`else
    q <= d;
\`endif
endmodule
`);
  await problem(page, /BITS/);
  await page.getByRole('button', { name: 'Add a define' }).click();
  await page.getByLabel('Macro', { exact: true }).fill('BITS');
  await page.keyboard.press('Enter');
  await page.getByLabel('Value: BITS').fill('10');
  await page.keyboard.press('Enter');
  await expectFigure(page, 'flipFlops', 10);
  await page.getByRole('button', { name: 'Add a define' }).click();
  await page.getByLabel('Macro', { exact: true }).last().fill('DOUBLE');
  await page.keyboard.press('Enter');
  // Doubled, the lowest bit is a constant and needs no flip-flop.
  await expectFigure(page, 'flipFlops', 9);
  await page.getByRole('button', { name: 'Remove DOUBLE' }).click();
  await expectFigure(page, 'flipFlops', 10);
});

test('takes a folder, its include folder and its file list', async ({ page, studio }, testInfo) => {
  const folder = testInfo.outputPath('chip');
  writeFiles(folder, {
    'rtl/top.v':
      '`include "widths.vh"\nmodule top(input clk, input [31:0] d, output reg [`WIDTH-1:0] q);\n  always @(posedge clk) q <= d;\nendmodule\n',
    'include/widths.vh': '`define WIDTH 6\n',
    'old/top.v': 'module old_top(input a, output y);\n  assign y = ~a;\nendmodule\n',
    'chip.f': '// what is built\nrtl/top.v\n',
    'with-include.f': '+incdir+include\nrtl/top.v\n',
    '.git/config': 'not a source\n',
  });
  await studio.openLab();
  await page.getByRole('button', { name: 'Actions for counter.v' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByText('No source yet')).toBeVisible();
  await drop(page, [folder]);
  await expect
    .poll(() => tree(page))
    .toEqual(['chip.f', 'include', 'include/widths.vh', 'old', 'old/top.v', 'rtl', 'rtl/top.v', 'with-include.f']);

  // All files: the header is not found, and there are two tops.
  await problem(page, /widths\.vh/);
  await page.getByRole('button', { name: 'Add a folder' }).click();
  await page.getByLabel('Include folder', { exact: true }).fill('include');
  await page.keyboard.press('Enter');
  await problem(page, /old_top/);
  const sources = page.getByLabel('Sources', { exact: true });
  await sources.selectOption('chip.f');
  await expectFigure(page, 'flipFlops', 6);

  // The list can name the include folder itself.
  await page.getByRole('button', { name: 'Remove include' }).click();
  await problem(page, /widths\.vh/);
  await sources.selectOption('with-include.f');
  await studio.synthesised();
  await expectFigure(page, 'flipFlops', 6);
});

test('several files: add, drop, rename, delete, and undo of all', async ({ page, studio }, testInfo) => {
  const folder = testInfo.outputPath('loose');
  writeFiles(folder, {
    'inverter.v': 'module inverter(input a, output y);\n  assign y = ~a;\nendmodule\n',
    'twice.sv': 'module twice(input logic a, output logic y);\n  assign y = a;\nendmodule\n',
  });
  await studio.openLab();
  await studio.setText('module top(input a, output y, z);\n  inverter i(a, y);\n  twice t(a, z);\nendmodule\n');
  await problem(page, /module (inverter|twice), used by/);
  await drop(page, [resolve(folder, 'inverter.v'), resolve(folder, 'twice.sv')]);
  await expectFigure(page, 'cells', 1);
  await expect.poll(() => tree(page)).toEqual(['counter.v', 'inverter.v', 'twice.sv']);
  await expect(page.getByRole('button', { name: 'counter.v top', exact: true })).toBeVisible();

  await addFile(page, 'deep/more.v');
  await studio.setText('module more(input a, b, output y);\n  assign y = a & b;\nendmodule\n');
  await problem(page, /top and more|more and top/);
  // A name that is taken is refused, with the reason; then another is taken.
  await page.getByRole('button', { name: 'Actions for twice.sv' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const name = page.getByLabel('New name of twice.sv');
  await name.fill('inverter.v');
  await name.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'There is a file inverter.v already' })).toBeVisible();
  await name.fill('deep/same.sv');
  await name.press('Enter');
  await expect.poll(() => tree(page)).toEqual(['counter.v', 'deep', 'deep/more.v', 'deep/same.sv', 'inverter.v']);

  await page.getByRole('button', { name: 'Actions for deep/more.v' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await studio.synthesised();
  await expectFigure(page, 'cells', 1);
  await expect(fileTab(page, 'deep/more.v')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => tree(page)).toContain('deep/more.v');
  await problem(page, /more/);
});

test('a problem names its place, marks it in the editor, and leads to it', async ({ page, studio }) => {
  await openWith(studio, AND_AND_REGISTER);
  await addFile(page, 'second.v');
  await studio.setText('module second(input a, output y);\n\n  assign y = a &;\n\nendmodule\n');
  await expect(page.getByText('1 error').filter({ visible: true })).toHaveCount(1);
  const found = await problem(page, /Syntax error/);
  await expect(found).toContainText('second.v:3');
  await expect(page.locator('.monaco-editor .squiggly-error')).toHaveCount(1);
  await fileTab(page, 'counter.v').click();
  await expect(page.locator('.monaco-editor .squiggly-error')).toHaveCount(0);
  await found.getByRole('button').click();
  await expect(fileTab(page, 'second.v')).toHaveAttribute('aria-selected', 'true');
  await expect(caretLine(page)).toHaveText('3');
  // The keyboard is in the text, where the next letters mend it.
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.type(' 1');
  await problem(page, /both and second/);
  await expect(page.locator('.monaco-editor .squiggly-error')).toHaveCount(0);
});

test('latches and memories are listed with the line that makes them', async ({ page, studio }) => {
  await openWith(
    studio,
    `module found(input clk, en, we, input [3:0] at, input [7:0] d, output reg [7:0] q, output reg held);
  reg [7:0] store [0:15];
  always @(posedge clk) begin
    if (we) store[at] <= d;
    q <= store[at];
  end
  always @*
    if (en) held = d[0];
endmodule
`,
  );
  await expectFigure(page, 'latches', 1);
  await expectFigure(page, 'memories', 1);
  await expectFigure(page, 'memoryBits', 128);
  await expect(page.locator('[data-lesson="memories"] .jump')).toContainText(/store\s*16 × 8 bit\s*counter\.v:2/);
  const latch = page.locator('[data-lesson="latches"] .jump');
  await expect(latch).toContainText(/held.*1 bit.*counter\.v:[78]/);
  await latch.click();
  await expect(caretLine(page)).toHaveText(/[78]/);
  // A latch is hardly ever meant, so it is among the problems too.
  await problem(page, /latch/i);
});

test('pins a result and says of each figure how it changed', async ({ page, studio }) => {
  await openWith(studio, AND_AND_REGISTER);
  await page.getByRole('button', { name: 'Pin result' }).click();
  const against = page.locator('[data-lesson="cells"]').first();
  await expect(against).toContainText('same');
  await studio.setText(AND_AND_REGISTER.replace('a & b', 'a + b'));
  await expectFigure(page, 'flipFlops', 4);
  await expect(against).toContainText('worse');
  const cells = await studio.figure('cells');
  const more = `${Math.round((100 * (cells - 12)) / 12)} %`;
  await expect(against).toContainText(more);
  await expect(page.locator('[data-reading="flipFlops"]')).toContainText('same');
  await expect(page.locator('[data-reading="logicDepth"]')).toContainText('worse');
  await expect(page.locator('[data-lesson="types"]').getByRole('listitem').filter({ hasText: /^XOR/ })).toContainText(
    '+',
  );
  // The pin outlives a reload; its figures are computed anew.
  await studio.save();
  await page.reload();
  await expect(against).toContainText(more);
  await studio.setText(AND_AND_REGISTER.replace('a & b', 'a'));
  await expect(against).toContainText('better');
  await studio.command('Remove pin');
  await expect(against).not.toContainText('pinned');
});

test.describe('when the engine breaks', () => {
  test('a crash inside Yosys is reported, and the next run works', async ({ page, studio }) => {
    await studio.openLab();
    await studio.synthesised();
    // Nested deeper than the stack of WebAssembly.
    const deep = `${'~('.repeat(40_000)}a${')'.repeat(40_000)}`;
    await studio.setText(`module deep(input a, output y);\n  assign y = ${deep};\nendmodule\n`);
    await expect(await problem(page, /Yosys/)).toContainText(/crash|stopped|memory|stack/i);
    await studio.setText(AND_AND_REGISTER);
    await expectFigure(page, 'cells', 12);
    await studio.synthesised();
  });

  test('a worker that dies is reported and replaced', async ({ page, studio }) => {
    await studio.openLab();
    await studio.synthesised();
    const engines = page.workers().filter((worker) => worker.url().includes('rtl'));
    expect(engines.length).toBeGreaterThan(0);
    // The next message to any of them is its last.
    for (const worker of engines) {
      await worker.evaluate(() => {
        self.addEventListener('message', () => {
          throw new Error('out of luck');
        });
      });
    }
    await studio.setText(AND_AND_REGISTER);
    await expect(await problem(page, /The engine stopped in the middle/)).toContainText('Run again.');
    await page.getByRole('button', { name: 'Synthesise' }).click();
    await expectFigure(page, 'cells', 12);
    await studio.synthesised();
  });

  test.describe('with a worker script that is missing', () => {
    test.use({ expectedErrors: [/404/] });

    test('says so, and the editor stays', async ({ page, studio }) => {
      const server = await serveFolder('/', /rtl\.worker-[^/]*\.js$/);
      try {
        await studio.openLab(`http://localhost:${server.port}/#/rtl`);
        await expect(await problem(page, /The script of the engine 'rtl' cannot be loaded/)).toContainText(
          'reload the page',
        );
        expect(server.missing.some((path) => /rtl\.worker/.test(path))).toBe(true);
        await studio.setText(AND_AND_REGISTER);
        await studio.save();
        await page.reload();
        await expect(page.locator('.monaco-editor').getByText('kept <= a[3:0];')).toBeVisible();
      } finally {
        await server.close();
      }
    });
  });
});
