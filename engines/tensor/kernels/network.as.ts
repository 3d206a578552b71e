// What a running network computes with, in one memory. The parts, and where their references are, say their own files.
export { convolve, packPanels } from './gemm.part.as';
export { depthwise, pool } from './windows.part.as';
export { binary, copy, reduce, softmax, unary } from './elementwise.part.as';
export { quantizeTiles } from './quantize.as';

/** First byte that the host may lay its arrays at. */
export function heapBase(): usize {
  return __heap_base;
}
