import type { Dim } from '../types.ts';
import type { NodeFacts, Rule } from './facts.ts';

/** Axes of a reduction, from the attribute or (since opsets 13 and 18) the input; all where none are named. */
export function reducedAxes(node: NodeFacts, rank: number): number[] | undefined {
  const given = node.ints('axes') ?? (node.has(1) ? node.numbers(1) : []);
  if (!given) return undefined;
  if (given.length > 0) return node.axes(given, rank);
  return node.int('noop_with_empty_axes', 0) === 1 ? [] : Array.from({ length: rank }, (_, axis) => axis);
}

function reduce(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  const keeps = node.int('keepdims', 1) === 1;
  if (!shape) {
    const all = !keeps && !node.ints('axes') && !node.has(1);
    return all ? [] : undefined;
  }
  const axes = reducedAxes(node, shape.length);
  if (axes) return keepOrDrop(shape, axes, keeps);
  return keeps ? shape.map((_, axis) => node.unknown(axis)) : undefined;
}

function keepOrDrop(shape: readonly Dim[], axes: readonly number[], keeps: boolean): Dim[] {
  return keeps
    ? shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    : shape.filter((_, axis) => !axes.includes(axis));
}

const reduceRule: Rule = (node) => [{ type: node.type(), shape: reduce(node) }];

const arg: Rule = (node) => {
  const shape = node.shape();
  if (!shape) return [{ type: 'int64' }];
  const axis = node.axis(node.int('axis', 0), shape.length);
  return [{ type: 'int64', shape: keepOrDrop(shape, [axis], node.int('keepdims', 1) === 1) }];
};

const reductions = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare'];

export const reducing: Record<string, Rule> = {
  ...Object.fromEntries(reductions.map((how) => [`Reduce${how}`, reduceRule])),
  ArgMax: arg,
  ArgMin: arg,
};
