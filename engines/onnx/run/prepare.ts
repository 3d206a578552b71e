import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import { type Inference, inferShapes } from '../infer.ts';
import { isStandard } from '../ops/index.ts';
import type { ElementFiles } from '../read-elements.ts';
import type { Dim, Graph, GraphNode, Model } from '../types.ts';
import { type Facts, fixedBatch, growsByBatch, symbolOf } from './batch.ts';
import { CannotRun, cannotRun } from './cannot-run.ts';
import { readConstants } from './constants.ts';
import { Context, type Shared } from './context.ts';
import { loadNetworkKernel, type NetworkKernel } from './kernel.ts';
import { moves } from './operators/moves.ts';
import { normalising } from './operators/normalising.ts';
import { pointwise } from './operators/pointwise.ts';
import { products } from './operators/products.ts';
import { reductions } from './operators/reductions.ts';
import type { Prepare } from './operators/types.ts';
import { windows } from './operators/windows.ts';
import { Memory, Program } from './program.ts';
import { type Compiled, NetworkRunner } from './runner.ts';
import type { Runner } from './types.ts';

const OPERATORS: Record<string, Prepare> = { ...pointwise, ...moves, ...reductions, ...windows, ...normalising };

export interface RunnerOptions {
  /** Sizes of symbolic dimensions; the batch is the runner's own. */
  symbols?: Record<string, number>;
  files?: ElementFiles;
  /** The kernel to compute with; by default the fastest that runs here. */
  kernel?: NetworkKernel;
}

/** Multiply-accumulates in some 50 ms, and elements of the largest tensor of a batch that stays in the caches: ours. */
const MACS_A_CALL = 3e8;
const ELEMENTS_A_BATCH = 2 ** 18;
const LARGEST_BATCH = 64;

/**
 * Reads the weights of a model, folds and fuses its nodes, and lays everything down for running it.
 *
 * Problems: more than one input, sizes that are open, weights that are missing or not finite, operators that cannot run
 * (with their nodes).
 */
export async function prepareRunner(model: Model, options: RunnerOptions = {}): Promise<Result<Runner>> {
  const { symbols = {}, files = {} } = options;
  const { graph } = model;
  const inputs = graph.inputs.filter(({ name }) => !Object.hasOwn(graph.weights, name));
  const [input] = inputs;
  if (inputs.length !== 1 || !input) {
    const names = inputs.map(({ name }) => `"${name}"`).join(', ');
    const what = `The model has ${inputs.length} inputs${names && ` (${names})`}; a model that runs here has one.`;
    return fail(error('onnx.inputs', what, 'Use a model that takes one tensor, such as an image.'));
  }
  const batchSymbol = symbolOf(input.name, input.shape?.[0]);
  const sized = (batch: number) => ({ ...symbols, ...(batchSymbol !== undefined && { [batchSymbol]: batch }) });
  const first = inferShapes(graph, { symbols: sized(1) });
  if (!first.ok) return first;
  const open = first.value.graph.inputs.find(({ name }) => name === input.name)?.shape;
  if (!open?.every((dim) => typeof dim === 'number')) return fail(openSizes(input.name, open));
  const constants = await readConstants(graph, files);
  if (!constants.ok) return constants;
  const kernel = options.kernel ?? (await loadNetworkKernel());
  const memory = new Memory(kernel);
  const shared: Shared = {
    memory,
    opset: model.opsets[''] ?? model.opsets['ai.onnx'] ?? 1,
    constants: constants.value,
    laid: new Map(),
    layers: new Map(),
    zeros: { at: memory.take(4 * 64), floats: 64 },
    observer: { now: undefined },
  };
  const derived = deriveConstants(first.value.graph, shared, first.value.facts);
  if (derived) return fail(derived);
  const compile = (inferred: Inference, samples: number): Result<Compiled> =>
    compileGraph(inferred.graph, input.name, shared, inferred.facts, samples);
  const one = compile(first.value, batchSymbol === undefined ? fixedBatch(first.value.graph) : 1);
  if (!one.ok) return one;
  const runner = new NetworkRunner(shared, one.value, MACS_A_CALL);
  const batch = batchSymbol === undefined ? 1 : batchOf(runner, one.value);
  const several = (samples: number): Compiled | undefined => {
    const inferred = inferShapes(graph, { symbols: sized(samples) });
    if (!inferred.ok || !growsByBatch(first.value, inferred.value, samples)) return undefined;
    const compiled = compile(inferred.value, samples);
    return compiled.ok ? compiled.value : undefined;
  };
  const many = batch > 1 ? several(batch) : undefined;
  if (many) runner.addBatches(batch, many, several);
  runner.place();
  runner.setPlan({}, 0);
  return ok(runner);
}

