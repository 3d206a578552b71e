import {
  broadcastIndex,
  concat,
  coordinates,
  type Evaluate,
  gather,
  numbersOf,
  pick,
  slice,
  splitElements,
  strides,
  transpose,
} from './fold-moves.ts';
import { isWhole } from './ops/element-types.ts';
import type { Fact, NodeFacts } from './ops/facts.ts';
import { countOf, mostElements } from './ops/facts.ts';
import { shapeBounds } from './ops/making.ts';
import { reducedAxes } from './ops/reducing.ts';
import { asElement, decodeRaw } from './tensors.ts';
import type { Dim } from './types.ts';

/**
 * Elements for each output of a node whose shapes are inferred already; undefined where they are not known or too many.
 */
export function evaluate(node: NodeFacts, outputs: readonly (Fact | undefined)[]): (Dim[] | undefined)[] {
  const { op } = node.node;
  if (op === 'Split') return splitElements(node, outputs);
  const rule = Object.hasOwn(evaluators, op) ? evaluators[op] : undefined;
  const [output] = outputs;
  const count = countOf(output?.shape);
  if (!rule || !output || count === undefined || count > mostElements) return [];
  const elements = rule(node, output);
  if (elements?.length !== count || elements.some((element) => !isUsable(element))) return [];
  return [
    elements.map((element) => (typeof element === 'number' ? asElement(element, output.type) : (element as Dim))),
  ];
}

function isUsable(element: Dim | undefined): boolean {
  return element !== undefined && (typeof element === 'string' || !Number.isNaN(element));
}

const copy: Evaluate = (node) => node.elements(0);

/** Applies a function to corresponding elements of all inputs. */
function combine(apply: (node: NodeFacts, values: Dim[]) => Dim | undefined): Evaluate {
  return (node, output) => {
    const operands = node.inputs.map((fact) => fact?.elements);
    if (operands.some((elements) => !elements)) return undefined;
    const shape = numbersOf(output.shape);
    return Array.from({ length: countOf(shape) ?? 0 }, (_, index) =>
      apply(
        node,
        operands.map((elements, at) => elements?.[broadcastIndex(index, shape, numbersOf(node.shape(at)))] ?? 0),
      ),
    );
  };
}

type Two = (node: NodeFacts, a: Dim, b: Dim) => Dim | undefined;
const two = (apply: Two): Evaluate => combine((node, [a = 0, b = 0]) => apply(node, a, b));
const many = (apply: (node: NodeFacts, a: Dim, b: Dim) => Dim): Evaluate =>
  combine((node, [first, ...rest]) =>
    first === undefined ? undefined : rest.reduce<Dim>((sum, value) => apply(node, sum, value), first),
  );
const numeric = (apply: (value: number) => number): Evaluate =>
  combine((_, [value = 0]) => (typeof value === 'number' ? apply(value) : undefined));
const compared = (holds: (sign: number) => boolean): Evaluate =>
  two((node, a, b) => {
    const sign = node.symbols.compare(a, b);
    if (sign !== undefined) return holds(sign) ? 1 : 0;
    return undefined;
  });
const logical = (holds: (a: boolean, b: boolean) => boolean): Evaluate =>
  two((_, a, b) => (typeof a === 'number' && typeof b === 'number' ? Number(holds(a !== 0, b !== 0)) : undefined));

const divide = two((node, a, b) => {
  if (b === 0) return undefined;
  if (!isWhole(node.type())) return node.symbols.divideExactly(a, b);
  return typeof a === 'number' && typeof b === 'number' ? Math.trunc(a / b) : node.symbols.floorDivide(a, b);
});

/** Integer Mod has the sign of the divisor, `fmod` that of the dividend. */
const modulo = two((node, a, b) => {
  if (b === 0) return undefined;
  if (typeof a !== 'number' || typeof b !== 'number') {
    return node.symbols.subtract(a, node.symbols.multiply(b, node.symbols.floorDivide(a, b)));
  }
  return node.int('fmod', 0) === 1 ? a % b : a - b * Math.floor(a / b);
});

function power(_: NodeFacts, a: Dim, b: Dim): Dim | undefined {
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  if (b === 0.5) return Math.sqrt(a);
  if (b === -1) return 1 / a;
  if (!Number.isInteger(b) || b < 0 || b > 64) return undefined;
  let result = 1;
  for (let times = 0; times < b; times += 1) result *= a;
  return result;
}

/** Whole numbers of shape arithmetic pass casts unchanged; fractions are cut off by a cast to a whole type. */
const cast: Evaluate = (node, output) =>
  node.elements(0)?.map((element) => {
    if (typeof element === 'number') {
      return output.type === 'bool' ? Number(element !== 0) : isWhole(output.type) ? Math.trunc(element) : element;
    }
    return output.type === 'bool' ? undefined : isWhole(output.type) ? node.symbols.floorDivide(element, 1) : element;
  });

