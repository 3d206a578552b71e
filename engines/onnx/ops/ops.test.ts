import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float32, graphOf, int, int64, ints, node, tensor, text } from '../graph.fixture.ts';
import { inferShapes } from '../infer.ts';
import type { Attribute, Dim, ElementType, Tensor, ValueInfo } from '../types.ts';
import { operators } from './index.ts';

/** An input: a shape, a shape with a type, or a tensor whose elements are known. */
type Given = Dim[] | [ElementType, Dim[]] | Tensor | '';

function outputsOf(
  op: string,
  given: Given[],
  attributes: Record<string, Attribute>,
  outputs = 1,
  domain = '',
): ValueInfo[] {
  const shapes: Record<string, Dim[]> = {};
  const types: Record<string, ElementType> = {};
  const weights: Tensor[] = [];
  const names = given.map((each, index) => {
    const name = `i${index}`;
    if (each === '') return '';
    if (!Array.isArray(each)) weights.push({ ...each, name });
    else if (Array.isArray(each[1])) {
      shapes[name] = each[1];
      types[name] = each[0] as ElementType;
    } else shapes[name] = each as Dim[];
    return name;
  });
  const made = Array.from({ length: outputs }, (_, index) => `o${index}`);
  const result = inferShapes(graphOf(shapes, [node(op, names, made, attributes, domain)], weights, types));
  if (!result.ok) throw new Error(result.problems.map(({ what }) => what).join('\n'));
  return result.value.graph.outputs;
}

const image: Dim[] = ['N', 8, 20, 30];
const whole = (...values: number[]): Tensor => int64('', values);
const single = (value: number): Tensor => int64('', [value], []);
const real = (...values: number[]): Tensor => float32('', values);
const value = (type: ElementType): Attribute =>
  tensor({ name: '', type, shape: [1], data: { in: 'memory', bytes: new Uint8Array(8) } });

