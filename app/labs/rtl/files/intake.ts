import type { Problem } from '../../../../engines/core/result.ts';
import type { BlobRef } from '../../../../engines/document/types.ts';
import { looksLikeBench } from '../../../../engines/rtl/bench-file.ts';
import type { SourceFile } from '../../../../engines/rtl/types.ts';
import { cleanPath } from './paths.ts';

/** Text of all files together past this travels as blobs (kept by content hash beside the document). */
export const TEXT_LIMIT = 256 * 1024;
/** Larger files are refused: an editor and a browser's storage are no place for them. */
export const FILE_LIMIT = 32 * 1024 * 1024;
/** More files at once than this is a mistake (a whole disk, node_modules), not a design. */
export const COUNT_LIMIT = 2000;

/** A file from outside, read. */
export interface Incoming {
  path: string;
  bytes: Uint8Array;
  /** When the file is too large to be read: how large it is. */
  unreadBytes?: number;
}

type PutBlob = (name: string, bytes: Uint8Array) => Promise<BlobRef>;

/**
 * Reads bytes as text: UTF-8, or, for the comments of older sources, Windows-1252 (`legacy`).
 * Undefined when the bytes are no text at all (a zero byte, or mostly control characters).
 */
export function decodeText(bytes: Uint8Array): { text: string; legacy: boolean } | undefined {
  const head = bytes.subarray(0, 65_536);
  let control = 0;
  for (const byte of head) {
    if (byte === 0) return undefined;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) control++;
  }
  if (control > head.length / 50) return undefined;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), legacy: false };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), legacy: true };
  }
}

export function textBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * Takes files into a design: replaces those of the same path, keeps all others, refuses what is no text, and says what it
 * did. Nothing that was there is touched by a refusal.
 */
export async function takeIn(
  present: readonly SourceFile[],
  incoming: readonly Incoming[],
  putBlob: PutBlob,
): Promise<{ files: SourceFile[]; added: string[]; problems: Problem[] }> {
  const files = new Map(present.map((file) => [file.path, file]));
  const added: string[] = [];
  const replaced: string[] = [];
  const problems: Problem[] = [];
  for (const { path: raw, bytes, unreadBytes = bytes.length } of incoming.slice(0, COUNT_LIMIT)) {
    const path = cleanPath(raw).replaceAll(/["'`$;|&<>*?\s]+/g, '_');
    if (path === '') continue;
    if (unreadBytes > FILE_LIMIT) {
      problems.push(tooLarge(raw, unreadBytes));
      continue;
    }
    const read = decodeText(bytes);
    if (!read) {
      problems.push(notText(raw));
      continue;
    }
    if (read.legacy) problems.push(legacyText(path));
    if (path !== raw) problems.push(renamedOnEntry(raw, path));
    const before = files.get(path);
    if (before && 'text' in before && before.text !== read.text) replaced.push(path);
    const text = read.text.replaceAll('\r\n', '\n');
    const role = before ? before.role : looksLikeBench(path, text) ? ('bench' as const) : undefined;
    files.set(path, { path, text, ...(role && { role }) });
    added.push(path);
  }
  if (replaced.length > 0) problems.push(replacedNotice(replaced));
  if (incoming.length > COUNT_LIMIT) problems.push(tooMany(incoming.length));
  const settled = await settle([...files.values()], putBlob);
  for (const file of settled) {
    if ('blob' in file && added.includes(file.path)) problems.push(keptAsBlob(file.path, file.blob.bytes));
  }
  return { files: settled, added, problems };
}

/** Moves texts out to blobs, the largest first, until the rest is at most `TEXT_LIMIT` in all. */
export async function settle(files: readonly SourceFile[], putBlob: PutBlob): Promise<SourceFile[]> {
  const sizes = new Map<string, number>();
  let sum = 0;
  for (const file of files) {
    if (!('text' in file)) continue;
    const size = textBytes(file.text);
    sizes.set(file.path, size);
    sum += size;
  }
  const out = new Set<string>();
  for (const [path, size] of [...sizes].sort((a, b) => b[1] - a[1])) {
    if (sum <= TEXT_LIMIT) break;
    out.add(path);
    sum -= size;
  }
  return Promise.all(
    files.map(async (file) => {
      if (!('text' in file) || !out.has(file.path)) return file;
      return {
        ...(file.role && { role: file.role }),
        path: file.path,
        blob: await putBlob(file.path, new TextEncoder().encode(file.text)),
      };
    }),
  );
}

const mega = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function tooLarge(path: string, bytes: number): Problem {
  return {
    code: 'file-too-large',
    severity: 'error',
    what: `${path} has ${mega(bytes)} and was not added; a source file may have up to ${mega(FILE_LIMIT)}.`,
    remedy: 'Split it, or leave out what is not needed for synthesis.',
    where: { file: path },
  };
}

function notText(path: string): Problem {
  return {
    code: 'not-text',
    severity: 'error',
    what: `${path} holds bytes that are no text and was not added.`,
    remedy: 'Add Verilog or SystemVerilog sources, headers, .f file lists, or memory contents as text (.hex, .mem).',
    where: { file: path },
  };
}

function legacyText(path: string): Problem {
  return {
    code: 'not-utf8',
    severity: 'warning',
    what: `${path} is not UTF-8 and was read as Windows-1252.`,
    remedy: 'Check its accented letters; the studio keeps it as UTF-8 from now on.',
    where: { file: path },
  };
}

function renamedOnEntry(from: string, to: string): Problem {
  return {
    code: 'file-renamed',
    severity: 'note',
    what: `${from} was added as ${to}, because the tools cannot name it otherwise.`,
    where: { file: to },
  };
}

function replacedNotice(paths: readonly string[]): Problem {
  const [first = ''] = paths;
  return {
    code: 'file-replaced',
    severity: 'note',
    what:
      paths.length === 1
        ? `${first} was there before and has been replaced.`
        : `${paths.length} files were there before and have been replaced, ${first} among them.`,
    remedy: 'Undo brings the earlier text back.',
    where: { file: first },
  };
}

function tooMany(count: number): Problem {
  return {
    code: 'too-many-files',
    severity: 'error',
    what: `${count} files were given; the first ${COUNT_LIMIT} were added.`,
    remedy: 'Drop the folder that holds the sources alone.',
  };
}

function keptAsBlob(path: string, bytes: number): Problem {
  return {
    code: 'kept-beside',
    severity: 'note',
    what: `${path} has ${mega(bytes)}: it is kept beside the design, shown read-only, and left out of share links.`,
    remedy: 'Choose Edit anyway above the text to change it; Export writes one file with everything inside.',
    where: { file: path },
  };
}
