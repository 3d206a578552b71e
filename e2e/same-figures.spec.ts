import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BfpReport, BfpSlice } from '../engines/bfp/types.ts';
import type { PimReport } from '../engines/pim/types.ts';
import type { RtlReport } from '../engines/rtl/types.ts';
import { bfpLink, measuredFigures, openBfp, press, reportOf } from './support/bfp.ts';
import { chooseNetwork, compiledFigures, openPim } from './support/pim.ts';
import { expectFigure } from './support/rtl.ts';
import { expect, test, visitor } from './support/studio.ts';

/** One design, one result: the screen, the command line and the other end of a link agree bit for bit. */

const program = resolve(import.meta.dirname, '../build/cli/crossbar-studio.js');

function commandLine(...options: string[]): string {
  return execFileSync(process.execPath, [program, ...options], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** What must be equal: everything but what this machine measured. */
function withoutMeasured<R extends { measured: unknown }>({ measured: _, ...report }: R): Omit<R, 'measured'> {
  return report;
}

const designs = [
  { id: 'adders', what: 'modules in modules' },
  { id: 'memories', what: 'memories' },
  { id: 'fir', what: 'a file list, a header and parameters' },
];

for (const { id, what } of designs) {
  test(`${id}, with ${what}: the screen, the exported file and the link give the same`, async ({
    studio,
    page,
    context,
    baseURL,
  }, testInfo) => {
    await studio.openLab(`#/e/${id}`);
    await studio.synthesised();
    const shown = await studio.figures();
    expect(shown.cells).toBeGreaterThan(10);
    const reported = await studio.downloaded(async () => {
      await page.getByRole('button', { name: 'Download', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Report as JSON' }).click();
    });
    const onScreen: RtlReport = JSON.parse(reported.bytes.toString());

    const plain = await studio.downloaded(() => studio.command('Export as JSON for the command line'));
    const file = testInfo.outputPath(plain.name);
    writeFileSync(file, plain.bytes);
    const computed: RtlReport = JSON.parse(commandLine('run', file));
    expect(computed.figures).toMatchObject(shown);
    expect(computed.stage).toBe('gates');
    expect(withoutMeasured(computed)).toEqual(withoutMeasured(onScreen));

    const link = commandLine('open', file, '--base', baseURL as string).trim();
    const other = await visitor(context);
    try {
      await other.openLab(link);
      await other.synthesised();
      expect(await other.figures()).toEqual(shown);
      expect(other.errors).toEqual([]);
    } finally {
      await other.page.context().close();
    }
  });
}

test('a changed design goes through file and link as it is, not as it was shipped', async ({
  studio,
  page,
}, testInfo) => {
  await studio.openLab('#/e/counter');
  await studio.synthesised();
  await page.getByLabel('WIDTH', { exact: true }).fill('21');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-figure="flipFlops"]')).toHaveAttribute('data-value', '21');
  const packed = await studio.downloaded(() => studio.command('Export as a file'));
  expect(packed.name).toMatch(/\.crossbar\.zip$/);
  const file = testInfo.outputPath(packed.name);
  writeFileSync(file, packed.bytes);
  const report: RtlReport = JSON.parse(commandLine('run', file));
  expect(report.figures).toMatchObject(await studio.figures());
  expect(report.figures.flipFlops).toBe(21);
  // The link of the screen and that of the command line lead to the same design.
  const shared = await studio.shareLink();
  const opened = commandLine('open', file).trim();
  await studio.openLab(opened);
  await studio.synthesised();
  expect(await studio.figure('flipFlops')).toBe(21);
  await studio.openLab(shared);
  await studio.synthesised();
  expect(await studio.figure('flipFlops')).toBe(21);
});

test('a network of the gallery by the released clock: the figures of the released program, here and there', async ({
  studio,
  page,
  context,
}, testInfo) => {
  await openPim(studio, '#/pim', 'Layers');
  await chooseNetwork(studio, 'SqueezeNet 1.1');
  await page.getByRole('combobox', { name: 'Clock', exact: true }).selectOption({ label: 'Reference (released)' });
  await page.getByRole('radio', { name: 'Latency', exact: true }).check();
  // PIMCOMP-NN, squeezenet, element pipeline, balance.
  await expectFigure(page, 'timeNs', 2_971_658);
  const shown = await compiledFigures(studio);
  expect(shown).toMatchObject({ crossbars: 4716, arrayGroups: 3998, mvms: 50_962, timeNs: 2_971_658 });
  const reported = await studio.downloaded(async () => {
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Report as JSON' }).click();
  });
  const onScreen: PimReport = JSON.parse(reported.bytes.toString());
  expect(onScreen.figures).toMatchObject(shown);

  const plain = await studio.downloaded(() => studio.command('Export as JSON for the command line'));
  const file = testInfo.outputPath(plain.name);
  writeFileSync(file, plain.bytes);
  const computed: PimReport = JSON.parse(commandLine('run', file));
  expect(withoutMeasured(computed)).toEqual(withoutMeasured(onScreen));

  const link = await studio.shareLink();
  const other = await visitor(context);
  try {
    await openPim(other, link, 'Layers');
    expect(await compiledFigures(other)).toEqual(shown);
    expect(other.errors).toEqual([]);
  } finally {
    await other.page.context().close();
  }
});

const plans: { what: string; choices: Partial<BfpSlice>; button: 'Measure' | 'Search' }[] = [
  {
    what: 'a plan that is searched',
    choices: { samples: 200, search: { method: 'greedy', mantissaBits: [2, 4, 6], blocks: [16], measured: 3 } },
    button: 'Search',
  },
  {
    what: 'a plan with formats of many kinds',
    choices: {
      samples: 200,
      format: { weights: 'bfp3/16~', activations: 'mxfp6e2m3' },
      plan: { conv1: { weights: 'nvfp4' }, fc1: { weights: 'q4_k', inputs: 'int6/32' } },
    },
    button: 'Measure',
  },
  {
    what: 'four lines of text',
    choices: {
      model: 'ocr',
      format: { weights: 'bfp5/32', activations: 'bfp8/32' },
      set: 'search',
      samples: 4,
    },
    button: 'Measure',
  },
];

for (const { what, choices, button } of plans) {
  test(`number formats, ${what}: the screen, the command line and the link give the same`, async ({
    studio,
    context,
  }, testInfo) => {
    await openBfp(studio, bfpLink(choices), 'Layers');
    await press(studio, button);
    const shown = await measuredFigures(studio);
    expect(shown.samples).toBe(choices.samples);
    const onScreen = await reportOf(studio);
    const { epoch1, ...figures } = shown;
    expect(onScreen.figures).toMatchObject(figures);
    expect(onScreen.fineTuned?.lossByEpoch[0]).toBe(epoch1);

    const plain = await studio.downloaded(() => studio.command('Export as JSON for the command line'));
    const file = testInfo.outputPath(plain.name);
    writeFileSync(file, plain.bytes);
    const computed: BfpReport = JSON.parse(commandLine('run', file));
    expect(withoutMeasured(computed)).toEqual(withoutMeasured(onScreen));

    if (choices.model) return;
    const other = await visitor(context);
    try {
      await openBfp(other, await studio.shareLink(), 'Layers');
      await press(other, button);
      expect(await measuredFigures(other)).toEqual(shown);
      expect(other.errors).toEqual([]);
    } finally {
      await other.page.context().close();
    }
  });
}
