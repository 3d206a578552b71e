import { math } from '../../../core/index.ts';
import { float, int, text } from '../../attributes.ts';
import { isWhole } from '../../ops/element-types.ts';
import { erf } from '../../reference/pointwise.ts';
import { asElement } from '../../tensors.ts';
import { CannotRun } from '../cannot-run.ts';
import type { Context } from '../context.ts';
import { clipBounds, normalisationFactors } from '../fuse.ts';
import { BINARY, UNARY } from '../kernel.ts';
import {
  atLeast,
  broadcast,
  denseStrides,
  eachOuter,
  hasStrides,
  isDense,
  loopsOver,
  orderOf,
  range,
  sizeOf,
  type View,
} from '../views.ts';
import type { Operators, Prepare } from './types.ts';

/** The input without gaps, in whatever order it lies, and a tensor that lies the same (itself where it may be written over). */
function paired(context: Context, index = 0): { from: View; to: View } {
  const input = context.input(index);
  const from = isDense(input) ? input : context.dense(input);
  if (from === input && context.mayOverwrite(index)) return { from, to: input };
  return { from, to: context.tensor(from.shape, orderOf(from)) };
}

/** One of the kernel's functions on every element. */
function emitUnary(context: Context, op: number, alpha = 0, beta = 0): void {
  const { from, to } = paired(context);
  const { program } = context;
  const { kernel } = program.memory;
  const count = sizeOf(from.shape);
  context.step(() => kernel.unary(op, program.address(from), program.address(to), count, alpha, beta));
  context.set(to);
}

const unary =
  (op: number, parameters: (context: Context) => [alpha: number, beta: number] = () => [0, 0]): Prepare =>
  (context) =>
    emitUnary(context, op, ...parameters(context));

/** A function of a number in double precision, rounded to float32: for operators that are seldom large. */
function mapped(each: (context: Context) => (x: number) => number): Prepare {
  return (context) => {
    const apply = each(context);
    const { from, to } = paired(context);
    const { program } = context;
    context.step(() => {
      const source = program.elements(from);
      const target = program.elements(to);
      for (let at = 0; at < source.length; at += 1) target[at] = apply(source[at]!);
    });
    context.set(to);
  };
}

const plain = (apply: (x: number) => number): Prepare => mapped(() => apply);

/** Where a result lies: like the largest operand, as long as that has no gaps. */
function resultFor(
  context: Context,
  operands: readonly View[],
  shape: readonly number[],
): { to: View; order: number[] } {
  const { node } = context;
  const size = sizeOf(shape);
  const like = operands.find(
    (view) => view.shape.length === shape.length && sizeOf(view.shape) === size && isDense(view),
  );
  const order = like ? orderOf(like) : [...shape.keys()];
  const strides = denseStrides(shape, order);
  for (const [index, view] of operands.entries()) {
    const same = view.shape.length === shape.length && sizeOf(view.shape) === size && hasStrides(view, strides);
    // An operand that is read with two different strides may not be written over.
    const alone = node.inputs.filter((name) => name === node.inputs[index]).length === 1;
    if (same && alone && context.mayOverwrite(index)) return { to: { ...view, shape, strides }, order };
  }
  return { to: context.tensor(shape, order), order };
}

/** Two operands of the kernel, stretched to `to`. */
function emitBinary(context: Context, op: number, a: View, b: View, to: View, order: readonly number[]): void {
  const { program } = context;
  const { kernel } = program.memory;
  if (sizeOf(to.shape) === 0) return;
  const views = [broadcast(a, to.shape), broadcast(b, to.shape), to];
  const loops = atLeast(loopsOver(views, order), 2);
  const [outer, inner] = loops.sizes.slice(-2) as [number, number];
  const [aOuter, aInner] = loops.strides[0]!.slice(-2) as [number, number];
  const [bOuter, bInner] = loops.strides[1]!.slice(-2) as [number, number];
  const offsets: [number, number, number][] = [];
  eachOuter(loops, 2, ([x, y, z]) => offsets.push([4 * x!, 4 * y!, 4 * z!]));
  context.step(() => {
    const first = program.address(a);
    const second = program.address(b);
    const target = program.address(to);
    for (const [x, y, z] of offsets) {
      kernel.binary(op, first + x, second + y, target + z, outer, inner, aOuter, aInner, bOuter, bInner);
    }
  });
}

/** Any function of two or three operands in double precision. */
function emitMapped(context: Context, operands: readonly View[], apply: (...values: number[]) => number): void {
  const { program } = context;
  const shape = context.outputShape();
  const to = context.tensor(shape);
  const views = [...operands.map((view) => broadcast(view, shape)), to];
  const loops = atLeast(loopsOver(views, [...shape.keys()]), 1);
  const size = sizeOf(shape);
  const inner = loops.sizes.at(-1)!;
  const steps = loops.strides.map((own) => own.at(-1)!);
  context.step(() => {
    if (size === 0) return;
    const { floats } = program.memory;
    const starts = views.map((view) => program.address(view) / 4);
    const values = new Array<number>(operands.length);
    eachOuter(loops, 1, (offsets) => {
      for (let k = 0; k < inner; k += 1) {
        for (let operand = 0; operand < values.length; operand += 1) {
          values[operand] = floats[starts[operand]! + offsets[operand]! + k * steps[operand]!]!;
        }
        floats[starts.at(-1)! + offsets.at(-1)! + k * steps.at(-1)!] = apply(...values);
      }
    });
  });
  context.set(to);
}

