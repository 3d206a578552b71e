import { math } from '../../core/index.ts';
import type { Activation, Eltwise, Layer } from '../network.ts';
import { type NumberArray, stridesOf, zeros } from './arrays.ts';

/** Gauss error function by Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7: what GELU needs. */
export function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const value = 1 - series * math.exp(-x * x);
  return x < 0 ? -value : value;
}

const sigmoid = (x: number) => 1 / (1 + math.exp(-x));
const clamp = (x: number, least: number, most: number) => Math.min(Math.max(x, least), most);

/** The functions that networks put behind a layer, as ONNX defines them. */
export function activate(
  how: Activation,
  x: number,
  { min, max, alpha }: Partial<NonNullable<Layer['activation']>> = {},
) {
  switch (how) {
    case 'relu':
      return Math.max(x, 0);
    case 'clip':
      return clamp(x, min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY);
    case 'tanh':
      return math.tanh(x);
    case 'sigmoid':
      return sigmoid(x);
    case 'gelu':
      return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
    case 'silu':
      return x * sigmoid(x);
    case 'hard-sigmoid':
      return clamp((alpha ?? 1 / 6) * x + 0.5, 0, 1);
    case 'hard-swish':
      return x * clamp(x / 6 + 0.5, 0, 1);
    case 'leaky-relu':
      return x < 0 ? (alpha ?? 0.01) * x : x;
    case 'mish':
      return x * math.tanh(math.log1p(math.exp(x)));
  }
}

function apply(how: Eltwise['how'], a: number, b: number): number {
  switch (how) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return a / b;
    case 'max':
      return Math.max(a, b);
    case 'min':
      return Math.min(a, b);
    case 'pow':
      return math.pow(a, b);
  }
}

/** Element by element, operands stretched over axes where they have one entry (ONNX broadcasting). */
export function combine(
  how: Eltwise['how'],
  a: NumberArray,
  b: NumberArray,
  outputShape: readonly number[],
): NumberArray {
  const output = zeros(outputShape);
  const strides = stridesOf(outputShape);
  const steps = [a, b].map(({ shape }) => {
    const own = stridesOf(shape);
    const missing = outputShape.length - shape.length;
    return outputShape.map((_, axis) => ((shape[axis - missing] ?? 1) === 1 ? 0 : own[axis - missing]!));
  });
  for (let at = 0; at < output.data.length; at++) {
    let rest = at;
    let first = 0;
    let second = 0;
    for (let axis = 0; axis < strides.length; axis++) {
      const index = Math.floor(rest / strides[axis]!);
      rest -= index * strides[axis]!;
      first += index * steps[0]![axis]!;
      second += index * steps[1]![axis]!;
    }
    output.data[at] = apply(how, a.data[first]!, b.data[second]!);
  }
  return output;
}
