/** Steps by the version that they lead to: `lifts[n]` takes a value of version n-1 to version n. */
export type Lifts = Record<number, (older: unknown) => unknown>;

export interface Lifted {
  value: unknown;
  /** Set when a step met a value it could not read: the value is as it was before that step, the version it led to. */
  failedAt?: number;
}

/**
 * Lifts a value from one document version to a later one. A version without a step changed nothing.
 * A changed default is a step that writes the old value where it was omitted: `3: (older) => ({ mode: 'old', ...older })`.
 */
export function lift(value: unknown, from: number, to: number, lifts: Lifts): Lifted {
  let current = value;
  for (let version = from + 1; version <= to; version++) {
    const step = lifts[version];
    if (!step) continue;
    try {
      current = step(current);
    } catch {
      return { value: current, failedAt: version };
    }
  }
  return { value: current };
}
