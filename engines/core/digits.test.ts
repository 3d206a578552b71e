import { expect, it } from 'vitest';
import { wholeDigits } from './digits.ts';

it('groups the digits of whole numbers', () => {
  expect([0, 7, 999, 1000, 65_536, 1_234_567.4, -1000, -999].map(wholeDigits)).toEqual([
    '0',
    '7',
    '999',
    '1,000',
    '65,536',
    '1,234,567',
    '-1,000',
    '-999',
  ]);
});
