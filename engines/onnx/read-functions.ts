import { type RawNode, type Reading, readAttribute, readNode } from './read-graph.ts';
import type { Attribute, Graph, GraphNode } from './types.ts';
import { type Field, Malformed } from './wire.ts';

/** A function of the file: a named part of a graph that nodes call by domain and name (FunctionProto, IR version 8). */
interface LocalFunction {
  name: string;
  inputs: string[];
  outputs: string[];
  nodes: RawNode[];
  /** Values of attributes that a caller leaves out. */
  defaults: Record<string, Attribute>;
}

export type Functions = Map<string, LocalFunction>;

/** Functions that call functions can grow without bound from a small file. */
const mostNodes = 200_000;
const deepest = 32;

function keyOf(domain: string, op: string, overload: string): string {
  return `${domain}\n${op}\n${overload}`;
}

export async function readFunction(reading: Reading, field: Field, into: Functions): Promise<void> {
  const { wire } = reading;
  wire.expect(field, 'bytes', 'a function');
  const found: LocalFunction = { name: '', inputs: [], outputs: [], nodes: [], defaults: {} };
  let domain = '';
  let overload = '';
  const text = (part: Field, set: (value: string) => void): Promise<void> =>
    wire.text(part, `a name in the function at byte ${field.start}`).then(set);
  await wire.message(field.start, field.start + field.length, (part) => {
    switch (part.number) {
      case 1:
        return text(part, (name) => {
          found.name = name;
        });
      case 4:
        return text(part, (name) => found.inputs.push(name));
      case 5:
        return text(part, (name) => found.outputs.push(name));
      case 7:
        return readNode(reading, part, 1).then((node) => void found.nodes.push(node));
      case 10:
        return text(part, (name) => {
          domain = name;
        });
      case 11:
        return readAttribute(reading, part, 1).then(({ name, attribute }) => {
          found.defaults[name] = attribute;
        });
      case 13:
        return text(part, (name) => {
          overload = name;
        });
      default:
        return undefined;
    }
  });
  into.set(keyOf(domain === 'ai.onnx' ? '' : domain, found.name, overload), found);
}

/** Puts the nodes of functions in the place of the nodes that call them; names inside get the caller's name before them. */
export function inlineFunctions(graph: Graph, functions: Functions): Graph {
  return functions.size === 0 ? graph : new Inliner(functions).graph(graph, 0);
}

class Inliner {
  readonly #functions: Functions;
  #made = 0;
  #calls = 0;

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  graph(graph: Graph, depth: number): Graph {
    return { ...graph, nodes: graph.nodes.flatMap((node) => this.#node(node as RawNode, depth)) };
  }

  #node(node: RawNode, depth: number): GraphNode[] {
    this.#made += 1;
    if (this.#made > mostNodes || depth > deepest) {
      throw new Malformed('The functions of the file call one another without end, or grow the graph beyond bounds.', {
        code: 'onnx.functions',
        remedy: 'Export the model without functions (torch.onnx.export without export_modules_as_functions).',
      });
    }
    const called = this.#functions.get(keyOf(node.domain, node.op, node.overload));
    if (called) return this.#call(node, called).flatMap((inner) => this.#node(inner, depth + 1));
    return [{ ...node, attributes: mapGraphs(node.attributes, (graph) => this.graph(graph, depth)) }];
  }

  #call(caller: RawNode, called: LocalFunction): RawNode[] {
    this.#calls += 1;
    const prefix = `${caller.name || `${called.name}_${this.#calls}`}/`;
    const outer = new Map<string, string>();
    called.outputs.forEach((name, index) => {
      const given = caller.outputs[index];
      if (given) outer.set(name, given);
    });
    called.inputs.forEach((name, index) => {
      outer.set(name, caller.inputs[index] ?? '');
    });
    const rename = (name: string): string => (name ? (outer.get(name) ?? prefix + name) : '');
    const attributes = { ...called.defaults, ...caller.attributes };
    return called.nodes.map((node) => renameNode(node, rename, prefix, attributes));
  }
}

function mapGraphs(attributes: Record<string, Attribute>, change: (graph: Graph) => Graph): Record<string, Attribute> {
  const changed: Record<string, Attribute> = { ...attributes };
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.kind === 'graph') changed[name] = { kind: 'graph', value: change(attribute.value) };
  }
  return changed;
}

function renameNode(
  node: RawNode,
  rename: (name: string) => string,
  prefix: string,
  given: Record<string, Attribute>,
): RawNode {
  const attributes = mapGraphs(node.attributes, (graph) => renameGraph(graph, rename, prefix, given));
  for (const [name, reference] of Object.entries(node.references)) {
    const value = given[reference];
    if (value) attributes[name] = value;
  }
  return {
    ...node,
    name: prefix + (node.name || node.outputs[0] || node.op),
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes,
    references: {},
  };
}

function renameGraph(
  graph: Graph,
  rename: (name: string) => string,
  prefix: string,
  given: Record<string, Attribute>,
): Graph {
  const named = <T extends { name: string }>(value: T): T => ({ ...value, name: rename(value.name) });
  const record = <T extends { name: string }>(values: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.values(values).map((value) => [rename(value.name), named(value)]));
  return {
    ...graph,
    inputs: graph.inputs.map(named),
    outputs: graph.outputs.map(named),
    nodes: graph.nodes.map((node) => renameNode(node as RawNode, rename, prefix, given)),
    weights: record(graph.weights),
    values: record(graph.values),
  };
}
