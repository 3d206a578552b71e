import { describe, expect, it } from 'vitest';
import { asset, shippedDigits } from '../train/public.fixture.ts';
import { decodeDigits, encodeDigits } from './digit-file.ts';
import { decodeClasses, loadDigits } from './digits.ts';

const job = { asset };

describe('the digits that the studio ships', () => {
  it('are 7,000 for training, 1,000 for search and 2,000 for test, each with every class in its share', async () => {
    const sets = await Promise.all((['train', 'search', 'test'] as const).map(shippedDigits));
    expect(sets.map(({ count }) => count)).toEqual([7000, 1000, 2000]);
    const counts = sets.map(({ labels }) => {
      const of = new Array<number>(10).fill(0);
      for (const label of labels) of[label]!++;
      return of;
    });
    // Of the whole package: 1,001 zeros, 1,127 ones ...
    const whole = counts[0]!.map((_, label) => counts.reduce((sum, of) => sum + of[label]!, 0));
    expect(whole).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    for (const [set, { count }] of sets.entries()) {
      for (const [label, all] of whole.entries()) {
        expect(Math.abs(counts[set]![label]! - (all * count) / 10_000)).toBeLessThan(1.5);
      }
    }
  });

  it('have no digit in two sets', async () => {
    const seen = new Map<string, string>();
    for (const set of ['train', 'search', 'test'] as const) {
      const { pixels, count } = await shippedDigits(set);
      for (let at = 0; at < count; at++) {
        const digit = Buffer.from(pixels.subarray(at * 784, (at + 1) * 784)).toString('base64');
        expect(seen.get(digit) ?? set).toBe(set);
        seen.set(digit, set);
      }
    }
  });

  it('come as samples of the network: ink from 0 to 1, labels beside', async () => {
    const loaded = await loadDigits(job);
    if (!loaded.ok) throw new Error(loaded.problems[0]!.what);
    const { test } = loaded.value;
    const { pixels, labels } = await shippedDigits('test');
    expect(test.shape).toEqual([1, 28, 28]);
    const three = test.samples(1997, 3);
    expect(three.length).toBe(3 * 784);
    const brightest = pixels.indexOf(255, 1998 * 784);
    expect(three[brightest - 1997 * 784]).toBe(1);
    expect(Math.min(...three)).toBe(0);
    expect(test.labels).toMatchObject({ kind: 'classes', of: Uint16Array.from(labels) });
  });

  it('fit in 3 MB', async () => {
    const files = await Promise.all(['data/digits.bin', 'data/digits-train.bin'].map(asset));
    expect(files.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(3e6);
  });
});

describe('a file of digits', () => {
  const sets = {
    test: { count: 2, side: 2, labels: Uint8Array.of(3, 9), pixels: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 255) },
  };

  it('reads as it was written', () => {
    const read = decodeDigits(encodeDigits(sets), 'a.bin');
    expect(read).toEqual({ ok: true, value: sets });
  });

  it('is refused with its name when it is damaged, cut off or something else', () => {
    const good = encodeDigits(sets);
    const flipped = good.slice();
    flipped[good.length - 3]! ^= 1;
    const longer = good.slice();
    longer[43] = 0x7f;
    for (const bytes of [
      flipped,
      good.subarray(0, good.length - 2),
      longer,
      good.subarray(0, 20),
      new Uint8Array(100),
    ]) {
      const read = decodeDigits(bytes, 'a.bin');
      expect(read.ok ? '' : read.problems[0]!.what).toContain('"a.bin"');
    }
  });

  it('that is missing is said to be', async () => {
    const read = await loadDigits({ asset: () => Promise.reject(new Error('404')) });
    expect(read.ok ? '' : read.problems[0]!.what).toContain('"data/digits.bin"');
  });
});

describe('outputs', () => {
  it('say the largest, with its softmax', () => {
    const [first, second] = decodeClasses(Float32Array.of(0, 1, 0, 5, 5, 5), 2);
    expect(first!.what).toBe(1);
    expect(first!.confidence).toBeCloseTo(Math.E / (Math.E + 2), 12);
    expect(second).toEqual({ what: 0, confidence: expect.closeTo(1 / 3, 12) });
  });

  it('that are no numbers are not believed', () => {
    expect(decodeClasses(Float32Array.of(Number.NaN, 1, 2), 1)[0]!.what).toBe(2);
    expect(decodeClasses(Float32Array.of(Number.NaN, Number.NaN), 1)[0]).toEqual({ what: 0, confidence: 0 });
  });
});
