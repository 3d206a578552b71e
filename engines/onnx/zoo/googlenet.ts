import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';

/** Channels of an inception module: 1x1; 3x3 reduced, 3x3; 5x5 reduced, 5x5; after the pool (paper, Table 1). */
type Sizes = [one: number, three: [number, number], five: [number, number], pool: number];

const MODULES: Record<string, Sizes> = {
  '3a': [64, [96, 128], [16, 32], 32],
  '3b': [128, [128, 192], [32, 96], 64],
  '4a': [192, [96, 208], [16, 48], 64],
  '4b': [160, [112, 224], [24, 64], 64],
  '4c': [128, [128, 256], [24, 64], 64],
  '4d': [112, [144, 288], [32, 64], 64],
  '4e': [256, [160, 320], [32, 128], 128],
  '5a': [256, [160, 320], [32, 128], 128],
  '5b': [384, [192, 384], [48, 128], 128],
};

/**
 * GoogLeNet (Szegedy et al. 2014) as the ONNX model zoo has it from Caffe: no batch normalisation, true 5 x 5 convolutions,
 * no auxiliary heads, pools rounded up.
 */
export function googlenet(): Graph {
  const b = new GraphBuilder('googlenet');
  let x = b.input('data', ['batch', 3, 224, 224]);
  const half = { kernel: 3, stride: 2, pads: [0, 0, 2, 2] as [number, number, number, number] };
  x = b.relu(b.conv(x, 64, { kernel: 7, stride: 2, pads: 3 }, 'conv1'));
  x = b.lrn(b.maxPool(x, half, 'pool1'), 'norm1');
  x = b.relu(b.conv(x, 64, { kernel: 1 }, 'conv2_reduce'));
  x = b.relu(b.conv(x, 192, { kernel: 3, pads: 1 }, 'conv2'));
  x = b.maxPool(b.lrn(x, 'norm2'), half, 'pool2');
  for (const [name, sizes] of Object.entries(MODULES)) {
    if (name === '4a') x = b.maxPool(x, half, 'pool3');
    if (name === '5a') x = b.maxPool(x, half, 'pool4');
    x = b.scope(`inception_${name}`, () => inception(b, x, sizes));
  }
  x = b.dropout(b.averagePool(x, { kernel: 7 }, 'pool5'), 'dropout');
  x = b.reshape(x, [0, -1], ['batch', 1024], 'reshape');
  return b.output(b.softmax(b.gemm(x, 1000, 'classifier'), 1, 'prob'));
}

function inception(b: GraphBuilder, x: Value, [one, three, five, pool]: Sizes): Value {
  const conv = (from: Value, channels: number, kernel: number, name: string): Value =>
    b.relu(b.conv(from, channels, { kernel, pads: (kernel - 1) / 2 }, name));
  const branches = [
    conv(x, one, 1, '1x1'),
    conv(conv(x, three[0], 1, '3x3_reduce'), three[1], 3, '3x3'),
    conv(conv(x, five[0], 1, '5x5_reduce'), five[1], 5, '5x5'),
    conv(b.maxPool(x, { kernel: 3, pads: 1 }, 'pool'), pool, 1, 'pool_proj'),
  ];
  return b.concat(branches, 1, 'output');
}
