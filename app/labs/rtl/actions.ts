import { sha256Hex } from '../../../engines/core/hash.ts';
import type { RtlSlice, SourceFile } from '../../../engines/rtl/types.ts';
import { editSlice, flushEditors, notify, putBlob, readSlice } from '../../design/index.ts';
import type { Pending } from './editor/typing.ts';
import { type Incoming, TEXT_LIMIT, takeIn, textBytes } from './files/intake.ts';
import { cleanPath, pathFault, renamed, without } from './files/paths.ts';
import { rememberText } from './files/recent.ts';
import { sameFile } from './run/spec.ts';
import { openPlace, useRtl } from './state.ts';
import { texts } from './texts.ts';

const SLICE = 'rtl';
const edits = texts.edits;

export function currentSlice(): RtlSlice {
  return readSlice<RtlSlice>(SLICE);
}

/** An edit of this lab's slice; a design without one starts from the defaults. */
export function edit(label: string, change: (slice: RtlSlice) => RtlSlice, capture?: 'now' | 'merge'): boolean {
  return editSlice<RtlSlice | undefined>(SLICE, label, (slice) => change(slice ?? currentSlice()), capture);
}

function paths(): Set<string> {
  return new Set(currentSlice().files.map((file) => file.path));
}

/**
 * Puts typed texts into the document, as one step. What would lift the text above its limit goes to a blob: the hash is
 * known at once, the bytes are stored right after.
 */
export function commitTexts(typed: Pending): boolean {
  const names = [...typed.keys()];
  const label = names.length === 1 ? edits.type(names[0] ?? '') : edits.typeMany(names.length);
  return edit(label, (slice) => ({
    ...slice,
    files: slice.files.map((file) => {
      const text = typed.get(file.path);
      return text === undefined ? file : { ...sourceFile(file.path, text), ...(file.role && { role: file.role }) };
    }),
  }));
}

function sourceFile(path: string, text: string): SourceFile {
  if (text.length <= TEXT_LIMIT / 3 || textBytes(text) <= TEXT_LIMIT) return { path, text };
  const bytes = new TextEncoder().encode(text);
  const blob = { name: path, bytes: bytes.length, sha256: sha256Hex(bytes) };
  rememberText(blob.sha256, text);
  void putBlob(path, bytes);
  return { path, blob };
}

/** Adds an empty file. Answers what is wrong with the name, when something is. */
export function addFile(wanted: string): string | undefined {
  const path = cleanPath(wanted);
  const fault = pathFault(path, paths());
  if (fault) return fault;
  if (edit(edits.addFile(path), (slice) => ({ ...slice, files: [...slice.files, { path, text: '' }] }))) {
    openPlace({ file: path });
  }
  return undefined;
}

/** Renames a file or a folder. Answers what is wrong with the name, when something is. */
export function renameFile(from: string, wanted: string): string | undefined {
  const to = cleanPath(wanted);
  if (to === from) return undefined;
  const inside = (path: string) => path === from || path.startsWith(`${from}/`);
  const others = new Set([...paths()].filter((path) => !inside(path)));
  const fault = pathFault(to, others);
  if (fault) return fault;
  edit(edits.rename(from), (slice) => ({
    ...slice,
    files: renamed(slice.files, from, to),
    fileList: inside(slice.fileList) ? to + slice.fileList.slice(from.length) : slice.fileList,
  }));
  const open = useRtl.getState().openFile;
  if (open !== undefined && inside(open)) openPlace({ file: to + open.slice(from.length) }, false);
  return undefined;
}

/** Deletes a file or a folder; undo brings it back. */
export function removeFile(path: string): void {
  edit(edits.remove(path), (slice) => {
    const files = without(slice.files, path);
    const kept = files.some((file) => file.path === slice.fileList);
    return { ...slice, files, fileList: kept ? slice.fileList : '' };
  });
}

/** Takes files from outside into the design, tells what it did, and shows the first. */
export async function takeFiles(incoming: readonly Incoming[], label?: string): Promise<void> {
  if (incoming.length === 0) return;
  flushEditors();
  const present = currentSlice().files;
  const { files, added, problems } = await takeIn(present, incoming, putBlob);
  const before = new Map(present.map((file) => [file.path, file]));
  const changed = files.filter((file) => added.includes(file.path) && !sameFile(before.get(file.path), file));
  const [first] = changed;
  if (first) {
    const text = label ?? (changed.length === 1 ? edits.addFile(first.path) : edits.addFiles(changed.length));
    // What was edited while blobs were stored stays: then only what came in is put over it.
    edit(text, (slice) => ({ ...slice, files: slice.files === present ? files : union(slice.files, changed) }));
  }
  if (added[0] !== undefined) openPlace({ file: added[0] });
  for (const problem of problems) notify(problem);
}

function union(present: readonly SourceFile[], taken: readonly SourceFile[]): SourceFile[] {
  const byPath = new Map(present.map((file) => [file.path, file]));
  for (const file of taken) byPath.set(file.path, file);
  return [...byPath.values()];
}
