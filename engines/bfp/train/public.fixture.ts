import { readFile } from 'node:fs/promises';

/** A file of `public/`, as a job's host gives it. */
export async function asset(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(`../../../public/${path}`, import.meta.url)));
}
