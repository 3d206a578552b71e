/**
 * Files of a simulation: multi-channel descriptors ($fopen with a name alone) and file descriptors (with a mode), over the virtual file
 * system (IEEE 1364-2005 section 17.2). Texts are Latin-1: one character a byte.
 */
import type { VirtualFiles } from '../types.ts';

const FD_BIT = 0x80000000;

const STDOUT = FD_BIT + 1;
const STDERR = FD_BIT + 2;

/** An open file. */
export class OpenFile {
  at = 0;
  /** A read has met the end. */
  ended = false;
  error = 0;
  private bytes: Uint8Array;
  private length: number;
  private dirty = false;

  constructor(
    readonly path: string,
    content: Uint8Array,
    readonly reads: boolean,
    readonly writes: boolean,
    private readonly appends: boolean,
  ) {
    this.bytes = content;
    this.length = content.length;
    // A new file exists from the moment it is opened.
    this.dirty = writes && content.length === 0;
  }

  get size(): number {
    return this.length;
  }

  /** Undefined at the end. */
  readByte(): number | undefined {
    if (this.at >= this.length) {
      this.ended = true;
      return undefined;
    }
    return this.bytes[this.at++];
  }

  peek(ahead = 0): number | undefined {
    return this.at + ahead < this.length ? this.bytes[this.at + ahead] : undefined;
  }

  unread(byte: number): void {
    if (this.at > 0) {
      this.at--;
      if (this.bytes[this.at] !== byte) {
        this.bytes = this.bytes.slice(0, this.length);
        this.bytes[this.at] = byte;
      }
    }
    this.ended = false;
  }

  seek(at: number): boolean {
    if (at < 0) return false;
    this.at = at;
    this.ended = false;
    return true;
  }

  write(text: string): void {
    if (this.appends) this.at = this.length;
    const end = this.at + text.length;
    if (end > this.bytes.length || !this.dirty) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2, 256));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    for (let i = 0; i < text.length; i++) this.bytes[this.at + i] = text.charCodeAt(i);
    this.at = end;
    this.length = Math.max(this.length, end);
    this.dirty = true;
  }

  /** What must be stored, if anything was written since the last time. */
  take(): Uint8Array | undefined {
    if (!this.dirty) return undefined;
    this.dirty = false;
    return this.bytes.slice(0, this.length);
  }
}

export class FileTable {
  private readonly channels: (OpenFile | undefined)[] = [];
  private readonly descriptors: (OpenFile | undefined)[] = [];
  /** What was written in this run, whether or not the host keeps it. */
  private readonly written = new Map<string, Uint8Array>();

  constructor(
    private readonly files: VirtualFiles,
    private readonly print: (text: string) => void,
    private readonly printError: (text: string) => void = print,
  ) {}

  content(path: string): Uint8Array | undefined {
    for (const file of [...this.channels, ...this.descriptors]) if (file?.path === path) this.flush(file);
    return this.written.get(path) ?? this.files.read(path);
  }

  /** @returns a channel (one bit of 30), or 0. */
  openChannel(path: string): number {
    let slot = 0;
    while (this.channels[slot]) slot++;
    if (slot > 29) return 0;
    this.channels[slot] = new OpenFile(path, new Uint8Array(), false, true, false);
    return 2 ** (slot + 1);
  }

  /** @returns a descriptor, or 0 when the file is not there or the mode is none. */
  open(path: string, mode: string): number {
    const match = /^([rwa])(b?\+?|\+b)$/.exec(mode);
    if (!match) return 0;
    const [, letter, rest = ''] = match;
    const both = rest.includes('+');
    const present = letter === 'w' ? new Uint8Array() : this.content(path);
    if (letter === 'r' && present === undefined) return 0;
    const file = new OpenFile(
      path,
      present ?? new Uint8Array(),
      letter === 'r' || both,
      letter !== 'r' || both,
      letter === 'a',
    );
    let slot = 0;
    while (this.descriptors[slot]) slot++;
    this.descriptors[slot] = file;
    return FD_BIT + 3 + slot;
  }

  /** The file that a descriptor stands for; undefined for channels, the standard streams and closed ones. */
  file(descriptor: number): OpenFile | undefined {
    const unsigned = descriptor >>> 0;
    return unsigned > STDERR ? this.descriptors[unsigned - FD_BIT - 3] : undefined;
  }

  /** Of the standard streams, as messages call them. */
  standardName(descriptor: number): string | undefined {
    const unsigned = descriptor >>> 0;
    if (unsigned === 1 || unsigned === STDOUT) return 'STDOUT';
    if (unsigned === STDERR) return 'STDERR';
    return unsigned === FD_BIT ? 'STDIN' : undefined;
  }

  isOpen(descriptor: number): boolean {
    const unsigned = descriptor >>> 0;
    if (unsigned >= FD_BIT) return unsigned <= STDERR || this.file(unsigned) !== undefined;
    if (unsigned === 0) return false;
    for (let slot = 0; slot < 30; slot++) if (unsigned & (2 << slot) && !this.channels[slot]) return false;
    return true;
  }

  /** Writes to every channel of a multi-channel descriptor, or to a file descriptor. False: nothing of it is open for writing. */
  write(descriptor: number, text: string): boolean {
    const unsigned = descriptor >>> 0;
    if (unsigned >= FD_BIT) {
      if (unsigned === STDOUT || unsigned === STDERR) {
        if (unsigned === STDERR) this.printError(text);
        else this.print(text);
        return true;
      }
      const file = this.file(unsigned);
      if (!file?.writes) return false;
      file.write(text);
      return true;
    }
    if (unsigned & 1) this.print(text);
    let any = (unsigned & 1) === 1;
    for (let slot = 0; slot < 30; slot++) {
      const file = unsigned & (2 << slot) ? this.channels[slot] : undefined;
      if (file) {
        file.write(text);
        any = true;
      }
    }
    return any;
  }

  close(descriptor: number): void {
    const unsigned = descriptor >>> 0;
    if (unsigned >= FD_BIT) {
      const file = this.file(unsigned);
      if (file) this.flush(file);
      if (unsigned > STDERR) this.descriptors[unsigned - FD_BIT - 3] = undefined;
      return;
    }
    for (let slot = 0; slot < 30; slot++) {
      const file = unsigned & (2 << slot) ? this.channels[slot] : undefined;
      if (!file) continue;
      this.flush(file);
      this.channels[slot] = undefined;
    }
  }

  /** Of one descriptor, or of all. */
  flushAll(): void {
    for (const file of [...this.channels, ...this.descriptors]) if (file) this.flush(file);
  }

  closeAll(): void {
    this.flushAll();
    this.channels.length = 0;
    this.descriptors.length = 0;
  }

  /** A whole file at once ($writememh, dumps). */
  put(path: string, bytes: Uint8Array): void {
    this.written.set(path, bytes);
    this.files.write(path, bytes);
  }

  private flush(file: OpenFile): void {
    const bytes = file.take();
    if (bytes) this.put(file.path, bytes);
  }
}

export function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
