import type { Layer, Network } from '../../onnx/network.ts';
import type { CompileStyle } from '../style.ts';
import { constantElements, elementsOf, type GlobalLayout } from './common-regions.ts';

/** How the elements of a layer's output lie in global memory: element (i, j, ...) is at `at` + i * strides[0] + ... */
export interface View {
  /** The layer in whose region it lies. */
  owner: number;
  /** Global address of the first element. */
  at: number;
  /** Of the layer's own axes. */
  sizes: number[];
  /** 0: the same elements again and again (broadcast). */
  strides: number[];
}

export interface GlobalViews extends GlobalLayout {
  views: View[];
  /** Order of a layer's axes in its region, outermost first. */
  axes: number[][];
  /** Moves that are carried out, since no strides can express them or a reader needs them in order. */
  copied: Set<number>;
}

const PIXEL_MAJOR = [0, 2, 3, 1];

/** Layers whose operands must have the channels of each pixel together, and the pixels row by row. */
function readsPixels(layer: Layer): boolean {
  const { kind } = layer;
  if (kind.op === 'conv' || kind.op === 'pool' || kind.op === 'resize') return true;
  if (kind.op === 'move') return kind.how === 'shuffle';
  return kind.op === 'normalise' && layer.outputShape.length === 4 && ['lrn', 'batch', 'instance'].includes(kind.how);
}

/**
 * Where each layer writes its output straight into the concatenation that alone reads it: by layer, the concatenation and
 * the first of its channels that are this layer's. Only what convolutions and pools make, which store pixel by pixel.
 */
function insideOf(network: Network): Map<number, { into: Layer; channel: number }> {
  const inside = new Map<number, { into: Layer; channel: number }>();
  for (const into of network.layers) {
    const { kind, inputs, outputShape, consumers } = into;
    if (kind.op !== 'concat' || outputShape.length !== 4 || (kind.axis !== 1 && kind.axis !== -3)) continue;
    // An activation behind it is done while the parts are copied.
    if (into.activation || consumers.some((index) => network.layers[index]!.kind.op === 'activation')) continue;
    if (!storesPixels(network.layers[inputs[0]!]!)) continue;
    let channel = 0;
    for (const [operand, index] of inputs.entries()) {
      const maker = network.layers[index]!;
      if (storesPixels(maker) && maker.consumers.length === 1 && inputs.filter((it) => it === index).length === 1)
        inside.set(index, { into, channel });
      channel += into.inputShapes[operand]![1]!;
    }
  }
  return inside;
}

function storesPixels({ kind, outputShape }: Layer): boolean {
  return (kind.op === 'conv' || kind.op === 'pool') && outputShape.length === 4;
}

/**
 * Lays out global memory for programs in which every layer is scheduled. Feature maps are pixel-major; arrays with fewer
 * than four axes are row-major, and so are arrays of four axes that a product of computed tensors makes, and what is
 * computed from them element by element. Moves cost nothing wherever strides can say what they do: transpositions,
 * reshapes, slices, broadcasts. A flattened feature map that only FC layers read stays as it is too, as its order can be
 * programmed into their rows. Maps that only a concatenation reads lie in its region from the beginning.
 */
export function layOutViews(network: Network, style: CompileStyle): GlobalViews {
  const count = network.layers.length;
  const layout: GlobalViews = {
    regions: new Int32Array(count).fill(-1),
    constants: new Int32Array(count).fill(-1),
    source: new Int32Array(count),
    elements: 0,
    views: [],
    axes: [],
    copied: new Set(),
  };
  const inside = insideOf(network);
  for (const layer of network.layers) {
    const place = inside.get(layer.index);
    if (place) {
      const { into, channel } = place;
      layout.axes[into.index] = PIXEL_MAJOR;
      const whole = layout.views[into.index] ?? ownRegion(into, layout);
      layout.views[into.index] = whole;
      layout.axes[layer.index] = PIXEL_MAJOR;
      layout.views[layer.index] = { ...whole, at: whole.at + channel, sizes: layer.outputShape };
      layout.source[layer.index] = into.index;
      continue;
    }
    if (layout.views[layer.index]) {
      layout.source[layer.index] = layer.index;
      continue;
    }
    const view = aliasOf(layer, network, layout);
    layout.axes[layer.index] = view ? [] : ownAxes(layer, network, layout);
    layout.views[layer.index] = view ?? ownRegion(layer, layout);
    layout.source[layer.index] = layout.views[layer.index]!.owner;
    if (!view && layer.kind.op === 'move') layout.copied.add(layer.index);
  }
  for (const layer of network.layers) {
    const size = constantElements(layer, style);
    if (size === 0) continue;
    layout.constants[layer.index] = layout.elements;
    layout.elements += size;
  }
  return layout;
}

