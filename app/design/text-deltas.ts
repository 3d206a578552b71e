import { diffText } from '../../engines/document/text-delta.ts';
import type { TextDelta } from './types.ts';

/**
 * The texts that differ between two values, each with the edits that lead from one to the other. Elements of arrays that
 * have a `path` are matched by it, so a file keeps its text when files are added, removed or reordered around it.
 * Values are compared by reference first: what an edit left alone costs nothing.
 */
export function textDeltas(before: unknown, after: unknown, path: readonly string[] = []): TextDelta[] {
  if (before === after) return [];
  if (typeof before === 'string' && typeof after === 'string') {
    const edits = diffText(before, after).map(({ at, removed, inserted }) => ({
      offset: at,
      remove: removed.length,
      insert: inserted,
    }));
    return [{ path, edits, text: after }];
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

function elementKey(element: unknown, index: number): string {
  return isRecord(element) && typeof element.path === 'string' ? element.path : String(index);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
