import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batchLines, type ProgressReport, throttleProgress } from './throttle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('progress', () => {
  function start() {
    const sent: ProgressReport[] = [];
    return { sent, ...throttleProgress((report) => sent.push(report)) };
  }
  const at = (fraction: number, partial?: unknown): ProgressReport => ({ fraction, what: `at ${fraction}`, partial });

  it('lets a few reports through at once, then the newest of each tenth of a second', () => {
    const { sent, report } = start();
    for (let step = 0; step < 1000; step += 1) {
      report(at(step / 1000));
      vi.advanceTimersByTime(1);
    }
    // One second: the first few, and then ten.
    expect(sent.length).toBeGreaterThanOrEqual(10);
    expect(sent.length).toBeLessThanOrEqual(15);
    vi.advanceTimersByTime(1000);
    expect(sent.at(-1)).toEqual({ fraction: 0.999, what: 'at 0.999' });
    const fractions = sent.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });

  it('never drops a partial for a later report without one', () => {
    const { sent, report, flush } = start();
    for (let step = 0; step < 20; step += 1) report(at(0.1));
    report(at(0.5, 'half'));
    report(at(0.6));
    flush();
    expect(sent.at(-1)).toEqual({ fraction: 0.6, what: 'at 0.6', partial: 'half' });
  });

  it('drops an older partial for a newer one, and sends each once', () => {
    const { sent, report, flush } = start();
    for (let step = 0; step < 20; step += 1) report(at(0.1));
    report(at(0.5, 'old'));
    report(at(0.6, 'new'));
    flush();
    flush();
    report(at(0.7));
    flush();
    expect(sent.filter(({ partial }) => partial !== undefined)).toEqual([
      { fraction: 0.6, what: 'at 0.6', partial: 'new' },
    ]);
  });
});

describe('pieces of a stream', () => {
  it('arrive all, in order, however fast they come', () => {
    const got: unknown[] = [];
    const { report, flush } = throttleProgress(({ partial }) => {
      if (partial !== undefined) got.push(...(partial as { stream: number[] }).stream);
    });
    for (let piece = 0; piece < 100; piece += 1) report({ fraction: 0, what: '', partial: { stream: [piece] } });
    report({ fraction: 1, what: 'the end' });
    flush();
    expect(got).toEqual(Array.from({ length: 100 }, (_, piece) => piece));
  });
});

describe('log lines', () => {
  it('travel together, in order, after a tenth of a second', () => {
    const sent: string[][] = [];
    const { add } = batchLines((lines) => sent.push(lines));
    add('a');
    add('b');
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([['a', 'b']]);
  });

  it('leave a thread that never rests', () => {
    let now = 0;
    const sent: string[][] = [];
    const { add, flush } = batchLines(
      (lines) => sent.push(lines),
      () => now,
    );
    for (let line = 0; line < 100; line += 1) {
      now += 7;
      add(String(line));
    }
    expect(sent.length).toBeGreaterThanOrEqual(6);
    flush();
    expect(sent.flat()).toEqual(Array.from({ length: 100 }, (_, line) => String(line)));
  });
});
