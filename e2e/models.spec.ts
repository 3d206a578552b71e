import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { show } from './support/labs.ts';
import {
  chooseNetwork,
  compiled,
  compiledFigures,
  dropModel,
  expectNetwork,
  openModel,
  openPim,
  SMALL,
  SMALL_PARAMETERS,
  smallOnnx,
} from './support/pim.ts';
import { expect, test } from './support/studio.ts';

/** Networks of the zoo and of files: read, looked through, compiled, and taken along. */

const layers = (page: Page) => page.getByRole('table', { name: /^Layers of / });

/** A column of the table of layers, summed. */
async function total(page: Page, column: string): Promise<number> {
  const heads = await layers(page).getByRole('columnheader').allInnerTexts();
  const at = heads.findIndex((head) => head.trim() === column);
  const rows = await layers(page).locator('tbody tr').all();
  const cells = await Promise.all(rows.map((row) => row.getByRole('cell').nth(at).innerText()));
  return cells.reduce((sum, text) => sum + (Number(text.replace(/[^\d.]/g, '')) || 0), 0);
}

test('an ONNX file, chosen or dropped, is read, compiled, kept, and taken along', async ({
  page,
  studio,
}, testInfo) => {
  await openPim(studio, SMALL, 'Network');
  await page.getByRole('radio', { name: 'Table', exact: true }).check();
  await openModel(studio, 'small.onnx', smallOnnx());
  await expectNetwork(studio, 'small.onnx');
  await expect(layers(page)).toContainText('4×4×4');
  expect(await total(page, 'Parameters')).toBe(SMALL_PARAMETERS);
  const chosen = await compiledFigures(studio);
  expect(chosen.mvms).toBeGreaterThan(0);

  // The structure alone goes out as ONNX, and comes in again as the same network.
  const { name, bytes } = await studio.downloaded(() => studio.command('Download: Structure as ONNX'));
  expect(name).toMatch(/\.onnx$/);
  const file = testInfo.outputPath('again.onnx');
  writeFileSync(file, bytes);
  await dropModel(studio, file);
  await expectNetwork(studio, 'again.onnx');
  expect(await total(page, 'Parameters')).toBe(SMALL_PARAMETERS);
  const dropped = await compiledFigures(studio);
  expect(dropped).toEqual(chosen);

  // Its weights are put on the crossbar, those of the file, and not such as are drawn for want of them.
  await page.getByRole('button', { name: 'Undo' }).click();
  await expectNetwork(studio, 'small.onnx');
  await compiled(studio);
  await show(studio, 'One crossbar');
  await page.getByRole('combobox', { name: 'Weights' }).selectOption({ label: 'of small.onnx' });
  await expect(page.getByText(/: rows 0 to \d+ of 27, outputs 0 to \d+ of 8\./)).toBeVisible();
  await studio.save();
  await page.reload();
  await expect(page.getByText(/: rows 0 to \d+ of 27, outputs 0 to \d+ of 8\./)).toBeVisible({ timeout: 30_000 });
  await show(studio, 'Network');
  await expectNetwork(studio, 'small.onnx');
  expect(await compiledFigures(studio)).toEqual(chosen);
});

test('a network goes out in the form of PIMCOMP-NN and comes in again as the same', async ({ page, studio }) => {
  await openPim(studio, SMALL, 'Network');
  const before = await compiledFigures(studio);
  const { name, bytes } = await studio.downloaded(() => studio.command('Download: Network as PIMCOMP JSON'));
  expect(JSON.parse(bytes.toString()).node_list.length).toBeGreaterThan(5);
  await openModel(studio, name, bytes);
  await expectNetwork(studio, name);
  const after = await compiledFigures(studio);
  expect(after.crossbars).toBe(before.crossbars);
  expect(after.mvms).toBe(before.mvms);
  await page.getByRole('radio', { name: 'Table', exact: true }).check();
  await expect(layers(page)).toBeVisible();
});

test('a transformer has sizes of its own to set; its layers are found and held in graph and table', async ({
  page,
  studio,
}) => {
  await openPim(studio, SMALL, 'Network');
  await page.getByRole('switch', { name: 'Compile after each change, where that is quick' }).click();
  await chooseNetwork(studio, 'BERT base');
  const sequence = page.getByRole('textbox', { name: 'Size of sequence' });
  await expect(sequence).toBeVisible();
  const about = page.locator('[data-lesson="model"] .hint').first();
  await expect(about).toContainText('MAC');
  const before = await about.innerText();
  await sequence.fill('32');
  await sequence.press('Enter');
  await expect(about).not.toHaveText(before);
  await expect(about).toContainText('MAC');

  const graph = page.getByRole('application', { name: /^Graph of / });
  await expect(graph).toBeVisible();
  await page.getByRole('combobox', { name: 'Find a layer' }).fill('layer7/');
  await page.keyboard.press('Enter');
  const said = graph.getByRole('status').last();
  await expect(said).not.toBeEmpty();
  await expect(said).not.toContainText('equal blocks');
  const held = await said.innerText();
  await page.getByRole('radio', { name: 'Table', exact: true }).check();
  const row = page.getByRole('row', { selected: true });
  await expect(row).toBeVisible();
  expect(held).toContain((await row.getByRole('cell').nth(1).innerText()).split('/').at(-1)!);
});
