import { int } from '../attributes.ts';
import type { Inference } from '../infer.ts';
import type { Dim, Graph, GraphNode } from '../types.ts';

export type Facts = Inference['facts'];

/** The name of the batch, the first size of a model's input; undefined: it is a number, or an expression. */
export function symbolOf(input: string, dim: Dim | undefined): string | undefined {
  if (dim === '' || dim === -1) return `${input}.0`;
  return typeof dim === 'string' && /^[\p{L}_.][\p{L}\p{N}_.:]*$/u.test(dim) ? dim : undefined;
}

/** Samples that a model with a fixed batch takes at once: those of its input, where its output has as many. */
export function fixedBatch({ inputs, outputs, weights }: Graph): number {
  const batch = inputs.find(({ name }) => !Object.hasOwn(weights, name))?.shape?.[0];
  const [first] = outputs[0]?.shape ?? [];
  return typeof batch === 'number' && batch > 1 && first === batch ? batch : 1;
}

/**
 * Whether a graph for so many samples does the same to each as the graph for one: every value has them along its first
 * axis, one after the other, and nothing works along that axis. Models of which this is not sure run one sample at a time.
 */
export function growsByBatch(one: Inference, many: Inference, samples: number): boolean {
  if (one.graph.nodes.length !== many.graph.nodes.length) return false;
  for (const [index, node] of many.graph.nodes.entries()) {
    if (node.op !== one.graph.nodes[index]!.op || alongFirst(node, many.facts)) return false;
    for (const name of node.outputs) {
      const grown = many.facts.get(name);
      const single = one.facts.get(name);
      if (!name || grown?.constant) continue;
      const fits =
        grown?.shape?.length === single?.shape?.length &&
        grown?.shape?.every((size, axis) => size === (axis === 0 ? samples : 1) * Number(single?.shape?.[axis]));
      if (!fits) return false;
    }
  }
  return true;
}

/** Operators that could mix samples without changing sizes. */
function alongFirst({ op, attributes, inputs }: GraphNode, facts: Facts): boolean {
  const absent: Record<string, number> = { Softmax: -1, LogSoftmax: -1, Concat: 0, CumSum: 0, LayerNormalization: -1 };
  if (op === 'Einsum' || op === 'Loop' || op === 'If' || op === 'Scan') return true;
  if (!Object.hasOwn(absent, op)) return false;
  const axis = int(attributes, 'axis', absent[op]!);
  return axis === 0 || axis === -(facts.get(inputs[0] ?? '')?.shape?.length ?? 0);
}
