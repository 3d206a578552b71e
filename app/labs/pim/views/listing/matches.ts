import { search } from '../../../../../engines/pim/listing.ts';
import type { Program } from '../../../../../engines/pim/program/types.ts';

/** What the listing is narrowed to; a field left out narrows nothing. */
export interface Filter {
  op?: number;
  layer?: number;
  /** Words as `search` takes them: "core:3 ag:17 main-a". */
  query?: string;
}

/** Numbers of the instructions that fit, in the program's order; undefined when all do. */
export function matches(
  program: Program,
  { op, layer, query }: Filter,
  names: readonly string[],
): Int32Array | undefined {
  if (op === undefined && layer === undefined && query === undefined) return undefined;
  const holds = query === undefined ? undefined : search(program, query, names);
  const found = new Int32Array(program.count);
  let count = 0;
  for (let at = 0; at < program.count; at++) {
    if (op !== undefined && program.op[at] !== op) continue;
    if (layer !== undefined && program.layer[at] !== layer) continue;
    if (holds && !holds(at)) continue;
    found[count++] = at;
  }
  return found.slice(0, count);
}

/** The place of an instruction among those that fit; the next one's where it is not among them. */
export function placeOf(fitting: Int32Array, instruction: number): number {
  let [low, high] = [0, fitting.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fitting[middle]! < instruction) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, fitting.length - 1);
}
