/** Where a problem is: in a source file, or in the design document (`path`, as in `slices.rtl.files.0.text`). */
export interface Place {
  file?: string;
  /** 1-based. */
  line?: number;
  /** 1-based. */
  column?: number;
  path?: string;
}

export type Severity = 'error' | 'warning' | 'note';

/**
 * An expected failure or a finding, as a value: what is wrong, where, and what the user can do about it.
 * `code` is stable (tests and texts refer to it); `what` and `remedy` are whole sentences.
 */
export interface Problem {
  code: string;
  severity: Severity;
  what: string;
  where?: Place;
  remedy?: string;
}

/** Expected failures are values; exceptions are defects. The first problem is the one to show when there is room for one. */
export type Result<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(...problems: [Problem, ...Problem[]]): { ok: false; problems: Problem[] } {
  return { ok: false, problems };
}

export function error(code: string, what: string, remedy?: string, where?: Place): Problem {
  return { code, severity: 'error', what, remedy, where };
}

/** "top.v:4:2", "slices.rtl.top", or nothing. */
export function describePlace(where: Place | undefined): string {
  if (!where) return '';
  if (where.file === undefined) return where.path ?? '';
  return [where.file, where.line, where.column].filter((part) => part !== undefined).join(':');
}
