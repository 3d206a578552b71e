import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { elements } from '../onnx/counts.ts';
import type { Layer, Network } from '../onnx/network.ts';
import type { CimHardware } from './hardware.ts';
import { cut, type Piece } from './operators-cut.ts';
import { broadcast, type Flow, layersOf, reshape } from './operators-flow.ts';
import { flowsOf, isProduct, type NetworkFlows } from './operators-network.ts';
import { arraysFor, type Product, productOf } from './operators-product.ts';
import { common, merged, outermost, type Range, type Reading, read, tidy, volumeIn } from './operators-read.ts';
import { channelsRead } from './operators-windows.ts';
import { faithfulRuns, foldableRuns, mainRun, type Stretch, stretchesOf } from './sections.ts';
import type { CimOperator, CostRules, Section } from './types.ts';

export { arraysFor } from './operators-product.ts';

export interface OperatorOptions {
  hardware: CimHardware;
  rules: CostRules;
  /** Runs of the graph at once. A batch in the graph's own shapes is counted as it stands, and multiplied by this. */
  batch: number;
  blocks: 'folded' | 'one' | 'unrolled';
}

export interface OperatorList {
  operators: CimOperator[];
  sections: Section[];
  notModelled: { op: string; count: number }[];
  /** What is left out or taken otherwise than asked; nothing that forbids a result. */
  problems: Problem[];
}

/** More operators than this are a design gone wrong: a chip far too small for the network. */
const MOST_OPERATORS = 60_000;

/**
 * The products of a network that run on arrays, those too large for the chip cut to fit (CMSwitch, section 4.2, greedily),
 * and which bytes of one another's outputs they read.
 *
 * `inputs` and `weightsFrom` of an operator name the operators whose outputs it reads through layers without products, with
 * the bytes that it reads of each: a part that lies in columns [a, b) of its layer hands on just those, and a part that
 * takes [a, b) of inner reads only what stands there. Parts that are cut by inner give partial sums, of the same size as
 * the sum and at the activations' bits: each is an output of its own, and whoever reads the sum reads all of them, adding
 * them up as it reads. A sum that is made as a layer's results leave (a residual connection) is in its `sums`; where a layer
 * is cut by inner, in those of the parts that end it. Where a tensor's numbers cannot be followed, its readers read all.
 */
export function operatorsOf(network: Network, options: OperatorOptions): Result<OperatorList> {
  const refused = unknownProducts(network);
  if (refused) return fail(refused);
  const flows = flowsOf(network);
  const problems: Problem[] = unknownWork(network);
  const candidates = options.blocks === 'unrolled' ? [] : foldableRuns(network);
  const sources = candidates.length > 0 ? layerSources(network, flows) : [];
  let runs = candidates;
  if (options.blocks === 'folded') {
    runs = faithfulRuns(candidates, network, sources);
    for (const { block } of candidates.filter((run) => !runs.includes(run))) problems.push(unfolded(block));
  }
  const stretches = stretchesOf(network, runs, options.blocks);
  const building = new Building(network, flows, options, stretches);
  const failed = building.run();
  if (failed) return fail(failed);
  const { operators, sections } = building;
  if (operators.length === 0) return fail(noProducts(network));
  const counted = options.blocks === 'one' ? mainRun(runs, network.layers) : undefined;
  const { layers } = network;
  const range = counted ? layers.slice(counted.first, counted.first + counted.layersEach) : layers;
  return ok({ operators, sections, notModelled: notModelled(range), problems });
}

/** Where the outputs of a part lie: features of its layer, and which runs of the batch. */
interface Part {
  operator: number;
  features: readonly Range[] | undefined;
  samples: Range;
}

/** What a part reads: features of layers, for which runs of the batch. */
interface Wanted {
  reading: Reading;
  samples: Range;
}

class Building {
  readonly operators: CimOperator[] = [];
  readonly sections: Section[] = [];
  readonly #layers: readonly Layer[];
  readonly #flows: NetworkFlows;
  readonly #options: OperatorOptions;
  readonly #stretches: readonly Stretch[];
  readonly #parts = new Map<number, { pieces: Piece[]; parts: Part[] }>();

  constructor(network: Network, flows: NetworkFlows, options: OperatorOptions, stretches: readonly Stretch[]) {
    this.#layers = network.layers;
    this.#flows = flows;
    this.#options = options;
    this.#stretches = stretches;
  }

