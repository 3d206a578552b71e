import type { RunLayer } from '../../onnx/run/types.ts';
import type { Graph, GraphNode, Tensor } from '../../onnx/types.ts';

/** A layer of the runner found again in its graph: the product, and what was folded into it. */
export interface PlacedLayer {
  layer: RunLayer;
  product: GraphNode;
  /** Nodes that the folded weight and bias stand for, besides the product. */
  folded: GraphNode[];
  /** The value that comes out of all of them. */
  output: string;
}

/** What stands in a layer's place. */
export interface Replacement {
  nodes: GraphNode[];
  weights: Tensor[];
}

/** Element-wise steps with constants that a runner folds into a product before them. */
const FOLDED = new Set(['BatchNormalization', 'Mul', 'Add', 'Sub', 'Div', 'Identity', 'Dropout']);
const PRODUCTS = new Set(['Conv', 'Gemm', 'MatMul']);

/**
 * Where a layer is in its graph; undefined where it is not one Conv, Gemm or MatMul with learned weights on its second
 * input, followed by nothing but steps that are read nowhere else.
 */
export function placeLayer(graph: Graph, layer: RunLayer): PlacedLayer | undefined {
  const own = new Set(layer.nodes);
  const product = graph.nodes.find(({ name, op, domain }) => own.has(name) && domain === '' && PRODUCTS.has(op));
  if (!product || product.inputs[0] === layer.weightName || isSet(product, 'transA')) return undefined;
  const readers = readersOf(graph);
  const folded: GraphNode[] = [];
  let output = product.outputs[0] ?? '';
  for (;;) {
    const after = readers.get(output) ?? [];
    const next = after.length === 1 ? after[0] : undefined;
    if (!next || !own.has(next.name) || !FOLDED.has(next.op)) break;
    folded.push(next);
    output = next.outputs[0] ?? '';
  }
  return { layer, product, folded, output };
}

function isSet(node: GraphNode, attribute: string): boolean {
  const value = node.attributes[attribute];
  return value?.kind === 'int' && value.value !== 0;
}

/** By value: who reads it. Outputs of the graph are read by "nobody", which keeps them from being folded away. */
function readersOf(graph: Graph): Map<string, (GraphNode | undefined)[]> {
  const readers = new Map<string, (GraphNode | undefined)[]>();
  const add = (value: string, node: GraphNode | undefined): void => {
    readers.set(value, [...(readers.get(value) ?? []), node]);
  };
  for (const node of graph.nodes) for (const input of new Set(readBy(node))) add(input, node);
  for (const { name } of graph.outputs) add(name, undefined);
  return readers;
}

/** Inputs of a node, and values of the graph around it that its branches read. */
function readBy(node: GraphNode): string[] {
  const inner = Object.values(node.attributes).flatMap((attribute) =>
    attribute.kind === 'graph'
      ? [...attribute.value.nodes.flatMap(readBy), ...attribute.value.outputs.map(({ name }) => name)]
      : [],
  );
  return [...node.inputs, ...inner].filter((name) => name !== '');
}

/** The graph with layers replaced, and without the nodes and weights that nothing reads any more. */
export function replaceLayers(
  graph: Graph,
  placed: readonly PlacedLayer[],
  replace: (placed: PlacedLayer) => Replacement,
): Graph {
  const replacements = new Map(placed.map((each) => [each.product.name, replace(each)]));
  const gone = new Set(placed.flatMap(({ folded }) => folded.map(({ name }) => name)));
  const nodes = graph.nodes.flatMap((node) => {
    if (gone.has(node.name)) return [];
    return replacements.get(node.name)?.nodes ?? [node];
  });
  const weights = { ...graph.weights };
  for (const { weights: made } of replacements.values()) for (const tensor of made) weights[tensor.name] = tensor;
  return withoutUnread({ ...graph, nodes, weights });
}

function withoutUnread(graph: Graph): Graph {
  const read = new Set(graph.outputs.map(({ name }) => name));
  const kept: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => read.has(name))) continue;
    kept.push(node);
    for (const name of readBy(node)) read.add(name);
  }
  return {
    ...graph,
    nodes: kept.reverse(),
    weights: Object.fromEntries(Object.entries(graph.weights).filter(([name]) => read.has(name))),
    inputs: graph.inputs.filter(({ name }) => read.has(name) || !(name in graph.weights)),
  };
}

/** Gives out names that no value of the graph has. */
export function freshNames(graph: Graph): (wanted: string) => string {
  const taken = new Set([
    ...Object.keys(graph.weights),
    ...graph.inputs.map(({ name }) => name),
    ...graph.nodes.flatMap(({ inputs, outputs, name }) => [...inputs, ...outputs, name]),
  ]);
  return (wanted) => {
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}_${count}`;
    taken.add(name);
    return name;
  };
}
