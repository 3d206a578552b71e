import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { VirtualFiles } from '../../engines/verilog/run/types.ts';

/** The working directory as a simulation sees it. What cannot be written is told to `failed`, and the run goes on. */
export function workingDirectory(failed: (path: string, why: string) => void): VirtualFiles {
  return {
    read(path) {
      try {
        return readFileSync(path);
      } catch {
        return undefined;
      }
    },
    write(path, bytes) {
      try {
        writeFileSync(path, bytes);
      } catch (error) {
        failed(path, (error as NodeJS.ErrnoException).code ?? String(error));
      }
    },
  };
}

/** The text of a file; bytes that are no UTF-8 are read as Latin-1. Undefined: there is none. */
export function readText(path: string): string | undefined {
  let bytes: Uint8Array;
  try {
    if (!statSync(path).isFile()) return undefined;
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** Writes a file, and the folders that it needs. */
export function writeWhole(path: string, parts: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, parts.join(''), 'latin1');
}
