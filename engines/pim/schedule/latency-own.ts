import type { Conv, Layer, MatMul, Network } from '../../onnx/network.ts';
import type { MappedLayer } from '../types.ts';
import { elementsOf } from './common-regions.ts';
import {
  broadcast,
  byAxis,
  byLastAxis,
  byRow,
  canonical,
  countsOf,
  inverse,
  type Layout,
  movesOf,
  orderOf,
  piecesOf,
  sameLayout,
} from './latency-layout.ts';
import { blocks, grouped, listed, listedPlaces } from './latency-needs.ts';
import { columnsOf, rowsWhereTheyLie } from './latency-products.ts';
import { windowNeed } from './latency-released.ts';
import { productsOf } from './latency-scatter.ts';
import { chain, placesIn, type Tensor } from './latency-tensor.ts';
import { type ConstantOperand, type MatmulSpec, type Need, Store, Unit, type Work } from './latency-types.ts';

/** A layer that the program does not compute, whose output it takes as zeros. */
export interface LatencyGap {
  layer: number;
  why: string;
}

/**
 * The units of the own manner: every kind of layer; moves cost nothing where they only rename, and are copies where
 * elements change their pixel; a pixel has one copy a core for all who read it there. Where units run is decided later.
 */
export class OwnUnits {
  readonly units: Unit[] = [];
  readonly gaps: LatencyGap[] = [];
  private readonly tensors: Tensor[] = [];
  private readonly network: Network;
  private readonly mappedOf: ReadonlyMap<number, number>;
  private readonly layers: readonly MappedLayer[] | undefined;
  private readonly cores: number;
  private readonly shared = new Map<Unit, Store>();
  private readonly rearranged = new Map<string, Unit>();

  /** `mappedOf`: by layer with weights, its place among the mapped layers; `layers`: those, where they are not all unrolled by rows. */
  constructor(network: Network, mappedOf: ReadonlyMap<number, number>, cores: number, layers?: readonly MappedLayer[]) {
    this.network = network;
    this.layers = layers;
    this.mappedOf = mappedOf;
    this.cores = cores;
    for (const layer of network.layers) this.tensors.push(this.tensorOf(layer));
    for (const layer of network.layers) if (layer.consumers.length === 0) this.result(layer);
  }

  private tensorOf(layer: Layer): Tensor {
    const { kind } = layer;
    const moved = layer.inputs.length === 1 ? movesOf(layer) : undefined;
    if (moved !== undefined && !(kind.op === 'move' && kind.how === 'shuffle')) {
      const before = this.tensors[layer.inputs[0]!]!;
      return layer.activation ? this.activated(layer, before, moved) : { ...before, moved: chain(moved, before.moved) };
    }
    const made = this.make(layer);
    if (layer.activation) made.unit.activation = layer.activation;
    return made;
  }

  private activated(layer: Layer, before: Tensor, moved: Int32Array | 'same'): Tensor {
    const from = { ...before, moved: chain(moved, before.moved) };
    const layout = canonical(layer.outputShape);
    const source = this.arranged(from, layer.outputShape, layout, layer.index);
    const unit = this.add(layer, { do: 'activation', spec: layer.activation! }, layer.outputShape, layout);
    this.reads(unit, source, { how: 'same' });
    return { unit, shape: layer.outputShape, layout, moved: 'same' };
  }

