import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LONGEST_MS, type Pending, QUIET_MS, Typing } from './typing.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function typing() {
  const commits: Pending[] = [];
  const burst = new Typing((texts) => commits.push(texts) > 0);
  return { commits, burst };
}

describe('a burst of typing', () => {
  it('becomes one step after a pause', () => {
    const { commits, burst } = typing();
    burst.touch('a.v', 'm');
    vi.advanceTimersByTime(QUIET_MS - 1);
    burst.touch('a.v', 'mo');
    vi.advanceTimersByTime(QUIET_MS - 1);
    expect(commits).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(commits).toEqual([new Map([['a.v', 'mo']])]);
    expect(burst.get().size).toBe(0);
  });

  it('over two files is still one step', () => {
    const { commits, burst } = typing();
    burst.touch('a.v', '1');
    burst.touch('b.v', '2');
    burst.flush();
    expect(commits).toEqual([
      new Map([
        ['a.v', '1'],
        ['b.v', '2'],
      ]),
    ]);
    burst.flush();
    vi.advanceTimersByTime(LONGEST_MS);
    expect(commits).toHaveLength(1);
  });

  it('that never pauses is kept every ten seconds', () => {
    const { commits, burst } = typing();
    for (let n = 0; n * 500 < 2.5 * LONGEST_MS; n++) {
      burst.touch('a.v', String(n));
      vi.advanceTimersByTime(500);
    }
    expect(commits.length).toBe(2);
  });

  it('shows nothing as pending while it is handed over', () => {
    const seen: number[] = [];
    const burst: Typing = new Typing(() => seen.push(burst.get().size) > 0);
    burst.touch('a.v', 'x');
    burst.flush();
    expect(seen).toEqual([0]);
  });
});
