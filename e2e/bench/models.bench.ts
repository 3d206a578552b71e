import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { inlineJob } from '../../engines/core/inline-job.ts';
import { networkFromPimcompJson } from '../../engines/onnx/pimcomp-json.ts';
import { openingsWithin, viewGraph } from '../../engines/onnx/view/fold.ts';
import { layout } from '../../engines/onnx/view/layout.ts';
import type { Bench } from './harness.ts';
import { largeOnnx, type TemporaryFile } from './large-onnx.ts';
import { addressOfPim, framesOf, longTasks, middleOf } from './pim-visit.ts';
import { newVisitor, type Visitor } from './visitor.ts';

/** Models on the screen: a graph of 1,000 nodes, a file of 500 MB. */

const [TOWERS, BLOCKS, CHANNELS] = [8, 25, 16];
const NODES = 1 + TOWERS * BLOCKS * 5;

/**
 * Towers side by side over one input, as PIMCOMP JSON. A block of a tower: a convolution, two branches of one and of two
 * convolutions, and their sum.
 */
function towers(): string {
  const shape = [1, CHANNELS, 14, 14];
  const nodes: Record<string, unknown>[] = [{ name: 'data', operation: 'OP_INPUT', output_dim: shape }];
  const conv = (name: string, provider: string): string => {
    const param = { kernel_h: 3, kernel_w: 3, stride_h: 1, stride_w: 1, pad_h0: 1, pad_h1: 1, pad_w0: 1, pad_w1: 1 };
    const sizes = { group: 1, input_channel: CHANNELS, output_channel: CHANNELS };
    const dims = { input_dim: shape, output_dim: shape };
    nodes.push({ name, operation: 'OP_CONV', param: { ...param, ...sizes }, provider: [provider], ...dims });
    return name;
  };
  for (let tower = 0; tower < TOWERS; tower++) {
    let last = 'data';
    for (let block = 0; block < BLOCKS; block++) {
      const at = `${tower}_${block}`;
      const stem = conv(`stem_${at}`, last);
      const provider = [conv(`short_${at}`, stem), conv(`long_${at}_b`, conv(`long_${at}_a`, stem))];
      last = `sum_${at}`;
      const dims = { input_dim: shape, output_dim: shape };
      nodes.push({ name: last, operation: 'OP_ELTWISE', param: { eletype: 2 }, provider, ...dims });
    }
  }
  return JSON.stringify({ node_list: nodes });
}

async function openLab(): Promise<Visitor> {
  const visitor = await newVisitor();
  await visitor.page.goto(await addressOfPim({ model: 'lenet5' }, 'network', false));
  await visitor.page.locator('.model-count').waitFor({ timeout: 60_000 });
  await visitor.page.waitForTimeout(2000);
  return visitor;
}

/** Chooses a file, and answers with the milliseconds until `seen` is on the screen. */
async function choose(
  page: Page,
  path: string,
  seen: { count: string; selector: string; text?: string },
): Promise<number> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Open a file' }).click(),
  ]);
  const from = await page.evaluate(() => performance.now());
  await chooser.setFiles(path);
  return page.evaluate(
    ([start, { count, selector, text }]) =>
      new Promise<number>((done) => {
        const isThere = () =>
          document.querySelector('.model-count')?.textContent?.startsWith(count) === true &&
          [...document.querySelectorAll(selector)].some(({ textContent }) => !text || textContent?.includes(text));
        const look = () =>
          isThere() ? setTimeout(() => done(performance.now() - start)) : requestAnimationFrame(look);
        look();
      }),
    [from, seen] as const,
  );
}

async function layOutInNode(): Promise<number> {
  const network = networkFromPimcompJson(towers());
  if (!network.ok) throw new Error(network.problems[0]?.what);
  const { nodes, edges } = viewGraph(network.value, new Set(openingsWithin(network.value, Number.POSITIVE_INFINITY)));
  if (nodes.length !== NODES) throw new Error(`The graph has ${nodes.length} nodes.`);
  const from = performance.now();
  const placed = await layout({ nodes: nodes.map(() => ({ w: 208, h: 46 })), edges }, inlineJob());
  if (!placed.ok) throw new Error(placed.problems[0]?.what);
  return performance.now() - from;
}

