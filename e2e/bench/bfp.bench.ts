import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Page } from 'playwright';
import { slice as definition } from '../../engines/bfp/slice.ts';
import type { BfpReport, BfpSlice } from '../../engines/bfp/types.ts';
import { createRandom } from '../../engines/core/random.ts';
import { createRegistry, encodeLink, newDocument } from '../../engines/document/index.ts';
import { loadQuantizer } from '../../engines/tensor/formats/index.ts';
import type { NumberFormat } from '../../engines/tensor/formats/types.ts';
import type { Host } from '../../workers/host-face.ts';
import { createNodeHost } from '../../workers/node-host.ts';
import { type Bench, calibrate, kernelText } from './harness.ts';
import { command, newVisitor, studioUrl, type Visitor } from './visitor.ts';

/** The BitQ lab: quantizing, measuring a network's accuracy, the best tiles of a network. */

const MILLION = 1 << 20;
const FORMAT = { kind: 'bfp', mantissaBits: 6, exponentBits: 8, block: 32, rounding: 'even' } satisfies NumberFormat;

function weights(): Float32Array {
  const random = createRandom(1);
  return Float32Array.from({ length: MILLION }, () => random.normal());
}

/** So many in a row that a clock of milliseconds tells. */
const ROUNDS = 20;

function quantizing(): Bench {
  let round: () => void;
  return {
    name: 'bfp: a million weights into bfp6/32, by the kernel',
    limit: 3,
    async prepare() {
      const quantizer = await loadQuantizer();
      const values = weights();
      const into = new Float32Array(MILLION);
      round = () => void quantizer.rows(values, 1024, FORMAT, 0, into);
      for (let i = 0; i < 5; i++) round();
    },
    async run() {
      const from = performance.now();
      for (let i = 0; i < ROUNDS; i++) round();
      return (performance.now() - from) / ROUNDS;
    },
  };
}

function microscope(): Bench {
  let round: (mantissaBits: number) => void;
  let turn = 0;
  return {
    name: 'bfp: a million weights into a new format, its error and both histograms',
    limit: 50,
    async prepare() {
      const quantizer = await loadQuantizer();
      const values = weights();
      round = (mantissaBits) =>
        void quantizer.measure(values, 1024, { ...FORMAT, mantissaBits }, { bins: 128, maxAbs: 6, seed: 0 });
      for (let i = 0; i < 5; i++) round(4);
    },
    async run() {
      const from = performance.now();
      round(3 + (turn++ % 8));
      return performance.now() - from;
    },
  };
}

const hostOf = (workers: number): Host =>
  createNodeHost(pathToFileURL(`${dirname(command)}/`), { batchRuns: workers, interactiveWorkers: 1 });

async function measured(host: Host, choices: Partial<BfpSlice>): Promise<{ wholeMs: number; samplesMs: number }> {
  const from = performance.now();
  const result = await host.run<BfpReport>('bfp/run', { ...definition.defaults, ...choices });
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return { wholeMs: performance.now() - from, samplesMs: result.value.measured.timesMs.samples! };
}

function accuracy(model: BfpSlice['model'], limit?: number): Bench {
  let host: Host;
  return {
    name: `bfp: accuracy of ${model} over 2,000 digits, from the design to its report`,
    limit,
    async prepare() {
      host = hostOf(2);
      await measured(host, { model });
    },
    run: async () => (await measured(host, { model })).wholeMs,
    finish: async () => host.dispose(),
  };
}

/**
 * Time of the samples on two workers over that on one, in the share that two copies of the calibration kernel reach on this
 * machine. 1: as well as they do; 1 / 0.85 is still asked for.
 */
function twoWorkers(): Bench {
  const hosts: Host[] = [];
  return {
    name: 'bfp: samples on two workers against one, over the same of the calibration kernel',
    unit: 'count',
    limit: 1 / 0.85,
    async prepare() {
      hosts.push(hostOf(1), hostOf(2));
      for (const host of hosts) for (let i = 0; i < 2; i++) await measured(host, { model: 'digits-resnet' });
    },
    async run() {
      const [one, two] = [await measured(hosts[0]!, LONG), await measured(hosts[1]!, LONG)];
      const alone = calibrate();
      const together = await Promise.all([kernelInWorker(), kernelInWorker()]);
      const ideal = Math.max(...together) / (2 * alone);
      return two.samplesMs / one.samplesMs / ideal;
    },
    async finish() {
      for (const host of hosts) host.dispose();
    },
  };
}

const LONG: Partial<BfpSlice> = { model: 'digits-resnet' };

/** Milliseconds of the calibration kernel in a thread of its own, which has run it once before. */
function kernelInWorker(): Promise<number> {
  const text = `
    const { parentPort } = require('node:worker_threads');
    const kernel = ${kernelText};
    kernel();
    const from = performance.now();
    kernel();
    parentPort.postMessage(performance.now() - from);`;
  return new Promise((done, failed) => {
    const worker = new Worker(text, { eval: true });
    worker.on('message', done);
    worker.on('error', failed);
  });
}

function tiles(): Bench {
  let host: Host;
  // Other bits each time: what was found is remembered.
  let bits = 4;
  return {
    name: 'bfp: best tiles of all layers of ResNet-18, desktop machine',
    limit: 1000,
    async prepare() {
      host = hostOf(1);
    },
    async run() {
      bits += 0.125;
      const from = performance.now();
      const result = await host.run('bfp/movement', {
        model: 'resnet18-corrected',
        bits: { inputs: bits, weights: bits, outputs: bits },
        machine: 'bitq-desktop',
      });
      if (!result.ok) throw new Error(result.problems[0]?.what);
      return performance.now() - from;
    },
    finish: async () => host.dispose(),
  };
}

/** The largest matrix of the text recogniser, 6625 x 120, under the microscope: as the view itself times it. */
function slider(): Bench {
  let visitor: Visitor;
  let turn = 0;
  const move = async (page: Page): Promise<void> => {
    const bits = page.getByRole('region', { name: 'Format under the microscope' }).getByRole('slider').first();
    await bits.press(turn++ % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForTimeout(500);
  };
  return {
    name: 'bfp: slider of the microscope on 795,000 weights, to the histogram and the error on the screen',
    limit: 50,
    runs: 11,
    async prepare() {
      const registry = createRegistry();
      registry.register(definition);
      const slice = { ...definition.defaults, model: 'ocr' };
      const view = { 'bfp.live': false, 'bfp.view': 'tensor' };
      const document = { ...newDocument('bfp', slice, { title: 'Bench' }), view };
      visitor = await newVisitor();
      const { page } = visitor;
      await page.goto((await studioUrl()) + (await encodeLink(document, registry, undefined, { view: true })));
      await page.getByRole('combobox', { name: 'Layer' }).selectOption('p2o.MatMul.24', { timeout: 60_000 });
      await page
        .getByText(/6.?625\s×\s120/)
        .first()
        .waitFor({ timeout: 60_000 });
      for (let i = 0; i < 6; i++) await move(page);
    },
    async run() {
      await move(visitor.page);
      const text = await visitor.page.locator('.tensor-took').innerText();
      return Number.parseFloat(text);
    },
    finish: () => visitor.leave(),
  };
}

export const benches: Bench[] = [
  quantizing(),
  microscope(),
  accuracy('digits-cnn', 2000),
  accuracy('digits-resnet'),
  twoWorkers(),
  tiles(),
  slider(),
];
