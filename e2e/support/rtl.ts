import { expect, type Locator, type Page } from '@playwright/test';
import type { Studio } from './studio.ts';

/** What a visitor of the RTL lab does and sees. */

/** A figure of the readings on the screen becomes this number. */
export async function expectFigure(page: Page, id: string, value: number): Promise<void> {
  await expect(page.locator(`[data-figure="${id}"]`).first()).toHaveAttribute('data-value', String(value));
}

/** The level of the figures on the screen: 'gates' or 'word level'. */
export function levelOf(page: Page): Locator {
  return page.locator('[data-lesson="readings"] .badge').first();
}

/** Cells per line as the gutter shows them for the file in the editor. */
export async function gutter(page: Page): Promise<Record<number, number>> {
  return page
    .locator('.costs-row')
    .evaluateAll((rows) => Object.fromEntries(rows.map((row) => [row.dataset.line, Number(row.textContent)])));
}

/** The line that the caret stands on. */
export function caretLine(page: Page): Locator {
  return page.locator('.monaco-editor .active-line-number');
}

/** A problem in the list below the bench, which is unfolded for it. */
export async function problem(page: Page, text: string | RegExp, part = 'Problems and log'): Promise<Locator> {
  const list = page.getByRole('region', { name: part });
  if (!(await list.isVisible())) await page.getByRole('button', { name: new RegExp(`^${part}`) }).click();
  const found = list.getByRole('listitem').filter({ hasText: text });
  await expect(found.first()).toBeVisible();
  return found.first();
}

/** Adds an empty file and opens it. */
export async function addFile(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('menuitem', { name: 'New file' }).click();
  await page.getByLabel('Name of the new file').fill(path);
  await page.keyboard.press('Enter');
  await expect(fileTab(page, path)).toHaveAttribute('aria-selected', 'true');
}

export function fileTab(page: Page, path: string): Locator {
  return page
    .getByRole('tablist', { name: 'Files' })
    .getByRole('tab', { name: path.slice(path.lastIndexOf('/') + 1), exact: true });
}

/** Paths of the tree of files, folders too. */
export async function tree(page: Page): Promise<string[]> {
  return page
    .locator('.tree .tree-name')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('title') ?? ''))
    .then((paths) => paths.sort());
}

/** Drops files and folders of this machine on the bench, as a drag out of a file manager does; `words` tell that they may be let go. */
export async function drop(page: Page, paths: string[], words = 'Drop Verilog files or a folder'): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  const point = { x: 600, y: 300, data };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...point });
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...point });
  await expect(page.getByText(words, { exact: true })).toBeVisible();
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...point });
  await session.detach();
}

/** Opens the default design with this text in place of its own, and waits for its gates. */
export async function openWith(studio: Studio, text: string): Promise<void> {
  await studio.openLab();
  await studio.setText(text);
  await studio.save();
  await studio.synthesised();
}