/** Opens the large graph where a small one, made of elements, is shown: the canvas comes with the new places. */
async function openGraph({ page }: Visitor): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'crossbar-graph-'));
  const path = join(folder, 'towers.json');
  writeFileSync(path, towers());
  try {
    return await choose(page, path, { count: `${NODES} layers`, selector: '.graph-canvas' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function visited<T>(visit: (visitor: Visitor) => Promise<T>): Promise<T> {
  const visitor = await openLab();
  try {
    return await visit(visitor);
  } finally {
    await visitor.leave();
  }
}

function frames(): Bench {
  let visitor: Visitor;
  return {
    name: `models: script time of a frame (95th percentile), graph of ${NODES} nodes`,
    limit: 8,
    async prepare() {
      visitor = await openLab();
      await openGraph(visitor);
      await moveAbout(visitor.page);
    },
    run: () => framesOf(visitor.page, 'model-frame', () => moveAbout(visitor.page)),
    finish: () => visitor.leave(),
  };
}

async function moveAbout(page: Page): Promise<void> {
  const { x, y, w, h } = await middleOf(page, '.graph-canvas');
  const drag = async () => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let i = 1; i <= 40; i++) await page.mouse.move(x + 60 * Math.sin(i / 4), y + 40 * Math.sin(i / 3));
    await page.mouse.up();
  };
  await page.getByRole('button', { name: 'Show all', exact: true }).click();
  await drag();
  for (let i = 0; i < 40; i++) await page.mouse.move(x + 0.5 * w * Math.sin(i / 5), y + 0.8 * h * Math.sin(i / 7));
  for (let i = 0; i < 40; i++) await page.mouse.wheel(0, -120);
  await drag();
  for (let i = 0; i < 60; i++) await page.mouse.wheel(0, 120);
  await drag();
}

/** 15 layers of 33.6 MB each. */
const LAYERS = 15;
const WIDE = { count: `${LAYERS + 1} `, selector: '.react-flow__node', text: 'wide_0' };

/** A file that is part of the design can be taken back. */
async function inDesign(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Undo/, disabled: false }).waitFor({ timeout: 120_000 });
}

/**
 * A file of 503 MB, chosen in the browser: its structure on the screen. The browser keeps a copy, so that each run takes
 * as much room on disk until it ends.
 */
function largeFile(): Bench {
  let file: TemporaryFile;
  return {
    name: 'models: structure of an ONNX file of 500 MB, from its choice to its picture',
    limit: 1000,
    runs: 3,
    async prepare() {
      file = largeOnnx(LAYERS);
      if (file.bytes < 500e6) throw new Error(`The file has only ${file.bytes} bytes.`);
    },
    run: () => visited(({ page }) => choose(page, file.path, WIDE)),
    finish: async () => file.remove(),
  };
}

/** The same until the design has the file. */
function largeFileTasks(): Bench {
  let file: TemporaryFile;
  return {
    name: 'models: tasks over 50 ms (by processor time) until an ONNX file of 500 MB is in the design',
    unit: 'count',
    limit: 0,
    runs: 3,
    prepare: async () => {
      file = largeOnnx(LAYERS);
    },
    run: () =>
      visited((visitor) =>
        longTasks(visitor, async () => {
          await choose(visitor.page, file.path, WIDE);
          await inDesign(visitor.page);
        }),
      ),
    finish: async () => file.remove(),
  };
}

export const benches: Bench[] = [
  {
    name: `models: a graph of ${NODES} nodes, from its file's choice to its picture`,
    limit: 2000,
    run: () => visited(openGraph),
    baseline: { name: 'its layout alone in Node', run: layOutInNode },
  },
  {
    name: `models: tasks over 50 ms (by processor time) while a graph of ${NODES} nodes is opened`,
    unit: 'count',
    limit: 0,
    runs: 3,
    run: () => visited((visitor) => longTasks(visitor, () => openGraph(visitor))),
  },
  frames(),
  largeFile(),
  largeFileTasks(),
];
