import { elements } from '../onnx/counts.ts';
import type { Layer, Move, Network } from '../onnx/network.ts';
import {
  broadcast,
  concat,
  type Extent,
  type Flow,
  fresh,
  layersOf,
  mixed,
  NOTHING,
  outputFlow,
  reshape,
  resize,
  type Source,
  sameShape,
  shuffle,
  sizeOf,
  slice,
  transpose,
  union,
} from './operators-flow.ts';

/** What layers with products read, by layer. */
export interface NetworkFlows {
  /** Operands of every layer, in its own order and in the shapes that it reads them in. */
  operands: readonly (readonly Flow[])[];
  /** What is added to (or multiplied with) a layer's results as they leave: residual connections. By layer. */
  sums: ReadonlyMap<number, readonly Flow[]>;
}

/** Whether a layer is a product that arrays compute. */
export function isProduct({ kind }: Layer): boolean {
  return kind.op === 'conv' || kind.op === 'fc' || kind.op === 'matmul';
}

/** Follows numbers through a network. */
export function flowsOf(network: Network): NetworkFlows {
  const { layers } = network;
  const flows: Flow[] = [];
  const operands: Flow[][] = [];
  const sums = new Map<number, Flow[]>();
  const ancestors = new Ancestors(layers);
  for (const layer of layers) {
    const own = layer.inputs.map((input, place) => {
      const shape = layer.inputShapes[place];
      return shape ? reshape(flows[input]!, shape) : flows[input]!;
    });
    operands.push(own);
    if (isProduct(layer)) {
      ancestors.add(layer.index, layersOf(own));
      flows.push(outputFlow(layer));
    } else if (layer.kind.op === 'input') flows.push(outputFlow({ ...layer, consumers: [] }));
    else flows.push(joined(layer, own, layers, ancestors, sums) ?? through(layer, own));
  }
  return { operands, sums };
}

/**
 * A sum whose one operand is the untouched result of a layer that depends on all the others: it is made as those results
 * leave, so what reads it reads them alone. Without this, everything ever added to a residual stream would be read again
 * by every later layer.
 */
function joined(
  layer: Layer,
  operands: readonly Flow[],
  layers: readonly Layer[],
  ancestors: Ancestors,
  sums: Map<number, Flow[]>,
): Flow | undefined {
  const { kind, outputShape, consumers } = layer;
  if (kind.op !== 'eltwise' || operands.length < 2) return undefined;
  const made = operands.map((flow) => layersOf([flow]).filter((each) => isProduct(layers[each]!)));
  if (made.filter(({ length }) => length > 0).length < 2) return undefined;
  for (const [place, flow] of operands.entries()) {
    const last = flow.fresh;
    if (last === undefined || elements(layers[last]!.outputShape) !== elements(outputShape)) continue;
    if (!made.every((each, other) => other === place || each.every((one) => ancestors.has(last, one)))) continue;
    const others = operands.filter((_, other) => other !== place && made[other]!.length > 0);
    const found = sums.get(last) ?? [];
    // In the shape of the layer's own results, where the sum is made without turning them.
    const straight = sameShape(flow.shape, layers[last]!.outputShape) && isStraight(flow.sources);
    found.push(...others.map((each) => (straight ? broadcast(each, outputShape) : mixed([each], []))));
    sums.set(last, found);
    const { fresh: _, ...rest } = broadcast(flow, outputShape);
    return consumers.length === 1 ? { ...rest, fresh: last } : rest;
  }
  return undefined;
}

function isStraight(sources: readonly Source[]): boolean {
  const [source] = sources;
  return (
    sources.length === 1 &&
    source!.base === 0 &&
    source!.axes.every(({ at, step, factors }) => at === 0 && step === 1 && factors.length <= 1)
  );
}

/** What a layer without a product makes of its operands. */
function through(layer: Layer, operands: readonly Flow[]): Flow {
  const { kind, outputShape, consumers } = layer;
  const flow = operands[0] ?? NOTHING;
  const keep = (next: Flow): Flow => {
    const isSame = flow.fresh !== undefined && consumers.length === 1 && elements(flow.shape) === elements(outputShape);
    const { fresh: _, ...rest } = next;
    return isSame ? { ...rest, ...fresh(flow) } : rest;
  };
  if (operands.length === 0) return { ...NOTHING, shape: outputShape };
  switch (kind.op) {
    case 'activation':
    case 'softmax':
    case 'normalise':
      return keep(resize(flow, outputShape));
    case 'eltwise': {
      const all = union(
        operands.map((each) => broadcast(each, outputShape)),
        outputShape,
      );
      const only = operands.find((each) => each.fresh !== undefined);
      const { fresh: _, ...rest } = all;
      const single = only && operands.every((each) => each === only || each.sources.length + each.whole.length === 0);
      return single ? keep(rest) : rest;
    }
    case 'pool':
    case 'resize': {
      const { fresh: _, ...rest } = resize(flow, outputShape);
      return rest;
    }
    case 'concat':
      return operands.length === 1 && !sameShape(flow.shape, outputShape)
        ? mixed(operands, outputShape)
        : concat(operands, kind.axis, outputShape);
    case 'reduce':
      return reduced(flow, kind.axes, outputShape);
    case 'move':
      return moved(kind, flow, outputShape, keep);
    default:
      return mixed(operands, outputShape);
  }
}