const reduce =
  (apply: (node: NodeFacts, a: Dim, b: Dim) => Dim): Evaluate =>
  (node, output) => {
    const elements = node.elements(0);
    const shape = numbersOf(node.shape());
    const axes = reducedAxes(node, shape.length);
    if (!elements || elements.length === 0 || !axes) return undefined;
    const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const by = strides(kept);
    const result: (Dim | undefined)[] = new Array(countOf(output.shape) ?? 0).fill(undefined);
    for (const [index, element] of elements.entries()) {
      const place = coordinates(index, shape).reduce(
        (sum, coordinate, axis) => sum + (axes.includes(axis) ? 0 : coordinate * (by[axis] ?? 0)),
        0,
      );
      const met = result[place];
      result[place] = met === undefined ? element : apply(node, met, element);
    }
    return result;
  };

const add: Two = (node, a, b) => node.symbols.add(a, b);

const evaluators: Record<string, Evaluate> = {
  Identity: copy,
  Reshape: copy,
  Squeeze: copy,
  Unsqueeze: copy,
  Flatten: copy,
  Cast: cast,
  CastLike: cast,
  Shape: (node) => {
    const shape = node.shape();
    return shape?.slice(...shapeBounds(node, shape.length));
  },
  Size: (node) => {
    const shape = node.shape();
    return shape && [node.symbols.product(shape)];
  },
  ConstantOfShape: (node, output) => {
    const value = node.attribute('value');
    const tensor = value?.kind === 'tensor' ? value.value : undefined;
    const bytes = tensor?.data.in === 'memory' ? tensor.data.bytes : undefined;
    const fill = tensor ? (bytes ? decodeRaw(tensor.type, bytes, 1)?.[0] : undefined) : 0;
    return new Array(countOf(output.shape) ?? 0).fill(fill);
  },
  Range: (node, output) => {
    const [start = 0] = node.elements(0) ?? [];
    const [step = 1] = node.elements(2) ?? [];
    return Array.from({ length: countOf(output.shape) ?? 0 }, (_, index) =>
      node.symbols.add(start, node.symbols.multiply(step, index)),
    );
  },
  Gather: gather,
  Slice: slice,
  Concat: concat,
  Transpose: transpose,
  Expand: (node, output) => {
    const from = numbersOf(node.shape());
    const shape = numbersOf(output.shape);
    const elements = node.elements(0);
    return (
      elements &&
      Array.from({ length: countOf(shape) ?? 0 }, (_, index) => elements[broadcastIndex(index, shape, from)])
    );
  },
  Tile: (node, output) => {
    const from = numbersOf(node.shape());
    return pick(node, output, (at) => at.map((coordinate, axis) => coordinate % (from[axis] ?? 1)));
  },
  Where: combine((node, [condition = 0, yes = 0, no = 0]) =>
    typeof condition === 'number' ? (condition ? yes : no) : node.symbols.same(yes, no) ? yes : undefined,
  ),
  Add: two(add),
  Sum: many((node, a, b) => node.symbols.add(a, b)),
  Sub: two((node, a, b) => node.symbols.subtract(a, b)),
  Mul: two((node, a, b) => node.symbols.multiply(a, b)),
  Div: divide,
  Mod: modulo,
  Pow: two(power),
  Max: many((node, a, b) => node.symbols.max(a, b)),
  Min: many((node, a, b) => node.symbols.min(a, b)),
  Neg: combine((node, [a = 0]) => node.symbols.multiply(-1, a)),
  Abs: combine((node, [a = 0]) =>
    typeof a === 'number' ? Math.abs(a) : node.symbols.compare(a, -1) === 1 ? a : undefined,
  ),
  Sign: numeric(Math.sign),
  Sqrt: numeric(Math.sqrt),
  Reciprocal: numeric((value) => 1 / value),
  Floor: combine((node, [a = 0]) => node.symbols.floorDivide(a, 1)),
  Ceil: combine((node, [a = 0]) =>
    node.symbols.multiply(-1, node.symbols.floorDivide(node.symbols.multiply(-1, a), 1)),
  ),
  Equal: compared((sign) => sign === 0),
  Greater: compared((sign) => sign > 0),
  GreaterOrEqual: compared((sign) => sign >= 0),
  Less: compared((sign) => sign < 0),
  LessOrEqual: compared((sign) => sign <= 0),
  And: logical((a, b) => a && b),
  Or: logical((a, b) => a || b),
  Xor: logical((a, b) => a !== b),
  Not: numeric((value) => (value ? 0 : 1)),
  ReduceSum: reduce((node, a, b) => node.symbols.add(a, b)),
  ReduceProd: reduce((node, a, b) => node.symbols.multiply(a, b)),
  ReduceMax: reduce((node, a, b) => node.symbols.max(a, b)),
  ReduceMin: reduce((node, a, b) => node.symbols.min(a, b)),
  NonZero: (node, output) => {
    const elements = node.numbers(0);
    const shape = numbersOf(node.shape());
    if (!elements) return undefined;
    const places = elements.flatMap((element, index) => (element ? [coordinates(index, shape)] : []));
    return numbersOf(output.shape).length === 2
      ? shape.flatMap((_, axis) => places.map((at) => at[axis] ?? 0))
      : undefined;
  },
};
