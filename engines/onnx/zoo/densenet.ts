import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';

const GROWTH = 32;

/** DenseNet-121 (Huang et al. 2016, Table 1): normalised and activated before every convolution. */
export function densenet121(): Graph {
  const b = new GraphBuilder('densenet121');
  const normRelu = (x: Value, name: string): Value => b.relu(b.batchNorm(x, name), `${name}_relu`);
  let x = b.input('data', ['batch', 3, 224, 224]);
  x = b.scope('stem', () => {
    const y = b.relu(b.convNorm(x, 64, { kernel: 7, stride: 2, pads: 3 }, 'conv'));
    return b.maxPool(y, { kernel: 3, stride: 2, pads: 1 }, 'pool');
  });
  const blocks = [6, 12, 24, 16];
  for (const [block, layers] of blocks.entries()) {
    x = b.scope(`block${block + 1}`, () => {
      let y = x;
      for (let layer = 1; layer <= layers; layer++) y = b.scope(`layer${layer}`, () => denseLayer(b, y, normRelu));
      return y;
    });
    if (block === blocks.length - 1) continue;
    x = b.scope(`transition${block + 1}`, () => {
      const halved = (x.shape[1] as number) / 2;
      const y = b.conv(normRelu(x, 'norm'), halved, { kernel: 1, bias: false }, 'conv');
      return b.averagePool(y, { kernel: 2, stride: 2 }, 'pool');
    });
  }
  x = b.flatten(b.globalAveragePool(normRelu(x, 'norm_last'), 'pool'));
  return b.output(b.gemm(x, 1000, 'fc'));
}

function denseLayer(b: GraphBuilder, x: Value, normRelu: (x: Value, name: string) => Value): Value {
  const y = b.conv(normRelu(x, 'norm1'), 4 * GROWTH, { kernel: 1, bias: false }, 'conv1');
  const z = b.conv(normRelu(y, 'norm2'), GROWTH, { kernel: 3, pads: 1, bias: false }, 'conv2');
  return b.concat([x, z], 1, 'concat');
}
