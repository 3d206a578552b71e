import { math } from '../../../core/index.ts';
import { int } from '../../attributes.ts';
import { CannotRun } from '../cannot-run.ts';
import type { Context } from '../context.ts';
import { BINARY, REDUCE, UNARY } from '../kernel.ts';
import { isDense, orderOf, range, sizeOf, transposed, type View } from '../views.ts';
import type { Operators, Prepare } from './types.ts';

const axisOf = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

/** A tensor as outer x count x inner, of which `count` is reduced. */
interface Pass {
  from: View;
  outer: number;
  count: number;
  inner: number;
  strides: [outer: number, count: number, inner: number];
  /** Axes that stay, as their results lie. */
  kept: number[];
}

function passOver(context: Context, view: View, reduced: ReadonlySet<number>): Pass {
  const order = orderOf(view).filter((axis) => view.shape[axis] !== 1);
  const groups: { reduced: boolean; axes: number[] }[] = [];
  for (const axis of order) {
    const last = groups.at(-1);
    const before = last?.axes.at(-1);
    const joins =
      last && last.reduced === reduced.has(axis) && view.strides[before!] === view.strides[axis]! * view.shape[axis]!;
    if (joins) last.axes.push(axis);
    else groups.push({ reduced: reduced.has(axis), axes: [axis] });
  }
  const pattern = groups.map((group) => (group.reduced ? 'r' : 'k')).join('');
  const size = (axes: readonly number[]) => axes.reduce((product, axis) => product * view.shape[axis]!, 1);
  if (['', 'k', 'r', 'kr', 'rk', 'krk'].includes(pattern)) {
    const at = groups.findIndex((group) => group.reduced);
    // Nothing to reduce: one element each.
    const outer = at < 0 ? (groups[0]?.axes ?? []) : (groups[at - 1]?.axes ?? []);
    const inner = at < 0 ? [] : (groups[at + 1]?.axes ?? []);
    const middle = at < 0 ? [] : groups[at]!.axes;
    const stride = (axes: readonly number[]) => (axes.length > 0 ? view.strides[axes.at(-1)!]! : 0);
    return {
      from: view,
      outer: size(outer),
      count: size(middle),
      inner: size(inner),
      strides: [stride(outer), stride(middle), stride(inner)],
      kept: [...outer, ...inner],
    };
  }
  const kept = [...view.shape.keys()].filter((axis) => !reduced.has(axis));
  const last = [...reduced].sort((a, b) => a - b);
  const from = context.dense(view, [...kept, ...last]);
  return { from, outer: size(kept), count: size(last), inner: 1, strides: [size(last), 1, 0], kept };
}

/** The result of reducing `view`, axes kept with size 1. */
export function reduced(context: Context, view: View, axes: readonly number[], op: number): View {
  const { program } = context;
  const { kernel } = program.memory;
  const gone = new Set(axes);
  const { from, outer, count, inner, strides, kept } = passOver(context, view, gone);
  const shape = view.shape.map((size, axis) => (gone.has(axis) ? 1 : size));
  const others = [...shape.keys()].filter((axis) => !kept.includes(axis));
  const result = context.tensor(shape, [...others, ...kept]);
  if (sizeOf(view.shape) > 0) {
    context.step(() =>
      kernel.reduce(op, program.address(from), program.address(result), outer, count, inner, ...strides),
    );
  }
  return result;
}

function axesOf(context: Context, rank: number): number[] {
  const { attributes } = context.node;
  const found = attributes.axes;
  const given = found?.kind === 'ints' ? found.value : (context.numbers(1) ?? []);
  if (given.length > 0) return given.map((axis) => axisOf(axis, rank));
  return int(attributes, 'noop_with_empty_axes', 0) === 1 ? [] : range(0, rank);
}

