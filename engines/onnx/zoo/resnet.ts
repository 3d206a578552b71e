import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';

const BLOCKS = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3] } as const;

/**
 * ResNet (He et al. 2015) as the ONNX model zoo's "v1" files have it, from MXNet Gluon: batch normalisation apart, the
 * stride of a bottleneck in its first 1 x 1 convolution, whose 1 x 1 convolutions keep a bias.
 */
export function resnet(depth: keyof typeof BLOCKS): Graph {
  const b = new GraphBuilder(`resnet${depth}`);
  const bottleneck = depth >= 50;
  const input = b.input('data', ['batch', 3, 224, 224]);
  let x = b.scope('stem', () => {
    const y = b.relu(b.convNorm(input, 64, { kernel: 7, stride: 2, pads: 3 }, 'conv'));
    return b.maxPool(y, { kernel: 3, stride: 2, pads: 1 }, 'pool');
  });
  for (const [stage, blocks] of BLOCKS[depth].entries()) {
    const channels = 64 << stage;
    x = b.scope(`stage${stage + 1}`, () => {
      let y = x;
      for (let block = 1; block <= blocks; block++) {
        const stride = stage > 0 && block === 1 ? 2 : 1;
        y = b.scope(`block${block}`, () =>
          (bottleneck ? bottleneckBlock : basicBlock)(b, y, channels, stride, block === 1),
        );
      }
      return y;
    });
  }
  return b.output(b.scope('head', () => b.gemm(b.flatten(b.globalAveragePool(x, 'pool')), 1000, 'fc')));
}

function basicBlock(b: GraphBuilder, x: Value, channels: number, stride: number): Value {
  // The shortcut's convolution comes first in the files with basic blocks, and last in those with bottlenecks.
  const shortcut = stride === 1 ? x : b.convNorm(x, channels, { kernel: 1, stride }, 'shortcut');
  let y = b.relu(b.convNorm(x, channels, { kernel: 3, stride, pads: 1 }, 'conv1'));
  y = b.convNorm(y, channels, { kernel: 3, pads: 1 }, 'conv2');
  return b.relu(b.add(shortcut, y, 'add'), 'relu_out');
}

function bottleneckBlock(b: GraphBuilder, x: Value, channels: number, stride: number, first: boolean): Value {
  let y = b.relu(b.convNorm(x, channels, { kernel: 1, stride, bias: true }, 'conv1'));
  y = b.relu(b.convNorm(y, channels, { kernel: 3, pads: 1 }, 'conv2'));
  y = b.convNorm(y, channels * 4, { kernel: 1, bias: true }, 'conv3');
  const shortcut = first ? b.convNorm(x, channels * 4, { kernel: 1, stride }, 'shortcut') : x;
  return b.relu(b.add(y, shortcut, 'add'), 'relu_out');
}
