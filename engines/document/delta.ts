import { definedKeys, isPlainObject, type Path, type PlainObject, sameJson } from './json.ts';
import { diffText, invertSplices, type Splice, spliceText } from './text-delta.ts';

/**
 * One step of a change. `set` changes the value of a key that stays, `insert` and `remove` add and take away a key of an
 * object or an element of a list (the last part of the path is then its index), `text` edits a longer string. `next` is
 * the key that follows in an object, so that undoing puts a key back where it was.
 */
export type Edit =
  | { kind: 'set'; path: Path; before: unknown; after: unknown }
  | { kind: 'insert'; path: Path; after: unknown; next?: string }
  | { kind: 'remove'; path: Path; before: unknown; next?: string }
  | { kind: 'text'; path: Path; splices: Splice[] };

/** Edits applied one after the other: each path counts in the value that the edits before it left. */
export type Delta = readonly Edit[];

/**
 * What leads from `before` to `after` (plain JSON; key order and keys that hold `undefined` do not count). Elements of a
 * list that all have a distinct string `path` are matched by it, so that a file moved or renamed is not a file rewritten.
 * Equal values give an empty delta.
 */
export function diff(before: unknown, after: unknown): Delta {
  const edits: Edit[] = [];
  diffValue(before, after, [], edits);
  return edits;
}

/**
 * `value` after the delta; `value` itself is left as it is, and what the delta does not touch is shared.
 * @throws when the delta was not made for this value.
 */
export function applyDelta<T>(value: T, delta: Delta): T {
  return delta.reduce<unknown>((current, edit) => applyAt(current, edit, 0), value) as T;
}

/** The delta that takes `applyDelta(value, delta)` back to `value`. */
export function invertDelta(delta: Delta): Delta {
  return delta.map(invertEdit).reverse();
}

function invertEdit(edit: Edit): Edit {
  switch (edit.kind) {
    case 'set':
      return { ...edit, before: edit.after, after: edit.before };
    case 'insert':
      return { kind: 'remove', path: edit.path, before: edit.after, next: edit.next };
    case 'remove':
      return { kind: 'insert', path: edit.path, after: edit.before, next: edit.next };
    case 'text':
      return { ...edit, splices: invertSplices(edit.splices) };
  }
}

/** Shorter one-line strings are replaced whole: a name, a number, a parameter. */
const SHORT = 40;

function diffValue(before: unknown, after: unknown, path: Path, edits: Edit[]): void {
  if (sameJson(before, after)) return;
  if (isPlainObject(before) && isPlainObject(after)) diffObject(before, after, path, edits);
  else if (Array.isArray(before) && Array.isArray(after)) diffList(before, after, path, edits);
  else if (typeof before === 'string' && typeof after === 'string' && (isLong(before) || isLong(after))) {
    edits.push({ kind: 'text', path, splices: diffText(before, after) });
  } else edits.push({ kind: 'set', path, before, after });
}

function isLong(text: string): boolean {
  return text.length > SHORT || text.includes('\n');
}

function diffObject(before: PlainObject, after: PlainObject, path: Path, edits: Edit[]): void {
  const [old, now] = [definedKeys(before), definedKeys(after)];
  const [had, has] = [new Set(old), new Set(now)];
  old.forEach((key, index) => {
    if (!has.has(key)) edits.push({ kind: 'remove', path: [...path, key], before: before[key], next: old[index + 1] });
  });
  for (const key of now) if (had.has(key)) diffValue(before[key], after[key], [...path, key], edits);
  // From the end, so that the key that follows is there.
  for (let index = now.length - 1; index >= 0; index--) {
    const key = now[index]!;
    if (!had.has(key)) edits.push({ kind: 'insert', path: [...path, key], after: after[key], next: now[index + 1] });
  }
}

/** Brings a list to its new form from left to right, in a working list of the elements that are left of the old one. */
function diffList(before: readonly unknown[], after: readonly unknown[], path: Path, edits: Edit[]): void {
  const sources = matchElements(before, after);
  const kept = new Set(sources);
  const working = before.map((_, index) => index);
  for (let index = before.length - 1; index >= 0; index--) {
    if (kept.has(index)) continue;
    edits.push({ kind: 'remove', path: [...path, index], before: before[index] });
    working.splice(index, 1);
  }
  after.forEach((item, index) => {
    const source = sources[index];
    if (source !== undefined && working[index] === source) {
      diffValue(before[source], item, [...path, index], edits);
      return;
    }
    if (source !== undefined) {
      const from = working.indexOf(source);
      edits.push({ kind: 'remove', path: [...path, from], before: before[source] });
      working.splice(from, 1);
    }
    edits.push({ kind: 'insert', path: [...path, index], after: item });
    working.splice(index, 0, -1);
  });
}

