import { createRandom } from '../../core/index.ts';
import type { Result } from '../../core/result.ts';
import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph, Model } from '../types.ts';

/** Seeded numbers of about unit size, every one a float32. */
export function numbers(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => 2 * random.float() - 1);
}

/** Fills the weights of a structure: small ones, variances above zero. */
export function withWeights(graph: Graph, seed = 1): Model {
  const weights = { ...graph.weights };
  for (const [index, [name, tensor]] of Object.entries(graph.weights).entries()) {
    if (tensor.data.in !== 'nowhere') continue;
    const count = tensor.shape.reduce((product, size) => product * size, 1);
    const inner = Math.max(1, count / (tensor.shape[0] ?? 1));
    const values = numbers(count, seed + index).map((value) =>
      name.endsWith('.variance') ? 1 + value / 2 : tensor.shape.length > 1 ? (2 * value) / Math.sqrt(inner) : value,
    );
    weights[name] = { ...tensor, data: { in: 'memory', bytes: new Uint8Array(values.buffer) } };
  }
  return { graph: { ...graph, weights }, irVersion: 8, opsets: { '': 17 }, producer: '' };
}

/** A model of one input of N x `shape`. */
export function modelOf(
  shape: number[],
  build: (b: GraphBuilder, x: Value) => Value,
  batch: number | string = 'N',
): Model {
  const builder = new GraphBuilder('test');
  const x = builder.input('x', [batch, ...shape]);
  return withWeights(builder.output(build(builder, x)));
}

/** Convolutions of every kind, pools and a head: what small networks are made of. */
export function smallNetwork(batch: number | string = 'N'): Model {
  return modelOf(
    [3, 13, 11],
    (b, x) => {
      const first = b.relu(b.convNorm(x, 10, { kernel: 3, pads: 1, stride: 2 }, 'first'), 'first_relu');
      const deep = b.unary(
        'HardSwish',
        b.convNorm(first, 10, { kernel: 5, pads: 2, groups: 10 }, 'deep'),
        'deep_swish',
      );
      const wide = b.relu6(b.conv(deep, 20, { kernel: 1 }, 'wide'), 'wide_relu');
      const grouped = b.silu(b.conv(wide, 16, { kernel: 3, pads: 1, groups: 2 }, 'grouped'), 'grouped_silu');
      const gate = b.unary('Sigmoid', b.conv(b.globalAveragePool(grouped, 'pool'), 16, { kernel: 1 }, 'gate'), 'gated');
      const both = b.concat([b.mul(grouped, gate, 'scaled'), grouped], 1, 'both');
      const last = b.maxPool(both, { kernel: 3, stride: 2, pads: 1 }, 'max');
      return b.softmax(b.gemm(b.flatten(last), 7, 'head'), -1, 'softmax');
    },
    batch,
  );
}

export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return result.value;
}

/** The largest difference, as a share of the largest element. */
export function worstError(found: ArrayLike<number>, truth: ArrayLike<number>): number {
  if (found.length !== truth.length) return Number.POSITIVE_INFINITY;
  let largest = 1e-6;
  let worst = 0;
  for (let at = 0; at < truth.length; at += 1) {
    largest = Math.max(largest, Math.abs(truth[at]!));
    const difference = Math.abs(found[at]! - truth[at]!);
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  return worst / largest;
}
