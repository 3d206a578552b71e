import type { Coding, PhysicalColumn } from './types.ts';

/*
 * How numbers become cells and voltages. Weights are cut into slices of `cellBits`, inputs into planes of `dacBits`, as in
 * ISAAC (Shafiee et al., ISCA 2016, section IV).
 */

/** Bits of what the cells of one weight hold together: all of them with an offset, the magnitude alone in a pair. */
export function heldBits({ weightBits, signed }: Pick<Coding, 'weightBits' | 'signed'>): number {
  return signed === 'pair' ? weightBits - 1 : weightBits;
}

export function sliceCount(coding: Coding): number {
  return Math.ceil(heldBits(coding) / coding.cellBits);
}

export function planeCount({ inputBits, dacBits }: Coding): number {
  return Math.ceil(inputBits / dacBits);
}

/** The highest level of a cell; it is drawn to the greatest conductance, also where a weight has fewer bits than a cell. */
export function topLevel(coding: Coding): number {
  return 2 ** Math.min(coding.cellBits, heldBits(coding)) - 1;
}

/** The highest digit of an input plane; it is drawn to the full read voltage. */
export function topDigit({ inputBits, dacBits }: Coding): number {
  return 2 ** Math.min(dacBits, inputBits) - 1;
}

/** A pair has no cell for the magnitude of the least number of two's complement, so that its range is symmetric. */
export function weightRange({ weightBits, signed }: Pick<Coding, 'weightBits' | 'signed'>): {
  least: number;
  most: number;
} {
  const most = 2 ** (weightBits - 1) - 1;
  return { least: signed === 'pair' ? -most : -most - 1, most };
}

/** What is added to a weight before it is programmed. */
export function weightOffset({ weightBits, signed }: Coding): number {
  return signed === 'pair' ? 0 : 2 ** (weightBits - 1);
}

/**
 * The physical columns of `columns` weights: weight by weight, the most significant slice first, in a pair the positive
 * column before the negative; with an offset the reference column last, farthest from the drivers.
 */
export function physicalColumns(columns: number, coding: Coding): PhysicalColumn[] {
  const list: PhysicalColumn[] = [];
  for (let weight = 0; weight < columns; weight++) {
    for (let slice = sliceCount(coding) - 1; slice >= 0; slice--) {
      list.push({ weight, slice, sign: 1 });
      if (coding.signed === 'pair') list.push({ weight, slice, sign: -1 });
    }
  }
  if (coding.signed === 'offset') list.push({ weight: -1, slice: 0, sign: -1 });
  return list;
}

/** The level that a physical column's cell has for a weight. */
export function levelOf(weight: number, column: PhysicalColumn, coding: Coding): number {
  if (column.weight < 0) return 0;
  const held = coding.signed === 'pair' ? Math.max(0, column.sign * weight) : weight + weightOffset(coding);
  return digitOf(held, column.slice, coding.cellBits);
}

/** Digit `place` of a whole number that is not negative, in base 2^bits. */
export function digitOf(value: number, place: number, bits: number): number {
  return Math.floor(value / 2 ** (bits * place)) % 2 ** bits;
}
