import { type RawNode, type Reading, readAttribute, readNode } from './read-graph.ts';
import { mapGraphs, type Renaming, renameNode } from './rename.ts';
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
  readonly #titles = new Set<string>();

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
    const title = caller.name || called.name;
    const prefix = `${this.#titles.has(title) ? `${title}_${this.#calls}` : title}/`;
    this.#titles.add(title);
    const outer = new Map<string, string>();
    called.outputs.forEach((name, index) => {
      const given = caller.outputs[index];
      if (given) outer.set(name, given);
    });
    called.inputs.forEach((name, index) => {
      outer.set(name, caller.inputs[index] ?? '');
    });
    const given = { ...called.defaults, ...caller.attributes };
    const renaming: Renaming = {
      prefix,
      value: (name) => outer.get(name) ?? prefix + name,
      adjust: (renamed, original) => referred(renamed as RawNode, original as RawNode, given),
    };
    return called.nodes.map((node) => renameNode(node, renaming) as RawNode);
  }
}

/** Attributes that refer to those of the caller take their values; those that it leaves out stay out. */
function referred(renamed: RawNode, original: RawNode, given: Record<string, Attribute>): RawNode {
  const attributes = { ...renamed.attributes };
  for (const [name, reference] of Object.entries(original.references)) {
    const value = given[reference];
    if (value) attributes[name] = value;
  }
  return { ...renamed, attributes, references: {} };
}
