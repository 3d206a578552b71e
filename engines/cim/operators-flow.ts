import { elements } from '../onnx/counts.ts';
import type { Kind, Layer } from '../onnx/network.ts';

/*
 * Where the numbers of a tensor come from: followed from the layers with products through all that stands between (pools,
 * sums, normalisation, moves), so that a part of a layer reads only those parts of others that it needs.
 *
 * The outputs of a vector are a layer's features: channels of a convolution, outputs of an FC layer, matrix x column of a
 * product of two tensors. All else (samples, tokens, pixels) are positions. A feature of a tensor is taken to depend on
 * that feature of its source; statistics over many (softmax, normalisation) are not counted as read.
 */

/** Part of an axis. `stride`: step in features of the source; 0: positions. `repeat`: the same numbers again. */
export interface Factor {
  size: number;
  stride: number;
  repeat?: true;
}

/** A piece's extent on an axis of its tensor: at, at + step ...; its factors from outer to inner. */
export interface Extent {
  at: number;
  step: number;
  factors: Factor[];
}

/** A box of a tensor whose numbers come from features base + ... of one layer. */
export interface Source {
  layer: number;
  base: number;
  axes: Extent[];
  /** Of the positions of the layer's output, how many reach the tensor at all (0 to 1). */
  share: number;
}

export interface Flow {
  shape: readonly number[];
  sources: readonly Source[];
  /** Layers on which any number of the tensor may depend in full. */
  whole: readonly number[];
  /**
   * The layer whose output, changed number by number and used for nothing else, the tensor is. A sum with something earlier
   * can then be made as that layer's results leave.
   */
  fresh?: number;
}

export const NOTHING: Flow = { shape: [], sources: [], whole: [] };

/** Past so many pieces a tensor counts as made from all of its sources. */
const MOST_SOURCES = 256;

export function sizeOf({ factors }: Extent): number {
  return factors.reduce((size, factor) => size * factor.size, 1);
}

function full(factors: Factor[]): Extent {
  return { at: 0, step: 1, factors };
}

/** What a layer with a product, or an input of the network, puts out. */
export function outputFlow(layer: Layer): Flow {
  const { index, kind, outputShape, consumers } = layer;
  const strides = featureStrides(kind, outputShape);
  const flow = { shape: outputShape, ...(consumers.length === 1 && { fresh: index }) };
  if (!strides) return { ...flow, sources: [], whole: [index] };
  const axes = outputShape.map((size, axis) => full([{ size, stride: strides[axis]! }]));
  return { ...flow, sources: [{ layer: index, base: 0, axes, share: 1 }], whole: [] };
}

/** Step in features along each axis of a layer's output; undefined where the form does not tell which axis they are. */
function featureStrides(kind: Kind, shape: readonly number[]): number[] | undefined {
  const strides = shape.map(() => 0);
  if (kind.op === 'conv') strides[1] = 1;
  else if (kind.op === 'fc') {
    if (shape.at(-1) !== kind.outputs) return undefined;
    strides[shape.length - 1] = 1;
  } else if (kind.op === 'matmul') {
    if (shape.at(-1) !== kind.columns || shape.at(-2) !== kind.rows) return undefined;
    strides[shape.length - 1] = 1;
    let stride = kind.columns;
    for (let axis = shape.length - 3; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis]!;
    }
  }
  return strides;
}

/** A tensor of which nothing is known but what it is made from. */
export function mixed(flows: readonly Flow[], shape: readonly number[]): Flow {
  return { shape, sources: [], whole: layersOf(flows) };
}

export function layersOf(flows: readonly Flow[]): number[] {
  const found = new Set<number>();
  for (const { sources, whole } of flows) {
    for (const { layer } of sources) found.add(layer);
    for (const layer of whole) found.add(layer);
  }
  return [...found].sort((a, b) => a - b);
}

/** Another shape for the same numbers in the same order. */
export function reshape(flow: Flow, shape: readonly number[]): Flow {
  if (sameShape(flow.shape, shape)) return flow;
  if (elements(flow.shape) !== elements(shape)) return mixed([flow], shape);
  const sources: Source[] = [];
  for (const source of flow.sources) {
    const axes = regroup(source.axes, flow.shape, shape);
    if (!axes) return { ...mixed([flow], shape), ...fresh(flow) };
    sources.push({ ...source, axes });
  }
  return { ...flow, shape, sources };
}

export function fresh({ fresh }: Flow): { fresh?: number } {
  return fresh === undefined ? {} : { fresh };
}

