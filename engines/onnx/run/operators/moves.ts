import { int, text } from '../../attributes.ts';
import { CannotRun } from '../cannot-run.ts';
import type { Context } from '../context.ts';
import { denseStrides, isDense, orderOf, reshaped, sizeOf, sliced, transposed, type View } from '../views.ts';
import type { Operators, Prepare } from './types.ts';

const axisOf = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

/** The same elements in another shape: without a copy where strides can say it. */
const reshape: Prepare = (context) => {
  const shape = context.outputShape();
  const input = context.input();
  const view = reshaped(input, shape);
  if (view) context.set(view);
  else context.set({ ...context.dense(input), shape, strides: denseStrides(shape) });
};

const transpose: Prepare = (context) => {
  const input = context.input();
  const perm = context.node.attributes.perm;
  const order = perm?.kind === 'ints' ? perm.value : [...input.shape.keys()].reverse();
  context.set(transposed(input, order));
};

const same: Prepare = (context) => context.set(context.input());

const dropout: Prepare = (context) => {
  if (context.readers.scalar(context.node.inputs[2]) ?? 0)
    throw new CannotRun('drops elements at random, as in training', 'Export the model for inference.');
  same(context);
};

const slice: Prepare = (context) => {
  const { attributes } = context.node;
  const list = (name: string, index: number) => {
    const found = attributes[name];
    return found?.kind === 'ints' ? found.value : context.numbers(index);
  };
  let view = context.input();
  const rank = view.shape.length;
  const starts = list('starts', 1) ?? [];
  const axes = list('axes', 3) ?? starts.map((_, axis) => axis);
  const steps = context.numbers(4) ?? starts.map(() => 1);
  const sizes = context.outputShape();
  for (const [index, given] of axes.entries()) {
    const axis = axisOf(given, rank);
    const size = view.shape[axis]!;
    const step = steps[index]!;
    const from = starts[index]! < 0 ? starts[index]! + size : starts[index]!;
    const start = step > 0 ? Math.min(Math.max(from, 0), size) : Math.min(Math.max(from, -1), size - 1);
    view = sliced(view, axis, sizes[axis] === 0 ? 0 : start, sizes[axis]!, step);
  }
  context.set(view);
};

const split: Prepare = (context) => {
  const view = context.input();
  const axis = axisOf(int(context.node.attributes, 'axis', 0), view.shape.length);
  let start = 0;
  for (const [index, name] of context.node.outputs.entries()) {
    // An output left out has no name and no known size: all are equal then but the last.
    const count = name ? context.outputShape(index)[axis]! : Math.ceil(view.shape[axis]! / context.node.outputs.length);
    context.set(sliced(view, axis, start, count), index);
    start += count;
  }
};

const concat: Prepare = (context) => {
  const { node, program } = context;
  const views = node.inputs.map((name) => context.view(name));
  const shape = context.outputShape();
  const axis = axisOf(int(node.attributes, 'axis', 0), shape.length);
  const largest = views.reduce((best, view) => (sizeOf(view.shape) > sizeOf(best.shape) ? view : best));
  const order = isDense(largest) ? orderOf(largest) : [...shape.keys()];
  const result = context.tensor(shape, order);
  let start = 0;
  for (const view of views) {
    const count = view.shape[axis]!;
    if (count > 0) program.copy(view, sliced(result, axis, start, count), order);
    start += count;
  }
  context.set(result);
};

const expand: Prepare = (context) => {
  const shape = context.outputShape();
  const input = context.input();
  const missing = shape.length - input.shape.length;
  const strides = shape.map((_, axis) =>
    (input.shape[axis - missing] ?? 1) === 1 ? 0 : input.strides[axis - missing]!,
  );
  context.set({ ...input, shape, strides });
};

/** An axis of a, repeated b times, is a pair of axes b, a of which the first has stride 0. */
const tile: Prepare = (context) => {
  const input = context.input();
  const shape = context.outputShape();
  const pairs = shape.flatMap((size, axis) => [
    input.shape[axis] === 0 ? 0 : size / input.shape[axis]!,
    input.shape[axis]!,
  ]);
  const strides = input.strides.flatMap((stride) => [0, stride]);
  const result = context.dense({ ...input, shape: pairs, strides });
  context.set({ ...result, shape, strides: denseStrides(shape) });
};

const pad: Prepare = (context) => {
  const { node, program } = context;
  const { memory } = program;
  const input = context.input();
  const rank = input.shape.length;
  const found = node.attributes.pads;
  const given = found?.kind === 'ints' ? found.value : context.numbers(1)!;
  const axes = context.numbers(3)?.map((axis) => axisOf(axis, rank)) ?? [...input.shape.keys()];
  const begin = new Array<number>(rank).fill(0);
  for (const [index, axis] of axes.entries()) begin[axis] = given[index]!;
  const mode = text(node.attributes, 'mode', 'constant');
  const shape = context.outputShape();
  if (mode !== 'constant') {
    let view = input;
    for (const [axis, start] of begin.entries()) {
      if (shape[axis] === view.shape[axis] && start === 0) continue;
      view = picked(context, view, axis, sourcePlaces(mode, shape[axis]!, view.shape[axis]!, start));
    }
    context.set(view);
    return;
  }
  const value = context.has(2) ? context.readers.scalar(node.inputs[2]) : valueAttribute(context);
  if (value === undefined) throw new CannotRun('pads with a value that is computed, not constant');
  const order = isDense(input) ? orderOf(input) : [...shape.keys()];
  const result = context.tensor(shape, order);
  context.step(() => {
    const at = program.address(result) / 4;
    memory.floats.fill(value, at, at + sizeOf(shape));
  });
  let target = result;
  let source = input;
  for (const [axis, start] of begin.entries()) {
    // Negative pads cut off.
    const cut = Math.max(0, -start);
    const count = Math.min(input.shape[axis]! - cut, shape[axis]! - Math.max(0, start));
    source = sliced(source, axis, cut, count);
    target = sliced(target, axis, Math.max(0, start), count);
  }
  program.copy(source, target, order);
  context.set(result);
};

