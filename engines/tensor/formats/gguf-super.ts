import { fitSigned, fitThreeBits, fitWithMinimum, type MinimumSearch, NOTHING, nearestInt } from './gguf-fit.ts';
import { decodeHalf, encodeHalf } from './half.ts';
import type { GgufType } from './types.ts';

/*
 * K-quants of llama.cpp: 256 elements in blocks of 16 or 32, whose scales (and minima) are integers of a few bits times one
 * float16 for all 256. Layouts from `ggml-common.h`, choices as `quantize_row_q*_K_ref` makes them.
 */

export type SuperType = 'q2_k' | 'q3_k' | 'q4_k' | 'q5_k' | 'q6_k';

const f = Math.fround;

export function isSuperBlock(type: GgufType): type is SuperType {
  return type.endsWith('_k');
}

/** What 256 elements are stored as: value = scale x scales[block] x (code - offset) - minimum x minima[block]. */
export interface SuperBlock {
  scale: number;
  minimum: number;
  scales: Int8Array;
  minima: Uint8Array;
  codes: Uint8Array;
}

/** Elements of a block, the bits of a code, and the code that stands for 0. */
export const SUPER_LAYOUT: Record<SuperType, { block: number; bits: number; offset: number }> = {
  q2_k: { block: 16, bits: 2, offset: 0 },
  q3_k: { block: 16, bits: 3, offset: 4 },
  q4_k: { block: 32, bits: 4, offset: 0 },
  q5_k: { block: 32, bits: 5, offset: 0 },
  q6_k: { block: 16, bits: 6, offset: 32 },
};

const SEARCH: Record<'q2_k' | 'q4_k' | 'q5_k', MinimumSearch> = {
  q2_k: { top: 3, from: -0.5, steps: 15, absolute: true },
  q4_k: { top: 15, from: -1, steps: 20, absolute: false },
  q5_k: { top: 31, from: -0.5, steps: 15, absolute: false },
};

export function packSuperBlock(x: Float32Array, view: DataView, at: number, type: SuperType): void {
  const parts = type === 'q3_k' || type === 'q6_k' ? chooseSymmetric(x, type) : chooseWithMinima(x, type);
  requantize(x, parts, type);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, Math.min(210, view.byteLength - at));
  PACK[type](parts, bytes, (offset, value) => view.setUint16(at + offset, encodeHalf(value), true));
}

export function unpackParts(view: DataView, at: number, type: SuperType): SuperBlock {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, Math.min(210, view.byteLength - at));
  return UNPACK[type](bytes, (offset) => decodeHalf(view.getUint16(at + offset, true)));
}

export function unpackSuperBlock(view: DataView, at: number, y: Float32Array, type: SuperType): void {
  const parts = unpackParts(view, at, type);
  const { block, offset } = SUPER_LAYOUT[type];
  for (let i = 0; i < 256; i += 1) {
    const j = Math.floor(i / block);
    const scaled = f(f(parts.scale * parts.scales[j]!) * (parts.codes[i]! - offset));
    y[i] = scaled - f(parts.minimum * parts.minima[j]!);
  }
}

/** Scales with a sign: q3_k to 6 bits, q6_k to 8. */
function chooseSymmetric(x: Float32Array, type: 'q3_k' | 'q6_k'): SuperBlock {
  const codes = new Uint8Array(256);
  const wanted = new Float32Array(16);
  let most = 0;
  for (let j = 0; j < 16; j += 1) {
    const [numbers, own] = [x.subarray(16 * j, 16 * j + 16), codes.subarray(16 * j, 16 * j + 16)];
    wanted[j] = type === 'q3_k' ? fitThreeBits(numbers, own) : fitSigned(numbers, 32, own);
    if (Math.abs(wanted[j]!) > Math.abs(most)) most = wanted[j]!;
  }
  const scales = new Int8Array(16);
  const none = type === 'q3_k' ? most === 0 : Math.abs(most) < NOTHING;
  if (none) {
    // q3_k stores scales plus 32, so none is -32; q6_k clears the whole block.
    if (type === 'q3_k') scales.fill(-32);
    else codes.fill(0);
    return { scale: 0, minimum: 0, scales, minima: new Uint8Array(16), codes };
  }
  const reach = type === 'q3_k' ? 32 : 128;
  const inverse = f(-reach / most);
  for (let j = 0; j < 16; j += 1) {
    scales[j] = Math.max(-reach, Math.min(reach - 1, nearestInt(f(inverse * wanted[j]!))));
  }
  return { scale: decodeHalf(encodeHalf(f(1 / inverse))), minimum: 0, scales, minima: new Uint8Array(16), codes };
}

