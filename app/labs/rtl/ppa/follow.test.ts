import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Follow } from './follow.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function following() {
  const runs: string[] = [];
  const follow = new Follow<string>((spec) => runs.push(spec));
  follow.setOn(true);
  follow.setReady(true);
  return { runs, follow };
}

describe('analysis by itself', () => {
  it('waits for a pause, and takes the newest', () => {
    const { runs, follow } = following();
    follow.changed('a', 100);
    vi.advanceTimersByTime(60);
    follow.changed('b', 100);
    vi.advanceTimersByTime(60);
    expect(runs).toEqual([]);
    vi.advanceTimersByTime(60);
    expect(runs).toEqual(['b']);
  });

  it('waits until the sources are sound, and until the view is open', () => {
    const { runs, follow } = following();
    follow.setReady(false);
    follow.setOn(false);
    follow.changed('a', 0);
    vi.runAllTimers();
    follow.setReady(true);
    expect(runs).toEqual([]);
    follow.setOn(true);
    expect(runs).toEqual(['a']);
  });

  it('never cancels a run for a change, and follows it', () => {
    const { runs, follow } = following();
    for (const spec of ['a', 'b', 'c']) {
      follow.changed(spec, 0);
      vi.runAllTimers();
    }
    expect(runs).toEqual(['a']);
    follow.ended();
    expect(runs).toEqual(['a', 'c']);
    follow.ended();
    expect(runs).toEqual(['a', 'c']);
  });

  it('stays quiet after Stop until the next change, and runs at once when asked', () => {
    const { runs, follow } = following();
    follow.changed('a', 0);
    vi.runAllTimers();
    follow.stopped();
    follow.setOn(true);
    expect(runs).toEqual(['a']);
    follow.runNow('a');
    expect(runs).toEqual(['a', 'a']);
    follow.ended();
    follow.changed('b', 0);
    vi.runAllTimers();
    expect(runs).toEqual(['a', 'a', 'b']);
  });
});
