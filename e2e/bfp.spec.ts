import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { formatNumber } from '../app/ui/format.ts';
import type { PimReport } from '../engines/pim/types.ts';
import { lineLength } from '../engines/tensor/formats/blocks.ts';
import { quantizeReference } from '../engines/tensor/formats/reference.ts';
import {
  bfpDocument,
  bfpLink,
  digitsTensor,
  download,
  measured,
  measuredFigures,
  openBfp,
  openFile,
  press,
  putFormat,
  quarterNpz,
  quarterOnnx,
  reportOf,
} from './support/bfp.ts';
import { linkOf, show } from './support/labs.ts';
import { compiled, compiledFigures, openPim } from './support/pim.ts';
import { expectFigure, problem } from './support/rtl.ts';
import { expect, test } from './support/studio.ts';

/** The BitQ lab from a format to a plan: what is shown belongs together in every view, and a search can be ended. */

const program = resolve(import.meta.dirname, '../build/cli/crossbar-studio.js');
const select = (page: Page, name: string): Locator => page.getByRole('combobox', { name, exact: true });
const layerRow = (page: Page, name: string): Locator =>
  page.getByRole('table', { name: 'Layers' }).getByRole('row').filter({ hasText: name });
const undo = (page: Page) => page.getByRole('button', { name: 'Undo' }).click();

test('opens on the result of the build, which the live run gives again', async ({ page, studio }) => {
  await openBfp(studio, linkOf({ ...bfpDocument({ set: 'test', samples: 0 }), view: { 'bfp.live': false } }));
  await expect(page.getByText('computed when the studio was built')).toBeVisible();
  const first = await studio.figures();
  expect(first.samples).toBe(2000);
  expect(first.accuracyFloatPercent).toBeGreaterThanOrEqual(98.5);
  await press(studio, 'Measure');
  expect(await measuredFigures(studio)).toEqual(first);
  await expect(page.getByText('computed when the studio was built')).toHaveCount(0);
});

test('fewer bits cost less and answer worse; a short form is taken, a wrong one says so; undo leads back', async ({
  page,
  studio,
}) => {
  await openBfp(studio);
  const four = await measuredFigures(studio);
  expect(four.samples).toBe(200);
  // conv1 has rows shorter than a block: its exponents are shared by fewer.
  expect(four.averageWeightBits).toBeGreaterThanOrEqual(4.5);

  // The slider of both operands.
  await page.getByRole('slider', { name: 'Mantissa bits', exact: true }).press('ArrowLeft');
  await page.getByRole('slider', { name: 'Mantissa bits', exact: true }).press('ArrowLeft');
  const two = await measuredFigures(studio);
  expect(two.averageWeightBits).toBeCloseTo(four.averageWeightBits! - 2, 6);
  expect(two.averageActivationBits).toBeCloseTo(four.averageActivationBits! - 2, 6);
  expect(two.dataMovementBits).toBeLessThan(four.dataMovementBits!);
  expect(two.accuracyPercent).toBeLessThan(four.accuracyPercent! - 5);
  expect(two.accuracyFloatPercent).toBe(four.accuracyFloatPercent);
  expect(two.dataMovementBits8).toBe(four.dataMovementBits8);
  await expect(page.locator('[data-lesson="difference"]')).toContainText('below float32');

  await putFormat(studio, 'Weights', 'mxfp4');
  const mx = await measuredFigures(studio);
  expect(mx.averageWeightBits).toBeGreaterThan(4);
  expect(mx.averageActivationBits).toBe(two.averageActivationBits);
  await putFormat(studio, 'Weights', 'bfp99/banana');
  await expect(page.getByRole('alert').filter({ hasText: /bfp99\/banana/ })).toBeVisible();
  expect(await measuredFigures(studio)).toEqual(mx);
  await putFormat(studio, 'Weights', 'fp32');
  await putFormat(studio, 'Activations', 'fp32');
  const exact = await measuredFigures(studio);
  expect(exact).toMatchObject({
    averageWeightBits: 32,
    accuracyPercent: exact.accuracyFloatPercent,
    differencePoints: 0,
  });

  while (await page.getByRole('button', { name: 'Undo' }).isEnabled()) await undo(page);
  await expectFigure(page, 'averageWeightBits', four.averageWeightBits!);
  expect(await measuredFigures(studio)).toEqual(four);
});

