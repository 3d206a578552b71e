import { error, type Problem, type Result } from '../core/result.ts';
import { formatPath, isPlainObject, type Path, type PlainObject } from './json.ts';
import { decodeText } from './text.ts';

/** Reads a file by the path written in the document. Rejects, with the reason as its message, when it cannot. */
export type ReadFile = (path: string) => Promise<string | Uint8Array>;

/**
 * The form for the command line names files: `{"path": "top.v", "file": "src/top.v"}`. Gives the document with each string
 * key `file` inside its slices replaced by `text`, the content of that file. Call it before `restore`.
 * Fails with `file-unreadable` and `file-not-text`, each at its path in the document, all of them at once.
 */
export async function resolveFiles(document: unknown, read: ReadFile): Promise<Result<unknown>> {
  if (!isPlainObject(document) || !isPlainObject(document.slices)) return { ok: true, value: document };
  const problems: Problem[] = [];
  const slices = await resolve(document.slices, ['slices'], read, problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { ...document, slices } };
}

async function resolve(value: unknown, path: Path, read: ReadFile, problems: Problem[]): Promise<unknown> {
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (const [index, item] of value.entries()) list.push(await resolve(item, [...path, index], read, problems));
    return list;
  }
  if (!isPlainObject(value)) return value;
  let resolved: PlainObject = {};
  for (const key of Object.keys(value)) {
    const here = [...path, key];
    const inner = value[key];
    const isFile = key === 'file' && typeof inner === 'string';
    const content = isFile ? await readText(inner, here, read, problems) : await resolve(inner, here, read, problems);
    resolved = { ...resolved, [isFile ? 'text' : key]: content };
  }
  return resolved;
}

async function readText(file: string, path: Path, read: ReadFile, problems: Problem[]): Promise<string | undefined> {
  const where = { path: formatPath(path) };
  try {
    const content = await read(file);
    const text = typeof content === 'string' ? content : decodeText(content);
    if (text === undefined) {
      const remedy = 'Name a text file in UTF-8 here.';
      problems.push(error('file-not-text', `The file "${file}" is not text, or not in UTF-8.`, remedy, where));
    }
    return text;
  } catch (reason) {
    const why = reason instanceof Error ? reason.message : String(reason);
    const remedy = 'Correct the path: it counts from the folder of the design.';
    problems.push(error('file-unreadable', `The file "${file}" could not be read: ${why}.`, remedy, where));
    return undefined;
  }
}