/** Combines all inputs, one after the other. */
function many(op: number, mean = false): Prepare {
  return (context) => {
    const { node, program } = context;
    const shape = context.outputShape();
    const views = node.inputs.map((name) => context.view(name));
    if (views.length === 1 && !mean) {
      context.set(views[0]!);
      return;
    }
    const { to, order } = views.length <= 2 ? resultFor(context, views, shape) : withoutReuse(context, views, shape);
    const [first, ...rest] = views;
    if (rest.length === 0) program.copy(broadcast(first!, shape), to, order);
    let sum = first!;
    for (const view of rest) {
      emitBinary(context, op, sum, view, to, order);
      sum = to;
    }
    if (mean && views.length > 1) {
      const { kernel } = program.memory;
      const count = sizeOf(shape);
      context.step(() => {
        const at = program.address(to);
        kernel.unary(UNARY.affine, at, at, count, 1 / views.length, 0);
      });
    }
    context.set(to);
  };
}

function withoutReuse(
  context: Context,
  views: readonly View[],
  shape: readonly number[],
): { to: View; order: number[] } {
  const like = views.find(
    (view) => sizeOf(view.shape) === sizeOf(shape) && view.shape.length === shape.length && isDense(view),
  );
  const order = like ? orderOf(like) : [...shape.keys()];
  return { to: context.tensor(shape, order), order };
}

function two(op: number): Prepare {
  return (context) => {
    const views = [context.input(0), context.input(1)] as const;
    const { to, order } = resultFor(context, views, context.outputShape());
    emitBinary(context, op, ...views, to, order);
    context.set(to);
  };
}

const both =
  (apply: (a: number, b: number) => number): Prepare =>
  (context) =>
    emitMapped(context, [context.input(0), context.input(1)], apply);

const divide: Prepare = (context) => {
  if (isWhole(context.typeOf(context.node.outputs[0]!))) both((a, b) => Math.trunc(a / b))(context);
  else two(BINARY.div)(context);
};

const power: Prepare = (context) => {
  const exponent = context.readers.scalar(context.node.inputs[1]);
  if (exponent === 2 && sizeOf(context.input().shape) === sizeOf(context.outputShape())) {
    const { from, to } = paired(context);
    emitBinary(context, BINARY.mul, from, from, to, orderOf(to));
    context.set(to);
  } else if (exponent === 0.5 && sizeOf(context.input().shape) === sizeOf(context.outputShape())) {
    emitUnary(context, UNARY.sqrt);
  } else both(math.pow)(context);
};

const clip: Prepare = (context) => {
  const bounds = clipBounds(context.node, context.readers);
  if (!bounds) throw new CannotRun('has bounds that are computed, not constant');
  emitUnary(context, UNARY.clip, ...bounds);
};

/** Standing alone: behind something that has no weights to take it in. */
const batchNormalisation: Prepare = (context) => {
  const { shared } = context;
  const factors = normalisationFactors(context.node, (name) => context.constant(name));
  if (!factors) throw new CannotRun('normalises by statistics that are computed', 'Export the model for inference.');
  const channels = factors.scale.length;
  const constant = (values: Float64Array): View => {
    const at = shared.memory.takeFloats(Float32Array.from(values));
    const shape = [
      channels,
      ...context
        .outputShape()
        .slice(2)
        .map(() => 1),
    ];
    return {
      buffer: { at, bytes: 4 * channels, inArena: false, values: 0 },
      offset: 0,
      shape,
      strides: denseStrides(shape),
    };
  };
  const input = context.input();
  const { to, order } = resultFor(context, [input], context.outputShape());
  emitBinary(context, BINARY.mul, input, constant(factors.scale), to, order);
  emitBinary(context, BINARY.add, to, constant(factors.shift), to, order);
  context.set(to);
};

const softplus = (x: number) => (x > 0 ? x + math.log1p(math.exp(-x)) : math.log1p(math.exp(x)));
const attribute = (name: string, otherwise: number) => (context: Context) =>
  float(context.node.attributes, name, otherwise);

function roundEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

