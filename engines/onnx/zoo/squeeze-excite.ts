import type { GraphBuilder, Value } from '../builder.ts';

/** Squeeze and excitation (Hu et al. 2017): every channel is scaled by a number that the means of all channels give. */
export function squeezeExcite(
  b: GraphBuilder,
  x: Value,
  squeezed: number,
  between: (y: Value) => Value,
  gate: (y: Value) => Value,
): Value {
  return b.scope('squeeze', () => {
    let y = b.globalAveragePool(x, 'pool');
    y = between(b.conv(y, squeezed, { kernel: 1 }, 'reduce'));
    y = gate(b.conv(y, x.shape[1] as number, { kernel: 1 }, 'expand'));
    return b.mul(x, y, 'scale');
  });
}