  private make(layer: Layer): Tensor {
    const { kind, outputShape } = layer;
    switch (kind.op) {
      case 'input':
      case 'gather':
        // Rows of a table are looked up by the host: which they are is not known before the run.
        return this.plain(layer, { do: 'source' }, outputShape, this.sourceLayout(layer));
      case 'conv':
        return this.conv(layer, kind);
      case 'pool':
        return this.simple(layer, { do: 'pool', kind }, canonical(outputShape), windowNeed(layer, kind));
      case 'fc':
        return this.fc(layer, kind);
      case 'matmul':
        return this.matmul(layer, kind);
      case 'eltwise':
        return this.eltwise(layer, kind);
      case 'concat':
        return this.concat(layer, kind.axis);
      case 'activation': {
        const layout = this.layoutAsRead(layer);
        return this.simple(layer, { do: 'activation', spec: kind }, layout, { how: 'same' });
      }
      case 'softmax':
        return this.softmax(layer, kind.axis);
      case 'normalise':
        return this.normalise(layer, kind);
      case 'reduce':
        return kind.how === 'argmax'
          ? this.zeros(layer, 'no instruction finds the place of the largest')
          : this.reduce(layer, kind.how, kind.axes);
      case 'move':
        if (kind.how === 'shuffle')
          return this.simple(layer, { do: 'shuffle', groups: kind.groups ?? 1 }, canonical(outputShape), {
            how: 'same',
          });
        return this.zeros(layer, `the network does not say how it moves (${kind.how})`);
      case 'resize':
        return this.zeros(layer, `${kind.method} resizing has no instruction`);
      default:
        return this.zeros(layer, 'its operator is not known');
    }
  }

  /** A map of one channel lies in memory as rows do, and is read by rows unless it is read by windows. */
  private sourceLayout(layer: Layer): Layout {
    const shape = layer.outputShape;
    const readers = layer.consumers.map((index) => this.network.layers[index]!.kind.op);
    const asMap = shape.length !== 4 || shape[1] !== 1 || readers.some((op) => op === 'conv' || op === 'pool');
    return asMap ? canonical(shape) : byLastAxis(4);
  }

  private mapped(layer: Layer, bias = true): Work {
    return { do: 'mapped', mapped: this.mappedOf.get(layer.index)!, bias };
  }

  /** Where kernel positions lie side by side in columns, products are scattered over the outputs they are part of. */
  private conv(layer: Layer, kind: Conv): Tensor {
    const layout = canonical(layer.outputShape);
    const unrolling = this.layers?.[this.mappedOf.get(layer.index)!]?.unrolling ?? 'rows';
    if (unrolling !== 'half-columns' && unrolling !== 'kernel-columns')
      return this.simple(layer, this.mapped(layer), layout, windowNeed(layer, kind));
    const products = productsOf(layer, kind, unrolling === 'half-columns');
    const source = this.operand(layer, 0, canonical(layer.inputShapes[0]!));
    const unit = this.add(layer, this.mapped(layer, false), products.shape, canonical(products.shape));
    this.reads(unit, source, products.need);
    const made = this.plain(layer, { do: 'scatter', parts: products.parts }, layer.outputShape, layout);
    this.reads(made.unit, unit, products.sums);
    return made;
  }

  /** One operand, read in the layout of the output. */
  private simple(layer: Layer, work: Work, layout: Layout, need: Need): Tensor {
    const source = this.operand(layer, 0, sameRank(layer) ? layout : canonical(layer.inputShapes[0]!));
    const made = this.plain(layer, work, layer.outputShape, layout);
    this.reads(made.unit, source, need);
    return made;
  }

  private fc(layer: Layer, kind: { rows: number; inputs: number; outputs: number }): Tensor {
    const shape = [kind.rows, kind.inputs];
    const before = this.tensors[layer.inputs[0]!]!;
    const isMap = before.moved === 'same' && before.shape.length === 4;
    const inSample = elementsOf(before.shape) / (before.shape[0] ?? 1);
    const perRow = isMap && (inSample === kind.inputs || kind.rows === 1);
    let source: Unit;
    let need: Need = { how: 'same' };
    if (perRow || (before.moved === 'same' && kind.rows === 1)) {
      // A flattened map is read pixel by pixel; the rows of the weights stand in that order.
      source = this.arranged(before, before.shape, canonical(before.shape), layer.index);
      need = kind.rows === 1 ? { how: 'all' } : blocks(kind.rows, source.pixels / kind.rows);
    } else source = this.arranged(before, shape, byLastAxis(2), layer.index);
    const unit = this.add(layer, this.mapped(layer), [kind.rows, kind.outputs], byLastAxis(2));
    this.reads(unit, source, need);
    return { unit, shape: layer.outputShape, layout: byLastAxis(layer.outputShape.length), moved: 'same' };
  }

