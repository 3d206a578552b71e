import type { Attribute, Dim, ElementType, Graph, GraphNode, Tensor } from './types.ts';

/** Short forms for graphs in tests. */

export const ints = (...value: number[]): Attribute => ({ kind: 'ints', value });
export const int = (value: number): Attribute => ({ kind: 'int', value });
export const text = (value: string): Attribute => ({ kind: 'string', value });
export const inner = (value: Graph): Attribute => ({ kind: 'graph', value });
export const tensor = (value: Tensor): Attribute => ({ kind: 'tensor', value });

/** A weight whose numbers do not matter. */
export function weight(name: string, shape: number[], type: ElementType = 'float32'): Tensor {
  return { name, type, shape, data: { in: 'nowhere' } };
}

/** Whole numbers that shapes depend on. */
export function int64(name: string, values: number[], shape = [values.length]): Tensor {
  const bytes = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
  return { name, type: 'int64', shape, data: { in: 'memory', bytes } };
}

export function float32(name: string, values: number[], shape = [values.length]): Tensor {
  return {
    name,
    type: 'float32',
    shape,
    data: { in: 'memory', bytes: new Uint8Array(Float32Array.from(values).buffer) },
  };
}

export function node(
  op: string,
  inputs: string[],
  outputs: string[],
  attributes: Record<string, Attribute> = {},
  domain = '',
): GraphNode {
  return { name: `${op}_${outputs[0]}`, op, domain, inputs, outputs, attributes };
}

/** The outputs of the last node are those of the graph. */
export function graphOf(
  inputs: Record<string, Dim[]>,
  nodes: GraphNode[],
  weights: Tensor[] = [],
  inputTypes: Record<string, ElementType> = {},
): Graph {
  return {
    name: 'test',
    inputs: Object.entries(inputs).map(([name, shape]) => ({ name, type: inputTypes[name] ?? 'float32', shape })),
    outputs: (nodes.at(-1)?.outputs ?? []).map((name) => ({ name })),
    nodes,
    weights: Object.fromEntries(weights.map((each) => [each.name, each])),
    values: {},
  };
}
