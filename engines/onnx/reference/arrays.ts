/** A dense array of numbers in row-major order; feature maps as N, C, H, W. */
export interface NumberArray {
  shape: number[];
  data: Float64Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function zeros(shape: readonly number[]): NumberArray {
  return { shape: [...shape], data: new Float64Array(sizeOf(shape)) };
}

/** Elements between neighbours along each axis. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** An axis that may count from the end. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The array as (before, along, after) an axis. */
export function aroundAxis(shape: readonly number[], axis: number): [before: number, along: number, after: number] {
  const at = positiveAxis(axis, shape.length);
  return [sizeOf(shape.slice(0, at)), shape[at] ?? 1, sizeOf(shape.slice(at + 1))];
}
