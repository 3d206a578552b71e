import type { Locator, Page } from '@playwright/test';
import { openPim } from './support/pim.ts';
import { expect, test } from './support/studio.ts';

/** The single crossbar on which the lab opens: every slider is an error that is seen at once. */

const slider = (page: Page, name: string): Locator => page.getByRole('slider', { name, exact: true });
const rms = (page: Page): Locator => page.locator('[data-figure="rmsError"]');

/** The rms error, once it has become another than before. */
async function nextError(page: Page, before: number): Promise<number> {
  await expect(rms(page)).not.toHaveAttribute('data-value', String(before));
  return Number(await rms(page).getAttribute('data-value'));
}

/** Rms error of each cause alone, of those that there are. */
async function causes(page: Page): Promise<Record<string, number>> {
  const rows = await page.locator('[data-lesson="crossbar-causes"] li').allInnerTexts();
  return Object.fromEntries(
    rows.map((row) => {
      const [, name, value] = /^(.*?)\s+([\d.]+)$/s.exec(row) ?? [];
      return [name?.trim(), Number(value)];
    }),
  );
}

test('opens on one crossbar; converter and cells set the error, and an ideal one makes none', async ({
  page,
  studio,
}) => {
  await openPim(studio);
  await expect(page.getByRole('tab', { name: 'One crossbar' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: 'Make ideal' }).click();
  await expect(rms(page)).toHaveAttribute('data-value', '0');
  await expect(page.locator('[data-figure="signalToNoiseDb"]')).toContainText('no error');

  // A converter of two bits rounds; nothing else errs.
  await slider(page, 'ADC').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const coarse = await nextError(page, 0);
  const alone = await causes(page);
  expect(alone['ADC resolution']).toBeGreaterThan(0);
  expect(alone['Cell variation'] ?? 0).toBe(0);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await nextError(page, coarse)).toBeLessThan(coarse);
  await page.keyboard.press('End');
  await expect(rms(page)).toHaveAttribute('data-value', '0');

  // Cells that miss their targets: half as far, about half the error, since the same chance is drawn.
  await slider(page, 'Variation').focus();
  await page.keyboard.press('End');
  const wild = await nextError(page, 0);
  expect((await causes(page))['Cell variation']).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rms(page)).toHaveAttribute('data-value', '0');
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(rms(page)).toHaveAttribute('data-value', String(wild));
});

test('a layer of a real network is put on it, and its pieces differ', async ({ page, studio }) => {
  await openPim(studio);
  await page.getByRole('combobox', { name: 'Weights' }).selectOption({ label: 'of resnet18' });
  const piece = page.getByText(/: rows \d+ to \d+ of 147, outputs \d+ to \d+ of 64/);
  await expect(piece).toBeVisible({ timeout: 60_000 });
  const first = await piece.innerText();
  await slider(page, 'From row').focus();
  await page.keyboard.press('End');
  await expect(piece).not.toHaveText(first);
  await expect(piece).toContainText('to 146 of 147');
  await page.getByRole('combobox', { name: 'Layer' }).selectOption({ index: 3 });
  await expect(page.getByText(/: rows 0 to \d+ of 576, outputs 0 to \d+ of 64/)).toBeVisible();
});

test('the drawing is walked through by keys, and a bit of the inputs is flipped by one', async ({ page, studio }) => {
  await openPim(studio);
  const stage = page.getByRole('application', { name: /^Crossbar: / });
  const table = page.getByRole('table', { name: 'Outputs' });
  await page.getByText('The numbers', { exact: true }).click();
  const ideals = () => table.getByRole('row').getByRole('cell').nth(1).first().innerText();
  const before = await ideals();
  await stage.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect.poll(ideals).not.toBe(before);
  await page.keyboard.press('Enter');
  await expect.poll(ideals).toBe(before);
  // What is said of a cell names its place and its numbers.
  await expect(page.locator('#place')).toContainText(/µS/);
});