/** Sets the result, without the reduced axes where they go. */
function setReduced(context: Context, view: View, axes: readonly number[]): void {
  if (int(context.node.attributes, 'keepdims', 1) === 1) {
    context.set(view);
    return;
  }
  const kept = [...view.shape.keys()].filter((axis) => !axes.includes(axis));
  context.set({
    ...view,
    shape: kept.map((axis) => view.shape[axis]!),
    strides: kept.map((axis) => view.strides[axis]!),
  });
}

/** A function of every element (into a new tensor) by the kernel, or in double precision. */
function applied(context: Context, view: View, how: 'square' | 'abs' | 'sqrt' | ((x: number) => number)): View {
  const { program } = context;
  const { kernel } = program.memory;
  const from = isDense(view) ? view : context.dense(view);
  const to = context.tensor(from.shape, orderOf(from));
  const count = sizeOf(from.shape);
  context.step(() => {
    const source = program.address(from);
    const target = program.address(to);
    if (how === 'square') kernel.binary(BINARY.mul, source, source, target, 1, count, 0, 1, 0, 1);
    else if (how === 'abs') kernel.unary(UNARY.abs, source, target, count, 0, 0);
    else if (how === 'sqrt') kernel.unary(UNARY.sqrt, source, target, count, 0, 0);
    else program.elements(to).set(program.elements(from).map(how));
  });
  return to;
}

type Change = Parameters<typeof applied>[2];

function reduction(op: number, before?: Change, after?: Change): Prepare {
  return (context) => {
    const input = context.input();
    const axes = axesOf(context, input.shape.length);
    if (axes.length === 0 && !before && !after) {
      context.set(input);
      return;
    }
    const view = before ? applied(context, input, before) : input;
    const result = reduced(context, view, axes, op);
    setReduced(context, after ? applied(context, result, after) : result, axes);
  };
}

const argument =
  (op: number): Prepare =>
  (context) => {
    const { attributes } = context.node;
    if (int(attributes, 'select_last_index', 0) === 1) throw new CannotRun('takes the last of equal elements');
    const input = context.input();
    const axis = axisOf(int(attributes, 'axis', 0), input.shape.length);
    setReduced(context, reduced(context, input, [axis], op), [axis]);
  };

/** Over one axis; before opset 13 over all axes from one on. */
function softmaxed(context: Context): View {
  const { program, node, shared } = context;
  const { kernel } = program.memory;
  const input = context.input();
  const rank = input.shape.length;
  const old = shared.opset < 13;
  const axis = axisOf(int(node.attributes, 'axis', old ? 1 : -1), rank);
  const last = old ? range(axis, rank) : [axis];
  const order = [...range(0, rank).filter((other) => !last.includes(other)), ...last];
  const turned = transposed(input, order);
  const from = context.dense(turned);
  const to = from === turned && context.mayOverwrite(0) ? from : context.tensor(from.shape);
  const count = last.reduce((product, at) => product * input.shape[at]!, 1);
  const rows = sizeOf(input.shape) / Math.max(count, 1);
  context.step(() => kernel.softmax(program.address(from), program.address(to), rows, count));
  return transposed(
    to,
    order.map((_, at) => order.indexOf(at)),
  );
}

export const reductions: Operators = {
  ReduceSum: reduction(REDUCE.sum),
  ReduceMean: reduction(REDUCE.mean),
  ReduceMax: reduction(REDUCE.max),
  ReduceMin: reduction(REDUCE.min),
  ReduceProd: reduction(REDUCE.prod),
  ReduceL1: reduction(REDUCE.sum, 'abs'),
  ReduceL2: reduction(REDUCE.sum, 'square', 'sqrt'),
  ReduceSumSquare: reduction(REDUCE.sum, 'square'),
  ReduceLogSum: reduction(REDUCE.sum, undefined, math.log),
  ReduceLogSumExp: reduction(REDUCE.sum, math.exp, math.log),
  ArgMax: argument(REDUCE.argmax),
  ArgMin: argument(REDUCE.argmin),
  Softmax: (context) => context.set(softmaxed(context)),
  LogSoftmax: (context) => context.set(applied(context, softmaxed(context), math.log)),
};