test('a format of one layer is its own; a layer that is held is the one in every view', async ({ page, studio }) => {
  await openBfp(studio, bfpLink(), 'Layers');
  const before = await measuredFigures(studio);
  const { layers: were } = await reportOf(studio);
  expect(were.map(({ name }) => name)).toEqual(['conv1', 'conv2', 'conv3', 'fc1', 'fc2']);

  await putFormat(studio, 'Weights as of conv2', 'bfp8/16');
  await expect(page.getByText('1 layer with formats of their own')).toBeVisible();
  const after = await measuredFigures(studio);
  const { layers: are } = await reportOf(studio);
  expect(after.averageWeightBits).toBeGreaterThan(before.averageWeightBits!);
  expect(after.averageActivationBits).toBe(before.averageActivationBits);
  for (const [at, layer] of are.entries()) {
    const was = were[at]!;
    if (layer.name === 'conv2') {
      expect(layer.weightBits).toBeCloseTo(was.weightBits + 4, 6);
      expect(layer.weightSignalToNoiseDb).toBeGreaterThan(was.weightSignalToNoiseDb! + 18);
      expect(layer.inputBits).toBe(was.inputBits);
    } else {
      expect(layer.weightBits).toBe(was.weightBits);
      expect(layer.weightSignalToNoiseDb).toBe(was.weightSignalToNoiseDb);
    }
  }

  // Held in the table: the same layer under the microscope, and in the loops, with the numbers of the report.
  const row = layerRow(page, 'conv2');
  await row.getByRole('cell').first().click();
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await show(studio, 'Tensor');
  await expect(select(page, 'Layer')).toHaveValue('conv2');
  await expect(page.getByRole('textbox', { name: 'In short', exact: true })).toHaveValue('bfp8/16');
  await show(studio, 'Loops');
  await expect(select(page, 'Layer')).toHaveValue('conv2');
  const { movement } = are[1]!;
  const shown = page.locator('.loops-figures dd');
  const values = () => shown.evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-value'))));
  const { dramBits, sramBits, movementPj, computePj } = movement!;
  expect(await values()).toEqual([dramBits, sramBits, movementPj, computePj, after.dataMovementBits]);
  // The sums over operands and over layers are the whole.
  const { volumeBits } = movement!.levels[3]!;
  expect(volumeBits.inputs + volumeBits.weights + volumeBits.outputs).toBeCloseTo(dramBits, 3);
  expect(are.reduce((sum, layer) => sum + layer.movement!.dramBits, 0)).toBeCloseTo(after.dataMovementBits!, 3);
  await expect(page.getByRole('table', { name: 'Levels of the layer' }).getByRole('row')).toHaveCount(5);
  // Other bits are tried without touching the design.
  const inputs = page.getByRole('spinbutton', { name: 'Inputs: bits, exactly', exact: true });
  await inputs.fill('32');
  await inputs.press('Enter');
  await expect(page.getByText('Tried, not in the design')).toBeVisible();
  await expect.poll(async () => (await values())[0]).toBeGreaterThan(dramBits);
  await page.getByRole('button', { name: 'As in the plan' }).click();
  await expect.poll(values).toEqual([dramBits, sramBits, movementPj, computePj, after.dataMovementBits]);
  // A published list beside: nine of the layers of ResNet-18 have half of their channels there.
  const lists = page.getByRole('table', { name: 'Published lists, and corrected' });
  await expect(lists.getByRole('row').filter({ hasText: 'ResNet-18' }).first()).toBeVisible();
  await expect(lists).not.toContainText('–');

  await show(studio, 'Layers');
  await page.getByRole('button', { name: /^Weights as of conv2: as all layers$/ }).click();
  expect(await measuredFigures(studio)).toEqual(before);
});

