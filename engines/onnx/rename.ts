import type { Attribute, Graph, GraphNode } from './types.ts';

/** The same attributes with other graphs in them. */
export function mapGraphs(
  attributes: Record<string, Attribute>,
  change: (graph: Graph) => Graph,
): Record<string, Attribute> {
  const changed: Record<string, Attribute> = { ...attributes };
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.kind === 'graph') changed[name] = { kind: 'graph', value: change(attribute.value) };
  }
  return changed;
}

/** How names change when nodes move into another graph. */
export interface Renaming {
  /** A value's new name; names from outside come back as they are. */
  value(name: string): string;
  /** Put before the names of nodes. */
  prefix: string;
  /** A last change to each node. */
  adjust?(renamed: GraphNode, original: GraphNode): GraphNode;
}

export function renameNode(node: GraphNode, renaming: Renaming): GraphNode {
  const renamed = {
    ...node,
    name: renaming.prefix + (node.name || node.outputs[0] || node.op),
    inputs: node.inputs.map((name) => name && renaming.value(name)),
    outputs: node.outputs.map((name) => name && renaming.value(name)),
    attributes: mapGraphs(node.attributes, (graph) => renameGraph(graph, renaming)),
  };
  return renaming.adjust?.(renamed, node) ?? renamed;
}

export function renameGraph(graph: Graph, renaming: Renaming): Graph {
  const named = <T extends { name: string }>(value: T): T => ({ ...value, name: renaming.value(value.name) });
  return {
    ...graph,
    inputs: graph.inputs.map(named),
    outputs: graph.outputs.map(named),
    nodes: graph.nodes.map((node) => renameNode(node, renaming)),
    weights: renameRecord(graph.weights, renaming),
    values: renameRecord(graph.values, renaming),
  };
}

export function renameRecord<T extends { name: string }>(
  values: Record<string, T>,
  renaming: Renaming,
): Record<string, T> {
  return Object.fromEntries(
    Object.values(values).map((value) => {
      const name = renaming.value(value.name);
      return [name, { ...value, name }];
    }),
  );
}