  private matmul(layer: Layer, kind: MatMul): Tensor {
    if (layer.inputs.length < 2)
      return this.zeros(layer, 'one operand of the product is a constant of more than a matrix');
    const { batch, rows, inner, columns } = kind;
    const [a, b] = layer.inputShapes as [number[], number[]];
    const first = this.tensors[layer.inputs[0]!]!;
    const second = columnsOf(this.tensors[layer.inputs[1]!]!, kind, elementsOf(b) / (inner * columns));
    const lies = rowsWhereTheyLie(first, kind, elementsOf(a) / (rows * inner));
    const row = lies ? first.unit : this.operand(layer, 0, byRow(a.length));
    const matrices = elementsOf(a) / (rows * inner);
    const rowAt = lies ?? Int32Array.from({ length: batch }, (_, n) => Math.floor((n * matrices) / batch) * inner);
    const spec: MatmulSpec = { batch, inner, columns, rowAt, second: second.spec };
    const unit = this.add(layer, { do: 'matmul', spec }, [batch, rows, columns], {
      pixelAxes: [1],
      channelAxes: [0, 2],
    });
    this.reads(unit, row, { how: 'same' });
    const store = new Store(second.from, this.cores, 0, 'block', second.low, second.high);
    store.consumers.push({ unit, operand: 1 });
    unit.operands.push({ from: second.from, need: { how: 'all' }, store });
    return { unit, shape: layer.outputShape, layout: byRow(layer.outputShape.length), moved: 'same' };
  }

  private eltwise(layer: Layer, kind: EltwiseKind): Tensor {
    const { outputShape } = layer;
    const { how, constant } = kind;
    const isPower = how === 'pow' && !(constant === 2 || constant === 0.5 || constant === -1 || constant === 1);
    if (isPower) return this.zeros(layer, 'a general power has no instruction');
    if (constant !== undefined && layer.inputs.length > 1)
      return this.zeros(layer, 'it joins a constant and several operands');
    const layout = this.layoutAsRead(layer);
    const sources = layer.inputs.map((_, index) => this.spreadOperand(layer, index, layout));
    const parts = sources.map((source) => source.parts);
    const work: Work = { do: 'eltwise', how, parts, ...(typeof constant === 'number' && { constant }) };
    if (constant === 'tensor') work.constant = constantPieces(outputShape, layout);
    const made = this.plain(layer, work, outputShape, layout);
    for (const { unit, need } of sources) this.reads(made.unit, unit, need);
    return made;
  }

  /** An operand stretched to the shape of the output: by pixels and by parts of a pixel without a copy, else with one. */
  private spreadOperand(layer: Layer, index: number, layout: Layout): { unit: Unit; need: Need; parts: number } {
    const { outputShape } = layer;
    const shape = layer.inputShapes[index]!;
    const before = this.tensors[layer.inputs[index]!]!;
    if (elementsOf(shape) === elementsOf(outputShape))
      return { unit: this.arranged(before, outputShape, layout, layer.index), need: { how: 'same' }, parts: 1 };
    const padded = [...new Array<number>(outputShape.length - shape.length).fill(1), ...shape];
    const { channelAxes, pixelAxes } = layout;
    const first = channelAxes.findIndex((axis) => padded[axis] === outputShape[axis] && padded[axis] !== 1);
    const repeated = channelAxes.slice(0, Math.max(0, first));
    if (channelAxes.slice(Math.max(0, first)).every((axis) => padded[axis] === outputShape[axis])) {
      const unit = this.arranged(before, padded, layout, layer.index);
      const sizes = (of: readonly number[]) => pixelAxes.map((axis) => of[axis]!);
      const pixel = broadcast(sizes(padded), sizes(outputShape))!;
      const start = Int32Array.from({ length: pixel.length + 1 }, (_, at) => at);
      const parts = elementsOf(repeated.map((axis) => outputShape[axis]!));
      return { unit, need: { how: 'listed', start, pixel }, parts };
    }
    const stretched = { ...before, moved: chain(broadcast(shape, outputShape)!, before.moved) };
    const unit = this.arranged(stretched, outputShape, layout, layer.index, `stretch ${index}`);
    return { unit, need: { how: 'same' }, parts: 1 };
  }