/** Extents on new axes: runs of old axes whose sizes multiply to those of runs of new ones are joined and cut anew. */
function regroup(axes: readonly Extent[], from: readonly number[], to: readonly number[]): Extent[] | undefined {
  const result: Extent[] = [];
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    const [start, first] = [i, j];
    let [old, own] = [from[i++] ?? 1, to[j++] ?? 1];
    while (old !== own) {
      if (old < own) old *= from[i++] ?? Number.NaN;
      else own *= to[j++] ?? Number.NaN;
      if (Number.isNaN(old) || Number.isNaN(own)) return undefined;
    }
    const joined = join(axes.slice(start, i), from.slice(start, i));
    const cut = joined && divide(joined, to.slice(first, j));
    if (!cut) return undefined;
    result.push(...cut);
  }
  return result;
}

/** Axes as one. Only the outermost that is longer than 1 may be covered in part. */
function join(axes: readonly Extent[], sizes: readonly number[]): Extent | undefined {
  const long = axes.filter((_, axis) => sizes[axis]! > 1);
  const lengths = sizes.filter((size) => size > 1);
  const [outer, ...inner] = long;
  if (!outer) return full([]);
  if (inner.length === 0) return outer;
  const rest = lengths.slice(1).reduce((all, size) => all * size, 1);
  if (inner.some((extent, axis) => sizeOf(extent) !== lengths[axis + 1])) return undefined;
  if (outer.step !== 1) return undefined;
  return { at: outer.at * rest, step: 1, factors: [...outer.factors, ...inner.flatMap(({ factors }) => factors)] };
}

/** One axis as several. */
function divide(extent: Extent, sizes: readonly number[]): Extent[] | undefined {
  const long = sizes.filter((size) => size > 1);
  if (long.length <= 1) return sizes.map((size) => (size > 1 ? extent : full([])));
  const rest = long.slice(1).reduce((all, size) => all * size, 1);
  if (extent.step !== 1 || extent.at % rest !== 0) return undefined;
  const covered = sizeOf(extent);
  if (covered % rest !== 0) return undefined;
  const left = extent.factors.filter(({ size }) => size > 1);
  const result: Extent[] = [];
  let isOuter = true;
  for (const size of sizes) {
    if (size === 1) {
      result.push(full([]));
      continue;
    }
    const wanted = isOuter ? covered / rest : size;
    const factors = take(left, wanted);
    if (!factors) return undefined;
    result.push({ at: isOuter ? extent.at / rest : 0, step: 1, factors });
    isOuter = false;
  }
  return result;
}

/** The outermost factors of `left` that make up `size`; one of them may be cut in two. */
function take(left: Factor[], size: number): Factor[] | undefined {
  const taken: Factor[] = [];
  let open = size;
  while (open > 1) {
    const factor = left.shift();
    if (!factor) return undefined;
    if (open % factor.size === 0) {
      taken.push(factor);
      open /= factor.size;
    } else if (factor.size % open === 0) {
      const inner = factor.size / open;
      taken.push({ ...factor, size: open, stride: factor.stride * inner });
      left.unshift({ ...factor, size: inner });
      open = 1;
    } else return undefined;
  }
  return taken;
}

export function transpose(flow: Flow, order: readonly number[], shape: readonly number[]): Flow {
  return {
    ...flow,
    shape,
    sources: flow.sources.map((source) => ({ ...source, axes: order.map((axis) => source.axes[axis]!) })),
  };
}

/** A smaller tensor read as if it had the larger shape: axes of length 1 repeat. Tiles repeat whole axes. */
export function broadcast(flow: Flow, shape: readonly number[]): Flow {
  if (sameShape(flow.shape, shape)) return flow;
  const missing = shape.length - flow.shape.length;
  if (missing < 0) return mixed([flow], shape);
  const sources: Source[] = [];
  for (const source of flow.sources) {
    const axes: Extent[] = [];
    for (const [axis, size] of shape.entries()) {
      const own = flow.shape[axis - missing] ?? 1;
      const extent = source.axes[axis - missing];
      if (own === size && extent) axes.push(extent);
      else if (own === 1) axes.push(full([{ size, stride: 0, repeat: true }]));
      else if (size % own === 0 && extent && sizeOf(extent) === own) {
        axes.push(full([{ size: size / own, stride: 0, repeat: true }, ...extent.factors]));
      } else return mixed([flow], shape);
    }
    sources.push({ ...source, axes });
  }
  return { shape, sources, whole: flow.whole };
}

