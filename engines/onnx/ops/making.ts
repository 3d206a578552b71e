import type { Dim, Tensor } from '../types.ts';
import { elementTypeOf } from './element-types.ts';
import type { Fact, NodeFacts, Rule } from './facts.ts';
import { mostElements } from './facts.ts';

/** What a tensor of the file tells: always its shape, its elements where they are few and at hand. */
export type ReadConstant = (tensor: Tensor) => number[] | undefined;

export function tensorFact(tensor: Tensor, read: ReadConstant): Fact {
  return { type: tensor.type, shape: [...tensor.shape], elements: read(tensor), constant: true };
}

/** The Constant operator in its forms: a tensor, or plain numbers in an attribute. */
export function constantFact(node: NodeFacts, read: ReadConstant): Fact {
  const { attributes } = node.node;
  const { value, value_int, value_ints, value_float, value_floats, value_string, value_strings } = attributes;
  if (value?.kind === 'tensor') return tensorFact(value.value, read);
  if (value_int?.kind === 'int') return { type: 'int64', shape: [], elements: [value_int.value], constant: true };
  if (value_float?.kind === 'float')
    return { type: 'float32', shape: [], elements: [value_float.value], constant: true };
  const list = value_ints?.kind === 'ints' ? value_ints : value_floats?.kind === 'floats' ? value_floats : undefined;
  if (list) {
    const elements = list.value.length <= mostElements ? list.value : undefined;
    return { type: list.kind === 'ints' ? 'int64' : 'float32', shape: [list.value.length], elements, constant: true };
  }
  if (value_string) return { type: 'string', shape: [], constant: true };
  if (value_strings?.kind === 'strings') return { type: 'string', shape: [value_strings.value.length], constant: true };
  return { constant: true };
}

function elementsAsShape(node: NodeFacts, index: number): Dim[] | undefined {
  const elements = node.elements(index);
  for (const element of elements ?? []) {
    if (typeof element === 'number' && (element < 0 || !Number.isInteger(element))) {
      node.fail(`makes a tensor with a size of ${element}`);
    }
  }
  return elements && [...elements];
}

function range(node: NodeFacts): Dim[] {
  const [start, limit, step] = [0, 1, 2].map((index) => node.elements(index)?.[0]);
  if (start === undefined || limit === undefined || step === undefined) return [node.unknown(0)];
  if (step === 0) return node.fail('steps by 0');
  const { symbols } = node;
  const span = symbols.subtract(limit, start);
  const count = symbols.ceilDivide(span, step);
  return [typeof count === 'number' ? Math.max(0, count) : count];
}

const filled: Rule = (node) => [{ type: elementTypeOf(node.int('dtype', 1)) ?? 'float32', shape: node.ints('shape') }];

const alike: Rule = (node) => [{ type: elementTypeOf(node.int('dtype', 0)) ?? node.type(), shape: node.shape() }];

const window: Rule = (node) => [
  { type: elementTypeOf(node.int('output_datatype', 1)), shape: [node.elements(0)?.[0] ?? node.unknown(0)] },
];

export const making: Record<string, Rule> = {
  ConstantOfShape: (node) => {
    const value = node.attribute('value');
    const rank = node.shape(0)?.[0];
    const shape =
      elementsAsShape(node, 0) ??
      (typeof rank === 'number' && rank <= 64
        ? Array.from({ length: rank }, (_, axis) => node.unknown(axis))
        : undefined);
    return [{ type: value?.kind === 'tensor' ? value.value.type : 'float32', shape }];
  },
  Range: (node) => [{ type: node.type(), shape: range(node) }],
  Shape: (node) => {
    const rank = node.shape()?.length;
    if (rank === undefined) return [{ type: 'int64', shape: [node.unknown(0)] }];
    const [start, end] = shapeBounds(node, rank);
    return [{ type: 'int64', shape: [Math.max(0, end - start)] }];
  },
  Size: () => [{ type: 'int64', shape: [] }],
  RandomNormal: filled,
  RandomUniform: filled,
  RandomNormalLike: alike,
  RandomUniformLike: alike,
  Bernoulli: alike,
  EyeLike: alike,
  Multinomial: (node) => [
    {
      type: elementTypeOf(node.int('dtype', 6)),
      shape: [node.shape()?.[0] ?? node.unknown(0), node.int('sample_size', 1)],
    },
  ],
  /** Real or complex signals of (batch x ... x length x 1 or 2); the result is complex: 2. Since opset 20 the axis is an input. */
  DFT: (node) => {
    const shape = node.shape();
    const given = node.has(2) ? node.numbers(2)?.[0] : node.int('axis', 1);
    if (!shape || given === undefined) return [{ type: node.type() }];
    const axis = node.axis(given, shape.length);
    const length = node.has(1) ? (node.elements(1)?.[0] ?? node.unknown(axis)) : (shape[axis] ?? 1);
    const kept = node.int('onesided', 0) === 1 ? node.symbols.add(node.symbols.floorDivide(length, 2), 1) : length;
    return [
      { type: node.type(), shape: shape.map((dim, at) => (at === shape.length - 1 ? 2 : at === axis ? kept : dim)) },
    ];
  },
  STFT: (node) => {
    const shape = node.shape();
    const step = node.elements(1)?.[0];
    const length = node.elements(3)?.[0] ?? node.shape(2)?.[0];
    if (!shape || step === undefined || length === undefined) return [{ type: node.type() }];
    const { symbols } = node;
    const frames = symbols.add(symbols.floorDivide(symbols.subtract(shape[1] ?? 1, length), step), 1);
    const bins = node.int('onesided', 1) === 1 ? symbols.add(symbols.floorDivide(length, 2), 1) : length;
    return [{ type: node.type(), shape: [shape[0] ?? 1, frames, bins, 2] }];
  },
  HannWindow: window,
  HammingWindow: window,
  BlackmanWindow: window,
  MelWeightMatrix: (node) => {
    const bins = node.elements(0)?.[0];
    const length = node.elements(1)?.[0];
    const rows = length === undefined ? node.unknown(0) : node.symbols.add(node.symbols.floorDivide(length, 2), 1);
    return [{ type: elementTypeOf(node.int('output_datatype', 1)), shape: [rows, bins ?? node.unknown(1)] }];
  },
};

/** First and last axis (exclusive) that Shape tells, since opset 15 a part of them. */
export function shapeBounds(node: NodeFacts, rank: number): [number, number] {
  const clamp = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + rank : bound, 0), rank);
  return [clamp(node.int('start', 0)), clamp(node.int('end', rank))];
}
