import type { Dim } from '../types.ts';
import type { Fact, NodeFacts, Rule } from './facts.ts';

interface Window {
  kernel: readonly Dim[];
  strides: readonly number[];
  dilations: readonly number[];
  /** Beginnings, then ends. */
  pads: readonly number[] | 'same' | 'valid';
  roundUp: boolean;
}

function attributesOf(node: NodeFacts, kernel: readonly Dim[]): Window {
  const axes = kernel.length;
  const list = (name: string, absent: number, length: number): number[] => {
    const values = node.ints(name) ?? Array.from({ length }, () => absent);
    if (values.length !== length) node.fail(`has ${values.length} ${name} where ${length} are needed`);
    return values;
  };
  const strides = list('strides', 1, axes);
  const dilations = list('dilations', 1, axes);
  for (const value of [...strides, ...dilations]) {
    if (!(value > 0)) node.fail(`has a stride or dilation of ${value}; they are at least 1`);
  }
  const auto = node.string('auto_pad', 'NOTSET');
  const pads = auto.startsWith('SAME') ? 'same' : auto === 'VALID' ? 'valid' : list('pads', 0, 2 * axes);
  return { kernel, strides, dilations, pads, roundUp: node.int('ceil_mode', 0) === 1 };
}

/** Sizes after a window moved over the spatial axes: ONNX operators Conv and MaxPool. */
function slide(node: NodeFacts, spatial: readonly Dim[], sliding: Window): Dim[] {
  const { symbols } = node;
  return spatial.map((size, axis) => {
    const stride = sliding.strides[axis] ?? 1;
    if (sliding.pads === 'same') return symbols.ceilDivide(size, stride);
    const before = sliding.pads === 'valid' ? 0 : (sliding.pads[axis] ?? 0);
    const after = sliding.pads === 'valid' ? 0 : (sliding.pads[axis + spatial.length] ?? 0);
    const extent = symbols.add(
      symbols.multiply(sliding.dilations[axis] ?? 1, symbols.subtract(sliding.kernel[axis] ?? 1, 1)),
      1,
    );
    const room = symbols.subtract(symbols.add(size, before + after), extent);
    if (typeof room === 'number' && room < 0) {
      node.fail(
        `moves a window of ${extent} over ${size} elements padded by ${before + after}: the window does not fit`,
        'Give the model a larger input, or correct its padding.',
      );
    }
    if (!sliding.roundUp) return symbols.add(symbols.floorDivide(room, stride), 1);
    const up = symbols.add(symbols.ceilDivide(room, stride), 1);
    // A window that would start beyond the input and its first padding is left out; there is none where the window is wide.
    if (typeof extent === 'number' && extent >= after + stride) return up;
    return symbols.min(up, symbols.add(symbols.floorDivide(symbols.add(size, before - 1), stride), 1));
  });
}

/** Splits N x C x spatial, or fails for a rank below 3. */
function images(node: NodeFacts, index = 0): { batch: Dim; channels: Dim; spatial: Dim[] } | undefined {
  const shape = node.shape(index);
  if (!shape) return undefined;
  const [batch, channels, ...spatial] = shape;
  if (batch === undefined || channels === undefined || spatial.length === 0) {
    return node.fail(`takes images of rank 3 or more (N x C x ...), and its input has rank ${shape.length}`);
  }
  return { batch, channels, spatial };
}

function kernelOf(node: NodeFacts, weight: readonly Dim[] | undefined): Dim[] | undefined {
  return node.ints('kernel_shape') ?? weight?.slice(2);
}

function convolution(node: NodeFacts, weightIndex: number): Dim[] | undefined {
  const image = images(node);
  const weight = node.shape(weightIndex);
  const kernel = kernelOf(node, weight);
  if (!image || !kernel) return undefined;
  const { batch, channels, spatial } = image;
  if (kernel.length !== spatial.length) {
    node.fail(`has a kernel of ${kernel.length} axes over an input of ${spatial.length} spatial axes`);
  }
  const groups = node.int('group', 1);
  if (!(groups > 0)) node.fail(`has ${groups} groups; there is at least 1`);
  if (weight) {
    node.agree(
      node.symbols.multiply(weight[1] ?? 1, groups),
      channels,
      'The channels of its weight (times groups) and of its input do not fit',
    );
    const outputs = weight[0];
    if (typeof outputs === 'number' && outputs % groups !== 0) {
      node.fail(`has ${outputs} output channels, which do not divide into ${groups} groups`);
    }
  }
  const sliding = attributesOf(node, kernel);
  return [batch, weight?.[0] ?? node.unknown(1), ...slide(node, spatial, sliding)];
}