  private concat(layer: Layer, axis: number): Tensor {
    const { outputShape } = layer;
    const at = axis < 0 ? axis + outputShape.length : axis;
    const layout = this.layoutAsRead(layer);
    const constants = layer.inputShapes.reduce((sum, shape) => sum + elementsOf(shape), 0) !== elementsOf(outputShape);
    if (constants) return this.zeros(layer, 'one of the parts that it joins is a constant');
    if (layout.channelAxes.length === 1 && layout.channelAxes[0] === at) {
      const sources = layer.inputs.map((_, index) => this.operand(layer, index, layout));
      const made = this.plain(layer, { do: 'concat' }, outputShape, layout);
      for (const source of sources) this.reads(made.unit, source, { how: 'same' });
      return made;
    }
    return this.joined(layer, at, layout);
  }

  /** A concatenation along pixels, or across parts of a pixel: every output pixel is put together from pieces. */
  private joined(layer: Layer, axis: number, layout: Layout): Tensor {
    const { outputShape } = layer;
    const sources = layer.inputs.map((_, index) => this.operand(layer, index, layout));
    const total = elementsOf(outputShape);
    const owner = new Int32Array(total);
    const place = new Int32Array(total);
    const after = elementsOf(outputShape.slice(axis + 1));
    let offset = 0;
    for (const [index, shape] of layer.inputShapes.entries()) {
      const back = inverse(orderOf(shape, layout));
      const own = shape[axis]! * after;
      for (let at = 0; at < back.length; at++) {
        const to = Math.floor(at / own) * outputShape[axis]! * after + offset + (at % own);
        owner[to] = index;
        place[to] = back[at]!;
      }
      offset += own;
    }
    const order = orderOf(outputShape, layout);
    const made = this.plain(layer, { do: 'zeros' }, outputShape, layout);
    const { unit } = made;
    const pieces = (window: number) => {
      const found = [];
      const end = (window + 1) * unit.channels;
      let at = window * unit.channels;
      while (at < end) {
        const operand = owner[order[at]!]!;
        let next = at + 1;
        while (next < end && owner[order[next]!] === operand) next++;
        const places = order.subarray(at, next).map((logical) => place[logical]!);
        for (const piece of piecesOf(places, 0, places.length, sources[operand]!.channels))
          found.push({ ...piece, operand });
        at = next;
      }
      return found;
    };
    unit.work = { do: 'gather', pieces };
    for (const [operand, source] of sources.entries())
      this.reads(
        unit,
        source,
        listed(unit.pixels, (window) => pieces(window).filter((it) => it.operand === operand)),
      );
    return made;
  }

  private softmax(layer: Layer, axis: number): Tensor {
    const { outputShape } = layer;
    const at = axis < 0 ? axis + outputShape.length : axis;
    const read = this.layoutAsRead(layer);
    const layout = read.channelAxes.at(-1) === at ? read : byAxis(outputShape.length, at);
    const parts = countsOf(outputShape, layout).channels / outputShape[at]!;
    return this.simple(layer, { do: 'softmax', parts }, layout, { how: 'same' });
  }

