import type { Dim, ElementType } from '../types.ts';
import { elementTypeOf } from './element-types.ts';
import type { NodeFacts, Rule } from './facts.ts';

/** Shape and type of the first input. */
export const same: Rule = (node) => [{ type: node.type(), shape: node.shape() }];

/** All operands broadcast to one shape; the type of the first. */
const broadcast: Rule = (node) => [{ type: typeOfAny(node), shape: broadcastAll(node) }];

function broadcastAll(node: NodeFacts): Dim[] | undefined {
  // Before opset 7, the second operand is brought to the shape of the first on request.
  if (node.int('broadcast', 0) === 1) return node.shape();
  return node.broadcast(node.inputs.map((fact) => fact?.shape));
}

function typeOfAny(node: NodeFacts): ElementType | undefined {
  return node.inputs.find((fact) => fact?.type)?.type;
}

const compare: Rule = (node) => [{ type: 'bool', shape: broadcastAll(node) }];
const test: Rule = (node) => [{ type: 'bool', shape: node.shape() }];

const unary = [
  'Abs',
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'BitwiseNot',
  'Ceil',
  'Celu',
  'Clip',
  'Cos',
  'Cosh',
  'CumSum',
  'Elu',
  'Erf',
  'Exp',
  'Floor',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'Identity',
  'LeakyRelu',
  'Log',
  'Mish',
  'Neg',
  'PRelu',
  'Reciprocal',
  'Relu',
  'Round',
  'Selu',
  'Shrink',
  'Sigmoid',
  'Sign',
  'Sin',
  'Sinh',
  'Softplus',
  'Softsign',
  'Sqrt',
  'Swish',
  'Tan',
  'Tanh',
  'ThresholdedRelu',
  'Trilu',
  'Not',
]; // prettier-ignore

const binary = [
  'Add',
  'BitwiseAnd',
  'BitwiseOr',
  'BitwiseXor',
  'Div',
  'Max',
  'Mean',
  'Min',
  'Mod',
  'Mul',
  'Pow',
  'Sub',
  'Sum',
];
const comparisons = ['And', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Or', 'Xor'];

export const elementwise: Record<string, Rule> = {
  ...Object.fromEntries(unary.map((op) => [op, same])),
  ...Object.fromEntries(binary.map((op) => [op, broadcast])),
  ...Object.fromEntries(comparisons.map((op) => [op, compare])),
  IsNaN: test,
  IsInf: test,
  BitShift: broadcast,
  Identity: (node) => [{ type: node.type(), shape: node.shape(), each: node.inputs[0]?.each }],
  Cast: (node) => [{ type: elementTypeOf(node.int('to', 0)), shape: node.shape() }],
  CastLike: (node) => [{ type: node.type(1), shape: node.shape() }],
  Where: (node) => [{ type: node.type(1) ?? node.type(2), shape: broadcastAll(node) }],
  StringNormalizer: (node) => [
    {
      type: 'string',
      shape: node.shape()?.map((dim, axis, shape) => (axis === shape.length - 1 ? node.unknown(axis) : dim)),
    },
  ],
  StringConcat: broadcast,
  RegexFullMatch: test,
};
