/*
 * Number formats as data. A format is applied to lines of numbers: a tensor is seen as a matrix of rows x rowLength, and
 * blocks of elements that share a scale run along a row (or cover several rows, where the block is a rectangle). What lies
 * in a row is for the owner of the tensor to say; for weights and activations see `engines/onnx/run/types.ts`.
 */

/** How a value between two codes is rounded. `stochastic` is seeded, and depends on the element's place alone. */
export type Rounding = 'even' | 'away' | 'stochastic';

/**
 * Elements that share a scale: so many along a row; a rectangle [rows, columns] of the matrix; the whole row; the whole
 * tensor. A last block may be shorter.
 */
export type Block = number | [rows: number, columns: number] | 'row' | 'tensor';

/** Elements of OCP Microscaling (facts: MX v1.0 as emulated by microxcaling). */
export type MxElement = 'e5m2' | 'e4m3' | 'e3m2' | 'e2m3' | 'e2m1' | 'int8' | 'int4';

/** Block formats of llama.cpp. Their blocks of 32 or 256 and their rounding are part of the format. */
export type GgufType = 'q4_0' | 'q4_1' | 'q5_0' | 'q5_1' | 'q8_0' | 'q2_k' | 'q3_k' | 'q4_k' | 'q5_k' | 'q6_k';

export type NumberFormat =
  | { kind: 'float32' }
  | { kind: 'float16' }
  | { kind: 'bfloat16' }
  /**
   * Block floating point: `mantissaBits` 2..14 with the sign, two's complement codes without the lowest; one exponent of
   * `exponentBits` 5..8 shared by a block, floor(log2 max|x|) clamped to what it can hold.
   */
  | { kind: 'bfp'; mantissaBits: number; exponentBits: number; block: Block; rounding: Rounding }
  /** Block minifloat as BitQ released it: sign, `exponentBits`, `mantissaBits`, one 8-bit exponent a block. */
  | { kind: 'block-minifloat'; exponentBits: number; mantissaBits: number; block: Block; rounding: Rounding }
  /** OCP Microscaling; 32 elements share a power of two (E8M0). */
  | { kind: 'mx'; element: MxElement; block: Block; rounding: Rounding }
  /** E2M1 in blocks of 16 with an E4M3 scale, and one float32 scale for the tensor. */
  | { kind: 'nvfp4'; rounding: Rounding }
  /** Integers with a float16 scale a group (and, when not symmetric, a zero point of as many bits as a code). */
  | { kind: 'int'; bits: number; symmetric: boolean; block: Block; rounding: Rounding }
  | { kind: 'gguf'; type: GgufType };

/** What the numbers of a tensor cost in storage, everything counted: codes, shared exponents, scales, zero points. */
export interface StoredBits {
  elements: number;
  bits: number;
  /** bits / elements; 0 for an empty tensor. */
  perElement: number;
}

/** One element of a block as its format holds it. */
export interface ElementAnatomy {
  value: number;
  quantized: number;
  error: number;
  /** The bits of its code, as strings of 0 and 1. Parts that a format lacks are empty. */
  sign: string;
  exponent: string;
  mantissa: string;
  /** In words: the code as an integer, or "subnormal", "saturated", "zero". */
  note: string;
}

/** A block as its format holds it: for the microscope. */
export interface BlockAnatomy {
  elements: ElementAnatomy[];
  /** The shared scale (a power of two where the exponent is shared), as a number. */
  scale: number;
  /** Its stored bits ("10000001"), and what they are in words ("E8M0 code 129: 2^2"). Empty: the format shares nothing. */
  scaleBits: string;
  scaleNote: string;
  /** Distance between two neighbouring codes near the largest value. */
  step: number;
  /** Mean squared error, and signal to noise in dB (undefined: no error, or no signal). */
  meanSquaredError: number;
  signalToNoiseDb?: number;
}

/** How well a format holds a tensor. */
export interface FormatError {
  meanSquaredError: number;
  /** 10 log10(sum x^2 / sum (x - q)^2); undefined: no error, or no signal. */
  signalToNoiseDb?: number;
  maxAbsError: number;
  /** Elements that are not zero and became zero; elements beyond the largest code. */
  flushedToZero: number;
  saturated: number;
  /** Elements that are NaN or infinite, before or after: they count nowhere else. */
  notFinite: number;
}
