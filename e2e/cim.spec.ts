import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import type { CimReport } from '../engines/cim/types.ts';
import { cimLink, openCim } from './support/cim.ts';
import { show } from './support/labs.ts';
import { compiled, compiledFigures, openModel, smallOnnx } from './support/pim.ts';
import { expect, test, visitor } from './support/studio.ts';

/** The lab of arrays that compute or remember: from a network to segments, arrays and a program that is proved. */

const program = resolve(import.meta.dirname, '../build/cli/crossbar-studio.js');
const boundaries = (page: Page) => page.getByRole('slider', { name: /^Boundary between / });

/** The small network of most tests: fifteen products, some milliseconds. */
const SMALL = cimLink({ model: 'vgg8', batch: 8 });

test('the screen, the command line and the other end of a link agree on a design with changed constants', async ({
  page,
  studio,
  context,
  baseURL,
}, testInfo) => {
  await openCim(studio);
  const first = await compiledFigures(studio);
  // The published segmentation of VGG-16, at the top of the table.
  await expect(page.getByRole('row', { name: /stage1\/conv1 to stage2\/conv2/ })).toBeVisible();
  expect(first['speedup-computeOnly']).toBeGreaterThan(1.3);
  await page.getByRole('button', { name: /^Pin / }).click();
  const main = page.locator('[data-lesson="mainBytesPerCycle"]').getByRole('spinbutton');
  await main.fill('200');
  await main.press('Enter');
  await compiled(studio);
  const fed = await studio.figures();
  expect(fed.cycles).toBeLessThan(first.cycles!);
  expect(fed['speedup-computeOnly']).toBeLessThan(first['speedup-computeOnly']!);
  await expect(page.locator('[data-reading="latencyNs"]')).toContainText('better');

  const plain = await studio.downloaded(() => studio.command('Export as JSON for the command line'));
  const file = testInfo.outputPath(plain.name);
  writeFileSync(file, plain.bytes);
  const run = (...options: string[]) =>
    execFileSync(process.execPath, [program, ...options], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const report: CimReport = JSON.parse(run('run', file));
  expect(report.figures.cycles).toBe(fed.cycles);
  expect(report.figures.speedup!.computeOnly).toBe(fed['speedup-computeOnly']);
  expect(report.figures.baselineCycles!.cimMlc! / report.figures.cycles).toBe(fed['speedup-cimMlc']);

  const other = await visitor(context);
  try {
    await openCim(other, run('open', file, '--base', baseURL as string).trim());
    expect(await compiledFigures(other)).toEqual(fed);
    expect(other.errors).toEqual([]);
  } finally {
    await other.page.context().close();
  }
});

test('a boundary moved by hand is set against the compiler’s cuts, and undone', async ({ page, studio }) => {
  await openCim(studio, SMALL);
  const own = await compiledFigures(studio);
  const versus = page.getByRole('region', { name: 'Your cuts against the compiler’s' });
  const before = await boundaries(page).count();
  // Join the first two segments' neighbours apart: the first boundary one product to the left.
  await boundaries(page).first().focus();
  await page.keyboard.press('ArrowLeft');
  await expect(versus.locator('[data-figure="difference"]')).toContainText('more');
  await compiled(studio);
  const hand = await studio.figures();
  expect(hand.cycles).toBeGreaterThan(own.cycles!);
  expect(await boundaries(page).count()).toBe(before);
  // What does not fit is said in place, with by how much.
  await boundaries(page).first().focus();
  for (let steps = 0; steps < 3; steps++) await page.keyboard.press('ArrowRight');
  await expect(page.getByText(/does not fit: it needs \d+ arrays of 96/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Let the DP cut' }).click();
  expect(await compiledFigures(studio)).toEqual(own);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(versus.locator('[data-figure="mine"]')).toContainText('fit');
});

test('bad input is named in place, and the last result stays', async ({ page, studio }) => {
  await openCim(studio, SMALL);
  const own = await compiledFigures(studio);
  // A chip without the bandwidth to feed anything, as a link may bring it.
  await openCim(studio, cimLink({ model: 'vgg8', hardware: { base: 'dynaplasia', mainBytesPerCycle: 0 } }));
  await expect(page.getByText(/andwidth.* is 0/).first()).toBeVisible();
  await openCim(studio, cimLink({ model: 'vgg8', cuts: ['stage1/conv7'] }));
  await expect(page.getByText(/stage1\/conv7/).first()).toBeVisible();
  // An ONNX file of one's own, and one that is cut off.
  await openCim(studio, SMALL);
  expect(await compiledFigures(studio)).toEqual(own);
  const whole = smallOnnx();
  await openModel(studio, 'cut-off.onnx', whole.subarray(0, whole.length - 40));
  await expect(page.getByRole('alert')).toContainText(/cut off|ends|truncated/i);
  expect(await studio.figure('cycles')).toBe(own.cycles);
  await openModel(studio, 'whole.onnx', whole);
  await compiled(studio);
  expect((await studio.figures()).operators).toBe(3);
});

test('every view shows the plan: chip, roofline, time line, methods, map and sweep', async ({ page, studio }) => {
  await openCim(studio, SMALL);
  const own = await compiledFigures(studio);

  await show(studio, 'Compare');
  const methods = page.getByRole('table', { name: 'Totals of every plan' });
  await expect(methods.getByRole('row')).toHaveCount(7);
  await expect(methods.getByText('CIM-MLC-like (re-implementation)')).toBeVisible();

  await show(studio, 'Sensitivity');
  await page.getByRole('button', { name: 'Compute the map' }).click();
  await expect(page.getByText(/Over the map: from 1\.\d+× to [2-9]/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Compute anew' })).toBeVisible();
  await expect(page.getByText(/Claimed by the paper.*1\.31×/)).toBeVisible();
  const cells = page.getByRole('listbox', { name: 'Speed-up over Compute only' }).getByRole('option');
  await expect(cells).toHaveCount(49);
  await expect(cells.filter({ hasText: '' }).and(page.locator('[aria-label*="nearest to this design"]'))).toHaveCount(
    1,
  );

  await show(studio, 'Sweeps');
  await page.getByRole('button', { name: 'Run 5 points' }).click();
  const points = page.getByRole('table', { name: 'Points of the sweep' });
  await expect(points.getByRole('row')).toHaveCount(6);
  // The point of the design’s own batch is the design.
  await expect(points.getByRole('row', { name: /^8 / })).toContainText(
    Math.round(own.cycles!).toLocaleString('en').replaceAll(',', '\u202f'),
  );
});

test('a program is run against its network, and one that was spoilt is named by its line', async ({ page, studio }) => {
  await openCim(studio, cimLink({ model: 'lenet5' }), 'Program');
  await page.getByRole('button', { name: 'Run and compare' }).click();
  await expect(page.getByText(/^Equal in all 5 layers compared\./)).toBeVisible();
  await page.getByText('A program of your own').click();
  await page.getByRole('button', { name: 'Start from the compiled program' }).click();
  const text = page.getByRole('textbox', { name: 'Program text' });
  const program = await text.inputValue();
  expect(program).toContain('CIM.read_core-conv - "conv1"');
  await text.fill(program.replace(/\n[^\n]*CIM\.write_core - "conv2"[^\n]*/, ''));
  await page.getByRole('button', { name: 'Check and run' }).click();
  await expect(page.getByText(/does not hold weights of "conv2"/).first()).toBeVisible();
  await text.fill(`${program}\nCIM.jump - 3`);
  await page.getByRole('button', { name: 'Check and run' }).click();
  await expect(page.getByText('An instruction stands outside of a block.').first()).toBeVisible();
});

test('a segment is solved as a program that agrees with the exact search, or says that it ran out of time', async ({
  page,
  studio,
}) => {
  await openCim(studio, SMALL, 'Solvers');
  await page.getByRole('button', { name: 'Solve', exact: true }).click();
  await expect(page.getByText(/^Proven optimal: [\d\u202f]+/)).toBeVisible();
  await expect(page.getByText('The exact search has the same objective and the same counts.')).toBeVisible();
  // A whole compilation by programs has the figures of the exact search.
  const own = await studio.figures();
  await page.getByRole('combobox', { name: 'Solver', exact: true }).selectOption('mip-counts');
  await page.getByRole('button', { name: /^Compile/ }).click();
  expect(await compiledFigures(studio)).toEqual(own);
});

test('the lesson on segments is walked with the boundaries of the screen', async ({ page, studio }) => {
  await openCim(studio, '#/l/segment-vgg');
  await compiled(studio);
  const lesson = page.getByRole('complementary', { name: /^Lesson: / });
  await lesson.getByRole('textbox').fill('3');
  await lesson.getByRole('button', { name: 'Check' }).click();
  await expect(lesson.getByText('Right.', { exact: true })).toBeVisible();
  await lesson.getByRole('button', { name: 'Next' }).click();
  await boundaries(page).first().focus();
  await page.keyboard.press('Delete');
  await expect(lesson.getByText('Done.', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText('Step 2 of 6')).toBeVisible();
});
