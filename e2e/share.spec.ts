import { deflateSync } from 'node:zlib';
import { sha256 } from '../engines/core/hash.ts';
import { compiledFigures, openPim, put, SMALL } from './support/pim.ts';
import { expect, type Studio, test, visitor } from './support/studio.ts';

/** Share links: what travels, what a link becomes, and what is said of one that cannot be read. */

const SHIFTER = `module shifter #(parameter STEPS = 3) (input clk, input in, output reg [STEPS-1:0] out);
  always @(posedge clk)
    out <= {out[STEPS-2:0], in};
endmodule
`;

interface File {
  path: string;
  text: string;
}

/** The files of the design that the address names. */
async function files(studio: Studio): Promise<File[]> {
  return ((await studio.document()).slices.rtl as { files: File[] }).files;
}

/** A link around any JSON, in the present form. */
function linkOf(lab: string, document: unknown): string {
  const deflated = deflateRaw(JSON.stringify(document));
  const payload = Buffer.concat([sha256(deflated).subarray(0, 3), deflated]).toString('base64url');
  return `#/${lab}?d=1${payload}`;
}

function deflateRaw(text: string): Buffer {
  // A zlib stream is two bytes, the raw data, and four bytes of a checksum.
  return deflateSync(text).subarray(2, -4);
}

const design = (more: object = {}) => ({
  version: 1,
  madeWith: 'somewhere else',
  title: 'Sent over',
  seed: 7,
  lab: 'rtl',
  slices: { rtl: { files: [{ path: 'shifter.v', text: SHIFTER }] } },
  ...more,
});

