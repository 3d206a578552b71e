import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CDPSession, chromium, type Page } from 'playwright';
import { createRegistry, encodeLink, newDocument } from '../../engines/document/index.ts';
import { slice as definition } from '../../engines/rtl/slice.ts';
import type { RtlSlice } from '../../engines/rtl/types.ts';
import { launchFlags } from '../support/find-browser.mjs';

export const root = resolve(import.meta.dirname, '../..');
export const command = join(root, 'build/cli/crossbar-studio.js');

let studio: Promise<string> | undefined;

/** Address of the built studio, served as a user serves it; started on first use. */
export function studioUrl(): Promise<string> {
  studio ??= new Promise((done, failed) => {
    if (!existsSync(join(root, 'dist/index.html'))) failed(new Error('Build the studio first: `npm run build`.'));
    const server = spawn('node', [command, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    process.on('exit', () => server.kill());
    server.stdout.on('data', (text: Buffer) => {
      const url = /http:\/\/localhost:\d+\//.exec(text.toString())?.[0];
      if (url) done(url);
    });
    server.on('exit', () => failed(new Error('The studio could not be served.')));
  });
  return studio;
}

export interface Visitor {
  page: Page;
  devtools: CDPSession;
  /** The same visitor comes again, in a new tab. */
  again(): Promise<Page>;
  leave(): Promise<void>;
}

/** Someone who was never here: a browser of its own with an empty profile on disk, so that caches are those of real life. */
export async function newVisitor(): Promise<Visitor> {
  const found = join(root, 'build/browser.json');
  if (!existsSync(found)) throw new Error('Choose a browser first: `node e2e/support/find-browser.mjs`.');
  const browser: { executablePath: string; env: Record<string, string> } = JSON.parse(readFileSync(found, 'utf8'));
  const profile = mkdtempSync(join(tmpdir(), 'crossbar-bench-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browser.executablePath,
    env: { ...(process.env as Record<string, string>), ...browser.env },
    args: launchFlags,
    viewport: { width: 1440, height: 900 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    page,
    devtools: await context.newCDPSession(page),
    again: () => context.newPage(),
    async leave() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Address of the RTL lab with this design. `live`: whether it is synthesised by itself after each edit. */
export async function addressOf(slice: RtlSlice, live: boolean): Promise<string> {
  const registry = createRegistry();
  registry.register(definition);
  const document = { ...newDocument('rtl', slice, { title: 'Bench' }), view: { 'rtl.live': live } };
  return (await studioUrl()) + (await encodeLink(document, registry, undefined, { view: true }));
}

/** Milliseconds from the start of the visit until `selector` is there (or, when `gone`, has been there and is gone). */
export async function timeOf(page: Page, selector: string, gone = false): Promise<number> {
  return page.evaluate(
    ([wanted, leaves]) =>
      new Promise<number>((done) => {
        let seen = false;
        const look = () => {
          const there = document.querySelector(wanted) !== null;
          if (leaves ? seen && !there : there) {
            watch.disconnect();
            done(performance.now());
          }
          seen ||= there;
        };
        const watch = new MutationObserver(look);
        watch.observe(document, { subtree: true, childList: true });
        look();
      }),
    [selector, gone] as const,
  );
}
