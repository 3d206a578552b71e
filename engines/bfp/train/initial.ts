import { createRandom } from '../../core/random.ts';
import type { Net } from './net.ts';

/**
 * Starting weights by seed. Normally distributed with variance 2 / inputs (He et al. 2015). Where there are residual
 * branches, they begin as nothing: the last convolution of each is 0, the ones before it are smaller by the square root of
 * the number of branches (Zhang et al. 2019, "Fixup initialization", for branches of two); so no normalisation is needed.
 * The last layer of a residual network starts at 0 too. Biases are 0.
 */
export function initialWeights({ parameters, steps, output }: Net, seed: number): Float32Array[] {
  const branches = steps.filter((step) => step.op === 'add');
  const scales = new Map<number, number>();
  for (const { other, input } of branches) {
    const last = steps.find((step) => step.output === other && step.op === 'conv' && step.patches.kernel[0] > 1);
    if (!last || !('weight' in last)) continue;
    scales.set(last.weight, 0);
    const first = steps.find((step) => step.output === last.input);
    if (first && 'weight' in first && first.output !== input) scales.set(first.weight, 1 / Math.sqrt(branches.length));
  }
  const head = steps.find((step) => step.output === output);
  if (branches.length > 0 && head && 'weight' in head) scales.set(head.weight, 0);
  return parameters.map(({ kind, rows, rowLength }, index) => {
    const random = createRandom(seed, index);
    const deviation = kind === 'weight' ? Math.sqrt(2 / rowLength) * (scales.get(index) ?? 1) : 0;
    return Float32Array.from({ length: rows * rowLength }, () => deviation * random.normal());
  });
}
