/*
 * Scales of small blocks as llama.cpp's K-quants search for them (`make_qx_quants`, `make_q3_quants`, `make_qkx2_quants` of
 * `ggml-quants.c`): weighted least squares between codes and numbers, in float32, every operation rounded on its own and in
 * that order, because the order decides the bytes.
 */

const f = Math.fround;

/** Blocks whose largest magnitude is below this count as zero. */
export const NOTHING = f(1e-15);

/** Whole number next to a float32, ties to even, within +-4,194,303 (beyond, llama.cpp's trick has no meaning). */
export function nearestInt(x: number): number {
  if (!(x > -4_194_303)) return Number.isNaN(x) ? 0 : -4_194_303;
  if (x > 4_194_303) return 4_194_303;
  return f(x + 12_582_912) - 12_582_912;
}

function between(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}

/** The first number of the largest magnitude. */
function extreme(x: Float32Array): number {
  let most = 0;
  for (const v of x) if (Math.abs(v) > Math.abs(most)) most = v;
  return most;
}

/**
 * Signed codes -half..half-1 (written to `codes` plus `half`) and the scale that fits them best, numbers weighted by their
 * squares, among 19 scales around the one that puts the extreme number at -half.
 */
export function fitSigned(x: Float32Array, half: number, codes: Uint8Array): number {
  const most = extreme(x);
  codes.fill(0);
  if (Math.abs(most) < NOTHING) return 0;
  const sums = (inverse: number) => {
    let [withX, withCode] = [0, 0];
    for (const v of x) {
      const code = between(nearestInt(f(inverse * v)), -half, half - 1);
      const weight = f(v * v);
      withX = f(withX + f(f(weight * v) * code));
      withCode = f(withCode + f(f(weight * code) * code));
    }
    return [withX, withCode] as const;
  };
  const take = (inverse: number) => {
    for (let i = 0; i < x.length; i += 1) {
      codes[i] = between(nearestInt(f(inverse * x[i]!)), -half, half - 1) + half;
    }
  };
  const start = f(-half / most);
  const [withX, withCode] = sums(start);
  take(start);
  let scale = withCode === 0 ? 0 : f(withX / withCode);
  let best = f(scale * withX);
  for (let tenths = -9; tenths <= 9; tenths += 1) {
    if (tenths === 0) continue;
    const inverse = f(-f(half + f(f(0.1) * tenths)) / most);
    const [x1, x2] = sums(inverse);
    if (x2 > 0 && f(x1 * x1) > f(best * x2)) {
      take(inverse);
      scale = f(x1 / x2);
      best = f(scale * x1);
    }
  }
  return scale;
}

/** Signed codes -4..3 (written plus 4) and their scale: one code after another is moved while that fits better. */
export function fitThreeBits(x: Float32Array, codes: Uint8Array): number {
  const most = extreme(x);
  codes.fill(0);
  if (Math.abs(most) < NOTHING) return 0;
  const inverse = f(-4 / most);
  const signed = Array.from(x, (v) => between(nearestInt(f(inverse * v)), -4, 3));
  let [withX, withCode] = [0, 0];
  for (const [i, v] of x.entries()) {
    const weight = f(v * v);
    withX = f(withX + f(f(weight * v) * signed[i]!));
    withCode = f(withCode + f(f(weight * signed[i]!) * signed[i]!));
  }
  for (let round = 0; round < 5; round += 1) {
    let moved = false;
    for (const [i, v] of x.entries()) {
      const code = signed[i]!;
      const weight = f(v * v);
      let x1 = f(withX - f(f(weight * v) * code));
      if (!(x1 > 0)) continue;
      let x2 = f(withCode - f(f(weight * code) * code));
      const other = between(nearestInt(f(f(v * x2) / x1)), -4, 3);
      if (other === code) continue;
      x1 = f(x1 + f(f(weight * v) * other));
      x2 = f(x2 + f(f(weight * other) * other));
      if (x2 > 0 && f(f(x1 * x1) * withCode) > f(f(withX * withX) * x2)) {
        signed[i] = other;
        [withX, withCode] = [x1, x2];
        moved = true;
      }
    }
    if (!moved) break;
  }
  for (const [i, code] of signed.entries()) codes[i] = code + 4;
  return withCode > 0 ? f(withX / withCode) : 0;
}

/** How `fitWithMinimum` searches: codes 0..top, steps of a tenth from `from` up, absolute or squared differences. */
export interface MinimumSearch {
  top: number;
  from: number;
  steps: number;
  absolute: boolean;
}

/** Codes 0..top, a scale and a minimum (0 or below; `minimum` is its magnitude) that fit weighted numbers best. */
export function fitWithMinimum(
  x: Float32Array,
  weights: Float32Array,
  codes: Uint8Array,
  { top, from, steps, absolute }: MinimumSearch,
): { scale: number; minimum: number } {
  let [low, high] = [x[0]!, x[0]!];
  let [sumWeight, sumX] = [0, 0];
  for (let i = 0; i < x.length; i += 1) {
    const v = x[i]!;
    if (v < low) low = v;
    if (v > high) high = v;
    sumWeight = f(sumWeight + weights[i]!);
    sumX = f(sumX + f(weights[i]! * v));
  }
  if (low > 0) low = 0;
  codes.fill(0);
  if (high === low) return { scale: 0, minimum: 0 - low };
  // `low` moves with the best fit so far, and with it the grid of the scales that are still tried.
  const trial = new Uint8Array(x.length);
  const assign = (inverse: number, into: Uint8Array) => {
    for (let i = 0; i < x.length; i += 1) into[i] = between(nearestInt(f(inverse * f(x[i]! - low))), 0, top);
  };
  const errorOf = (candidate: Uint8Array, scale: number, minimum: number) => {
    let error = 0;
    for (let i = 0; i < x.length; i += 1) {
      const difference = f(f(f(scale * candidate[i]!) + minimum) - x[i]!);
      error = f(error + f(weights[i]! * (absolute ? Math.abs(difference) : f(difference * difference))));
    }
    return error;
  };
  const first = f(top / f(high - low));
  let scale = f(1 / first);
  assign(first, codes);
  let best = errorOf(codes, scale, low);
  for (let step = 0; step <= steps; step += 1) {
    assign(f(f(f(from + f(f(0.1) * step)) + top) / f(high - low)), trial);
    let [sumCode, sumCode2, sumCodeX] = [0, 0, 0];
    for (let i = 0; i < x.length; i += 1) {
      const weighted = f(weights[i]! * trial[i]!);
      sumCode = f(sumCode + weighted);
      sumCode2 = f(sumCode2 + f(weighted * trial[i]!));
      sumCodeX = f(sumCodeX + f(weighted * x[i]!));
    }
    const determinant = f(f(sumWeight * sumCode2) - f(sumCode * sumCode));
    if (!(determinant > 0)) continue;
    let thisScale = f(f(f(sumWeight * sumCodeX) - f(sumX * sumCode)) / determinant);
    let thisLow = f(f(f(sumCode2 * sumX) - f(sumCode * sumCodeX)) / determinant);
    if (thisLow > 0) {
      thisLow = 0;
      thisScale = f(sumCodeX / sumCode2);
    }
    const error = errorOf(trial, thisScale, thisLow);
    if (error < best) {
      codes.set(trial);
      best = error;
      scale = thisScale;
      low = thisLow;
    }
  }
  return { scale, minimum: 0 - low };
}