/** Scales and minima without a sign: q2_k to 4 bits each, q4_k and q5_k to 6. */
function chooseWithMinima(x: Float32Array, type: 'q2_k' | 'q4_k' | 'q5_k'): SuperBlock {
  const { block } = SUPER_LAYOUT[type];
  const blocks = 256 / block;
  const codes = new Uint8Array(256);
  const [wanted, wantedMinima] = [new Float32Array(blocks), new Float32Array(blocks)];
  const weights = new Float32Array(block);
  let [most, mostMinimum] = [0, 0];
  for (let j = 0; j < blocks; j += 1) {
    const numbers = x.subarray(block * j, block * (j + 1));
    const base = type === 'q2_k' ? 0 : rootMeanSquare(numbers);
    for (let i = 0; i < block; i += 1) weights[i] = base + Math.abs(numbers[i]!);
    const fit = fitWithMinimum(numbers, weights, codes.subarray(block * j, block * (j + 1)), SEARCH[type]);
    wanted[j] = fit.scale;
    wantedMinima[j] = fit.minimum;
    if (fit.scale > most) most = fit.scale;
    if (fit.minimum > mostMinimum) mostMinimum = fit.minimum;
  }
  const top = type === 'q2_k' ? 15 : 63;
  const quantized = (numbers: Float32Array, largest: number) => {
    const inverse = largest > 0 ? f(top / largest) : 0;
    // Kept as bytes before they are bounded, as the C code does.
    return numbers.map((v) => Math.min(top, nearestInt(f(inverse * v)) & 255));
  };
  return {
    scale: decodeHalf(encodeHalf(f(most / top))),
    minimum: decodeHalf(encodeHalf(f(mostMinimum / top))),
    scales: Int8Array.from(quantized(wanted, most)),
    minima: Uint8Array.from(quantized(wantedMinima, mostMinimum)),
    codes,
  };
}

function rootMeanSquare(x: Float32Array): number {
  let sum = 0;
  for (const v of x) sum = f(sum + f(v * v));
  return f(Math.sqrt(f(sum / x.length)));
}

/** Codes once more, now that scales are what is stored. Blocks whose scale came out as zero keep theirs. */
function requantize(x: Float32Array, { scale, minimum, scales, minima, codes }: SuperBlock, type: SuperType): void {
  const { block, bits, offset } = SUPER_LAYOUT[type];
  const top = (1 << bits) - 1;
  for (let j = 0; j < 256 / block; j += 1) {
    const step = f(scale * scales[j]!);
    if (step === 0) continue;
    const shift = f(minimum * minima[j]!);
    for (let i = block * j; i < block * (j + 1); i += 1) {
      const code = nearestInt(f(f(x[i]! + shift) / step)) + offset;
      codes[i] = code < 0 ? 0 : code > top ? top : code;
    }
  }
}

type PutHalf = (offset: number, value: number) => void;
type GetHalf = (offset: number) => number;

const PACK: Record<SuperType, (parts: SuperBlock, bytes: Uint8Array, half: PutHalf) => void> = {
  q2_k({ scale, minimum, scales, minima, codes }, bytes, half) {
    for (let j = 0; j < 16; j += 1) bytes[j] = scales[j]! | (minima[j]! << 4);
    packPairs(codes, bytes.subarray(16));
    half(80, scale);
    half(82, minimum);
  },
  q3_k({ scale, scales, codes }, bytes, half) {
    bytes.fill(0, 0, 32);
    for (let i = 0; i < 256; i += 1) bytes[i % 32]! |= (codes[i]! >> 2) << (i >> 5);
    packPairs(codes, bytes.subarray(32));
    bytes.fill(0, 96, 108);
    for (let j = 0; j < 16; j += 1) {
      const stored = scales[j]! + 32;
      bytes[96 + (j % 8)]! |= (stored & 15) << (j < 8 ? 0 : 4);
      bytes[104 + (j % 4)]! |= (stored >> 4) << (2 * (j >> 2));
    }
    half(108, scale);
  },
  q4_k({ scale, minimum, scales, minima, codes }, bytes, half) {
    half(0, scale);
    half(2, minimum);
    packSixBits(scales, minima, bytes.subarray(4));
    packNibbles(codes, bytes.subarray(16));
  },
  q5_k({ scale, minimum, scales, minima, codes }, bytes, half) {
    half(0, scale);
    half(2, minimum);
    packSixBits(scales, minima, bytes.subarray(4));
    bytes.fill(0, 16, 48);
    for (let i = 0; i < 256; i += 1) bytes[16 + (i % 32)]! |= (codes[i]! >> 4) << (i >> 5);
    packNibbles(codes, bytes.subarray(48));
  },
  q6_k({ scale, scales, codes }, bytes, half) {
    for (let side = 0; side < 2; side += 1) {
      for (let i = 0; i < 32; i += 1) {
        const own = (k: number) => codes[128 * side + 32 * k + i]!;
        bytes[64 * side + i] = (own(0) & 15) | ((own(2) & 15) << 4);
        bytes[64 * side + 32 + i] = (own(1) & 15) | ((own(3) & 15) << 4);
        bytes[128 + 32 * side + i] = (own(0) >> 4) | ((own(1) >> 4) << 2) | ((own(2) >> 4) << 4) | ((own(3) >> 4) << 6);
      }
    }
    for (let j = 0; j < 16; j += 1) bytes[192 + j] = scales[j]!;
    half(208, scale);
  },
};

