import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { expect, type Studio, test, visitor } from './support/studio.ts';

/** The drawer of designs: several at once, what back and forward do, files in and out, and short addresses. */

const ADDER = 'module adder(input [3:0] a, b, output [3:0] sum);\n  assign sum = a + b;\nendmodule\n';

function titles(studio: Studio): Promise<string[]> {
  return studio.page.getByRole('dialog').locator('.design-title').allTextContents();
}

/** The design on the screen, by its title. */
async function onScreen(studio: Studio, title: string): Promise<void> {
  await expect(studio.page.getByRole('banner').getByRole('button', { name: title, exact: true })).toBeVisible();
}

async function act(studio: Studio, title: string, action: string): Promise<void> {
  await studio.page.getByRole('button', { name: `Actions for ${title}`, exact: true }).click();
  await studio.page.getByRole('menuitem', { name: action, exact: true }).click();
}

test('designs are named, renamed, copied, deleted and brought back, and the list outlives a reload', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.openLab('#/e/full-adder');
  await page.goto('./#/e/counter');
  await onScreen(studio, 'Counter with enable');

  await page.getByRole('banner').getByRole('button', { name: 'Counter with enable' }).click();
  await page.getByLabel('Title of the design').fill('Egg timer');
  await page.keyboard.press('Enter');
  await onScreen(studio, 'Egg timer');
  await expect(page).toHaveTitle('Egg timer · Crossbar Studio');

  await page.getByRole('button', { name: 'Designs', exact: true }).click();
  await expect.poll(() => titles(studio)).toEqual(['Egg timer', 'Full adder']);
  await act(studio, 'Full adder', 'Rename');
  await page.getByLabel('New title', { exact: true }).fill('Three bits');
  await page.keyboard.press('Enter');
  await expect.poll(() => titles(studio)).toEqual(['Three bits', 'Egg timer']);

  const original = page.url();
  await act(studio, 'Egg timer', 'Duplicate');
  await onScreen(studio, 'Egg timer 2');
  await expect(page).not.toHaveURL(original);
  const copy = page.url();
  await studio.editorReady();
  await studio.setText(ADDER);
  await studio.save();
  const kept = await studio.storedDesigns();
  const textOf = (title: string) => JSON.stringify(kept.find(({ document }) => document.title === title)?.document);
  expect(textOf('Egg timer 2')).toContain('module adder');
  expect(textOf('Egg timer')).toContain('module counter');

  await page.getByRole('button', { name: 'Designs', exact: true }).click();
  await act(studio, 'Egg timer', 'Delete');
  await expect.poll(() => titles(studio)).toEqual(['Egg timer 2', 'Three bits']);
  await page.keyboard.press('Escape');
  const notice = page.getByRole('region', { name: 'Notices' });
  await expect(notice).toContainText('“Egg timer” was deleted.');
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await studio.storedDesigns()).length).toBe(3);

  await page.reload();
  await onScreen(studio, 'Egg timer 2');
  expect(page.url()).toBe(copy);
  await page.getByRole('button', { name: 'Designs', exact: true }).click();
  await expect.poll(async () => (await titles(studio)).sort()).toEqual(['Egg timer', 'Egg timer 2', 'Three bits']);
  await page.getByRole('dialog').getByText('Three bits').click();
  await onScreen(studio, 'Three bits');
});

test('the open design, deleted and brought back, is on the screen again with its edits', async ({ studio }) => {
  const { page } = studio;
  await studio.openLab('#/e/counter');
  await studio.setText(ADDER);
  await page.getByRole('button', { name: 'Designs', exact: true }).click();
  await act(studio, 'Counter with enable', 'Delete');
  await expect(page.getByRole('dialog')).toContainText('No designs yet.');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Crossbar Studio' })).toBeVisible();
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
  await studio.editorReady();
  await onScreen(studio, 'Counter with enable');
  await expect(page.locator('.view-lines')).toContainText('module adder');
});