test('under the microscope a block has the codes and the numbers of the format', async ({ page, studio }) => {
  await openBfp(studio, bfpLink({ format: { weights: 'bfp5/16', activations: 'bfp8/16' } }), 'Tensor');
  await measured(studio);
  await select(page, 'Layer').selectOption('conv2');
  const tensor = await digitsTensor('conv2.weight');
  const [filters, channels, height, width] = tensor.shape as [number, number, number, number];
  // As the runner has them: a row a filter, by place of the kernel, then by channel.
  const [places, rowLength] = [height * width, height * width * channels];
  const weights = Float32Array.from({ length: filters * rowLength }, (_, at) => {
    const [filter, column] = [Math.floor(at / rowLength), at % rowLength];
    return tensor.values[(filter * channels + (column % channels)) * places + Math.floor(column / channels)]!;
  });

  const map = page.getByRole('application', { name: /^Weights of conv2 as a map/ });
  await map.focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'Shift+ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  const block = page.getByRole('table', { name: /^Block of / });
  await expect(block.locator('tr[aria-current="true"]').getByRole('cell').first()).toHaveText('2, 17');

  const expectBlock = async (mantissaBits: number) => {
    const format = { kind: 'bfp', mantissaBits, exponentBits: 8, block: 16, rounding: 'even' } as const;
    const line = lineLength(channels, rowLength, 16);
    const quantized = quantizeReference(weights, line, format);
    const from = 2 * rowLength + 16;
    const [before, after] = [weights.slice(from, from + 16), quantized.slice(from, from + 16)];
    const exponent = Math.floor(Math.log2(Math.max(...before.map(Math.abs))));
    const step = 2 ** (exponent - (mantissaBits - 2));
    const rows = block.locator('tbody tr');
    await expect(rows).toHaveCount(16);
    await expect(page.locator('.tensor-shared')).toContainText(`shared exponent ${exponent}:`);
    await expect(rows.locator('td:nth-child(2)')).toHaveText([...before].map((value) => formatNumber(value)));
    await expect(rows.locator('td:nth-child(4)')).toHaveText([...after].map((value) => formatNumber(value)));
    // The code, as a number of two's complement with its sign in front, counts steps.
    const codes = await rows.evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('.tensor-code i')].map((bit) => bit.textContent).join('')),
    );
    for (const [at, code] of codes.entries()) {
      expect(code).toHaveLength(mantissaBits);
      const value = Number.parseInt(code, 2) - (code[0] === '1' ? 2 ** mantissaBits : 0);
      expect(value * step).toBe(after[at]);
    }
  };
  await expectBlock(5);
  // Tried live: the design and its figures stay as they are until the format is used.
  const figures = await studio.figures();
  const format = page.getByRole('region', { name: 'Format under the microscope' });
  await format.getByRole('slider', { name: 'Mantissa bits', exact: true }).press('ArrowLeft');
  await expectBlock(4);
  await format.getByRole('slider', { name: 'Mantissa bits', exact: true }).press('End');
  await expect(page.locator('.tensor-shared')).toContainText(/steps of 2\^/);
  await putFormat(studio, 'In short', 'bfp3/16');
  await expectBlock(3);
  expect(await studio.figures()).toEqual(figures);
  await format.getByRole('button', { name: 'Use for this layer' }).click();
  await expect(format.getByRole('button', { name: 'This layer has it' })).toBeVisible();
  expect((await measuredFigures(studio)).averageWeightBits).toBeLessThan(figures.averageWeightBits!);
  await show(studio, 'Layers');
  await expect(page.getByRole('textbox', { name: 'Weights as of conv2', exact: true })).toHaveValue('bfp3/16');
  await undo(page);
  expect(await measuredFigures(studio)).toEqual(figures);
});

