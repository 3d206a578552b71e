export * from './blocks.ts';
export { type KernelParameters, kernelParameters } from './kernel-parameters.ts';
export { BINS, formatError, type Spread } from './measure.ts';
export { loadQuantizer, type Measurement, type Quantizer } from './quantizer.ts';
export { quantizeReference } from './reference.ts';
export { countSaturated } from './saturation.ts';
export { GGUF_BLOCK_BYTES, MX_BITS, storedBits } from './stored-bits.ts';
export { checkFormat, FORMAT_LIMITS, formatText, GGUF_TYPES, parseFormat } from './text.ts';
export type * from './types.ts';
