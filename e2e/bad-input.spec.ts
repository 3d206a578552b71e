import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  compiled,
  compiledFigures,
  dropModel,
  expectNetwork,
  openModel,
  openPim,
  put,
  SMALL,
  smallOnnx,
} from './support/pim.ts';
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

test.describe('in the PIM lab', () => {
  test('files that are no network: what they are and what to do, and one step back is the network again', async ({
    page,
    studio,
  }, testInfo) => {
    await openPim(studio, SMALL, 'Network');
    const before = await compiledFigures(studio);
    const whole = smallOnnx();
    const files: { what: string; name: string; bytes: Uint8Array | string; message: RegExp; remedy: RegExp }[] = [
      {
        what: 'cut off',
        name: 'cut.onnx',
        bytes: whole.subarray(0, whole.length - 300),
        message: /it is cut off/,
        remedy: /Copy or download the file again/,
      },
      { what: 'JSON under another name', name: 'data.onnx', bytes: '{"nodes": []}', message: /JSON/, remedy: /ONNX/ },
      { what: 'empty', name: 'empty.onnx', bytes: '', message: /is empty/, remedy: /download it again/ },
      {
        what: 'noise',
        name: 'noise.onnx',
        bytes: randomBytes(4000).fill(0xff, 0, 1),
        message: /At byte \d+|no graph|no ONNX model/,
        remedy: /\.$/,
      },
    ];
    for (const { what, name, bytes, message, remedy } of files) {
      await test.step(what, async () => {
        await openModel(studio, name, bytes);
        await expectNetwork(studio, name);
        const found = await problem(page, message, 'Problems, stages and log');
        await expect(found).toContainText('Error');
        await expect(found.locator('.problem-remedy')).toContainText(remedy);
        if (what !== 'empty') await expect(found.locator('.problem-place')).toContainText(name);
        await page.getByRole('button', { name: 'Undo' }).click();
        await expectNetwork(studio, 'lenet5');
        await expect(page.getByText(message)).toHaveCount(0);
      });
    }
    // What cannot be meant as a network is refused at the door.
    const file = testInfo.outputPath('notes.txt');
    writeFileSync(file, 'nothing');
    await dropModel(studio, file);
    await expect(page.getByText('notes.txt is neither a network nor a chip')).toBeVisible();
    await expectNetwork(studio, 'lenet5');
    expect(await compiledFigures(studio)).toEqual(before);
  });

  test('a size that the model leaves open is asked for, and given where it is asked', async ({ page, studio }) => {
    await openPim(studio, SMALL, 'Network');
    await openModel(studio, 'open.onnx', smallOnnx({ batch: 'N', height: 'H' }));
    const found = await problem(page, /sizes? open.*"H"|"H".*open/, 'Problems, stages and log');
    await expect(found.locator('.problem-remedy')).toContainText('symbols');
    const size = page.getByRole('textbox', { name: 'Size of H', exact: true });
    await size.fill('4');
    await size.press('Enter');
    await compiled(studio);
    await expect(page.getByText(/sizes? open/)).toHaveCount(0);
    expect(await studio.figure('mvms')).toBeGreaterThan(0);
  });

  test('a chip that is too small or none at all: by how much, and what would fit', async ({ page, studio }) => {
    await openPim(studio, SMALL, 'Chip');
    const before = await compiledFigures(studio);
    await put(studio, 'Crossbars a core', 2);
    const small = await problem(page, /needs [\d,]+ crossbars and the chip has 8 /, 'Problems, stages and log');
    await expect(small.locator('.problem-what')).toContainText(/[\d,]+ too few/);
    const remedy = await small.locator('.problem-remedy').innerText();
    const cores = Number(/has ([\d,]+) cores of 2 crossbars/.exec(remedy)?.[1]?.replaceAll(',', ''));
    const across = Number(/\((\d+) x 2 cores\)/.exec(remedy)?.[1]);
    expect(cores).toBeGreaterThan(4);
    expect(across).toBe(Math.ceil(cores / 2));
    // The figures of the last chip that did stay, and say so.
    await expect(page.getByText('of earlier choices')).toBeVisible();
    await expectFigure(page, 'crossbars', before.crossbars!);
    // What was promised to fit does.
    await put(studio, 'Cores across', across);
    await compiled(studio);
    await put(studio, 'Cores across', 0);
    const none = await problem(page, /number of cores across is 0/, 'Problems, stages and log');
    await expect(none.locator('.problem-place')).toContainText('hardware.cores.x');
    await expect(none.locator('.problem-remedy')).toContainText('at least 1');
    for (let steps = 0; steps < 3; steps++) await page.getByRole('button', { name: 'Undo' }).click();
    expect(await compiledFigures(studio)).toEqual(before);
    await put(studio, 'Cores across', 'two');
    await expect(page.getByText('Write a number.')).toBeVisible();
    expect(await compiledFigures(studio)).toEqual(before);
  });
});
