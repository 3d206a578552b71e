import type { CompiledPlan, PlannedSegment, Section, SegmentCost } from '../../../../../engines/cim/types.ts';

/** Parts of a segment's time, in the order in which they follow one another (Eq. 4, then Eq. 9). */
export const KINDS = ['writeBackCycles', 'switchCycles', 'reloadCycles', 'computeCycles'] as const;
export type Kind = (typeof KINDS)[number];

/** `once`: a repeated section is drawn for its first run only. `all`: every run. */
export type Scale = 'once' | 'all';

/**
 * A plan on the time axis. A visit is one run of one segment: its parts follow one another from `start[visit]` on. Times are
 * in cycles.
 */
export interface Track {
  plan: CompiledPlan;
  visits: number;
  /** Where each visit starts; one more: where the last ends. */
  start: Float64Array;
  /** Index in `plan.segments`. */
  segment: Int32Array;
  /** Run of its section, from 0. */
  run: Int32Array;
  /** Time of each kind before each visit; one more: of the whole track. */
  before: Record<Kind, Float64Array>;
  /** Repeated sections that are drawn once. */
  folded: { section: number; from: number; to: number; times: number; againCycles: number }[];
  end: number;
}

/** What a visit costs: its first run, or a further one. */
export function costOf(segment: PlannedSegment, run: number): SegmentCost {
  return run === 0 ? segment.cost : segment.costAgain;
}

export function trackOf(plan: CompiledPlan, sections: readonly Section[], scale: Scale): Track {
  const order: { segment: number; run: number }[] = [];
  const folded: (Omit<Track['folded'][number], 'from' | 'to'> & { first: number; last: number })[] = [];
  for (const [section, { times }] of sections.entries()) {
    const own = plan.segments.flatMap((each, index) => (each.section === section ? [index] : []));
    const runs = scale === 'all' ? times : Math.min(1, times);
    const first = order.length;
    for (let run = 0; run < runs; run++) for (const segment of own) order.push({ segment, run });
    if (scale === 'once' && times > 1 && own.length > 0) {
      const againCycles = own.reduce((sum, index) => sum + plan.segments[index]!.costAgain.cycles, 0);
      folded.push({ section, first, last: order.length, times, againCycles });
    }
  }
  const start = new Float64Array(order.length + 1);
  const before = Object.fromEntries(KINDS.map((kind) => [kind, new Float64Array(order.length + 1)])) as Track['before'];
  for (const [visit, { segment, run }] of order.entries()) {
    const cost = costOf(plan.segments[segment]!, run);
    let at = start[visit]!;
    for (const kind of KINDS) {
      at += cost[kind];
      before[kind][visit + 1] = before[kind][visit]! + cost[kind];
    }
    start[visit + 1] = at;
  }
  return {
    plan,
    visits: order.length,
    start,
    segment: Int32Array.from(order, ({ segment }) => segment),
    run: Int32Array.from(order, ({ run }) => run),
    before,
    folded: folded.map(({ first, last, ...rest }) => ({ ...rest, from: start[first]!, to: start[last]! })),
    end: start[order.length]!,
  };
}

/** The visit at a time; the first or last beyond the ends. -1 for a track without any. */
export function visitAt({ start, visits }: Track, time: number): number {
  let [low, high] = [0, visits - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (start[middle]! <= time) low = middle;
    else high = middle - 1;
  }
  return high;
}

/** Where the part of a visit lies: from, to. */
export function spanOf(track: Track, visit: number, kind: Kind): [number, number] {
  let from = track.start[visit]!;
  for (const each of KINDS) {
    const length = track.before[each][visit + 1]! - track.before[each][visit]!;
    if (each === kind) return [from, from + length];
    from += length;
  }
  return [from, from];
}

/** Time of a kind from the start of the track to `time`. */
export function timeUntil(track: Track, kind: Kind, time: number): number {
  if (track.visits === 0 || time <= 0) return 0;
  if (time >= track.end) return track.before[kind][track.visits]!;
  const visit = visitAt(track, time);
  const [from, to] = spanOf(track, visit, kind);
  return track.before[kind][visit]! + Math.min(Math.max(time - from, 0), to - from);
}

/** The share of each of `pixels` equal stretches of [from, to) that a kind takes, 0 to 1. */
export function coverage(track: Track, kind: Kind, from: number, to: number, pixels: number): Float32Array {
  const shares = new Float32Array(pixels);
  const step = (to - from) / pixels;
  if (!(step > 0)) return shares;
  let known = timeUntil(track, kind, from);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const next = timeUntil(track, kind, from + (pixel + 1) * step);
    shares[pixel] = Math.min(1, Math.max(0, (next - known) / step));
    known = next;
  }
  return shares;
}

/** A stretch of the time axis, in cycles. */
export interface Look {
  from: number;
  to: number;
}

/** The shortest stretch that is shown, cycles. */
const LEAST = 8;

/** Keeps a look within the axis, as long as it is if it can. */
export function within({ from, to }: Look, end: number): Look {
  const span = Math.min(Math.max(to - from, Math.min(LEAST, end)), end);
  const start = Math.min(Math.max(from, 0), Math.max(0, end - span));
  return { from: start, to: start + span };
}

/** Zooms by a factor (below 1: nearer) around a time that stays where it is. */
export function zoomed({ from, to }: Look, factor: number, around: number, end: number): Look {
  return within({ from: around - (around - from) * factor, to: around + (to - around) * factor }, end);
}

/** The look that shows a stretch with some room around it, unless it is in sight and large enough already. */
export function showing(look: Look, from: number, to: number, end: number): Look {
  const span = look.to - look.from;
  const length = Math.max(to - from, 1e-9);
  if (from >= look.from && to <= look.to && length * 40 > span) return look;
  const wanted = length * 40 > span && length < span ? span : length * 4;
  const middle = (from + to) / 2;
  return within({ from: middle - wanted / 2, to: middle + wanted / 2 }, end);
}