const gelu: Prepare = (context) => {
  const tanh = text(context.node.attributes, 'approximate', 'none') === 'tanh';
  const apply = tanh
    ? (x: number) => 0.5 * x * (1 + math.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
    : (x: number) => 0.5 * x * (1 + erf(x * Math.SQRT1_2));
  plain(apply)(context);
};

const cast: Prepare = (context) => {
  const type = context.typeOf(context.node.outputs[0]!);
  if (type === 'float16' || type === 'bfloat16') {
    plain((x) => asElement(x, type))(context);
    return;
  }
  if (type === 'bool') plain((x) => (x === 0 ? 0 : 1))(context);
  else if (isWhole(type) && !isWhole(context.typeOf(context.node.inputs[0]!))) plain(Math.trunc)(context);
  else context.set(context.input());
};

/** Before opset 7 a list of slopes is one for each channel. */
const slopes: Prepare = (context) => {
  const input = context.input(0);
  let slope = context.input(1);
  if (context.shared.opset < 7 && slope.shape.length === 1 && slope.shape[0]! > 1) {
    const ones = range(2, input.shape.length).map(() => 1);
    slope = { ...slope, shape: [...slope.shape, ...ones], strides: [...slope.strides, ...ones] };
  }
  emitMapped(context, [input, slope], (x, times) => (x! < 0 ? times! * x! : x!));
};

const modulo: Prepare = (context) => {
  const truncated = int(context.node.attributes, 'fmod', 0) === 1;
  both(truncated ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b))(context);
};

export const pointwise: Operators = {
  Add: two(BINARY.add),
  Sub: two(BINARY.sub),
  Mul: two(BINARY.mul),
  Div: divide,
  Max: many(BINARY.max),
  Min: many(BINARY.min),
  Sum: many(BINARY.add),
  Mean: many(BINARY.add, true),
  Pow: power,
  Mod: modulo,
  Equal: both((a, b) => Number(a === b)),
  Greater: both((a, b) => Number(a > b)),
  GreaterOrEqual: both((a, b) => Number(a >= b)),
  Less: both((a, b) => Number(a < b)),
  LessOrEqual: both((a, b) => Number(a <= b)),
  And: both((a, b) => Number(a !== 0 && b !== 0)),
  Or: both((a, b) => Number(a !== 0 || b !== 0)),
  Xor: both((a, b) => Number((a !== 0) !== (b !== 0))),
  PRelu: slopes,
  Where: (context) =>
    emitMapped(context, [context.input(0), context.input(1), context.input(2)], (condition, yes, no) =>
      condition !== 0 ? yes! : no!,
    ),
  Relu: unary(UNARY.clip, () => [0, Number.POSITIVE_INFINITY]),
  Clip: clip,
  HardSigmoid: unary(UNARY.hardSigmoid, (context) => [
    attribute('alpha', 0.2)(context),
    attribute('beta', 0.5)(context),
  ]),
  HardSwish: unary(UNARY.hardSwish),
  Sigmoid: unary(UNARY.sigmoid),
  Swish: (context) => {
    if (attribute('alpha', 1)(context) !== 1) throw new CannotRun('has an alpha other than 1');
    emitUnary(context, UNARY.silu);
  },
  Sqrt: unary(UNARY.sqrt),
  LeakyRelu: unary(UNARY.leakyRelu, (context) => [attribute('alpha', 0.01)(context), 0]),
  Neg: unary(UNARY.affine, () => [-1, 0]),
  Abs: unary(UNARY.abs),
  BatchNormalization: batchNormalisation,
  Gelu: gelu,
  Cast: cast,
  CastLike: cast,
  Elu: mapped((context) => {
    const alpha = attribute('alpha', 1)(context);
    return (x) => (x < 0 ? alpha * math.expm1(x) : x);
  }),
  Selu: mapped((context) => {
    const alpha = attribute('alpha', 1.6732632423543772)(context);
    const gamma = attribute('gamma', 1.0507009873554805)(context);
    return (x) => gamma * (x <= 0 ? alpha * math.expm1(x) : x);
  }),
  Celu: mapped((context) => {
    const alpha = attribute('alpha', 1)(context);
    return (x) => Math.max(0, x) + Math.min(0, alpha * math.expm1(x / alpha));
  }),
  ThresholdedRelu: mapped((context) => {
    const alpha = attribute('alpha', 1)(context);
    return (x) => (x > alpha ? x : 0);
  }),
  Shrink: mapped((context) => {
    const lambda = attribute('lambd', 0.5)(context);
    const bias = attribute('bias', 0)(context);
    return (x) => (x < -lambda ? x + bias : x > lambda ? x - bias : 0);
  }),
  Mish: plain((x) => x * math.tanh(softplus(x))),
  Softplus: plain(softplus),
  Softsign: plain((x) => x / (1 + Math.abs(x))),
  Tanh: plain(math.tanh),
  Exp: plain(math.exp),
  Log: plain(math.log),
  Erf: plain(erf),
  Sin: plain(math.sin),
  Cos: plain(math.cos),
  Reciprocal: plain((x) => 1 / x),
  Floor: plain(Math.floor),
  Ceil: plain(Math.ceil),
  Round: plain(roundEven),
  Sign: plain(Math.sign),
  Not: plain((x) => (x === 0 ? 1 : 0)),
  IsNaN: plain((x) => Number(Number.isNaN(x))),
};
