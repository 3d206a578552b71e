import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Symbols } from './symbols.ts';
import type { Dim } from './types.ts';

/** A random computation on sizes: done on names, or on the numbers that the names stand for. */
interface Step {
  how: 'add' | 'subtract' | 'multiply' | 'floorDivide' | 'ceilDivide' | 'max' | 'min';
  by: Dim;
}

const step = fc.record({
  how: fc.constantFrom('add', 'subtract', 'multiply', 'floorDivide', 'ceilDivide', 'max', 'min'),
  by: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom('N', 'H')),
}) as fc.Arbitrary<Step>;

const run = (symbols: Symbols, start: Dim, steps: readonly Step[]): Dim =>
  steps.reduce<Dim>((size, { how, by }) => {
    // Divisors in models are strides and block sizes: numbers.
    const divides = how === 'floorDivide' || how === 'ceilDivide';
    return symbols[how](size, divides && typeof by === 'string' ? 3 : symbols.resolve(by));
  }, symbols.resolve(start));

describe('Symbols', () => {
  it('computes on names what it computes on their numbers', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 7 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        (steps, N, H) => {
          const open = run(new Symbols(), 'H', steps);
          fc.pre(!String(open).includes('long expression'));
          const given = new Symbols({ N, H });
          expect(given.resolve(open)).toBe(run(given, 'H', steps));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('writes equal sizes as equal text', () => {
    const symbols = new Symbols();
    const half = (size: Dim): Dim => symbols.add(symbols.floorDivide(symbols.subtract(size, 1), 2), 1);
    expect(half(half(half('H')))).toBe('floor((H + 7) / 8)');
    expect(symbols.floorDivide(symbols.product(['N', 12, 64]), symbols.product(['N', 768]))).toBe(1);
    expect(symbols.floorDivide(symbols.multiply('N', symbols.add('S', 'P')), symbols.add('P', 'S'))).toBe('N');
    expect(symbols.add(symbols.multiply('b', 'a'), symbols.multiply('a', 'b'))).toBe('2*a*b');
    expect(symbols.subtract(symbols.max('a', 'b'), symbols.max('b', 'a'))).toBe(0);
  });

  it('reads sums that exporters write, and leaves their names with slashes and dots alone', () => {
    const symbols = new Symbols({ past: 3, sequence: 5, 'a/b': 2 });
    expect(symbols.resolve('past + sequence')).toBe(8);
    expect(symbols.resolve('2*past - sequence')).toBe(1);
    expect(symbols.resolve('(sequence + 3)//2')).toBe(4);
    expect(symbols.resolve('floor((sequence - 1) / 3)')).toBe(1);
    expect(symbols.resolve('a/b')).toBe(2);
    for (const name of ['/model/Shape_3.0', 'p2o.DynamicDimension.0', 'N-1', 'x:0', '((', 'max(a']) {
      expect(new Symbols().resolve(name)).toBe(name);
    }
    expect(new Symbols().namesIn('floor((past + H) / 2) + max(N, M)')).toEqual(['H', 'past', 'M', 'N']);
    expect([...symbols.used].sort()).toEqual(['a/b', 'past', 'sequence']);
  });

  it('decides what holds for every size, and only that', () => {
    const symbols = new Symbols();
    expect(symbols.compare('N', -1)).toBe(1);
    expect(symbols.compare(symbols.add('N', 2), 1)).toBe(1);
    expect(symbols.compare('N', 1)).toBeUndefined();
    expect(symbols.compare('N', 'M')).toBeUndefined();
    expect(symbols.differ(symbols.add('N', 1), 'N')).toBe(true);
    expect(symbols.differ('N', 3)).toBe(false);
  });
});
