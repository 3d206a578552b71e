import { HostCore } from './host-core.ts';
import type { Host } from './host-face.ts';
import type { Platform, WorkerEvents } from './worker-client.ts';

export type * from './host-face.ts';

type WorkerClass = new (options?: { name?: string }) => Worker;

/** One line a worker: './rtl.worker.ts' serves the engine 'rtl'. */
const scripts = import.meta.glob<WorkerClass>('./*.worker.ts', { query: '?worker', import: 'default' });

const idOf = (path: string) => path.slice('./'.length, -'.worker.ts'.length);
const loaders = new Map(Object.entries(scripts).map(([path, load]) => [idOf(path), load]));

/** Web Workers, started through Vite's `?worker`. */
const browser: Platform = {
  engineIds: () => [...loaders.keys()],
  isolated: globalThis.crossOriginIsolated === true,
  cores: globalThis.navigator?.hardwareConcurrency ?? 2,
  countsFiles: true,
  async spawn(engineId: string, events: WorkerEvents) {
    const WorkerScript = await loaders.get(engineId)!();
    const worker = new WorkerScript({ name: engineId });
    worker.addEventListener('error', (event: ErrorEvent | Event) => {
      event.preventDefault();
      // A script that cannot be fetched (missing, refused, wrong type) gives an event without a message.
      const message = event instanceof ErrorEvent ? event.message : '';
      if (message) events.crashed(message);
      else events.missing();
    });
    worker.addEventListener('messageerror', () => events.crashed('A message could not be read.'));
    return { endpoint: worker, terminate: () => worker.terminate() };
  },
};

/** The page's host. Nothing starts before the first run or `warm`. */
export const host: Host = new HostCore(browser);
