import { describe, expect, it } from 'vitest';
import { isTime, timeText } from './time.ts';

describe('times of a simulation', () => {
  it.each([
    [0, -9, '0\u202fs'],
    [5, -9, '5\u202fns'],
    [12345, -12, '12.345\u202fns'],
    [20_000_000, -9, '20\u202fms'],
    [1, -7, '100\u202fns'],
    [1_234_567, -9, '1.234567\u202fms'],
    [3, 0, '3\u202fs'],
  ])('%d at 10^%d s', (ticks, precision, text) => {
    expect(timeText(ticks, precision)).toBe(text);
  });

  it('knows what a time is', () => {
    for (const good of ['', '10 ns', '2.5us', '1 s', '3 µs']) expect(isTime(good), good).toBe(true);
    for (const bad of ['10', 'ns', '-1 ns', '1 minute']) expect(isTime(bad), bad).toBe(false);
  });
});
