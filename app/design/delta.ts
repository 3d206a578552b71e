/** Stand-in until the document engine brings its deltas: whole values. */
export interface Delta {
  before: unknown;
  after: unknown;
}

export const diff = (before: unknown, after: unknown): Delta => ({ before, after });
export const applyDelta = <T>(_value: T, delta: Delta): T => delta.after as T;
export const invertDelta = (delta: Delta): Delta => ({ before: delta.after, after: delta.before });
export const isEmptyDelta = (delta: Delta): boolean => delta.before === delta.after;
