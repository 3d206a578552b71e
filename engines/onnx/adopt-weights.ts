import type { Graph, GraphNode, Model } from './types.ts';

/** Which inputs of an operator are weights, wherever they come from. */
const POSITIONS: Record<string, readonly number[]> = {
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  BatchNormalization: [1, 2, 3, 4],
  InstanceNormalization: [1, 2],
  LayerNormalization: [1, 2],
  GroupNormalization: [1, 2],
  Gemm: [1, 2],
  PRelu: [1],
};

/** As the studio's own files are signed. */
const OWN = 'crossbar-studio';

/**
 * A structure without weights declares them as inputs of its graph. Those that stand where an operator has its weights (in
 * the studio's own files all whose names say so: "conv1.weight") become weights without data.
 */
export function adoptWeights({ graph, producer }: Model): Graph {
  const positions = new Set<string>();
  for (const node of graph.nodes) for (const input of weightInputs(node)) positions.add(input);
  const isWeight = ({ name, shape }: Graph['inputs'][number]): boolean =>
    !Object.hasOwn(graph.weights, name) &&
    (shape?.every((dim) => typeof dim === 'number' && dim > 0) ?? false) &&
    (positions.has(name) || (producer === OWN && /\.[a-z]+$/.test(name)));
  const adopted = graph.inputs.filter(isWeight);
  if (adopted.length === 0) return graph;
  const weights = { ...graph.weights };
  for (const { name, type = 'float32', shape } of adopted)
    weights[name] = { name, type, shape: shape as number[], data: { in: 'nowhere' } };
  return { ...graph, inputs: graph.inputs.filter((input) => !isWeight(input)), weights };
}

function weightInputs({ op, domain, inputs }: GraphNode): string[] {
  const positions = domain === '' && Object.hasOwn(POSITIONS, op) ? POSITIONS[op]! : [];
  return positions.map((position) => inputs[position] ?? '').filter((input) => input !== '');
}
