import { describe, expect, it } from 'vitest';
import { byteSource } from '../core/byte-source.ts';
import { float32, graphOf, inner, int, int64, ints, node, tensor, text, weight } from './graph.fixture.ts';
import { inferShapes } from './infer.ts';
import { readModel } from './read.ts';
import type { Graph, Model } from './types.ts';
import { writeModel } from './write.ts';

const modelOf = (graph: Graph): Model => ({
  graph,
  irVersion: 8,
  opsets: { '': 17, 'com.microsoft': 1 },
  producer: 'test',
});

async function again(graph: Graph): Promise<Model> {
  const result = await readModel(byteSource(writeModel(modelOf(graph))));
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return result.value;
}

describe('writeModel', () => {
  it('writes what is read again as the same', async () => {
    const graph = graphOf(
      { x: ['N', 4] },
      [
        node('Add', ['x', 'b'], ['a']),
        node('Clip', ['a', '', 'b'], ['c'], {
          float: { kind: 'float', value: 0.5 },
          floats: { kind: 'floats', value: [1, -2.5] },
          int: int(-7),
          greatest: int(2 ** 63),
          ints: ints(0, 1, -1, 2 ** 40),
          string: text(''),
          strings: { kind: 'strings', value: ['ä', ''] },
          tensor: tensor(int64('t', [1, -1])),
        }),
        node('Gelu', ['c'], ['y'], {}, 'com.microsoft'),
      ],
      [float32('b', [1, 2, 3, 4])],
    );
    const read = await again(graph);
    expect(read.opsets).toEqual({ '': 17, 'com.microsoft': 1 });
    expect(read.graph).toEqual({
      ...graph,
      outputs: [{ name: 'y', type: 'float32', shape: ['N', 4] }],
      values: {
        a: { name: 'a', type: 'float32', shape: ['N', 4] },
        c: { name: 'c', type: 'float32', shape: ['N', 4] },
      },
    });
  });

  it('declares weights without data as inputs, also those of Constant nodes', async () => {
    const graph = graphOf(
      { x: [1, 3, 8, 8] },
      [
        node('Constant', [], ['k'], { value: tensor(weight('', [2, 3, 1, 1])) }),
        node('Constant', [], ['s'], { value: tensor(int64('', [1, -1])) }),
        node('Conv', ['x', 'k', 'b'], ['c']),
        node('Reshape', ['c', 's'], ['y']),
      ],
      [{ name: 'b', type: 'float32', shape: [2], data: { in: 'file', offset: 5, bytes: 8, packed: 'raw' } }],
    );
    const { graph: read } = await again(graph);
    expect(read.inputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['x', [1, 3, 8, 8]],
      ['b', [2]],
      ['k', [2, 3, 1, 1]],
    ]);
    expect(read.nodes.map(({ op }) => op)).toEqual(['Constant', 'Conv', 'Reshape']);
    expect(read.outputs[0]?.shape).toEqual([1, 128]);
  });

  it('keeps branches valid by standing in for their weights', async () => {
    const branch = graphOf({}, [node('MatMul', ['x', 'w'], ['r'])], [weight('w', [4, 6])]);
    const graph = graphOf(
      { x: [2, 4], c: [] },
      [node('If', ['c'], ['y'], { then_branch: inner(branch), else_branch: inner(branch) })],
      [],
      { c: 'bool' },
    );
    const { graph: read } = await again(graph);
    expect(read.inputs.map(({ name }) => name)).toEqual(['x', 'c']);
    const inferred = inferShapes(read);
    expect(inferred.ok && inferred.value.graph.values.y?.shape).toEqual([2, 6]);
  });
});