  private normalise(layer: Layer, kind: NormaliseKind): Tensor {
    const { outputShape, parameters } = layer;
    const rank = outputShape.length;
    const ofLast = kind.how === 'layer' || kind.how === 'rms' || kind.how === 'l2';
    const layout = ofLast ? byLastAxis(rank) : byAxis(rank, 1);
    const { channels } = countsOf(outputShape, layout);
    const scale = parameters >= channels;
    const shift = parameters >= 2 * channels;
    const epsilon = kind.epsilon ?? 1e-5;
    if (kind.how === 'instance') {
      const planes = { pixelAxes: [0, 1], channelAxes: Array.from({ length: rank - 2 }, (_, axis) => axis + 2) };
      const plain = this.simple(layer, { do: 'normalise', how: 'layer', epsilon, scale: false, shift: false }, planes, {
        how: 'same',
      });
      if (!scale) return plain;
      const source = this.arranged(plain, outputShape, layout, layer.index);
      const made = this.plain(layer, { do: 'normalise', how: 'batch', epsilon, scale, shift }, outputShape, layout);
      this.reads(made.unit, source, { how: 'same' });
      return made;
    }
    const { lrn } = kind;
    const isPlain = !lrn || (lrn.size === 5 && lrn.alpha === 1e-4 && lrn.beta === 0.75 && lrn.bias === 1);
    if (!isPlain)
      this.gaps.push({ layer: layer.index, why: 'the instruction has the constants 5, 1e-4, 0.75 and 1 of AlexNet' });
    return this.simple(layer, { do: 'normalise', how: kind.how, epsilon, scale, shift }, layout, { how: 'same' });
  }

  private reduce(layer: Layer, how: 'mean' | 'sum' | 'max' | 'min', axes: readonly number[]): Tensor {
    const shape = layer.inputShapes[0]!;
    const gone = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
    const kept = shape.map((size, axis) => (gone.has(axis) ? 1 : size));
    const read = this.readLayout(layer);
    const acrossPixels = read.channelAxes.every((axis) => !gone.has(axis));
    if (acrossPixels) {
      const source = this.operand(layer, 0, read);
      const unit = this.add(layer, { do: 'reduce', how, across: 'pixels' }, kept, read);
      const pixelShape = read.pixelAxes.map((axis) => shape[axis]!);
      const keptShape = read.pixelAxes.map((axis) => kept[axis]!);
      const numbers = Int32Array.from({ length: unit.pixels }, (_, at) => at);
      const to = broadcast(keptShape, pixelShape)!.map((at) => numbers[at]!);
      this.reads(unit, source, grouped(to, unit.pixels));
      return { unit, shape: kept, layout: read, moved: 'same' };
    }
    const all = [...shape.keys()];
    const layout = {
      pixelAxes: all.filter((axis) => !gone.has(axis)),
      channelAxes: all.filter((axis) => gone.has(axis)),
    };
    const source = this.operand(layer, 0, layout);
    const unit = this.add(layer, { do: 'reduce', how, across: 'channels' }, kept, layout);
    this.reads(unit, source, { how: 'same' });
    return { unit, shape: kept, layout, moved: 'same' };
  }

  /** What the program cannot compute: its output is taken as zeros, once all it reads is there. */
  private zeros(layer: Layer, why: string): Tensor {
    this.gaps.push({ layer: layer.index, why });
    const made = this.plain(layer, { do: 'zeros' }, layer.outputShape, canonical(layer.outputShape));
    return made;
  }

  private result(layer: Layer): void {
    const tensor = this.tensors[layer.index]!;
    if (tensor.unit.work.do === 'source') return;
    const canonicalUnit = this.arranged(tensor, layer.outputShape, canonical(layer.outputShape), layer.index);
    canonicalUnit.isResult = true;
  }

  private plain(layer: Layer, work: Work, shape: readonly number[], layout: Layout): Tensor {
    return { unit: this.add(layer, work, shape, layout), shape, layout, moved: 'same' };
  }

  private add(layer: Layer, work: Work, shape: readonly number[], layout: Layout): Unit {
    const { pixels, channels } = countsOf(shape, layout);
    const unit = new Unit(this.units.length, layer.index, work, pixels, channels);
    this.units.push(unit);
    return unit;
  }

