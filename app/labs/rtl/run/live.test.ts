import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHECK_DELAY_MS, Live, RUN_DELAY_MS } from './live.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function live(on = true) {
  const did: string[] = [];
  const runs = new Live<string>(
    { check: (spec) => did.push(`check ${spec}`), synthesise: (spec) => did.push(`run ${spec}`) },
    on,
  );
  return { did, runs };
}

describe('live runs', () => {
  it('check after a pause, and synthesise after a longer one when the check was sound', () => {
    const { did, runs } = live();
    runs.changed('a');
    vi.advanceTimersByTime(CHECK_DELAY_MS - 1);
    runs.changed('b');
    vi.advanceTimersByTime(CHECK_DELAY_MS);
    expect(did).toEqual(['check b']);
    runs.checkEnded(true);
    expect(did).toEqual(['check b']);
    vi.advanceTimersByTime(RUN_DELAY_MS);
    expect(did).toEqual(['check b', 'run b']);
  });

  it('do not synthesise what the check refused', () => {
    const { did, runs } = live();
    runs.changed('bad', true);
    vi.advanceTimersByTime(RUN_DELAY_MS);
    runs.checkEnded(false);
    vi.advanceTimersByTime(RUN_DELAY_MS);
    expect(did).toEqual(['check bad']);
  });

  it('never cancel a synthesis because of typing, and follow it with the newest text', () => {
    const { did, runs } = live();
    runs.changed('a', true);
    vi.advanceTimersByTime(0);
    runs.checkEnded(true);
    for (const spec of ['b', 'c']) {
      runs.changed(spec);
      vi.advanceTimersByTime(RUN_DELAY_MS);
      runs.checkEnded(true);
    }
    expect(did).toEqual(['check a', 'run a', 'check b', 'check c']);
    runs.runEnded();
    expect(did.at(-1)).toBe('run c');
  });

  it('check one text at a time, the newest next', () => {
    const { did, runs } = live();
    runs.changed('a', true);
    vi.advanceTimersByTime(0);
    for (const spec of ['b', 'c']) {
      runs.changed(spec);
      vi.advanceTimersByTime(CHECK_DELAY_MS);
    }
    expect(did).toEqual(['check a']);
    runs.checkEnded(true);
    expect(did).toEqual(['check a', 'check c']);
  });

  it('stay quiet after Stop until the next edit', () => {
    const { did, runs } = live();
    runs.changed('a', true);
    vi.advanceTimersByTime(0);
    runs.checkEnded(true);
    runs.stopped();
    runs.runEnded();
    vi.advanceTimersByTime(RUN_DELAY_MS);
    expect(did).toEqual(['check a', 'run a']);
    runs.changed('b', true);
    vi.advanceTimersByTime(0);
    runs.checkEnded(true);
    expect(did.at(-1)).toBe('run b');
  });

  it('run on demand when switched off, and at once', () => {
    const { did, runs } = live(false);
    runs.changed('a', true);
    vi.advanceTimersByTime(0);
    runs.checkEnded(true);
    vi.advanceTimersByTime(RUN_DELAY_MS);
    expect(did).toEqual(['check a']);
    runs.runNow('a');
    expect(did).toEqual(['check a', 'run a']);
    runs.runEnded();
    runs.setOn(true);
    expect(did).toEqual(['check a', 'run a']);
  });
});
