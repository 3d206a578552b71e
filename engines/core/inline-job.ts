import { abortError, checkAborted } from './abort.ts';
import { byteSource } from './byte-source.ts';
import type { CallOptions, Engine, Entry, EntryName, Job } from './job.ts';
import { error, fail, type Result } from './result.ts';

export interface InlineJobOptions {
  /** By id; `call` and `map` find their entries here. */
  engines?: Record<string, Engine>;
  seed?: number;
  signal?: AbortSignal;
  /** By SHA-256 in hex. */
  blobs?: Record<string, Uint8Array>;
  /** Files of `public/`, by path; unit tests read them from the disc. */
  asset?(path: string): Promise<Uint8Array>;
  onProgress?(fraction: number, what: string, partial?: unknown): void;
  onLog?(line: string): void;
}

/**
 * A job without a host: entries that the engine calls run in the same thread, one after the other. For unit tests, and for
 * whoever calls an engine in his own process.
 */
export function inlineJob(options: InlineJobOptions = {}): Job {
  const { engines = {}, blobs = {}, seed = 1, signal = new AbortController().signal } = options;

  async function call<R>(name: EntryName, spec: unknown, { timeoutMs }: CallOptions = {}): Promise<Result<R>> {
    checkAborted(signal);
    const entry = findEntry<R>(engines, name);
    if (!entry) return fail(unknownEntry(name, engines));
    if (timeoutMs === undefined) return entry(spec, inlineJob({ ...options, onProgress: undefined }));
    return callWithin(timeoutMs, entry, spec, name);
  }

  /** An entry that never looks at its signal cannot be ended here, only by a host. */
  async function callWithin<R>(
    timeoutMs: number,
    entry: Entry<unknown, R>,
    spec: unknown,
    name: EntryName,
  ): Promise<Result<R>> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(abortError()), timeoutMs);
    const either = AbortSignal.any([signal, limit.signal]);
    try {
      return await entry(spec, inlineJob({ ...options, signal: either, onProgress: undefined }));
    } catch (reason) {
      if (!limit.signal.aborted || signal.aborted) throw reason;
      const what = `"${name}" was ended because it took more than ${timeoutMs} ms.`;
      return fail(error('timed-out', what, 'Make the design smaller, or allow more time.'));
    } finally {
      clearTimeout(timer);
    }
  }

  async function map<R>(name: EntryName, specs: readonly unknown[], callOptions?: CallOptions): Promise<Result<R>[]> {
    const results: Result<R>[] = [];
    for (const spec of specs) results.push(await call<R>(name, spec, callOptions));
    return results;
  }

  return {
    signal,
    seed,
    progress: (fraction, what, partial) => options.onProgress?.(fraction, what, partial),
    log: (line) => options.onLog?.(line),
    call,
    map,
    blob: async (sha256) => (Object.hasOwn(blobs, sha256) ? blobs[sha256] : undefined),
    source: async (sha256) => (Object.hasOwn(blobs, sha256) ? byteSource(blobs[sha256]!) : undefined),
    asset: async (path) => {
      if (!options.asset) throw new Error(`This job has no files of its own, and so no "${path}".`);
      return options.asset(path);
    },
  };
}

function findEntry<R>(engines: Record<string, Engine>, name: EntryName): Entry<unknown, R> | undefined {
  const [id = '', entry = ''] = name.split('/');
  const entries = Object.hasOwn(engines, id) ? engines[id]!.entries : {};
  return Object.hasOwn(entries, entry) ? (entries[entry] as Entry<unknown, R>) : undefined;
}

function unknownEntry(name: EntryName, engines: Record<string, Engine>) {
  const known = Object.entries(engines).flatMap(([id, engine]) =>
    Object.keys(engine.entries).map((it) => `${id}/${it}`),
  );
  const remedy = known.length > 0 ? `There are: ${known.join(', ')}.` : 'No engine is there.';
  return error('unknown-entry', `There is no entry "${name}".`, remedy);
}
