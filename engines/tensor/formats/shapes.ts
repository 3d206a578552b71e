import { type BlockPlace, largestFinite, quantizeBlock } from './reference.ts';
import type { NumberFormat } from './types.ts';

/**
 * A tensor of any rank (last dimension fastest) in a format whose blocks are boxes of `blockShape` elements, one side for
 * each dimension; 0: the whole dimension. Boxes at the far borders are smaller. So [t, t, 0, 0] over outputs, inputs,
 * kernel height and width is BitQ's tile of weights, and [1, t, t] over samples, channels and places that of activations.
 * `format.block` has no say.
 * @throws RangeError when the shapes do not fit each other or the values, or the format has no blocks of a free shape.
 */
export function blockShapeQuantize(
  values: Float32Array,
  shape: readonly number[],
  blockShape: readonly number[],
  format: NumberFormat,
  seed = 0,
): Float32Array<ArrayBuffer> {
  if (!('block' in format) && format.kind !== 'nvfp4') {
    throw new RangeError(`The format ${format.kind} has no blocks whose shape could be chosen.`);
  }
  if (blockShape.length !== shape.length || shape.reduce((all, side) => all * side, 1) !== values.length) {
    throw new RangeError(
      `Blocks of ${blockShape.join(' x ')} do not fit ${values.length} numbers of the shape ${shape.join(' x ')}.`,
    );
  }
  const sides = blockShape.map((side, axis) => (side === 0 ? shape[axis]! : side));
  const result = new Float32Array(values.length);
  const tensorMax = largestFinite(values);
  for (const places of boxes(shape, sides)) {
    const place: BlockPlace = { places, tensorMax, seed };
    const quantized = quantizeBlock(
      Float32Array.from(places, (at) => values[at]!),
      format,
      place,
    );
    for (let i = 0; i < places.length; i += 1) result[places[i]!] = quantized[i]!;
  }
  return result;
}

/** Indices of the elements of every box. */
function* boxes(shape: readonly number[], sides: readonly number[]): Generator<number[]> {
  if (shape.includes(0)) return;
  const starts = shape.map(() => 0);
  for (;;) {
    let places = [0];
    for (const [axis, side] of sides.entries()) {
      const end = Math.min(starts[axis]! + side, shape[axis]!);
      const next: number[] = [];
      for (const place of places) {
        for (let at = starts[axis]!; at < end; at += 1) next.push(place * shape[axis]! + at);
      }
      places = next;
    }
    yield places;
    let axis = shape.length - 1;
    while (axis >= 0) {
      starts[axis]! += sides[axis]!;
      if (starts[axis]! < shape[axis]!) break;
      starts[axis] = 0;
      axis -= 1;
    }
    if (axis < 0) return;
  }
}
