/**
 * $random and the distributions, by the algorithms that IEEE 1364-2005 section 17.9.3 gives as source: the same seed gives the same stream in
 * every simulator. Seeds are 32-bit; each function answers its value and the seed after it.
 */
import { exp, log } from '../../../core/math.ts';

export interface Drawn {
  value: number;
  seed: number;
}

const INT_MIN = -2147483648;
const INT_MAX = 2147483647;

/** A stream of draws on one seed. */
class Stream {
  constructor(public seed: number) {}

  uniform(start: number, end: number): number {
    if (this.seed === 0) this.seed = 259341593;
    const [a, b] = start >= end ? [0, 2147483647] : [start, end];
    this.seed = (Math.imul(69069, this.seed) + 1) | 0;
    // The upper 23 bits as the fraction of a single-precision number from 1 to 2.
    const c = 1 + (this.seed >>> 9) / 8388608;
    const spread = c + c * 0.00000011920928955078125;
    return (b - a) * (spread - 1) + a;
  }

  integer(start: number, end: number): number {
    if (start >= end) return start;
    if (end !== INT_MAX) {
      const whole = towardsMinus(this.uniform(start, end + 1));
      return Math.min(Math.max(whole, start), end);
    }
    if (start !== INT_MIN) {
      const whole = towardsMinus(this.uniform(start - 1, end) + 1);
      return Math.min(Math.max(whole, start), end);
    }
    const share = (this.uniform(start, end) + 2147483648) / 4294967295;
    return towardsMinus(share * 4294967296 - 2147483648) | 0;
  }

  normal(mean: number, deviation: number): number {
    let [s, v1] = [1, 0];
    while (s >= 1 || s === 0) {
      v1 = this.uniform(-1, 1);
      const v2 = this.uniform(-1, 1);
      s = v1 * v1 + v2 * v2;
    }
    return v1 * Math.sqrt((-2 * log(s)) / s) * deviation + mean;
  }

  exponential(mean: number): number {
    const n = this.uniform(0, 1);
    return n === 0 ? 0 : -log(n) * mean;
  }

  poisson(mean: number): number {
    const limit = exp(-mean);
    let n = 0;
    let q = this.uniform(0, 1);
    while (limit < q) {
      n++;
      q *= this.uniform(0, 1);
    }
    return n;
  }

  chiSquare(freedom: number): number {
    let x = 0;
    if (freedom % 2 !== 0) {
      x = this.normal(0, 1);
      x *= x;
    }
    for (let k = 2; k <= freedom; k += 2) x += 2 * this.exponential(1);
    return x;
  }

  studentT(freedom: number): number {
    const root = Math.sqrt(this.chiSquare(freedom) / freedom);
    return this.normal(0, 1) / root;
  }

  erlang(stages: number, mean: number): number {
    let x = 1;
    for (let i = 1; i <= stages; i++) x *= this.uniform(0, 1);
    return (-mean * log(x)) / stages;
  }
}

function towardsMinus(value: number): number {
  return value >= 0 ? Math.trunc(value) : Math.trunc(value - 1);
}

function rounded(value: number): number {
  return value >= 0 ? Math.trunc(value + 0.5) : -Math.trunc(-value + 0.5);
}

/** `$random`: all 32-bit integers alike. */
export function random(seed: number): Drawn {
  const stream = new Stream(seed);
  return { value: stream.integer(INT_MIN, INT_MAX), seed: stream.seed };
}

/** `$urandom` and `$urandom_range`: unsigned, from least to most inclusive. */
export function unsignedRange(seed: number, least: number, most: number): Drawn {
  const stream = new Stream(seed);
  return { value: stream.integer(least + INT_MIN, most + INT_MIN) - INT_MIN, seed: stream.seed };
}

/** `$dist_<name>(seed, ...)`. Undefined: a mean, degree or count of stages that is not positive. */
export function distribution(name: string, seed: number, one: number, two: number): Drawn | undefined {
  const stream = new Stream(seed);
  const done = (value: number): Drawn => ({ value: rounded(value), seed: stream.seed });
  switch (name) {
    case 'uniform':
      return { value: stream.integer(one, two), seed: stream.seed };
    case 'normal':
      return done(stream.normal(one, two));
    case 'exponential':
      return one > 0 ? done(stream.exponential(one)) : undefined;
    case 'poisson':
      return one > 0 ? { value: stream.poisson(one), seed: stream.seed } : undefined;
    case 'chi_square':
      return one > 0 ? done(stream.chiSquare(one)) : undefined;
    case 't':
      return one > 0 ? done(stream.studentT(one)) : undefined;
    case 'erlang':
      return one > 0 ? done(stream.erlang(one, two)) : undefined;
    default:
      return undefined;
  }
}
