/** A piece of the memory: of the arena that a program's values share, or of the part that stays. */
export interface Buffer {
  /** From the beginning of the arena, or of the memory. */
  at: number;
  bytes: number;
  inArena: boolean;
  /** Values that lie in it. */
  values: number;
}

/** A tensor where it lies: an axis of size 1 may have any stride, one that is stretched has stride 0. In elements. */
export interface View {
  buffer: Buffer;
  offset: number;
  shape: readonly number[];
  strides: readonly number[];
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Strides of a dense tensor whose axes lie in the given order, outermost first; without one, as ONNX has it. */
export function denseStrides(shape: readonly number[], order: readonly number[] = [...shape.keys()]): number[] {
  const strides = new Array<number>(shape.length).fill(0);
  let step = 1;
  for (const axis of [...order].reverse()) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

/** N, H, W, C of a shape N, C, H, W: axis 1 innermost. */
export function channelsLast(rank: number): number[] {
  return rank < 3 ? Array.from({ length: rank }, (_, axis) => axis) : [0, ...range(2, rank), 1];
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

export function hasStrides({ shape, strides }: View, wanted: readonly number[]): boolean {
  return shape.every((size, axis) => size === 1 || strides[axis] === wanted[axis]);
}

/** Axes as they lie in memory, outermost first; axes of size 1 and stretched ones stay in front of their right neighbours. */
export function orderOf({ shape, strides }: View): number[] {
  const loose = (axis: number) => shape[axis] === 1 || strides[axis] === 0;
  const solid = shape
    .map((_, axis) => axis)
    .filter((axis) => !loose(axis))
    .sort((a, b) => Math.abs(strides[b]!) - Math.abs(strides[a]!) || a - b);
  const order: number[] = [];
  const before = new Map<number, number[]>();
  let waiting: number[] = [];
  for (const axis of shape.keys()) {
    if (loose(axis)) waiting.push(axis);
    else {
      before.set(axis, waiting);
      waiting = [];
    }
  }
  for (const axis of solid) order.push(...before.get(axis)!, axis);
  return [...order, ...waiting];
}

/** It fills a piece of memory without gaps, in some order of its axes. */
export function isDense(view: View): boolean {
  return hasStrides(view, denseStrides(view.shape, orderOf(view)));
}

export function transposed(view: View, order: readonly number[]): View {
  return {
    ...view,
    shape: order.map((axis) => view.shape[axis]!),
    strides: order.map((axis) => view.strides[axis]!),
  };
}

/** Stretched to a shape as ONNX does: axes are added in front, and those of size 1 repeat. */
export function broadcast(view: View, shape: readonly number[]): View {
  const missing = shape.length - view.shape.length;
  const strides = shape.map((size, axis) => {
    const own = view.shape[axis - missing] ?? 1;
    return own === 1 && size !== 1 ? 0 : own === 1 ? 0 : view.strides[axis - missing]!;
  });
  return { ...view, shape, strides };
}

/** Another shape for the same elements in the same order, where strides can say it; else undefined. */
export function reshaped(view: View, shape: readonly number[]): View | undefined {
  if (sizeOf(shape) === 0) return { ...view, shape, strides: denseStrides(shape) };
  const from = [...view.shape.keys()].filter((axis) => view.shape[axis] !== 1);
  const strides = new Array<number>(shape.length).fill(0);
  let old = 0;
  let axis = 0;
  while (axis < shape.length) {
    if (shape[axis] === 1) {
      axis += 1;
      continue;
    }
    const firstOld = old;
    const first = axis;
    let oldSize = view.shape[from[old++]!]!;
    let size = shape[axis++]!;
    while (oldSize !== size) {
      if (oldSize < size) oldSize *= view.shape[from[old++]!]!;
      else size *= shape[axis++]!;
    }
    for (let at = firstOld; at + 1 < old; at += 1) {
      const [outer, inner] = [from[at]!, from[at + 1]!];
      if (view.strides[outer] !== view.strides[inner]! * view.shape[inner]!) return undefined;
    }
    let step = view.strides[from[old - 1]!]!;
    for (let at = axis - 1; at >= first; at -= 1) {
      strides[at] = step;
      step *= shape[at]!;
    }
  }
  return { ...view, shape, strides };
}

/** Every `step`-th element of an axis from `start`, `count` of them. */
export function sliced(view: View, axis: number, start: number, count: number, step = 1): View {
  const shape = [...view.shape];
  const strides = [...view.strides];
  shape[axis] = count;
  const offset = view.offset + start * strides[axis]!;
  strides[axis] = strides[axis]! * step;
  return { ...view, offset, shape, strides };
}

/** Sizes and each operand's strides, outermost first, with axes joined where all operands allow it. */
export interface Loops {
  sizes: number[];
  strides: number[][];
}

/** Loops over operands of one shape, in the order of axes given. */
export function loopsOver(views: readonly View[], order: readonly number[]): Loops {
  const shape = views[0]!.shape;
  const sizes: number[] = [];
  const strides: number[][] = views.map(() => []);
  for (const axis of order) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const last = sizes.length - 1;
    const joins = last >= 0 && views.every((view, at) => strides[at]![last] === view.strides[axis]! * size);
    if (joins) {
      sizes[last]! *= size;
      for (const [at, view] of views.entries()) strides[at]![last] = view.strides[axis]!;
    } else {
      sizes.push(size);
      for (const [at, view] of views.entries()) strides[at]!.push(view.strides[axis]!);
    }
  }
  return { sizes, strides };
}

/** The same loops with at least `count` levels (of size 1, outermost). */
export function atLeast({ sizes, strides }: Loops, count: number): Loops {
  const missing = Math.max(0, count - sizes.length);
  const ones = new Array<number>(missing).fill(1);
  const zeros = new Array<number>(missing).fill(0);
  return { sizes: [...ones, ...sizes], strides: strides.map((own) => [...zeros, ...own]) };
}

/** Calls with each operand's offset, for every step of the loops but the `inner` last levels. */
export function eachOuter({ sizes, strides }: Loops, inner: number, call: (offsets: number[]) => void): void {
  const levels = sizes.length - inner;
  const at = new Array<number>(levels).fill(0);
  const offsets = strides.map(() => 0);
  const total = sizeOf(sizes.slice(0, levels));
  for (let index = 0; index < total; index += 1) {
    call(offsets);
    for (let level = levels - 1; level >= 0; level -= 1) {
      const next = at[level]! + 1;
      const wraps = next === sizes[level]!;
      for (const [operand, own] of strides.entries()) {
        offsets[operand]! += wraps ? -own[level]! * at[level]! : own[level]!;
      }
      at[level] = wraps ? 0 : next;
      if (!wraps) break;
    }
  }
}
