import { error, fail, ok, type Result } from '../core/result.ts';
import { matchActivations } from './activation-match.ts';
import { assemble, type LayerDraft } from './assemble.ts';
import { int } from './attributes.ts';
import { elements } from './counts.ts';
import { type Inference, inferShapes } from './infer.ts';
import type { Kind, Network, Unsupported } from './network.ts';
import { type Lowered, lower, parametersOf } from './to-network-kinds.ts';
import { matchNormalisations, matchShuffles, mergePads, removeIdle } from './to-network-patterns.ts';
import type { Graph, Tensor } from './types.ts';
import { Values } from './values.ts';
import { WorkGraph, type WorkNode } from './work-graph.ts';

export interface ToNetworkOptions {
  /** Sizes of symbolic dimensions. A batch (the first axis of an input) that is not given one is 1. */
  symbols?: Record<string, number>;
  origin?: Network['origin'];
  /** Version of the standard operators, for what changed between versions. Absent: 17. */
  opset?: number;
}

/**
 * The network of a graph: shapes inferred as numbers, constants folded away, what is idle at inference removed, patterns
 * recognised, padding merged into windows, and batch normalisation, bias, ReLU, tanh and sigmoid fused into the convolution
 * or FC layer before them (as the front end of PIMCOMP-NN does). Other activations stand as layers of their own;
 * `absorbActivations` takes them into the layers before them.
 *
 * Operators that the studio does not know become layers of kind `unknown` and are listed. Fails where shapes do not fit, or
 * a symbolic dimension has no size.
 */
export function toNetwork(graph: Graph, options: ToNetworkOptions = {}): Result<Network> {
  const inferred = inferWithBatch(graph, options.symbols ?? {});
  if (!inferred.ok) return inferred;
  const { inference, symbols } = inferred.value;
  const values = new Values(inference.graph, inference.facts, options.opset);
  const work = new WorkGraph(inference.graph);
  removeIdle(work, values);
  work.prune();
  mergePads(work, values);
  matchShuffles(work, values);
  matchNormalisations(work, values);
  matchActivations(work, values);
  const building = new Building(inference.graph, work, values);
  const open = building.run();
  if (open.length > 0) {
    const [first = ''] = open;
    const what = `The shape of "${first}" is not known, so the layers that read it cannot be sized.`;
    return fail(error('network.open-shape', what, 'Export the model with fixed shapes.', { path: first }));
  }
  const { name } = graph;
  const unsupported = [...building.unsupported.values()];
  return ok(assemble({ name, origin: options.origin ?? 'onnx', unsupported, symbols }, building.drafts));
}

/** Sizes for the names that are left: 1 for a batch, and a question for all others. */
function inferWithBatch(
  graph: Graph,
  given: Record<string, number>,
): Result<{ inference: Inference; symbols: Record<string, number> }> {
  const first = inferShapes(graph, { symbols: given });
  if (!first.ok) return first;
  const batches = first.value.missingSymbols.filter(({ where }) => /^input ".*", axis 0$/s.test(where));
  const symbols = { ...given, ...Object.fromEntries(batches.map(({ name }) => [name, 1])) };
  const second = batches.length > 0 ? inferShapes(graph, { symbols }) : first;
  if (!second.ok) return second;
  const missing = second.value.missingSymbols.filter(({ where }) => where.startsWith('input '));
  const [open, ...others] = missing.map(({ name, where }) => {
    const what = `The model leaves a size open: "${name}" (${where}).`;
    const remedy = `Give it a value, as in "symbols": { "${name}": ${/axis [23]$/.test(where) ? 224 : 128} }.`;
    return error('network.open-size', what, remedy, { path: `symbols.${name}` });
  });
  if (open) return fail(open, ...others);
  return ok({ inference: second.value, symbols });
}

/** Turns what is left of a graph into layers, one node after the other. */
class Building {
  readonly drafts: LayerDraft[] = [];
  readonly unsupported = new Map<string, Unsupported>();
  readonly #graph: Graph;
  readonly #work: WorkGraph;
  readonly #values: Values;
  /** Which layer makes a value. */
  readonly #makers = new Map<string, number>();
  readonly #names = new Set<string>();
  /** Tensors whose numbers are counted already: shared ones count once. */
  readonly #counted = new Map<string, number>();

  constructor(graph: Graph, work: WorkGraph, values: Values) {
    this.#graph = graph;
    this.#work = work;
    this.#values = values;
  }

