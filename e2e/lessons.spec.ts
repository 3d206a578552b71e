import type { Page } from '@playwright/test';
import type { PimReport } from '../engines/pim/types.ts';
import { measured, measuredFigures, press, putFormat, reportOf } from './support/bfp.ts';
import { compiled } from './support/pim.ts';
import { expect, test } from './support/studio.ts';

/** Every lesson, as a student walks through it. */

const lessonOf = (page: Page) => page.getByRole('complementary', { name: /^Lesson: / });
const step = (page: Page, at: number, all: number) => expect(page.getByText(`Step ${at} of ${all}`)).toBeVisible();

async function next(page: Page): Promise<void> {
  await lessonOf(page).getByRole('button', { name: 'Next' }).click();
}

/** Answers and expects the verdict. The engine may still be at work on the step's design: then it is asked again. */
async function answer(page: Page, given: string | { choice: string }, verdict: 'right' | 'wrong'): Promise<void> {
  const lesson = lessonOf(page);
  if (typeof given === 'string') await lesson.getByRole('textbox').fill(given);
  else await lesson.getByRole('radio', { name: given.choice, exact: true }).check();
  const words = verdict === 'right' ? 'Right.' : 'Not what the engine says. Look again.';
  await expect(async () => {
    await lesson.getByRole('button', { name: 'Check' }).click();
    await expect(lesson.getByText(words, { exact: true })).toBeVisible({ timeout: 1000 });
  }).toPass();
}

async function change(page: Page, label: string): Promise<void> {
  await lessonOf(page).getByRole('button', { name: label, exact: true }).click();
  await expect(lessonOf(page).getByText('Done: undo takes it back.')).toBeVisible();
}

