import { GraphBuilder, type Value } from '../builder.ts';
import type { Graph } from '../types.ts';

/**
 * LeNet-5 as it is commonly built today (LeCun et al. 1998, with largest-value pooling, ReLU, and full connections in the
 * second convolution): 28 x 28, 6 and 16 maps, 120, 84 and 10 outputs.
 */
export function lenet5(): Graph {
  const b = new GraphBuilder('lenet5');
  let x = b.input('data', ['batch', 1, 28, 28]);
  x = b.relu(b.conv(x, 6, { kernel: 5, pads: 2 }, 'conv1'), 'relu1');
  x = b.maxPool(x, { kernel: 2, stride: 2 }, 'pool1');
  x = b.relu(b.conv(x, 16, { kernel: 5 }, 'conv2'), 'relu2');
  x = b.maxPool(x, { kernel: 2, stride: 2 }, 'pool2');
  x = b.flatten(x);
  x = b.relu(b.gemm(x, 120, 'fc1'), 'relu3');
  x = b.relu(b.gemm(x, 84, 'fc2'), 'relu4');
  return b.output(b.gemm(x, 10, 'fc3'));
}

type Side = 0 | [number, number, number, number];

/**
 * AlexNet (Krizhevsky et al. 2012) as the ONNX model zoo has it from Caffe2: 224 x 224 without padding in the first layer
 * (54 x 54 maps), two groups in the second, fourth and fifth convolution, normalisation before pooling.
 */
export function alexnet(): Graph {
  return caffe('alexnet', { poolFirst: false, classes: 1000, pads: [0, 0, [0, 0, 1, 1]], softmax: true });
}

/**
 * CaffeNet (BVLC reference CaffeNet) as the ONNX model zoo has it: as AlexNet, but pooled before it is normalised, pools
 * rounded up as Caffe does.
 */
export function caffenet(): Graph {
  return caffe('caffenet', { poolFirst: true, classes: 1000, pads: CEILED, softmax: true });
}

/** R-CNN's network for ILSVRC 2013 detection (Girshick et al. 2014): CaffeNet with 200 outputs and no softmax. */
export function rcnnIlsvrc13(): Graph {
  return caffe('rcnn-ilsvrc13', { poolFirst: true, classes: 200, pads: CEILED, softmax: false });
}

const CEILED: Side[] = [
  [0, 0, 2, 2],
  [0, 0, 1, 1],
  [0, 0, 1, 1],
];

interface Form {
  poolFirst: boolean;
  classes: number;
  pads: Side[];
  softmax: boolean;
}

function caffe(name: string, { poolFirst, classes, pads, softmax }: Form): Graph {
  const b = new GraphBuilder(name);
  const shrink = (from: Value, index: 0 | 1): Value => {
    const norm = (x: Value): Value => b.lrn(x, `norm${index + 1}`);
    const pool = (x: Value): Value => b.maxPool(x, { kernel: 3, stride: 2, pads: pads[index] }, `pool${index + 1}`);
    return poolFirst ? norm(pool(from)) : pool(norm(from));
  };
  let x = b.input('data', ['batch', 3, 224, 224]);
  x = b.relu(b.conv(x, 96, { kernel: 11, stride: 4 }, 'conv1'), 'relu1');
  x = shrink(x, 0);
  x = b.relu(b.conv(x, 256, { kernel: 5, pads: 2, groups: 2 }, 'conv2'), 'relu2');
  x = shrink(x, 1);
  x = b.relu(b.conv(x, 384, { kernel: 3, pads: 1 }, 'conv3'), 'relu3');
  x = b.relu(b.conv(x, 384, { kernel: 3, pads: 1, groups: 2 }, 'conv4'), 'relu4');
  x = b.relu(b.conv(x, 256, { kernel: 3, pads: 1, groups: 2 }, 'conv5'), 'relu5');
  x = b.maxPool(x, { kernel: 3, stride: 2, pads: pads[2] }, 'pool5');
  x = b.reshape(x, [0, -1], ['batch', 9216], 'reshape');
  x = b.dropout(b.relu(b.gemm(x, 4096, 'fc6'), 'relu6'), 'drop6');
  x = b.dropout(b.relu(b.gemm(x, 4096, 'fc7'), 'relu7'), 'drop7');
  x = b.gemm(x, classes, 'fc8');
  return b.output(softmax ? b.softmax(x, 1, 'prob') : x);
}
