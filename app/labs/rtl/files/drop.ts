import { droppedFiles, isSkipped } from '../../../ui/dropped-files.ts';
import type { Incoming } from './intake.ts';
import { COUNT_LIMIT, FILE_LIMIT } from './intake.ts';

/** Of a whole folder only these are taken; a file that is dropped by itself is taken whatever it is called. */
const WANTED = /\.(v|sv|verilog|vh|svh|vinc|inc|f|fl|flist|filelist|hex|mem|bin|dat|txt)$/i;

/** Whether a file found inside a folder belongs to a design. */
export function wantedInFolder(path: string): boolean {
  return WANTED.test(path) && !isSkipped(path);
}

/** Files of a drop, folders included, with their paths from what was dropped. */
export async function readDrop(transfer: DataTransfer): Promise<Incoming[]> {
  const rules = { wanted: wantedInFolder, most: COUNT_LIMIT };
  const { found, dropped } = await droppedFiles(transfer, rules);
  const incoming: Incoming[] = [];
  for (const { file, path } of found) incoming.push(await read(file, path));
  return withoutCommonFolder(incoming, dropped);
}

/** Files of `<input type="file">`, with their folders where a folder was chosen. */
export async function readList(list: FileList): Promise<Incoming[]> {
  const files = [...list].filter((file) => file.webkitRelativePath === '' || wantedInFolder(file.webkitRelativePath));
  const found: Incoming[] = [];
  for (const file of files.slice(0, COUNT_LIMIT)) found.push(await read(file, file.webkitRelativePath || file.name));
  return withoutCommonFolder(found, 1);
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