function ownRegion(layer: Layer, layout: GlobalViews): View {
  const at = layout.elements;
  layout.regions[layer.index] = at;
  layout.elements += elementsOf(layer.outputShape);
  return {
    owner: layer.index,
    at,
    sizes: layer.outputShape,
    strides: denseStrides(layer.outputShape, layout.axes[layer.index]!),
  };
}

/** Elements from one pixel of a feature map to the next; of another array, from one row to the next. */
export function pixelStride({ strides, sizes }: View): number {
  return sizes.length === 4 ? strides[3]! : (strides.at(-2) ?? sizes.at(-1)!);
}

/** Strides of a dense array whose axes lie in this order. */
export function denseStrides(shape: readonly number[], axes: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  let stride = 1;
  for (const axis of axes.toReversed()) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => axis);
}

function ownAxes(layer: Layer, network: Network, layout: GlobalViews): number[] {
  const { kind, outputShape } = layer;
  if (outputShape.length !== 4 || kind.op === 'matmul' || kind.op === 'fc') return rowMajor(outputShape);
  const forced = layer.consumers.some((index) => readsPixels(network.layers[index]!));
  if (forced || kind.op === 'input' || readsPixels(layer) || layer.inputs.length === 0) return PIXEL_MAJOR;
  if (kind.op === 'move' && network.layers[layer.inputs[0]!]!.outputShape.length !== 4) return rowMajor(outputShape);
  const first = layer.inputs.map((index) => layout.views[index]!).find(({ sizes }) => sizes.length === 4);
  return first && !isPixelMajor(first) ? rowMajor(outputShape) : PIXEL_MAJOR;
}

/** Whether the channels of a pixel are side by side; true also where there is one channel or one pixel. */
function isPixelMajor({ sizes, strides }: View): boolean {
  const [, channels = 1, rows = 1, columns = 1] = sizes;
  if (channels === 1 || rows * columns === 1) return true;
  return strides[1] === 1;
}

/** Whether pixels follow one another row by row without gaps. */
function inPixelOrder({ sizes, strides }: View): boolean {
  const wanted = denseStrides(sizes, PIXEL_MAJOR);
  return sizes.every((size, axis) => size === 1 || strides[axis] === wanted[axis]);
}

/** The view of a move that needs no copy, if it is one. */
function aliasOf(layer: Layer, network: Network, layout: GlobalViews): View | undefined {
  const { kind } = layer;
  if (kind.op !== 'move' || layer.inputs.length !== 1) return undefined;
  const view = renamed(layer, layout.views[layer.inputs[0]!]!);
  if (!view) return staysFlat(layer, network, layout);
  for (const index of layer.consumers) {
    const reader = network.layers[index]!;
    if (readsPixels(reader) && !inPixelOrder(view)) return undefined;
    if (reader.kind.op === 'fc' && view.strides.at(-1) !== 1 && view.sizes.at(-1) !== 1) return undefined;
  }
  return view;
}

