import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';

/**
 * The studio's own small network for handwritten digits (28 x 28, ink from 0 to 1): three convolutions of 16, 32 and 64
 * channels, largest-value pooling after each, and two fully connected layers. No normalisation.
 */
export function digitsCnn(): Graph {
  const b = new GraphBuilder('digits-cnn');
  let x = b.input('data', ['batch', 1, 28, 28]);
  for (const [index, channels] of [16, 32, 64].entries()) {
    x = b.relu(b.conv(x, channels, { kernel: 3, pads: 1 }, `conv${index + 1}`), `relu${index + 1}`);
    x = b.maxPool(x, { kernel: 2, stride: 2 }, `pool${index + 1}`);
  }
  x = b.relu(b.gemm(b.flatten(x), 64, 'fc1'), 'relu4');
  return b.output(b.gemm(x, 10, 'fc2'));
}

const STAGES = [
  { channels: 16, blocks: 3 },
  { channels: 32, blocks: 2 },
  { channels: 48, blocks: 1 },
];

/**
 * The studio's own residual network for handwritten digits: 15 convolutions in basic blocks (He et al. 2015) at 14 x 14,
 * 7 x 7 and 4 x 4, biases in the place of normalisation (Zhang et al. 2019, "Fixup initialization").
 */
export function digitsResnet(): Graph {
  const b = new GraphBuilder('digits-resnet');
  const input = b.input('data', ['batch', 1, 28, 28]);
  let x = b.scope('stem', () => {
    const y = b.relu(b.conv(input, STAGES[0]!.channels, { kernel: 3, pads: 1 }, 'conv'));
    return b.maxPool(y, { kernel: 2, stride: 2 }, 'pool');
  });
  for (const [stage, { channels, blocks }] of STAGES.entries()) {
    x = b.scope(`stage${stage + 1}`, () => {
      let y = x;
      for (let block = 1; block <= blocks; block++) {
        const stride = stage > 0 && block === 1 ? 2 : 1;
        y = b.scope(`block${block}`, () => basicBlock(b, y, channels, stride));
      }
      return y;
    });
  }
  return b.output(b.scope('head', () => b.gemm(b.flatten(b.globalAveragePool(x, 'pool')), 10, 'fc')));
}

function basicBlock(b: GraphBuilder, x: Value, channels: number, stride: number): Value {
  const shortcut = stride === 1 ? x : b.conv(x, channels, { kernel: 1, stride }, 'shortcut');
  let y = b.relu(b.conv(x, channels, { kernel: 3, stride, pads: 1 }, 'conv1'));
  y = b.conv(y, channels, { kernel: 3, pads: 1 }, 'conv2');
  return b.relu(b.add(shortcut, y, 'add'), 'relu_out');
}
