/** A file with its path in the folder that was dropped or chosen: "birds/crow/1.png". */
export interface GatheredFile {
  path: string;
  file: Blob;
}

/** What was dropped, folders with all that is in them. To be called from the event: what hangs on it is gone afterwards. */
export async function filesOf({ items, files }: DataTransfer): Promise<GatheredFile[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.() ?? null).filter((entry) => entry !== null);
  if (entries.length === 0) return [...files].map(gathered);
  const found: GatheredFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

/** A file that was chosen, alone or in its folder. */
export function gathered(file: File): GatheredFile {
  return { path: file.webkitRelativePath || file.name, file };
}

async function walk(entry: FileSystemEntry, found: GatheredFile[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A directory is told in pieces of at most 100, until one is empty.
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (piece.length === 0) return;
    for (const inner of piece) await walk(inner, found);
  }
}

/** What a zip file holds, as if its folders had been dropped. Throws where it is broken. */
export async function filesOfZip(zip: Blob): Promise<GatheredFile[]> {
  const { unzip } = await import('fflate');
  const bytes = new Uint8Array(await zip.arrayBuffer());
  const files = await new Promise<Record<string, Uint8Array>>((resolve, reject) =>
    unzip(bytes, (reason, unzipped) => (reason ? reject(reason) : resolve(unzipped))),
  );
  return Object.entries(files)
    .filter(([path]) => !path.endsWith('/'))
    .map(([path, content]) => ({ path, file: new Blob([content as Uint8Array<ArrayBuffer>]) }));
}
