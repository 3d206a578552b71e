import { compiled, openPim, SMALL } from './support/pim.ts';
import { expect, test } from './support/studio.ts';

/** A chart as its reader uses it: exact numbers by pointer and key, pinned against current, taken along in three forms. */

test('cells by type as bars: exact, compared with what is pinned, and taken along', async ({ studio, page }) => {
  await studio.openLab('#/e/alu');
  await studio.synthesised();
  await page.getByRole('button', { name: /^Pin / }).click();
  const pinned = await studio.figure('cells');
  await page.getByRole('textbox', { name: 'WIDTH' }).fill('8');
  await page.getByRole('textbox', { name: 'WIDTH' }).press('Enter');
  await expect.poll(() => studio.figure('cells')).toBeLessThan(pinned);
  await page.getByRole('tab', { name: 'Cells' }).click();
  await page.getByRole('radio', { name: 'Type' }).check();

  const chart = page.getByRole('listbox', { name: 'Cells by type' });
  const table = page.getByRole('table', { name: 'Cells by type' });
  const readout = page.locator('.chart-readout');
  await chart.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  const [name, , now, before] = await table.getByRole('row').nth(1).getByRole('cell').allInnerTexts();
  await expect(readout).toContainText(`${name}: ${now}`);
  await expect(readout).toContainText(`pinned ${before}`);
  await expect(readout).toContainText('better');
  await chart.getByRole('option').nth(1).hover();
  await expect(readout).not.toContainText(`${name}: `);

  const save = async (form: string) => {
    const { name: file, bytes } = await studio.downloaded(async () => {
      await page.getByRole('button', { name: 'Save the chart' }).click();
      await page.getByRole('menuitem', { name: form }).click();
    });
    return { file, bytes };
  };
  const csv = await save('Numbers as CSV');
  expect(csv.file).toBe('arithmetic-and-logic-unit-cells-by-type.csv');
  const rows = csv.bytes.toString().trim().split('\r\n');
  expect(rows[0]).toBe('Cell,Kind,Cells,Pinned');
  expect(rows[1]).toBe(`${name},logic,${now},${before}`);
  expect(rows).toHaveLength((await chart.getByRole('option').count()) + 1);

  // Alone in the world: colours of the light theme, the font inside, nothing of the studio's.
  await studio.command('Dark theme');
  const svg = (await save('Chart as SVG')).bytes.toString();
  expect(svg).toContain('@font-face{font-family:"Inter Variable"');
  expect(svg).toContain('fill="rgb(0, 104, 168)"');
  expect(svg).not.toMatch(/var\(--|class=|<script/);
  const png = (await save('Chart as PNG')).bytes;
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
  expect(png.readUInt32BE(16)).toBe(2 * width);
});

test('time of every layer as stacked bars: what a bar says is what the table and its file have', async ({
  studio,
  page,
}) => {
  await openPim(studio, SMALL, 'Layers');
  await compiled(studio);
  const chart = page.getByRole('listbox', { name: /^time of instructions/ });
  const bars = chart.getByRole('option');
  const { bytes } = await studio.downloaded(async () => {
    await page.getByRole('button', { name: 'Save the chart' }).click();
    await page.getByRole('menuitem', { name: 'Numbers as CSV' }).click();
  });
  const [head, ...rows] = bytes.toString().trim().split('\r\n');
  expect(head).toMatch(/^Layer,/);
  expect(rows).toHaveLength(await bars.count());
  const first = (rows[0] as string).split(',');

  // Held by the keyboard, the bar's layer is held in the table too, with the same times.
  await chart.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await expect(page.locator('.chart-readout')).toContainText(first[0] as string);
  await page.keyboard.press('Enter');
  const held = page.getByRole('table', { name: 'Layers' }).getByRole('row', { selected: true });
  await expect(held).toContainText(first[0] as string);
});
