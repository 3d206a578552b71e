import { elements } from '../onnx/counts.ts';
import type { Layer } from '../onnx/network.ts';
import type { Piece } from './operators-cut.ts';
import { broadcast, type Flow, reshape } from './operators-flow.ts';
import type { NetworkFlows } from './operators-network.ts';
import { boxesOf, placesOf, type Wanted } from './operators-places.ts';
import type { Product } from './operators-product.ts';
import { outermost, type Range, type Reading, read, tidy, volumeIn } from './operators-read.ts';
import { channelsRead } from './operators-windows.ts';

/** What is known of a network while its parts are made. */
export interface Context {
  flows: NetworkFlows;
  /** Whether a layer is a product, and no input. */
  isComputed(layer: number): boolean;
  /** Operators whose outputs are read, and the bytes of each. `within`: of layers in that range only. */
  operatorsRead(wanted: readonly Wanted[], within?: Range): { operator: number; bytes: number }[];
}

/** What the parts of one layer read; parts that read the same share the list. */
export class Reads {
  readonly #context: Context;
  readonly #layer: Layer;
  readonly #product: Product;
  readonly #within: Range | undefined;
  readonly #known = new Map<string, { operator: number; bytes: number }[]>();

  constructor(context: Context, layer: Layer, product: Product, within?: Range) {
    this.#context = context;
    this.#layer = layer;
    this.#product = product;
    this.#within = within;
  }

  inputs(piece: Piece) {
    return this.#once(`inputs ${piece.inner} ${piece.groups}`, () => this.#operand(piece, 0));
  }

  weights(piece: Piece) {
    if (!this.#product.dynamic) return [];
    return this.#once(`weights ${piece.inner} ${piece.groups} ${piece.columns}`, () => this.#operand(piece, 1));
  }

  sums(piece: Piece) {
    const flows = this.#context.flows.sums.get(this.#layer.index) ?? [];
    if (flows.length === 0 || piece.inner[1] !== this.#product.inner) return [];
    return this.#once(`sums ${piece.columns} ${piece.groups}`, () => {
      const places = placesOf(this.#layer, this.#product, piece);
      const axis = this.#layer.kind.op === 'conv' ? 1 : this.#layer.outputShape.length - 1;
      const isOneAxis = this.#layer.kind.op !== 'matmul';
      return flows.flatMap((flow) =>
        places.flatMap(({ features, samples }) => {
          const ranges = isOneAxis && features && flow.shape.length > 0 ? features : [undefined];
          const readings = ranges.flatMap((range) => {
            const axes: (Range | undefined)[] = [];
            axes[axis] = range;
            return read(flow, axes);
          });
          return tidy(readings).map((reading) => ({ reading, samples }));
        }),
      );
    });
  }

  #once(key: string, wanted: () => Wanted[]) {
    let found = this.#known.get(key);
    if (!found) {
      found = this.#context.operatorsRead(wanted(), this.#within);
      this.#known.set(key, found);
    }
    return found;
  }

  /** What a part reads of an operand of its layer. */
  #operand(piece: Piece, operand: number): Wanted[] {
    const { kind, index } = this.#layer;
    const flow = this.#context.flows.operands[index]![operand];
    if (!flow) return [];
    const everyone: Range = [0, Number.POSITIVE_INFINITY];
    const all = (readings: Reading[]) => tidy(readings).map((reading) => ({ reading, samples: everyone }));
    if (kind.op === 'conv') {
      return all(
        channelsRead(this.#layer, this.#product, piece).flatMap(({ channels, share }) =>
          read(flow, [undefined, channels]).map((reading) => ({ ...reading, share: reading.share * share })),
        ),
      );
    }
    if (kind.op === 'fc') {
      const axis = innerAxis(this.#layer);
      if (axis === undefined) return all(read(flow));
      const axes: (Range | undefined)[] = [];
      axes[axis] = piece.inner;
      return all(read(flow, axes));
    }
    if (kind.op !== 'matmul') return [];
    return this.#ofTensors(flow, piece, operand);
  }

  #ofTensors(flow: Flow, piece: Piece, operand: number): Wanted[] {
    const { plain, isLeft } = this.#asMatrices(flow, operand);
    return boxesOf(this.#product, piece.groups).flatMap(({ groups, samples }) => {
      const readings = plain ? read(plain, operandAxes(piece, groups, isLeft, operand)) : read(flow);
      return tidy(readings).map((reading) => ({ reading, samples }));
    });
  }

  /** An operand of a product of two tensors as matrices of [group, row, column], where its form allows it. */
  #asMatrices(flow: Flow, operand: number): { plain: Flow | undefined; isLeft: boolean } {
    const { kind, outputShape } = this.#layer;
    if (kind.op !== 'matmul') return { plain: undefined, isLeft: false };
    const [above, below] = flow.shape.slice(-2);
    const isLeft = this.#product.dynamic ? operand === 0 : above === kind.rows && below === kind.inner;
    const [high, wide] = isLeft ? [kind.rows, kind.inner] : [kind.inner, kind.columns];
    const lead = outputShape.slice(0, Math.max(0, outputShape.length - 2));
    if (flow.shape.length < 2 || above !== high || below !== wide || elements(lead) !== kind.batch) {
      return { plain: undefined, isLeft };
    }
    return { plain: reshape(broadcast(flow, [...lead, high, wide]), [kind.batch, high, wide]), isLeft };
  }

  /** How much of a part's computed matrices no operator puts out: a cache of earlier tokens, an input of the network. */
  cachedShare(piece: Piece): number {
    const flow = this.#context.flows.operands[this.#layer.index]![1];
    const { plain } = flow ? this.#asMatrices(flow, 1) : { plain: undefined };
    if (!plain || plain.whole.length > 0) return 0;
    const computed = outermost(plain.sources.filter(({ layer }) => this.#context.isComputed(layer)));
    let [made, all] = [0, 0];
    for (const { groups, samples } of boxesOf(this.#product, piece.groups)) {
      const ranges = operandAxes(piece, groups, false, 1);
      const runs = Number.isFinite(samples[1]) ? samples[1] - samples[0] : 1;
      all += runs * ranges.reduce((size, [from, to]) => size * (to - from), 1);
      for (const source of computed) made += runs * volumeIn(source, ranges);
    }
    return Math.max(0, 1 - made / all);
  }
}

/** Ranges of [group, row, column] that a part needs of an operand. */
function operandAxes({ inner, columns }: Piece, groups: Range, isLeft: boolean, operand: number): Range[] {
  const everything: Range = [0, Number.POSITIVE_INFINITY];
  if (isLeft) return [groups, everything, inner];
  return [groups, inner, operand === 1 ? columns : everything];
}

/** The axis of an FC layer's input that its rows of weights stand against; undefined where the form does not tell. */
function innerAxis({ kind, inputShapes, weight }: Layer): number | undefined {
  const shape = inputShapes[0] ?? [];
  if (kind.op !== 'fc') return undefined;
  const isLast = shape.at(-1) === kind.inputs;
  const isAbove = shape.at(-2) === kind.inputs;
  if (isLast && (!isAbove || weight?.transposed)) return shape.length - 1;
  return isAbove && !isLast ? shape.length - 2 : undefined;
}
