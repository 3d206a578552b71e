import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { HostCore, type HostSettings } from './host-core.ts';
import type { Host } from './host-face.ts';
import type { Platform, WorkerEvents } from './worker-client.ts';

const SUFFIX = '.worker.js';

/**
 * A host over worker_threads. `folder` holds the built workers: `rtl.worker.js` serves the engine 'rtl'; it is the `cli`
 * folder of `build/`, beside which `public/` is. Unlike a page it runs batch jobs on all cores.
 */
export function createNodeHost(folder: URL, settings: Partial<HostSettings> = {}): Host {
  const cores = availableParallelism();
  const engineIds = engineIdsIn(folder);
  const platform: Platform = {
    engineIds: () => engineIds,
    isolated: true,
    cores,
    countsFiles: false,
    async spawn(engineId: string, events: WorkerEvents) {
      const worker = new Worker(new URL(`${engineId}${SUFFIX}`, folder), {
        name: engineId,
        workerData: { publicFolder: new URL('../../public/', folder).href },
      });
      worker.on('error', (error: Error & { code?: string }) => {
        if (error.code?.endsWith('MODULE_NOT_FOUND')) events.missing();
        else events.crashed(error.message);
      });
      worker.on('messageerror', () => events.crashed('a message could not be read'));
      worker.on('exit', (code) => events.crashed(`it exited with code ${code}`));
      return { endpoint: nodeEndpoint(worker), terminate: () => void worker.terminate() };
    },
  };
  return new HostCore(platform, { batchRuns: cores, ...settings });
}

function engineIdsIn(folder: URL): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => name.slice(0, -SUFFIX.length));
  } catch {
    return [];
  }
}