test.describe('the search', () => {
  const small = { method: 'exact', objective: 'average-bits', limit: 4.5, mantissaBits: [3, 4, 6], blocks: [16, 64] };
  const status = (page: Page) => page.locator('.search-state [role="status"]');

  test('fills the scatter; a point that is clicked is the plan of the design, and a step of undo', async ({
    page,
    studio,
  }) => {
    await openBfp(studio, bfpLink({ samples: 200, search: { ...small, measured: 4 } as never }), 'Search');
    await press(studio, 'Search');
    await expect(status(page)).toHaveText(/^Searching/, { timeout: 60_000 });
    const found = await measuredFigures(studio);
    await expect(status(page)).toHaveText(/^Ended/);
    const { search, plan } = await reportOf(studio);
    const best = search!.points.find(({ id }) => id === search!.bestId)!;
    expect(best.plan).toEqual(plan);
    expect((best.averageWeightBits + best.averageActivationBits) / 2).toBeLessThanOrEqual(4.5);
    expect(found.averageWeightBits).toBeCloseTo(best.averageWeightBits, 6);
    // Another point, by key: its plan is taken, measured, and gone again by undo.
    const scatter = page.getByRole('slider', { name: 'Accuracy of plans against their cost' });
    await scatter.focus();
    await page.keyboard.press('End');
    const told = (await scatter.getAttribute('aria-valuetext'))!;
    await page.keyboard.press('Enter');
    const taken = await measuredFigures(studio);
    expect(told).toContain(`${taken.averageWeightBits!.toFixed(2)} + ${taken.averageActivationBits!.toFixed(2)}`);
    expect(taken.dataMovementBits).toBe(Math.max(...search!.points.map((point) => point.dataMovementBits)));
    const point = search!.points.find(({ dataMovementBits }) => dataMovementBits === taken.dataMovementBits)!;
    if (point.measured) expect(taken.accuracyPercent).toBe(point.measured.percent);
    await studio.save();
    expect((await studio.document()).slices.bfp).toMatchObject({ search: null });
    await undo(page);
    await studio.save();
    expect((await studio.document()).slices.bfp).toMatchObject({ search: { measured: 4 }, plan: {} });
  });

  test('is ended with its best, which the document gives again; stopped, it leaves the lab whole', async ({
    page,
    studio,
  }, testInfo) => {
    const long = { ...small, mantissaBits: [2, 3, 4, 5, 6, 7, 8], blocks: [8, 16, 32, 64], measured: 1000 };
    await openBfp(studio, bfpLink({ samples: 100, search: long as never }), 'Search');
    await press(studio, 'Search');
    const some = async () => Number(/(\d+) plans? measured/.exec((await status(page).textContent()) ?? '')?.[1] ?? 0);
    await expect(status(page)).toHaveText(/^Searching: \d+ plans/, { timeout: 60_000 });
    await expect.poll(some, { timeout: 60_000 }).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Take the best so far' }).first().click();
    const taken = await measuredFigures(studio);
    await expect(status(page)).toHaveText(/^Taken early/);
    await studio.save();
    const { bfp } = (await studio.document()).slices as { bfp: { search: { stopAfter: number } } };
    expect(bfp.search.stopAfter).toBe(await some());
    const plain = await studio.downloaded(() => studio.command('Export as JSON for the command line'));
    const file = testInfo.outputPath(plain.name);
    writeFileSync(file, plain.bytes);
    const computed = JSON.parse(
      execFileSync(process.execPath, [program, 'run', file], { maxBuffer: 1 << 28 }).toString(),
    );
    expect(computed.figures).toMatchObject(taken);
    expect(computed.search.evaluations).toBe(bfp.search.stopAfter);

    await press(studio, 'Search');
    await expect(status(page)).toHaveText(/^Searching/, { timeout: 60_000 });
    await page.keyboard.press('ControlOrMeta+.');
    await expect(page.getByText('Stopped', { exact: true })).toBeVisible({ timeout: 2000 });
    await putFormat(studio, 'Weights', 'bfp6/32');
    await putFormat(studio, 'Activations', 'bfp6/32');
    expect((await measuredFigures(studio)).averageWeightBits).toBeLessThan(7.5);
  });
});

