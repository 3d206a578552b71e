export { describeBlock } from './anatomy.ts';
export * from './blocks.ts';
export { type KernelParameters, kernelParameters } from './kernel-parameters.ts';
export type { Spread } from './measure.ts';
export { loadQuantizer, type Measurement, type Quantizer, type QuantizeTiles } from './quantizer.ts';
export { quantizeReference } from './reference.ts';
export { MX_BITS, storedBits } from './stored-bits.ts';
export { checkFormat, formatText, GGUF_TYPES, parseFormat } from './text.ts';
export type * from './types.ts';
