import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { createRegistry, encodeLink, newDocument } from '../../engines/document/index.ts';
import { slice as definition } from '../../engines/pim/slice.ts';
import type { PimSlice } from '../../engines/pim/types.ts';
import { percentile } from './harness.ts';
import { studioUrl, type Visitor } from './visitor.ts';

/** Address of the crossbar lab with these choices. `live`: whether it compiles by itself after each edit. */
export async function addressOfPim(choices: Partial<PimSlice>, view: string, live: boolean): Promise<string> {
  const registry = createRegistry();
  registry.register(definition);
  const slice = { ...definition.defaults, ...choices };
  const document = { ...newDocument('pim', slice, { title: 'Bench' }), view: { 'pim.live': live, 'pim.view': view } };
  return (await studioUrl()) + (await encodeLink(document, registry, undefined, { view: true }));
}

export const STATUS = '.foot-slot [role=status]';

/** Milliseconds from the press of Compile until the figures of the design on the screen are painted. */
export async function pressCompile(page: Page): Promise<number> {
  return page.evaluate(
    (status) =>
      new Promise<number>((done, failed) => {
        const button = [...document.querySelectorAll('button')].find(({ innerText }) =>
          innerText.startsWith('Compile'),
        );
        if (!button) return failed(new Error('There is no button that compiles.'));
        const from = performance.now();
        const watch = new MutationObserver(() => {
          const text = document.querySelector(status)?.textContent ?? '';
          if (text.startsWith('Not compiled')) failed(new Error(text));
          const figure = document.querySelector('.results:not(.results-stale) [data-figure=timeNs]');
          if (!text.startsWith('Compiled in') || !figure) return;
          watch.disconnect();
          // The frame that shows them, and its end.
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));
        });
        watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        button.click();
      }),
    STATUS,
  );
}

/** Script times of the frames that `move` leads to, as the view itself measures them: their 95th percentile. */
export async function framesOf(page: Page, measure: string, move: () => Promise<void>): Promise<number> {
  await page.evaluate((name) => performance.clearMeasures(name), measure);
  await move();
  const frames = await page.evaluate(
    (name) => performance.getEntriesByName(name).map(({ duration }) => duration),
    measure,
  );
  if (frames.length < 50) throw new Error(`Only ${frames.length} frames were drawn.`);
  return percentile(frames, 0.95);
}

/** The middle of what a selector finds, and half its sizes. */
export async function middleOf(page: Page, selector: string): Promise<{ x: number; y: number; w: number; h: number }> {
  const box = await page.locator(selector).first().boundingBox();
  if (!box) throw new Error(`There is no ${selector}.`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, w: box.width / 2, h: box.height / 2 };
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ts: number;
  /** Microseconds that the thread ran, waiting for a processor left out. */
  tdur?: number;
}

/**
 * Tasks of the page's own thread that ran for more than 50 ms while `work` went on: by the time the thread ran, so that a
 * processor that others hold makes no task longer.
 */
export async function longTasks({ page, devtools }: Visitor, work: () => Promise<unknown>): Promise<number> {
  const events: TraceEvent[] = [];
  const keep = ({ value }: { value: unknown[] }) => events.push(...(value as TraceEvent[]));
  devtools.on('Tracing.dataCollected', keep);
  const ended = new Promise((done) => devtools.once('Tracing.tracingComplete', done));
  await devtools.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] },
    transferMode: 'ReportEvents',
  });
  await page.evaluate(() => performance.mark('work'));
  await work();
  await devtools.send('Tracing.end');
  await ended;
  devtools.off('Tracing.dataCollected', keep);
  const begin = events.find(({ name }) => name === 'work');
  const tasks = events.filter(
    ({ name, pid, tid, ts }) =>
      begin && name.endsWith('RunTask') && pid === begin.pid && tid === begin.tid && ts > begin.ts,
  );
  if (tasks.length === 0) throw new Error('The trace shows no work of the page.');
  return tasks.filter(({ tdur = 0 }) => tdur > 50_000).length;
}

/**
 * The most private memory, in MB, that the page's process held while `work` went on: the page and all its workers with
 * their heaps and arrays, read from the system (Linux) every 20 ms.
 */
export async function peakMemory({ devtools }: Visitor, work: () => Promise<unknown>): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, ...renderers().map(privateMegabytes));
  }, 20);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  if (most === 0) throw new Error('The memory of the page could not be read; this needs Linux.');
  return most;
}

/** Processes of pages under this one: of them the greatest shows the studio, others wait for pages to come. */
function renderers(): number[] {
  const parents = new Map<number, number>();
  const pages: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    parents.set(pid, Number(/^PPid:\s*(\d+)/m.exec(textOf(pid, 'status'))?.[1] ?? 0));
    if (textOf(pid, 'cmdline').includes('--type=renderer')) pages.push(pid);
  }
  const isOurs = (pid: number): boolean => pid === process.pid || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  return pages.filter(isOurs);
}

function privateMegabytes(pid: number): number {
  return Number(/^RssAnon:\s*(\d+) kB/m.exec(textOf(pid, 'status'))?.[1] ?? 0) / 1000;
}

/** Empty for a process that has ended. */
function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
