import type { Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { expect, Studio, test, visitor } from './support/studio.ts';

/** A browser that keeps nothing, or is full; two tabs on one design; pages that are no secure context. */

const ADDER = 'module adder(input [3:0] a, b, output [3:0] sum);\n  assign sum = a + b;\nendmodule\n';
const BUFFER = 'module buffer(input a, output b);\n  assign b = a;\nendmodule\n';

// What the browser says of plain http, which the tests below want.
test.use({ expectedErrors: [/Cross-Origin-Opener-Policy header has been ignored/] });

/** The document inside the file that Export gives. */
async function exported(studio: Studio): Promise<string> {
  const { bytes } = await studio.downloaded(() => studio.page.keyboard.press('ControlOrMeta+Shift+s'));
  return strFromU8(unzipSync(bytes)['design.json']!);
}

/** This machine by another name: over plain http that is no secure context. */
function plainHttp(baseURL: string | undefined): string {
  return `http://studio.test:${new URL(baseURL ?? '').port}/`;
}

const notices = (page: Page) => page.getByRole('region', { name: 'Notices' });
const flatten = (page: Page) => page.getByRole('switch', { name: 'Flatten hierarchy' });

test.describe('a browser that keeps nothing', () => {
  const ways: [string, () => void][] = [
    [
      'because it forbids the database',
      () =>
        Object.defineProperty(window, 'indexedDB', {
          get() {
            throw new DOMException('The operation is insecure.', 'SecurityError');
          },
        }),
    ],
    [
      'because the database does not open',
      () => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('A mutation operation was attempted.', 'InvalidStateError');
        };
      },
    ],
  ];
  for (const [why, forbid] of ways) {
    test(`${why}: says so, works on, and lets the work be taken away`, async ({ studio, context }) => {
      const { page } = studio;
      await page.addInitScript(forbid);
      await studio.openLab('#/e/counter');
      await expect(notices(page)).toContainText('does not let the studio store anything');
      await expect(notices(page)).toContainText('Export the design as a file before you close this tab');
      await expect(page.getByText('Not saved')).toBeVisible();

      await page.getByLabel('Top module', { exact: true }).selectOption('');
      await studio.setText(ADDER);
      await studio.synthesised();
      await expect(page.getByRole('region', { name: 'Readings', exact: true })).toContainText('adder');
      expect((await studio.figures()).flipFlops).toBe(0);

      // From design to design and back within this tab nothing is lost.
      await page.goto('./#/e/full-adder');
      await expect(page).toHaveTitle(/^Full adder/);
      await page.goBack();
      await expect(page).toHaveTitle(/^Counter with enable/);
      await expect(page.locator('.view-lines')).toContainText('module adder');

      expect(await exported(studio)).toContain('module adder');
      const link = await studio.shareLink();
      const other = await visitor(context);
      await other.openLab(link);
      await expect(other.page.locator('.view-lines')).toContainText('module adder');
      await other.page.context().close();

      // Closing the tab would lose it: the browser asks first.
      const question = page.waitForEvent('dialog');
      await page.close({ runBeforeUnload: true });
      expect((await question).type()).toBe('beforeunload');
      await (await question).dismiss();
    });
  }
});

test('a full storage: says so, keeps the work in the tab, and saves it all when there is room again', async ({
  studio,
  baseURL,
}) => {
  const { page } = studio;
  const browser = await page.context().newCDPSession(page);
  const { origin } = new URL(baseURL ?? '');
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 });
  await studio.openLab('#/e/counter');
  await studio.save();
  const large = `${ADDER}// ${'far too much to say '.repeat(10_000)}\n`;
  await studio.setText(large);
  await page.keyboard.press('ControlOrMeta+s');
  await expect(notices(page)).toContainText('The storage of this browser is full');
  await expect(notices(page)).toContainText('Export the design as a file now');
  await expect(page.getByText('Not saved')).toBeVisible();
  // What was kept before is not harmed, and what is not kept can be taken away.
  const kept = JSON.stringify(await studio.storedDesigns());
  expect(kept).toContain('module counter');
  expect(kept).not.toContain('module adder');
  expect(await exported(studio)).toContain('module adder');

  await browser.send('Storage.overrideQuotaForOrigin', { origin });
  await flatten(page).click();
  await studio.save();
  await expect(notices(page)).not.toContainText('full');
  expect(await studio.document()).toMatchObject({
    slices: { rtl: { files: [{ text: large }, { role: 'bench' }], flatten: false } },
  });
});

