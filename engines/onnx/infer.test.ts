import { describe, expect, it } from 'vitest';
import { inferShapes } from './infer.ts';
import type { Attribute, Dim, Graph, GraphNode, Tensor } from './types.ts';

const ints = (...value: number[]): Attribute => ({ kind: 'ints', value });
const int = (value: number): Attribute => ({ kind: 'int', value });

function weight(name: string, shape: number[]): Tensor {
  return { name, type: 'float32', shape, data: { in: 'nowhere' } };
}

function int64(name: string, values: number[], shape = [values.length]): Tensor {
  const bytes = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
  return { name, type: 'int64', shape, data: { in: 'memory', bytes } };
}

function node(op: string, inputs: string[], outputs: string[], attributes: Record<string, Attribute> = {}): GraphNode {
  return { name: `${op}_${outputs[0]}`, op, domain: '', inputs, outputs, attributes };
}

function graphOf(inputs: Record<string, Dim[]>, nodes: GraphNode[], weights: Tensor[] = []): Graph {
  const last = nodes.at(-1)?.outputs[0] ?? '';
  return {
    name: 'test',
    inputs: Object.entries(inputs).map(([name, shape]) => ({ name, type: 'float32', shape })),
    outputs: [{ name: last }],
    nodes,
    weights: Object.fromEntries(weights.map((tensor) => [tensor.name, tensor])),
    values: {},
  };
}

function shapesOf(graph: Graph, symbols?: Record<string, number>): Record<string, Dim[] | undefined> {
  const result = inferShapes(graph, { symbols });
  if (!result.ok) throw new Error(result.problems.map(({ what }) => what).join('\n'));
  return Object.fromEntries(Object.entries(result.value.graph.values).map(([name, { shape }]) => [name, shape]));
}

describe('inferShapes', () => {
  it('follows a convolution network from a symbolic batch and size', () => {
    const graph = graphOf(
      { x: ['N', 3, 'H', 224] },
      [
        node('Conv', ['x', 'w'], ['c'], { strides: ints(2, 2), pads: ints(3, 3, 3, 3), kernel_shape: ints(7, 7) }),
        node('MaxPool', ['c'], ['p'], { kernel_shape: ints(3, 3), strides: ints(2, 2), pads: ints(1, 1, 1, 1) }),
        node('GlobalAveragePool', ['p'], ['g']),
        node('Flatten', ['g'], ['f']),
        node('Gemm', ['f', 'v'], ['y'], { transB: int(1) }),
      ],
      [weight('w', [64, 3, 7, 7]), weight('v', [1000, 64])],
    );
    expect(shapesOf(graph)).toEqual({
      c: ['N', 64, 'floor((H + 1) / 2)', 112],
      p: ['N', 64, 'floor((H + 3) / 4)', 56],
      g: ['N', 64, 1, 1],
      f: ['N', 64],
      y: ['N', 1000],
    });
    expect(shapesOf(graph, { N: 2, H: 32 })).toMatchObject({ c: [2, 64, 16, 112], p: [2, 64, 8, 56], y: [2, 1000] });
  });

  it('computes the shapes that an exported attention block computes', () => {
    const graph = graphOf(
      { x: ['batch', 'sequence', 768] },
      [
        node('Shape', ['x'], ['s']),
        node('Gather', ['s', 'zero'], ['b'], { axis: int(0) }),
        node('Gather', ['s', 'one'], ['l'], { axis: int(0) }),
        node('Unsqueeze', ['b', 'axis0'], ['b1']),
        node('Unsqueeze', ['l', 'axis0'], ['l1']),
        node('Concat', ['b1', 'l1', 'heads'], ['to'], { axis: int(0) }),
        node('Reshape', ['x', 'to'], ['q']),
        node('Transpose', ['q'], ['qt'], { perm: ints(0, 2, 1, 3) }),
        node('Transpose', ['q'], ['kt'], { perm: ints(0, 2, 3, 1) }),
        node('MatMul', ['qt', 'kt'], ['scores']),
        node('Softmax', ['scores'], ['p'], { axis: int(-1) }),
        node('MatMul', ['p', 'qt'], ['o']),
        node('Transpose', ['o'], ['ot'], { perm: ints(0, 2, 1, 3) }),
        node('Reshape', ['ot', 'back'], ['y']),
      ],
      [
        int64('zero', [0], []),
        int64('one', [1], []),
        int64('axis0', [0]),
        int64('heads', [12, 64]),
        int64('back', [0, -1, 768]),
      ],
    );
    expect(shapesOf(graph)).toMatchObject({
      q: ['batch', 'sequence', 12, 64],
      scores: ['batch', 12, 'sequence', 'sequence'],
      y: ['batch', 'sequence', 768],
    });
  });
});
