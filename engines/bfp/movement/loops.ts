import type { InputSpan, LoopIndex, LoopLayer, Operand, Sizes } from './types.ts';

/*
 * Footprints, and volumes under an order of the loops, exactly as the released program counts them (BitQ, DM_expression;
 * facts 2.3). Everything here is in elements, of one of the layer's equal nests.
 */

export const INDICES: readonly LoopIndex[] = ['b', 'f', 'x', 'y', 'c', 'w', 'h'];
export const OPERANDS: readonly Operand[] = ['inputs', 'weights', 'outputs'];

/** Dimensions of a tensor; two indices in one: the input's width and height, over which a window slides. */
export const DIMENSIONS: Record<Operand, readonly (readonly LoopIndex[])[]> = {
  inputs: [['b'], ['c'], ['x', 'w'], ['y', 'h']],
  weights: [['f'], ['c'], ['w'], ['h']],
  outputs: [['b'], ['f'], ['x'], ['y']],
};

/** What a loop does to the volume of a tensor: nothing, widens the piece that slides, or brings it all again. */
export type Reuse = 'full' | 'partial' | 'none';

type Shape = Pick<LoopLayer, 'sizes' | 'stride'>;

/**
 * Width (or height) of the input that `t` outputs under `k` places of the window need. A layer without a width, as a product
 * of matrices, has inputs one wide by either rule: the published sum would count two.
 */
function span({ sizes, stride }: Shape, pair: readonly LoopIndex[], t: number, k: number, rule: InputSpan): number {
  const [outer, inner] = pair;
  if (sizes[outer!] === 1 && sizes[inner!] === 1) return 1;
  // Windows that do not overlap leave columns out between them.
  return rule === 'published' ? t + k : Math.min((t - 1) * stride[outer === 'x' ? 0 : 1] + k, t * k);
}

/** Elements of a tensor that a tile needs. */
export function footprint(layer: Shape, operand: Operand, tile: Sizes, rule: InputSpan): number {
  let elements = 1;
  for (const dimension of DIMENSIONS[operand]) {
    const [first, second] = dimension;
    elements *= second ? span(layer, dimension, tile[first!], tile[second], rule) : tile[first!];
  }
  return elements;
}

/**
 * What every loop does to a tensor, inner to outer: until the first loop whose index the tensor has, everything is used
 * again; that loop itself brings new tiles, or where the index is half of a sliding window only widens the piece; every loop
 * outside of it brings all again.
 */
export function reuseOf(operand: Operand, order: readonly LoopIndex[]): Record<LoopIndex, Reuse> {
  const reuse = {} as Record<LoopIndex, Reuse>;
  let present = false;
  for (const index of order) {
    const dimension = DIMENSIONS[operand].find((it) => it.includes(index));
    if (present) reuse[index] = 'none';
    else if (!dimension) reuse[index] = 'full';
    else {
      reuse[index] = dimension.length === 1 ? 'none' : 'partial';
      present = true;
    }
  }
  return reuse;
}

/** Elements of a tensor brought to the tiles of one level while the loops between it and the next run once. */
export function volume(
  layer: Shape,
  operand: Operand,
  order: readonly LoopIndex[],
  tile: Sizes,
  next: Sizes,
  rule: InputSpan,
): number {
  const reuse = reuseOf(operand, order);
  const held = { ...tile };
  let times = 1;
  for (const index of order) {
    if (reuse[index] === 'partial') held[index] = next[index];
    else if (reuse[index] === 'none') times *= next[index] / tile[index];
  }
  return footprint(layer, operand, held, rule) * times;
}

/** How often a tile of `next` is worked on in the whole layer. Tiles need not divide the layer: the ratio is kept as it is. */
export function repetitions(sizes: Sizes, next: Sizes): number {
  let times = 1;
  for (const index of INDICES) times *= sizes[index] / next[index];
  return times;
}

/** Multiply-accumulates of the whole layer. */
export function macsOf({ sizes, repeats }: LoopLayer): number {
  return INDICES.reduce((product, index) => product * sizes[index], repeats);
}

const RANK: Record<Reuse, number> = { full: 0, partial: 1, none: 2 };

/** No tensor moves more under `order` than under `other`, whatever the tiles. */
export function dominates(order: readonly LoopIndex[], other: readonly LoopIndex[]): boolean {
  return OPERANDS.every((operand) => {
    const ours = reuseOf(operand, order);
    const theirs = reuseOf(operand, other);
    return INDICES.every((index) => RANK[ours[index]] <= RANK[theirs[index]]);
  });
}

/** All orders of the loops, inner to outer. */
export function allOrders(indices: readonly LoopIndex[] = INDICES): LoopIndex[][] {
  if (indices.length === 0) return [[]];
  return indices.flatMap((first) =>
    allOrders(indices.filter((index) => index !== first)).map((rest) => [first, ...rest]),
  );
}

/** The orders that no other dominates, one of each class: dominance pruning of the 5,040. */
export function prunedOrders(orders: readonly LoopIndex[][] = allOrders()): LoopIndex[][] {
  let kept: LoopIndex[][] = [];
  for (const order of orders) {
    if (kept.some((it) => dominates(it, order))) continue;
    kept = [...kept.filter((it) => !dominates(order, it)), order];
  }
  return kept;
}

/** The inner kernel's order, which the released program fixes. */
export const REGISTER_ORDER: readonly LoopIndex[] = ['h', 'c', 'w', 'b', 'f', 'x', 'y'];

/**
 * The orders that pruning leaves, inner to outer, with the whole window in the tile, where a loop over `w` and one over `h`
 * are alike (the two left out swap them): outputs stay, weights stay (two ways of sliding), inputs stay (two).
 */
export const ORDERS = {
  outputs: REGISTER_ORDER,
  weightsX: ['x', 'b', 'y', 'f', 'c', 'w', 'h'],
  weightsY: ['y', 'b', 'x', 'f', 'c', 'w', 'h'],
  inputsX: ['f', 'x', 'b', 'y', 'c', 'w', 'h'],
  inputsY: ['f', 'y', 'b', 'x', 'c', 'w', 'h'],
} as const satisfies Record<string, readonly LoopIndex[]>;