test('without local storage designs are kept all the same', async ({ studio, baseURL }) => {
  const { page } = studio;
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      },
    });
  });
  for (const base of [baseURL ?? '', plainHttp(baseURL)]) {
    await studio.openLab(`${base}#/e/counter`);
    await studio.setText(ADDER);
    await studio.save();
    await page.reload();
    await studio.editorReady();
    await expect(page.locator('.view-lines')).toContainText('module adder');
    await flatten(page).click();
    await expect(flatten(page)).not.toBeChecked();
  }
});

test.describe('two tabs on one design', () => {
  for (const secure of [true, false]) {
    test(`on ${secure ? 'localhost' : 'plain http, without Web Locks'}: one edits, the other looks on, until the first closes`, async ({
      studio: first,
      context,
      baseURL,
    }) => {
      await first.openLab(`${secure ? baseURL : plainHttp(baseURL)}#/e/counter`);
      const able = () => [isSecureContext, 'locks' in navigator, crypto.subtle !== undefined];
      expect(await first.page.evaluate(able)).toEqual([secure, secure, secure]);
      const address = first.page.url();
      const second = new Studio(await context.newPage());
      await second.openLab(address);
      const banner = second.page.getByRole('status').filter({ hasText: 'being edited in another tab' });
      await expect(banner).toBeVisible();
      await expect(flatten(second.page)).toBeDisabled();
      await second.page.locator('.monaco-editor').first().click();
      await second.page.keyboard.type('stray');
      await expect(flatten(first.page)).toBeEnabled();

      // What the first does is seen in the second.
      await first.setText(ADDER);
      await first.save();
      await expect(second.page.locator('.view-lines')).toContainText('module adder');
      await expect(second.page.locator('.view-lines')).not.toContainText('stray');
      expect(await second.storedDesigns()).toHaveLength(1);

      // A copy can be worked on at once, and leaves the original alone.
      await banner.getByRole('button', { name: 'Take a copy' }).click();
      await expect(second.page).toHaveTitle(/^Counter with enable 2/);
      await expect(banner).toBeHidden();
      await second.setText(BUFFER);
      await second.save();
      expect(await first.document()).toMatchObject({
        slices: { rtl: { files: [{ text: ADDER }, { role: 'bench' }] } },
      });
      await second.page.goBack();
      await expect(banner).toBeVisible();

      // The first goes in the middle of typing: its last word is kept, and the second may write.
      await first.page.locator('.monaco-editor').first().click();
      await first.page.keyboard.press('ControlOrMeta+Home');
      await first.page.keyboard.type('//last');
      const closed = first.page.waitForEvent('close');
      await first.page.close({ runBeforeUnload: true });
      await closed;
      await expect(banner).toBeHidden();
      await expect(second.page.locator('.view-lines')).toContainText('//lastmodule adder');
      await flatten(second.page).click();
      await second.save();
      expect(await second.document()).toMatchObject({
        slices: { rtl: { files: [{ text: `//last${ADDER}` }, { role: 'bench' }], flatten: false } },
      });
      expect(second.errors.filter((text) => !text.includes('Cross-Origin-Opener-Policy'))).toEqual([]);
    });
  }
});

test.describe('copying a link where the page has no clipboard', () => {
  test('goes by selection', async ({ studio, baseURL }) => {
    const { page } = studio;
    await studio.openLab(`${plainHttp(baseURL)}#/e/counter`);
    expect(await page.evaluate(() => navigator.clipboard)).toBeUndefined();
    await page.getByRole('button', { name: 'Share link' }).click();
    const field = page.getByLabel('Link', { exact: true });
    await expect(field).toHaveValue(/#\/rtl\?d=/);
    const link = await field.inputValue();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect(page.getByRole('dialog').getByRole('status')).toHaveText('Copied');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F2');
    await page.getByLabel('Title of the design').fill('');
    await page.keyboard.press('ControlOrMeta+v');
    await expect(page.getByLabel('Title of the design')).toHaveValue(link);
  });

  test('is left to the user, with the link selected, where that is forbidden too', async ({ studio, baseURL }) => {
    const { page } = studio;
    await page.addInitScript(() => {
      document.execCommand = () => false;
    });
    await studio.openLab(`${plainHttp(baseURL)}#/e/counter`);
    await page.getByRole('button', { name: 'Share link' }).click();
    const field = page.getByLabel('Link', { exact: true });
    await expect(field).toHaveValue(/#\/rtl\?d=/);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('The link is selected');
    const selected = await field.evaluate((area: HTMLTextAreaElement) =>
      area.value.slice(area.selectionStart, area.selectionEnd),
    );
    expect(selected).toBe(await field.inputValue());
    await expect(field).toBeFocused();
  });
});
