import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';

/** MobileNet v1, width 1.0 (Howard et al. 2017, Table 1). */
export function mobilenetV1(): Graph {
  const b = new GraphBuilder('mobilenet-v1');
  let x = b.input('data', ['batch', 3, 224, 224]);
  x = b.relu(b.convNorm(x, 32, { kernel: 3, stride: 2, pads: 1 }, 'conv'));
  const blocks: [channels: number, stride: number][] = [
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [512, 2],
    [512, 1],
    [512, 1],
    [512, 1],
    [512, 1],
    [512, 1],
    [1024, 2],
    [1024, 1],
  ];
  for (const [index, [channels, stride]] of blocks.entries()) {
    x = b.scope(`block${index + 1}`, () => {
      const groups = x.shape[1] as number;
      const y = b.relu(b.convNorm(x, groups, { kernel: 3, stride, pads: 1, groups }, 'depthwise'));
      return b.relu(b.convNorm(y, channels, { kernel: 1 }, 'pointwise'));
    });
  }
  return b.output(b.gemm(b.flatten(b.globalAveragePool(x, 'pool')), 1000, 'fc'));
}

/** Expansion, channels, repetitions, stride (Sandler et al. 2018, Table 2). */
const V2: [expand: number, channels: number, times: number, stride: number][] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** MobileNet v2, width 1.0, with torchvision's order of layers. */
export function mobilenetV2(): Graph {
  const b = new GraphBuilder('mobilenet-v2');
  let x = b.input('data', ['batch', 3, 224, 224]);
  x = b.relu6(b.convNorm(x, 32, { kernel: 3, stride: 2, pads: 1 }, 'conv'));
  let index = 0;
  for (const [expand, channels, times, firstStride] of V2) {
    for (let time = 0; time < times; time++) {
      const stride = time === 0 ? firstStride : 1;
      x = b.scope(`block${++index}`, () => invertedResidual(b, x, expand, channels, stride));
    }
  }
  x = b.relu6(b.convNorm(x, 1280, { kernel: 1 }, 'conv_last'));
  x = b.reshape(b.globalAveragePool(x, 'pool'), [0, -1], ['batch', 1280], 'reshape');
  return b.output(b.gemm(x, 1000, 'fc'));
}

function invertedResidual(b: GraphBuilder, x: Value, expand: number, channels: number, stride: number): Value {
  const inputs = x.shape[1] as number;
  const groups = inputs * expand;
  let y = x;
  if (expand !== 1) y = b.relu6(b.convNorm(y, groups, { kernel: 1 }, 'expand'));
  y = b.relu6(b.convNorm(y, groups, { kernel: 3, stride, pads: 1, groups }, 'depthwise'));
  y = b.convNorm(y, channels, { kernel: 1 }, 'project');
  return stride === 1 && inputs === channels ? b.add(x, y, 'add') : y;
}
