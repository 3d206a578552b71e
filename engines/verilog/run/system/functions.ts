/** The mathematical system functions (IEEE 1800-2012 section 20.8.2), by arithmetic that is the same on every machine. */
import { cos, exp, expm1, log, log1p, log10, pow, sin, tanh } from '../../../core/math.ts';

const PI = Math.PI;

/** atan of 0.5, 1, 1.5 and infinity, each in two parts. */
const CENTRES: readonly (readonly [number, number])[] = [
  [0.4636476090008061, 2.2698777452961687e-17],
  [0.7853981633974483, 3.061616997868383e-17],
  [0.982793723247329, 1.3903311031230998e-17],
  [1.5707963267948966, 6.123233995736766e-17],
];
/** Of the odd polynomial for |x| < 7/16 (Sun's fdlibm). */
const SERIES = [
  0.3333333333333293, -0.19999999999876483, 0.14285714272503466, -0.11111110405462356, 0.09090887133436507,
  -0.0769187620504483, 0.06661073137387531, -0.058335701337905735, 0.049768779946159324, -0.036531572744216916,
  0.016285820115365782,
];

function atan(x: number): number {
  const size = Math.abs(x);
  if (!(size < 2 ** 66)) return Number.isNaN(x) ? x : x < 0 ? -PI / 2 : PI / 2;
  let centre = -1;
  let y = size;
  if (size >= 7 / 16) {
    if (size < 11 / 16) [centre, y] = [0, (2 * size - 1) / (2 + size)];
    else if (size < 19 / 16) [centre, y] = [1, (size - 1) / (size + 1)];
    else if (size < 39 / 16) [centre, y] = [2, (size - 1.5) / (1 + 1.5 * size)];
    else [centre, y] = [3, -1 / size];
  }
  const z = y * y;
  let sum = 0;
  for (let i = SERIES.length - 1; i >= 0; i--) sum = sum * z + SERIES[i]!;
  const bend = y * z * sum;
  const [high, low] = CENTRES[centre] ?? [0, 0];
  const result = centre < 0 ? y - bend : high - (bend - low - y);
  return x < 0 || Object.is(x, -0) ? -result : result;
}

function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const below = y < 0 || Object.is(y, -0);
  const left = x < 0 || Object.is(x, -0);
  const both = Math.abs(x) === Number.POSITIVE_INFINITY && Math.abs(y) === Number.POSITIVE_INFINITY;
  const size = y === 0 ? 0 : both ? PI / 4 : atan(Math.abs(y / x));
  const angle = left ? PI - size : size;
  return below ? -angle : angle;
}

const asin = (x: number) => (Math.abs(x) > 1 ? Number.NaN : atan2(x, Math.sqrt((1 - x) * (1 + x))));

function sinh(x: number): number {
  const size = Math.abs(x);
  const sign = x < 0 || Object.is(x, -0) ? -0.5 : 0.5;
  if (size > 22) return sign * exp(size / 2) * exp(size / 2);
  const grown = expm1(size);
  return sign * (grown + grown / (grown + 1));
}

function asinh(x: number): number {
  const size = Math.abs(x);
  const value = size > 1e8 ? log(size) + log(2) : log1p(size + (size * size) / (1 + Math.sqrt(1 + size * size)));
  return x < 0 || Object.is(x, -0) ? -value : value;
}

function hypot(x: number, y: number): number {
  const [most, least] = [Math.max(Math.abs(x), Math.abs(y)), Math.min(Math.abs(x), Math.abs(y))];
  if (most === 0 || !Number.isFinite(most)) return most;
  const share = least / most;
  return least < 1e150 && most < 1e150 && most > 1e-150
    ? Math.sqrt(x * x + y * y)
    : most * Math.sqrt(1 + share * share);
}

export const MATH: Record<string, (x: number, y: number) => number> = {
  $ln: (x) => log(x),
  $log10: (x) => log10(x),
  $exp: (x) => exp(x),
  $sqrt: (x) => Math.sqrt(x),
  $pow: (x, y) => pow(x, y),
  $floor: (x) => Math.floor(x),
  $ceil: (x) => Math.ceil(x),
  $sin: (x) => sin(x),
  $cos: (x) => cos(x),
  $tan: (x) => sin(x) / cos(x),
  $asin: asin,
  $acos: (x) => (Math.abs(x) > 1 ? Number.NaN : atan2(Math.sqrt((1 - x) * (1 + x)), x)),
  $atan: atan,
  $atan2: (y, x) => atan2(y, x),
  $hypot: (x, y) => hypot(x, y),
  $sinh: sinh,
  $cosh: (x) => {
    const half = exp(Math.abs(x) / 2);
    return Math.abs(x) > 22 ? 0.5 * half * half : 0.5 * (exp(x) + exp(-x));
  },
  $tanh: (x) => tanh(x),
  $asinh: asinh,
  $acosh: (x) => {
    if (x > 1e8) return log(x) + log(2);
    return log1p(x - 1 + Math.sqrt((x - 1) * (x + 1)));
  },
  $atanh: (x) => 0.5 * log1p((2 * x) / (1 - x)),
  $abs: (x) => Math.abs(x),
  $min: (x, y) => Math.min(x, y),
  $max: (x, y) => Math.max(x, y),
};