function moved(kind: Move, flow: Flow, shape: readonly number[], keep: (next: Flow) => Flow): Flow {
  switch (kind.how) {
    case 'identity':
    case 'flatten':
    case 'squeeze':
      return keep(reshape(flow, shape));
    case 'reshape':
      return keep(isDepthToSpace(flow.shape, shape) ? mixed([flow], shape) : reshape(flow, shape));
    case 'transpose':
      return kind.order ? keep(transpose(flow, kind.order, shape)) : mixed([flow], shape);
    case 'shuffle':
      return keep(kind.groups ? shuffle(flow, kind.groups) : mixed([flow], shape));
    case 'expand':
      return broadcast(flow, shape);
    case 'pad':
      return resize(flow, shape);
    case 'slice':
    case 'split':
      return sliced(kind, flow, shape);
  }
}

/** Blocks of pixels to channels or back, which networks give as a change of shape; the order of numbers changes too. */
function isDepthToSpace(from: readonly number[], to: readonly number[]): boolean {
  if (from.length !== 4 || to.length !== 4 || from[1] === to[1]) return false;
  return from[2]! * to[3]! === from[3]! * to[2]! && from[2] !== to[2];
}

function sliced({ slice: piece }: Move, flow: Flow, shape: readonly number[]): Flow {
  if (sameShape(flow.shape, shape)) return flow;
  if (!piece) return positionsOnly(flow, shape);
  const { axis, start, step } = piece;
  const full = flow.shape.length === shape.length ? shape : [...shape.slice(0, axis), 1, ...shape.slice(axis)];
  if (full.length !== flow.shape.length || full.some((size, each) => each !== axis && size !== flow.shape[each])) {
    return mixed([flow], shape);
  }
  return reshape(slice(flow, axis, start, step, full), shape);
}

/** A cut of which the place is not known: fine where it only takes positions away. */
function positionsOnly(flow: Flow, shape: readonly number[]): Flow {
  const { fresh: _, ...small } = resize(flow, shape);
  if (small.whole.length > flow.whole.length) return small;
  const share = elements(shape) / elements(flow.shape);
  return {
    ...small,
    sources: small.sources.map((source) => ({ ...source, share: source.share * Math.min(1, share) })),
  };
}

/** Axes that become one number each, and may go. */
function reduced(flow: Flow, axes: readonly number[], shape: readonly number[]): Flow {
  const keepsAxes = flow.shape.length === shape.length;
  const sources: Source[] = [];
  for (const source of flow.sources) {
    const left: Extent[] = [];
    for (const [axis, extent] of source.axes.entries()) {
      if (!axes.includes(axis)) left.push(extent);
      else if (extent.factors.some(({ stride, size }) => stride > 0 && size > 1) && sizeOf(extent) > 1) {
        return mixed([flow], shape);
      } else if (keepsAxes) left.push({ at: 0, step: 1, factors: [] });
    }
    if (left.length !== shape.length) return mixed([flow], shape);
    sources.push({ ...source, axes: left });
  }
  return { shape, sources, whole: flow.whole };
}

/** Which products a product depends on, as bits. */
class Ancestors {
  readonly #places = new Map<number, number>();
  readonly #bits = new Map<number, Uint32Array>();
  readonly #words: number;

  constructor(layers: readonly Layer[]) {
    for (const layer of layers) if (isProduct(layer)) this.#places.set(layer.index, this.#places.size);
    this.#words = Math.ceil(this.#places.size / 32);
  }

  add(layer: number, sources: readonly number[]): void {
    const bits = new Uint32Array(this.#words);
    for (const source of sources) {
      const place = this.#places.get(source);
      if (place === undefined) continue;
      bits[place >> 5]! |= 1 << (place & 31);
      for (const [word, above] of this.#bits.get(source)!.entries()) bits[word]! |= above;
    }
    this.#bits.set(layer, bits);
  }

  has(layer: number, above: number): boolean {
    const place = this.#places.get(above)!;
    return (this.#bits.get(layer)![place >> 5]! & (1 << (place & 31))) !== 0;
  }
}