/** For each element of `after`, the index in `before` of the element that it continues; each index at most once. */
function matchElements(before: readonly unknown[], after: readonly unknown[]): (number | undefined)[] {
  const old = pathsOf(before);
  const now = pathsOf(after);
  return old && now ? matchByPath(before, after, old, now) : matchByPlace(before, after);
}

function pathsOf(list: readonly unknown[]): string[] | undefined {
  const paths = list.map((item) => (isPlainObject(item) && Object.hasOwn(item, 'path') ? item.path : undefined));
  if (!paths.every((path): path is string => typeof path === 'string')) return undefined;
  return new Set(paths).size === paths.length ? paths : undefined;
}

function matchByPath(
  before: readonly unknown[],
  after: readonly unknown[],
  old: string[],
  now: string[],
): (number | undefined)[] {
  const index = new Map(old.map((path, at) => [path, at]));
  const sources = now.map((path) => index.get(path));
  const gone = new Set(old.keys());
  for (const source of sources) if (source !== undefined) gone.delete(source);
  const withoutPath = (item: unknown) => ({ ...(item as PlainObject), path: '' });
  // A file under a new name: the same content, or else the same place in a list of the same length.
  sources.forEach((source, at) => {
    if (source !== undefined) return;
    const renamed = [...gone].find((from) => sameJson(withoutPath(before[from]), withoutPath(after[at])));
    const from = renamed ?? (before.length === after.length && gone.has(at) ? at : undefined);
    if (from === undefined) return;
    sources[at] = from;
    gone.delete(from);
  });
  return sources;
}

/** Equal ends are matched first, then what is between them, one by one. */
function matchByPlace(before: readonly unknown[], after: readonly unknown[]): (number | undefined)[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && sameJson(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && sameJson(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  return after.map((_, index) => {
    if (index >= after.length - tail) return index - after.length + before.length;
    return index < before.length - tail ? index : undefined;
  });
}

function applyAt(value: unknown, edit: Edit, depth: number): unknown {
  const key = edit.path[depth];
  if (key === undefined) return applyHere(value, edit);
  const isLast = depth === edit.path.length - 1;
  if (Array.isArray(value)) {
    const isInsert = isLast && edit.kind === 'insert';
    if (typeof key !== 'number' || key < 0 || key >= value.length + (isInsert ? 1 : 0)) throw misfit(edit);
    const copy = value.slice();
    if (isInsert) copy.splice(key, 0, edit.after);
    else if (isLast && edit.kind === 'remove') copy.splice(key, 1);
    else copy[key] = applyAt(value[key], edit, depth + 1);
    return copy;
  }
  if (!isPlainObject(value) || typeof key !== 'string') throw misfit(edit);
  if (isLast && edit.kind === 'remove') {
    const copy = { ...value };
    delete copy[key];
    return copy;
  }
  if (isLast && edit.kind === 'insert') return insertKey(value, key, edit.after, edit.next);
  // A key that is not there may be set: a default, filled since the delta was made.
  const inner = Object.hasOwn(value, key) ? value[key] : undefined;
  return { ...value, [key]: applyAt(inner, edit, depth + 1) };
}

function insertKey(object: PlainObject, key: string, value: unknown, next: string | undefined): PlainObject {
  if (next === undefined || !Object.hasOwn(object, next)) return { ...object, [key]: value };
  const entries = Object.entries(object).filter(([old]) => old !== key);
  entries.splice(
    entries.findIndex(([old]) => old === next),
    0,
    [key, value],
  );
  return Object.fromEntries(entries);
}

function applyHere(value: unknown, edit: Edit): unknown {
  if (edit.kind === 'set') return edit.after;
  if (edit.kind !== 'text' || typeof value !== 'string') throw misfit(edit);
  return spliceText(value, edit.splices);
}

function misfit(edit: Edit): Error {
  return new Error(`The delta does not fit the value: ${edit.kind} at ${JSON.stringify(edit.path)}.`);
}