function valueAttribute({ node }: Context): number {
  const found = node.attributes.value;
  return found?.kind === 'float' || found?.kind === 'int' ? found.value : 0;
}

/** Which element each place of a padded axis repeats. */
function sourcePlaces(mode: string, size: number, from: number, start: number): number[] {
  return Array.from({ length: size }, (_, index) => {
    const place = index - start;
    if (mode === 'edge') return Math.min(Math.max(place, 0), from - 1);
    if (mode === 'wrap') return ((place % from) + from) % from;
    if (mode !== 'reflect') throw new CannotRun(`pads in the mode "${mode}"`);
    if (from === 1) return 0;
    const period = 2 * (from - 1);
    const within = ((place % period) + period) % period;
    return within < from ? within : period - within;
  });
}

/** The listed places of an axis, one after the other. */
export function picked(context: Context, view: View, axis: number, places: readonly number[]): View {
  const shape = [...view.shape];
  shape[axis] = places.length;
  const result = context.tensor(shape, isDense(view) ? orderOf(view) : undefined);
  for (let at = 0; at < places.length; ) {
    // Neighbours that stay neighbours are copied together.
    let count = 1;
    while (at + count < places.length && places[at + count] === places[at]! + count) count += 1;
    context.program.copy(sliced(view, axis, places[at]!, count), sliced(result, axis, at, count), orderOf(result));
    at += count;
  }
  return result;
}

const gather: Prepare = (context) => {
  const { node, program } = context;
  const data = context.input();
  const axis = axisOf(int(node.attributes, 'axis', 0), data.shape.length);
  const size = data.shape[axis]!;
  const indices = context.constant(node.inputs[1]!);
  if (indices && indices.data.length === 1) {
    const one = sliced(data, axis, axisOf(indices.data[0]!, size), 1);
    if (indices.shape.length === 1) context.set(one);
    else {
      const kept = [...data.shape.keys()].filter((other) => other !== axis);
      const view = { ...one, shape: kept.map((at) => one.shape[at]!), strides: kept.map((at) => one.strides[at]!) };
      if (indices.shape.length === 0) context.set(view);
      else reshapeTo(context, view);
    }
    return;
  }
  const shape = context.outputShape();
  const from = context.dense(data);
  const places = context.dense(context.input(1));
  const before = sizeOf(data.shape.slice(0, axis));
  const after = sizeOf(data.shape.slice(axis + 1));
  const count = sizeOf(places.shape);
  const result = context.tensor(shape);
  context.step(() => {
    const { floats } = program.memory;
    const source = program.address(from) / 4;
    const list = program.elements(places);
    let to = program.address(result) / 4;
    for (let block = 0; block < before; block += 1) {
      for (let at = 0; at < count; at += 1) {
        const index = list[at]! < 0 ? list[at]! + size : list[at]!;
        const start = source + (block * size + Math.min(Math.max(index, 0), size - 1)) * after;
        floats.copyWithin(to, start, start + after);
        to += after;
      }
    }
  });
  context.set(result);
};

function reshapeTo(context: Context, view: View): void {
  const shape = context.outputShape();
  context.set(reshaped(view, shape) ?? { ...context.dense(view), shape, strides: denseStrides(shape) });
}

/** Blocks of channels to places of a larger image, and back: an exchange of axes between two reshapes. */
function blocks(toSpace: boolean): Prepare {
  return (context) => {
    const { attributes } = context.node;
    const side = int(attributes, 'blocksize', 1);
    const input = context.input();
    const [n, c, h, w] = input.shape as [number, number, number, number];
    const columnsFirst = text(attributes, 'mode', 'DCR') === 'CRD';
    const parts = toSpace
      ? columnsFirst
        ? [n, c / side / side, side, side, h, w]
        : [n, side, side, c / side / side, h, w]
      : [n, c, h / side, side, w / side, side];
    const order = toSpace ? (columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]) : [0, 3, 5, 1, 2, 4];
    const apart = reshaped(input, parts) ?? { ...context.dense(input), shape: parts, strides: denseStrides(parts) };
    reshapeTo(context, transposed(apart, order));
  };
}

export const moves: Operators = {
  Reshape: reshape,
  Flatten: reshape,
  Squeeze: reshape,
  Unsqueeze: reshape,
  Transpose: transpose,
  Identity: same,
  Dropout: dropout,
  Slice: slice,
  Split: split,
  Concat: concat,
  Expand: expand,
  Tile: tile,
  Pad: pad,
  Gather: gather,
  DepthToSpace: blocks(true),
  SpaceToDepth: blocks(false),
};
