/** Where a running plan is: in a segment, so long after its beginning. */
export interface PlayHead {
  segment: number;
  elapsedMs: number;
}

/** The whole plan at speed 1: so long, and longer where it has many segments. */
const WHOLE_MS = 20_000;
const EACH_MS = 250;
/** What the eye needs of a segment, at speed 1. */
export const LEAST_MS = 150;

/** How long each segment is on the screen at speed 1: by its cycles, none too short to be seen. */
export function durationsMs(cycles: readonly number[]): number[] {
  const total = cycles.reduce((sum, each) => sum + each, 0);
  const whole = Math.max(WHOLE_MS, cycles.length * EACH_MS);
  return cycles.map((each) => Math.max(LEAST_MS, total > 0 ? (whole * each) / total : 0));
}

/** Moves on by some time; at the end of the plan it stands, and says so. */
export function advance(
  durations: readonly number[],
  { segment, elapsedMs }: PlayHead,
  byMs: number,
): PlayHead & { ended: boolean } {
  let at = Math.min(Math.max(segment, 0), durations.length - 1);
  let elapsed = elapsedMs + byMs;
  while (at < durations.length - 1 && elapsed >= durations[at]!) {
    elapsed -= durations[at]!;
    at += 1;
  }
  const last = durations[at] ?? 0;
  const ended = at >= durations.length - 1 && elapsed >= last;
  return { segment: at, elapsedMs: Math.min(elapsed, last), ended };
}
