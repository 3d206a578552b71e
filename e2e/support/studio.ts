import { readFileSync } from 'node:fs';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';

/** What a visitor of the studio does and sees, in the words of the screen. */
export class Studio {
  /** Errors that reached the console or were thrown, beside those that a test says it expects. */
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  /** Opens the RTL lab (a new default design unless the address says otherwise) and waits for the editor. */
  async openLab(address = '#/rtl'): Promise<void> {
    await this.page.goto(address.startsWith('http') ? address : `./${address}`);
    await this.editorReady();
  }

  async editorReady(): Promise<void> {
    await expect(this.page.locator('.monaco-editor .view-line').first()).toBeVisible({ timeout: 30_000 });
  }

  /** Waits until the gates of the text as it stands are there. */
  async synthesised(): Promise<void> {
    await expect(this.page.getByText(/^Synthesised in /)).toBeVisible({ timeout: 60_000 });
  }

  /** A figure of the readings, as the number it is. */
  async figure(id: string): Promise<number> {
    const text = await this.page.locator(`[data-figure="${id}"]`).first().getAttribute('data-value');
    return Number(text);
  }

  async figures(): Promise<Record<string, number>> {
    return this.page
      .locator('[data-figure]')
      .evaluateAll((nodes) =>
        Object.fromEntries(
          nodes.map((node) => [node.getAttribute('data-figure'), Number(node.getAttribute('data-value'))]),
        ),
      );
  }

  /** Replaces the text of the file on the screen, as a paste does: typing would be indented and closed by the editor. */
  async setText(text: string): Promise<void> {
    await this.page.locator('.monaco-editor').first().click();
    await this.page.keyboard.press('ControlOrMeta+a');
    if (text === '') {
      await this.page.keyboard.press('Delete');
      return;
    }
    await this.page.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
    }, text);
  }

  /** Ends the burst of typing and writes what is not yet written. */
  async save(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+s');
    await expect(this.page.getByText('Saved in this browser')).toBeVisible();
  }

  /** What `action` hands over as a download. */
  async downloaded(action: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), action()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  }

  /** Chooses a file under Designs, Import. */
  async importFile(name: string, bytes: Uint8Array | string): Promise<void> {
    if (!(await this.page.getByRole('dialog').isVisible())) {
      if (await this.page.getByRole('button', { name: 'Designs', exact: true }).isVisible()) {
        await this.page.getByRole('button', { name: 'Designs', exact: true }).click();
      } else await this.command('Designs…');
    }
    const [chooser] = await Promise.all([
      this.page.waitForEvent('filechooser'),
      this.page.getByRole('dialog').getByRole('button', { name: 'Import…' }).click(),
    ]);
    await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
  }

  /** The open design as it is kept in this browser. */
  async storedDesigns(): Promise<StoredDesign[]> {
    return this.page.evaluate(readDesigns);
  }

  /** The document of the design that the address names, once it is saved. */
  async document(): Promise<StoredDesign['document']> {
    await expect(this.page).toHaveURL(/[?&]id=/);
    await expect(this.page.getByText('Saved in this browser')).toBeVisible();
    const id = new URL(this.page.url()).hash.match(/[?&]id=([^&]+)/)?.[1];
    const found = (await this.storedDesigns()).find((design) => design.id === id);
    if (!found) throw new Error(`No design ${id} is kept.`);
    return found.document;
  }

  async command(name: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k');
    await this.page.getByPlaceholder('Type a command').fill(name);
    await this.page.getByRole('option', { name }).first().click();
  }

  /** The link that the share dialog gives. */
  async shareLink(): Promise<string> {
    await this.page.getByRole('button', { name: 'Share link' }).click();
    const field = this.page.getByLabel('Link', { exact: true });
    await expect(field).toHaveValue(/#\/\w+\?d=/);
    const link = await field.inputValue();
    await this.page.keyboard.press('Escape');
    return link;
  }
}

export interface StoredDesign {
  id: string;
  document: {
    title: string;
    slices: Record<string, unknown>;
    seed: number;
    lab: string;
    version: number;
    view?: unknown;
  };
}

/** Runs in the page: every value of every store of this origin that looks like a kept design. */
async function readDesigns(): Promise<StoredDesign[]> {
  const found: StoredDesign[] = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name) continue;
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const store of database.objectStoreNames) {
      const values = await new Promise<unknown[]>((resolve, reject) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const value of values) {
        const design = value as Partial<StoredDesign>;
        if (typeof design?.id === 'string' && typeof design.document?.slices === 'object')
          found.push(design as StoredDesign);
      }
    }
    database.close();
  }
  return found;
}

/** Tests get a studio, and fail when the page reported an error that they did not expect. */
export const test = base.extend<{ studio: Studio; expectedErrors: RegExp[] }>({
  expectedErrors: [[], { option: true }],
  studio: async ({ page, expectedErrors }, use) => {
    const studio = new Studio(page);
    await use(studio);
    expect(studio.errors.filter((error) => !expectedErrors.some((pattern) => pattern.test(error)))).toEqual([]);
  },
});

/** A second visitor: another browser profile. */
export async function visitor(context: BrowserContext): Promise<Studio> {
  const browser = context.browser();
  if (!browser) throw new Error('This context has no browser.');
  const other = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  return new Studio(await other.newPage());
}

export { expect };
