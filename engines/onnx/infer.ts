import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { evaluate } from './fold.ts';
import { branchInPlace } from './infer-branch.ts';
import { type MissingSymbol, missing, placeOf } from './infer-missing.ts';
import type { Unsupported } from './network.ts';
import { isWhole } from './ops/element-types.ts';
import { countOf, type Fact, greatestRank, Misfit, mostElements, NodeFacts } from './ops/facts.ts';
import { isStandard, ruleOf } from './ops/index.ts';
import { constantFact, tensorFact } from './ops/making.ts';
import { Symbols } from './symbols.ts';
import { elementsAtHand } from './tensors.ts';
import type { Dim, Graph, GraphNode, Tensor, ValueInfo } from './types.ts';

export interface Inference {
  /** The graph with `values` filled for every value whose shape follows, sizes given put in. */
  graph: Graph;
  unsupported: Unsupported[];
  /** Names that still stand in shapes. */
  missingSymbols: MissingSymbol[];
  /** Names that were given a size and are not in the graph. */
  unusedSymbols: string[];
  /** All that is known, by name of the value: also elements of constants, and what depends on no input. */
  facts: ReadonlyMap<string, Fact>;
}

/** Graphs in attributes inside graphs in attributes ... */
const deepest = 16;
/** Nodes looked at, those of loop bodies as often as they are: a bound for loops in loops. */
const mostVisits = 2_000_000;
const mostProblems = 10;
const mostPlaces = 10;

/**
 * Shapes and types of all values of a graph, from its inputs, weights and constants. Sizes may stay expressions over
 * symbolic dimensions ("N", "2*N"); `symbols` gives them values. Where an operator is not known, what the file declares of
 * its outputs is taken. An If whose condition follows is replaced by the nodes of its branch; `symbols` may also give a
 * whole-number input of one element its value ("sample_rate"), on which conditions depend. Nodes must be in topological
 * order.
 *
 * Problems: a value that nothing makes, operands that do not fit, sizes below zero, and symbols that are no sizes.
 */
export function inferShapes(graph: Graph, options: { symbols?: Record<string, number> } = {}): Result<Inference> {
  const given = options.symbols ?? {};
  const wrong = Object.entries(given).filter(([, size]) => !Number.isSafeInteger(size) || size < 0);
  const problems = wrong.map(([name, size]) =>
    error(
      'onnx.symbol-value',
      `The symbolic size "${name}" is given the value ${size}.`,
      'Give a whole number from 0 up.',
    ),
  );
  const pass = new Pass(new Symbols(given));
  if (problems.length === 0) {
    const scope = new Map<string, Fact>();
    const inferred = pass.graph(graph, undefined, scope, 0);
    problems.push(...pass.problems);
    if (problems.length === 0) {
      return ok({
        graph: inferred,
        unsupported: [...pass.unsupported.values()],
        missingSymbols: missing(inferred, pass.symbols),
        unusedSymbols: Object.keys(given).filter((name) => !pass.symbols.used.has(name)),
        facts: scope,
      });
    }
  }
  const [first = error('onnx.shapes', 'The shapes of the graph cannot be inferred.'), ...more] = problems;
  return fail(first, ...more);
}

const readAtHand = (tensor: Tensor): number[] | undefined => elementsAtHand(tensor, mostElements);

/** Nodes and weights of the graph that comes out. */
interface Made {
  nodes: GraphNode[];
  weights: Record<string, Tensor>;
}

interface Scope {
  facts: Map<string, Fact>;
  outer: Scope | undefined;
}

class Pass {
  readonly symbols: Symbols;
  readonly problems: Problem[] = [];
  readonly unsupported = new Map<string, Unsupported>();
  /** Names made up for sizes that only data tells; a declared size is better than one of them. */
  readonly #madeUp = new Set<Dim>();
  #visits = 0;

  constructor(symbols: Symbols) {
    this.symbols = symbols;
  }

