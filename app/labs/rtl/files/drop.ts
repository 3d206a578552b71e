import type { Incoming } from './intake.ts';
import { COUNT_LIMIT, FILE_LIMIT } from './intake.ts';

/** Folders that hold no sources: what tools and version control keep beside them. */
const SKIPPED = new Set(['.git', '.svn', '.hg', 'node_modules', '__pycache__', '.DS_Store']);
/** Of a whole folder only these are taken; a file that is dropped by itself is taken whatever it is called. */
const WANTED = /\.(v|sv|verilog|vh|svh|vinc|inc|f|fl|flist|filelist|hex|mem|bin|dat|txt)$/i;

/** Whether a file found inside a folder belongs to a design. */
export function wantedInFolder(path: string): boolean {
  return WANTED.test(path) && !path.split('/').some((part) => SKIPPED.has(part));
}

/** Files of a drop, folders included, with their paths from what was dropped. */
export async function readDrop(transfer: DataTransfer): Promise<Incoming[]> {
  // The list is emptied as soon as the event has been handled: entries first, reading after.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null);
  const loose = entries.length === 0 ? [...transfer.files] : [];
  const found: Incoming[] = [];
  for (const file of loose) found.push(await read(file, file.name));
  for (const entry of entries) if (entry) await walk(entry, entry.name, true, found);
  return withoutCommonFolder(found, entries.length);
}

/** Files of `<input type="file">`, with their folders where a folder was chosen. */
export async function readList(list: FileList): Promise<Incoming[]> {
  const files = [...list].filter((file) => file.webkitRelativePath === '' || wantedInFolder(file.webkitRelativePath));
  const found: Incoming[] = [];
  for (const file of files.slice(0, COUNT_LIMIT)) found.push(await read(file, file.webkitRelativePath || file.name));
  return withoutCommonFolder(found, 1);
}

async function walk(entry: FileSystemEntry, path: string, chosen: boolean, found: Incoming[]): Promise<void> {
  if (found.length > COUNT_LIMIT) return;
  if (entry.isFile) {
    if (!chosen && !wantedInFolder(path)) return;
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push(await read(file, path));
  } else if (entry.isDirectory && !SKIPPED.has(entry.name)) {
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) break;
      for (const each of some) await walk(each, `${path}/${each.name}`, false, found);
    }
  }
}

/** A file past the limit is not read: its size alone says that it will be refused. */
async function read(file: File, path: string): Promise<Incoming> {
  if (file.size > FILE_LIMIT) return { path, bytes: new Uint8Array(), unreadBytes: file.size };
  return { path, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** One folder dropped alone is the design itself: its name would only lengthen every path. */
function withoutCommonFolder(found: Incoming[], dropped: number): Incoming[] {
  const [first] = found;
  const head = first?.path.includes('/') ? `${first.path.split('/')[0]}/` : undefined;
  if (dropped !== 1 || head === undefined || !found.every(({ path }) => path.startsWith(head))) return found;
  return found.map((file) => ({ ...file, path: file.path.slice(head.length) }));
}
