import { math } from '../../core/index.ts';
import type { Machine, OperandBits } from './types.ts';

/** Bits of a word that the energies of data movement are for. */
const WORD_BITS = 32;

/** pJ of one operation at 8, 16 and 32 bits: the released program's constants (facts 2.4). */
const OPERATION_PJ: readonly (readonly [bits: number, pj: number])[] = [
  [8, 0.23],
  [16, 0.95],
  [32, 4.0],
];

/**
 * pJ of one multiply-accumulate of operands of `bits` bits. Between the published widths a power of the width through both
 * neighbours; beyond them the nearest pair's (ours: the released program knows the three widths only).
 */
export function operationPj(bits: number): number {
  const at = bits <= 16 ? 0 : 1;
  const [low, lowPj] = OPERATION_PJ[at]!;
  const [high, highPj] = OPERATION_PJ[at + 1]!;
  if (bits === high) return highPj;
  const exponent = math.log(highPj / lowPj) / math.log(high / low);
  return lowPj * math.pow(bits / low, exponent);
}

/** Operands of different widths cost what two of the geometric mean do, as the cells of a multiplier are their product. */
export function computePj(macs: number, { inputs, weights }: Pick<OperandBits, 'inputs' | 'weights'>): number {
  return macs * operationPj(Math.sqrt(inputs * weights));
}

export function movementPj(
  dramBits: number,
  sramBits: number,
  { dramPjPerWord, sramPjPerWord }: Pick<Machine, 'dramPjPerWord' | 'sramPjPerWord'>,
): number {
  return (dramBits * dramPjPerWord + sramBits * sramPjPerWord) / WORD_BITS;
}
