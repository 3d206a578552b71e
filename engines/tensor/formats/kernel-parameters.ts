import { MX_FLOATS } from './elements.ts';
import type { Block, NumberFormat, Rounding } from './types.ts';

/** Arguments of `quantizeTiles` in `kernels/quantize.as.ts`. */
export interface KernelParameters {
  /** Rows of a block: 1, but for rectangles. */
  blockRows: number;
  /** Elements of a block along a row; 0: the whole row; -1: the whole matrix. */
  block: number;
  family: number;
  mantissaBits: number;
  exponentBits: number;
  rounding: number;
}

const FAMILY = {
  copy: 0,
  half: 1,
  brain: 2,
  bfp: 3,
  mxInt: 4,
  mxFloat: 5,
  minifloat: 6,
  nvfp4: 7,
  int: 8,
  uint: 9,
  ggmlExtreme: 10,
  ggmlMinimum: 11,
  ggmlByte: 12,
} as const;

const ROUNDING: Record<Rounding, number> = { even: 0, away: 1, stochastic: 2 };

/** How the kernel is told of a format; undefined where only the reference knows it (llama.cpp's K-quants). */
export function kernelParameters(format: NumberFormat): KernelParameters | undefined {
  const none = { blockRows: 1, block: 0, mantissaBits: 0, exponentBits: 0, rounding: 0 };
  switch (format.kind) {
    case 'float32':
      return { ...none, family: FAMILY.copy };
    case 'float16':
      return { ...none, family: FAMILY.half };
    case 'bfloat16':
      return { ...none, family: FAMILY.brain };
    case 'bfp': {
      const { mantissaBits, exponentBits } = format;
      return { ...shared(format), family: FAMILY.bfp, mantissaBits, exponentBits };
    }
    case 'block-minifloat': {
      const { mantissaBits, exponentBits } = format;
      return { ...shared(format), family: FAMILY.minifloat, mantissaBits, exponentBits };
    }
    case 'mx': {
      const { element } = format;
      if (element === 'int8') return { ...shared(format), family: FAMILY.mxInt, mantissaBits: 8, exponentBits: 8 };
      if (element === 'int4') return { ...shared(format), family: FAMILY.mxInt, mantissaBits: 4, exponentBits: 8 };
      const { mantissaBits, exponentBits } = MX_FLOATS[element];
      return { ...shared(format), family: FAMILY.mxFloat, mantissaBits, exponentBits };
    }
    case 'nvfp4':
      return {
        ...shared({ block: 16, rounding: format.rounding }),
        family: FAMILY.nvfp4,
        mantissaBits: 1,
        exponentBits: 2,
      };
    case 'int': {
      const family = format.symmetric ? FAMILY.int : FAMILY.uint;
      return { ...shared(format), family, mantissaBits: format.bits, exponentBits: 0 };
    }
    case 'gguf': {
      const flat = { ...none, block: 32 };
      if (format.type === 'q4_0') return { ...flat, family: FAMILY.ggmlExtreme, mantissaBits: 4 };
      if (format.type === 'q5_0') return { ...flat, family: FAMILY.ggmlExtreme, mantissaBits: 5 };
      if (format.type === 'q4_1') return { ...flat, family: FAMILY.ggmlMinimum, mantissaBits: 4 };
      if (format.type === 'q5_1') return { ...flat, family: FAMILY.ggmlMinimum, mantissaBits: 5 };
      return format.type === 'q8_0' ? { ...flat, family: FAMILY.ggmlByte, mantissaBits: 8 } : undefined;
    }
  }
}

function shared({
  block,
  rounding,
}: {
  block: Block;
  rounding: Rounding;
}): Pick<KernelParameters, 'blockRows' | 'block' | 'rounding'> {
  const code = ROUNDING[rounding];
  if (block === 'row') return { blockRows: 1, block: 0, rounding: code };
  if (block === 'tensor') return { blockRows: 1, block: -1, rounding: code };
  if (typeof block === 'number') return { blockRows: 1, block, rounding: code };
  return { blockRows: block[0], block: block[1], rounding: code };
}