  /** Infers a graph, leaves facts in `facts`, and answers it with its values filled. */
  graph(
    graph: Graph,
    outer: Scope | undefined,
    facts: Map<string, Fact>,
    depth: number,
    entering?: (Fact | undefined)[],
  ): Graph {
    const scope: Scope = { facts, outer };
    for (const [name, tensor] of Object.entries(graph.weights)) facts.set(name, tensorFact(tensor, readAtHand));
    const inputs = graph.inputs.map((input, index) => {
      const declared = this.#declared(input, `input "${input.name}"`);
      const fact = {
        ...declared,
        ...this.#givenScalar(input.name, declared, depth),
        ...withoutGaps(entering?.[index]),
      };
      if (!facts.has(input.name)) facts.set(input.name, fact);
      return { name: input.name, type: fact.type, shape: fact.shape };
    });
    const outputs = new Map(graph.outputs.map((output) => [output.name, output]));
    const values: Record<string, ValueInfo> = Object.create(null);
    const made: Made = { nodes: [], weights: {} };
    for (const node of graph.nodes) {
      if (this.problems.length >= mostProblems) break;
      this.#step(graph, node, scope, outputs, values, depth, made);
    }
    const named = graph.outputs.map((output) => {
      const fact = find(scope, output.name);
      if (!fact && this.problems.length === 0) {
        this.problems.push(undefinedValue(`The output "${output.name}" of the graph`, output.name, output.name));
      }
      return { name: output.name, type: fact?.type ?? output.type, shape: fact?.shape ?? output.shape };
    });
    return {
      ...graph,
      inputs,
      outputs: named,
      nodes: made.nodes,
      weights: { ...graph.weights, ...made.weights },
      values: { ...values },
    };
  }

