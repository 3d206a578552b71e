import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { drop, expectFigure, openWith, problem, tree } from './support/rtl.ts';
import { expect, test } from './support/studio.ts';

/** What is wrong with an input is said with its place and a remedy, nothing is lost, and the lab goes on. */

const GOOD = 'module good(input [2:0] a, b, output [2:0] y);\n  assign y = a & b;\nendmodule\n';

const texts: { what: string; text: string; message: RegExp; place: string; remedy: RegExp }[] = [
  {
    what: 'a syntax error',
    text: 'module top(input a, output y);\n  assign y = a b;\nendmodule\n',
    message: /Syntax error/,
    place: 'counter.v:2',
    remedy: /\.$/,
  },
  {
    what: 'a missing module',
    text: 'module top(input a, output y);\n  nand2 u(a, y);\nendmodule\n',
    message: /nand2/,
    place: 'counter.v:2',
    remedy: /Add|add/,
  },
  {
    what: 'two tops',
    text: `${GOOD}module other(input a, output y);\n  assign y = a;\nendmodule\n`,
    message: /good and other/,
    place: 'counter.v:1',
    remedy: /[Cc]hoose/,
  },
  {
    what: 'an include file that is not there',
    text: `\`include "lost.vh"\n${GOOD}`,
    message: /lost\.vh/,
    place: 'counter.v:1',
    remedy: /Add|add|include/,
  },
  { what: 'an empty file', text: '', message: /define no module/, place: 'counter.v', remedy: /Write a module/ },
];

test('texts that are no design: a message with place and remedy, and the text stays', async ({ page, studio }) => {
  await openWith(studio, GOOD);
  await expectFigure(page, 'cells', 3);
  for (const { what, text, message, place, remedy } of texts) {
    await test.step(what, async () => {
      await studio.setText(text);
      const found = await problem(page, message);
      await expect(found).toContainText('Error');
      await expect(found.locator('.problem-place')).toContainText(place);
      await expect(found.locator('.problem-remedy')).toContainText(remedy);
      // The figures of the last sound text stay, and say of what they are.
      await expect(page.getByText('of an earlier text')).toBeVisible();
      await expectFigure(page, 'cells', 3);
      await studio.save();
      const { slices } = await studio.document();
      expect(slices.rtl).toMatchObject({ files: [{ path: 'counter.v', text }] });
    });
  }
  await studio.setText(GOOD.replace('a & b', 'a'));
  await expectFigure(page, 'cells', 0);
  await expect(page.getByRole('region', { name: 'Problems and log' }).getByText('No problems found.')).toBeVisible();
});

test('no file at all: says what to do, and a new one is a start', async ({ page, studio }) => {
  await openWith(studio, GOOD);
  await page.getByRole('button', { name: 'Actions for counter.v' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByText('No source yet')).toBeVisible();
  await page.getByRole('button', { name: 'New file' }).click();
  await page.getByLabel('Name of the new file').press('Enter');
  await studio.editorReady();
  await studio.setText(GOOD.replace('a & b', '~a'));
  await expectFigure(page, 'cells', 3);
  // What was deleted is not gone: undo leads back to it.
  await studio.save();
  for (let i = 0; i < 3; i++) await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => tree(page)).toEqual(['counter.v']);
  await expect(page.locator('.view-lines')).toContainText('a & b');
});

test('a parameter that the top does not have', async ({ page, studio }) => {
  await studio.openLab();
  await studio.synthesised();
  const width = page.getByLabel('WIDTH', { exact: true });
  await width.fill('4');
  await width.press('Enter');
  await expectFigure(page, 'flipFlops', 4);
  await studio.setText(GOOD);
  const found = await problem(page, /WIDTH/);
  await expect(found.locator('.problem-remedy')).toContainText(/good has|parameter/);
  await expect(page.getByText('The top module has no such parameter.')).toBeVisible();
  await page.getByRole('button', { name: 'Back to the default of WIDTH' }).click();
  await expectFigure(page, 'cells', 3);
});

test('a program dropped as Verilog is refused by name; what was there stays', async ({ page, studio }, testInfo) => {
  const file = testInfo.outputPath('tool.v');
  writeFileSync(file, Buffer.concat([Buffer.from('\x7fELF\0\0'), randomBytes(4000)]));
  await openWith(studio, GOOD);
  await drop(page, [file]);
  await expect(page.getByText('tool.v holds bytes that are no text and was not added.')).toBeVisible();
  await expect(page.getByText(/Add Verilog or SystemVerilog sources/)).toBeVisible();
  expect(await tree(page)).toEqual(['counter.v']);
  await studio.setText(GOOD.replace('a & b', 'a'));
  await expectFigure(page, 'cells', 0);
});

test('a file of 5 MB is kept beside the design, synthesised, and never in the way', async ({
  page,
  studio,
}, testInfo) => {
  const file = testInfo.outputPath('large.v');
  const lines = '// nothing but words, over and over again, to the end of the line\n'.repeat(80_000);
  writeFileSync(file, `module large(input [4:0] a, output [4:0] y);\n  assign y = ~a;\nendmodule\n${lines}`);
  await studio.openLab();
  await studio.synthesised();
  await drop(page, [file]);
  await expect(page.getByText(/large\.v has 5\.\d MB: it is kept beside the design/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Edit anyway' })).toBeVisible();
  await expect.poll(() => tree(page)).toEqual(['counter.v', 'large.v']);
  await page.getByLabel('Top module', { exact: true }).selectOption('large');
  await expectFigure(page, 'cells', 5);
  // It is there after a reload too.
  await studio.save();
  await page.reload();
  await studio.editorReady();
  await expectFigure(page, 'cells', 5);
  await expect(page.locator('.view-lines')).toContainText('module large');
});
