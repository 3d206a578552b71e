import type { Tensor } from './types.ts';

/** A small tensor with its elements, as ONNX holds them (little-endian). A list makes one dimension, a number none. */
export function constantTensor(name: string, type: 'int64' | 'float32', elements: number | readonly number[]): Tensor {
  const list = typeof elements === 'number' ? [elements] : elements;
  const each = type === 'int64' ? 8 : 4;
  const bytes = new Uint8Array(list.length * each);
  const view = new DataView(bytes.buffer);
  for (const [index, element] of list.entries()) {
    if (type === 'int64') view.setBigInt64(index * each, BigInt(element), true);
    else view.setFloat32(index * each, element, true);
  }
  return { name, type, shape: typeof elements === 'number' ? [] : [list.length], data: { in: 'memory', bytes } };
}
