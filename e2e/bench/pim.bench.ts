import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright';
import { CROSSBAR_DEFAULTS } from '../../engines/pim/crossbar/schema.ts';
import { slice as definition } from '../../engines/pim/slice.ts';
import type { PimSlice } from '../../engines/pim/types.ts';
import type { Host } from '../../workers/host-face.ts';
import { createNodeHost } from '../../workers/node-host.ts';
import { type Bench, percentile } from './harness.ts';
import { addressOfPim, framesOf, middleOf, peakMemory, pressCompile, STATUS } from './pim-visit.ts';
import { command, newVisitor, type Visitor } from './visitor.ts';

/** The crossbar lab on the screen: compiling, moving about on the chip and in the schedule, the single crossbar. */

type Choices = Partial<PimSlice>;

/** Nothing but an energy is other than in the default chip: each run compiles a design that no kept result answers. */
function chipOf(milliwatts: number): Choices {
  return { hardware: { base: 'pimcomp-default', energy: { staticMwPerChip: milliwatts } } };
}

/** The command line's own worker: the same engine, built as for the page. */
async function inNode(host: Host, choices: Choices): Promise<number> {
  const from = performance.now();
  const result = await host.run('pim/compile', { ...definition.defaults, ...choices });
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return performance.now() - from;
}

async function open(choices: Choices, view: string, live = false): Promise<Visitor> {
  const visitor = await newVisitor();
  await visitor.page.goto(await addressOfPim(choices, view, live));
  await visitor.page.getByRole('button', { name: /^Compile/ }).waitFor({ timeout: 60_000 });
  // What opening the lab leaves to be done is no part of a run.
  await visitor.page.waitForTimeout(2000);
  return visitor;
}

let drawn = 1000;

/** Another static power, typed into the panel of the chip. */
async function changeChip(page: Page): Promise<void> {
  const field = page.getByLabel('Static, a chip', { exact: true });
  await field.fill(String(++drawn));
  await field.press('Enter');
  await page.locator(STATUS, { hasText: 'The design has changed' }).waitFor({ timeout: 60_000 });
}

function warm(choices: Choices, what: string, limit?: number): Bench {
  let visitor: Visitor;
  let node: Host;
  return {
    name: `pim: ${what}, from Compile to figures`,
    limit,
    async prepare() {
      node = createNodeHost(pathToFileURL(`${dirname(command)}/`));
      visitor = await open({ ...choices, ...chipOf(drawn) }, 'chip');
      await pressCompile(visitor.page);
      for (let i = 0; i < 2; i++) {
        await changeChip(visitor.page);
        await pressCompile(visitor.page);
        await inNode(node, { ...choices, ...chipOf(++drawn) });
      }
    },
    async run() {
      await changeChip(visitor.page);
      return pressCompile(visitor.page);
    },
    baseline: { name: 'the engine in Node', run: () => inNode(node, { ...choices, ...chipOf(++drawn) }) },
    async finish() {
      node.dispose();
      await visitor.leave();
    },
  };
}

/** The same in a browser that was never here, its scripts not yet compiled. */
function first(choices: Choices, what: string, limit?: number): Bench {
  return {
    name: `pim: ${what}, from the first Compile of a visit to figures`,
    limit,
    async run() {
      const visitor = await open(choices, 'chip');
      try {
        return await pressCompile(visitor.page);
      } finally {
        await visitor.leave();
      }
    },
  };
}

function memory(choices: Choices, what: string, limit?: number): Bench {
  return {
    name: `pim: ${what}, most memory of the page and its workers`,
    unit: 'MB',
    runs: 3,
    limit,
    async run() {
      const visitor = await open({ ...choices, ...chipOf(++drawn) }, 'chip');
      try {
        return await peakMemory(visitor, async () => {
          await pressCompile(visitor.page);
          await changeChip(visitor.page);
          await pressCompile(visitor.page);
        });
      } finally {
        await visitor.leave();
      }
    },
  };
}

/** A view of the compiled design, ready to be moved about in. */
async function openCompiled(choices: Choices, view: string, canvas: string): Promise<Visitor> {
  const visitor = await open(choices, view);
  await pressCompile(visitor.page);
  await visitor.page.locator(canvas).waitFor({ timeout: 120_000 });
  await visitor.page.waitForTimeout(1000);
  return visitor;
}

async function drag(page: Page, { x, y }: { x: number; y: number }, steps: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= steps; i++) await page.mouse.move(x + 60 * Math.sin(i / 4), y + 40 * Math.sin(i / 3));
  await page.mouse.up();
}

const CHIP = '.pim-canvas';

function chip(how: string, move: (page: Page) => Promise<void>): Bench {
  let visitor: Visitor;
  return {
    name: `pim: script time of a frame (95th percentile), chip of 9,216 crossbars, ${how}`,
    limit: 8,
    async prepare() {
      visitor = await openCompiled({}, 'chip', CHIP);
      await move(visitor.page);
    },
    run: () => framesOf(visitor.page, 'chip-frame', () => move(visitor.page)),
    finish: () => visitor.leave(),
  };
}

