/** Plain JSON data, as documents are made of it. */
export type PlainObject = Record<string, unknown>;

/** Where something is inside a value: keys of objects and indices of arrays. */
export type Path = readonly (string | number)[];

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `slices.rtl.files.0.text`; keys that would be misread are quoted: `slices.rtl.parameters."a.b"`. */
export function formatPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' || /^[^.\s"]+$/.test(part) ? String(part) : JSON.stringify(part)))
    .join('.');
}

/** The value at `path`, or undefined. Reads own keys only. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as PlainObject)[part];
  }
  return value;
}

/** Equal as JSON: key order does not count, and a key that holds `undefined` counts as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  const keys = definedKeys(a);
  return (
    keys.length === definedKeys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/** Own keys that JSON would write. */
export function definedKeys(value: PlainObject): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined);
}

/** A copy that shares nothing with `value`; keeps a key named `__proto__` a plain key. */
export function copyJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyJson) as T;
  if (!isPlainObject(value)) return value;
  let copy: PlainObject = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') copy = { ...copy, [key]: copyJson(value[key]) };
    else copy[key] = copyJson(value[key]);
  }
  return copy as T;
}

/** Calls `visit` on every object inside `value`, outermost first, with its path. */
export function eachObject(value: unknown, visit: (object: PlainObject, path: Path) => void, path: Path = []): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      eachObject(item, visit, [...path, index]);
    });
  } else if (isPlainObject(value)) {
    visit(value, path);
    for (const key of Object.keys(value)) eachObject(value[key], visit, [...path, key]);
  }
}

/** Deeper documents would overflow the stack of whatever walks them. */
export const DEEPEST = 200;

/** True when arrays and objects are nested deeper than `limit`. Does not recurse, so no depth is too much for it. */
export function deeperThan(value: unknown, limit: number): boolean {
  const waiting: [unknown, number][] = [[value, 1]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [item, depth] = next;
    if (typeof item !== 'object' || item === null) continue;
    if (depth > limit) return true;
    for (const inner of Object.values(item)) waiting.push([inner, depth + 1]);
  }
  return false;
}