test('what is taken away is the plan on the screen, and opens again with its figures', async ({ page, studio }) => {
  const plan = { conv2: { weights: 'bfp6/16', inputs: 'mxfp8e4m3' }, fc1: { weights: 'q4_0' } };
  await openBfp(studio, bfpLink({ plan }), 'Layers');
  const figures = await measuredFigures(studio);
  const report = await reportOf(studio);
  expect(report.figures).toMatchObject(figures);

  const json = JSON.parse((await download(studio, 'Plan (JSON)')).bytes.toString());
  expect(json.model).toBe('digits-cnn');
  expect(json.plan.conv2).toMatchObject(plan.conv2);
  const csv = (await download(studio, 'Plan (CSV)')).bytes.toString().trim().split('\r\n');
  expect(csv).toHaveLength(1 + report.layers.length);
  const gguf = await download(studio, 'Weights as GGUF');
  expect(gguf.name).toMatch(/\.gguf$/);
  expect(gguf.bytes.subarray(0, 4).toString()).toBe('GGUF');
  const onnx = await download(studio, 'ONNX, weights as rounded');
  expect(onnx.name).toMatch(/\.onnx$/);

  // The plan in a design of its own.
  await openBfp(studio, bfpLink({ plan: json.plan, format: { weights: 'fp32', activations: 'fp32' } }), 'Layers');
  expect(await measuredFigures(studio)).toEqual(figures);

  // The network as it was rounded, as a network of one's own: its weights are codes of their formats already.
  await openFile(studio, 'Open ONNX', 'rounded.onnx', onnx.bytes);
  await expect(select(page, 'Network')).toContainText('rounded');
  await putFormat(studio, 'Weights', 'bfp6/16');
  await putFormat(studio, 'Activations', 'fp32');
  await press(studio, 'Measure');
  await measured(studio);
  const rounded = await reportOf(studio);
  expect(rounded.model.kind).toBe('none');
  expect(rounded.figures).not.toHaveProperty('accuracyPercent');
  // In the format that it was rounded to, nothing is lost of conv2.
  expect(rounded.layers[1]!.weightSignalToNoiseDb).toBeUndefined();
  expect(rounded.layers[1]!.weightBits).toBe(report.layers[1]!.weightBits);
});

test('a network of one’s own: noise without data, accuracy with them, clear words for what is wrong', async ({
  page,
  studio,
}) => {
  await openBfp(studio, bfpLink({ format: { weights: 'bfp4/16', activations: 'bfp8/16' } }), 'Layers');
  const part = 'Problems and log';
  const data = (name: string, bytes: Uint8Array | string) => openFile(studio, 'Open file', name, bytes);

  await openFile(studio, 'Open ONNX', 'quarters.onnx', quarterOnnx());
  await press(studio, 'Measure');
  await measured(studio);
  await expect(page.getByText('Accuracy is not measured: there are no labelled data.')).toBeVisible();
  await problem(page, /no labelled data, so its accuracy cannot be measured/, part);
  expect(await studio.figures()).not.toHaveProperty('accuracyPercent');

  await data('quarters.npz', quarterNpz());
  await press(studio, 'Measure');
  expect(await measuredFigures(studio)).toMatchObject({ accuracyPercent: 100, accuracyFloatPercent: 100, samples: 8 });

  const bad: { what: string; bytes: Uint8Array | string; message: RegExp }[] = [
    {
      what: 'of other sizes',
      bytes: quarterNpz({ side: 6 }),
      message: /samples of 1 x 6 x 6; the model takes 1 x 4 x 4/,
    },
    { what: 'of classes that it lacks', bytes: quarterNpz({ strange: 7 }), message: /sample 0 the class 7; .* 0 to 3/ },
    { what: 'that are none', bytes: 'PK but no more', message: /is no NPZ file/ },
  ];
  for (const { what, bytes, message } of bad) {
    await test.step(`data ${what}`, async () => {
      await data('bad.npz', bytes);
      await press(studio, 'Measure');
      await problem(page, message, part);
      await undo(page);
    });
  }
  const whole = quarterOnnx();
  await openFile(studio, 'Open ONNX', 'cut.onnx', whole.subarray(0, whole.length - 100));
  await problem(page, /it is cut off/, part);
  await undo(page);
  await openFile(studio, 'Open ONNX', 'nan.onnx', quarterOnnx({ spoil: Number.NaN }));
  await press(studio, 'Measure');
  await problem(page, /weight "mean" that holds NaN or infinity/, part);
  await undo(page);
  await press(studio, 'Measure');
  expect(await measuredFigures(studio)).toMatchObject({ accuracyPercent: 100, samples: 8 });
  await expect(page.locator('body')).not.toContainText('NaN');
});

