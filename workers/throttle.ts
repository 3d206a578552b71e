/** Reports per second that may pass for long, and how many may pass at once after a quiet time. */
const PER_SECOND = 10;
const BURST = 4;
const INTERVAL_MS = 1000 / PER_SECOND;

export interface ProgressReport {
  fraction: number;
  what: string;
  partial?: unknown;
}

/**
 * Lets at most about ten reports a second through. A few reports after a quiet time pass at once, so that the last one
 * before an engine blocks its thread is not held back; of the others the newest waits its turn. A partial result is never
 * dropped for a later report that has none; of partial results that are pieces of a stream (`{stream: [...]}`) none is.
 */
export function throttleProgress(send: (report: ProgressReport) => void, now = () => performance.now()) {
  let tokens = BURST;
  let refilledAt = now();
  let waiting: ProgressReport | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function take(): boolean {
    const at = now();
    tokens = Math.min(BURST, tokens + (at - refilledAt) / INTERVAL_MS);
    refilledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const report = waiting;
    waiting = undefined;
    if (report) send(report);
  }

  function report(next: ProgressReport): void {
    const partial = joined(waiting?.partial, next.partial);
    waiting = partial === undefined ? { fraction: next.fraction, what: next.what } : { ...next, partial };
    if (take()) flush();
    else timer ??= setTimeout(onTime, INTERVAL_MS);
  }

  function onTime(): void {
    take();
    flush();
  }

  return { report, flush };
}

function joined(before: unknown, after: unknown): unknown {
  if (after === undefined) return before;
  return isStream(before) && isStream(after) ? { ...after, stream: [...before.stream, ...after.stream] } : after;
}

function isStream(partial: unknown): partial is { stream: readonly unknown[] } {
  return typeof partial === 'object' && partial !== null && 'stream' in partial && Array.isArray(partial.stream);
}

/** Collects lines and sends them together: after 100 ms, also when the thread never comes to rest, and on `flush`. */
export function batchLines(send: (lines: string[]) => void, now = () => performance.now()) {
  let lines: string[] = [];
  let sentAt = now();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    sentAt = now();
    if (lines.length === 0) return;
    const batch = lines;
    lines = [];
    send(batch);
  }

  function add(line: string): void {
    lines.push(line);
    if (now() - sentAt >= INTERVAL_MS) flush();
    else timer ??= setTimeout(flush, INTERVAL_MS);
  }

  return { add, flush };
}
