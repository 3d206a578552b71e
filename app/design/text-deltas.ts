import type { TextDelta, TextEdit } from './types.ts';

/**
 * The texts that differ between two values, each with the edits that lead from one to the other. Elements of arrays that
 * have a `path` are matched by it, so a file keeps its text when files are added, removed or reordered around it.
 * Values are compared by reference first: what an edit left alone costs nothing.
 */
export function textDeltas(before: unknown, after: unknown, path: readonly string[] = []): TextDelta[] {
  if (before === after) return [];
  if (typeof before === 'string' && typeof after === 'string') {
    return [{ path, edits: textEdits(before, after), text: after }];
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const older = new Map(before.map((element, index) => [elementKey(element, index), element]));
    return after.flatMap((element, index) => {
      const key = elementKey(element, index);
      return older.has(key) ? textDeltas(older.get(key), element, [...path, key]) : [];
    });
  }
  if (isRecord(before) && isRecord(after)) {
    return Object.keys(after).flatMap((key) =>
      Object.hasOwn(before, key) ? textDeltas(before[key], after[key], [...path, key]) : [],
    );
  }
  return [];
}

/** The edits from one text to another: what lies between their common beginning and their common end, by lines. */
export function textEdits(before: string, after: string): TextEdit[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  )
    end++;
  const remove = before.length - start - end;
  const insert = after.slice(start, after.length - end);
  return remove === 0 && insert === '' ? [] : [{ offset: start, remove, insert }];
}

function elementKey(element: unknown, index: number): string {
  return isRecord(element) && typeof element.path === 'string' ? element.path : String(index);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