/** [start, start + length x step) of an axis; the rest is not read. */
export function slice(flow: Flow, axis: number, start: number, step: number, shape: readonly number[]): Flow {
  const length = shape[axis]!;
  const sources: Source[] = [];
  for (const source of flow.sources) {
    const extent = source.axes[axis]!;
    const features = extent.factors.some(({ stride, repeat }) => stride > 0 || repeat);
    if (!features) {
      const size = sizeOf(extent);
      const part = step === 1 && extent.step === 1 ? overlap(extent.at, size, start, length) : Math.min(size, length);
      if (part === 0) continue;
      const at = step === 1 && extent.step === 1 ? Math.max(0, extent.at - start) : 0;
      const own = { at, step: 1, factors: [{ size: part, stride: 0 }] };
      sources.push({ ...source, axes: source.axes.with(axis, own), share: (source.share * part) / size });
      continue;
    }
    if (step !== 1 || extent.factors.length !== 1) return mixed([flow], shape);
    const [factor] = extent.factors as [Factor];
    const from = Math.max(0, Math.ceil((start - extent.at) / extent.step));
    const to = Math.min(factor.size, Math.ceil((start + length - extent.at) / extent.step));
    if (to <= from) continue;
    const own = {
      at: extent.at + from * extent.step - start,
      step: extent.step,
      factors: [{ ...factor, size: to - from }],
    };
    sources.push({ ...source, base: source.base + from * factor.stride, axes: source.axes.with(axis, own) });
  }
  return { shape, sources, whole: flow.whole };
}

function overlap(at: number, size: number, start: number, length: number): number {
  return Math.max(0, Math.min(at + size, start + length) - Math.max(at, start));
}

/** Tensors behind one another on an axis. */
export function concat(flows: readonly Flow[], axis: number, shape: readonly number[]): Flow {
  let offset = 0;
  const sources: Source[] = [];
  for (const flow of flows) {
    for (const source of flow.sources) {
      const extent = source.axes[axis]!;
      sources.push({ ...source, axes: source.axes.with(axis, { ...extent, at: extent.at + offset }) });
    }
    offset += flow.shape[axis]!;
  }
  if (offset !== shape[axis] || sources.length > MOST_SOURCES) return mixed(flows, shape);
  return { shape, sources, whole: layersOf(flows.map(({ whole }) => ({ shape, sources: [], whole }))) };
}

/** Channel shuffle: channel g x size + c goes to c x groups + g. */
export function shuffle(flow: Flow, groups: number): Flow {
  const { shape } = flow;
  const size = shape[1]! / groups;
  const sources: Source[] = [];
  for (const source of flow.sources) {
    const extent = source.axes[1]!;
    const [factor] = extent.factors;
    if (extent.factors.length !== 1 || !factor) return mixed([flow], shape);
    for (let group = 0; group < groups; group++) {
      const from = Math.max(0, Math.ceil((group * size - extent.at) / extent.step));
      const to = Math.min(factor.size, Math.ceil(((group + 1) * size - extent.at) / extent.step));
      if (to <= from) continue;
      const at = (extent.at + from * extent.step - group * size) * groups + group;
      const own = { at, step: extent.step * groups, factors: [{ ...factor, size: to - from }] };
      const base = source.base + from * factor.stride;
      sources.push({ ...source, base, axes: source.axes.with(1, own) });
    }
  }
  return sources.length > MOST_SOURCES ? mixed([flow], shape) : { ...flow, sources };
}

/** Axes of positions get other sizes (pools, resizing, padding); `undefined` sizes of features must stay. */
export function resize(flow: Flow, shape: readonly number[]): Flow {
  if (sameShape(flow.shape, shape)) return flow;
  if (flow.shape.length !== shape.length) return mixed([flow], shape);
  const sources: Source[] = [];
  for (const source of flow.sources) {
    const axes = source.axes.map((extent, axis) => {
      if (shape[axis] === flow.shape[axis]) return extent;
      const isPosition = extent.factors.every(({ stride, repeat }) => stride === 0 && !repeat);
      return isPosition ? full([{ size: shape[axis]!, stride: 0 }]) : undefined;
    });
    if (axes.includes(undefined)) return mixed([flow], shape);
    sources.push({ ...source, axes: axes as Extent[] });
  }
  return { shape, sources, whole: flow.whole };
}

/** Several tensors of one shape, number by number. */
export function union(flows: readonly Flow[], shape: readonly number[]): Flow {
  const sources: Source[] = [];
  const known = new Set<string>();
  for (const flow of flows) {
    for (const source of flow.sources) {
      const key = flows.length > 1 ? JSON.stringify(source) : '';
      if (key !== '' && known.has(key)) continue;
      known.add(key);
      sources.push(source);
    }
  }
  if (sources.length > MOST_SOURCES) return mixed(flows, shape);
  return { shape, sources, whole: layersOf(flows.map(({ whole }) => ({ shape, sources: [], whole }))) };
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
