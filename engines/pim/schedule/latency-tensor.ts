import { inverse, type Layout, orderOf } from './latency-layout.ts';
import type { Unit } from './latency-types.ts';

/** A tensor as some unit makes it. */
export interface Tensor {
  unit: Unit;
  /** As the unit has it. */
  shape: readonly number[];
  layout: Layout;
  /** By row-major place of the tensor at hand, the row-major place in the unit's; 'same': it is the unit's. */
  moved: Int32Array | 'same';
}

/** Row-major places of a tensor, as places in the pixels of the unit that makes it. */
export function placesIn(tensor: Tensor, logical: Int32Array): Int32Array {
  const { moved } = tensor;
  const back = inverse(orderOf(tensor.shape, tensor.layout));
  return logical.map((at) => {
    const source = moved === 'same' ? at : moved[at]!;
    return source < 0 ? -1 : back[source]!;
  });
}

/** Two moves, one after the other. */
export function chain(outer: Int32Array | 'same', inner: Int32Array | 'same'): Int32Array | 'same' {
  if (inner === 'same') return outer;
  if (outer === 'same') return inner;
  return outer.map((at) => (at < 0 ? -1 : inner[at]!));
}
