import { createRandom } from '../../core/random.ts';
import type { DigitSet, Digits } from '../data/digit-file.ts';

/** How many digits each set has, in the order in which they are dealt. */
export const SPLIT: Record<DigitSet, number> = { train: 7000, search: 1000, test: 2000 };

/**
 * Deals digits into training, search and test so that each set has each class in its share of the whole (stratified; what
 * rounding leaves goes to the classes with the largest remainders), in random order within a set.
 */
export function splitDigits(all: Digits, seed: number, sizes = SPLIT): Record<DigitSet, Digits> {
  const byClass: number[][] = Array.from({ length: 10 }, () => []);
  for (const [index, label] of all.labels.entries()) byClass[label]!.push(index);
  const decks = byClass.map((places, label) => createRandom(seed, label).shuffle(places));
  const take = (count: number, stream: number): Digits => {
    const left = decks.reduce((sum, { length }) => sum + length, 0);
    const shares = largestRemainders(
      decks.map(({ length }) => length),
      count / left,
      count,
    );
    const places = decks.flatMap((deck, label) => deck.splice(0, shares[label]!));
    return pick(all, createRandom(seed, stream).shuffle(places));
  };
  const test = take(sizes.test, 10);
  const search = take(sizes.search, 11);
  return { test, search, train: take(sizes.train, 12) };
}

/** Whole numbers near counts * share that add up to `total`. */
function largestRemainders(counts: readonly number[], share: number, total: number): number[] {
  const whole = counts.map((count) => Math.floor(count * share));
  const order = counts
    .map((count, index) => ({ index, rest: count * share - whole[index]! }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  let missing = total - whole.reduce((sum, count) => sum + count, 0);
  for (const { index } of order) if (missing-- > 0) whole[index]!++;
  return whole;
}

/** The digits at some places, in that order. */
export function pick({ side, pixels, labels }: Digits, places: readonly number[]): Digits {
  const each = side * side;
  const picked: Digits = {
    count: places.length,
    side,
    labels: Uint8Array.from(places, (place) => labels[place]!),
    pixels: new Uint8Array(places.length * each),
  };
  for (const [to, place] of places.entries()) {
    picked.pixels.set(pixels.subarray(place * each, (place + 1) * each), to * each);
  }
  return picked;
}
