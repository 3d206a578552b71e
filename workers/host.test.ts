import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Defect, Host, RunProgress } from './host-face.ts';
import { createNodeHost } from './node-host.ts';

/*
 * The whole path over real worker_threads: host, protocol, serve-engine and a toy engine. Only where workers come from
 * differs from a page.
 */

let folder: string;
let host: Host;
let defects: Defect[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossbar-host-'));
  const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.worker.ts`, import.meta.url));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      rolldownOptions: {
        input: { 'toy.worker': fixture('toy'), 'broken.worker': fixture('broken') },
        output: { entryFileNames: '[name].js' },
      },
    },
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  host = createNodeHost(pathToFileURL(`${folder}/`), { batchRuns: 2 });
  defects = [];
  host.onDefect((defect) => defects.push(defect));
});

afterEach(() => host.dispose());

const engineStatus = () => host.status().engines.find(({ id }) => id === 'toy')!;
const codesOf = (result: { ok: boolean; problems?: { code: string }[] }) => result.problems?.map(({ code }) => code);
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('running', () => {
  it('starts nothing before the first run, then answers with the result and the seed', async () => {
    expect(host.status().engines).toEqual([]);
    expect(await host.run('toy/double', 21, { seed: 5 })).toEqual({ ok: true, value: { value: 42, seed: 5 } });
    expect(engineStatus()).toMatchObject({ version: '7', load: { ready: true } });
  });

  it('passes expected failures through', async () => {
    const result = await host.run('toy/refuse', 'moon');
    expect(result).toMatchObject({ ok: false, problems: [{ code: 'refused', where: { path: 'slices.toy' } }] });
  });

  it('names what it does not know', async () => {
    expect(codesOf(await host.run('nosuch/run', {}))).toEqual(['unknown-entry']);
    expect(codesOf(await host.run('toy/nosuch', {}))).toEqual(['unknown-entry']);
    expect(codesOf(await host.run('toy/constructor', {}))).toEqual(['unknown-entry']);
    expect(defects).toEqual([]);
  });

  it('delivers every log line in order, few progress reports, and the last partial before the result', async () => {
    const progress: RunProgress[] = [];
    const lines: string[] = [];
    let doneAfter = -1;
    await host
      .run(
        'toy/report',
        { count: 5001 },
        { onProgress: (report) => progress.push(report), onLog: (line) => lines.push(line) },
      )
      .then(() => {
        doneAfter = progress.length;
      });
    expect(lines).toEqual(Array.from({ length: 5001 }, (_, at) => `line ${at}`));
    expect(progress.length).toBeLessThan(100);
    expect(progress.at(-1)).toEqual({ fraction: 5000 / 5001, what: 'step 5000', partial: 5000 });
    expect(doneAfter).toBe(progress.length);
  });

  it('sends what an engine reports just before it blocks its thread', async () => {
    const stop = new AbortController();
    const partial = await new Promise((resolve) => {
      host
        .run('toy/block', {}, { signal: stop.signal, onProgress: (report) => resolve(report.partial) })
        .catch(() => {});
    });
    expect(partial).toBe('first form');
    stop.abort();
  });

  it('hands large buffers over and gives blobs to the engine', async () => {
    const result = await host.run<{ pixels: Uint8Array }>('toy/buffer', { bytes: 1_000_000 });
    expect(result.ok && result.value.pixels.at(-1)).toBe(7);
    const blob = async (sha256: string) => (sha256 === 'known' ? new Uint8Array(12) : undefined);
    expect(await host.run('toy/blobLength', { sha256: 'known' }, { blob })).toEqual({ ok: true, value: 12 });
    expect(await host.run('toy/blobLength', { sha256: 'other' }, { blob })).toEqual({ ok: true, value: -1 });
    expect(await host.run('toy/blobLength', { sha256: 'known' })).toEqual({ ok: true, value: -1 });
  });

  it('keeps one status object until something changes, and tells listeners', async () => {
    let changes = 0;
    const stop = host.subscribe(() => {
      changes += 1;
    });
    await host.run('toy/double', 1);
    await until(() => engineStatus().workers === 2 && engineStatus().load!.ready);
    expect(changes).toBeGreaterThan(0);
    expect(host.status()).toBe(host.status());
    const before = changes;
    stop();
    await host.run('toy/double', 1);
    expect(changes).toBe(before);
  });
});

describe('pools', () => {
  it('keeps one worker and a warm spare, never more, however many runs there are', async () => {
    let most = 0;
    host.subscribe(() => {
      most = Math.max(most, engineStatus().workers);
    });
    const results = await Promise.all(Array.from({ length: 12 }, (_, at) => host.run('toy/double', at)));
    expect(results.map((result) => result.ok && result.value)).toEqual(
      Array.from({ length: 12 }, (_, at) => ({ value: 2 * at, seed: 1 })),
    );
    expect(most).toBe(2);
    await until(() => engineStatus().workers === 2 && engineStatus().busy === 0);
  });

  it('maps in the order of the specs, whatever finishes first, and ends the extra workers', async () => {
    const values = [5, 3, 9, 1, 7];
    const result = await host.run('toy/mapDouble', values, { seed: 3 });
    expect(result).toEqual({
      ok: true,
      value: values.map((value) => ({ ok: true, value: { value: 2 * value, seed: 3 } })),
    });
    const waits = await host.map('toy/wait', [{ ms: 60 }, { ms: 10 }, { ms: 30 }]);
    expect(waits).toEqual(Array.from({ length: 3 }, () => ({ ok: true, value: 'waited' })));
    await until(() => engineStatus().busy === 0);
    expect(engineStatus().workers).toBe(2);
  });

  it('does not lock up when every worker waits for a call of its own', async () => {
    expect(await host.run('toy/tree', { depth: 4 })).toEqual({ ok: true, value: 16 });
    expect(await host.map('toy/tree', [{ depth: 2 }, { depth: 2 }, { depth: 2 }])).toEqual(
      Array.from({ length: 3 }, () => ({ ok: true, value: 4 })),
    );
  });

  it('ends a worker that grew too large, after its run', async () => {
    host.dispose();
    host = createNodeHost(pathToFileURL(`${folder}/`), { maxMemoryBytes: 100 * 65536, interactiveWorkers: 1 });
    await host.run('toy/double', 1);
    expect(await host.run('toy/grow', { pages: 40 })).toEqual({ ok: true, value: 'grown' });
    expect(await host.run('toy/calls', {})).toEqual({ ok: true, value: 1 });
    expect(await host.run('toy/grow', { pages: 80 })).toEqual({ ok: true, value: 'grown' });
    expect(await host.run('toy/calls', {})).toEqual({ ok: true, value: 0 });
  });
});

describe('ending runs', () => {
  it('rejects a cancelled run at once and keeps a worker that listens', async () => {
    await host.run('toy/double', 1);
    const stop = new AbortController();
    const run = host.run('toy/wait', { ms: 60_000 }, { signal: stop.signal });
    await until(() => engineStatus().busy === 1);
    stop.abort();
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    await until(() => engineStatus().busy === 0);
    expect(defects).toEqual([]);
  });

  it('ends a worker that does not listen, and runs on', async () => {
    const stop = new AbortController();
    const run = host.run('toy/block', {}, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(await host.run('toy/double', 4)).toMatchObject({ ok: true, value: { value: 8 } });
    await until(() => engineStatus().busy === 0);
    expect(defects).toEqual([]);
  });

  it('rejects a run that was still waiting for a worker, and one whose signal is already aborted', async () => {
    const stop = new AbortController();
    const blocked = [1, 2, 3].map(() => host.run('toy/block', {}, { signal: stop.signal }));
    const settled = Promise.allSettled(blocked);
    await until(() => engineStatus().busy === 2);
    stop.abort();
    for (const { status } of await settled) expect(status).toBe('rejected');
    await expect(host.run('toy/double', 1, { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('ends what a cancelled run had called', async () => {
    const stop = new AbortController();
    const run = host.run('toy/mapWait', [60_000, 60_000, 60_000], { signal: stop.signal });
    await until(() => (host.status().engines[0]?.busy ?? 0) >= 3);
    stop.abort();
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    await until(() => engineStatus().busy === 0);
    expect(engineStatus().workers).toBeLessThanOrEqual(2);
  });

  it('answers timed-out past a limit, for runs and for calls of engines', async () => {
    expect(codesOf(await host.run('toy/block', {}, { timeoutMs: 30 }))).toEqual(['timed-out']);
    expect(codesOf(await host.run('toy/callBlock', { timeoutMs: 30 }))).toEqual(['timed-out']);
    expect(await host.run('toy/callDouble', 2)).toMatchObject({ ok: true, value: { value: 4 } });
  });

  it('rejects everything on dispose and starts anew on the next run', async () => {
    const run = host.run('toy/block', {});
    await until(() => engineStatus().busy === 1);
    host.dispose();
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(engineStatus().workers).toBe(0);
    expect(await host.run('toy/double', 1)).toMatchObject({ ok: true });
  });
});

describe('faults', () => {
  it('reports an exception of an entry as a defect, with its message, and runs on in a new worker', async () => {
    await host.run('toy/double', 1);
    const result = await host.run('toy/throw', {});
    expect(codesOf(result)).toEqual(['defect']);
    expect(!result.ok && result.problems[0]!.what).toContain('TypeError: nothing there');
    expect(defects).toMatchObject([{ engine: 'toy', entry: 'toy/throw', message: 'TypeError: nothing there' }]);
    expect(defects[0]!.stack).toContain('toy');
    expect(await host.run('toy/double', 1)).toMatchObject({ ok: true });
  });

  it('reports a trap of WebAssembly and an exception outside of calls as a crash', async () => {
    for (const [entry, message] of [
      ['toy/trap', 'unreachable'],
      ['toy/crash', 'pulled the rug'],
    ] as const) {
      const result = await host.run(entry, {});
      expect(codesOf(result)).toEqual(['worker-crashed']);
      expect(!result.ok && result.problems[0]!.what).toContain(message);
      expect(!result.ok && result.problems[0]!.what).toContain('new worker');
      expect(engineStatus().workers).toBeGreaterThan(0);
      expect(await host.run('toy/double', 3)).toMatchObject({ ok: true, value: { value: 6 } });
    }
    expect(defects.map(({ entry }) => entry)).toEqual(['toy/trap', 'toy/crash']);
  });

  it('reports a promise that nobody awaited, and lets the run go on', async () => {
    expect(await host.run('toy/stray', {})).toEqual({ ok: true, value: 'done' });
    expect(defects).toMatchObject([{ engine: 'toy', message: 'Error: nobody awaits me' }]);
  });

  it('reports specs and results that cannot be sent', async () => {
    expect(codesOf(await host.run('toy/double', () => 1))).toEqual(['defect']);
    expect(codesOf(await host.run('toy/unclonable', {}))).toEqual(['defect']);
  });

  it('says so when a worker script is missing, and tries again on the next run', async () => {
    const script = join(folder, 'toy.worker.js');
    renameSync(script, `${script}.away`);
    const missing = await host.run('toy/double', 1);
    renameSync(`${script}.away`, script);
    expect(codesOf(missing)).toEqual(['worker-missing']);
    expect(!missing.ok && missing.problems[0]!.remedy).toContain('npm run prepare');
    expect(engineStatus().workers).toBe(0);
    expect(await host.run('toy/double', 1)).toMatchObject({ ok: true });
  });

  it('says so when the files of an engine do not load', async () => {
    const result = await host.run('broken/run', {});
    expect(codesOf(result)).toEqual(['engine-load-failed']);
    expect(!result.ok && result.problems[0]!.what).toContain('yosys.core.wasm answered 404');
    expect(codesOf(await host.warm('broken'))).toEqual(['engine-load-failed']);
    expect(await host.warm('toy')).toEqual({ ok: true, value: { id: 'toy', version: '7' } });
  });
});