function transposed(node: NodeFacts): Dim[] | undefined {
  const image = images(node);
  const weight = node.shape(1);
  const kernel = kernelOf(node, weight);
  if (!image || !weight || !kernel) return undefined;
  const { symbols } = node;
  const sliding = attributesOf(node, kernel);
  const extra = node.ints('output_padding');
  const wanted = node.ints('output_shape');
  const spatial = image.spatial.map((size, axis) => {
    const stride = sliding.strides[axis] ?? 1;
    if (wanted) return wanted.length === image.spatial.length ? (wanted[axis] ?? 0) : (wanted[axis + 2] ?? 0);
    if (sliding.pads === 'same') return symbols.multiply(size, stride);
    const pads =
      sliding.pads === 'valid' ? 0 : (sliding.pads[axis] ?? 0) + (sliding.pads[axis + image.spatial.length] ?? 0);
    const extent = symbols.add(
      symbols.multiply(sliding.dilations[axis] ?? 1, symbols.subtract(kernel[axis] ?? 1, 1)),
      1,
    );
    const grown = symbols.add(symbols.multiply(symbols.subtract(size, 1), stride), extent);
    return symbols.add(grown, (extra?.[axis] ?? 0) - pads);
  });
  node.agree(weight[0] ?? 1, image.channels, 'The channels of its weight and of its input do not fit');
  return [image.batch, symbols.multiply(weight[1] ?? 1, node.int('group', 1)), ...spatial];
}

function pooled(node: NodeFacts): Dim[] | undefined {
  const image = images(node);
  const kernel = node.ints('kernel_shape');
  if (!kernel) return node.fail('has no kernel_shape');
  if (!image) return undefined;
  if (kernel.length !== image.spatial.length) {
    node.fail(`has a kernel of ${kernel.length} axes over an input of ${image.spatial.length} spatial axes`);
  }
  return [image.batch, image.channels, ...slide(node, image.spatial, attributesOf(node, kernel))];
}

const pool: Rule = (node) => {
  const shape = pooled(node);
  return [
    { type: node.type(), shape },
    { type: 'int64', shape },
  ];
};

const globalPool: Rule = (node) => {
  const image = images(node);
  return [{ type: node.type(), shape: image && [image.batch, image.channels, ...image.spatial.map(() => 1)] }];
};

/** Regions of interest: as many images as regions, of a fixed size. */
function regions(node: NodeFacts, size: readonly number[]): Fact[] {
  const image = images(node);
  const boxes = node.shape(1);
  return [{ type: node.type(), shape: image && boxes && [boxes[0] ?? 1, image.channels, ...size] }];
}

export const windows: Record<string, Rule> = {
  Conv: (node) => [{ type: node.type(), shape: convolution(node, 1) }],
  ConvInteger: (node) => [{ type: 'int32', shape: convolution(node, 1) }],
  QLinearConv: (node) => [{ type: node.type(7) ?? node.type(), shape: convolution(node, 3) }],
  DeformConv: (node) => [{ type: node.type(), shape: convolution(node, 1) }],
  ConvTranspose: (node) => [{ type: node.type(), shape: transposed(node) }],
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
  MaxRoiPool: (node) => regions(node, node.ints('pooled_shape') ?? [1, 1]),
  RoiAlign: (node) => regions(node, [node.int('output_height', 1), node.int('output_width', 1)]),
  MaxUnpool: (node) => {
    const wanted = node.elements(2);
    if (wanted) return [{ type: node.type(), shape: [...wanted] }];
    const image = images(node);
    const kernel = node.ints('kernel_shape');
    if (!image || !kernel || node.has(2)) return [{ type: node.type() }];
    const { strides, pads } = attributesOf(node, kernel);
    const spatial = image.spatial.map((size, axis) => {
      const cut = typeof pads === 'string' ? 0 : (pads[axis] ?? 0) + (pads[axis + kernel.length] ?? 0);
      const grown = node.symbols.multiply(node.symbols.subtract(size, 1), strides[axis] ?? 1);
      return node.symbols.add(grown, (kernel[axis] ?? 1) - cut);
    });
    return [{ type: node.type(), shape: [image.batch, image.channels, ...spatial] }];
  },
  Col2Im: (node) => {
    const shape = node.shape();
    const image = node.elements(1);
    const block = node.elements(2);
    if (!shape || !image || !block || shape.length !== 3) return [{ type: node.type() }];
    const channels = node.symbols.floorDivide(shape[1] ?? 1, node.symbols.product(block));
    return [{ type: node.type(), shape: [shape[0] ?? 1, channels, ...image] }];
  },
};
