import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';

/** SqueezeNet 1.0 (Iandola et al. 2016), its pools rounded up as in Caffe, where it comes from. */
export function squeezenet10(): Graph {
  const b = new GraphBuilder('squeezenet1.0');
  let x = b.input('data', ['batch', 3, 224, 224]);
  x = b.relu(b.conv(x, 96, { kernel: 7, stride: 2 }, 'conv1'));
  x = b.maxPool(x, { kernel: 3, stride: 2, pads: [0, 0, 1, 1] }, 'pool1');
  x = fires(b, x, 2, [
    [16, 64],
    [16, 64],
    [32, 128],
  ]);
  x = b.maxPool(x, { kernel: 3, stride: 2, pads: [0, 0, 1, 1] }, 'pool4');
  x = fires(b, x, 5, [
    [32, 128],
    [48, 192],
    [48, 192],
    [64, 256],
  ]);
  x = b.maxPool(x, { kernel: 3, stride: 2 }, 'pool8');
  x = fires(b, x, 9, [[64, 256]]);
  return head(b, x);
}

/** SqueezeNet 1.1 (the authors' later form, 2.4 times less work), as the ONNX model zoo has it. */
export function squeezenet11(): Graph {
  const b = new GraphBuilder('squeezenet1.1');
  let x = b.input('data', ['batch', 3, 224, 224]);
  x = b.relu(b.conv(x, 64, { kernel: 3, stride: 2 }, 'conv1'));
  x = b.maxPool(x, { kernel: 3, stride: 2 }, 'pool1');
  x = fires(b, x, 2, [
    [16, 64],
    [16, 64],
  ]);
  x = b.maxPool(x, { kernel: 3, stride: 2 }, 'pool3');
  x = fires(b, x, 4, [
    [32, 128],
    [32, 128],
  ]);
  x = b.maxPool(x, { kernel: 3, stride: 2 }, 'pool5');
  x = fires(b, x, 6, [
    [48, 192],
    [48, 192],
    [64, 256],
    [64, 256],
  ]);
  return head(b, x);
}

/** Squeeze to few channels, expand by 1 x 1 and 3 x 3 convolutions side by side. */
function fires(b: GraphBuilder, x: Value, first: number, sizes: [squeeze: number, expand: number][]): Value {
  return sizes.reduce(
    (y, [squeeze, expand], index) =>
      b.scope(`fire${first + index}`, () => {
        const squeezed = b.relu(b.conv(y, squeeze, { kernel: 1 }, 'squeeze1x1'));
        const small = b.relu(b.conv(squeezed, expand, { kernel: 1 }, 'expand1x1'));
        const large = b.relu(b.conv(squeezed, expand, { kernel: 3, pads: 1 }, 'expand3x3'));
        return b.concat([small, large], 1, 'concat');
      }),
    x,
  );
}

function head(b: GraphBuilder, x: Value): Graph {
  const y = b.relu(b.conv(b.dropout(x, 'drop9'), 1000, { kernel: 1 }, 'conv10'));
  return b.output(b.softmax(b.globalAveragePool(y, 'pool10'), 1, 'softmaxout'));
}
