import type { Program, Trace } from '../../../../../engines/pim/program/types.ts';

/** The instructions of one core by time. */
export interface Timeline {
  /** Numbers of instructions in the program, by rising start. */
  order: Int32Array;
  /** Latest end among `order[0 .. i]`: rises, so that what reaches into a stretch of time is found by halving. */
  latestEnd: Float64Array;
  /** Row within the core's row, so that what overlaps in time lies side by side. */
  lane: Uint8Array;
  lanes: number;
}

/** Instructions that overlap further than this share the last lane. */
const MOST_LANES = 32;

export function timelineOf(program: Program, { startNs, endNs }: Trace, core: number): Timeline {
  const first = program.coreStart[core] ?? 0;
  const count = (program.coreStart[core + 1] ?? first) - first;
  const order = Int32Array.from({ length: count }, (_, at) => first + at);
  let sorted = true;
  for (let at = 1; at < count && sorted; at++) sorted = startNs[first + at]! >= startNs[first + at - 1]!;
  if (!sorted) order.sort((a, b) => startNs[a]! - startNs[b]! || a - b);
  const latestEnd = new Float64Array(count);
  const lane = new Uint8Array(count);
  const free: number[] = [];
  let latest = 0;
  for (let at = 0; at < count; at++) {
    const instruction = order[at]!;
    const [start, end] = [startNs[instruction]!, endNs[instruction]!];
    latest = Math.max(latest, end);
    latestEnd[at] = latest;
    let row = free.findIndex((until) => until <= start);
    if (row < 0) {
      row = Math.min(free.length, MOST_LANES - 1);
      if (free.length < MOST_LANES) free.push(0);
    }
    free[row] = Math.max(free[row] ?? 0, end);
    lane[at] = row;
  }
  return { order, latestEnd, lane, lanes: Math.max(1, free.length) };
}

/** Places in `order` of which some may overlap [fromNs, toNs): all others do not. */
export function window(line: Timeline, { startNs }: Trace, fromNs: number, toNs: number): [number, number] {
  const { order, latestEnd } = line;
  const from = lowest(order.length, (at) => latestEnd[at]! > fromNs);
  const to = lowest(order.length, (at) => startNs[order[at]!]! >= toNs);
  return [from, Math.max(from, to)];
}

/** The first place from 0 to `count` for which a condition holds that holds for all after it. */
export function lowest(count: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
