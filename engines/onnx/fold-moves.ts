import type { Fact, NodeFacts } from './ops/facts.ts';
import { countOf, mostElements } from './ops/facts.ts';
import { cutsOf, extentOf } from './ops/selecting.ts';
import type { Dim } from './types.ts';

/**
 * The elements of an operator's outputs, where shapes and constants alone tell them: what exporters write to compute
 * shapes (Shape, Gather, Concat, Cast, arithmetic ...). Elements may be expressions over symbolic dimensions.
 */
export type Evaluate = (node: NodeFacts, output: Fact) => (Dim | undefined)[] | undefined;

export const numbersOf = (shape: readonly Dim[] | undefined): number[] => (shape ?? []) as number[];

/** Place of an element of `shape` in an operand that broadcasts to it. */
export function broadcastIndex(index: number, shape: readonly number[], operand: readonly number[]): number {
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

export function strides(shape: readonly number[]): number[] {
  const result = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1)
    result[axis] = (result[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return result;
}

/** Coordinates of the index-th element of a shape. */
export function coordinates(index: number, shape: readonly number[]): number[] {
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
export function pick(
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

export const slice: Evaluate = (node, output) => {
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

export const gather: Evaluate = (node, output) => {
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

export const transpose: Evaluate = (node, output) => {
  const rank = node.shape()?.length ?? 0;
  const order = node.ints('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  return pick(node, output, (at) => {
    const from = new Array<number>(rank).fill(0);
    for (const [axis, source] of order.entries()) from[source] = at[axis] ?? 0;
    return from;
  });
};

export const concat: Evaluate = (node, output) => {
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

/** Elements of the parts of a Split. */
export function splitElements(node: NodeFacts, outputs: readonly (Fact | undefined)[]): (Dim[] | undefined)[] {
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
