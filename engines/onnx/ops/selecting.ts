import type { Dim } from '../types.ts';
import type { NodeFacts, Rule } from './facts.ts';
import { writeShape } from './facts.ts';

/** What each axis of a Slice starts, ends and steps at; an axis not named is left whole. */
export interface Cut {
  axis: number;
  start: Dim;
  end: Dim;
  step: number;
}

/** The cuts of a Slice, from attributes (opset 1) or inputs (opset 10); undefined while they are not known. */
export function cutsOf(node: NodeFacts, rank: number): Cut[] | undefined {
  const starts = node.ints('starts') ?? node.elements(1);
  const ends = node.ints('ends') ?? node.elements(2);
  const axes = node.ints('axes') ?? node.numbers(3);
  const steps = node.numbers(4);
  if (!starts || !ends || (node.has(3) && !axes) || (node.has(4) && !steps)) return undefined;
  if (ends.length !== starts.length) return node.fail(`has ${starts.length} starts and ${ends.length} ends`);
  const named = node.axes(axes ?? starts.map((_, axis) => axis), rank);
  if (named.length !== starts.length) return node.fail(`has ${starts.length} starts and ${named.length} axes`);
  return named.map((axis, index) => {
    const step = steps?.[index] ?? 1;
    if (!Number.isInteger(step) || step === 0) return node.fail(`steps by ${step}`);
    return { axis, start: starts[index] ?? 0, end: ends[index] ?? 0, step };
  });
}

/** Start and number of elements of a cut through an axis of this size; undefined where names leave it open. */
export function extentOf(
  node: NodeFacts,
  size: Dim,
  { start, end, step }: Cut,
): { first: Dim; count: Dim } | undefined {
  const { symbols } = node;
  const back = step < 0;
  const lowest = back ? -1 : 0;
  const highest = back ? symbols.subtract(size, 1) : size;
  /** Counted from the front and brought into the axis; undefined where it depends on a name. */
  const clamp = (bound: Dim): Dim | undefined => {
    if (typeof bound === 'number' && typeof size === 'number') {
      const counted = bound < 0 ? bound + size : bound;
      return Math.min(Math.max(counted, lowest), highest as number);
    }
    if (typeof bound === 'number') {
      // Exporters write the greatest int64 (or int32) for "to the end".
      if (bound >= 2 ** 31 - 1) return highest;
      if (bound <= -(2 ** 31) + 1) return lowest;
      if (bound === 0) return 0;
      // An axis with a name is taken to have at least one element.
      if (bound < 0) return bound === -1 ? symbols.subtract(size, 1) : symbols.max(symbols.add(size, bound), lowest);
      return bound === 1 && !back ? 1 : symbols.min(bound, highest);
    }
    // What a model computes from its own sizes is taken to lie inside the axis.
    return symbols.compare(bound, 0) === -1 ? symbols.add(size, bound) : bound;
  };
  const first = clamp(start);
  const last = clamp(end);
  if (first === undefined || last === undefined) return undefined;
  const span = back ? symbols.subtract(first, last) : symbols.subtract(last, first);
  const count = symbols.ceilDivide(span, Math.abs(step));
  return { first, count: typeof count === 'number' ? Math.max(0, count) : count };
}

function slice(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  if (!shape) return undefined;
  const cuts = cutsOf(node, shape.length);
  if (!cuts) {
    const axes = node.ints('axes') ?? node.numbers(3);
    const named = axes && node.axes(axes, shape.length);
    return shape.map((dim, axis) => (named && !named.includes(axis) ? dim : node.unknown(axis)));
  }
  const result = [...shape];
  for (const cut of cuts) {
    result[cut.axis] = extentOf(node, shape[cut.axis] ?? 0, cut)?.count ?? node.unknown(cut.axis);
  }
  return result;
}