function openSizes(name: string, shape: readonly Dim[] | undefined): Problem {
  const names = shape?.filter((dim) => typeof dim === 'string').map((dim) => `"${dim}"`) ?? [];
  const what = shape
    ? `The input "${name}" of the model has open sizes: ${names.join(', ')}.`
    : `The input "${name}" of the model has no shape.`;
  return error('onnx.open-sizes', what, 'Give each of them a size.', { path: name });
}

function batchOf(runner: Runner, one: Compiled): number {
  const macs = runner.layers.reduce((sum, layer) => sum + layer.macs, 0);
  const byWork = MACS_A_CALL / Math.max(1, macs);
  const bySize = ELEMENTS_A_BATCH / Math.max(1, one.largest);
  const most = Math.min(byWork, bySize, LARGEST_BATCH);
  let batch = 1;
  while (2 * batch <= most) batch *= 2;
  return batch;
}

/** Computes what follows from weights alone, once, and adds it to the constants. */
function deriveConstants(graph: Graph, shared: Shared, facts: Facts): Problem | undefined {
  const fixed = new Set(shared.constants.keys());
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const { op, domain, inputs, outputs } = node;
    if (!inputs.every((name) => !name || fixed.has(name)) || /^(Random|Bernoulli|Multinomial)/.test(op)) continue;
    const known = outputs.every((name) => !name || facts.get(name)?.elements?.every((at) => typeof at === 'number'));
    if (!known) {
      // What cannot be computed here is met again, and named, where the graph is prepared.
      if (!isStandard(domain) || op === 'Conv') continue;
      if (!Object.hasOwn(OPERATORS, op) && !Object.hasOwn(products, op)) continue;
      nodes.push(node);
    }
    for (const name of outputs) fixed.add(name);
  }
  if (nodes.length === 0) return undefined;
  const made = new Set(nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== '')));
  const program = new Program(shared.memory, 1);
  const outputs = [...made].map((name) => ({ name }));
  const context = new Context(shared, program, { ...graph, nodes, outputs }, facts);
  const problem = prepareNodes(context, nodes);
  if (problem) return problem;
  program.place(shared.memory.take(program.arenaBytes));
  const results = [...made].map((name) => [name, context.dense(context.view(name))] as const);
  for (const step of program.steps) step();
  for (const [name, view] of results) {
    shared.constants.set(name, { shape: view.shape, data: program.elements(view).slice() });
  }
  return undefined;
}

function prepareNodes(context: Context, nodes: readonly GraphNode[]): Problem | undefined {
  const taken = new Set<GraphNode>();
  const makers = new Map<string, Set<string>>();
  for (const node of nodes) {
    if (taken.has(node)) continue;
    context.node = node;
    try {
      const covered = prepareNode(context, node);
      for (const each of covered) taken.add(each);
      noteReaders(context, covered, makers);
      context.done(covered);
    } catch (reason) {
      if (!(reason instanceof CannotRun)) throw reason;
      return cannotRun(node, reason);
    }
  }
  return undefined;
}

/** Carries on which layers a value comes from, and tells those layers when another one reads it. */
function noteReaders({ shared }: Context, covered: readonly GraphNode[], makers: Map<string, Set<string>>): void {
  const [{ name = '', inputs = [] } = {}] = covered;
  const from = new Set(inputs.flatMap((input) => [...(makers.get(input) ?? [])]));
  const isLayer = shared.layers.has(name);
  if (isLayer) {
    for (const maker of from) {
      const { consumers } = shared.layers.get(maker)!.layer;
      if (!consumers.includes(name)) consumers.push(name);
    }
  }
  for (const { outputs } of covered) for (const output of outputs) makers.set(output, isLayer ? new Set([name]) : from);
}

/** Prepares a node, and answers with all nodes that this took care of. */
function prepareNode(context: Context, node: GraphNode): GraphNode[] {
  const { op, domain, outputs } = node;
  if (outputs.every((name) => !name || context.constant(name))) return [node];
  if (isStandard(domain) && Object.hasOwn(products, op)) return products[op]!(context);
  const prepare = isStandard(domain) && Object.hasOwn(OPERATORS, op) ? OPERATORS[op] : undefined;
  if (!prepare) throw new CannotRun('is an operator that does not run here');
  prepare(context);
  return [node];
}

function compileGraph(graph: Graph, input: string, shared: Shared, facts: Facts, samples: number): Result<Compiled> {
  const program = new Program(shared.memory, samples);
  const context = new Context(shared, program, graph, facts);
  const inputView = program.tensor(context.shapeOf(input));
  context.define(input, inputView);
  const problem = prepareNodes(context, graph.nodes);
  if (problem) return fail(problem);
  const [output] = graph.outputs;
  if (!output) return fail(error('onnx.outputs', 'The model has no output.', 'Export it again with one.'));
  const view = program.dense(context.view(output.name));
  return ok({
    program,
    input: inputView,
    output: view,
    largest: Math.ceil(context.largest / samples),
  });
}
