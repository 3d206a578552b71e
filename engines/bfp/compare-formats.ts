import type { RunLayer } from '../onnx/run/types.ts';
import { blockOf, GGUF_TYPES, lineLength, storedBits } from '../tensor/formats/index.ts';
import type { MxElement, NumberFormat } from '../tensor/formats/types.ts';
import { codeBits } from './plan.ts';

/** Formats are side by side where their stored bits a value differ from what was asked for by no more than this. */
export const EQUAL_BITS = 0.15;

export type CompareFamily = 'bfp' | 'block-minifloat' | 'mx' | 'nvfp4' | 'int' | 'uint' | 'gguf';

const BLOCKS = [8, 16, 32, 64, 128, 256];
const MX_ELEMENTS: readonly MxElement[] = ['e5m2', 'e4m3', 'int8', 'e3m2', 'e2m3', 'e2m1', 'int4'];

/** What each family has to offer; of `mx` and `gguf` every member is a candidate of its own. */
const MEMBERS: Record<CompareFamily, readonly NumberFormat[]> = {
  bfp: range(2, 14).flatMap((mantissaBits) =>
    BLOCKS.map((block) => ({ kind: 'bfp', mantissaBits, exponentBits: 8, block, rounding: 'even' }) as const),
  ),
  'block-minifloat': [2, 3, 4].flatMap((exponentBits) =>
    range(1, 10).flatMap((mantissaBits) =>
      BLOCKS.map(
        (block) => ({ kind: 'block-minifloat', exponentBits, mantissaBits, block, rounding: 'even' }) as const,
      ),
    ),
  ),
  mx: MX_ELEMENTS.map((element) => ({ kind: 'mx', element, block: 32, rounding: 'even' }) as const),
  nvfp4: [{ kind: 'nvfp4', rounding: 'even' }],
  int: range(2, 8).flatMap((bits) =>
    BLOCKS.map((block) => ({ kind: 'int', bits, symmetric: true, block, rounding: 'even' }) as const),
  ),
  uint: range(2, 8).flatMap((bits) =>
    BLOCKS.map((block) => ({ kind: 'int', bits, symmetric: false, block, rounding: 'even' }) as const),
  ),
  gguf: GGUF_TYPES.map((type) => ({ kind: 'gguf', type }) as const),
};

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** A member of a family near the bits asked for. */
export interface Candidate {
  family: CompareFamily;
  format: NumberFormat;
  /** Stored bits a weight over all layers, everything counted. */
  bits: number;
}

type Shape = Pick<RunLayer, 'rows' | 'rowLength' | 'channels'>;

/** Stored bits a weight over all layers. */
export function averageBits(layers: readonly Shape[], format: NumberFormat): number {
  let [bits, elements] = [0, 0];
  for (const { rows, rowLength, channels } of layers) {
    const line = lineLength(channels, rowLength, blockOf(format));
    const stored = storedBits(line === 0 ? 0 : (rows * rowLength) / line, line, format);
    bits += stored.bits;
    elements += stored.elements;
  }
  return elements === 0 ? 0 : bits / elements;
}

/**
 * Formats of equal size on these layers. A group are members of one family between which whoever compares decides: those
 * within `EQUAL_BITS` of `target` stored bits a weight that spend most of them on codes. Of MX and llama.cpp's types every
 * member within is a group of its own. `beyond`: the nearest member of families that have none.
 */
export function equalFormats(layers: readonly Shape[], target: number): { equal: Candidate[][]; beyond: Candidate[] } {
  const equal: Candidate[][] = [];
  const beyond: Candidate[] = [];
  for (const [family, formats] of Object.entries(MEMBERS) as [CompareFamily, readonly NumberFormat[]][]) {
    const all = formats
      .map((format): Candidate => ({ family, format, bits: averageBits(layers, format) }))
      .sort((a, b) => Math.abs(a.bits - target) - Math.abs(b.bits - target));
    const near = all.filter(({ bits }) => Math.abs(bits - target) <= EQUAL_BITS);
    const most = Math.max(...near.map(({ format }) => codeBits(format)));
    if (near.length === 0) beyond.push(...all.slice(0, 1));
    else if (family === 'mx' || family === 'gguf') equal.push(...near.map((each) => [each]));
    else equal.push(near.filter(({ format }) => codeBits(format) === most));
  }
  return { equal, beyond };
}
