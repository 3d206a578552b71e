export interface Stopwatch {
  /** The time since the last call, or the start, was spent on this. */
  (what: string): void;
  timesMs: Record<string, number>;
}

/** Times the steps of a run for `measured`. */
export function stopwatch(): Stopwatch {
  let before = performance.now();
  const timesMs: Record<string, number> = {};
  const lap = (what: string) => {
    const now = performance.now();
    timesMs[what] = now - before;
    before = now;
  };
  return Object.assign(lap, { timesMs });
}
