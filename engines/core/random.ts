import { log } from './math.ts';

/** Words of the generator's state; not all zero. */
export type RandomState = [number, number, number, number];

/** Numbers that look random and are the same for the same seed on every machine. */
export interface Random {
  /** 32 uniform bits, 0 to 2^32 - 1. */
  bits(): number;
  /** Uniform in [0, 1), with 53 bits. */
  float(): number;
  /** Uniform whole number from 0 to `below` - 1, without bias. `below` is a whole number from 1 to 2^32. */
  int(below: number): number;
  /** Normally distributed with mean 0 and standard deviation 1. */
  normal(): number;
  /** A new list of the same items in uniformly random order. */
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * A generator for `seed` (any whole number from 0 to 2^32 - 1). `stream` gives further generators of the same seed that
 * have nothing to do with each other: one for each island, chunk or layer, numbered by the spec and never by the worker.
 */
export function createRandom(seed: number, stream = 0): Random {
  // xoshiro wants a state without structure. Different pairs of seed and stream give different states.
  const [fromSeed, fromStream] = [splitMix32(seed), splitMix32(~stream)];
  return fromState([fromSeed(), fromStream(), fromSeed(), fromStream()]);
}

/** xoshiro128** 1.1 (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021). */
export function fromState(state: RandomState): Random {
  let [a, b, c, d] = state;
  let spare: number | undefined;

  function bits(): number {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  }

  function float(): number {
    const high = bits() >>> 5;
    return (high * 0x4000000 + (bits() >>> 6)) / 0x20000000000000;
  }

  function int(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > 0x100000000) {
      throw new RangeError(`A random number below ${below} cannot be had: it must be a whole number from 1 to 2^32.`);
    }
    // Draws at or above the largest multiple of `below` would make the low numbers likelier.
    const fair = 0x100000000 - (0x100000000 % below);
    let draw = bits();
    while (draw >= fair) draw = bits();
    return draw % below;
  }

  /** Marsaglia's polar method, which makes two at a time and needs no trigonometry. */
  function normal(): number {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const x = 2 * float() - 1;
      const y = 2 * float() - 1;
      const square = x * x + y * y;
      if (square === 0 || square >= 1) continue;
      const scale = Math.sqrt((-2 * log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  }

  function shuffle<T>(items: readonly T[]): T[] {
    const list = items.slice();
    for (let last = list.length - 1; last > 0; last--) {
      const other = int(last + 1);
      [list[last], list[other]] = [list[other]!, list[last]!];
    }
    return list;
  }

  return { bits, float, int, normal, shuffle };
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** The finalizer of MurmurHash3: each bit of the input reaches each bit of the output. */
function mixed(word: number): number {
  let z = word;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** SplitMix with 32 bits: a Weyl sequence, mixed. */
function splitMix32(seed: number): () => number {
  let weyl = seed >>> 0;
  return () => {
    weyl = (weyl + 0x9e3779b9) >>> 0;
    return mixed(weyl);
  };
}
