import { elementTypeOf } from './element-types.ts';
import type { Fact, Rule } from './facts.ts';

function eachOf(fact: Fact | undefined): Fact | undefined {
  return fact?.each;
}

const kept: Rule = (node) => [{ each: eachOf(node.inputs[0]) }];

export const sequences: Record<string, Rule> = {
  SequenceConstruct: (node) => {
    const [first] = node.inputs;
    const shape = first?.shape?.map((dim, axis) =>
      node.inputs.every(
        (other) =>
          other?.shape && other.shape.length === first.shape?.length && node.symbols.same(other.shape[axis] ?? 1, dim),
      )
        ? dim
        : node.unknown(axis),
    );
    const sameRank = node.inputs.every((other) => other?.shape?.length === first?.shape?.length);
    return [{ each: { type: first?.type, shape: sameRank ? shape : undefined } }];
  },
  SequenceEmpty: (node) => [{ each: { type: elementTypeOf(node.int('dtype', 1)) } }],
  SequenceInsert: (node) => {
    const before = eachOf(node.inputs[0]);
    return [{ each: { type: before?.type ?? node.type(1) } }];
  },
  SequenceErase: kept,
  SequenceAt: (node) => [eachOf(node.inputs[0])],
  SequenceLength: () => [{ type: 'int64', shape: [] }],
  SplitToSequence: (node) => {
    const shape = node.shape();
    const axis = shape && node.axis(node.int('axis', 0), shape.length);
    const part = node.elements(1);
    const size = node.shape(1)?.length === 0 ? part?.[0] : undefined;
    const keeps = node.has(1) || node.int('keepdims', 1) === 1;
    const each = keeps
      ? shape?.map((dim, at) => (at === axis ? (node.has(1) ? (divides(dim, size) ?? node.unknown(at)) : 1) : dim))
      : shape?.filter((_, at) => at !== axis);
    return [{ each: { type: node.type(), shape: each } }];
  },
  ConcatFromSequence: (node) => {
    const each = eachOf(node.inputs[0]);
    if (!each?.shape) return [{ type: each?.type }];
    const stacks = node.int('new_axis', 0) === 1;
    const axis = node.axis(node.int('axis', 0), each.shape.length + (stacks ? 1 : 0));
    const shape = stacks ? [...each.shape.slice(0, axis), 1, ...each.shape.slice(axis)] : each.shape;
    return [{ type: each.type, shape: shape.map((dim, at) => (at === axis ? node.unknown(at) : dim)) }];
  },
  SequenceMap: (node) => node.node.outputs.map(() => ({ each: {} })),
  Optional: (node) => [{ each: node.inputs[0] ?? {} }],
  OptionalHasElement: () => [{ type: 'bool', shape: [] }],
  OptionalGetElement: (node) => [eachOf(node.inputs[0]) ?? node.inputs[0]],
};

function divides(dim: number | string, size: number | string | undefined): number | string | undefined {
  return typeof dim === 'number' && typeof size === 'number' && size > 0 && dim % size === 0 ? size : undefined;
}