function renamed(layer: Layer, input: View): View | undefined {
  const { kind, outputShape } = layer;
  if (kind.op !== 'move') return undefined;
  const { owner, at, sizes, strides } = input;
  switch (kind.how) {
    case 'identity':
      return input;
    case 'flatten':
    case 'reshape':
    case 'squeeze': {
      const reshaped = reshape(sizes, strides, outputShape);
      return reshaped && { owner, at, sizes: outputShape, strides: reshaped };
    }
    case 'transpose': {
      const order = kind.order ?? sizes.map((_, axis) => sizes.length - 1 - axis);
      const from = order.map((axis) => (axis < 0 ? axis + sizes.length : axis));
      return { owner, at, sizes: outputShape, strides: from.map((axis) => strides[axis]!) };
    }
    case 'slice':
    case 'split': {
      if (!kind.slice) return undefined;
      const axis = kind.slice.axis < 0 ? kind.slice.axis + sizes.length : kind.slice.axis;
      const stepped = strides.map((stride, index) => (index === axis ? stride * kind.slice!.step : stride));
      return { owner, at: at + kind.slice.start * strides[axis]!, sizes: outputShape, strides: stepped };
    }
    case 'expand':
      return { owner, at, sizes: outputShape, strides: alignedStrides(input, outputShape) };
    default:
      return undefined;
  }
}

/** A flattened feature map that only FC layers read, through further renaming or not: its rows are programmed in its order. */
function staysFlat(layer: Layer, network: Network, layout: GlobalViews): View | undefined {
  const input = layout.views[layer.inputs[0]!]!;
  const { kind, outputShape } = layer;
  const flattens = kind.op === 'move' && (kind.how === 'flatten' || kind.how === 'reshape' || kind.how === 'squeeze');
  if (!flattens || input.sizes.length !== 4 || outputShape.length >= 4 || !inPixelOrder(input)) return undefined;
  const features = elementsOf(input.sizes.slice(1));
  const onlyFc = (it: Layer): boolean =>
    it.consumers.length > 0 &&
    it.consumers.every((index) => {
      const reader = network.layers[index]!;
      if (reader.kind.op === 'fc') return reader.kind.inputs === features;
      return (
        reader.kind.op === 'move' && reader.outputShape.length < 4 && reader.kind.how !== 'transpose' && onlyFc(reader)
      );
    });
  if (!onlyFc(layer)) return undefined;
  return {
    owner: input.owner,
    at: input.at,
    sizes: outputShape,
    strides: denseStrides(outputShape, rowMajor(outputShape)),
  };
}

/**
 * Strides of the same elements under another shape, or undefined where none can say it: each group of old axes that
 * becomes a group of new ones must be without gaps.
 */
export function reshape(
  sizes: readonly number[],
  strides: readonly number[],
  to: readonly number[],
): number[] | undefined {
  const old = sizes.map((size, axis) => ({ size, stride: strides[axis]! })).filter(({ size }) => size !== 1);
  const result = to.map(() => 1);
  let next = 0;
  let axis = 0;
  while (next < old.length || axis < to.length) {
    if (axis < to.length && to[axis] === 1) {
      axis++;
      continue;
    }
    if (next >= old.length || axis >= to.length) return undefined;
    const [firstOld, firstNew] = [next, axis];
    let [oldSize, newSize] = [old[next++]!.size, to[axis++]!];
    while (oldSize !== newSize) {
      if (oldSize < newSize) {
        if (next >= old.length) return undefined;
        if (old[next - 1]!.stride !== old[next]!.stride * old[next]!.size) return undefined;
        oldSize *= old[next++]!.size;
      } else {
        if (axis >= to.length) return undefined;
        newSize *= to[axis++]!;
      }
    }
    let stride = old[next - 1]!.stride;
    for (let index = axis - 1; index >= firstNew; index--) {
      result[index] = stride;
      stride *= to[index]!;
    }
    if (firstOld >= next) return undefined;
  }
  return result;
}

/** Strides of an operand by the axes of the result that it is stretched over (ONNX broadcasting). */
export function alignedStrides({ sizes, strides }: View, shape: readonly number[]): number[] {
  const missing = shape.length - sizes.length;
  return shape.map((_, axis) => (axis < missing || sizes[axis - missing] === 1 ? 0 : strides[axis - missing]!));
}
