import type { Table } from './exact-table.ts';
import { mostByFlow } from './sharing-flow.ts';

/*
 * Sharing within a segment (Eq. 6 to 8): an array that is one operator's output buffer may be the input buffer of one that
 * reads it. Every operator's buffers split freely into input and output, so the most that can be shared is a matching with
 * capacities: each pair takes at most what is handed over, each operator at most its buffers.
 */

let room = new Int32Array(64);
let shares = new Int32Array(64);

function begin(table: Table): void {
  if (room.length < table.size) room = new Int32Array(2 * table.size);
  if (shares.length < table.pairs.length) shares = new Int32Array(2 * table.pairs.length);
  for (let at = 0; at < table.size; at++) room[at] = table.memory[at]!;
}

/** The most arrays that the operators of the table can share, each with `table.memory` buffers. */
export function mostShared(table: Table): number {
  return share(table).total;
}

/**
 * The arrays that each pair of `table.pairs` shares so that the sum is greatest; of several ways always the same one.
 * `by` is overwritten by the next call.
 */
export function share(table: Table): { total: number; by: Int32Array } {
  begin(table);
  const { pairs } = table;
  if (!table.chain) return { total: shareGraph(table), by: shares };
  // From its first end along a chain, as much as possible: what one pair leaves only the next could use.
  let total = 0;
  for (let at = 0; at < pairs.length; at++) {
    const { from, to, most } = pairs[at]!;
    const arrays = Math.min(room[from]!, room[to]!, most);
    room[from]! -= arrays;
    room[to]! -= arrays;
    shares[at] = arrays;
    total += arrays;
  }
  return { total, by: shares };
}

/**
 * Operators with a single partner left give it all they can (no other use of their buffers is as good); what remains has
 * circles, and goes to the general method.
 */
function shareGraph({ pairs, size }: Table): number {
  const partners = new Int32Array(size);
  const open: number[] = [];
  for (let at = 0; at < pairs.length; at++) {
    const { from, to, most } = pairs[at]!;
    shares[at] = 0;
    if (room[from] === 0 || room[to] === 0 || most === 0) continue;
    partners[from]! += 1;
    partners[to]! += 1;
    open.push(at);
  }
  let total = 0;
  let left = open.length;
  for (let again = true; again; ) {
    again = false;
    for (let place = 0; place < open.length; place++) {
      const at = open[place]!;
      if (at < 0) continue;
      const { from, to, most } = pairs[at]!;
      const useless = room[from] === 0 || room[to] === 0;
      if (!useless && partners[from] !== 1 && partners[to] !== 1) continue;
      const arrays = Math.min(room[from]!, room[to]!, most);
      room[from]! -= arrays;
      room[to]! -= arrays;
      shares[at] = arrays;
      total += arrays;
      partners[from]! -= 1;
      partners[to]! -= 1;
      open[place] = -1;
      left -= 1;
      again = true;
    }
  }
  if (left === 0) return total;
  const rest = open.filter((at) => at >= 0);
  const found = mostByFlow(
    Array.from(room.subarray(0, size)),
    rest.map((at) => pairs[at]!),
  );
  for (const [place, at] of rest.entries()) shares[at] = found.by[place]!;
  return total + found.total;
}
