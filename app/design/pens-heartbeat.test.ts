import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BEAT_MS, heartbeatPens, type PenMedium, type PenMessage } from './pens-heartbeat.ts';

/**
 * One origin: storage and messages that its tabs share. A slow tab's timers as good as stand still, so that it does not
 * renew its signature; a frozen one hears nothing either.
 */
function origin() {
  const stored = new Map<string, string>();
  const tabs: { name: string; frozen: boolean; slow: boolean; hear: ((message: PenMessage) => void)[] }[] = [];
  return {
    stored,
    tab(name: string, limits: { write?: boolean } = {}) {
      const self = { name, frozen: false, slow: false, hear: [] as ((message: PenMessage) => void)[] };
      tabs.push(self);
      const medium: PenMedium = {
        read: (key) => stored.get(key) ?? null,
        write: (key, value) => {
          // What timers would write that do not fire is not written.
          if (!self.frozen && !self.slow && limits.write !== false) stored.set(key, value);
        },
        remove: (key) => stored.delete(key),
        post: (message) => {
          for (const tab of tabs) {
            if (tab !== self && !tab.frozen)
              setTimeout(() => tab.hear.forEach((listener) => void listener(message)), 1);
          }
        },
        onMessage: (listener) => self.hear.push(listener),
      };
      const turns: boolean[] = [];
      return {
        pens: heartbeatPens(medium, name, Date.now),
        turns,
        onTurn: (mine: boolean) => void turns.push(mine),
        freeze: (frozen: boolean) => {
          self.frozen = frozen;
        },
        slow: () => {
          self.slow = true;
        },
      };
    },
  };
}

async function within<T>(promise: Promise<T>, ms = 1000): Promise<T> {
  await vi.advanceTimersByTimeAsync(ms);
  return promise;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('pens by heartbeat', () => {
  it('give the pen to the first tab and tell the second when it is free', async () => {
    const { tab } = origin();
    const [a, b] = [tab('a'), tab('b')];
    const first = await within(a.pens.take('x', a.onTurn));
    const second = await within(b.pens.take('x', b.onTurn));
    expect([first.mine(), second.mine()]).toEqual([true, false]);
    expect(await b.pens.taken('x')).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([first.mine(), second.mine()]).toEqual([true, false]);
    first.release();
    await vi.advanceTimersByTimeAsync(200);
    expect(second.mine()).toBe(true);
    expect(b.turns).toEqual([true]);
    expect(a.turns).toEqual([]);
  });

  it('keep designs apart', async () => {
    const { tab } = origin();
    const [a, b] = [tab('a'), tab('b')];
    await within(a.pens.take('x', a.onTurn));
    expect((await within(b.pens.take('y', b.onTurn))).mine()).toBe(true);
    expect(await b.pens.taken('z')).toBe(false);
  });

  it('give one pen when two tabs ask at the same moment', async () => {
    const { tab } = origin();
    const [a, b] = [tab('a'), tab('b')];
    const both = Promise.all([a.pens.take('x', a.onTurn), b.pens.take('x', b.onTurn)]);
    const pens = await within(both, 2000);
    expect(pens.filter((pen) => pen.mine())).toHaveLength(1);
  });

  it('take over from a tab that crashed, and not from one that is merely silent', async () => {
    const { tab } = origin();
    const [a, b] = [tab('a'), tab('b')];
    const first = await within(a.pens.take('x', a.onTurn));
    const second = await within(b.pens.take('x', b.onTurn));
    // A tab in the background: its signature grows old, but it answers.
    a.slow();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([first.mine(), second.mine()]).toEqual([true, false]);
    expect(await within(b.pens.taken('x'))).toBe(true);
    a.freeze(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(second.mine()).toBe(true);
    // Should it wake, it knows before it writes, and is told.
    expect(first.mine()).toBe(false);
    a.freeze(false);
    await vi.advanceTimersByTimeAsync(BEAT_MS);
    expect(a.turns).toEqual([false]);
    expect(second.mine()).toBe(true);
  });

  it('are lost to a tab that slept while another took the pen and gave it back', async () => {
    const { tab } = origin();
    const [a, b] = [tab('a'), tab('b')];
    const first = await within(a.pens.take('x', a.onTurn));
    a.freeze(true);
    await vi.advanceTimersByTimeAsync(20_000);
    const second = await within(b.pens.take('x', b.onTurn));
    expect(second.mine()).toBe(true);
    second.release();
    expect(first.mine()).toBe(false);
    a.freeze(false);
    await vi.advanceTimersByTimeAsync(3 * BEAT_MS);
    // Lost, then found again: the desk reloads in between.
    expect(a.turns).toEqual([false, true]);
  });

  it('give the pen back while the page is put aside, and take it again when it returns', async () => {
    const { tab } = origin();
    const [a, b] = [tab('a'), tab('b')];
    const first = await within(a.pens.take('x', a.onTurn));
    a.pens.sleep();
    expect(first.mine()).toBe(false);
    const second = await within(b.pens.take('x', b.onTurn));
    expect(second.mine()).toBe(true);
    a.pens.wake();
    await vi.advanceTimersByTimeAsync(1000);
    expect(a.turns).toEqual([false]);
    b.pens.sleep();
    await vi.advanceTimersByTimeAsync(1000);
    expect(a.turns).toEqual([false, true]);
  });

  it('leave no signature behind, and let a tab write whose storage is full', async () => {
    const { tab, stored } = origin();
    const a = tab('a');
    const pen = await within(a.pens.take('x', a.onTurn));
    pen.release();
    await vi.advanceTimersByTimeAsync(BEAT_MS * 3);
    expect([...stored.keys()]).toEqual([]);
    const full = tab('full', { write: false });
    expect((await within(full.pens.take('x', full.onTurn))).mine()).toBe(true);
  });
});
