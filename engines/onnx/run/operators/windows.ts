import { math } from '../../../core/index.ts';
import { float, int, text } from '../../attributes.ts';
import { windowOf } from '../../to-network-windows.ts';
import { CannotRun } from '../cannot-run.ts';
import type { Context } from '../context.ts';
import { REDUCE } from '../kernel.ts';
import { channelsLast, range, sizeOf, type View } from '../views.ts';
import { asImage } from './convolution.ts';
import { reduced } from './reductions.ts';
import type { Operators, Prepare } from './types.ts';

function pool(mean: boolean): Prepare {
  return (context) => {
    const { node, program } = context;
    const { memory } = program;
    if (node.outputs[1]) throw new CannotRun('also answers with the places of its maxima');
    const shape = context.shapeOf(node.inputs[0]!);
    const outputShape = context.outputShape();
    const given = node.attributes.kernel_shape;
    const sliding = windowOf({ ...node, covers: [] }, given?.kind === 'ints' ? given.value : [], shape, outputShape);
    if (!sliding) throw new CannotRun(`has ${shape.length - 2} spatial axes`, 'Use a model on images or sequences.');
    const input = context.dense(asImage(context.input()), channelsLast(4));
    const [batch, channels, height, width] = input.shape as [number, number, number, number];
    const outSize = shape.length === 3 ? [1, outputShape[2]!] : outputShape.slice(2);
    const output = context.tensor([batch, channels, ...outSize], channelsLast(4));
    const pads = paddingThatCounts(context, sliding.pads);
    const fields = [
      ...[0, 0, batch, ...outSize, height, width, channels, ...sliding.kernel, ...sliding.stride],
      ...[sliding.pads[0], sliding.pads[1], ...sliding.dilation, mean ? 1 : 0],
      ...[int(node.attributes, 'count_include_pad', 0) === 1 ? 1 : 0, pads[2]!, pads[3]!],
    ];
    const at = memory.take(4 * fields.length);
    memory.words.set(fields, at / 4);
    context.step(() => {
      memory.words[at / 4] = program.address(input);
      memory.words[at / 4 + 1] = program.address(output);
      memory.kernel.pool(at);
    });
    context.set(shape.length === 3 ? withoutHeight(output) : output);
  };
}

/** What rounding the output up adds to the padding does not count in a divisor. */
function paddingThatCounts({ node }: Context, pads: readonly number[]): readonly number[] {
  const { attributes } = node;
  const given = attributes.pads?.kind === 'ints' ? attributes.pads.value : undefined;
  if (int(attributes, 'ceil_mode', 0) !== 1) return pads;
  if (!given) return [0, 0, 0, 0];
  return given.length === 2 ? [0, given[0]!, 0, given[1]!] : given;
}

function withoutHeight(view: View): View {
  const [n, c, , w] = view.shape as [number, number, number, number];
  const [byN, byC, , byW] = view.strides as [number, number, number, number];
  return { ...view, shape: [n, c, w], strides: [byN, byC, byW] };
}

const globalPool =
  (op: number): Prepare =>
  (context) => {
    const input = context.input();
    context.set(reduced(context, input, range(2, input.shape.length), op));
  };

