/** A file with its path from what was dropped: "digits/7/a.png". */
export interface DroppedFile {
  path: string;
  file: File;
}

export interface DropRules {
  /** Of a whole folder only these are taken; a file that is dropped by itself is taken whatever it is called. */
  wanted(path: string): boolean;
  /** No more than so many files are looked for. */
  most: number;
}

/** What tools and version control keep beside the files of a folder. */
const SKIPPED = new Set(['.git', '.svn', '.hg', 'node_modules', '__pycache__', '.DS_Store']);

/** Whether a path leads through a folder that is skipped. */
export function isSkipped(path: string): boolean {
  return path.split('/').some((part) => SKIPPED.has(part));
}

/** Files of a drop, folders included, and how many things were dropped. */
export async function droppedFiles(
  transfer: DataTransfer,
  rules: DropRules,
): Promise<{ found: DroppedFile[]; dropped: number }> {
  // The list is emptied as soon as the event has been handled: entries first, reading after.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => !!entry);
  const loose = entries.length === 0 ? [...transfer.files] : [];
  const found: DroppedFile[] = loose.map((file) => ({ path: file.name, file }));
  for (const entry of entries) await walk(entry, entry.name, true, rules, found);
  return { found, dropped: entries.length };
}

async function walk(
  entry: FileSystemEntry,
  path: string,
  chosen: boolean,
  rules: DropRules,
  found: DroppedFile[],
): Promise<void> {
  if (found.length > rules.most) return;
  if (entry.isFile) {
    if (!chosen && (isSkipped(path) || !rules.wanted(path))) return;
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path, file });
  } else if (entry.isDirectory && !SKIPPED.has(entry.name)) {
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) break;
      for (const each of some) await walk(each, `${path}/${each.name}`, false, rules, found);
    }
  }
}
