import type { Table } from './exact-table.ts';
import { mostByFlow } from './sharing-flow.ts';

/*
 * Sharing within a segment (Eq. 6 to 8): an array that is one operator's output buffer may be the input buffer of one that
 * reads it. Every operator's buffers split freely into input and output, so the most that can be shared is a matching with
 * capacities: each pair takes at most what is handed over, each operator at most its buffers.
 */

let room = new Int32Array(64);
let partners = new Int32Array(64);
let shares = new Int32Array(64);
let open = new Int32Array(64);

/** Sets the rooms from the table's buffers; answers with their sum. */
function begin(table: Table): number {
  const { size, pairs, memory } = table;
  if (room.length < size) {
    room = new Int32Array(2 * size);
    partners = new Int32Array(2 * size);
  }
  if (shares.length < pairs.length) {
    shares = new Int32Array(2 * pairs.length);
    open = new Int32Array(2 * pairs.length);
  }
  let sum = 0;
  for (let at = 0; at < size; at++) {
    room[at] = memory[at]!;
    sum += memory[at]!;
  }
  return sum;
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
  const { pairs } = table;
  if (begin(table) === 0) {
    shares.fill(0, 0, pairs.length);
    return { total: 0, by: shares };
  }
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
  partners.fill(0, 0, size);
  let left = 0;
  for (let at = 0; at < pairs.length; at++) {
    const { from, to, most } = pairs[at]!;
    shares[at] = 0;
    if (room[from] === 0 || room[to] === 0 || most === 0) continue;
    partners[from]! += 1;
    partners[to]! += 1;
    open[left++] = at;
  }
  let total = 0;
  for (let again = true; again && left > 0; ) {
    again = false;
    let kept = 0;
    for (let place = 0; place < left; place++) {
      const at = open[place]!;
      const { from, to, most } = pairs[at]!;
      const useless = room[from] === 0 || room[to] === 0;
      if (!useless && partners[from] !== 1 && partners[to] !== 1) {
        open[kept++] = at;
        continue;
      }
      const arrays = Math.min(room[from]!, room[to]!, most);
      room[from]! -= arrays;
      room[to]! -= arrays;
      shares[at] = arrays;
      total += arrays;
      partners[from]! -= 1;
      partners[to]! -= 1;
      again = true;
    }
    left = kept;
  }
  return left === 0 ? total : total + shareRest(pairs, left, size);
}

/** `open`, as they come; where that may not be the most, by the general method. */
function shareRest(pairs: Table['pairs'], count: number, size: number): number {
  let asTheyCome = 0;
  let producers = 0;
  let consumers = 0;
  let both = 0;
  // No more than the buffers of all producers, of all consumers, or half of everybody's. Seen ones are marked in `partners`.
  for (let place = 0; place < count; place++) {
    const { from, to } = pairs[open[place]!]!;
    if (partners[from]! > 0) both += room[from]!;
    if (partners[to]! > 0) both += room[to]!;
    partners[from] = 0;
    partners[to] = 0;
  }
  for (let place = 0; place < count; place++) {
    const { from, to } = pairs[open[place]!]!;
    if ((partners[from]! & 1) === 0) producers += room[from]!;
    if ((partners[to]! & 2) === 0) consumers += room[to]!;
    partners[from]! |= 1;
    partners[to]! |= 2;
  }
  const bound = Math.min(both >> 1, producers, consumers);
  const before = Array.from(room.subarray(0, size));
  for (let place = 0; place < count; place++) {
    const at = open[place]!;
    const { from, to, most } = pairs[at]!;
    const arrays = Math.min(room[from]!, room[to]!, most);
    room[from]! -= arrays;
    room[to]! -= arrays;
    shares[at] = arrays;
    asTheyCome += arrays;
  }
  if (asTheyCome === bound) return asTheyCome;
  const rest = Array.from(open.subarray(0, count));
  const found = mostByFlow(
    before,
    rest.map((at) => pairs[at]!),
  );
  for (const [place, at] of rest.entries()) shares[at] = found.by[place]!;
  return found.total;
}
