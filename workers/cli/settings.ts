import { isPlainObject } from '../../engines/document/index.ts';
import { Usage } from './errors.ts';

/** `--set PATH=VALUE`. A path that does not begin with a key of the document counts from the slice of its lab. */
export interface Setting {
  path: string[];
  value: unknown;
}

const DOCUMENT_KEYS = ['version', 'madeWith', 'title', 'seed', 'lab', 'slices', 'view'];

/** @throws Usage when there is no path, or no '='. */
export function parseSetting(text: string): Setting {
  const at = text.indexOf('=');
  const path = text.slice(0, at).split('.');
  if (at < 1 || path.includes('')) throw new Usage(`--set wants PATH=VALUE, as in --set flatten=false, not '${text}'.`);
  return { path, value: parseValue(text.slice(at + 1)) };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The document with the value at the path, which is made where it is missing. @throws Usage where the path meets a leaf. */
export function applySetting(document: unknown, { path, value }: Setting): unknown {
  if (!isPlainObject(document)) return document;
  const isOfDocument = DOCUMENT_KEYS.includes(path[0]!);
  return setAt(document, isOfDocument ? path : ['slices', String(document.lab), ...path], value, path.join('.'));
}

function setAt(target: unknown, path: readonly string[], value: unknown, whole: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(target)) {
    const index = Number(key);
    if (!Number.isInteger(index) || index < 0 || index > target.length) {
      throw new Usage(`--set ${whole}: the list has no place '${key}'; it has ${target.length}, counted from 0.`);
    }
    const list = [...target];
    list[index] = setAt(target[index], rest, value, whole);
    return list;
  }
  if (target !== undefined && !isPlainObject(target)) {
    throw new Usage(`--set ${whole}: there is a plain value where '${key}' would be inside it.`);
  }
  const inner = target && Object.hasOwn(target, key) ? target[key] : undefined;
  // Spread and computed keys define '__proto__' as an own key, as assignment would not.
  return { ...target, [key]: setAt(inner, rest, value, whole) };
}
