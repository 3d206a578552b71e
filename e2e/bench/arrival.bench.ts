import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { countingProxy } from '../support/counting-proxy.ts';
import type { Bench } from './harness.ts';
import { newVisitor, root, studioUrl, timeOf, type Visitor } from './visitor.ts';

/** What a first and a second visit cost. */

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
}

/** Gzip kB of the scripts that the page loads before anything is chosen. */
function shellSize(): number {
  const dist = join(root, 'dist');
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
  const chunks = new Set(Object.values(manifest).filter(({ isEntry }) => isEntry));
  for (const { imports = [] } of chunks) for (const key of imports) chunks.add(manifest[key]!);
  let bytes = 0;
  for (const { file } of chunks) bytes += gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
  return bytes / 1000;
}

/** 1.6 Mbit/s, 150 ms there and back, a processor four times slower. */
async function throttle({ devtools }: Visitor): Promise<void> {
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: 1.6e6 / 8,
    uploadThroughput: 1.6e6 / 8,
  });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

async function largestPaint(visitor: Visitor): Promise<number> {
  await throttle(visitor);
  const { page } = visitor;
  await page.goto(await studioUrl(), { waitUntil: 'load' });
  await page.waitForSelector('.nav button, .nav a');
  // A later, larger paint would have come with what the scripts draw.
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        let last = 0;
        new PerformanceObserver((list) => {
          for (const { startTime } of list.getEntries()) last = startTime;
        }).observe({ type: 'largest-contentful-paint', buffered: true });
        setTimeout(() => done(last), 1500);
      }),
  );
}

const EDITOR = '.monaco-editor .view-line > span > span[class]';
const ENGINE_LOADING = '.foot-load';

/** Times of a first visit to the RTL lab: the editor takes a key, and Yosys can run. */
async function openLab({ page }: Visitor, url: string): Promise<{ editor: number; engine: number }> {
  await page.goto(`${url}#/rtl`, { waitUntil: 'commit' });
  const [editor, engine] = await Promise.all([usableEditor(), timeOf(page, ENGINE_LOADING, true)]);
  return { editor, engine };

  async function usableEditor() {
    await timeOf(page, EDITOR);
    await page.locator('.monaco-editor').first().click();
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.type('q');
    return page.evaluate(
      (line) =>
        new Promise<number>((done) => {
          const look = () =>
            [...document.querySelectorAll(line)].some(({ textContent }) => textContent?.startsWith('q'))
              ? done(performance.now())
              : requestAnimationFrame(look);
          look();
        }),
      '.monaco-editor .view-line',
    );
  }
}

async function visited<T>(visit: (visitor: Visitor) => Promise<T>): Promise<T> {
  const visitor = await newVisitor();
  try {
    return await visit(visitor);
  } finally {
    await visitor.leave();
  }
}

/** Bytes of the engine (and of all else that has a hashed name) that a second visit brings over the network. */
async function secondVisit(visitor: Visitor): Promise<number> {
  const proxy = await countingProxy(await studioUrl());
  try {
    const url = `http://localhost:${proxy.port}/`;
    await openLab(visitor, url);
    const first = sum(proxy.take());
    if (!(first > 1_000_000)) throw new Error('The first visit brought no engine.');
    const page = await visitor.again();
    await openLab({ ...visitor, page }, url);
    return sum(proxy.take());
  } finally {
    await proxy.close();
  }
}

function sum(sent: Map<string, number>): number {
  return [...sent].reduce((total, [path, bytes]) => total + (path.includes('/assets/') ? bytes : 0), 0);
}

export const benches: Bench[] = [
  { name: 'arrival: shell, gzip', unit: 'kB', runs: 1, limit: 120, run: async () => shellSize() },
  { name: 'arrival: largest contentful paint, throttled', limit: 1500, run: () => visited(largestPaint) },
  {
    name: 'arrival: the editor of the RTL lab takes a key',
    limit: 2500,
    run: () => visited(async (visitor) => (await openLab(visitor, await studioUrl())).editor),
  },
  {
    name: 'arrival: Yosys is ready, after the editor',
    limit: 3000,
    run: () =>
      visited(async (visitor) => {
        const { editor, engine } = await openLab(visitor, await studioUrl());
        return Math.max(0, engine - editor);
      }),
  },
  {
    name: 'arrival: bytes of scripts and engines on a second visit',
    unit: 'bytes',
    runs: 1,
    limit: 0,
    run: () => visited(secondVisit),
  },
];