  /** Values whose shapes are needed and not known; empty when all went well. */
  run(): string[] {
    // Inputs that belong to a part of the structure (a layer's cache) stand with it, the others at the start.
    const late = new Set<string>();
    for (const { name } of this.#graph.inputs) {
      if (this.#values.isConstant(name) || this.#work.consumers(name).size === 0) continue;
      if (blockOf(name).length > 0) late.add(name);
      else if (!this.#input(name)) return [name];
    }
    for (const node of this.#work.inOrder()) {
      for (const input of node.inputs) if (late.delete(input) && !this.#input(input)) return [input];
      const open = this.#node(node);
      if (open !== undefined) return [open];
    }
    return [];
  }

  #input(name: string): boolean {
    const outputShape = this.#values.shape(name);
    if (!outputShape) return false;
    this.#push(name, {
      name: this.#unique(name),
      kind: { op: 'input' },
      inputs: [],
      outputShape,
      block: blockOf(name),
    });
    return true;
  }

  #node(node: WorkNode): string | undefined {
    const lowered = lower(node, this.#values);
    if (this.#fuse(node, lowered)) return undefined;
    const inputs: number[] = [];
    for (const value of lowered.reads) {
      const maker = this.#makers.get(value);
      if (maker !== undefined) inputs.push(maker);
    }
    const operands = lowered.reads.filter((value) => this.#makers.has(value));
    const inputShapes = operands.map((value) => this.#values.shape(value));
    const openInput = inputShapes.indexOf(undefined);
    if (openInput >= 0) return operands[openInput];
    const { kind } = lowered;
    if (kind.op === 'unknown') this.#miss(node, kind.onnxOp);
    let before = 0;
    for (const [place, output] of node.outputs.entries()) {
      const outputShape = this.#values.shape(output);
      const start = before;
      const isSplit = kind.op === 'move' && kind.how === 'split';
      if (isSplit) before += outputShape?.[splitAxis(node, outputShape.length)] ?? 0;
      if (output === '' || !this.#isWanted(output)) continue;
      // Nobody can size a layer after an operator whose result is open; the operator itself may stand at the end.
      if (!outputShape && this.#work.consumers(output).size > 0) return output;
      if (isSplit) {
        this.#push(output, {
          name: this.#unique(`${node.name}.${place}`),
          kind: splitKind(node, start, outputShape?.length ?? 0),
          inputs,
          inputShapes: inputShapes as number[][],
          outputShape: outputShape ?? [],
          block: blockOf(node.name),
          nodes: place === 0 ? node.covers : [],
        });
      } else if (place === 0) this.#layer(node, lowered, inputs, inputShapes as number[][], outputShape ?? []);
      else this.#aside(node, place, inputs, inputShapes as number[][], outputShape ?? []);
    }
    return undefined;
  }

  #layer(node: WorkNode, lowered: Lowered, inputs: number[], inputShapes: number[][], outputShape: number[]): void {
    const { kind } = lowered;
    const source = lowered.weight && this.#values.source(lowered.weight.value);
    const bias = lowered.bias === undefined ? undefined : this.#faithful(lowered.bias);
    const windowed = kind.op === 'conv' || kind.op === 'pool';
    this.#push(node.outputs[0]!, {
      name: this.#unique(node.name),
      kind,
      inputs,
      inputShapes: windowed ? inputShapes.map(asImage) : inputShapes,
      outputShape: windowed ? asImage(outputShape) : outputShape,
      bias: lowered.bias !== undefined,
      parameters: this.#count(lowered),
      ...(source?.faithful && {
        weight: { tensor: source.tensor, transposed: source.transposed !== lowered.weight!.transposed },
      }),
      ...(bias && { biasTensor: bias }),
      block: blockOf(node.name),
      nodes: node.covers,
    });
  }