test.describe('a sound link', () => {
  test('opens in another profile with the same files, settings and figures', async ({ studio, context }) => {
    await studio.openLab('#/e/adders');
    await studio.setText(SHIFTER);
    await studio.page.getByLabel('Top module', { exact: true }).selectOption('shifter');
    await studio.page.getByLabel('STEPS', { exact: true }).fill('5');
    await studio.page.getByLabel('STEPS', { exact: true }).press('Enter');
    await expect(studio.page.locator('[data-figure="flipFlops"]')).toHaveAttribute('data-value', '5');
    await studio.synthesised();
    const figures = await studio.figures();
    const link = await studio.shareLink();

    const other = await visitor(context);
    await other.openLab(link);
    await other.synthesised();
    expect(await other.figures()).toEqual(figures);
    const [mine, theirs] = [await studio.document(), await other.document()];
    expect(theirs).toEqual({ ...mine, view: theirs.view });
    expect(await files(other)).toHaveLength(5);
    expect(other.errors).toEqual([]);
    await other.page.context().close();
  });

  test('of an edited design of the PIM lab gives the same figures in another profile', async ({ studio, context }) => {
    const { page } = studio;
    await openPim(studio, SMALL, 'Chip');
    const before = await compiledFigures(studio);
    await put(studio, 'Crossbar rows', 96);
    await page.getByRole('combobox', { name: 'Replication', exact: true }).selectOption('w0h0');
    const mine = await compiledFigures(studio);
    expect(mine.arrayGroups).not.toBe(before.arrayGroups);
    const link = await studio.shareLink();
    expect(link.length).toBeLessThan(1000);

    const other = await visitor(context);
    await openPim(other, link, 'Chip');
    expect(await compiledFigures(other)).toEqual(mine);
    expect((await other.document()).slices).toEqual((await studio.document()).slices);
    expect(other.errors).toEqual([]);
    await other.page.context().close();
  });

  test('of an example names it, and carries the edit when there is one', async ({ studio, context }) => {
    await studio.openLab('#/e/riscv');
    const unedited = await studio.shareLink();
    expect(unedited.length).toBeLessThan(250);
    const [before] = await files(studio);
    const text = before!.text.replace('endmodule', '  // a word of my own\nendmodule');
    await studio.setText(text);
    const edited = await studio.shareLink();
    expect(edited).not.toBe(unedited);
    expect(edited.length).toBeLessThan(1000);

    const other = await visitor(context);
    await other.openLab(unedited);
    expect((await files(other))[0]).toEqual(before);
    await other.page.goto(edited);
    await expect.poll(async () => (await files(other))[0]!.text).toBe(text);
    await other.page.context().close();
  });

  test('is read once: it becomes a named design, and a reload keeps what was edited', async ({ studio }) => {
    const { page } = studio;
    await studio.openLab(linkOf('rtl', design()));
    await expect(page).toHaveURL(/#\/rtl\?id=[a-z0-9]+$/);
    await expect(page.getByRole('button', { name: 'Sent over' })).toBeVisible();
    await studio.setText(SHIFTER.replace('in}', '~in}'));
    await studio.save();
    await page.reload();
    await studio.editorReady();
    await expect(page.getByRole('button', { name: 'Sent over' })).toBeVisible();
    expect((await files(studio))[0]!.text).toContain('~in}');
    expect((await studio.document()).seed).toBe(7);
    expect(await studio.storedDesigns()).toHaveLength(1);
  });

  test('opened twice finds its design again, and never touches one that was edited', async ({ studio }) => {
    const { page } = studio;
    const link = linkOf('rtl', design());
    await studio.openLab(link);
    await expect(page).toHaveURL(/\?id=/);
    const first = page.url();
    await page.goto(link);
    await expect(page).toHaveURL(first);
    expect(await studio.storedDesigns()).toHaveLength(1);

    await studio.setText('// mine\nmodule shifter(input a, output b); assign b = a; endmodule\n');
    await studio.save();
    await page.goto(link);
    await expect(page.getByRole('button', { name: 'Sent over 2' })).toBeVisible();
    expect((await files(studio))[0]!.text).toBe(SHIFTER);
    const kept = (await studio.storedDesigns()).find(({ document }) => document.title === 'Sent over');
    expect(JSON.stringify(kept?.document.slices)).toContain('// mine');
    // The link leaves no trace: back is the design that was on the screen before.
    await page.goBack();
    await expect(page).toHaveURL(first);
  });
});

test.describe('a link that cannot be opened', () => {
  const whole = linkOf('rtl', design());
  const place = Math.floor(whole.length / 2);
  const wrong: [string, string, RegExp][] = [
    ['cut off', whole.slice(0, -40), /This link is cut off.*Copy the whole link again/s],
    [
      'changed by hand',
      `${whole.slice(0, place)}${whole[place] === 'A' ? 'B' : 'A'}${whole.slice(place + 1)}`,
      /This link (was changed on its way|is cut off).*Copy the whole link again/s,
    ],
    ['with a foreign character', `${whole}!`, /has a "!" at place/],
    ['of another form', whole.replace('?d=1', '?d=9'), /This link has form "9"/],
    ['that holds no design', linkOf('rtl', [1, 2]), /This is not a design/],
    [
      'of an example that is not there',
      linkOf('rtl', { version: 1, madeWith: 'x', lab: 'rtl', example: { id: 'gone', version: 3 } }),
      /example "gone", version 3/,
    ],
  ];

  test('says what is wrong with it and what to do, and leaves the designs alone', async ({ studio }) => {
    const { page } = studio;
    await page.goto('./#/');
    for (const [what, link, words] of wrong) {
      await page.goto(`./${link}`);
      await expect(page.getByRole('heading', { name: 'This link cannot be opened' }), what).toBeVisible();
      await expect(page.locator('#place'), what).toContainText(words);
      await page.getByRole('button', { name: 'Go to the start page' }).click();
      await expect(page.getByRole('heading', { name: 'Crossbar Studio' })).toBeVisible();
    }
    expect(await studio.storedDesigns()).toEqual([]);
    // And a good one still opens.
    await studio.openLab(whole);
  });

  test('of an unknown lab says so', async ({ studio }) => {
    const { page } = studio;
    await page.goto(`./${whole.replace('#/rtl', '#/weaving')}`);
    await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
    await expect(page.locator('#place')).toContainText('“#/weaving” names no lab');
  });
});

test.describe('what this studio does not know', () => {
  test('a document of a newer version opens read-only and is exported byte for byte', async ({ studio }) => {
    const { page } = studio;
    // Its keys, its spaces and its number are no form that this studio would write.
    const newer = `{ "version":9,"title" : "From the future", "lab":"rtl", "weather": [1.50, "fair"],
      "slices": {"rtl": {"files": [{"path":"shifter.v","text":${JSON.stringify(SHIFTER)},"mood":"blue"}], "later": 1}}}\n`;
    await page.goto('./#/');
    await studio.importFile('future.crossbar.json', newer);
    await studio.editorReady();
    const banner = page.getByRole('status').filter({ hasText: 'Read only.' });
    await expect(banner).toContainText('document version 9');
    await expect(page.locator('.view-lines')).toContainText('module shifter');
    await expect(page.getByRole('switch', { name: 'Flatten hierarchy' })).toBeDisabled();
    await page.locator('.monaco-editor').first().click();
    await page.keyboard.type('no');
    await expect(page.locator('.view-lines')).not.toContainText('no');

    const out = page.getByRole('button', { name: 'Export the file as it came' });
    expect((await studio.downloaded(() => out.click())).bytes.toString()).toBe(newer);
    await page.reload();
    await expect(banner).toBeVisible();
    expect((await studio.downloaded(() => out.click())).bytes.toString()).toBe(newer);
  });

  test('a link of a newer version opens read-only, and its document travels on whole', async ({ studio }) => {
    const { page } = studio;
    const newer = design({ version: 9, weather: 'fair' });
    await studio.openLab(linkOf('rtl', newer));
    const banner = page.getByRole('status').filter({ hasText: 'Read only.' });
    await expect(banner).toContainText('document version 9');
    await expect(page.locator('.view-lines')).toContainText('module shifter');
    expect((await studio.storedDesigns()).map(({ document }) => document)).toEqual([newer]);
  });

  test('a slice of another system travels through saving, sharing and export untouched', async ({
    studio,
    context,
  }) => {
    const { page } = studio;
    const loom = { threads: [1, null, { colour: 'blau' }], from: 'rtl', on: false };
    const strange = design({ slices: { ...design().slices, loom } });
    await page.goto('./#/');
    await studio.importFile('strange.crossbar.json', JSON.stringify(strange));
    await studio.editorReady();
    await studio.setText(`// edited\n${SHIFTER}`);
    await studio.save();
    expect((await studio.document()).slices.loom).toEqual(loom);
    const link = await studio.shareLink();

    const other = await visitor(context);
    await other.openLab(link);
    expect((await other.document()).slices.loom).toEqual(loom);
    const json = await other.downloaded(() => other.command('Export as JSON for the command line'));
    expect(JSON.parse(json.bytes.toString()).slices.loom).toEqual(loom);
    expect((await files(other))[0]!.text).toBe(`// edited\n${SHIFTER}`);
    await other.page.context().close();
  });
});

test('a design too large for a link offers the file, which opens elsewhere', async ({ studio, context }) => {
  const { page } = studio;
  let state = 1;
  const noise = Array.from({ length: 2000 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return `// ${state}`;
  });
  const text = `module tiny(input a, output b);\n  assign b = a;\nendmodule\n${noise.join('\n')}\n`;
  await studio.openLab('#/e/counter');
  await studio.setText(text);
  await page.getByRole('button', { name: 'Share link' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this design' });
  await expect(dialog).toContainText(/makes a link of \d+ characters/);
  await expect(dialog.getByLabel('Link', { exact: true })).toHaveCount(0);
  await expect(dialog.getByRole('button', { name: 'Copy link' })).toHaveCount(0);
  const file = await studio.downloaded(() => dialog.getByRole('button', { name: 'Export as a file' }).click());
  expect(file.name).toBe('Counter with enable.crossbar.zip');

  const other = await visitor(context);
  await other.page.goto('./#/');
  await other.importFile(file.name, file.bytes);
  await other.editorReady();
  expect((await files(other))[0]!.text).toBe(text);
  await other.page.context().close();
});
