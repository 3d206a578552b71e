import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';

/** YOLOv3-tiny at 416 x 416 for 80 classes (darknet, yolov3-tiny.cfg), up to the two outputs before they are decoded. */
export function yolov3Tiny(): Graph {
  const b = new GraphBuilder('yolov3-tiny');
  const conv = (x: Value, channels: number, kernel: number, name: string): Value => {
    const y = b.convNorm(x, channels, { kernel, pads: (kernel - 1) / 2 }, name);
    return b.unary('LeakyRelu', y, `${name}_leaky`, { alpha: { float: 0.1 } });
  };
  let x = b.input('data', ['batch', 3, 416, 416]);
  for (const [index, channels] of [16, 32, 64, 128].entries()) {
    x = conv(x, channels, 3, `conv${index + 1}`);
    x = b.maxPool(x, { kernel: 2, stride: 2 }, `pool${index + 1}`);
  }
  const fine = conv(x, 256, 3, 'conv5');
  x = b.maxPool(fine, { kernel: 2, stride: 2 }, 'pool5');
  x = conv(x, 512, 3, 'conv6');
  x = b.maxPool(x, { kernel: 2, stride: 1, pads: [0, 0, 1, 1] }, 'pool6');
  x = conv(x, 1024, 3, 'conv7');
  const middle = conv(x, 256, 1, 'conv8');
  const coarse = b.scope('coarse', () => b.conv(conv(middle, 512, 3, 'conv1'), 255, { kernel: 1 }, 'conv2'));
  const second = b.scope('fine', () => {
    const y = conv(middle, 128, 1, 'conv1');
    const scales = b.constant('scales', 'float32', [1, 1, 2, 2]);
    const [batch = 1, channels = 1] = y.shape;
    const up = b.op('Resize', [y, undefined, scales], [batch, channels, 26, 26], { mode: 'nearest' }, 'upsample');
    return b.conv(conv(b.concat([up, fine], 1, 'concat'), 256, 3, 'conv2'), 255, { kernel: 1 }, 'conv3');
  });
  return b.output(coarse, second);
}