  /** A second result (the places of largest values, statistics): nothing is known of what it takes to make it. */
  #aside(node: WorkNode, place: number, inputs: number[], inputShapes: number[][], outputShape: number[]): void {
    const onnxOp = `${node.op}, output ${place + 1}`;
    this.#miss(node, onnxOp);
    const name = this.#unique(`${node.name}.${place}`);
    const kind: Kind = { op: 'unknown', onnxOp };
    this.#push(node.outputs[place]!, { name, kind, inputs, inputShapes, outputShape, block: blockOf(node.name) });
  }

  /** Joins a node to the convolution or FC layer that it follows. Answers whether it did. */
  #fuse(node: WorkNode, { kind, reads, learned }: Lowered): boolean {
    const [input] = reads;
    if (input === undefined || reads.length !== 1 || node.outputs.length < 1) return false;
    const draft = this.drafts[this.#makers.get(input) ?? -1];
    if (!draft || (draft.kind.op !== 'conv' && draft.kind.op !== 'fc')) return false;
    if (draft.activation || this.#work.onlyConsumer(input) !== node) return false;
    if (kind.op === 'normalise' && kind.how === 'batch' && !draft.normalised) {
      draft.normalised = true;
      draft.parameters = (draft.parameters ?? 0) + this.#sum(learned);
    } else if (kind.op === 'eltwise' && kind.how === 'add' && this.#isBias(draft, learned)) {
      draft.bias = true;
      draft.parameters = (draft.parameters ?? 0) + this.#sum(learned);
      const tensor = this.#faithful(learned[0]!);
      if (tensor) draft.biasTensor = tensor;
    } else if (kind.op === 'activation' && FUSED.has(kind.how)) {
      draft.activation = { how: kind.how };
    } else return false;
    draft.nodes?.push(...node.covers);
    this.#makers.set(node.outputs[0]!, this.#makers.get(input)!);
    return true;
  }

  /** One number for each output channel, and none there yet. */
  #isBias(draft: LayerDraft, [constant, ...more]: string[]): boolean {
    if (constant === undefined || more.length > 0 || draft.bias || draft.normalised) return false;
    const shape = this.#values.shape(constant);
    if (!shape) return false;
    const { kind, outputShape } = draft;
    if (kind.op === 'fc') return elements(shape) === kind.outputs && shape.at(-1) === outputShape.at(-1);
    if (kind.op !== 'conv') return false;
    return elements(shape) === kind.outputChannels && shape.at(1 - outputShape.length) === kind.outputChannels;
  }

  #faithful(value: string): Tensor | undefined {
    const source = this.#values.source(value);
    return source?.faithful ? source.tensor : undefined;
  }

  #push(value: string, draft: LayerDraft): void {
    this.#makers.set(value, this.drafts.length);
    this.drafts.push(draft);
  }

  #isWanted(value: string): boolean {
    return this.#work.outputs.has(value) || this.#work.consumers(value).size > 0 || this.#work.outputs.size === 0;
  }

  #count(lowered: Lowered): number {
    const learned = lowered.learned.filter((value) => this.#isNew(value));
    return parametersOf({ ...lowered, learned }, this.#values);
  }

  #sum(values: readonly string[]): number {
    return values
      .filter((value) => this.#isNew(value))
      .reduce((sum, value) => sum + elements(this.#values.shape(value) ?? []), 0);
  }

  #isNew(value: string): boolean {
    const name = this.#values.source(value)?.tensor.name ?? value;
    if (this.#counted.has(name)) return false;
    this.#counted.set(name, this.drafts.length);
    return true;
  }

  #unique(name: string): string {
    let free = name;
    for (let number = 2; this.#names.has(free); number++) free = `${name} (${number})`;
    this.#names.add(free);
    return free;
  }

  #miss(node: WorkNode, op: string): void {
    const why =
      'The studio does not know what this operator costs; its shape is carried on, and its work is not counted.';
    const entry = this.unsupported.get(op) ?? { op, count: 0, places: [], why };
    entry.count++;
    if (entry.places.length < 10) entry.places.push(node.name);
    this.unsupported.set(op, entry);
  }
}

/** (N, C, W) as (N, C, 1, W): windows move over two axes everywhere. */
function asImage(shape: number[]): number[] {
  return shape.length === 3 ? [shape[0]!, shape[1]!, 1, shape[2]!] : shape;
}

function splitAxis(node: WorkNode, rank: number): number {
  const axis = int(node.attributes, 'axis', 0);
  return axis < 0 ? axis + rank : axis;
}

function splitKind(node: WorkNode, start: number, rank: number): Kind {
  return { op: 'move', how: 'split', slice: { axis: splitAxis(node, rank), start, step: 1 } };
}

const FUSED = new Set(['relu', 'tanh', 'sigmoid']);

/** Scopes in a node's name are the structure: "/layer1/layer1.0/conv1/Conv" stands in layer1, layer1.0, conv1. */
function blockOf(name: string): string[] {
  const parts = name.split('/', DEEPEST + 1).filter((part) => part !== '');
  return parts.slice(0, -1);
}

/** Structures nest less deep; a name with more slashes is none. */
const DEEPEST = 16;
