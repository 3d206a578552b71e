import type { Graph, GraphNode, ValueInfo } from './types.ts';
import { Malformed } from './wire.ts';

/**
 * Brings a graph as a file has it into the form the studio works on: every node has a name of its own, every value one
 * maker, nodes stand after those they read from, inputs that are weights (IR version 3) are weights only.
 * @throws Malformed for two makers of one value, for values that nothing makes, and for cycles.
 */
export function arrange(graph: Graph, outer: ReadonlySet<string> = new Set(), notes?: Set<string>): Graph {
  const known = new Set(outer);
  const here = new Set<string>();
  const make = (name: string, what: string): void => {
    if (here.has(name)) {
      throw new Malformed(`The value "${name}" is made twice, again by ${what}.`, { code: 'onnx.duplicate-name' });
    }
    here.add(name);
    known.add(name);
  };
  for (const name of Object.keys(graph.weights)) make(name, 'a weight');
  const free = graph.inputs.filter(({ name }) => !graph.weights[name]);
  for (const [index, { name }] of free.entries()) {
    if (!name) throw new Malformed(`The input ${index} of the graph has no name.`);
    make(name, 'an input');
  }
  const maker = new Map<string, number>();
  graph.nodes.forEach((node, index) => {
    for (const name of node.outputs) {
      if (!name) continue;
      make(name, `the node "${node.name || name}" (${node.op})`);
      maker.set(name, index);
    }
  });
  const needs = graph.nodes.map((node) => {
    const read = readBy(node);
    for (const name of read) {
      if (!known.has(name)) {
        throw new Malformed(
          `The node "${node.name || node.outputs[0]}" (${node.op}) reads "${name}", which no input, weight or node provides.`,
          {
            code: 'onnx.undefined-value',
            remedy: 'Export the model anew: the file is incomplete.',
          },
        );
      }
    }
    return [...read].flatMap((name) => maker.get(name) ?? []);
  });
  for (const { name } of graph.outputs) {
    if (!known.has(name)) {
      throw new Malformed(`The output "${name}" of the graph is made by no node.`, { code: 'onnx.undefined-value' });
    }
  }
  const order = sort(graph.nodes, needs);
  if (notes && order.some((at, index) => at !== index)) notes.add('reordered');
  const names = new Map<string, number>();
  const nodes = order.map((at) => {
    const node = graph.nodes[at] as GraphNode;
    const { op, domain, inputs, outputs } = node;
    const name = unique(node.name || outputs.find((output) => output) || op, names);
    return { name, op, domain, inputs, outputs, attributes: arrangeInner(node, known, notes) };
  });
  const values: Record<string, ValueInfo> = {};
  for (const [name, value] of Object.entries(graph.values)) if (here.has(name)) values[name] = value;
  return { ...graph, inputs: free, nodes, values, weights: { ...graph.weights } };
}

function arrangeInner(
  node: GraphNode,
  known: ReadonlySet<string>,
  notes: Set<string> | undefined,
): GraphNode['attributes'] {
  const attributes = { ...node.attributes };
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.kind === 'graph') attributes[name] = { kind: 'graph', value: arrange(attribute.value, known, notes) };
  }
  return attributes;
}

/** Names that a node reads: its inputs, and what its inner graphs read from outside. */
function readBy(node: GraphNode): Set<string> {
  const names = new Set(node.inputs.filter((name) => name));
  for (const attribute of Object.values(node.attributes)) {
    if (attribute.kind === 'graph') for (const name of readFromOutside(attribute.value)) names.add(name);
  }
  return names;
}

function readFromOutside(graph: Graph): Set<string> {
  const own = new Set([...Object.keys(graph.weights), ...graph.inputs.map(({ name }) => name)]);
  for (const node of graph.nodes) for (const name of node.outputs) own.add(name);
  const names = new Set<string>();
  for (const node of graph.nodes) for (const name of readBy(node)) if (!own.has(name)) names.add(name);
  for (const { name } of graph.outputs) if (!own.has(name)) names.add(name);
  return names;
}

/** Topological order; the order of the file where it is one. */
function sort(nodes: readonly GraphNode[], needs: readonly number[][]): number[] {
  if (needs.every((list, index) => list.every((other) => other < index))) return nodes.map((_, index) => index);
  const waits = needs.map((list) => list.length);
  const readers: number[][] = nodes.map(() => []);
  needs.forEach((list, index) => {
    for (const other of list) readers[other]?.push(index);
  });
  const order = waits.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let at = 0; at < order.length; at += 1) {
    for (const reader of readers[order[at] as number] ?? []) {
      waits[reader] = (waits[reader] ?? 0) - 1;
      if (waits[reader] === 0) order.push(reader);
    }
  }
  if (order.length === nodes.length) return order;
  throw new Malformed(`The graph is a cycle: ${cycle(nodes, needs, waits).join(' -> ')}.`, {
    code: 'onnx.cycle',
    remedy: 'A feedback must be written as a Loop or Scan; export the model anew.',
  });
}

/** Names along a cycle, at most ten. */
function cycle(nodes: readonly GraphNode[], needs: readonly number[][], waits: readonly number[]): string[] {
  const stuck = (index: number): boolean => (waits[index] ?? 0) > 0;
  let at = nodes.findIndex((_, index) => stuck(index));
  const path = new Set<number>();
  while (!path.has(at)) {
    path.add(at);
    at = needs[at]?.find(stuck) ?? at;
  }
  const names = [...path].slice([...path].indexOf(at)).reverse();
  const shown = names
    .slice(0, 9)
    .map((index) => `"${nodes[index]?.name || nodes[index]?.outputs[0] || nodes[index]?.op}"`);
  return [...shown, ...(names.length > 9 ? ['...'] : []), shown[0] ?? ''];
}

/** A name that no other node has: a number is added to the second of the same name. */
function unique(name: string, taken: Map<string, number>): string {
  let free = name;
  while (taken.has(free)) {
    const number = (taken.get(name) ?? 1) + 1;
    taken.set(name, number);
    free = `${name}_${number}`;
  }
  taken.set(free, 1);
  return free;
}