test('the crossbar lab takes the bits of the plan', async ({ page, studio }) => {
  const plan = { fc1: { weights: 'bfp8/16' } };
  await openBfp(studio, bfpLink({ plan }), 'Layers');
  await measured(studio);
  await page.getByRole('button', { name: 'Map to crossbars' }).click();
  await expect(page).toHaveURL(/#\/pim/);
  expect((await compiledFigures(studio)).mvms).toBeGreaterThan(0);
  await studio.save();
  const { slices } = await studio.document();
  expect(slices).toMatchObject({ bfp: { plan }, pim: { model: 'digits-cnn', bits: { from: 'bfp' } } });

  // On a chip of real cells, 2 bits each, weights of 8 bits take twice the columns of those of 4: of that layer only.
  const chip = { ...(slices.pim as object), hardware: 'isaac' };
  const crossbars = async (bfp: unknown) => {
    await openPim(studio, linkOf({ ...bfpDocument(), lab: 'pim', slices: { bfp, pim: chip } }), 'Layers');
    await compiled(studio);
    const { bytes } = await studio.downloaded(() => studio.command('Download: Report as JSON'));
    const { layers } = JSON.parse(bytes.toString()) as PimReport;
    return Object.fromEntries(layers.map(({ name, crossbars: count }) => [name, count]));
  };
  const mixed = await crossbars(slices.bfp);
  await page.goto('about:blank');
  const equal = await crossbars({ ...(slices.bfp as object), plan: {} });
  expect(mixed.fc1).toBe(2 * equal.fc1!);
  expect({ ...mixed, fc1: 0 }).toEqual({ ...equal, fc1: 0 });
});

test('results: every sample counted once, what was misread is shown, and a digit can be drawn', async ({
  page,
  studio,
}) => {
  await openBfp(studio, bfpLink({ format: { weights: 'bfp2/16', activations: 'bfp3/16' } }), 'Results');
  await measured(studio);
  const { measurement } = await reportOf(studio);
  const { confusion, shown, plan } = measurement!;
  for (const matrix of [confusion!.float, confusion!.plan]) {
    expect(matrix.flat().reduce((sum, n) => sum + n, 0)).toBe(200);
  }
  expect(confusion!.plan.reduce((sum, row, at) => sum + row[at]!, 0)).toBe(plan.count);
  expect(plan.count).toBeLessThan(195);

  const wrong = shown.find(({ label, plan: said }) => said !== label)!;
  const picture = page.getByRole('img', { name: `Sample ${wrong.sample}, which is ${wrong.label}`, exact: true });
  await picture.scrollIntoViewIfNeeded();
  const ink = (canvas: Locator) =>
    canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      return data.filter((value, at) => at % 4 === 0 && value < 128).length;
    });
  await expect.poll(() => ink(picture)).toBeGreaterThan(20);

  await page.getByRole('radio', { name: 'Confusion', exact: true }).check();
  const matrix = page.getByRole('listbox', { name: 'Confusions of This plan' });
  await expect(matrix.getByRole('option', { name: /^7: \d+ of \d+ said rightly/ })).toBeVisible();

  await page.getByRole('radio', { name: 'Try your own', exact: true }).check();
  const pad = page.getByRole('img', { name: /^Pad to draw on/ });
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.15);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.85, { steps: 8 });
  await page.mouse.up();
  const said = page.getByRole('status').filter({ hasText: 'float32:' });
  // A straight stroke is a one.
  await expect(said).toContainText('float32: 1');
  const bars = page.getByRole('table', { name: 'Probability of each digit' });
  await expect(bars.getByRole('row')).toHaveCount(11);
  await expect(bars).not.toContainText('–');
});
