import { describe, expect, it } from 'vitest';
import { Kernel } from './kernel.ts';

/** Two one-bit signals and an array of three bytes. */
function machine() {
  const words = new Int32Array(10);
  const kernel = new Kernel(words, Int32Array.of(0, 2, 4), Int32Array.of(2, 2, 2), 10);
  kernel.isArray[2] = 1;
  const log: string[] = [];
  const say = (text: string) => kernel.define(() => void log.push(text));
  const set = (signal: number, a: number, b = 0) => {
    const at = kernel.offset[signal]!;
    const [oldA, oldB] = [words[at]!, words[at + 1]!];
    words[at] = a;
    words[at + 1] = b;
    if (a !== oldA || b !== oldB) kernel.notify(signal, oldA, oldB);
  };
  return { kernel, log, say, set, words };
}

describe('regions of a time step', () => {
  it('runs active, inactive, nonblocking, postponed, then later times', () => {
    const { kernel, log, say } = machine();
    kernel.after(5, say('later'));
    kernel.postpone(() => log.push('postponed'));
    kernel.nbaRunAfter(0, () => log.push('nonblocking'));
    kernel.pushInactive(say('inactive'));
    kernel.push(say('active'));
    expect(kernel.run(100)).toBe('dry');
    expect(log).toEqual(['active', 'inactive', 'nonblocking', 'postponed', 'later']);
    expect(kernel.now).toBe(5);
  });

  it('goes through times in order, and within a time first come first served', () => {
    const { kernel, log, say } = machine();
    for (const [ticks, text] of [
      [7, 'c'],
      [3, 'a'],
      [9, 'e'],
      [3, 'b'],
      [7, 'd'],
    ] as const)
      kernel.after(ticks, say(text));
    kernel.run(100);
    expect(log.join('')).toBe('abcde');
  });

  it('applies nonblocking updates in their order, and only what changes is told', () => {
    const { kernel, log, words } = machine();
    kernel.hook(0, () => log.push(`${words[0]}`));
    kernel.nba(0, 0, 1, 0, 1);
    kernel.nba(0, 0, 0, 0, 1);
    kernel.nba(0, 0, 0, 0, 1);
    kernel.run(10);
    expect(log).toEqual(['1', '0']);
  });

  it('copies wide values and masks when they are assigned', () => {
    const words = new Int32Array(4);
    const kernel = new Kernel(words, Int32Array.of(0), Int32Array.of(4), 1);
    const a = Int32Array.of(-1, -1);
    kernel.nbaWide(0, 0, a, new Int32Array(2), 2, Int32Array.of(0xff, 0xf0));
    a.fill(0);
    kernel.run(10);
    expect([...words]).toEqual([0xff, 0xf0, 0, 0]);
  });
});

describe('wait lists', () => {
  it('wakes the newest waiter first, so that order turns round with every event', () => {
    const { kernel, log, say } = machine();
    const event = kernel.newEvent();
    for (const name of ['a', 'b', 'c']) {
      const id = say(name);
      kernel.rearm[id] = event;
      kernel.wait(event, id);
    }
    kernel.fire(event);
    kernel.run(10);
    kernel.fire(event);
    kernel.run(10);
    expect(log.join('')).toBe('cbaabc');
  });

  it('does not let a process see what it does itself', () => {
    const { kernel, set, words } = machine();
    const event = kernel.newEvent();
    kernel.listenEvent(0, 'any', event);
    let runs = 0;
    const id = kernel.define(() => {
      runs++;
      set(0, 1 - words[0]!);
    });
    kernel.rearm[id] = event;
    kernel.wait(event, id);
    set(0, 1);
    kernel.run(100);
    expect(runs).toBe(1);
  });

  it('tells whether a waiter was still there to be taken off', () => {
    const { kernel, say } = machine();
    const event = kernel.newEvent();
    const ids = [say('a'), say('b'), say('c')];
    for (const id of ids) kernel.wait(event, id);
    expect(kernel.unwait(event, ids[1]!)).toBe(true);
    expect(kernel.unwait(event, ids[1]!)).toBe(false);
    kernel.fire(event);
    expect(kernel.pending()).toEqual([ids[2], ids[0]]);
  });
});

describe('edges', () => {
  const values = { '0': [0, 0], '1': [1, 0], z: [0, 1], x: [1, 1] } as const;
  const rising = ['01', '0x', '0z', 'x1', 'z1'];
  const falling = ['10', '1x', '1z', 'x0', 'z0'];
  for (const from of ['0', '1', 'x', 'z'] as const) {
    for (const to of ['0', '1', 'x', 'z'] as const) {
      it(`${from} to ${to}`, () => {
        const { kernel, log, say, set } = machine();
        const ids = (['posedge', 'negedge'] as const).map((edge) => {
          const event = kernel.newEvent();
          kernel.listenEvent(0, edge, event);
          return { event, id: say(edge) };
        });
        const [a, b] = values[from];
        const [nextA, nextB] = values[to];
        set(0, a, b);
        for (const { event, id } of ids) kernel.wait(event, id);
        set(0, nextA, nextB);
        kernel.run(10);
        const expected = rising.includes(from + to) ? ['posedge'] : falling.includes(from + to) ? ['negedge'] : [];
        expect(log).toEqual(expected);
      });
    }
  }
});

describe('limits', () => {
  it('answers after a slice, and goes on where it was', () => {
    const { kernel, log, say } = machine();
    for (const name of ['a', 'b', 'c']) kernel.push(say(name));
    expect(kernel.run(2)).toBe('more');
    expect(log.join('')).toBe('ab');
    expect(kernel.run(2)).toBe('dry');
    expect(log.join('')).toBe('abc');
  });

  it('finds two assignments that start each other without end', () => {
    const { kernel, set, words } = machine();
    kernel.stepEvents = 1000;
    kernel.listenAssign(
      0,
      kernel.define(() => set(1, 1 - words[0]!)),
    );
    kernel.listenAssign(
      1,
      kernel.define(() => set(0, words[2]!)),
    );
    set(1, 1);
    expect(kernel.run(10_000)).toBe('endless');
    expect(kernel.pending().length).toBeGreaterThan(0);
  });

  it('stops before the first event past the time limit', () => {
    const { kernel, log, say } = machine();
    kernel.timeLimit = 10;
    kernel.after(10, say('in'));
    kernel.after(11, say('out'));
    expect(kernel.run(100)).toBe('time-limit');
    expect(log).toEqual(['in']);
    expect(kernel.now).toBe(10);
  });

  it('stops when it is told to', () => {
    const { kernel, log, say } = machine();
    kernel.push(kernel.define(() => kernel.stop()));
    kernel.push(say('never'));
    expect(kernel.run(100)).toBe('stopped');
    expect(log).toEqual([]);
  });
});

describe('arrays', () => {
  it('names the element that a nonblocking update changed', () => {
    const { kernel } = machine();
    const seen: number[] = [];
    kernel.hook(2, (element) => seen.push(element));
    kernel.nba(2, 4 + 2 * 2, 5, 0, 0xff);
    kernel.run(10);
    expect(seen).toEqual([2]);
  });
});
