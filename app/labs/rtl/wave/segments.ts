import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import type { TraceData } from '../../../../engines/verilog/wave/trace.ts';

/** The columns of pixels of a drawing, and the moments of change that lie in them. */
export interface Columns {
  count: number;
  /** The last moment before each column (an index into the times of the database; -1: none), and behind the last column. */
  before: Int32Array;
}

/** Cuts the stretch from `from` to `to` into columns. */
export function columnsOf(database: WaveDatabase, from: number, to: number, count: number): Columns {
  const before = new Int32Array(count + 1);
  const each = (to - from) / count;
  const last = database.stepCount - 1;
  let step = -1;
  for (let column = 0; column <= count; column++) {
    const edge = from + column * each;
    if (step < last && database.timeOf(step + 1) < edge) {
      // The next few moments are looked at one by one, further ones are searched for.
      let near = 0;
      while (step < last && near < 8 && database.timeOf(step + 1) < edge) {
        step++;
        near++;
      }
      if (near === 8) {
        step = database.stepAt(edge);
        if (step >= 0 && database.timeOf(step) === edge) step--;
      }
    }
    before[column] = step;
  }
  return { count, before };
}

/**
 * What a row shows, from left to right without gaps: stretches of one value (`from` = `to` - 1, its entry), and stretches
 * where every column of pixels holds several changes. Before the first change there is nothing.
 */
export interface Segment {
  start: number;
  end: number;
  /** The first entry in it. */
  from: number;
  /** The entry behind its last. */
  to: number;
  busy: boolean;
  /** Of busy stretches: in every column of it a value has an x. */
  unknown: boolean;
}

export function segmentsOf(data: TraceData, { count, before }: Columns): Segment[] {
  const segments: Segment[] = [];
  const push = (start: number, end: number, from: number, to: number, busy: boolean, unknown = false) => {
    if (from >= 0 && end > start) segments.push({ start, end, from, to, busy, unknown });
  };
  const hasX = (from: number, to: number) => data.contents(from, to).x > 0;
  let entry = data.after(before[0]!) - 1;
  let x = 0;
  for (;;) {
    const next = entry + 1;
    const column = next < data.count ? columnOf(before, data.step(next), x) : count;
    if (column >= count) {
      push(x, count, entry, entry + 1, false);
      return segments;
    }
    push(x, column, entry, entry + 1, false);
    let after = data.after(before[column + 1]!, next);
    x = column;
    if (after - next === 1) {
      entry = next;
      continue;
    }
    let end = column + 1;
    const unknown = hasX(next, after);
    while (after < data.count && end < count && data.step(after) <= before[end + 1]!) {
      const further = data.after(before[end + 1]!, after);
      if (further - after < 2 || hasX(after, further) !== unknown) break;
      after = further;
      end++;
    }
    push(column, end, next, after, true, unknown);
    entry = after - 1;
    x = end;
  }
}

/** The column that holds a moment, looked for from `from` on. */
function columnOf(before: Int32Array, step: number, from: number): number {
  let low = from;
  let high = before.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (before[middle]! < step) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The edge of a row nearest to a time; undefined where there is none. */
export function nearestEdge(database: WaveDatabase, data: TraceData, time: number): number | undefined {
  const at = data.entryAt(database.stepAt(time));
  const times = [at, at + 1]
    .filter((entry) => entry >= 0 && entry < data.count)
    .map((entry) => database.timeOf(data.step(entry)));
  return times.sort((one, other) => Math.abs(one - time) - Math.abs(other - time))[0];
}

/** The time of the next change after a time, or of the one before it. */
export function edgeBeside(
  database: WaveDatabase,
  data: TraceData,
  time: number,
  direction: 1 | -1,
): number | undefined {
  let entry = data.entryAt(database.stepAt(time));
  if (direction === 1) entry++;
  else if (entry >= 0 && database.timeOf(data.step(entry)) >= time) entry--;
  return entry >= 0 && entry < data.count ? database.timeOf(data.step(entry)) : undefined;
}
