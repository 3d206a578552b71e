import { type Renaming, renameNode, renameRecord } from './rename.ts';
import type { Graph, GraphNode } from './types.ts';

/**
 * The nodes and weights of a branch, ready to stand in the graph around it in the place of the If that takes it: names of
 * the branch get that of the If before them, its outputs those of the If.
 */
export function branchInPlace(taker: GraphNode, branch: Graph): Graph {
  const prefix = `${taker.name}/`;
  const made = new Set(branch.nodes.flatMap(({ outputs }) => outputs));
  const names = new Map<string, string>();
  for (const name of [...Object.keys(branch.weights), ...made]) names.set(name, prefix + name);
  const copies: GraphNode[] = [];
  const given = new Set<string>();
  for (const [index, { name }] of branch.outputs.entries()) {
    const wanted = taker.outputs[index];
    if (!wanted) continue;
    if (made.has(name) && !given.has(name)) {
      names.set(name, wanted);
      given.add(name);
      continue;
    }
    // A weight, a value from outside, or the same value a second time.
    copies.push({
      name: `${prefix}${wanted}`,
      op: 'Identity',
      domain: '',
      inputs: [name],
      outputs: [wanted],
      attributes: {},
    });
  }
  const renaming: Renaming = { prefix, value: (name) => names.get(name) ?? name };
  const named = copies.map((copy) => ({ ...copy, inputs: copy.inputs.map((name) => renaming.value(name)) }));
  return {
    ...branch,
    nodes: [...branch.nodes.map((node) => renameNode(node, renaming)), ...named],
    weights: renameRecord(branch.weights, renaming),
    values: renameRecord(branch.values, renaming),
  };
}
