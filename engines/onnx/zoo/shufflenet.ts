import { GraphBuilder, type Value } from '../builder.ts';
import type { Dim, Graph } from '../types.ts';

/**
 * ShuffleNet v1 with three groups, width 1.0 (Zhang et al. 2017, Table 1), as the ONNX model zoo has it from Caffe2. The
 * very first 1 x 1 convolution has no groups, since its input has 24 channels only (paper, section 3.2).
 */
export function shufflenetV1(): Graph {
  const groups = 3;
  const b = new GraphBuilder('shufflenet-v1-g3');
  let x = b.input('data', ['batch', 3, 224, 224]);
  x = b.relu(b.convNorm(x, 24, { kernel: 3, stride: 2, pads: 1 }, 'conv1'));
  x = b.maxPool(x, { kernel: 3, stride: 2, pads: 1 }, 'pool1');
  for (const [stage, units] of [4, 8, 4].entries()) {
    const channels = 240 << stage;
    x = b.scope(`stage${stage + 2}`, () => {
      let y = x;
      for (let unit = 1; unit <= units; unit++)
        y = b.scope(`unit${unit}`, () => unitV1(b, y, channels, groups, unit === 1, stage === 0 && unit === 1));
      return y;
    });
  }
  x = b.reshape(b.averagePool(x, { kernel: 7 }, 'pool'), [0, -1], ['batch', 960], 'reshape');
  return b.output(b.softmax(b.gemm(x, 1000, 'fc'), 1, 'softmax'));
}

function unitV1(b: GraphBuilder, x: Value, channels: number, groups: number, down: boolean, first: boolean): Value {
  const inputs = x.shape[1] as number;
  const middle = channels / 4;
  let y = b.relu(b.convNorm(x, middle, { kernel: 1, groups: first ? 1 : groups }, 'reduce'));
  y = shuffle(b, y, groups);
  y = b.convNorm(y, middle, { kernel: 3, stride: down ? 2 : 1, pads: 1, groups: middle }, 'depthwise');
  y = b.convNorm(y, down ? channels - inputs : channels, { kernel: 1, groups }, 'expand');
  if (!down) return b.relu(b.add(x, y, 'add'), 'relu_out');
  const shortcut = b.averagePool(x, { kernel: 3, stride: 2, pads: 1 }, 'shortcut');
  return b.relu(b.concat([shortcut, y], 1, 'concat'), 'relu_out');
}

/** Channels (group, member) become (member, group). */
function shuffle(b: GraphBuilder, x: Value, groups: number): Value {
  const [batch, channels, height, width] = x.shape as [Dim, number, number, number];
  const members = channels / groups;
  return b.scope('shuffle', () => {
    let y = b.reshape(x, [0, groups, members, height, width], [batch, groups, members, height, width], 'split');
    y = b.transpose(y, [0, 2, 1, 3, 4], 'exchange');
    return b.reshape(y, [0, channels, height, width], [batch, channels, height, width], 'join');
  });
}

/** ShuffleNet v2, width 1.0 (Ma et al. 2018, Table 5), with torchvision's order of layers. */
export function shufflenetV2(): Graph {
  const b = new GraphBuilder('shufflenet-v2');
  let x = b.input('data', ['batch', 3, 224, 224]);
  x = b.relu(b.convNorm(x, 24, { kernel: 3, stride: 2, pads: 1 }, 'conv1'));
  x = b.maxPool(x, { kernel: 3, stride: 2, pads: 1 }, 'pool1');
  for (const [stage, units] of [4, 8, 4].entries()) {
    const channels = 116 << stage;
    x = b.scope(`stage${stage + 2}`, () => {
      let y = x;
      for (let unit = 1; unit <= units; unit++) y = b.scope(`unit${unit}`, () => unitV2(b, y, channels, unit === 1));
      return y;
    });
  }
  x = b.relu(b.convNorm(x, 1024, { kernel: 1 }, 'conv5'));
  return b.output(b.gemm(b.flatten(b.globalAveragePool(x, 'pool')), 1000, 'fc'));
}

function unitV2(b: GraphBuilder, x: Value, channels: number, down: boolean): Value {
  const half = channels / 2;
  const branch = (from: Value): Value => {
    const y = b.relu(b.convNorm(from, half, { kernel: 1 }, 'branch2_first'));
    const z = b.convNorm(y, half, { kernel: 3, stride: down ? 2 : 1, pads: 1, groups: half }, 'branch2_depthwise');
    return b.relu(b.convNorm(z, half, { kernel: 1 }, 'branch2_last'));
  };
  if (!down) {
    const part = (start: number, name: string): Value => channelSlice(b, x, start, start + half, name);
    const kept = part(0, 'keep');
    return shuffle(b, b.concat([kept, branch(part(half, 'take'))], 1, 'concat'), 2);
  }
  const inputs = x.shape[1] as number;
  const z = b.convNorm(x, inputs, { kernel: 3, stride: 2, pads: 1, groups: inputs }, 'branch1_depthwise');
  const shortcut = b.relu(b.convNorm(z, half, { kernel: 1 }, 'branch1_last'));
  return shuffle(b, b.concat([shortcut, branch(x)], 1, 'concat'), 2);
}

function channelSlice(b: GraphBuilder, x: Value, start: number, end: number, name: string): Value {
  const bounds = [
    b.constant(`${name}.start`, 'int64', [start]),
    b.constant(`${name}.end`, 'int64', [end]),
    b.constant(`${name}.axis`, 'int64', [1]),
  ];
  const [batch, , height, width] = x.shape as [Dim, Dim, Dim, Dim];
  return b.op('Slice', [x, ...bounds], [batch, end - start, height, width], {}, name);
}
