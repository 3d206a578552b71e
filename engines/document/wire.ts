import { applyDelta, type Delta, type Edit } from './delta.ts';
import { type Path, valueAt } from './json.ts';

/** A delta without what it takes away, which the value it is applied to still has. The form is frozen: links hold it. */
export type WireEdit =
  | ['s', Path, unknown]
  | ['i', Path, unknown, next?: string]
  | ['r', Path]
  /** Each splice: offset, length of the removed text, inserted text. */
  | ['t', Path, [at: number, removed: number, inserted: string][]];

export function toWire(delta: Delta): WireEdit[] {
  return delta.map(wireEdit);
}

function wireEdit(edit: Edit): WireEdit {
  switch (edit.kind) {
    case 'set':
      return ['s', edit.path, edit.after];
    case 'insert':
      return edit.next === undefined ? ['i', edit.path, edit.after] : ['i', edit.path, edit.after, edit.next];
    case 'remove':
      return ['r', edit.path];
    case 'text':
      return ['t', edit.path, edit.splices.map(({ at, removed, inserted }) => [at, removed.length, inserted])];
  }
}

/** @throws when `wire` is no list of edits that fit the value: it may come from anywhere. */
export function applyWire(value: unknown, wire: unknown): unknown {
  if (!Array.isArray(wire)) throw new Error('The changes are not a list.');
  return wire.reduce((current, step) => applyDelta(current, [fromWire(current, step)]), value);
}

function fromWire(value: unknown, step: unknown): Edit {
  if (!Array.isArray(step) || !Array.isArray(step[1])) throw new Error('A change has no path.');
  const [kind, path, content, next] = step as [unknown, Path, unknown, string | undefined];
  if (kind === 's') return { kind: 'set', path, before: undefined, after: content };
  if (kind === 'i') return { kind: 'insert', path, after: content, next };
  if (kind === 'r') return { kind: 'remove', path, before: undefined };
  const text = valueAt(value, path);
  if (kind !== 't' || typeof text !== 'string' || !Array.isArray(content))
    throw new Error('A change is of no known kind.');
  const splices = (content as [number, number, string][]).map(([at, removed, inserted]) => ({
    at,
    removed: text.slice(at, at + removed),
    inserted: String(inserted),
  }));
  return { kind: 'text', path, splices };
}
