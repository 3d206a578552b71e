import * as Comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { abortError } from '../engines/core/abort.ts';
import { byteSource } from '../engines/core/byte-source.ts';
import type { Engine, Job } from '../engines/core/job.ts';
import { type Asset, fetchAssets } from './assets.ts';
import type { HostFace, LoadOutcome, RunOutcome, RunRequest, WorkerFace } from './protocol.ts';
import { publicFile } from './public-file.ts';
import { batchLines, throttleProgress } from './throttle.ts';
import { transferList } from './transfer.ts';
import { watchWasmMemory } from './wasm-memory.ts';

export interface ServeOptions {
  /** The engine's own large files, fetched with progress into the HTTP cache before `engine.warm`. Browser only. */
  assets?: () => Promise<Asset[]>;
}

/** Exposes an engine to the host that started this worker: a Web Worker, or one of Node's worker_threads. */
export function serve(engine: Engine, options: ServeOptions = {}): void {
  serveOn(workerEndpoint(), engine, options, watchWasmMemory());
}

/** Exposes an engine on any endpoint. `wasmBytes` gives the WASM memory held now. */
function serveOn(
  endpoint: Comlink.Endpoint,
  engine: Engine,
  options: ServeOptions = {},
  wasmBytes: () => number = () => 0,
): void {
  const host = Comlink.wrap<HostFace>(endpoint);
  const running = new Map<number, AbortController>();

  async function load(countFiles: boolean): Promise<LoadOutcome> {
    try {
      if (countFiles && options.assets) {
        await fetchAssets(await options.assets(), (loaded, total) => void host.loaded(loaded, total));
      }
      await engine.warm?.();
      return { ok: true };
    } catch (error) {
      return { ok: false, message: messageOf(error) };
    }
  }

  async function run({ run, entry, spec, seed }: RunRequest): Promise<RunOutcome> {
    const call = Object.hasOwn(engine.entries, entry) ? engine.entries[entry] : undefined;
    if (!call) return { kind: 'unknown-entry' };
    const controller = new AbortController();
    running.set(run, controller);
    let peakBytes = 0;
    const measure = () => {
      peakBytes = Math.max(peakBytes, wasmBytes());
      return peakBytes;
    };
    const progress = throttleProgress(
      ({ fraction, what, partial }) => void host.progress(run, fraction, what, partial),
    );
    const log = batchLines((lines) => {
      measure();
      void host.log(run, lines);
    });
    const job: Job = {
      signal: controller.signal,
      seed,
      progress(fraction, what, partial) {
        measure();
        if (running.has(run)) progress.report({ fraction: Math.min(1, Math.max(0, fraction)), what, partial });
      },
      log: (line) => running.has(run) && log.add(line),
      call: (name, childSpec, callOptions) => host.call(run, name, childSpec, callOptions) as never,
      map: (name, specs, callOptions) => host.map(run, name, specs, callOptions) as never,
      blob: async (sha256) => {
        const content = await host.blob(run, sha256);
        return content instanceof Blob ? new Uint8Array(await content.arrayBuffer()) : content;
      },
      source: async (sha256) => {
        const content = await host.blob(run, sha256);
        return content && byteSource(content);
      },
      asset: publicFile,
    };
    try {
      const result = await call(spec, job);
      progress.flush();
      log.flush();
      const outcome: RunOutcome = { kind: 'done', result, memoryBytes: measure() };
      return Comlink.transfer(outcome, transferList(result));
    } catch (error) {
      log.flush();
      if (controller.signal.aborted) return { kind: 'aborted', memoryBytes: measure() };
      const trap = error instanceof WebAssembly.RuntimeError || isOutOfMemory(error);
      return {
        kind: 'threw',
        message: messageOf(error),
        stack: error instanceof Error ? error.stack : undefined,
        trap,
      };
    } finally {
      running.delete(run);
    }
  }

  function cancel(run: number): void {
    running.get(run)?.abort(abortError());
  }

  Comlink.expose({ load, run, cancel } satisfies WorkerFace, endpoint);
  onStrayRejection((reason) => void host.fault(messageOf(reason), reason instanceof Error ? reason.stack : undefined));
  void host.hello({
    id: engine.id,
    version: engine.version,
    entries: Object.keys(engine.entries),
    loads: engine.warm !== undefined,
  });
}

function workerEndpoint(): Comlink.Endpoint {
  if (!inNode()) return globalThis as unknown as Comlink.Endpoint;
  // Asked for this way, bundlers for the browser do not see the module.
  const port = process.getBuiltinModule('node:worker_threads').parentPort;
  if (!port) throw new Error('An engine can only be served inside a worker.');
  return nodeEndpoint(port);
}

/** A promise that nobody awaited: belongs to no run and must not end the worker. */
function onStrayRejection(report: (reason: unknown) => void): void {
  if (inNode()) {
    process.on('unhandledRejection', report);
  } else {
    globalThis.addEventListener('unhandledrejection', (event) => {
      event.preventDefault();
      report(event.reason);
    });
  }
}

function inNode(): boolean {
  return !('WorkerGlobalScope' in globalThis);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** "RangeError: WebAssembly.Memory(): could not allocate memory", "Array buffer allocation failed" and their like. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /memory|allocation/i.test(error.message);
}