  run(): Problem | undefined {
    for (const stretch of this.#stretches) {
      const { name, from, each, times } = stretch;
      const first = this.operators.length;
      for (const layer of this.#layers.slice(from, from + each)) {
        const failed = isProduct(layer) ? this.#layer(layer) : undefined;
        if (failed) return failed;
      }
      const count = this.operators.length - first;
      const carried = times > 1 ? this.#carried(stretch) : [];
      if (count > 0) this.sections.push({ name, first, count, times, carried });
    }
    return undefined;
  }

  #product(layer: Layer): Product {
    const { rules, batch } = this.#options;
    const operands = this.#flows.operands[layer.index]!;
    const shared = layer.kind.op === 'matmul' && operands.length > 1 ? sharedHeads(layer, operands[1]!) : 1;
    return productOf(layer, rules, batch, shared)!;
  }

  #layer(layer: Layer): Problem | undefined {
    const { hardware } = this.#options;
    const product = this.#product(layer);
    const found = cut(product, hardware);
    if (!found) return tooLarge(layer, product, hardware);
    if (this.operators.length + found.number > MOST_OPERATORS) return tooMany(layer, hardware);
    const pieces = found.pieces();
    const parts: Part[] = [];
    this.#parts.set(layer.index, { pieces, parts });
    const reads = new Reads(this, layer, product);
    for (const [number, piece] of pieces.entries()) {
      const { inner, columns, groups } = piece;
      const [n, k, g] = [inner[1] - inner[0], columns[1] - columns[0], groups[1] - groups[0]];
      const index = this.operators.length;
      parts.push(...placesOf(layer, product, piece).map((place) => ({ ...place, operator: index })));
      const sums = reads.sums(piece);
      const weightsFrom = reads.weights(piece);
      const weightBytes = Math.ceil((n * k * g * hardware.weightBits) / 8);
      const cachedBytes = product.dynamic ? Math.round(weightBytes * reads.cachedShare(piece)) : 0;
      this.operators.push({
        index,
        name: pieces.length > 1 ? `${layer.name}[${number + 1}/${pieces.length}]` : layer.name,
        layer: layer.index,
        kind: product.kind,
        vectors: product.vectors,
        inner: n,
        columns: k,
        groups: g,
        arrays: arraysFor(n, k, g, hardware),
        macs: product.vectors * n * k * g,
        streamBytes: Math.ceil((product.vectors * n * g * hardware.activationBits) / 8),
        weightBytes,
        outputBytes: Math.ceil((product.vectors * k * g * hardware.activationBits) / 8),
        dynamic: product.dynamic,
        inputs: reads.inputs(piece),
        weightsFrom,
        ...(cachedBytes > 0 && { cachedBytes }),
        ...(sums.length > 0 && { sums }),
        ...(pieces.length > 1 && { part: { inner, columns, groups, of: pieces.length, number } }),
      });
    }
    return undefined;
  }

  /** Outputs of one run of a block that the next reads, as the second block of the run shows. */
  #carried({ from, each }: Stretch): Section['carried'] {
    const readers = new Map<number, Set<number>>();
    for (const layer of this.#layers.slice(from + each, from + 2 * each)) {
      if (!isProduct(layer)) continue;
      const product = this.#product(layer);
      const own = this.#parts.get(layer.index - each)!;
      const reads = new Reads(this, layer, product, [from, from + each]);
      const first = own.parts[0]!.operator;
      for (const [number, piece] of own.pieces.entries()) {
        for (const { operator } of [...reads.inputs(piece), ...reads.weights(piece), ...reads.sums(piece)]) {
          const known = readers.get(operator) ?? new Set();
          readers.set(operator, known.add(first + number));
        }
      }
    }
    return [...readers]
      .sort(([a], [b]) => a - b)
      .map(([operator, set]) => ({ operator, readers: [...set].sort((a, b) => a - b) }));
  }

  operandsOf(layer: number): readonly Flow[] {
    return this.#flows.operands[layer]!;
  }

  isComputed(layer: number): boolean {
    return isProduct(this.#layers[layer]!);
  }

  sumsOf(layer: number): readonly Flow[] {
    return this.#flows.sums.get(layer) ?? [];
  }

  /** Operators whose outputs are read, and the bytes of each. `within`: of layers in that range only. */
  operatorsRead(wanted: readonly Wanted[], within?: Range): { operator: number; bytes: number }[] {
    const { hardware, batch } = this.#options;
    const bytes = new Map<number, number>();
    for (const { reading, samples } of wanted) {
      const { layer, features, share } = reading;
      if (within && (layer < within[0] || layer >= within[1])) continue;
      const found = this.#parts.get(this.#standsFor(layer));
      if (!found) continue;
      const source = this.#layers[layer]!;
      const positions = elements(source.outputShape) / featureCount(source);
      for (const part of found.parts) {
        const runs = Math.min(samples[1], part.samples[1]) - Math.max(samples[0], part.samples[0]);
        if (runs <= 0) continue;
        const own = part.features ?? [[0, featureCount(source)]];
        const width = features ? common(own, features) : own.reduce((sum, [from, to]) => sum + to - from, 0);
        if (width === 0) continue;
        const read = (width * positions * share * Math.min(runs, batch) * hardware.activationBits) / 8;
        bytes.set(part.operator, (bytes.get(part.operator) ?? 0) + read);
      }
    }
    return [...bytes].map(([operator, read]) => {
      // Rounded as sums of fractions are: a hair above a whole number is that number.
      return { operator, bytes: Math.min(Math.ceil(read - 1e-6), this.operators[operator]!.outputBytes) };
    });
  }

  /** The layer of the first block that a layer of a later block of its run is counted by. */
  #standsFor(layer: number): number {
    for (const { from, to, each, times } of this.#stretches) {
      if (times > 1 && layer >= from && layer < to) return from + ((layer - from) % each);
    }
    return layer;
  }
}

