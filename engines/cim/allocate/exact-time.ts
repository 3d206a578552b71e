import type { Table } from './exact-table.ts';
import { mostShared } from './sharing.ts';

/*
 * The least time of a segment. In a given time every operator needs a least number of arrays in each mode (Eq. 10 turned
 * round); the sum, less what can be shared, only falls as the time grows. Times are compared as the judge computes them:
 * the times at which a need changes are quotients of the same formula, and the answer is one of them, bit for bit.
 */

/** What `needs` found beside the counts. */
export interface Need {
  compute: number;
  memory: number;
  /** Of these, arrays of operators that have more than they need at least. */
  active: number;
  /** The time that these counts take: no more than was asked for, and one of the times at which a need changes. */
  cycles: number;
  /** The next longer time in which fewer arrays are needed; infinite where none is. */
  next: number;
}

/**
 * Fills the table's counts with the fewest arrays that each operator needs in `cycles`, whether the chip has them or not.
 * Without memory arrays (or with such as feed nothing) `cycles` must be long enough to feed all from main memory.
 */
export function needs(table: Table, cycles: number): Need {
  const { size, main, perArray } = table;
  let compute = 0;
  let memory = 0;
  let active = 0;
  let taken = 0;
  let next = Number.POSITIVE_INFINITY;
  for (let at = 0; at < size; at++) {
    const work = table.work[at]!;
    let count = table.least[at]!;
    let time = work / count;
    if (time > cycles) {
      // The quotient may be off by its rounding: the judge's own division decides.
      count = Math.max(count, Math.ceil(work / cycles));
      time = work / count;
      while (time > cycles) time = work / ++count;
      let fewer = work / (count - 1);
      while (fewer <= cycles) {
        time = fewer;
        count -= 1;
        fewer = work / (count - 1);
      }
      if (fewer < next) next = fewer;
      active += count;
    }
    table.compute[at] = count;
    compute += count;
    if (time > taken) taken = time;

    const stream = table.stream[at]!;
    let buffers = 0;
    time = stream / main;
    if (time > cycles) {
      buffers = Math.max(1, Math.ceil((stream / cycles - main) / perArray));
      time = stream / (main + buffers * perArray);
      while (time > cycles) time = stream / (main + ++buffers * perArray);
      let fewer = stream / (main + (buffers - 1) * perArray);
      while (fewer <= cycles) {
        time = fewer;
        buffers -= 1;
        fewer = stream / (main + (buffers - 1) * perArray);
      }
      if (fewer < next) next = fewer;
      active += buffers;
    }
    table.memory[at] = buffers;
    memory += buffers;
    if (time > taken) taken = time;
  }
  return { compute, memory, active, cycles: taken, next };
}

/** Arrays of `need` beyond those of the chip, shared ones counted once; at most 0 where it fits. */
function excess(table: Table, need: Need): number {
  const over = need.compute + need.memory - table.arrays;
  if (over <= 0 || table.pairs.length === 0) return over;
  const half = need.memory >> 1;
  if (half < over) return over - half;
  return over - mostShared(table);
}

/** The time below which the segment cannot come for one operator alone: compute arrays at most `cap`, feed without buffers. */
function floorOf(table: Table, memory: boolean, cap: number): number {
  let floor = table.mostWork / Math.min(cap, table.arrays);
  if (memory && table.perArray > 0) return floor;
  for (let at = 0; at < table.size; at++) {
    if (table.stream[at]! > 0) floor = Math.max(floor, table.stream[at]! / table.main);
  }
  return floor;
}

/**
 * A time that no allocation of the segment beats, from needs without rounding; half of every buffer is taken for shared
 * where any can be.
 */
export function leastTimeBound(table: Table, memory: boolean, cap: number): number {
  const { size, arrays, main, perArray } = table;
  const weight = table.pairs.length > 0 ? 0.5 : 1;
  let time = floorOf(table, memory, cap);
  // Newton's method on a convex falling function, from its left: never past the root.
  for (let turn = 0; turn < 64 && time > 0; turn++) {
    let falls = 0;
    let stays = 0;
    for (let at = 0; at < size; at++) {
      const work = table.work[at]!;
      const least = table.least[at]!;
      if (work > least * time) falls += work;
      else stays += least;
      const stream = table.stream[at]!;
      if (stream > main * time && memory && perArray > 0) {
        falls += (weight * stream) / perArray;
        stays -= (weight * main) / perArray;
      }
    }
    // The chord of 1/t: where the pieces that are active here come down to the arrays of the chip.
    const better = falls / (arrays - stays);
    if (!(better > time * (1 + 1e-6))) break;
    time = better;
  }
  // The rounding of the sums stays far below this.
  return time * (1 - 1e-12);
}

/**
 * The least time in which the segment fits, no operator with more than `cap` arrays in compute mode; undefined where there
 * is none. The table's counts are left as they were tried last: ask `needs` for those of the answer.
 */
export function leastTime(table: Table, memory: boolean, cap: number): number | undefined {
  if (table.mostLeast > cap) return undefined;
  const { size, main } = table;
  // All arrays at their least: that fits.
  let high = 0;
  for (let at = 0; at < size; at++) {
    high = Math.max(high, table.work[at]! / table.least[at]!);
    if (table.stream[at]! > 0) high = Math.max(high, table.stream[at]! / main);
  }
  // The answer is one of the times at which a need changes, from `low` to `high`; `high` fits.
  let low = floorOf(table, memory, cap);
  if (high === Number.POSITIVE_INFINITY) {
    // Nothing feeds but memory arrays.
    if (low === Number.POSITIVE_INFINITY) return undefined;
    const need = needs(table, Number.MAX_VALUE);
    if (excess(table, need) > 0) return undefined;
    high = need.cycles;
  }
  let trial = Math.max(low, leastTimeBound(table, memory, cap));
  for (let turn = 1; low < high; turn++) {
    if (!(trial < high)) trial = Math.max(low, high * (1 - 1e-9));
    if (!(trial >= low)) trial = low;
    const need = needs(table, trial);
    const over = excess(table, need);
    if (over <= 0) high = need.cycles;
    else low = need.next;
    // Active needs go with 1/t. Every third turn halves, lest the guesses creep.
    const active = need.active - Math.max(over, over - 1);
    trial = turn % 3 === 0 || active <= 0 ? low + (high - low) / 2 : (trial * need.active) / active;
  }
  return high;
}
