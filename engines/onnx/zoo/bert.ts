import { GraphBuilder } from '../builder.ts';
import type { Graph } from '../types.ts';
import { attend, embed, gelu, layerNorm } from './transformer-parts.ts';

const SIZES = { base: [12, 768, 12, 3072], large: [24, 1024, 16, 4096] } as const;

/** BERT (Devlin et al. 2018, uncased: 30,522 words) with its pooler and without a task's head. */
export function bert(size: keyof typeof SIZES): Graph {
  const [layers, width, heads, hidden] = SIZES[size];
  const b = new GraphBuilder(`bert-${size}`);
  const ids = b.input('input_ids', ['batch', 'sequence'], 'int64');
  const types = b.input('token_type_ids', ['batch', 'sequence'], 'int64');
  const places = b.input('position_ids', ['batch', 'sequence'], 'int64');
  const mask = b.input('mask', ['batch', 1, 1, 'sequence']);
  let x = b.scope('embeddings', () => {
    const words = embed(b, ids, 30522, width, 'words');
    const kinds = embed(b, types, 2, width, 'kinds');
    const sum = b.add(b.add(words, kinds, 'add1'), embed(b, places, 512, width, 'positions'), 'add2');
    return layerNorm(b, sum, 'norm', 1e-12);
  });
  for (let layer = 0; layer < layers; layer++) {
    x = b.scope(`layer${layer}`, () => {
      const mixed = b.scope('attention', () => {
        const parts = { q: b.linear(x, width, 'query'), k: b.linear(x, width, 'key'), v: b.linear(x, width, 'value') };
        return b.linear(attend({ b, mask }, parts, { heads, headSize: width / heads }), width, 'out');
      });
      const y = layerNorm(b, b.add(mixed, x, 'add1'), 'norm1', 1e-12);
      const z = b.scope('mlp', () => b.linear(gelu(b, b.linear(y, hidden, 'fc1')), width, 'fc2'));
      return layerNorm(b, b.add(z, y, 'add2'), 'norm2', 1e-12);
    });
  }
  const pooled = b.scope('pooler', () => {
    const first = b.op('Gather', [x, b.constant('first', 'int64', 0)], ['batch', width], { axis: 1 }, 'token');
    return b.unary('Tanh', b.gemm(first, width, 'fc'), 'tanh');
  });
  return b.output(x, pooled);
}