  private reads(unit: Unit, from: Unit, need: Need): void {
    let store = this.shared.get(from);
    if (!store) {
      store = new Store(from, this.cores, 0, 'shared');
      this.shared.set(from, store);
    }
    store.consumers.push({ unit, operand: unit.operands.length });
    unit.operands.push({ from, need, store });
  }

  /** The layout in which a layer's first operand comes, if it fits a shape of the same rank. */
  private readLayout(layer: Layer): Layout {
    const shape = layer.inputShapes[0] ?? layer.outputShape;
    const before = this.tensors[layer.inputs[0]!];
    const fits = before?.moved === 'same' && before.shape.join() === shape.join();
    return fits ? before.layout : canonical(shape);
  }

  private layoutAsRead(layer: Layer): Layout {
    const { outputShape } = layer;
    const index = layer.inputShapes.findIndex((shape) => shape.join() === outputShape.join());
    const before = this.tensors[layer.inputs[Math.max(0, index)]!];
    const fits = before?.moved === 'same' && before.shape.length === outputShape.length;
    return fits ? before.layout : canonical(outputShape);
  }

  private operand(layer: Layer, index: number, layout: Layout): Unit {
    return this.arranged(this.tensors[layer.inputs[index]!]!, layer.inputShapes[index]!, layout, layer.index);
  }

  /** A unit whose pixels are the tensor's in this shape and layout: the one that makes it, or one that copies it together. */
  private arranged(tensor: Tensor, shape: readonly number[], layout: Layout, reader: number, what = ''): Unit {
    const { unit } = tensor;
    if (tensor.moved === 'same' && tensor.shape.join() === shape.join() && sameLayout(tensor.layout, layout))
      return unit;
    const key = `${unit.id}/${tensor.moved === 'same' ? 'same' : reader}/${shape.join()}/${layout.pixelAxes.join()}/${layout.channelAxes.join()}/${what}`;
    const known = this.rearranged.get(key);
    if (known) return known;
    const { pixels, channels } = countsOf(shape, layout);
    const places = placesIn(tensor, orderOf(shape, layout));
    if (unit.pixels === pixels && places.every((place, at) => place === at)) return unit;
    const made = new Unit(this.units.length, this.network.layers[reader]!.index, { do: 'zeros' }, pixels, channels);
    const pieces = (window: number) =>
      piecesOf(places, window * channels, (window + 1) * channels, unit.channels).map((piece) => ({
        ...piece,
        operand: 0,
      }));
    made.work = { do: 'gather', pieces };
    this.units.push(made);
    this.reads(made, unit, listedPlaces(places, channels, unit.channels));
    this.rearranged.set(key, made);
    return made;
  }
}

interface EltwiseKind {
  how: (Work & { do: 'eltwise' })['how'];
  constant?: number | 'tensor';
}

interface NormaliseKind {
  how: 'layer' | 'rms' | 'batch' | 'instance' | 'lrn' | 'l2';
  epsilon?: number;
  lrn?: { size: number; alpha: number; beta: number; bias: number };
}

/** A constant operand lies in global memory as the layer's output would: stretched to its shape, pixel by pixel. */
function constantPieces(shape: readonly number[], layout: Layout): ConstantOperand {
  const { channels } = countsOf(shape, layout);
  const all = elementsOf(shape);
  const stored = canonical(shape);
  if (sameLayout(stored, layout))
    return (window) => [{ pixel: 0, from: window * channels, length: channels, stride: 0, repeats: 1 }];
  const back = inverse(orderOf(shape, stored));
  const places = orderOf(shape, layout).map((at) => back[at]!);
  return (window) => piecesOf(places, window * channels, (window + 1) * channels, all);
}

function sameRank(layer: Layer): boolean {
  return layer.inputShapes[0]?.length === layer.outputShape.length;
}
