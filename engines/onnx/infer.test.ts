import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf, inner, int, int64, ints, node, text, weight } from './graph.fixture.ts';
import { type Inference, inferShapes } from './infer.ts';
import { Symbols } from './symbols.ts';
import type { Dim, Graph, GraphNode } from './types.ts';

function infer(graph: Graph, symbols?: Record<string, number>): Inference {
  const result = inferShapes(graph, { symbols });
  if (!result.ok) throw new Error(result.problems.map(({ what }) => what).join('\n'));
  return result.value;
}

function shapesOf(graph: Graph, symbols?: Record<string, number>): Record<string, Dim[] | undefined> {
  const { values } = infer(graph, symbols).graph;
  return Object.fromEntries(Object.entries(values).map(([name, { shape }]) => [name, shape]));
}

function problemsOf(graph: Graph, symbols?: Record<string, number>): string[] {
  const result = inferShapes(graph, { symbols });
  return result.ok ? [] : result.problems.map(({ code, what }) => `${code}: ${what}`);
}

const convolutionNet = graphOf(
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

describe('inferShapes', () => {
  it('follows a convolution network from a symbolic batch and size', () => {
    expect(shapesOf(convolutionNet)).toEqual({
      c: ['N', 64, 'floor((H + 1) / 2)', 112],
      p: ['N', 64, 'floor((H + 3) / 4)', 56],
      g: ['N', 64, 1, 1],
      f: ['N', 64],
      y: ['N', 1000],
    });
    expect(shapesOf(convolutionNet, { N: 2, H: 32 })).toMatchObject({
      c: [2, 64, 16, 112],
      p: [2, 64, 8, 56],
      y: [2, 1000],
    });
  });

  it('says which sizes are missing and where, and which were given in vain', () => {
    const { missingSymbols, unusedSymbols } = infer(convolutionNet, { H: 32, batch: 1 });
    expect(missingSymbols).toEqual([{ name: 'N', where: 'input "x", axis 0' }]);
    expect(unusedSymbols).toEqual(['batch']);
    const counted = infer(graphOf({ x: ['', -1] }, [node('NonZero', ['x'], ['n'])]), { 'x.1': 4 });
    expect(counted.missingSymbols.map(({ name }) => name)).toEqual(['x.0', 'n.1']);
    expect(counted.graph.inputs[0]?.shape).toEqual(['x.0', 4]);
    expect(infer(graphOf({ x: [2] }, [node('NonZero', ['x'], ['n'])]), { 'n.1': 2 }).missingSymbols).toEqual([]);
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

  it('cuts a causal mask by past and sequence, as GPT exports do', () => {
    const graph = graphOf(
      { ids: ['batch', 'sequence'], past: ['batch', 12, 'past', 64] },
      [
        node('Shape', ['ids'], ['s']),
        node('Gather', ['s', 'one'], ['l']),
        node('Shape', ['past'], ['ps']),
        node('Gather', ['ps', 'two'], ['p']),
        node('Add', ['p', 'l'], ['total']),
        node('Slice', ['mask', 'p1', 'total1', 'axis2'], ['rows']),
        node('Slice', ['rows', 'zero1', 'total1', 'axis3'], ['cut']),
        node('Range', ['p', 'total', 'step'], ['positions']),
        node('Gather', ['table', 'positions'], ['embedded']),
      ],
      [
        weight('mask', [1, 1, 1024, 1024]),
        weight('table', [1024, 768]),
        int64('one', [1], []),
        int64('two', [2], []),
        int64('step', [1], []),
        int64('zero1', [0]),
        int64('axis2', [2]),
        int64('axis3', [3]),
      ],
    );
    graph.nodes.splice(
      5,
      0,
      node('Unsqueeze', ['p'], ['p1'], { axes: ints(0) }),
      node('Unsqueeze', ['total'], ['total1'], { axes: ints(0) }),
    );
    expect(shapesOf(graph)).toMatchObject({
      cut: [1, 1, 'sequence', 'past + sequence'],
      positions: ['sequence'],
      embedded: ['sequence', 768],
    });
    expect(shapesOf(graph, { past: 128, sequence: 1 })).toMatchObject({ cut: [1, 1, 1, 129], embedded: [1, 768] });
  });

  it('expands by the Where(Equal(shape, -1)) that PyTorch writes', () => {
    const graph = graphOf(
      { x: ['N', 1, 'S'] },
      [
        node('Shape', ['x'], ['s']),
        node('Gather', ['s', 'zero'], ['n']),
        node('Concat', ['n', 'rest'], ['wanted'], { axis: int(0) }),
        node('ConstantOfShape', ['three'], ['zeros']),
        node('Equal', ['wanted', 'minus'], ['open']),
        node('Where', ['open', 'ones', 'wanted'], ['to']),
        node('Expand', ['x', 'to'], ['y']),
      ],
      [
        int64('zero', [0]),
        int64('rest', [8, -1]),
        int64('three', [3]),
        int64('minus', [-1, -1, -1]),
        int64('ones', [1, 1, 1]),
      ],
    );
    expect(shapesOf(graph)).toMatchObject({ zeros: [3], y: ['N', 8, 'S'] });
  });

  it('resizes by scales computed in floating point, as upsampling exports do', () => {
    const scale = new Uint8Array(Float32Array.of(2, 1.5).buffer);
    const graph = graphOf(
      { x: [1, 64, 'H', 20] },
      [
        node('Shape', ['x'], ['s']),
        node('Slice', ['s', 'two', 'four', 'zero'], ['hw']),
        node('Cast', ['hw'], ['f'], { to: int(1) }),
        node('Mul', ['f', 'scale'], ['m']),
        node('Floor', ['m'], ['r']),
        node('Cast', ['r'], ['i'], { to: int(7) }),
        node('Slice', ['s', 'zero', 'two', 'zero'], ['nc']),
        node('Concat', ['nc', 'i'], ['sizes'], { axis: int(0) }),
        node('Resize', ['x', '', '', 'sizes'], ['y']),
      ],
      [
        int64('zero', [0]),
        int64('two', [2]),
        int64('four', [4]),
        { name: 'scale', type: 'float32', shape: [2], data: { in: 'memory', bytes: scale } },
      ],
    );
    expect(shapesOf(graph).y).toEqual([1, 64, '2*H', 30]);
  });

  it('takes the branch that is decided, also by a scalar input given a value', () => {
    const branch = (channels: number): Graph => ({
      ...graphOf({}, [node('Conv', ['x', 'w'], ['y'])], [weight('w', [channels, 3, 1, 1])]),
    });
    const graph = graphOf(
      { x: [1, 3, 8, 8], rate: [] },
      [
        node('Equal', ['rate', 'wanted'], ['is']),
        node('If', ['is'], ['out'], { then_branch: inner(branch(16)), else_branch: inner(branch(32)) }),
        node('Relu', ['out'], ['r']),
      ],
      [int64('wanted', [16000], [])],
      { rate: 'int64' },
    );
    const open = infer(graph);
    expect(open.graph.values.r?.shape).toEqual([1, 'out.1', 8, 8]);
    expect(open.missingSymbols.map(({ name }) => name)).toContain('rate');
    const decided = infer(graph, { rate: 8000 });
    expect(decided.graph.values.r?.shape).toEqual([1, 32, 8, 8]);
    expect(decided.graph.nodes.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['Equal_is', ['rate', 'wanted']],
      ['If_out/Conv_y', ['x', 'If_out/w']],
      ['Relu_r', ['out']],
    ]);
    expect(decided.graph.weights['If_out/w']?.shape).toEqual([32, 3, 1, 1]);
    // What comes out can go in again.
    expect(infer(decided.graph).graph.values.r?.shape).toEqual([1, 32, 8, 8]);
  });

  it('keeps of a loop what every turn leaves as it is', () => {
    const body: Graph = {
      ...graphOf({ turn: [], go: [], h: [2, 4], grown: ['?', 4] }, [
        node('Identity', ['go'], ['goes']),
        node('Relu', ['h'], ['h2']),
        node('Concat', ['grown', 'h'], ['grown2'], { axis: int(0) }),
        node('Neg', ['h'], ['scanned']),
      ]),
      outputs: [{ name: 'goes' }, { name: 'h2' }, { name: 'grown2' }, { name: 'scanned' }],
    };
    const graph = graphOf(
      { h: [2, 4] },
      [node('Loop', ['trips', '', 'h', 'h'], ['a', 'b', 'c'], { body: inner(body) })],
      [int64('trips', [5], [])],
    );
    const { a, b, c } = shapesOf(graph);
    expect(a).toEqual([2, 4]);
    expect(b?.[0]).toBeTypeOf('string');
    expect(b?.[1]).toBe(4);
    expect(c).toEqual([5, 2, 4]);
  });

  it('carries on past operators that it does not know, by what the file declares', () => {
    const graph = graphOf({ x: ['N', 4] }, [
      node('Mystery', ['x'], ['m'], {}, 'com.example'),
      node('Relu', ['m'], ['r']),
      node('Mystery', ['r'], ['y'], {}, 'com.example'),
    ]);
    graph.values.m = { name: 'm', type: 'float32', shape: ['N', 7] };
    const { graph: inferred, unsupported } = infer(graph, { N: 2 });
    expect(unsupported).toMatchObject([{ op: 'com.example.Mystery', count: 2, places: ['Mystery_m', 'Mystery_y'] }]);
    expect(inferred.values.r?.shape).toEqual([2, 7]);
    expect(inferred.values.y?.shape).toBeUndefined();
  });

  it('believes its own rules rather than what the file declares', () => {
    const graph = graphOf({ x: ['N', 3] }, [node('Relu', ['x'], ['r']), node('NonZero', ['r'], ['n'])]);
    graph.values.r = { name: 'r', type: 'float32', shape: [1, 3] };
    graph.outputs[0] = { name: 'n', type: 'int64', shape: [2, 'found'] };
    expect(shapesOf(graph)).toEqual({ r: ['N', 3], n: [2, 'found'] });
  });

  it('cuts an axis of unknown size to its end', () => {
    const graph = graphOf(
      { x: ['N', 'S', 8] },
      [
        node('Slice', ['x', 'from', 'toEnd', 'axis'], ['rest']),
        node('Slice', ['x', 'last', 'toEnd', 'axis'], ['one']),
        node('Slice', ['x', 'from', 'last', 'axis'], ['inner']),
        node('Slice', ['x', 'last', 'toStart', 'axis', 'last'], ['reversed']),
      ],
      [
        int64('from', [1]),
        int64('toEnd', [2 ** 62]),
        int64('toStart', [-(2 ** 62)]),
        int64('axis', [1]),
        int64('last', [-1]),
      ],
    );
    expect(shapesOf(graph)).toEqual({
      rest: ['N', 'S - 1', 8],
      one: ['N', 1, 8],
      inner: ['N', 'S - 2', 8],
      reversed: ['N', 'S', 8],
    });
  });

  it('divides whole numbers as the operators do: cut off for Div, by the sign of the divisor for Mod', () => {
    const seven = [int64('a', [7, -7, -7]), int64('b', [2, 2, -2])];
    const { facts } = infer(
      graphOf(
        {},
        [
          node('Div', ['a', 'b'], ['d']),
          node('Mod', ['a', 'b'], ['m']),
          node('Mod', ['a', 'b'], ['f'], { fmod: int(1) }),
        ],
        seven,
      ),
    );
    expect(['d', 'm', 'f'].map((name) => facts.get(name)?.elements)).toEqual([
      [3, -3, 3],
      [1, 1, -1],
      [1, -1, -1],
    ]);
  });

  it('knows what depends on no input', () => {
    const graph = graphOf(
      { x: [2, 6] },
      [
        node('Transpose', ['w'], ['wt']),
        node('MatMul', ['x', 'wt'], ['y']),
        node('RandomNormalLike', ['w'], ['noise']),
      ],
      [weight('w', [5, 6])],
    );
    const { facts } = infer(graph);
    expect([facts.get('wt')?.constant, facts.get('y')?.constant, facts.get('noise')?.constant]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each<[string, Graph, RegExp]>([
    [
      'channels',
      graphOf({ x: [1, 3, 8, 8] }, [node('Conv', ['x', 'w'], ['y'])], [weight('w', [8, 4, 3, 3])]),
      /"Conv_y" \(Conv\) .*4 and 3 differ/s,
    ],
    [
      'window',
      graphOf({ x: [1, 3, 2, 2] }, [node('MaxPool', ['x'], ['y'], { kernel_shape: ints(3, 3) })]),
      /does not fit/,
    ],
    [
      'stride',
      graphOf({ x: [1, 3, 2, 2] }, [node('MaxPool', ['x'], ['y'], { kernel_shape: ints(1, 1), strides: ints(0, 1) })]),
      /at least 1/,
    ],
    ['operands', graphOf({ a: [2, 3], b: [2, 4] }, [node('Add', ['a', 'b'], ['y'])]), /2 x 3 and 2 x 4/],
    ['matrices', graphOf({ a: [2, 3], b: [4, 5] }, [node('MatMul', ['a', 'b'], ['y'])]), /inner sizes 3 and 4/],
    [
      'reshape',
      graphOf({ x: [2, 3] }, [node('Reshape', ['x', 's'], ['y'])], [int64('s', [4, -1])]),
      /6 elements do not divide by 4/,
    ],
    ['axis', graphOf({ x: [2, 3] }, [node('Softmax', ['x'], ['y'], { axis: int(5) })]), /axis 5 of a tensor of rank 2/],
    ['negative', graphOf({ x: [-5, 3] }, [node('Relu', ['x'], ['y'])]), /size of -5 on axis 0/],
    ['shape', graphOf({}, [node('ConstantOfShape', ['s'], ['y'])], [int64('s', [3, -2])]), /size of -2/],
    ['name', graphOf({ x: [1] }, [node('Relu', ['z'], ['y'])]), /reads "z", which no/],
    [
      'einsum',
      graphOf({ x: [2, 3], z: [4, 5] }, [node('Einsum', ['x', 'z'], ['y'], { equation: text('ij,jk->ik') })]),
      /"j" do not fit: 3 and 4/,
    ],
  ])('refuses %s that cannot be, with the node', (_, graph, expected) => {
    expect(problemsOf(graph).join('\n')).toMatch(expected);
  });

  it('refuses sizes that are none, and tensors of absurd rank', () => {
    expect(problemsOf(convolutionNet, { N: -1 })[0]).toMatch(/^onnx.symbol-value: .*"N".* -1/);
    expect(problemsOf(convolutionNet, { N: 1.5 })).toHaveLength(1);
    expect(problemsOf(graphOf({ x: new Array(65).fill(1) }, [node('Relu', ['x'], ['y'])]))[0]).toMatch(/rank 65/);
    expect(problemsOf(graphOf({ x: [2 ** 40, 2 ** 40, 2 ** 40] }, [node('Flatten', ['x'], ['y'])]))).toEqual([]);
  });

  it('ends on loops in loops', () => {
    const nest = (depth: number): GraphNode =>
      node('Loop', ['trips', '', 'x'], ['x2'], {
        body: inner({
          ...graphOf({ i: [], c: [], x: [2] }, [
            node('Identity', ['c'], ['c2']),
            depth === 0 ? node('Relu', ['x'], ['x2']) : nest(depth - 1),
          ]),
          outputs: [{ name: 'c2' }, { name: 'x2' }],
        }),
      });
    const loops = (depth: number): Graph => graphOf({ x: [2] }, [nest(depth)], [int64('trips', [2], [])]);
    expect(shapesOf(loops(4)).x2).toEqual([2]);
    expect(problemsOf(loops(18))[0]).toMatch(/too deep/);
  });
});

describe('symbolic inference', () => {
  /** Random chains of windows, paddings and reshapes over an image of unknown size. */
  const layer = fc.oneof(
    fc.record({
      op: fc.constantFrom('MaxPool', 'AveragePool'),
      kernel: fc.integer({ min: 1, max: 5 }),
      stride: fc.integer({ min: 1, max: 3 }),
      pads: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
      up: fc.integer({ min: 0, max: 1 }),
    }),
    fc.record({ op: fc.constant('Resize'), scale: fc.constantFrom(0.5, 2, 3) }),
    fc.record({ op: fc.constant('Concat') }),
    fc.record({
      op: fc.constant('Pad'),
      pads: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
    }),
  );

  it('gives expressions whose values are the shapes of numbers', () => {
    fc.assert(
      fc.property(
        fc.array(layer, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 60, max: 300 }),
        fc.integer({ min: 1, max: 4 }),
        (layers, H, N) => {
          const weights = [weight('roi', [0])];
          const nodes = layers.map((each, index): GraphNode => {
            const [input, output] = [index === 0 ? 'x' : `v${index - 1}`, `v${index}`];
            if ('kernel' in each) {
              const [top, bottom] = each.pads;
              return node(each.op, [input], [output], {
                kernel_shape: ints(each.kernel, 1),
                strides: ints(each.stride, 1),
                pads: ints(top, 0, bottom, 0),
                ceil_mode: int(each.up),
              });
            }
            if ('scale' in each) {
              const bytes = new Uint8Array(Float32Array.of(1, 1, each.scale, 1).buffer);
              weights.push({ name: `s${index}`, type: 'float32', shape: [4], data: { in: 'memory', bytes } });
              return node('Resize', [input, 'roi', `s${index}`], [output]);
            }
            if ('pads' in each)
              return node('Pad', [input], [output], { pads: ints(0, 0, each.pads[0], 0, 0, 0, each.pads[1], 0) });
            return node('Concat', [input, input], [output], { axis: int(2) });
          });
          const graph = graphOf({ x: ['N', 3, 'H', 5] }, nodes, weights);
          const numbers = inferShapes(graph, { symbols: { N, H } });
          fc.pre(numbers.ok);
          const symbols = new Symbols({ N, H });
          const open = shapesOf(graph);
          for (const [name, { shape }] of Object.entries(numbers.value.graph.values)) {
            // An expression too long to read is given a name of its own, whose value nobody knows.
            const told = (index: number) => !String(open[name]?.[index]).includes('long expression');
            expect(open[name]?.map((dim) => symbols.resolve(dim)).filter((_, index) => told(index))).toEqual(
              shape?.filter((_, index) => told(index)),
            );
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
