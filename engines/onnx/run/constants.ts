import { fail, ok, type Problem, type Result } from '../../core/result.ts';
import { type ElementFiles, readElements } from '../read-elements.ts';
import type { Graph, Tensor } from '../types.ts';

/** A tensor that depends on no input. */
export interface Constant {
  shape: readonly number[];
  data: Float32Array;
}

/** All numbers of a graph's weights and constant nodes, as float32. Strings and complex numbers are left out. */
export async function readConstants(graph: Graph, files: ElementFiles): Promise<Result<Map<string, Constant>>> {
  const tensors = new Map<string, Tensor>(Object.entries(graph.weights));
  for (const { op, attributes, outputs } of graph.nodes) {
    const value = op === 'Constant' ? attributes.value : undefined;
    if (value?.kind === 'tensor') tensors.set(outputs[0]!, value.value);
  }
  const constants = new Map<string, Constant>();
  const problems: Problem[] = [];
  for (const [name, tensor] of tensors) {
    if (tensor.type === 'string' || tensor.type.startsWith('complex')) continue;
    const elements = await readElements(tensor, files);
    if (elements.ok) constants.set(name, { shape: tensor.shape, data: Float32Array.from(elements.value) });
    else problems.push(...elements.problems);
  }
  const [first, ...more] = problems;
  return first ? fail(first, ...more) : ok(constants);
}
