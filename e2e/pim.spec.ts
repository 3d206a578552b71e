import type { Locator, Page } from '@playwright/test';
import { show } from './support/labs.ts';
import { compiled, compiledFigures, openPim, pimLink, SMALL } from './support/pim.ts';
import { expect, type Studio, test } from './support/studio.ts';

/** The PIM lab from a network to its instructions: what is shown belongs together in every view, and a search can be ended. */

const select = (page: Page, name: string): Locator => page.getByRole('combobox', { name, exact: true });

/** What a drawing says of the thing that is pointed at or held. */
async function said(drawing: Locator): Promise<string> {
  const id = await drawing.getAttribute('aria-describedby');
  return drawing.page().locator(`[id="${id}"]`).innerText();
}

/** What a canvas shows, as a picture to be compared with a later one. */
async function picture(drawing: Locator): Promise<string> {
  return drawing.locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

test('choices change the figures, and figures of two clocks are not compared', async ({ page, studio }) => {
  await openPim(studio, SMALL, 'Chip');
  const before = await compiledFigures(studio);
  await page.getByRole('button', { name: /^Pin / }).click();
  await select(page, 'Replication').selectOption({ label: 'Uniform' });
  await compiled(studio);
  const uniform = await studio.figures();
  expect(uniform.crossbars).toBeLessThanOrEqual(before.crossbars!);
  expect(uniform.timeNs).toBeGreaterThan(before.timeNs!);
  await expect(page.locator('[data-reading="timeNs"]')).toContainText('worse');
  await select(page, 'Clock').selectOption({ label: 'Reference (released)' });
  await compiled(studio);
  await expect(page.locator('[data-reading="timeNs"]')).not.toContainText('worse');
  await expect(page.getByText('The pinned result is by the other clock', { exact: false })).toBeVisible();
  await show(studio, 'Compare');
  await page.getByRole('radio', { name: 'Pinned', exact: true }).check();
  await expect(page.getByText('not compared').first()).toBeVisible();
  for (let steps = 0; steps < 2; steps++) await page.getByRole('button', { name: 'Undo' }).click();
  expect(await compiledFigures(studio)).toEqual(before);
});

test('a layer held in the network or a table is the one that the chip marks and tells of', async ({ page, studio }) => {
  await openPim(studio, SMALL, 'Chip');
  await compiled(studio);
  const chip = page.getByRole('application', { name: /^The chip: / });
  await expect(chip).toBeVisible();
  const plain = await picture(chip);

  await show(studio, 'Layers');
  const layers = page.getByRole('table', { name: 'Layers' });
  const row = layers
    .getByRole('row')
    .filter({ hasText: /conv2|fc|dense|Gemm/i })
    .first();
  await row.click();
  await expect(row).toHaveAttribute('aria-selected', 'true');
  const [name, , replicas] = await row.getByRole('cell').allInnerTexts();
  await show(studio, 'Chip');
  await page.mouse.move(0, 0);
  await expect.poll(() => said(chip)).toContain(`Layer ${name}`);
  await expect.poll(() => picture(chip)).not.toBe(plain);
  await show(studio, 'Network');
  await page.getByRole('radio', { name: 'Table', exact: true }).check();
  await expect(page.getByRole('row', { selected: true })).toContainText(name!);

  // By keys: from core to core, and through the array groups of one.
  await show(studio, 'Chip');
  await chip.focus();
  await page.keyboard.press('Escape');
  await expect.poll(() => picture(chip)).toBe(plain);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect
    .poll(() => said(chip))
    .toMatch(/^Layer \S+, Replica 1 of \d+, Array group \d+ of \d+, .*Core \d+, Core holds/);
  await page.keyboard.press('Escape');
  // By pointer: the same, on a card.
  const box = (await chip.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2 - 30, box.y + box.height / 2 - 30);
  await expect.poll(() => said(chip)).toMatch(/Core 0, Core holds/);
  await expect(page.locator('.pim-card')).toContainText('Core holds');
  expect(Number(replicas)).toBeGreaterThan(0);
});

test('an instruction found in the listing is the one that the schedule shows', async ({ page, studio }) => {
  await openPim(studio, SMALL, 'Listing');
  await compiled(studio);
  const list = page.getByRole('listbox', { name: 'Listing' });
  await expect(list).toBeVisible({ timeout: 30_000 });
  const all = await studio.figure('instructions');
  const products = await studio.figure('mvms');

  // As many products are listed as are counted.
  await select(page, 'Operation').selectOption({ label: 'MVMUL' });
  const options = list.getByRole('option');
  await expect(options.first()).toHaveAttribute('aria-setsize', String(products));
  await page.getByRole('searchbox', { name: /^Search: / }).fill('core:1');
  await expect(options.first()).not.toHaveAttribute('aria-setsize', String(products));
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(options.first()).toHaveAttribute('aria-setsize', String(all));

  const go = page.getByRole('searchbox', { name: /^Go to / });
  const wanted = Math.floor(all / 2);
  await go.fill(String(wanted));
  await go.press('Enter');
  const held = list.getByRole('option', { selected: true });
  await expect(held).toHaveAttribute('aria-posinset', String(wanted + 1));
  const [, core, , takes, op] = await held.locator('.listing-line > span').allInnerTexts();

  await show(studio, 'Schedule');
  const schedule = page.getByRole('application', { name: /^Instructions of every core/ });
  await expect(schedule).toBeVisible();
  await expect.poll(() => said(schedule)).toContain(op);
  const told = await said(schedule);
  expect(told).toContain(takes);
  expect(told).toMatch(new RegExp(`Core ${core}\\b`));
  // To the next one by key, and back in the listing it is held there.
  await schedule.focus();
  await page.keyboard.press('.');
  await expect.poll(() => said(schedule)).not.toBe(told);
  const next = /Instruction ([\d\u202f]+)/.exec(await said(schedule))?.[1]?.replace(/\D/g, '');
  await show(studio, 'Listing');
  await expect(list.getByRole('option', { selected: true })).toHaveAttribute('aria-posinset', String(Number(next) + 1));
});

test('variants side by side: what a row says is what the design gives when it is used', async ({ page, studio }) => {
  await openPim(studio, SMALL, 'Compare');
  const before = await compiledFigures(studio);
  await page.getByRole('button', { name: 'Compile 3 designs' }).click();
  const rows = page.getByRole('table', { name: 'Side by side' }).getByRole('row');
  await expect(rows).toHaveCount(4, { timeout: 60_000 });
  await expect(rows.nth(1)).toContainText('Balance');
  const uniform = rows.filter({ hasText: 'Uniform' });
  const crossbars = await uniform.getByRole('cell').allInnerTexts();
  await uniform.getByRole('button', { name: 'Use' }).click();
  await expect(select(page, 'Replication')).toHaveValue('uniform');
  const after = await compiledFigures(studio);
  expect(after).not.toEqual(before);
  expect(crossbars.join(' ')).toContain(String(after.crossbars));
});

test.describe('the genetic search', () => {
  /** So long that it never ends by itself. */
  const endless = () =>
    pimLink({
      model: 'lenet5',
      hardware: { base: 'pimcomp-default', cores: { x: 4, y: 4 }, crossbar: { perCore: 16, rows: 32, columns: 32 } },
      mode: 'latency',
      replication: 'genetic',
      mapping: 'genetic',
      genetic: { population: 24, generations: 10_000, patience: 10_000, stopAfter: 0 },
    });
  const evaluations = (page: Page) => page.locator('[data-figure="evaluations"]');
  const found = async (page: Page) => Number(await evaluations(page).getAttribute('data-value'));

  async function start({ page }: Studio): Promise<void> {
    await page.getByRole('button', { name: 'Search', exact: true }).first().click();
    await expect(page.getByText('Searching', { exact: true })).toBeVisible({ timeout: 60_000 });
    const first = await found(page);
    await expect.poll(() => found(page), { timeout: 60_000 }).toBeGreaterThan(first);
  }

  test('is seen as it goes; the best so far is taken, and the design gives it again', async ({ page, studio }) => {
    await openPim(studio, endless(), 'Search');
    await start(studio);
    await page.getByRole('button', { name: 'Take the best so far' }).first().click();
    await expect(page.getByText('The best so far was taken.', { exact: true })).toBeVisible();
    const taken = await compiledFigures(studio);
    const count = await found(page);
    const best = await studio.figure('bestNs');
    expect(taken.timeNs).toBe(best);
    expect(best).toBeLessThanOrEqual(await studio.figure('startNs'));
    // The document keeps how far the search went: from it alone the same comes out again.
    await studio.save();
    expect((await studio.document()).slices.pim).toMatchObject({ genetic: { stopAfter: count } });
    await page.reload();
    await show(studio, 'Search');
    await page.getByRole('button', { name: 'Search', exact: true }).first().click();
    const again = await compiledFigures(studio);
    expect(again).toEqual(taken);
  });

  test('is stopped at once and leaves its best, and the lab goes on', async ({ page, studio }) => {
    await openPim(studio, endless(), 'Search');
    await start(studio);
    const stop = page.getByRole('button', { name: /^Stop\b/ }).first();
    await stop.click();
    await expect(page.getByText('Stopped', { exact: true })).toBeVisible({ timeout: 1000 });
    const best = await studio.figure('bestNs');
    await page.getByRole('button', { name: 'Take the best so far' }).click();
    expect(await compiledFigures(studio)).toMatchObject({ timeNs: best });
    await select(page, 'Replication').selectOption({ label: 'Balance' });
    await select(page, 'Mapping').selectOption({ label: 'First fit' });
    await compiled(studio);
    await expect(page.locator('[data-figure="crossbars"]').first()).not.toHaveAttribute('data-value', '0');
  });
});
