import { error, type Problem, type Result } from '../core/result.ts';
import { formatPath, isPlainObject, type Path, type PlainObject } from './json.ts';
import { decodeText } from './text.ts';
import type { BlobRef } from './types.ts';

/** Reads a file by the path written in the document. Rejects, with the reason as its message, when it cannot. */
export type ReadFile = (path: string) => Promise<string | Uint8Array>;

/** Keeps the content of a file for the run, and answers with the reference that stands for it. */
export type KeepBlob = (name: string, content: Uint8Array) => Promise<BlobRef>;

interface Around {
  read: ReadFile;
  keep: KeepBlob;
  problems: Problem[];
}

/**
 * The form for the command line names files. Beside other keys, `file` is a text: `{"path": "top.v", "file": "src/top.v"}`
 * gets `text`, the content of that file. Alone, it is a file of any kind: `{"onnx": {"file": "net.onnx"}}` becomes a
 * reference to its content. Call it before `restore`.
 * Fails with `file-unreadable` and `file-not-text`, each at its path in the document, all of them at once.
 */
export async function resolveFiles(document: unknown, read: ReadFile, keep: KeepBlob): Promise<Result<unknown>> {
  if (!isPlainObject(document) || !isPlainObject(document.slices)) return { ok: true, value: document };
  const problems: Problem[] = [];
  const slices = await resolve(document.slices, ['slices'], { read, keep, problems });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { ...document, slices } };
}

async function resolve(value: unknown, path: Path, around: Around): Promise<unknown> {
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (const [index, item] of value.entries()) list.push(await resolve(item, [...path, index], around));
    return list;
  }
  if (!isPlainObject(value)) return value;
  const { file } = value;
  if (typeof file === 'string' && Object.keys(value).length === 1) return readBlob(file, [...path, 'file'], around);
  let resolved: PlainObject = {};
  for (const key of Object.keys(value)) {
    const here = [...path, key];
    const inner = value[key];
    const isFile = key === 'file' && typeof inner === 'string';
    const content = isFile ? await readText(inner, here, around) : await resolve(inner, here, around);
    resolved = { ...resolved, [isFile ? 'text' : key]: content };
  }
  return resolved;
}

async function readText(file: string, path: Path, around: Around): Promise<string | undefined> {
  const content = await readContent(file, path, around);
  if (content === undefined) return undefined;
  const text = typeof content === 'string' ? content : decodeText(content);
  if (text === undefined) {
    const remedy = 'Name a text file in UTF-8 here.';
    const what = `The file "${file}" is not text, or not in UTF-8.`;
    around.problems.push(error('file-not-text', what, remedy, { path: formatPath(path) }));
  }
  return text;
}

async function readBlob(file: string, path: Path, around: Around): Promise<BlobRef | undefined> {
  const content = await readContent(file, path, around);
  if (content === undefined) return undefined;
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return around.keep(name, typeof content === 'string' ? new TextEncoder().encode(content) : content);
}

async function readContent(file: string, path: Path, { read, problems }: Around) {
  try {
    return await read(file);
  } catch (reason) {
    const why = reason instanceof Error ? reason.message : String(reason);
    const remedy = 'Correct the path: it counts from the folder of the design.';
    const what = `The file "${file}" could not be read: ${why}.`;
    problems.push(error('file-unreadable', what, remedy, { path: formatPath(path) }));
    return undefined;
  }
}
