import { isWhole } from './ops/element-types.ts';
import { countOf } from './ops/facts.ts';
import { isStandard } from './ops/index.ts';
import type { Symbols } from './symbols.ts';
import type { Graph, GraphNode, ValueInfo } from './types.ts';

/** A size that nothing tells yet. */
export interface MissingSymbol {
  /** What to give a value to: a key of `symbols`. */
  name: string;
  /** Where it is met first: 'input "images", axis 0'. */
  where: string;
}

/** How messages name a node: "conv1" (Conv). */
export function placeOf(node: GraphNode): string {
  return `"${node.name}" (${node.op})`;
}

/** Names that are left in shapes, each where it is met first: inputs before what is computed. */
export function missing(graph: Graph, symbols: Symbols): MissingSymbol[] {
  const found = new Map<string, string>();
  const meet = (value: ValueInfo | undefined, where: string): void => {
    value?.shape?.forEach((dim, axis) => {
      for (const name of symbols.namesIn(dim)) if (!found.has(name)) found.set(name, `${where}, axis ${axis}`);
    });
  };
  for (const input of graph.inputs) meet(input, `input "${input.name}"`);
  for (const node of graph.nodes) {
    for (const name of node.outputs) meet(graph.values[name], `output "${name}" of the node ${placeOf(node)}`);
  }
  for (const [name, node] of deciders(graph)) {
    if (!found.has(name)) found.set(name, `input "${name}", on which the node ${placeOf(node)} depends`);
  }
  return [...found].map(([name, where]) => ({ name, where }));
}

/** Whole-number inputs of one element on which an If depends whose branch is open. */
function deciders(graph: Graph): Map<string, GraphNode> {
  const scalars = new Set(
    graph.inputs.filter(({ type, shape }) => isWhole(type) && countOf(shape) === 1).map(({ name }) => name),
  );
  const found = new Map<string, GraphNode>();
  if (scalars.size === 0) return found;
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  for (const branch of graph.nodes.filter(({ op, domain }) => op === 'If' && isStandard(domain))) {
    const pending = [branch.inputs[0] ?? ''];
    const met = new Set(pending);
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (scalars.has(name) && !found.has(name)) found.set(name, branch);
      for (const input of makers.get(name)?.inputs ?? []) {
        if (met.has(input)) continue;
        met.add(input);
        pending.push(input);
      }
    }
  }
  return found;
}