/** What the parts of one layer read; parts that read the same share the list. */
class Reads {
  readonly #building: Building;
  readonly #layer: Layer;
  readonly #product: Product;
  readonly #within: Range | undefined;
  readonly #known = new Map<string, { operator: number; bytes: number }[]>();

  constructor(building: Building, layer: Layer, product: Product, within?: Range) {
    this.#building = building;
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
    const flows = this.#building.sumsOf(this.#layer.index);
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
      found = this.#building.operatorsRead(wanted(), this.#within);
      this.#known.set(key, found);
    }
    return found;
  }

  /** What a part reads of an operand of its layer. */
  #operand(piece: Piece, operand: number): Wanted[] {
    const { kind, index } = this.#layer;
    const flow = this.#building.operandsOf(index)[operand];
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
    const flow = this.#building.operandsOf(this.#layer.index)[1];
    const { plain } = flow ? this.#asMatrices(flow, 1) : { plain: undefined };
    if (!plain || plain.whole.length > 0) return 0;
    const computed = outermost(plain.sources.filter(({ layer }) => this.#building.isComputed(layer)));
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

/** Groups of a part as groups of the layer, run by run of the batch. */
function boxesOf({ groups: all, samples, sharing }: Product, [from, to]: Range): { groups: Range; samples: Range }[] {
  const each = all / samples;
  const own = (a: number, b: number): Range => [a * sharing, b * sharing];
  if (samples === 1) return [{ groups: own(from, to), samples: [0, Number.POSITIVE_INFINITY] }];
  const boxes: { groups: Range; samples: Range }[] = [];
  for (let at = from; at < to; ) {
    const sample = Math.floor(at / each);
    const start = at - sample * each;
    const runs = start === 0 ? Math.max(1, Math.floor((to - at) / each)) : 1;
    const length = runs > 1 ? each : Math.min(each - start, to - at);
    boxes.push({ groups: own(start, start + length), samples: [sample, sample + runs] });
    at += runs > 1 ? runs * each : length;
  }
  return boxes;
}

/** Where the outputs of a part lie in its layer's. */
function placesOf({ kind }: Layer, product: Product, { columns, groups }: Piece): Omit<Part, 'operator'>[] {
  const wide = product.columns;
  if (kind.op !== 'matmul') {
    return [{ features: rangesOf(groups, columns, wide), samples: [0, Number.POSITIVE_INFINITY] }];
  }
  if (wide !== kind.columns) return [{ features: undefined, samples: [0, Number.POSITIVE_INFINITY] }];
  return boxesOf(product, groups).map((box) => ({
    features: rangesOf(box.groups, columns, wide),
    samples: box.samples,
  }));
}

/** Columns of groups as features. */
function rangesOf(groups: Range, columns: Range, wide: number): Range[] {
  if (columns[0] === 0 && columns[1] === wide) return [[groups[0] * wide, groups[1] * wide]];
  const ranges: Range[] = [];
  for (let group = groups[0]; group < groups[1]; group++) {
    ranges.push([group * wide + columns[0], group * wide + columns[1]]);
  }
  return merged(ranges);
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

/** Numbers that a layer puts out for each vector. */
function featureCount({ kind, outputShape }: Layer): number {
  if (kind.op === 'conv') return kind.outputChannels;
  if (kind.op === 'fc') return kind.outputs;
  return kind.op === 'matmul' ? kind.batch * kind.columns : elements(outputShape);
}

/** How many consecutive matrices of a product's second operand are the same (heads that share keys and values). */
function sharedHeads({ kind, outputShape }: Layer, flow: Flow): number {
  if (kind.op !== 'matmul' || flow.shape.length !== outputShape.length || outputShape.length < 3) return 1;
  if (flow.whole.length > 0 || flow.sources.length === 0) return 1;
  let shared = 0;
  for (const { axes } of flow.sources) {
    const { factors } = axes.at(-3)!;
    const inner = factors.at(-1);
    const own = inner?.repeat ? inner.size : 1;
    if (shared !== 0 && own !== shared) return 1;
    shared = own;
  }
  return kind.batch % shared === 0 ? shared : 1;
}

/** Products that each layer reads, directly or in a sum. */
function layerSources({ layers }: Network, { operands, sums }: NetworkFlows): number[][] {
  return layers.map((layer) => {
    if (!isProduct(layer)) return [];
    const found = layersOf([...operands[layer.index]!, ...(sums.get(layer.index) ?? [])]);
    return found.filter((each) => isProduct(layers[each]!));
  });
}

function notModelled(layers: readonly Layer[]): OperatorList['notModelled'] {
  const counts = new Map<string, number>();
  for (const layer of layers) {
    const { op } = layer.kind;
    if (op !== 'input' && !isProduct(layer)) counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return [...counts].map(([op, count]) => ({ op, count }));
}

/** Operators that are products in forms that the studio does not read: leaving them out would make every figure wrong. */
const PRODUCTS =
  /(^|\.)(Conv|ConvTranspose|ConvInteger|QLinearConv|DeformConv|Gemm|FusedGemm|FusedConv|MatMul|FusedMatMul|MatMulInteger|MatMulNBits|QLinearMatMul|QGemm|Einsum|LSTM|GRU|RNN|Attention|MultiHeadAttention|GroupQueryAttention)$/;

function unknownProducts({ unsupported }: Network): Problem | undefined {
  const found = unsupported.filter(({ op }) => PRODUCTS.test(op));
  if (found.length === 0) return undefined;
  const list = found.map(({ op, count, places }) => `${op} (${count}: ${places.slice(0, 3).join(', ')})`).join('; ');
  return error(
    'cim.unknown-product',
    `The network has matrix products that cannot be put on arrays here: ${list}.`,
    'Convolutions over one or two axes with fixed weights, fully connected layers and products of two tensors can. Export the network with these.',
    { path: 'slices.cim.model' },
  );
}

function unknownWork({ unsupported }: Network): Problem[] {
  return unsupported.map(({ op, count, places }) => ({
    code: 'cim.unknown-operator',
    severity: 'warning',
    what: `The operator ${op} is not known (${count}: ${places.slice(0, 3).join(', ')}${count > 3 ? ' ...' : ''}); what it costs is not counted.`,
    where: { path: 'slices.cim.model' },
  }));
}

function unfolded(block: string): Problem {
  return {
    code: 'cim.not-folded',
    severity: 'note',
    what: `The blocks from "${block}" on are equal, but do not only read the one before them; they are compiled one by one.`,
    where: { path: 'slices.cim.blocks' },
  };
}

function noProducts({ name }: Network): Problem {
  return error(
    'cim.no-products',
    `"${name}" has no layer with a matrix product, so there is nothing to put on arrays.`,
    'Choose a network with convolutions, fully connected layers or attention.',
    { path: 'slices.cim.model' },
  );
}

function tooLarge({ name }: Layer, { inner, columns }: Product, { array, arrays, weightBits }: CimHardware): Problem {
  const part = arraysFor(1, 1, 1, { array, arrays, weightBits } as CimHardware);
  const what =
    part > arrays
      ? `Not even one weight of "${name}" fits: at ${weightBits} bits it takes ${part} arrays of ${array.columns} columns, and the chip has ${arrays}.`
      : `No split makes "${name}" (${inner} x ${columns}) fit on ${arrays} arrays of ${array.rows} x ${array.columns}.`;
  return error('cim.fit', what, 'Give the chip more arrays, or wider ones, or cells of more bits.', {
    path: 'slices.cim.hardware.arrays',
  });
}

function tooMany({ name }: Layer, { arrays, array }: CimHardware): Problem {
  return error(
    'cim.too-many-parts',
    `At "${name}" the network falls into more than ${MOST_OPERATORS} parts for ${arrays} arrays of ${array.rows} x ${array.columns}.`,
    'Give the chip more arrays, or larger ones, or compile one block of the network.',
    { path: 'slices.cim.hardware.arrays' },
  );
}