function gather(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  const indices = node.shape(1);
  if (!shape || !indices) return undefined;
  if (shape.length === 0) return node.fail('picks from a scalar');
  const axis = node.axis(node.int('axis', 0), shape.length);
  const size = shape[axis];
  for (const index of node.elements(1) ?? []) {
    if (typeof index === 'number' && typeof size === 'number' && (index >= size || index < -size)) {
      node.fail(`picks element ${index} of ${size}`);
    }
  }
  return [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
}

function gatherNd(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  const indices = node.shape(1);
  const batch = node.int('batch_dims', 0);
  const depth = indices?.at(-1);
  if (!shape || !indices || typeof depth !== 'number') return undefined;
  if (depth + batch > shape.length) {
    return node.fail(`picks by ${depth} indices from a tensor of shape ${writeShape(shape)}`);
  }
  return [...indices.slice(0, -1), ...shape.slice(batch + depth)];
}

function pad(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  const pads = node.ints('pads') ?? node.ints('paddings') ?? node.elements(1);
  if (!shape) return undefined;
  const given = node.numbers(3);
  if (!pads || (node.has(3) && !given)) return shape.map((_, axis) => node.unknown(axis));
  const axes = given ? node.axes(given, shape.length) : shape.map((_, axis) => axis);
  if (pads.length !== 2 * axes.length) return node.fail(`has ${pads.length} pads for ${axes.length} axes`);
  const result = [...shape];
  for (const [index, axis] of axes.entries()) {
    const both = node.symbols.add(pads[index] ?? 0, pads[index + axes.length] ?? 0);
    const size = node.symbols.add(shape[axis] ?? 0, both);
    if (typeof size === 'number' && size < 0) node.fail(`cuts more from axis ${axis} than it has`);
    result[axis] = size;
  }
  return result;
}

function resize(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  if (!shape) return undefined;
  const { symbols } = node;
  const isUpsample = node.node.op === 'Upsample';
  // Opset 10: X, scales; since 11: X, roi, scales, sizes. Upsample 7 has the scales as an attribute.
  const scalesAt = node.node.inputs.length === 2 ? 1 : 2;
  const attribute = node.attribute('scales');
  const scales = isUpsample && attribute?.kind === 'floats' ? attribute.value : node.elements(scalesAt);
  const sizes = isUpsample ? undefined : node.elements(3);
  const given = node.ints('axes');
  const axes = given ? node.axes(given, shape.length) : shape.map((_, axis) => axis);
  const result = [...shape];
  if (sizes?.length) {
    if (sizes.length !== axes.length) return node.fail(`has ${sizes.length} sizes for ${axes.length} axes`);
    const policy = node.string('keep_aspect_ratio_policy', 'stretch');
    if (policy !== 'stretch') {
      const ratios = axes.map((axis, index) => symbols.divideExactly(sizes[index] ?? 1, shape[axis] ?? 1));
      if (!ratios.every((ratio) => typeof ratio === 'number')) return shape.map((_, axis) => node.unknown(axis));
      const ratio = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
      for (const axis of axes) result[axis] = Math.round((shape[axis] as number) * ratio);
      return result;
    }
    for (const [index, axis] of axes.entries()) result[axis] = sizes[index] ?? 1;
    return result;
  }
  if (!scales?.length) {
    for (const axis of axes) result[axis] = node.unknown(axis);
    return result;
  }
  if (scales.length !== axes.length) return node.fail(`has ${scales.length} scales for ${axes.length} axes`);
  for (const [index, axis] of axes.entries()) {
    const scale = scales[index] ?? 1;
    const size = shape[axis] ?? 1;
    // Scales are written as float32: 2/3 of 96 must stay 64.
    const exact = typeof size === 'number' && typeof scale === 'number' ? size * scale : undefined;
    result[axis] =
      exact === undefined
        ? symbols.floorDivide(symbols.multiply(size, scale), 1)
        : Math.floor(exact + exact * 2 ** -22);
  }
  return result;
}

function topK(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  if (!shape) return undefined;
  const axis = node.axis(node.int('axis', -1), shape.length);
  const count = node.int('k') ?? node.elements(1)?.[0];
  return shape.map((dim, at) => (at === axis ? (count ?? node.unknown(axis)) : dim));
}

function oneHot(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  if (!shape) return undefined;
  const axis = node.axis(node.int('axis', -1), shape.length + 1);
  return [...shape.slice(0, axis), node.elements(1)?.[0] ?? node.unknown(axis), ...shape.slice(axis)];
}

const first: Rule = (node) => [{ type: node.type(), shape: node.shape() }];

export const selecting: Record<string, Rule> = {
  Slice: (node) => [{ type: node.type(), shape: slice(node) }],
  Gather: (node) => [{ type: node.type(), shape: gather(node) }],
  GatherElements: (node) => [{ type: node.type(), shape: node.shape(1) }],
  GatherND: (node) => [{ type: node.type(), shape: gatherNd(node) }],
  Scatter: first,
  ScatterElements: first,
  ScatterND: first,
  TensorScatter: first,
  Pad: (node) => [{ type: node.type(), shape: pad(node) }],
  Resize: (node) => [{ type: node.type(), shape: resize(node) }],
  Upsample: (node) => [{ type: node.type(), shape: resize(node) }],
  CenterCropPad: (node) => {
    const shape = node.shape();
    if (!shape) return [{ type: node.type() }];
    const given = node.ints('axes');
    const axes = given ? node.axes(given, shape.length) : shape.map((_, axis) => axis);
    const sizes = node.elements(1);
    const result = [...shape];
    for (const [index, axis] of axes.entries()) result[axis] = sizes?.[index] ?? node.unknown(axis);
    return [{ type: node.type(), shape: result }];
  },
  TopK: (node) => {
    const shape = topK(node);
    return [
      { type: node.type(), shape },
      { type: 'int64', shape },
    ];
  },
  OneHot: (node) => [{ type: node.type(2), shape: oneHot(node) }],
  Compress: (node) => {
    const shape = node.shape();
    const axis = node.int('axis');
    if (axis === undefined || !shape)
      return [{ type: node.type(), shape: axis === undefined ? [node.unknown(0)] : undefined }];
    const along = node.axis(axis, shape.length);
    return [{ type: node.type(), shape: shape.map((dim, at) => (at === along ? node.unknown(at) : dim)) }];
  },
  Unique: (node) => {
    const shape = node.shape();
    const axis = node.int('axis');
    const count = node.unknown(0, 1);
    const along = axis !== undefined && shape ? node.axis(axis, shape.length) : undefined;
    const unique = axis === undefined ? [count] : shape?.map((dim, at) => (at === along ? count : dim));
    const inverse =
      along === undefined
        ? shape && axis === undefined
          ? [node.symbols.product(shape)]
          : undefined
        : [shape?.[along] ?? 1];
    return [
      { type: node.type(), shape: unique },
      { type: 'int64', shape: [count] },
      { type: 'int64', shape: inverse },
      { type: 'int64', shape: [count] },
    ];
  },
  NonZero: (node) => {
    const count = node.numbers(0)?.filter((element) => element !== 0).length;
    return [{ type: 'int64', shape: [node.shape()?.length ?? node.unknown(0), count ?? node.unknown(1)] }];
  },
  NonMaxSuppression: (node) => [{ type: 'int64', shape: [node.unknown(0), 3] }],
  TfIdfVectorizer: (node) => {
    const columns = node.ints('ngram_indexes');
    const shape = node.shape();
    const width = columns?.length ? columns.reduce((most, column) => Math.max(most, column), 0) + 1 : node.unknown(1);
    return [{ type: 'float32', shape: shape && [...shape.slice(0, -1), width] }];
  },
  GridSample: (node) => {
    const shape = node.shape();
    const grid = node.shape(1);
    return [{ type: node.type(), shape: shape && grid && [...shape.slice(0, 2), ...grid.slice(1, -1)] }];
  },
  AffineGrid: (node) => {
    const size = node.elements(1);
    return [{ type: node.type(), shape: size && [size[0] ?? 1, ...size.slice(2), size.length - 2] }];
  },
};
