import { describe, expect, it, vi } from 'vitest';
import { fail, ok, type Result } from '../../engines/core/result.ts';
import type { Host, RunOptions } from '../../workers/host-face.ts';
import { ResultCache } from './cache.ts';
import { JobRunner, type RunnerWorld } from './runner.ts';

interface Call {
  spec: unknown;
  options: RunOptions;
  answer(result: Result<unknown>): void;
}

/** A host whose runs end when the test says so. As the real one, it rejects at once when a run is aborted; a late one does not. */
function fakeHost(version: string | undefined = '1', late = false) {
  const calls: Call[] = [];
  const engines: { id: string; version?: string; workers: number; busy: number }[] = [];
  const host: Pick<Host, 'run' | 'status'> = {
    run: <R>(_entry: string, spec: unknown, options: RunOptions = {}) =>
      new Promise<Result<R>>((resolve, reject) => {
        engines.splice(0, 1, { id: 'toy', version, workers: 1, busy: 1 });
        calls.push({ spec, options, answer: (result) => resolve(result as Result<R>) });
        if (!late) options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
      }),
    status: () => ({ engines, isolated: false }),
  };
  return { host: host as Host, calls };
}

function setUp(given: Partial<RunnerWorld> = {}, version?: string) {
  const { host, calls } = fakeHost(version);
  const world: RunnerWorld = {
    loadHost: async () => host,
    cache: new ResultCache(1e6),
    flush: () => {},
    blob: async () => undefined,
    ...given,
  };
  const runner = new JobRunner<unknown, unknown>('toy/work', world);
  const called = async (count: number) => {
    await vi.waitFor(() => expect(calls).toHaveLength(count));
    return calls[count - 1]!;
  };
  const until = (state: string) => vi.waitFor(() => expect(runner.getState().state).toBe(state));
  return { runner, calls, world, called, until };
}

