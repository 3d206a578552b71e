import { isWhole } from './ops/element-types.ts';
import type { Fact, NodeFacts } from './ops/facts.ts';
import { countOf, mostElements } from './ops/facts.ts';
import { shapeBounds } from './ops/making.ts';
import { reducedAxes } from './ops/reducing.ts';
import { cutsOf, extentOf } from './ops/selecting.ts';
import { asElement, decodeRaw } from './tensors.ts';
import type { Dim } from './types.ts';

/**
 * The elements of an operator's outputs, where shapes and constants alone tell them: what exporters write to compute
 * shapes (Shape, Gather, Concat, Cast, arithmetic ...). Elements may be expressions over symbolic dimensions.
 */
type Evaluate = (node: NodeFacts, output: Fact) => (Dim | undefined)[] | undefined;

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

/** Place of an element of `shape` in an operand that broadcasts to it. */
function broadcastIndex(index: number, shape: readonly number[], operand: readonly number[]): number {
  let rest = index;
  let place = 0;
  let stride = 1;
  for (let back = 1; back <= shape.length; back += 1) {
    const size = shape[shape.length - back] ?? 1;
    const own = operand[operand.length - back];
    if (own !== undefined) {
      place += own === 1 ? 0 : (rest % size) * stride;
      stride *= own;
    }
    rest = Math.floor(rest / size);
  }
  return place;
}

const numbersOf = (shape: readonly Dim[] | undefined): number[] => (shape ?? []) as number[];

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
  combine((node, values) => values.reduce((sum, value) => apply(node, sum, value)));
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

function strides(shape: readonly number[]): number[] {
  const result = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1)
    result[axis] = (result[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return result;
}

/** Coordinates of the index-th element of a shape. */
function coordinates(index: number, shape: readonly number[]): number[] {
  const result = new Array<number>(shape.length).fill(0);
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const size = shape[axis] ?? 1;
    result[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return result;
}

/** Output elements picked from the first input: `place` gives the coordinates there for those of the output. */
function pick(
  node: NodeFacts,
  output: Fact,
  place: (at: number[]) => number[] | undefined,
): (Dim | undefined)[] | undefined {
  const elements = node.elements(0);
  if (!elements) return undefined;
  const from = strides(numbersOf(node.shape()));
  const shape = numbersOf(output.shape);
  return Array.from({ length: countOf(shape) ?? 0 }, (_, index) => {
    const at = place(coordinates(index, shape));
    return at && elements[at.reduce((sum, coordinate, axis) => sum + coordinate * (from[axis] ?? 0), 0)];
  });
}

const slice: Evaluate = (node, output) => {
  const shape = numbersOf(node.shape());
  const cuts = cutsOf(node, shape.length);
  if (!cuts) return undefined;
  const first = shape.map(() => 0);
  const step = shape.map(() => 1);
  for (const cut of cuts) {
    const start = extentOf(node, shape[cut.axis] ?? 0, cut)?.first;
    if (typeof start !== 'number') return undefined;
    first[cut.axis] = start;
    step[cut.axis] = cut.step;
  }
  return pick(node, output, (at) => at.map((coordinate, axis) => (first[axis] ?? 0) + coordinate * (step[axis] ?? 1)));
};

const gather: Evaluate = (node, output) => {
  const shape = numbersOf(node.shape());
  const indices = node.numbers(1);
  const indexShape = numbersOf(node.shape(1));
  if (!indices) return undefined;
  const axis = node.axis(node.int('axis', 0), shape.length);
  const by = strides(indexShape);
  return pick(node, output, (at) => {
    const place = at
      .slice(axis, axis + indexShape.length)
      .reduce((sum, coordinate, index) => sum + coordinate * (by[index] ?? 0), 0);
    const index = indices[place] ?? 0;
    const counted = index < 0 ? index + (shape[axis] ?? 0) : index;
    return [...at.slice(0, axis), counted, ...at.slice(axis + indexShape.length)];
  });
};

const transpose: Evaluate = (node, output) => {
  const rank = node.shape()?.length ?? 0;
  const order = node.ints('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  return pick(node, output, (at) => {
    const from = new Array<number>(rank).fill(0);
    for (const [axis, source] of order.entries()) from[source] = at[axis] ?? 0;
    return from;
  });
};

const concat: Evaluate = (node, output) => {
  const shape = numbersOf(output.shape);
  const axis = node.axis(node.int('axis', 0), shape.length);
  const parts = node.inputs.map((fact) => ({ elements: fact?.elements, shape: numbersOf(fact?.shape) }));
  if (parts.some(({ elements }) => !elements)) return undefined;
  return Array.from({ length: countOf(shape) ?? 0 }, (_, index) => {
    const at = coordinates(index, shape);
    for (const part of parts) {
      const size = part.shape[axis] ?? 0;
      if ((at[axis] ?? 0) < size) {
        const by = strides(part.shape);
        return part.elements?.[at.reduce((sum, coordinate, place) => sum + coordinate * (by[place] ?? 0), 0)];
      }
      at[axis] = (at[axis] ?? 0) - size;
    }
    return undefined;
  });
};

function splitElements(node: NodeFacts, outputs: readonly (Fact | undefined)[]): (Dim[] | undefined)[] {
  const rank = node.shape()?.length ?? 0;
  if (!node.elements(0) || rank === 0) return [];
  const axis = node.axis(node.int('axis', 0), rank);
  let before = 0;
  return outputs.map((output) => {
    const count = countOf(output?.shape);
    if (!output || count === undefined || count > mostElements) return undefined;
    const start = before;
    before += numbersOf(output.shape)[axis] ?? 0;
    const picked = pick(node, output, (at) =>
      at.map((coordinate, place) => (place === axis ? coordinate + start : coordinate)),
    );
    return picked?.every((element) => element !== undefined) ? (picked as Dim[]) : undefined;
  });
}

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
