import { GraphBuilder } from '../builder.ts';
import type { Graph } from '../types.ts';
import { attend, gelu, layerNorm, projectTogether } from './transformer-parts.ts';

/** ViT-B/16 at 224 x 224 (Dosovitskiy et al. 2020), with torchvision's structure. */
export function vitB16({ batch = 1 }: Record<string, number>): Graph {
  const [layers, width, heads, hidden, patch] = [12, 768, 12, 3072, 16];
  const tokens = (224 / patch) ** 2;
  const b = new GraphBuilder('vit-b16');
  const image = b.input('data', [batch, 3, 224, 224]);
  let x = b.scope('embeddings', () => {
    const patches = b.conv(image, width, { kernel: patch, stride: patch }, 'patches');
    const flat = b.reshape(patches, [0, width, -1], [batch, width, tokens], 'flat');
    const rows = b.transpose(flat, [0, 2, 1], 'rows');
    const token = b.weight('class_token.weight', [1, 1, width]);
    const shape = b.constant('class_tokens.shape', 'int64', [batch, 1, 1]);
    const each = batch === 1 ? token : b.op('Expand', [token, shape], [batch, 1, width], {}, 'class_tokens');
    const all = b.concat([each, rows], 1, 'concat');
    return b.add(all, b.weight('positions.weight', [1, tokens + 1, width]), 'add_positions');
  });
  for (let layer = 0; layer < layers; layer++) {
    x = b.scope(`layer${layer}`, () => {
      const mixed = b.scope('attention', () => {
        const parts = projectTogether(b, layerNorm(b, x, 'norm', 1e-6), width);
        return b.linear(attend({ b }, parts, { heads, headSize: width / heads }), width, 'out');
      });
      const y = b.add(x, mixed, 'add1');
      const z = b.scope('mlp', () => {
        const wide = gelu(b, b.linear(layerNorm(b, y, 'norm', 1e-6), hidden, 'fc1'));
        return b.linear(wide, width, 'fc2');
      });
      return b.add(y, z, 'add2');
    });
  }
  return b.output(
    b.scope('head', () => {
      const normal = layerNorm(b, x, 'norm', 1e-6);
      const first = b.op('Gather', [normal, b.constant('first', 'int64', 0)], [batch, width], { axis: 1 }, 'token');
      return b.gemm(first, 1000, 'fc');
    }),
  );
}
