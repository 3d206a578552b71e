import { describe, expect, it } from 'vitest';
import { MATH } from './functions.ts';

const NAMES = ['asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'] as const;

describe('mathematical system functions', () => {
  it('agree with the host within a few units in the last place', () => {
    for (const name of NAMES) {
      for (let i = -400; i <= 400; i++) {
        const x = i / 57;
        const wanted = Math[name](x);
        const got = MATH[`$${name}`]!(x, 0);
        if (!Number.isFinite(wanted)) expect([name, x, got]).toEqual([name, x, wanted]);
        else
          expect(Math.abs(got - wanted), `${name}(${x})`).toBeLessThanOrEqual(
            1e-15 * Math.max(Math.abs(wanted), 0.1) * 8,
          );
      }
    }
  });

  it('know the quadrants', () => {
    for (const y of [-2, -0, 0, 3, Number.POSITIVE_INFINITY]) {
      for (const x of [-5, -0, 0, 0.25, Number.NEGATIVE_INFINITY])
        expect(MATH.$atan2!(y, x)).toBeCloseTo(Math.atan2(y, x), 14);
    }
    expect(MATH.$hypot!(3, 4)).toBe(5);
    expect(MATH.$hypot!(3e200, 4e200) / 5e200).toBeCloseTo(1, 14);
  });
});