test('back and forward go between designs and places, and never through edits', async ({ studio }) => {
  const { page } = studio;
  await page.goto('./#/');
  await page.getByRole('link', { name: /^Counter with enable/ }).click();
  await onScreen(studio, 'Counter with enable');
  await studio.editorReady();
  await studio.setText(ADDER);
  await page.getByRole('switch', { name: 'Flatten hierarchy' }).click();
  await studio.save();
  const counter = page.url();

  await page.getByRole('button', { name: 'Examples', exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /^Full adder/ })
    .click();
  await onScreen(studio, 'Full adder');
  await expect(page).toHaveURL(/#\/rtl\?id=/);
  const fullAdder = page.url();
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Recent designs' })).toBeVisible();

  await page.goBack();
  await onScreen(studio, 'Full adder');
  await expect(page).toHaveURL(fullAdder);
  await page.goBack();
  await onScreen(studio, 'Counter with enable');
  await expect(page).toHaveURL(counter);
  await expect(page.locator('.view-lines')).toContainText('module adder');
  await expect(page.getByRole('switch', { name: 'Flatten hierarchy' })).not.toBeChecked();
  // What was done before is still there to be undone.
  await page.getByRole('banner').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('switch', { name: 'Flatten hierarchy' })).toBeChecked();
  await expect(page).toHaveURL(counter);

  await page.goForward();
  await onScreen(studio, 'Full adder');
  await page.goBack();
  await onScreen(studio, 'Counter with enable');
  await expect(page.getByRole('switch', { name: 'Flatten hierarchy' })).toBeChecked();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Recent designs' })).toBeVisible();
  expect(await studio.storedDesigns()).toHaveLength(2);
});

test('an exported design opens elsewhere the same, large files inside, and comes out the same again', async ({
  studio,
  context,
}) => {
  const { page } = studio;
  const table = Array.from({ length: 40_000 }, (_, index) => `// ${index} ${(index * 7919) % 65_536}`).join('\n');
  await studio.openLab('#/e/full-adder');
  await page.getByTestId('upload').setInputFiles({
    name: 'table.v',
    mimeType: 'text/plain',
    buffer: Buffer.from(`module table_of(output y);\n  assign y = 1;\nendmodule\n${table}\n`),
  });
  await expect(page.getByText('kept beside the design and shown read-only')).toBeVisible();
  await studio.save();
  const { view: _, ...choices } = await studio.document();
  const exported = await studio.downloaded(() => page.keyboard.press('ControlOrMeta+Shift+s'));
  expect(exported.name).toBe('Full adder.crossbar.zip');
  expect(Object.keys(unzipSync(exported.bytes))).toHaveLength(2);

  const other = await visitor(context);
  await other.page.goto('./#/');
  await other.importFile(exported.name, exported.bytes);
  await onScreen(other, 'Full adder');
  await other.editorReady();
  await expect(other.page.locator('.view-lines')).toContainText('module table_of');
  const { view: __, ...theirs } = await other.document();
  expect(theirs).toEqual(choices);
  const again = await other.downloaded(() => other.page.keyboard.press('ControlOrMeta+Shift+s'));
  expect(unzipSync(again.bytes)).toEqual(unzipSync(exported.bytes));

  // A file whose large part is another than the design names is refused as a whole.
  const parts = unzipSync(exported.bytes);
  const blob = Object.keys(parts).find((name) => name.startsWith('blobs/'))!;
  const forged = zipSync({ ...parts, [blob]: strToU8(`${strFromU8(parts[blob]!).slice(0, -2)}!\n`) });
  await other.importFile('forged.crossbar.zip', forged);
  await expect(other.page.getByRole('alert')).toContainText('The file "table.v" inside this one is damaged');
  expect(await other.storedDesigns()).toHaveLength(1);
  expect(other.errors).toEqual([]);
  await other.page.context().close();
});

