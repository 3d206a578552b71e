/**
 * A bit with its strength (IEEE 1364-2005 section 7.9..7.13): the range of levels that it may have, from supply 0 (-7) over
 * high impedance (0) to supply 1 (7). Unambiguous: a range of one level. x of full strength is -6..6; L is -6..0, H 0..6.
 * As a number: (low + 8) | (high + 8) << 4.
 */
import type { NetKind } from '../ir/types.ts';

export type Strong = number;

export function strong(low: number, high: number): Strong {
  return (low + 8) | ((high + 8) << 4);
}

export function lowOf(it: Strong): number {
  return (it & 15) - 8;
}

export function highOf(it: Strong): number {
  return (it >> 4) - 8;
}

export const highZ: Strong = strong(0, 0);

/** A logic value, 0 to 3 as (a | b << 1): 0, 1, z, x; with its drive strengths. */
export function drivenAs(value: number, zero: number, one: number): Strong {
  switch (value) {
    case 0:
      return strong(-zero, -zero);
    case 1:
      return strong(one, one);
    case 2:
      return highZ;
    default:
      return strong(-zero, one);
  }
}

/** As (a | b << 1): what readers see. */
export function logicOf(it: Strong): number {
  const low = lowOf(it);
  const high = highOf(it);
  if (low > 0) return 1;
  if (high < 0) return 0;
  return low === 0 && high === 0 ? 2 : 3;
}

/** What two levels make: the stronger; two of the same strength and opposite value by the kind of net. */
function meet(p: number, q: number, wired: 'wire' | 'and' | 'or'): [number, number] {
  const size = Math.abs(p) - Math.abs(q);
  if (size > 0) return [p, p];
  if (size < 0) return [q, q];
  if (p === q) return [p, p];
  const level = Math.abs(p);
  if (wired === 'and') return [-level, -level];
  if (wired === 'or') return [level, level];
  return [-level, level];
}

const tables = { wire: new Uint8Array(65536), and: new Uint8Array(65536), or: new Uint8Array(65536) };

export function wiredAs(kind: NetKind | undefined): 'wire' | 'and' | 'or' {
  if (kind === 'wand') return 'and';
  return kind === 'wor' ? 'or' : 'wire';
}

/** What two drivers make of a bit: every level of one against every level of the other, and what lies between the outcomes. */
export function combine(a: Strong, b: Strong, wired: 'wire' | 'and' | 'or'): Strong {
  const table = tables[wired];
  const known = table[(a << 8) | b]!;
  if (known !== 0) return known;
  let low = 8;
  let high = -8;
  for (let p = lowOf(a); p <= highOf(a); p++) {
    for (let q = lowOf(b); q <= highOf(b); q++) {
      const [from, to] = meet(p, q, wired);
      if (from < low) low = from;
      if (to > high) high = to;
    }
  }
  const result = strong(low, high);
  table[(a << 8) | b] = result;
  return result;
}

/** Levels behind a resistive switch, by the level before (1364-2005 section 7.13). */
const resisted = [0, 1, 1, 2, 2, 3, 5, 5];

/** Behind a switch: supply becomes strong; behind a resistive one each level drops. */
export function behind(it: Strong, resistive: boolean): Strong {
  const one = (level: number): number => {
    const size = Math.abs(level);
    const next = resistive ? resisted[size]! : Math.min(size, 6);
    return level < 0 ? -next : next;
  };
  return strong(one(lowOf(it)), one(highOf(it)));
}

/** What may be this value and may be nothing: behind a switch of which it is not known whether it is closed. */
export function perhaps(it: Strong): Strong {
  return strong(Math.min(lowOf(it), 0), Math.max(highOf(it), 0));
}

const names = ['Hi', 'Sm', 'Me', 'We', 'La', 'Pu', 'St', 'Su'];

/** As `%v` says it: St1, PuL, HiZ, StX, 65X (1364-2005 section 17.1.1.5). */
export function strengthText(it: Strong): string {
  const low = lowOf(it);
  const high = highOf(it);
  if (low === 0 && high === 0) return 'HiZ';
  if (low === high) return low > 0 ? `${names[low]}1` : `${names[-low]}0`;
  if (low > 0) return `${high}${low}1`;
  if (high < 0) return `${-low}${-high}0`;
  if (low === 0) return `${names[high]}H`;
  if (high === 0) return `${names[-low]}L`;
  return -low === high ? `${names[high]}X` : `${-low}${high}X`;
}
