import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AutoRun, DELAY_MS, SLOW_MS } from './auto-run.ts';

interface Spec {
  name: string;
  search?: boolean;
  model?: string;
}

function setUp(on = true) {
  const started: string[] = [];
  const auto = new AutoRun<Spec>(
    {
      start: ({ name }) => void started.push(name),
      onDemand: ({ search }) => search === true,
      alike: (a, b) => a.model === b.model,
    },
    on,
  );
  return { auto, started };
}

describe('compiling by itself', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('follows the last of several changes, once', () => {
    const { auto, started } = setUp();
    auto.changed({ name: 'a' });
    vi.advanceTimersByTime(DELAY_MS - 1);
    auto.changed({ name: 'b' });
    vi.advanceTimersByTime(DELAY_MS);
    expect(started).toEqual(['b']);
    auto.ended(10);
    vi.advanceTimersByTime(1000);
    expect(started).toEqual(['b']);
  });

  it('leaves a search to be asked for, and lets none be taken away by a change', () => {
    const { auto, started } = setUp();
    const search = { name: 'search', search: true };
    auto.changed(search);
    vi.advanceTimersByTime(DELAY_MS);
    expect(started).toEqual([]);
    expect(auto.waits()).toBe(true);
    auto.runNow(search);
    auto.changed({ name: 'cheap' });
    vi.advanceTimersByTime(DELAY_MS);
    expect(started).toEqual(['search']);
    auto.ended(60_000);
    expect(started).toEqual(['search', 'cheap']);
  });

  it('takes a cheap run away for a newer one', () => {
    const { auto, started } = setUp();
    auto.changed({ name: 'a' }, true);
    vi.advanceTimersByTime(0);
    auto.changed({ name: 'b' });
    vi.advanceTimersByTime(DELAY_MS);
    expect(started).toEqual(['a', 'b']);
  });

  it('waits to be asked once a model has shown itself slow, until another is chosen', () => {
    const { auto, started } = setUp();
    auto.changed({ name: 'big', model: 'x' }, true);
    vi.advanceTimersByTime(0);
    auto.ended(SLOW_MS + 1);
    auto.changed({ name: 'big 2', model: 'x' });
    vi.advanceTimersByTime(DELAY_MS);
    expect(started).toEqual(['big']);
    auto.changed({ name: 'small', model: 'y' });
    vi.advanceTimersByTime(DELAY_MS);
    expect(started).toEqual(['big', 'small']);
  });

  it('starts nothing after Stop before the next change, nor while it is off', () => {
    const { auto, started } = setUp();
    auto.changed({ name: 'a' }, true);
    vi.advanceTimersByTime(0);
    auto.stopped();
    auto.setOn(true);
    expect(started).toEqual(['a']);
    auto.setOn(false);
    auto.changed({ name: 'b' });
    vi.advanceTimersByTime(DELAY_MS);
    expect(started).toEqual(['a']);
    auto.setOn(true);
    expect(started).toEqual(['a', 'b']);
  });
});
