import { describe, expect, it } from 'vitest';
import { sha256Hex } from './hash.ts';
// The exact results, rounded to double: computed with mpmath 1.3 at 1,500 bits, of chosen and of random arguments.
import golden from './math.golden.json';
import { cos, exp, expm1, log, log1p, log2, log10, pow, sin, tanh } from './math.ts';
import { createRandom } from './random.ts';

/** Distance in units in the last place: how many doubles lie between. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  const distance = Number(order(a) - order(b));
  return Math.abs(distance);
}

function order(x: number): bigint {
  const bits = new BigInt64Array(Float64Array.of(x).buffer)[0]!;
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

const math = { exp, expm1, tanh, log, log1p, log2, log10, sin, cos, pow };
const oneArgument = ['exp', 'expm1', 'tanh', 'log', 'log1p', 'log2', 'log10', 'sin', 'cos'] as const;

describe('elementary functions', () => {
  it.each(oneArgument)('%s is within one unit in the last place of the exact result', (name) => {
    for (const [x, exact] of golden[name] as [number, number][]) {
      expect([x, ulps(math[name](x), exact)]).toEqual([x, expect.toSatisfy((distance: number) => distance <= 1)]);
    }
  });

  it('pow is within one unit in the last place of the exact result', () => {
    for (const [x, y, exact] of golden.pow as [number, number, number][]) {
      const distance = ulps(math.pow(x, y), exact);
      expect([x, y, distance]).toEqual([x, y, expect.toSatisfy((it: number) => it <= 1)]);
    }
  });

  it('agree with Math everywhere, to two units', () => {
    const random = createRandom(7);
    const ranges: Record<(typeof oneArgument)[number], () => number> = {
      exp: () => random.float() * 1450 - 745,
      expm1: () => random.float() * 100 - 50,
      tanh: () => random.float() * 50 - 25,
      log: () => math.exp(random.float() * 1400 - 700),
      log1p: () => math.exp(random.float() * 60 - 40) - 0.9,
      log2: () => math.exp(random.float() * 1400 - 700),
      log10: () => math.exp(random.float() * 1400 - 700),
      sin: () => (random.float() - 0.5) * 100_000,
      cos: () => (random.float() - 0.5) * 100_000,
    };
    for (const name of oneArgument) {
      for (let trial = 0; trial < 3000; trial++) {
        const x = ranges[name]();
        expect(ulps(math[name](x), Math[name](x)), `${name}(${x})`).toBeLessThanOrEqual(2);
      }
    }
    for (let trial = 0; trial < 3000; trial++) {
      const [x, y] = [math.exp(random.float() * 20 - 10), random.float() * 60 - 30];
      expect(ulps(math.pow(x, y), x ** y), `pow(${x}, ${y})`).toBeLessThanOrEqual(2);
    }
  });

  it('have the special values of Math', () => {
    const special = [
      0,
      -0,
      1,
      -1,
      2,
      -2,
      0.5,
      -0.5,
      3,
      -3,
      1e300,
      -1e300,
      5e-324,
      -5e-324,
      2 ** 31,
      -(2 ** 31),
      2 ** 53,
    ];
    special.push(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e-20, -1e-20, 2 ** 65, -(2 ** 65));
    for (const x of special) {
      for (const name of oneArgument) {
        const [ours, theirs] = [math[name](x), Math[name](x)];
        if (Number.isFinite(theirs) && theirs !== 0) expect(ulps(ours, theirs), `${name}(${x})`).toBeLessThanOrEqual(1);
        else expect(ours, `${name}(${x})`).toBe(theirs);
      }
      for (const y of special) {
        const [ours, theirs] = [math.pow(x, y), x ** y];
        if (Number.isFinite(theirs) && theirs !== 0)
          expect(ulps(ours, theirs), `pow(${x}, ${y})`).toBeLessThanOrEqual(1);
        else expect(ours, `pow(${x}, ${y})`).toBe(theirs);
      }
    }
  });

  it('are exact where the exact result is a double', () => {
    for (let k = -1074; k <= 1023; k++) {
      expect(math.log2(math.pow(2, k))).toBe(k);
      expect(math.pow(2, k)).toBe(k < -1022 ? 2 ** -1022 * 2 ** (k + 1022) : 2 ** k);
    }
    for (let k = 0; k <= 22; k++) expect(math.pow(10, k)).toBe(Number(`1e${k}`));
    expect(math.log10(1)).toBe(0);
  });

  it('have not changed by a bit', () => {
    const random = createRandom(1);
    const results: number[] = [];
    for (let trial = 0; trial < 2000; trial++) {
      const x = random.float() * 40 - 20;
      const size = Math.abs(x);
      results.push(math.exp(x), math.expm1(x), math.tanh(x), math.sin(x * 1e4), math.cos(x * 1e4));
      results.push(math.log(size), math.log1p(size), math.log2(size), math.log10(size), math.pow(size, x));
    }
    expect(sha256Hex(new Uint8Array(Float64Array.from(results).buffer))).toMatchInlineSnapshot(
      `"a5765528561245e4c77d8e4d1cbf646a19f8bb3d65aa23229d72d467e11ddff1"`,
    );
  });
});
