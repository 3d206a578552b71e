import type { SourceFile } from '../../../../engines/rtl/types.ts';
import { cleanPath } from './paths.ts';

/** All sources in one zip, with their folders. `missing` are blobs that this browser does not have. */
export async function zipSources(
  files: readonly SourceFile[],
  readBlob: (sha256: string) => Promise<Uint8Array | undefined>,
): Promise<{ zip: Uint8Array; missing: string[] }> {
  const { strToU8, zipSync } = await import('fflate');
  const entries: Record<string, Uint8Array> = {};
  const missing: string[] = [];
  for (const file of files) {
    const bytes = 'text' in file ? strToU8(file.text) : await readBlob(file.blob.sha256);
    // A path from a stranger's design must not lead out of the folder that the archive is unpacked in.
    if (bytes) entries[cleanPath(file.path)] = bytes;
    else missing.push(file.path);
  }
  // A fixed time, so that the same sources make the same archive.
  return { zip: zipSync(entries, { level: 6, mtime: new Date(2000, 0, 1) }), missing };
}