test('a plain document, as the command line takes it, is imported and repaired aloud', async ({ studio }) => {
  const { page } = studio;
  await page.goto('./#/');
  const plain = { slices: { rtl: { files: [{ path: 'adder.v', text: ADDER }], flaten: false } } };
  await studio.importFile('adder.json', JSON.stringify(plain));
  await studio.editorReady();
  await onScreen(studio, 'Untitled');
  await expect(page.locator('.view-lines')).toContainText('module adder');
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('slices.rtl.flaten');
  const out = await studio.downloaded(() => studio.command('Export as JSON for the command line'));
  expect(JSON.parse(out.bytes.toString())).toMatchObject({
    version: 1,
    lab: 'rtl',
    slices: { rtl: { flatten: true } },
  });
});

test('a file that is no design is refused with the place and a remedy, and the open design stays', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.openLab('#/e/counter');
  const whole = await studio.downloaded(() => page.keyboard.press('ControlOrMeta+Shift+s'));
  const notices = page.getByRole('region', { name: 'Notices' });
  const wrong: [string, Uint8Array | string, RegExp][] = [
    ['half.crossbar.zip', whole.bytes.subarray(0, whole.bytes.length / 2), /cut off or damaged.*Copy the file again/s],
    ['sources.zip', zipSync({ 'top.v': strToU8('module top; endmodule') }), /This zip holds no design/],
    ['mangled.json', '{\n  "lab": "rtl",\n  "slices": {,}\n}\n', /is not JSON: it is not valid at ",}", line 3/],
    ['picture.json', new Uint8Array([0, 255, 3]), /This file is no design/],
    ['list.json', '[1, 2]', /This is not a design/],
    ['empty.json', '', /is not JSON|no design/],
  ];
  for (const [name, bytes, words] of wrong) {
    await studio.importFile(name, bytes);
    await expect(notices, name).toContainText(words);
    await notices.getByRole('button', { name: 'Dismiss' }).last().click();
    await expect(notices, name).toBeEmpty();
  }
  await page.keyboard.press('Escape');
  await onScreen(studio, 'Counter with enable');
  expect(await studio.storedDesigns()).toHaveLength(1);
});

test('short addresses name examples and lessons, and an address that names nothing says so', async ({ studio }) => {
  const { page } = studio;
  await studio.openLab('#/e/fir');
  await onScreen(studio, 'FIR filter, 16 taps');
  await expect(page).toHaveURL(/#\/rtl\?id=/);
  // The same example again is the same design, until it is edited.
  const fir = page.url();
  await page.goto('./#/e/fir?lab=rtl');
  await expect(page).toHaveURL(fir);
  expect(await studio.storedDesigns()).toHaveLength(1);

  await page.goto('./#/l/gates?step=2');
  await expect(page.getByRole('heading', { name: 'From four lines of Verilog to gates' }).first()).toBeVisible();
  await expect(page).toHaveURL(/#\/l\/gates\?step=2$/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'From four lines of Verilog to gates' }).first()).toBeVisible();
  await expect(page).toHaveURL(/#\/l\/gates\?step=2$/);

  for (const address of ['#/e/nothing', '#/l/nothing', '#/looms', '#/rtl/deeper/still', '#nonsense']) {
    await page.goto(`./${address}`);
    await expect(page.getByRole('heading', { name: 'There is nothing at this address' }), address).toBeVisible();
    await expect(page.locator('#place'), address).toContainText(`“${address}”`);
    await page.getByRole('button', { name: 'Go to the start page' }).click();
    await expect(page.getByRole('heading', { name: 'Recent designs' }), address).toBeVisible();
  }

  await page.goto('./#/rtl?id=gone');
  await expect(page.getByRole('heading', { name: 'This design is not kept in this browser' })).toBeVisible();
  await page.getByRole('button', { name: 'Start a new design' }).click();
  await studio.editorReady();
  await onScreen(studio, 'RTL design');
});
