import { GraphBuilder } from '../builder.ts';
import type { Graph } from '../types.ts';

/** Convolutions of each stage, all 3 x 3, each stage ending in a pool (Simonyan and Zisserman 2014, Table 1, A, D and E). */
const STAGES = { 11: [1, 1, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4] } as const;

export function vgg(depth: keyof typeof STAGES): Graph {
  const b = new GraphBuilder(`vgg${depth}`);
  let x = b.input('data', ['batch', 3, 224, 224]);
  for (const [stage, convs] of STAGES[depth].entries()) {
    const channels = Math.min(64 << stage, 512);
    x = b.scope(`stage${stage + 1}`, () => {
      let y = x;
      for (let conv = 1; conv <= convs; conv++)
        y = b.relu(b.conv(y, channels, { kernel: 3, pads: 1 }, `conv${conv}`), `relu${conv}`);
      return b.maxPool(y, { kernel: 2, stride: 2 }, 'pool');
    });
  }
  // Dropout and a second flattening as the ONNX model zoo has them; both go when the network is folded.
  x = b.scope('classifier', () => {
    let y = b.relu(b.gemm(b.flatten(x), 4096, 'fc1'), 'relu1');
    y = b.relu(b.gemm(b.flatten(b.dropout(y, 'dropout1')), 4096, 'fc2'), 'relu2');
    return b.gemm(b.flatten(b.dropout(y, 'dropout2')), 1000, 'fc3');
  });
  return b.output(x);
}

/**
 * VGG-8 as compilers for crossbars use it, on 28 x 28 images of one channel. The TCAD paper of PIMCOMP does not list its
 * layers; ours: 3 x 3 convolutions of 128, 128, 256, 256, 512 and 512 maps with a pool after every second, FC 1024 and 10.
 */
export function vgg8(): Graph {
  const b = new GraphBuilder('vgg8');
  let x = b.input('data', ['batch', 1, 28, 28]);
  for (const [stage, channels] of [128, 256, 512].entries()) {
    x = b.scope(`stage${stage + 1}`, () => {
      let y = x;
      for (const conv of [1, 2]) y = b.relu(b.conv(y, channels, { kernel: 3, pads: 1 }, `conv${conv}`), `relu${conv}`);
      return b.maxPool(y, { kernel: 2, stride: 2 }, 'pool');
    });
  }
  x = b.scope('classifier', () => {
    const y = b.relu(b.gemm(b.flatten(x), 1024, 'fc1'), 'relu1');
    return b.gemm(y, 10, 'fc2');
  });
  return b.output(x);
}