  /** A node, or in its place the nodes of the branch that an If surely takes. */
  #step(
    graph: Graph,
    node: GraphNode,
    scope: Scope,
    outputs: ReadonlyMap<string, ValueInfo>,
    values: Record<string, ValueInfo>,
    depth: number,
    made: Made,
  ): void {
    const condition = node.op === 'If' && isStandard(node.domain) ? find(scope, node.inputs[0] ?? '') : undefined;
    const [decided] = condition?.elements ?? [];
    const taken = typeof decided === 'number' ? node.attributes[decided ? 'then_branch' : 'else_branch'] : undefined;
    if (taken?.kind !== 'graph' || this.#visits > mostVisits || made.nodes.length > mostVisits) {
      made.nodes.push(this.#node(graph, node, scope, outputs, values, depth));
      return;
    }
    const branch = branchInPlace(node, taken.value);
    for (const tensor of Object.values(branch.weights)) {
      scope.facts.set(tensor.name, tensorFact(tensor, readAtHand));
      made.weights[tensor.name] = tensor;
    }
    for (const inner of branch.nodes) {
      this.#visits += 1;
      this.#step(branch, inner, scope, outputs, values, depth, made);
    }
  }

  #node(
    graph: Graph,
    node: GraphNode,
    scope: Scope,
    outputs: ReadonlyMap<string, ValueInfo>,
    values: Record<string, ValueInfo>,
    depth: number,
  ): GraphNode {
    this.#visits += 1;
    const place = placeOf(node);
    const inputs = node.inputs.map((name) => (name ? find(scope, name) : undefined));
    node.inputs.forEach((name, index) => {
      if (name && !inputs[index]) this.problems.push(undefinedValue(`The node ${place}`, name, node.name));
    });
    let made: (Fact | undefined)[] = [];
    const inner: Record<string, Graph> = {};
    try {
      if (depth > deepest || this.#visits > mostVisits) {
        throw new Misfit('stands too deep in graphs within graphs', 'Simplify the loops and branches of the model.');
      }
      const facts = new NodeFacts(
        node,
        inputs,
        this.symbols,
        (output, axis) => this.#unknown(`${node.outputs[output] || node.name}.${axis}`),
        (branch, entering) => {
          const within = new Map<string, Fact>();
          const inferred = this.graph(branch, scope, within, depth + 1, entering);
          for (const [name, attribute] of Object.entries(node.attributes)) {
            if (attribute.kind === 'graph' && attribute.value === branch) inner[name] = inferred;
          }
          return branch.outputs.map(({ name }) => find({ facts: within, outer: scope }, name) ?? {});
        },
      );
      made = this.#apply(facts);
    } catch (caught) {
      if (!(caught instanceof Misfit)) throw caught;
      this.problems.push(
        error(
          'onnx.shape',
          `The node ${place} ${caught.message}.`,
          caught.remedy ?? 'Check the model: this node cannot run.',
          {
            path: node.name,
          },
        ),
      );
    }
    node.outputs.forEach((name, index) => {
      if (!name) return;
      const fact = this.#merge(made[index], graph.values[name] ?? outputs.get(name), name);
      scope.facts.set(name, fact);
      values[name] = { name, type: fact.type, shape: fact.shape };
    });
    if (Object.keys(inner).length === 0) return node;
    const attributes = { ...node.attributes };
    for (const [name, value] of Object.entries(inner)) attributes[name] = { kind: 'graph', value };
    return { ...node, attributes };
  }

  #apply(node: NodeFacts): (Fact | undefined)[] {
    const { op, domain, inputs } = node.node;
    if (op === 'Constant' && isStandard(domain)) {
      return [constantFact(node, readAtHand)];
    }
    const rule = ruleOf(domain, op);
    if (!rule) {
      this.#count(node.node);
      return [];
    }
    const made = rule(node);
    for (const fact of made) {
      if (fact?.shape && fact.shape.length > greatestRank) node.fail(`makes a tensor of rank ${fact.shape.length}`);
      for (const dim of fact?.shape ?? []) {
        if (typeof dim === 'number' && (dim < 0 || !Number.isInteger(dim)))
          node.fail(`makes a tensor with a size of ${dim}`);
      }
    }
    const elements = evaluate(node, made);
    const draws = /^(Random|Bernoulli|Multinomial)/.test(op);
    const constant = !draws && inputs.every((name, index) => !name || node.inputs[index]?.constant);
    return made.map((fact, index) => {
      if (!fact) return undefined;
      const at = elements[index] ?? fact.elements;
      return {
        ...fact,
        elements: at,
        constant: constant || (at?.every((dim) => typeof dim === 'number') ?? false),
      };
    });
  }

  #count(node: GraphNode): void {
    const op = isStandard(node.domain) ? node.op : `${node.domain}.${node.op}`;
    const entry = this.unsupported.get(op) ?? {
      op,
      count: 0,
      places: [],
      why: 'The studio does not know this operator, so what it computes is not counted.',
    };
    entry.count += 1;
    if (entry.places.length < mostPlaces) entry.places.push(node.name);
    this.unsupported.set(op, entry);
  }

  /** A whole-number input of one element can be given its value like a size: what it decides is then decided. */
  #givenScalar(name: string, declared: Fact, depth: number): Fact {
    if (depth > 0 || !isWhole(declared.type) || countOf(declared.shape) !== 1) return {};
    const value = this.symbols.named(name);
    return typeof value === 'number' ? { elements: [value], constant: true } : {};
  }

  #unknown(name: string): Dim {
    const dim = this.symbols.named(name);
    this.#madeUp.add(dim);
    return dim;
  }

  /** What a file says of a value, sizes given put in; sizes left empty (or -1, as some exporters write) get a name. */
  #declared(value: ValueInfo, place: string): Fact {
    if (!value.shape) return { type: value.type };
    if (value.shape.length > greatestRank) {
      this.problems.push(
        error(
          'onnx.rank',
          `The ${place} is declared with rank ${value.shape.length}; the greatest is ${greatestRank}.`,
        ),
      );
      return { type: value.type };
    }
    const shape = value.shape.map((dim, axis) => {
      if (dim === '' || dim === -1) return this.symbols.named(`${value.name}.${axis}`);
      const size = this.symbols.resolve(dim);
      if (typeof size === 'number' && (size < 0 || !Number.isInteger(size))) {
        this.problems.push(
          error(
            'onnx.size',
            `The ${place} has a size of ${size} on axis ${axis}.`,
            'Sizes are whole numbers from 0 up.',
          ),
        );
      }
      return size;
    });
    return { type: value.type, shape };
  }

  #merge(made: Fact | undefined, declared: ValueInfo | undefined, name: string): Fact {
    if (!declared?.shape) return { ...made, type: made?.type ?? declared?.type };
    const told = declared.shape.map((dim, axis) => {
      if (dim === '' || (typeof dim === 'number' && dim < 0)) return this.#unknown(`${name}.${axis}`);
      return this.symbols.resolve(dim);
    });
    const type = made?.type ?? declared.type;
    if (!made?.shape) return { ...made, type, shape: made?.each || told.length > greatestRank ? undefined : told };
    if (made.shape.length !== told.length) return { ...made, type };
    const shape = made.shape.map((dim, axis) => (this.#madeUp.has(dim) ? (told[axis] ?? dim) : dim));
    return { ...made, type, shape };
  }
}

function withoutGaps(fact: Fact | undefined): Fact {
  return Object.fromEntries(Object.entries(fact ?? {}).filter(([, value]) => value !== undefined));
}

function find(scope: Scope | undefined, name: string): Fact | undefined {
  for (let at = scope; at; at = at.outer) {
    const fact = at.facts.get(name);
    if (fact) return fact;
  }
  return undefined;
}

function undefinedValue(who: string, name: string, path: string): Problem {
  return error(
    'onnx.undefined-value',
    `${who} reads "${name}", which no input, weight or earlier node provides.`,
    'Export the model anew: the file is incomplete, or its nodes are not in order.',
    { path },
  );
}