describe('a job', () => {
  it('goes from running over partial results to done', async () => {
    const { runner, called, until } = setUp();
    expect(runner.getState().state).toBe('idle');
    runner.run({ n: 1 }, { seed: 5 });
    expect(runner.getState().state).toBe('running');
    const call = await called(1);
    expect(call.options.seed).toBe(5);
    call.options.onProgress?.({ fraction: 0.5, what: 'halfway', partial: 'first' });
    call.options.onProgress?.({ fraction: 0.6, what: 'further' });
    expect(runner.getState()).toMatchObject({ progress: { fraction: 0.6, what: 'further' }, partial: 'first' });
    call.options.onLog?.('a line');
    call.answer(ok('whole'));
    await until('done');
    expect(runner.getState()).toMatchObject({ result: 'whole', fresh: true, log: ['a line'] });
    expect(runner.getState().partial).toBeUndefined();
  });

  it('fails with the problems of the entry, and keeps the last good result beside them', async () => {
    const { runner, called, until } = setUp();
    runner.run(1);
    (await called(1)).answer(ok('good'));
    await until('done');
    runner.run(2);
    expect(runner.getState()).toMatchObject({ state: 'running', result: 'good', fresh: false });
    const problem = { code: 'broken', severity: 'error' as const, what: 'It is broken.' };
    (await called(2)).answer(fail(problem));
    await until('failed');
    expect(runner.getState()).toMatchObject({ problems: [problem], result: 'good', fresh: false });
    runner.run(3);
    expect(runner.getState().problems).toBeUndefined();
  });

  it('is cancelled by a newer run, of which nothing older lands', async () => {
    const { runner, called, until } = setUp();
    runner.run('old');
    const old = await called(1);
    runner.run('new');
    expect(old.options.signal?.aborted).toBe(true);
    const current = await called(2);
    old.options.onProgress?.({ fraction: 0.9, what: 'stale', partial: 'stale' });
    old.options.onLog?.('stale');
    old.answer(ok('stale'));
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(runner.getState()).toMatchObject({ state: 'running', log: [] });
    expect(runner.getState().partial).toBeUndefined();
    current.answer(ok('new'));
    await until('done');
    expect(runner.getState().result).toBe('new');
  });

  it('is not ended by an answer that was on its way when it began', async () => {
    const { host, calls } = fakeHost('1', true);
    const { runner, world } = setUp({ loadHost: async () => host });
    runner.run('old');
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    runner.run('new');
    calls[0]?.answer(ok('stale'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(runner.getState()).toMatchObject({ state: 'running' });
    expect(runner.getState().result).toBeUndefined();
    expect(world.cache.bytes).toBe(0);
    runner.cancel();
    calls[1]?.answer(ok('too late'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(runner.getState()).toMatchObject({ state: 'cancelled' });
    expect(runner.getState().result).toBeUndefined();
  });

  it('runs only the newest of several started before the host was there', async () => {
    const { host, calls } = fakeHost();
    let arrive: (host: Host) => void = () => {};
    const { runner } = setUp({ loadHost: () => new Promise((resolve) => (arrive = resolve)) });
    runner.run(1);
    const first = arrive;
    runner.run(2);
    arrive(host);
    first(host);
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(calls[0]?.spec).toBe(2);
  });

  it('stops at once when told, and says so', async () => {
    const { runner, called } = setUp();
    runner.run(1);
    const call = await called(1);
    call.options.onLog?.('so far');
    runner.cancel();
    expect(runner.getState()).toMatchObject({ state: 'cancelled', log: ['so far'] });
    expect(call.options.signal?.aborted).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(runner.getState().state).toBe('cancelled');
    runner.run(2);
    (await called(2)).answer(ok('after'));
    await vi.waitFor(() => expect(runner.getState().result).toBe('after'));
    runner.cancel();
    expect(runner.getState().state).toBe('done');
  });

  it('takes a result that it had before, and none of another spec, seed or version', async () => {
    const { runner, called, calls, until, world } = setUp();
    runner.run({ a: 1, b: 2 });
    (await called(1)).answer(ok('one'));
    await until('done');
    runner.run({ a: 2 });
    (await called(2)).answer(ok('two'));
    await vi.waitFor(() => expect(runner.getState().result).toBe('two'));
    await vi.waitFor(() => expect(world.cache.bytes).toBeGreaterThan(40));
    runner.run({ b: 2, a: 1 });
    await vi.waitFor(() => expect(runner.getState()).toMatchObject({ state: 'done', result: 'one' }));
    expect(calls).toHaveLength(2);
    runner.run({ a: 1, b: 2 }, { seed: 9 });
    await called(3);
    const other = setUp({ cache: world.cache }, '2');
    other.runner.run({ a: 1, b: 2 });
    (await other.called(1)).answer(ok('one of version 2'));
    await other.until('done');
  });

  it('keeps no partial and no failed result', async () => {
    const { runner, called, until, world } = setUp();
    runner.run(1);
    const call = await called(1);
    call.options.onProgress?.({ fraction: 0.5, what: '', partial: 'part' });
    call.answer(fail({ code: 'x', severity: 'error', what: 'X.' }));
    await until('failed');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(world.cache.bytes).toBe(0);
  });

  it('asks for its spec after pending text went in, unless it is a check along the way', () => {
    let text = 'old';
    const flush = vi.fn(() => {
      text = 'typed';
    });
    const { runner } = setUp({ flush });
    const asked: string[] = [];
    runner.run(() => asked.push(text), { flush: false });
    runner.run(() => asked.push(text));
    expect(asked).toEqual(['old', 'typed']);
    expect(flush).toHaveBeenCalledTimes(1);
  });

  it('says so when the host cannot be loaded', async () => {
    const { runner, until } = setUp({ loadHost: () => Promise.reject(new Error('offline')) });
    runner.run(1);
    await until('failed');
    expect(runner.getState().problems?.[0]).toMatchObject({ code: 'host-missing', severity: 'error' });
  });

  it('keeps the last ten thousand lines of a log and says how many are gone', async () => {
    const { runner, called, until } = setUp();
    runner.run(1);
    const call = await called(1);
    for (let line = 0; line < 10_005; line++) call.options.onLog?.(`line ${line}`);
    call.answer(ok(1));
    await until('done');
    const { log } = runner.getState();
    expect(log).toHaveLength(10_001);
    expect(log[0]).toContain('5 earlier lines');
    expect(log.at(-1)).toBe('line 10004');
  });
});
