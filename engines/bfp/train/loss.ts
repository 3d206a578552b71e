import * as math from '../../core/math.ts';

/** Softmax of outputs. */
export function softmax(outputs: ArrayLike<number>): Float64Array {
  const shares = Float64Array.from(outputs);
  const most = shares.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (const [at, output] of shares.entries()) {
    shares[at] = math.exp(output - most);
    sum += shares[at]!;
  }
  return shares.map((share) => share / sum);
}

/** Cross-entropy (nats) of one sample's softmax with its class, and its gradient: softmax minus the class, times `scale`. */
export function crossEntropy(
  outputs: ArrayLike<number>,
  label: number,
  scale: number,
): { loss: number; gradient: Float64Array } {
  const gradient = softmax(outputs);
  // A share that underflows would make the loss infinite; the smallest double ends it at 745.
  const loss = -math.log(Math.max(gradient[label]!, Number.MIN_VALUE));
  gradient[label]! -= 1;
  return { loss, gradient: gradient.map((part) => part * scale) };
}