/** Where a place of the output lies on an axis of the input, as ONNX defines the coordinate transformations. */
function coordinate(mode: string, at: number, size: number, from: number, scale: number): number {
  switch (mode) {
    case 'half_pixel':
      return (at + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return size > 1 ? (at + 0.5) / scale - 0.5 : 0;
    case 'align_corners':
      // By the length that the scale asks for, before it is rounded: as ONNX's own reference has it.
      return from * scale > 1 ? (at * (from - 1)) / (from * scale - 1) : 0;
    case 'asymmetric':
      return at / scale;
    default:
      throw new CannotRun(
        `resizes by "${mode}" coordinates`,
        'Export it with half_pixel, align_corners or asymmetric.',
      );
  }
}

function nearest(how: string, x: number): number {
  switch (how) {
    case 'floor':
      return Math.floor(x);
    case 'ceil':
      return Math.ceil(x);
    case 'round_prefer_ceil':
      return Math.floor(x + 0.5);
    default:
      return Math.ceil(x - 0.5);
  }
}

/** For every place along an axis of the output: two places of the input and the weight of the second. */
interface Along {
  first: Int32Array;
  second: Int32Array;
  weight: Float64Array;
}

/** Nearest and linear resizing of images, one axis after the other for each pixel. */
const resize: Prepare = (context) => {
  const { node, program } = context;
  const old = node.op === 'Upsample' || context.shared.opset < 11;
  const mode = text(node.attributes, 'mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear') throw new CannotRun(`resizes by the method "${mode}"`);
  if (int(node.attributes, 'antialias', 0) === 1) throw new CannotRun('resizes with antialiasing');
  const original = context.input();
  const shape = context.outputShape();
  if (
    original.shape.length < 3 ||
    original.shape.length > 4 ||
    shape[0] !== original.shape[0] ||
    shape[1] !== original.shape[1]
  ) {
    throw new CannotRun('resizes other axes than height and width');
  }
  const input = context.dense(asImage(original), channelsLast(4));
  const [batch, channels, height, width] = input.shape as [number, number, number, number];
  const [outHeight, outWidth] = (shape.length === 3 ? [1, shape[2]!] : shape.slice(2)) as [number, number];
  const transformation = old ? 'asymmetric' : text(node.attributes, 'coordinate_transformation_mode', 'half_pixel');
  const rounding = old ? 'floor' : text(node.attributes, 'nearest_mode', 'round_prefer_floor');
  const scales = scalesOf(context, old);
  const along = (size: number, from: number, axis: number): Along => {
    const given = scales?.[axis - 4 + (scales?.length ?? 0)];
    const made: Along = { first: new Int32Array(size), second: new Int32Array(size), weight: new Float64Array(size) };
    for (let at = 0; at < size; at += 1) {
      const x = size === from && !given ? at : coordinate(transformation, at, size, from, given ?? size / from);
      const low = mode === 'nearest' ? nearest(rounding, x) : Math.floor(x);
      made.first[at] = Math.min(Math.max(low, 0), from - 1);
      made.second[at] = Math.min(Math.max(low + 1, 0), from - 1);
      made.weight[at] = mode === 'nearest' ? 0 : x - low;
    }
    return made;
  };
  const rows = along(outHeight, height, 2);
  const columns = along(outWidth, width, 3);
  const output = context.tensor([batch, channels, outHeight, outWidth], channelsLast(4));
  context.step(() => {
    const { floats } = program.memory;
    const from = program.address(input) / 4;
    let to = program.address(output) / 4;
    for (let sample = 0; sample < batch; sample += 1) {
      const start = from + sample * height * width * channels;
      for (let y = 0; y < outHeight; y += 1) {
        const upper = start + rows.first[y]! * width * channels;
        const lower = start + rows.second[y]! * width * channels;
        const v = rows.weight[y]!;
        for (let x = 0; x < outWidth; x += 1) {
          const left = columns.first[x]! * channels;
          const right = columns.second[x]! * channels;
          const u = columns.weight[x]!;
          if (mode === 'nearest') floats.copyWithin(to, upper + left, upper + left + channels);
          else {
            for (let c = 0; c < channels; c += 1) {
              const above = floats[upper + left + c]! * (1 - u) + floats[upper + right + c]! * u;
              const below = floats[lower + left + c]! * (1 - u) + floats[lower + right + c]! * u;
              floats[to + c] = above * (1 - v) + below * v;
            }
          }
          to += channels;
        }
      }
    }
  });
  context.set(original.shape.length === 3 ? withoutHeight(output) : output);
};

function scalesOf(context: Context, old: boolean): number[] | undefined {
  const { attributes, op } = context.node;
  if (attributes.scales?.kind === 'floats') return attributes.scales.value;
  if (op === 'Upsample' || old) return context.numbers(1);
  return context.node.inputs[2] ? context.numbers(2) : undefined;
}

/** Divides by a power of the squares of neighbouring channels. */
const localResponse: Prepare = (context) => {
  const { attributes } = context.node;
  const { program } = context;
  const size = int(attributes, 'size', 1);
  const alpha = float(attributes, 'alpha', 1e-4);
  const beta = float(attributes, 'beta', 0.75);
  const bias = float(attributes, 'bias', 1);
  const input = context.dense(context.input(), channelsLast(context.input().shape.length));
  const channels = input.shape[1]!;
  const output = context.tensor(input.shape, channelsLast(input.shape.length));
  const before = Math.floor((size - 1) / 2);
  const after = Math.ceil((size - 1) / 2);
  context.step(() => {
    const from = program.elements(input);
    const to = program.elements(output);
    for (let pixel = 0; pixel < sizeOf(input.shape); pixel += channels) {
      for (let c = 0; c < channels; c += 1) {
        let squares = 0;
        for (let k = Math.max(0, c - before); k <= Math.min(channels - 1, c + after); k += 1)
          squares += from[pixel + k]! ** 2;
        to[pixel + c] = from[pixel + c]! / math.pow(bias + (alpha / size) * squares, beta);
      }
    }
  });
  context.set(output);
};

export const windows: Operators = {
  MaxPool: pool(false),
  AveragePool: pool(true),
  GlobalAveragePool: globalPool(REDUCE.mean),
  GlobalMaxPool: globalPool(REDUCE.max),
  Resize: resize,
  Upsample: resize,
  LRN: localResponse,
};
