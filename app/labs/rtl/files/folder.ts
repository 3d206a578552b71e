import type { Problem } from '../../../../engines/core/result.ts';
import { wantedInFolder } from './drop.ts';
import { COUNT_LIMIT, FILE_LIMIT, type Incoming } from './intake.ts';

/** As much of the File System Access API as is used here; TypeScript's own library does not have it. */
interface FolderHandle {
  name: string;
  values(): AsyncIterable<FileHandle | (FolderHandle & { kind: 'directory' })>;
  getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<FolderHandle>;
  getFileHandle(name: string, options?: { create?: boolean }): Promise<FileHandle>;
}
interface FileHandle {
  kind: 'file';
  name: string;
  getFile(): Promise<File>;
  createWritable(): Promise<{ write(text: string): Promise<void>; close(): Promise<void> }>;
}
type Picker = (options: { mode: 'readwrite' }) => Promise<FolderHandle>;

/** Whether this browser lets a page open a folder and write to it (Chromium, on https or localhost). */
export function canOpenFolders(): boolean {
  return typeof (globalThis as { showDirectoryPicker?: unknown }).showDirectoryPicker === 'function';
}

/** A folder of this computer that a design was read from, with what it held then. */
export class Folder {
  /** The texts as the folder has them, as far as this page knows. */
  private readonly known = new Map<string, { text: string; modified: number }>();
  private readonly handle: FolderHandle;

  private constructor(handle: FolderHandle) {
    this.handle = handle;
  }

  get name(): string {
    return this.handle.name;
  }

  /** Asks the user for a folder; undefined when none is chosen. */
  static async choose(): Promise<Folder | undefined> {
    const pick = (globalThis as { showDirectoryPicker?: Picker }).showDirectoryPicker;
    try {
      return pick && new Folder(await pick({ mode: 'readwrite' }));
    } catch (reason) {
      if (reason instanceof DOMException && reason.name === 'AbortError') return undefined;
      throw reason;
    }
  }

  /** Its sources. */
  async read(): Promise<Incoming[]> {
    const found: Incoming[] = [];
    await this.walk(this.handle, '', found);
    return found;
  }

  /** Paths whose text differs from the folder's, or that it does not have. */
  changed(texts: ReadonlyMap<string, string>): string[] {
    return [...texts].filter(([path, text]) => this.known.get(path)?.text !== text).map(([path]) => path);
  }

  /**
   * Writes the texts that differ. A file that was changed in the folder since it was read is left alone and reported.
   * Files are never deleted there.
   */
  async write(texts: ReadonlyMap<string, string>): Promise<{ written: string[]; problems: Problem[] }> {
    const written: string[] = [];
    const problems: Problem[] = [];
    for (const path of this.changed(texts)) {
      const text = texts.get(path) ?? '';
      try {
        const file = await this.fileAt(path);
        const known = this.known.get(path);
        const there = await file.getFile();
        if (known ? there.lastModified !== known.modified : there.size > 0) {
          problems.push(changedThere(path));
          continue;
        }
        const out = await file.createWritable();
        await out.write(text);
        await out.close();
        this.known.set(path, { text, modified: (await file.getFile()).lastModified });
        written.push(path);
      } catch (reason) {
        problems.push(notWritten(path, reason));
      }
    }
    return { written, problems };
  }

  private async walk(folder: FolderHandle, prefix: string, found: Incoming[]): Promise<void> {
    for await (const entry of folder.values()) {
      const path = prefix + entry.name;
      if (found.length > COUNT_LIMIT) return;
      if (entry.kind === 'directory') {
        if (!/^(\.git|\.svn|\.hg|node_modules|__pycache__)$/.test(entry.name))
          await this.walk(entry, `${path}/`, found);
      } else if (wantedInFolder(path)) {
        const file = await entry.getFile();
        if (file.size > FILE_LIMIT) {
          found.push({ path, bytes: new Uint8Array(), unreadBytes: file.size });
          continue;
        }
        const bytes = new Uint8Array(await file.arrayBuffer());
        found.push({ path, bytes });
        this.known.set(path, {
          text: new TextDecoder().decode(bytes).replaceAll('\r\n', '\n'),
          modified: file.lastModified,
        });
      }
    }
  }

  private async fileAt(path: string): Promise<FileHandle> {
    const parts = path.split('/');
    let folder = this.handle;
    for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
    return folder.getFileHandle(parts.at(-1) ?? path, { create: true });
  }
}

function changedThere(path: string): Problem {
  return {
    code: 'folder-changed',
    severity: 'warning',
    what: `${path} was changed in the folder since it was read here, and was not overwritten.`,
    remedy: 'Read the folder again to take its text over (undo brings yours back), or rename your file.',
    where: { file: path },
  };
}

function notWritten(path: string, reason: unknown): Problem {
  const message = reason instanceof Error ? reason.message : String(reason);
  return {
    code: 'folder-not-written',
    severity: 'error',
    what: `${path} could not be written to the folder (${message}).`,
    remedy: 'Open the folder again and allow writing, or download the sources as .zip.',
    where: { file: path },
  };
}
