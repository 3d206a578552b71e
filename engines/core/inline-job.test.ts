import { describe, expect, it } from 'vitest';
import { abortError, breathe, checkAborted, isAbortError } from './abort.ts';
import { inlineJob } from './inline-job.ts';
import type { Engine } from './job.ts';
import { ok } from './result.ts';

const toy: Engine = {
  id: 'toy',
  version: '1',
  entries: {
    double: async (spec: number, job) => {
      job.log(`double ${spec}`);
      return ok(spec * 2);
    },
    twice: async (spec: number, job) => job.call('toy/double', spec * 2),
    seed: async (_spec, job) => ok(job.seed),
    endless: async (_spec, job) => {
      for (;;) await breathe(job.signal);
    },
    broken: async () => {
      throw new TypeError('a defect');
    },
  },
};
const engines = { toy };

describe('inlineJob', () => {
  it('runs entries that call entries, and maps in the order of the specs', async () => {
    const log: string[] = [];
    const job = inlineJob({ engines, seed: 5, onLog: (line) => log.push(line) });
    expect(await job.call('toy/twice', 3)).toEqual(ok(12));
    expect(await job.map('toy/double', [3, 1, 2])).toEqual([ok(6), ok(2), ok(4)]);
    expect(await job.call('toy/seed', null)).toEqual(ok(5));
    expect(log).toEqual(['double 6', 'double 3', 'double 1', 'double 2']);
  });

  it('answers an unknown entry with a problem that names the known ones', async () => {
    const job = inlineJob({ engines });
    for (const name of ['toy/none', 'none/double', 'toy/toString'] as const) {
      const result = await job.call(name, 1);
      expect(result.ok ? undefined : result.problems[0]).toMatchObject({
        code: 'unknown-entry',
        remedy: expect.stringContaining('toy/double'),
      });
    }
  });

  it('ends an entry at its limit, and lets a cancellation and a defect through', async () => {
    const timedOut = await inlineJob({ engines }).call('toy/endless', null, { timeoutMs: 5 });
    expect(timedOut.ok ? undefined : timedOut.problems[0]?.code).toBe('timed-out');
    const controller = new AbortController();
    const running = inlineJob({ engines, signal: controller.signal }).call('toy/endless', null, { timeoutMs: 60_000 });
    controller.abort(abortError());
    await expect(running).rejects.toSatisfy(isAbortError);
    await expect(inlineJob({ engines }).call('toy/broken', null)).rejects.toThrow('a defect');
  });

  it('gives blobs by hash, and progress to who asked', async () => {
    const seen: unknown[] = [];
    const job = inlineJob({ blobs: { ab: Uint8Array.of(1) }, onProgress: (...args) => seen.push(args) });
    expect(await job.blob('ab')).toEqual(Uint8Array.of(1));
    expect(await job.blob('toString')).toBeUndefined();
    job.progress(0.5, 'half');
    expect(seen).toEqual([[0.5, 'half', undefined]]);
  });
});

describe('checkAborted', () => {
  it('throws an AbortError and nothing else, whatever the reason given', () => {
    const controller = new AbortController();
    expect(() => checkAborted(controller.signal)).not.toThrow();
    controller.abort('enough');
    expect(() => checkAborted(controller.signal)).toThrow(expect.toSatisfy(isAbortError));
  });
});
