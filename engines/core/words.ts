const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
/** Which half of a double holds sign, exponent and leading bits: the second on every machine that stores low bytes first. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
const LOW = 1 - HIGH;

/** Sign (1 bit), exponent (11, biased by 1023) and leading 20 bits of the significand, as a signed word. */
export function highWord(x: number): number {
  double[0] = x;
  return halves[HIGH]! | 0;
}

/** The trailing 32 bits of the significand, unsigned. */
export function lowWord(x: number): number {
  double[0] = x;
  return halves[LOW]!;
}

export function fromWords(high: number, low: number): number {
  halves[HIGH] = high;
  halves[LOW] = low;
  return double[0]!;
}

/** `x` with the trailing 32 bits of its significand cleared: products of two such numbers are exact. */
export function upperHalf(x: number): number {
  return fromWords(highWord(x), 0);
}

/** `x * 2^exponent` for a normal `x` and an exponent from -1200 to 2046, rounded once even where the result is subnormal. */
export function scale(x: number, exponent: number): number {
  if (exponent > 1023) return x * twoTo(1023) * twoTo(exponent - 1023);
  if (exponent >= -1022) return x * twoTo(exponent);
  // Through a normal number, so that only the last product rounds.
  return x * twoTo(exponent + 200) * twoTo(-200);
}

/** 2^exponent for -1022..1023, built and not computed. */
export function twoTo(exponent: number): number {
  return fromWords((exponent + 1023) << 20, 0);
}
