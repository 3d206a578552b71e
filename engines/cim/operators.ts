import { fail, ok, type Problem, type Result } from '../core/result.ts';
import { elements } from '../onnx/counts.ts';
import type { Layer, Network } from '../onnx/network.ts';
import type { CimHardware } from './hardware.ts';
import { cut, type Piece } from './operators-cut.ts';
import { type Flow, layersOf } from './operators-flow.ts';
import { flowsOf, isProduct, type NetworkFlows } from './operators-network.ts';
import { featureCount, type Part, placesOf, type Wanted } from './operators-places.ts';
import { noProducts, tooLarge, tooMany, unfolded, unknownProducts, unknownWork } from './operators-problems.ts';
import { arraysFor, type Product, productOf } from './operators-product.ts';
import { common, type Range } from './operators-read.ts';
import { type Context, Reads } from './operators-reads.ts';
import { faithfulRuns, foldableRuns, mainRun, type Stretch, stretchesOf } from './sections.ts';
import type { CimOperator, CostRules, Section } from './types.ts';

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

class Building implements Context {
  readonly operators: CimOperator[] = [];
  readonly sections: Section[] = [];
  readonly #layers: readonly Layer[];
  readonly flows: NetworkFlows;
  readonly #options: OperatorOptions;
  readonly #stretches: readonly Stretch[];
  readonly #parts = new Map<number, { pieces: Piece[]; parts: Part[] }>();

  constructor(network: Network, flows: NetworkFlows, options: OperatorOptions, stretches: readonly Stretch[]) {
    this.#layers = network.layers;
    this.flows = flows;
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
    const operands = this.flows.operands[layer.index]!;
    const shared = layer.kind.op === 'matmul' && operands.length > 1 ? sharedHeads(layer, operands[1]!) : 1;
    return productOf(layer, rules, batch, shared)!;
  }

  #layer(layer: Layer): Problem | undefined {
    const { hardware } = this.#options;
    const product = this.#product(layer);
    const found = cut(product, hardware);
    if (!found) return tooLarge(layer, product, hardware);
    if (this.operators.length + found.number > MOST_OPERATORS) return tooMany(layer, hardware, MOST_OPERATORS);
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

  isComputed(layer: number): boolean {
    return isProduct(this.#layers[layer]!);
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