/** Writes something in place of a line's text. */
async function rewrite(page: Page, line: number, text: string): Promise<void> {
  await page.locator('.monaco-editor').first().click();
  await page.keyboard.press('ControlOrMeta+Home');
  for (let down = 1; down < line; down++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.insertText(text);
}

const dots = (page: Page) => lessonOf(page).getByRole('button', { name: /^Step \d+: / });
const done = (page: Page) => lessonOf(page).getByRole('button', { name: /^Step \d+: .*\(done\)$/ });

test('from four lines of Verilog to gates', async ({ page, studio }) => {
  await page.goto('./');
  await page.getByRole('link', { name: /From four lines of Verilog to gates/ }).click();
  await studio.editorReady();
  await step(page, 1, 8);
  await expect(dots(page)).toHaveCount(8);
  // Nothing given, a wrong answer, the right one: five operators stand in the text.
  await lessonOf(page).getByRole('button', { name: 'Check' }).click();
  await expect(lessonOf(page).getByText('Type an answer.')).toBeVisible();
  await answer(page, '6', 'wrong');
  await expect(done(page)).toHaveCount(0);
  await answer(page, '5', 'right');
  await expect(lessonOf(page).getByText(/3 for .* and 2 for/)).toBeVisible();
  await expect(done(page)).toHaveCount(1);
  await next(page);

  await answer(page, { choice: 'Fewer gates than operators' }, 'wrong');
  await answer(page, { choice: 'As many gates as operators' }, 'right');
  await next(page);

  // A change that spoils the function is not the better formula; the right one is.
  await rewrite(page, 2, '  wire two = a & b;');
  await studio.synthesised();
  await expect(lessonOf(page).getByText('Waiting for your change.')).toBeVisible();
  await rewrite(page, 2, '  wire two = a & (b | c);');
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible();
  await next(page);

  // Progress, and the design with what was typed, are there after a reload.
  await studio.save();
  await page.reload();
  await studio.editorReady();
  await step(page, 4, 8);
  await expect(done(page)).toHaveCount(3);
  await expect(page.locator('.view-lines')).toContainText('b | c)');

  await change(page, 'Make the vote eight bits wide');
  // Told after two wrong answers: then the step is done too, and what is told is what the readings say.
  await answer(page, '4', 'wrong');
  await answer(page, '5', 'wrong');
  await lessonOf(page).getByRole('button', { name: 'Show the answer' }).click();
  await expect(lessonOf(page).getByText(`The engine says: ${await studio.figure('cells')}.`)).toBeVisible();
  expect(await studio.figure('cells')).toBe(32);
  await next(page);

  await change(page, 'Add instead of voting');
  await answer(page, { choice: 'At most 4 gates' }, 'wrong');
  await answer(page, { choice: 'More than 8 gates' }, 'right');
  await next(page);

  await change(page, 'Put a register behind the sum');
  await answer(page, '8', 'wrong');
  await answer(page, '9', 'right');
  await next(page);

  await change(page, 'Forget a case');
  await answer(page, '9', 'right');
  await next(page);

  await rewrite(page, 3, '    if (enable) y = a + b; else y = 0;');
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible();
  await expect(done(page)).toHaveCount(8);
  await lessonOf(page).getByRole('button', { name: 'Finish' }).click();
  await expect(lessonOf(page).getByText('All 8 steps are done.')).toBeVisible();
  await lessonOf(page).getByRole('button', { name: 'Go on with this design' }).click();
  await expect(lessonOf(page)).toHaveCount(0);
  await expect(page.locator('.view-lines')).toContainText('else y = 0;');
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(page.getByRole('link', { name: /From four lines of Verilog to gates/ })).toContainText(
    '8 of 8 steps done',
  );
});

test('what does a line cost?', async ({ page, studio }) => {
  await page.goto('./#/l/line-cost');
  await studio.editorReady();
  await step(page, 1, 8);
  await answer(page, { choice: 'both = a & b' }, 'wrong');
  await answer(page, { choice: 'sum = c + d' }, 'right');
  await next(page);
  await answer(page, { choice: 'less = (h < k)' }, 'wrong');
  await answer(page, { choice: 'sum = c + d' }, 'right');
  await next(page);
  await change(page, 'Shift by a constant');
  await answer(page, '3', 'wrong');
  await answer(page, '0', 'right');
  await next(page);

  await rewrite(page, 12, "    assign less  = (h < 8'd100);");
  await studio.synthesised();
  await expect(lessonOf(page).getByText('Waiting for your change.')).toBeVisible();
  await rewrite(page, 12, "    assign less  = (h < 8'd128);");
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible();
  await next(page);

  await change(page, 'Multiply');
  await answer(page, { choice: 'Less than the sum' }, 'wrong');
  await answer(page, { choice: 'More than five sums' }, 'right');
  await next(page);
  await change(page, 'Multiply by ten');
  await answer(page, { choice: 'Nothing, it is only wires' }, 'wrong');
  await answer(page, { choice: 'Something like one sum' }, 'right');
  await next(page);
  await change(page, 'Choose between two sums');
  await answer(page, '1', 'wrong');
  await answer(page, '2', 'right');
  await next(page);

  await studio.synthesised();
  const before = await studio.figure('cells');
  await page.getByRole('button', { name: 'Pin result' }).click();
  await rewrite(page, 7, '    assign y = (second ? c : a) + (second ? d : b);');
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible();
  expect(await studio.figure('cells')).toBeLessThan(before);
  await expect(page.locator('[data-lesson="cells"]').first()).toContainText('better');
  await lessonOf(page).getByRole('button', { name: 'Finish' }).click();

  // From the beginning: a new design, no step done.
  await lessonOf(page).getByRole('button', { name: 'From the beginning' }).click();
  await step(page, 1, 8);
  await expect(done(page)).toHaveCount(0);
  await expect(page.locator('.view-lines')).toContainText('e << n');
});

/** Gives the crossbar an exact value. */
async function exactly(page: Page, name: string, value: number): Promise<void> {
  const slider = page.getByRole('slider', { name, exact: true });
  const field = page.locator('.slider').filter({ has: slider }).getByRole('spinbutton');
  await field.fill(String(value));
  await field.press('Enter');
}

test('one crossbar, sixteen cells', async ({ page }) => {
  await page.goto('./#/l/one-crossbar');
  await step(page, 1, 8);
  await answer(page, '7', 'wrong');
  await answer(page, '8', 'right');
  await next(page);
  await answer(page, '3', 'right');
  await next(page);
  // The lit levels of column 3 are those of 4, 7 and 6, each 8 more.
  await answer(page, '17', 'wrong');
  await answer(page, '41', 'right');
  await next(page);
  await answer(page, '136', 'right');
  await next(page);
  await change(page, 'Take a converter of 4 bits');
  await answer(page, '4', 'right');
  await next(page);

  await exactly(page, 'ADC', 7);
  await expect(page.locator('[data-figure="rmsError"]')).toHaveAttribute('data-value', '0');
  await expect(lessonOf(page).getByText('Waiting for your change.')).toBeVisible();
  await exactly(page, 'ADC', 6);
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible();
  await next(page);

  await change(page, 'Build it larger, of real wire');
  await answer(page, { choice: 'The column nearest to the drivers' }, 'wrong');
  await answer(page, { choice: 'The column farthest from the drivers' }, 'right');
  await next(page);
  await exactly(page, 'Greatest', 90);
  await expect(lessonOf(page).getByText('Waiting for your change.')).toBeVisible();
  await exactly(page, 'Greatest', 15);
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible();
  await lessonOf(page).getByRole('button', { name: 'Finish' }).click();
  await expect(lessonOf(page).getByText('All 8 steps are done.')).toBeVisible();
});

test('why replicate the first layers?', async ({ page, studio }) => {
  await page.goto('./#/l/replicate');
  await step(page, 1, 8);
  await answer(page, '28', 'wrong');
  await answer(page, '784', 'right');
  await next(page);
  await answer(page, { choice: 'fc1' }, 'wrong');
  await answer(page, { choice: 'conv1' }, 'right');
  await next(page);
  await answer(page, { choice: 'fc1' }, 'right');
  await next(page);
  const slow = await studio.figure('timeNs');
  await change(page, 'Eight replicas of conv1');
  await answer(page, { choice: 'conv1' }, 'wrong');
  await answer(page, { choice: 'conv2' }, 'right');
  expect(await studio.figure('timeNs')).toBeLessThan(slow);
  await next(page);
  await expect(lessonOf(page).getByText('Waiting for your change.')).toBeVisible();
  for (const [name, count] of [
    ['conv1', 32],
    ['conv2', 4],
  ] as const) {
    const field = page.getByRole('textbox', { name, exact: true });
    await field.fill(String(count));
    await field.press('Enter');
  }
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible();
  await next(page);
  await change(page, 'Eight replicas of fc1');
  await answer(page, '8', 'wrong');
  await answer(page, '1', 'right');
  await next(page);
  await change(page, 'Balance');
  await compiled(studio);
  await answer(page, String(await studio.figure('mvms')), 'right');
  await next(page);
  await page.getByRole('button', { name: /^Pin / }).click();
  await page.getByRole('combobox', { name: 'Replication', exact: true }).selectOption('uniform');
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible();
  await expect(page.locator('[data-reading="timeNs"]')).toContainText('worse');
});

test('throughput or latency?', async ({ page, studio }) => {
  await page.goto('./#/l/throughput-latency');
  await step(page, 1, 7);
  await compiled(studio);
  await answer(page, { choice: 'classifier/fc1' }, 'wrong');
  const { bytes } = await studio.downloaded(() => studio.command('Download: Report as JSON'));
  const { layers } = JSON.parse(bytes.toString()) as PimReport;
  const spans = new Map(layers.map(({ name, startNs, endNs }) => [name, endNs - startNs]));
  const slowest = [...spans].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
  await answer(page, { choice: slowest }, 'right');
  await next(page);
  // A bar for every layer that has instructions: the stages of the pipeline.
  const stages = await page
    .getByRole('listbox', { name: /^time of instructions/ })
    .getByRole('option')
    .count();
  const cycleNs = await studio.figure('timeNs');
  await answer(page, String(cycleNs / 1000), 'wrong');
  await answer(page, String((stages * cycleNs) / 1000), 'right');
  await next(page);
  await change(page, 'Compile for latency');
  await answer(page, { choice: 'No, it waits for all of it' }, 'wrong');
  await answer(page, { choice: 'Yes, long before' }, 'right');
  await next(page);
  await compiled(studio);
  const latencyNs = await studio.figure('timeNs');
  expect(latencyNs).toBeLessThan(stages * cycleNs);
  await answer(page, String(latencyNs / 1000), 'right');
  await next(page);
  await answer(page, String(1e9 / latencyNs), 'right');
  await next(page);
  await change(page, 'Compile for throughput');
  await answer(page, String((100 * cycleNs) / 1000), 'wrong');
  await answer(page, String(((stages + 99) * cycleNs) / 1000), 'right');
  await next(page);
  await compiled(studio);
  await page.getByRole('button', { name: /^Pin / }).click();
  await page.getByRole('radio', { name: 'Latency', exact: true }).check();
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible();
  await expect(page.locator('[data-reading="timeNs"] .delta')).toHaveCount(0);
});

test('one exponent for many: what is lost?', async ({ page, studio }) => {
  await page.goto('./#/l/one-exponent');
  await step(page, 1, 7);
  await measured(studio);
  const layerOf = async (name: string) => (await reportOf(studio)).layers.find((layer) => layer.name === name)!;
  const start = await layerOf('conv2');
  await answer(page, '4', 'wrong');
  await answer(page, start.weightBits.toFixed(2), 'right');
  await next(page);
  await answer(page, start.weightSignalToNoiseDb!.toFixed(1), 'right');
  await next(page);
  await change(page, 'One exponent a tensor');
  await measured(studio);
  const { layers, measurement } = await reportOf(studio);
  const worst = [...layers].sort((a, b) => a.weightSignalToNoiseDb! - b.weightSignalToNoiseDb!);
  await answer(page, { choice: worst.at(-1)!.name }, 'wrong');
  await answer(page, { choice: worst[0]!.name }, 'right');
  await next(page);
  const { lost, won, pValue } = measurement!.difference;
  expect(lost).toBeGreaterThan(won);
  await answer(page, String(lost - won + 1000), 'wrong');
  await answer(page, String(lost), 'right');
  await next(page);
  const verdicts = ['More than chance would explain', 'Chance alone explains as much'];
  await answer(page, { choice: verdicts[pValue < 0.05 ? 1 : 0]! }, 'wrong');
  await answer(page, { choice: verdicts[pValue < 0.05 ? 0 : 1]! }, 'right');
  await next(page);
  await change(page, 'Six bits');
  await measured(studio);
  await answer(page, (await layerOf('conv2')).weightSignalToNoiseDb!.toFixed(1), 'right');
  await next(page);
  await putFormat(studio, 'Weights', 'bfp2/16');
  await measured(studio);
  await expect(lessonOf(page).getByText('Waiting for your change.')).toBeVisible();
  await putFormat(studio, 'Weights', 'bfp4/128');
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible();
  await lessonOf(page).getByRole('button', { name: 'Finish' }).click();
  await expect(lessonOf(page).getByText('All 7 steps are done.')).toBeVisible();
});

test('spend bits where they matter', async ({ page, studio }) => {
  await page.goto('./#/l/spend-bits');
  await step(page, 1, 7);
  await measured(studio);
  const equal = await reportOf(studio);
  await answer(page, String(equal.measurement!.difference.lost), 'right');
  await next(page);
  const asked = lessonOf(page).getByRole('radio');
  await expect(asked.first()).toBeVisible();
  const names = await asked.evaluateAll((all) => all.map((each) => each.closest('label')?.textContent?.trim() ?? ''));
  const noise = equal.layers.filter(({ name }) => names.includes(name));
  expect(noise.length).toBeGreaterThan(2);
  const noisiest = noise.reduce((a, b) => (b.outputSignalToNoiseDb! < a.outputSignalToNoiseDb! ? b : a));
  await answer(page, { choice: noisiest.name }, 'right');
  await next(page);
  await change(page, 'Six bits for the first and the last');
  const more = await measuredFigures(studio);
  // Two small layers: three bits more for each of their numbers hardly count.
  expect(more.averageWeightBits! - equal.figures.averageWeightBits).toBeLessThan(0.1);
  await answer(page, more.averageWeightBits!.toFixed(2), 'right');
  await next(page);
  await change(page, 'Ask for four bits on average');
  await press(studio, 'Search');
  const found = await measuredFigures(studio);
  expect(found.accuracyPercent).toBeGreaterThan(equal.figures.accuracyPercent!);
  await answer(page, found.averageWeightBits!.toFixed(2), 'right');
  await next(page);
  const { search } = await reportOf(studio);
  await answer(page, String(search!.points.filter((point) => point.measured).length), 'right');
  await next(page);
  await answer(page, (found.dataMovementBits8! / found.dataMovementBits!).toFixed(2), 'right');
  await next(page);
  const use = page.getByRole('button', { name: 'Use this plan' }).first();
  const folded = page.getByRole('heading').getByRole('button', { name: 'Search', exact: true });
  if (!(await use.isVisible())) await folded.click();
  await use.click();
  await page.getByRole('radio', { name: 'Test', exact: true }).check();
  await expect(lessonOf(page).getByText('Done.', { exact: true })).toBeVisible({ timeout: 60_000 });
  expect((await reportOf(studio)).measurement!.set).toBe('test');
});

test('blocking or not?', async ({ page, studio }) => {
  await page.goto('./#/l/blocking');
  await studio.editorReady();
  await step(page, 1, 5);
  await answer(page, { choice: '1 0 0' }, 'wrong');
  await answer(page, { choice: '1 1 1' }, 'right');
  await next(page);
  await change(page, 'Write <= instead of =');
  await answer(page, '1', 'wrong');
  await answer(page, '3', 'right');
  await next(page);
  await change(page, 'Give each register its own always');
  await answer(page, { choice: '1 1 1' }, 'wrong');
  await answer(page, { choice: '1 0 0' }, 'right');
  await next(page);
  await change(page, 'Swap two registers');
  await answer(page, { choice: '1 1 0' }, 'wrong');
  await answer(page, { choice: '1 0 0' }, 'right');
  await next(page);
  await change(page, 'Make it combinational');
  await answer(page, { choice: '1' }, 'right');
  await lessonOf(page).getByRole('button', { name: 'Finish' }).click();
  await expect(lessonOf(page).getByText('All 5 steps are done.')).toBeVisible();
});

test('why X?', async ({ page, studio }) => {
  await page.goto('./#/l/unknown');
  await studio.editorReady();
  await step(page, 1, 5);
  await answer(page, '0000', 'wrong');
  await answer(page, 'xxxx', 'right');
  await next(page);
  await answer(page, { choice: 'x' }, 'wrong');
  await answer(page, { choice: '0' }, 'right');
  await next(page);
  await change(page, 'Add the reset');
  await answer(page, '22', 'wrong');
  await answer(page, '5', 'right');
  await next(page);
  await change(page, 'Drive even twice');
  await answer(page, '4', 'wrong');
  await answer(page, '2', 'right');
  await next(page);
  await change(page, 'Leave even without a driver');
  await answer(page, { choice: 'z' }, 'right');
  await lessonOf(page).getByRole('button', { name: 'Finish' }).click();
  await expect(lessonOf(page).getByText('All 5 steps are done.')).toBeVisible();
});

test('where is my slack?', async ({ page, studio }) => {
  await page.goto('./#/l/slack');
  await studio.editorReady();
  await step(page, 1, 4);
  await answer(page, { choice: 'yes' }, 'wrong');
  await answer(page, { choice: 'no' }, 'right');
  await next(page);
  await answer(page, { choice: 'rc' }, 'wrong');
  await answer(page, { choice: 'y' }, 'right');
  await next(page);
  await change(page, 'Add a pipeline stage');
  await answer(page, '500', 'wrong');
  const fMaxMhz = page.locator('[data-lesson="ppa-readings"] [data-figure="fMaxMhz"]');
  await answer(page, String(Math.round(Number(await fMaxMhz.getAttribute('data-value')))), 'right');
  await next(page);
  await answer(page, '49', 'wrong');
  await answer(page, '81', 'right');
  await lessonOf(page).getByRole('button', { name: 'Finish' }).click();
  await expect(lessonOf(page).getByText('All 4 steps are done.')).toBeVisible();
});

test('prove it or see the counterexample', async ({ page, studio }) => {
  const prove = () => page.locator('.prove-head').getByRole('button', { name: 'Prove', exact: true }).click();
  await page.goto('./#/l/prove');
  await studio.editorReady();
  await step(page, 1, 6);
  await prove();
  await answer(page, { choice: 'equal' }, 'right');
  await next(page);
  await change(page, 'Open the counter');
  await prove();
  await answer(page, { choice: 'equal' }, 'wrong');
  await answer(page, { choice: 'undecided' }, 'right');
  await next(page);
  await change(page, 'Search 20 cycles');
  await prove();
  await answer(page, '15', 'right');
  await next(page);
  await rewrite(page, 6, '  assign full = &count;');
  await studio.save();
  await prove();
  await expect(page.locator('[data-lesson="proof-verdict"]').getByText('equal', { exact: true })).toBeVisible();
  await next(page);
  await change(page, 'Open the lock');
  await prove();
  await answer(page, '1', 'right');
  await next(page);
  await change(page, 'Start with a reset');
  await prove();
  await answer(page, { choice: 'equal' }, 'right');
  await lessonOf(page).getByRole('button', { name: 'Finish' }).click();
  await expect(lessonOf(page).getByText('All 6 steps are done.')).toBeVisible();
});