const UNPACK: Record<SuperType, (bytes: Uint8Array, half: GetHalf) => SuperBlock> = {
  q2_k(bytes, half) {
    const codes = new Uint8Array(256);
    for (let i = 0; i < 256; i += 1) codes[i] = pairAt(bytes, 16, i);
    return {
      scale: half(80),
      minimum: half(82),
      scales: Int8Array.from(bytes.subarray(0, 16), (byte) => byte & 15),
      minima: bytes.subarray(0, 16).map((byte) => byte >> 4),
      codes,
    };
  },
  q3_k(bytes, half) {
    const codes = new Uint8Array(256);
    for (let i = 0; i < 256; i += 1) codes[i] = pairAt(bytes, 32, i) | (((bytes[i % 32]! >> (i >> 5)) & 1) << 2);
    const scales = new Int8Array(16);
    for (let j = 0; j < 16; j += 1) {
      const low = (bytes[96 + (j % 8)]! >> (j < 8 ? 0 : 4)) & 15;
      scales[j] = (low | (((bytes[104 + (j % 4)]! >> (2 * (j >> 2))) & 3) << 4)) - 32;
    }
    return { scale: half(108), minimum: 0, scales, minima: new Uint8Array(16), codes };
  },
  q4_k(bytes, half) {
    const codes = new Uint8Array(256);
    for (let i = 0; i < 256; i += 1) codes[i] = nibbleAt(bytes, 16, i);
    return { scale: half(0), minimum: half(2), ...sixBits(bytes), codes };
  },
  q5_k(bytes, half) {
    const codes = new Uint8Array(256);
    for (let i = 0; i < 256; i += 1)
      codes[i] = nibbleAt(bytes, 48, i) | (((bytes[16 + (i % 32)]! >> (i >> 5)) & 1) << 4);
    return { scale: half(0), minimum: half(2), ...sixBits(bytes), codes };
  },
  q6_k(bytes, half) {
    const codes = new Uint8Array(256);
    for (let i = 0; i < 256; i += 1) {
      const [side, k, l] = [i >> 7, (i >> 5) & 3, i & 31];
      const low = (bytes[64 * side + 32 * (k & 1) + l]! >> (k < 2 ? 0 : 4)) & 15;
      codes[i] = low | (((bytes[128 + 32 * side + l]! >> (2 * k)) & 3) << 4);
    }
    const scales = Int8Array.from(bytes.subarray(192, 208), (byte) => (byte << 24) >> 24);
    return { scale: half(208), minimum: 0, scales, minima: new Uint8Array(16), codes };
  },
};

/** Two low bits of 256 codes: four runs of 32 to a byte. */
function packPairs(codes: Uint8Array, bytes: Uint8Array): void {
  for (let byte = 0; byte < 64; byte += 1) {
    const first = 128 * (byte >> 5) + (byte & 31);
    bytes[byte] =
      (codes[first]! & 3) |
      ((codes[first + 32]! & 3) << 2) |
      ((codes[first + 64]! & 3) << 4) |
      ((codes[first + 96]! & 3) << 6);
  }
}

function pairAt(bytes: Uint8Array, start: number, i: number): number {
  return (bytes[start + 32 * (i >> 7) + (i & 31)]! >> (2 * ((i >> 5) & 3))) & 3;
}

/** Four low bits of 256 codes: two runs of 32 to a byte. */
function packNibbles(codes: Uint8Array, bytes: Uint8Array): void {
  for (let byte = 0; byte < 128; byte += 1) {
    const first = 64 * (byte >> 5) + (byte & 31);
    bytes[byte] = (codes[first]! & 15) | ((codes[first + 32]! & 15) << 4);
  }
}

function nibbleAt(bytes: Uint8Array, start: number, i: number): number {
  return (bytes[start + 32 * (i >> 6) + (i & 31)]! >> (4 * ((i >> 5) & 1))) & 15;
}

/** Eight scales and eight minima of 6 bits in 12 bytes: the first four of each whole, the rest in halves and spare bits. */
function packSixBits(scales: Int8Array, minima: Uint8Array, bytes: Uint8Array): void {
  for (let j = 0; j < 4; j += 1) {
    const [scale, minimum] = [scales[j + 4]!, minima[j + 4]!];
    bytes[j] = scales[j]! | ((scale >> 4) << 6);
    bytes[j + 4] = minima[j]! | ((minimum >> 4) << 6);
    bytes[j + 8] = (scale & 15) | ((minimum & 15) << 4);
  }
}

function sixBits(bytes: Uint8Array): { scales: Int8Array; minima: Uint8Array } {
  const [scales, minima] = [new Int8Array(8), new Uint8Array(8)];
  for (let j = 0; j < 4; j += 1) {
    scales[j] = bytes[4 + j]! & 63;
    minima[j] = bytes[8 + j]! & 63;
    scales[j + 4] = (bytes[12 + j]! & 15) | ((bytes[4 + j]! >> 6) << 4);
    minima[j + 4] = (bytes[12 + j]! >> 4) | ((bytes[8 + j]! >> 6) << 4);
  }
  return { scales, minima };
}