describe('operators', () => {
  // Each row by its text in the operator schemas of ONNX (Operators.md, ContribOperators.md).
  it.each<[string, Given[], Record<string, Attribute>, (Dim[] | undefined)[]]>([
    [
      'Conv',
      [image, [16, 2, 3, 5]],
      { group: int(4), dilations: ints(2, 1), pads: ints(2, 2, 2, 2) },
      [['N', 16, 20, 30]],
    ],
    ['Conv', [image, [16, 8, 3, 3]], { auto_pad: text('SAME_UPPER'), strides: ints(3, 4) }, [['N', 16, 7, 8]]],
    ['Conv', [image, [16, 8, 3, 3]], { auto_pad: text('VALID'), strides: ints(2, 2) }, [['N', 16, 9, 14]]],
    [
      'ConvTranspose',
      [image, [8, 3, 4, 4]],
      { group: int(2), strides: ints(2, 2), pads: ints(1, 1, 1, 1), output_padding: ints(1, 0) },
      [['N', 6, 41, 60]],
    ],
    ['ConvTranspose', [image, [8, 3, 4, 4]], { strides: ints(2, 2), output_shape: ints(39, 61) }, [['N', 3, 39, 61]]],
    [
      'MaxPool',
      [image],
      { kernel_shape: ints(3, 3), strides: ints(2, 2), ceil_mode: int(1) },
      [
        ['N', 8, 10, 15],
        ['N', 8, 10, 15],
      ],
    ],
    // The fourth window would start in the padding behind the input, and is left out.
    [
      'AveragePool',
      [[1, 1, 6]],
      { kernel_shape: ints(2), strides: ints(2), pads: ints(0, 1), ceil_mode: int(1) },
      [[1, 1, 3]],
    ],
    ['GlobalMaxPool', [image], {}, [['N', 8, 1, 1]]],
    [
      'MaxUnpool',
      [
        [1, 1, 2, 2],
        [1, 1, 2, 2],
      ],
      { kernel_shape: ints(2, 2), strides: ints(2, 2) },
      [[1, 1, 4, 4]],
    ],
    ['RoiAlign', [image, [7, 4], [7]], { output_height: int(5), output_width: int(6) }, [[7, 8, 5, 6]]],
    ['Col2Im', [[1, 40, 5], whole(5, 5), whole(1, 5)], {}, [[1, 8, 5, 5]]],
    ['GridSample', [image, ['N', 5, 6, 2]], {}, [['N', 8, 5, 6]]],
    ['AffineGrid', [['N', 2, 3], whole(4, 3, 10, 20)], {}, [[4, 10, 20, 2]]],
    ['Gemm', [['K', 'M'], [5, 'K'], [5]], { transA: int(1), transB: int(1) }, [['M', 5]]],
    [
      'MatMul',
      [
        ['B', 1, 4, 5],
        [7, 5, 6],
      ],
      {},
      [['B', 7, 4, 6]],
    ],
    ['MatMul', [[5], [7, 5, 6]], {}, [[7, 6]]],
    ['MatMul', [[5], [5]], {}, [[]]],
    [
      'Einsum',
      [
        ['B', 'S', 4, 8],
        ['B', 'T', 4, 8],
      ],
      { equation: text('bshd, bthd -> bhst') },
      [['B', 4, 'S', 'T']],
    ],
    [
      'Einsum',
      [
        [9, 2, 3],
        [3, 4],
      ],
      { equation: text('...ij,jk->...ik') },
      [[9, 2, 4]],
    ],
    ['Einsum', [[3, 3]], { equation: text('ii') }, [[]]],
    [
      'Add',
      [
        [8, 1, 6, 1],
        [7, 1, 5],
      ],
      {},
      [[8, 7, 6, 5]],
    ],
    ['Where', [['bool', ['N', 1]], [1, 4], []], {}, [['N', 4]]],
    ['Reshape', [['N', 2, 12], whole(0, 4, -1)], {}, [['N', 4, 6]]],
    ['Reshape', [[0, 3], whole(3, 0)], { allowzero: int(1) }, [[3, 0]]],
    ['Flatten', [['N', 3, 4]], { axis: int(-1) }, [['3*N', 4]]],
    ['Squeeze', [[1, 'N', 1, 4]], { axes: ints(-2, 0) }, [['N', 4]]],
    ['Unsqueeze', [[3, 4], whole(0, -1)], {}, [[1, 3, 4, 1]]],
    [
      'Concat',
      [
        ['N', 3],
        ['M', 3],
        [2, 3],
      ],
      { axis: int(0) },
      [['M + N + 2', 3]],
    ],
    [
      'Split',
      [[7, 3]],
      { num_outputs: int(3) },
      [
        [3, 3],
        [3, 3],
        [1, 3],
      ],
    ],
    [
      'Split',
      [['N', 6]],
      { axis: int(1), split: ints(4, 2) },
      [
        ['N', 4],
        ['N', 2],
      ],
    ],
    ['Expand', [[3, 1], whole(2, 1, 6)], {}, [[2, 3, 6]]],
    ['Tile', [['N', 3], whole(2, 4)], {}, [['2*N', 12]]],
    ['DepthToSpace', [image], { blocksize: int(2) }, [['N', 2, 40, 60]]],
    ['SpaceToDepth', [image], { blocksize: int(10) }, [['N', 800, 2, 3]]],
    ['Slice', [image, whole(-5, 3), whole(2 ** 62, 20), whole(3, 2), whole(2, 1)], {}, [['N', 8, 17, 3]]],
    ['Slice', [[10], whole(8), whole(-(2 ** 62)), whole(0), whole(-3)], {}, [[3]]],
    [
      'Gather',
      [
        [5, 6, 7],
        ['int64', ['N', 2]],
      ],
      { axis: int(1) },
      [[5, 'N', 2, 7]],
    ],
    [
      'GatherND',
      [
        [2, 3, 4],
        ['int64', [2, 5, 1]],
      ],
      { batch_dims: int(1) },
      [[2, 5, 4]],
    ],
    ['Pad', [image, whole(1, -2, 3, 4), '', whole(2, -1)], {}, [['N', 8, 24, 32]]],
    ['Resize', [image, '', real(1, 1, 0.5, 1.1)], {}, [['N', 8, 10, 33]]],
    ['Resize', [image, '', '', whole(40, 15)], { axes: ints(3, 2) }, [['N', 8, 15, 40]]],
    [
      'Resize',
      [[1, 1, 20, 40], '', '', whole(10, 10)],
      { axes: ints(2, 3), keep_aspect_ratio_policy: text('not_larger') },
      [[1, 1, 5, 10]],
    ],
    ['Upsample', [image], { scales: { kind: 'floats', value: [1, 1, 2, 3] } }, [['N', 8, 40, 90]]],
    ['CenterCropPad', [image, whole(10, 50)], { axes: ints(2, 3) }, [['N', 8, 10, 50]]],
    [
      'TopK',
      [['N', 10], whole(3)],
      {},
      [
        ['N', 3],
        ['N', 3],
      ],
    ],
    ['OneHot', [['int64', ['N']], single(10), real(0, 1)], { axis: int(0) }, [[10, 'N']]],
    ['ReduceMean', [image], { axes: ints(-1, -2), keepdims: int(0) }, [['N', 8]]],
    ['ReduceSum', [image, whole(1)], {}, [['N', 1, 20, 30]]],
    ['ReduceMax', [image], { noop_with_empty_axes: int(1) }, [image]],
    ['ArgMax', [image], { axis: int(1), keepdims: int(0) }, [['N', 20, 30]]],
    [
      'LayerNormalization',
      [['B', 'S', 64], [64], [64]],
      {},
      [
        ['B', 'S', 64],
        ['B', 'S', 1],
        ['B', 'S', 1],
      ],
    ],
    ['BatchNormalization', [image, [8], [8], [8], [8]], {}, [image]],
    ['Range', [single(2), single(11), single(3)], {}, [[3]]],
    ['ConstantOfShape', [whole(2, 0, 3)], { value: value('int64') }, [[2, 0, 3]]],
    ['DFT', [[1, 10, 1], '', single(1)], { onesided: int(1) }, [[1, 6, 2]]],
    ['STFT', [[1, 128, 1], single(8), '', single(16)], {}, [[1, 15, 9, 2]]],
    [
      'LSTM',
      [
        ['S', 'B', 16],
        [2, 80, 16],
        [2, 80, 20],
      ],
      { hidden_size: int(20), direction: text('bidirectional') },
      [
        ['S', 2, 'B', 20],
        [2, 'B', 20],
        [2, 'B', 20],
      ],
    ],
    [
      'GRU',
      [
        ['B', 'S', 16],
        [1, 60, 16],
        [1, 60, 20],
      ],
      { layout: int(1) },
      [
        ['B', 'S', 1, 20],
        ['B', 1, 20],
      ],
    ],
    ['DynamicQuantizeLinear', [image], {}, [image, [], []]],
  ])('%s %#', (op, given, attributes, expected) => {
    expect(outputsOf(op, given, attributes, expected.length).map(({ shape }) => shape)).toEqual(expected);
  });

  it.each<[string, Given[], Record<string, Attribute>, Dim[]]>([
    ['SkipLayerNormalization', [['B', 'S', 64], ['B', 'S', 64], [64]], {}, ['B', 'S', 64]],
    ['EmbedLayerNormalization', [['int32', ['B', 'S']], '', [1000, 64], [512, 64]], {}, ['B', 'S', 64]],
    ['Attention', [['B', 'S', 64], [64, 192], [192]], { num_heads: int(4) }, ['B', 'S', 64]],
    [
      'MultiHeadAttention',
      [
        ['B', 'S', 64],
        ['B', 'T', 64],
        ['B', 'T', 96],
      ],
      { num_heads: int(4) },
      ['B', 'S', 96],
    ],
    ['GroupQueryAttention', [['B', 'S', 96]], { num_heads: int(4), kv_num_heads: int(1) }, ['B', 'S', 64]],
    [
      'FusedMatMul',
      [
        ['B', 5, 4],
        ['B', 5, 6],
      ],
      { transA: int(1) },
      ['B', 4, 6],
    ],
    ['MatMulNBits', [['B', 'S', 64], ['uint8', [128, 2, 16]], [256]], { K: int(64), N: int(128) }, ['B', 'S', 128]],
    ['FusedConv', [image, [16, 8, 3, 3]], { activation: text('Relu') }, ['N', 16, 18, 28]],
    ['QLinearAdd', [['uint8', image], [], [], ['uint8', [8, 1, 1]], [], []], {}, image],
  ])('com.microsoft.%s', (op, given, attributes, expected) => {
    expect(outputsOf(op, given, attributes, 1, 'com.microsoft')[0]?.shape).toEqual(expected);
  });

  it.each<[string, Given[], Record<string, Attribute>, (ElementType | undefined)[]]>([
    ['Cast', [image], { to: int(10) }, ['float16']],
    ['Equal', [image, image], {}, ['bool']],
    ['Shape', [image], {}, ['int64']],
    [
      'Where',
      [
        ['bool', []],
        ['int32', [1]],
        ['int32', [1]],
      ],
      {},
      ['int32'],
    ],
    ['ArgMax', [image], {}, ['int64']],
    ['TopK', [['float16', [5]], whole(1)], {}, ['float16', 'int64']],
    ['QuantizeLinear', [image, [], ['int4', []]], {}, ['int4']],
    [
      'DequantizeLinear',
      [
        ['int8', image],
        ['float16', []],
      ],
      {},
      ['float16'],
    ],
    [
      'ConvInteger',
      [
        ['uint8', image],
        ['uint8', [1, 8, 1, 1]],
      ],
      {},
      ['int32'],
    ],
    ['ConstantOfShape', [whole(2)], { value: value('int8') }, ['int8']],
  ])('%s makes elements of its type', (op, given, attributes, expected) => {
    expect(outputsOf(op, given, attributes, expected.length).map(({ type }) => type)).toEqual(expected);
  });

  it('answer anything with shapes or problems, never with an exception', () => {
    const size = fc.oneof(fc.integer({ min: -1, max: 5 }), fc.constantFrom('N', 'M', 2 ** 40));
    const given: fc.Arbitrary<Given> = fc.oneof(
      fc.array(size, { maxLength: 5 }),
      fc.array(fc.integer({ min: -3, max: 9 }), { maxLength: 5 }).map((values) => whole(...values)),
      fc.constant('' as const),
    );
    const attribute = fc.oneof(
      fc.integer({ min: -4, max: 6 }).map(int),
      fc.array(fc.integer({ min: -3, max: 6 }), { maxLength: 5 }).map((values) => ints(...values)),
      fc.constantFrom(text('SAME_LOWER'), text('ij,jk->ik'), text('bidirectional'), text('')),
    );
    const names = [
      'axis',
      'axes',
      'perm',
      'pads',
      'strides',
      'dilations',
      'kernel_shape',
      'group',
      'keepdims',
      'split',
      'to',
      'starts',
      'ends',
      'auto_pad',
      'equation',
      'blocksize',
      'hidden_size',
      'direction',
      'num_scan_inputs',
      'batch_dims',
      'start',
      'end',
      'k',
      'num_heads',
      'ceil_mode',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...operators()),
        fc.array(given, { maxLength: 5 }),
        fc.dictionary(fc.constantFrom(...names), attribute, { maxKeys: 5 }),
        ({ domain, op }, inputs, attributes) => {
          try {
            outputsOf(op, inputs, attributes, 3, domain);
          } catch (caught) {
            // A problem has become the error of outputsOf; anything else is a defect.
            expect((caught as Error).message).toMatch(/^(The |Input|At )/);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});
