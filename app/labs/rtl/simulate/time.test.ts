import { expect, it } from 'vitest';
import { isTime } from './time.ts';

it('knows what a time is', () => {
  for (const good of ['', '10 ns', '2.5us', '1 s', '3 µs']) expect(isTime(good), good).toBe(true);
  for (const bad of ['10', 'ns', '-1 ns', '1 minute']) expect(isTime(bad), bad).toBe(false);
});