async function pointAbout(page: Page): Promise<void> {
  const { x, y, w, h } = await middleOf(page, CHIP);
  for (let i = 0; i < 150; i++)
    await page.mouse.move(x + 0.8 * w * Math.sin(i / 11), y + 0.8 * h * Math.sin(i / 7), { steps: 1 });
}

async function moveAbout(page: Page): Promise<void> {
  const middle = await middleOf(page, CHIP);
  await drag(page, middle, 40);
  for (let i = 0; i < 30; i++) await page.mouse.wheel(0, -120);
  await drag(page, middle, 40);
  for (let i = 0; i < 40; i++) await page.mouse.wheel(0, 120);
  await drag(page, middle, 40);
  await page.getByRole('button', { name: 'Show the whole chip' }).click();
}

const GANTT = '.gantt-canvas';

/** From the whole run to single instructions and back, with a drag at each end. */
async function zoomGantt(page: Page): Promise<void> {
  const middle = await middleOf(page, GANTT);
  await drag(page, middle, 30);
  for (let i = 0; i < 60; i++) await page.mouse.wheel(0, -100);
  await drag(page, middle, 30);
  for (let i = 0; i < 80; i++) await page.mouse.wheel(0, 100);
}

function gantt(model: string): Bench {
  let visitor: Visitor;
  return {
    name: `pim: script time of a frame (95th percentile), schedule of ${model}, zoomed to an instruction and back`,
    limit: 8,
    async prepare() {
      visitor = await openCompiled({ model }, 'schedule', GANTT);
      await zoomGantt(visitor.page);
    },
    run: () => framesOf(visitor.page, 'gantt-frame', () => zoomGantt(visitor.page)),
    finish: () => visitor.leave(),
  };
}

const MOVES = 20;

/** Milliseconds from each of some moves of a slider to the frame with the figures that it makes: 95th percentile. */
async function slide(page: Page, label: string): Promise<number> {
  const slider = page.getByRole('slider', { name: label });
  await slider.focus();
  const times: number[] = [];
  for (let i = 0; i < MOVES; i++) {
    await slider.evaluate((element) => {
      const painted = new Promise<number>((done) => {
        let from = 0;
        let busy = false;
        element.addEventListener('input', () => (from = performance.now()), { once: true, capture: true });
        // Figures are pale until those of the last move are there, be they the same or others.
        const watch = new MutationObserver(() => {
          const isBusy = document.querySelector('.xbar-figures [aria-busy]') !== null;
          if (busy && !isBusy) {
            watch.disconnect();
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));
          }
          busy ||= isBusy;
        });
        watch.observe(document.body, { subtree: true, childList: true, attributes: true });
      });
      Object.assign(globalThis, { painted });
    });
    await slider.press(i % 10 < 5 ? 'ArrowRight' : 'ArrowLeft');
    times.push(await page.evaluate(() => (globalThis as unknown as { painted: Promise<number> }).painted));
  }
  return percentile(times, 0.95);
}

function crossbar(): Bench {
  let visitor: Visitor;
  return {
    name: `pim: single crossbar of 16 x 16 with every fault, from a slider's move to its figures (95th percentile)`,
    limit: 100,
    async prepare() {
      const faults = { variationPercent: 10, readNoisePercent: 2, wireOhm: 2, driftExponent: 0.05, driftSeconds: 3600 };
      visitor = await newVisitor();
      const crossbar = { ...CROSSBAR_DEFAULTS, rows: 16, columns: 16, ...faults };
      await visitor.page.goto(await addressOfPim({ crossbar }, 'crossbar', false));
      await visitor.page.locator('.xbar-figures [data-figure=rmsError]').waitFor({ timeout: 60_000 });
      await visitor.page.waitForTimeout(2000);
      await slide(visitor.page, 'Variation');
    },
    run: () => slide(visitor.page, 'Variation'),
    finish: () => visitor.leave(),
  };
}

const MEMORY_MB = 600;
const REFERENCE = { evaluator: 'reference' } as const;

export const benches: Bench[] = [
  warm({ ...REFERENCE, model: 'resnet18' }, 'resnet18 by the reference', 1500),
  warm({ ...REFERENCE, model: 'resnet50' }, 'resnet50 by the reference', 4000),
  warm({ ...REFERENCE, model: 'resnet18', mode: 'latency' }, 'resnet18 by the reference, latency', 1500),
  warm({ ...REFERENCE, model: 'resnet50', mode: 'latency' }, 'resnet50 by the reference, latency', 4000),
  first({ ...REFERENCE, model: 'resnet18' }, 'resnet18 by the reference', 1500),
  memory({ ...REFERENCE, model: 'resnet18' }, 'resnet18 by the reference', MEMORY_MB),
  memory({ ...REFERENCE, model: 'resnet50' }, 'resnet50 by the reference', MEMORY_MB),
  memory({ ...REFERENCE, model: 'resnet50', mode: 'latency' }, 'resnet50 by the reference, latency', MEMORY_MB),
  memory({ model: 'mobilenet-v2' }, 'mobilenet-v2 by the own clock, for information'),
  chip('pointing', pointAbout),
  chip('dragged and zoomed', moveAbout),
  gantt('resnet18'),
  crossbar(),
];
