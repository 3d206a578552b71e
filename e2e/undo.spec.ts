import { expect, type Studio, test } from './support/studio.ts';

/** Undo of the document, and of the editor inside it, which has its own. */

const undoButton = (studio: Studio) => studio.page.getByRole('banner').getByRole('button', { name: 'Undo' });
const redoButton = (studio: Studio) => studio.page.getByRole('banner').getByRole('button', { name: 'Redo' });
const flatten = (studio: Studio) => studio.page.getByRole('switch', { name: 'Flatten hierarchy' });

/** What undo looks after: the document without the view. */
async function choices(studio: Studio) {
  await studio.save();
  const { view: _, ...rest } = await studio.document();
  return rest;
}

/** Presses a button until it has nothing left to do. Answers how often. */
async function pressAll(button: ReturnType<typeof undoButton>): Promise<number> {
  for (let times = 0; ; times++) {
    if (await button.isDisabled()) return times;
    await button.click();
  }
}

/** Types at the end of a line of the file on the screen. */
async function typeAtLine(studio: Studio, line: number, text: string): Promise<void> {
  const { page } = studio;
  await page.locator('.monaco-editor').first().click();
  await page.keyboard.press('ControlOrMeta+Home');
  for (let at = 1; at < line; at++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.type(text);
}

test('type, rename the file, change settings: undo all and redo all give the identical document', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.openLab('#/e/counter');
  const width = page.getByLabel('WIDTH', { exact: true });
  const before = await choices(studio);

  await typeAtLine(studio, 1, ' // typed');
  await page.getByRole('button', { name: 'Actions for counter.v' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByLabel('New name of counter.v').fill('src/timer.v');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'timer.v' })).toBeVisible();
  await typeAtLine(studio, 2, ' // and again');
  await width.fill('12');
  await width.press('Enter');
  await flatten(studio).click();
  await page.keyboard.press('F2');
  await page.getByLabel('Title of the design').fill('Another');
  await page.keyboard.press('Enter');
  const after = await choices(studio);
  expect(after).toMatchObject({ title: 'Another', slices: { rtl: { parameters: { WIDTH: 12 }, flatten: false } } });
  expect(JSON.stringify(after)).toMatch(/src\/timer\.v.*\/\/ typed.*\/\/ and again/s);

  expect(await pressAll(undoButton(studio))).toBe(6);
  expect(await choices(studio)).toEqual(before);
  await expect(page.getByRole('tab', { name: 'counter.v' })).toBeVisible();
  await expect(page.locator('.view-lines')).not.toContainText('typed');
  await expect(width).toHaveValue('8');

  expect(await pressAll(redoButton(studio))).toBe(6);
  expect(await choices(studio)).toEqual(after);
  await expect(page.locator('.view-lines')).toContainText('// and again');
  await expect(width).toHaveValue('12');

  // A new step after an undo takes the place of what was undone.
  await undoButton(studio).click();
  await flatten(studio).click();
  await expect(redoButton(studio)).toBeDisabled();
  expect(await pressAll(undoButton(studio))).toBe(6);
  expect(await choices(studio)).toEqual(before);
});

test('a deleted file comes back with its text', async ({ studio }) => {
  const { page } = studio;
  await studio.openLab('#/e/adders');
  const before = await choices(studio);
  await page.getByRole('button', { name: 'Actions for ripple_adder.v' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('tab', { name: 'ripple_adder.v' })).toHaveCount(0);
  expect(JSON.stringify(await choices(studio))).not.toContain('module ripple_adder');
  await undoButton(studio).click();
  await page.getByRole('tab', { name: 'ripple_adder.v' }).click();
  await expect(page.locator('.view-lines')).toContainText('module ripple_adder');
  expect(await choices(studio)).toEqual(before);
});

test('Ctrl+Z in the editor is the editor’s, elsewhere it is the design’s', async ({ studio }) => {
  const { page } = studio;
  const text = page.locator('.view-lines');
  await studio.openLab('#/e/counter');
  await flatten(studio).click();
  await typeAtLine(studio, 1, '//one');
  await expect(text).toContainText('//one');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(text).not.toContainText('//one');
  // The editor has nothing more to undo, and does not reach into the settings.
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(flatten(studio)).not.toBeChecked();
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(text).toContainText('//one');

  // In a field of a form it is the field's.
  const width = page.getByLabel('WIDTH', { exact: true });
  await width.press('End');
  await page.keyboard.type('4');
  await expect(width).toHaveValue('84');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(width).toHaveValue('8');
  await expect(flatten(studio)).not.toBeChecked();

  await flatten(studio).focus();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(text).not.toContainText('//one');
  await expect(flatten(studio)).not.toBeChecked();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(flatten(studio)).toBeChecked();
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(flatten(studio)).not.toBeChecked();
});

test('undoing a text in the document leaves the editor, its caret and its own undo alive', async ({ studio }) => {
  const { page } = studio;
  const text = page.locator('.view-lines');
  await studio.openLab('#/e/counter');
  const editor = await page.locator('.monaco-editor').first().elementHandle();
  const before = await choices(studio);
  await typeAtLine(studio, 3, '//mark');
  await flatten(studio).click();
  await undoButton(studio).click();
  await expect(flatten(studio)).toBeChecked();
  await undoButton(studio).click();
  await expect(text).not.toContainText('//mark');
  expect(await choices(studio)).toEqual(before);

  expect(await editor?.evaluate((node) => node.isConnected)).toBe(true);
  // The caret stands where the text was: what is typed next goes to the same line.
  await page.getByRole('textbox', { name: 'Verilog source' }).focus();
  await page.keyboard.type('//here');
  const line = (await choices(studio)).slices.rtl as { files: { text: string }[] };
  const was = before.slices.rtl as { files: { text: string }[] };
  const lines = was.files[0]!.text.split('\n');
  expect(line.files[0]!.text.split('\n')).toEqual(lines.with(2, `${lines[2]}//here`));
  // The editor can take back what the document's undo did, as it can any edit.
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(text).toContainText('//mark');
});
