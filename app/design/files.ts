import { error, fail, ok, type Result } from '../../engines/core/result.ts';
import { pack, type Unpacked } from '../../engines/document/pack.ts';
import type { DesignDocument } from '../../engines/document/types.ts';
import type { Blobs } from './blobs.ts';
import type { Desk } from './desk.ts';
import { tellFindings } from './desk-notices.ts';

/** Exported designs end in this: a zip, so that whoever has no studio can still look inside. */
export const EXTENSION = '.crossbar.zip';
const MOST_BYTES = 512 * 1024 * 1024;

export interface ExportedFile {
  name: string;
  type: string;
  bytes: Uint8Array;
}

/** The file of a design, blobs inside. One of a newer version comes out as it came in, byte for byte. */
export async function packDesign(desk: Desk, blobs: Blobs, id: string): Promise<ExportedFile | undefined> {
  const record = await desk.readDesign(id);
  if (!record) return undefined;
  const bytes = record.original ?? (await pack(record.document, blobs.readBlob));
  const zip = isZip(bytes);
  return {
    name: fileName(String(record.document.title)) + (zip ? EXTENSION : '.crossbar.json'),
    type: zip ? 'application/zip' : 'application/json',
    bytes,
  };
}

/** The plain document, as the command line reads it. Blobs are named in it, not inside. */
export async function plainDesign(desk: Desk, id: string): Promise<ExportedFile | undefined> {
  const record = await desk.readDesign(id);
  if (!record) return undefined;
  const { view: _, ...choices } = record.document;
  const text = `${JSON.stringify(choices, null, 2)}\n`;
  return {
    name: `${fileName(String(record.document.title))}.crossbar.json`,
    type: 'application/json',
    bytes: new TextEncoder().encode(text),
  };
}

/** Makes a new design of a file (exported, or plain JSON) and opens it; answers its id. Problems are shown as notices too. */
export async function importFile(desk: Desk, blobs: Blobs, file: File): Promise<Result<string>> {
  const result = await readFile(desk, blobs, file);
  if (!result.ok) for (const problem of result.problems) desk.notify(problem);
  return result;
}

async function readFile(desk: Desk, blobs: Blobs, file: File): Promise<Result<string>> {
  if (file.size > MOST_BYTES) {
    return fail(
      error('file-too-large', `“${file.name}” is larger than ${MOST_BYTES / 2 ** 20} MB, which no design is.`),
    );
  }
  let unpacked: Result<Unpacked>;
  try {
    unpacked = await desk.environment.unpack(file);
  } catch {
    return fail(
      error('file-unreadable', `“${file.name}” could not be read.`, 'Check that it still exists and is yours to read.'),
    );
  }
  if (!unpacked.ok) return unpacked;
  const { document } = unpacked.value;
  const restored = await desk.environment.restore(document);
  if (!restored.ok && restored.problems[0]?.code !== 'newer-version') return restored;
  // Unpacking has checked their hashes.
  for (const { ref, bytes: content } of unpacked.value.blobs) await blobs.keepBlob(ref.sha256, content);
  if (!restored.ok) {
    const original = new Uint8Array(await file.arrayBuffer());
    return ok(await desk.createDesign(document as DesignDocument, { original }));
  }
  const id = await desk.createDesign(restored.value.document);
  tellFindings(restored.value.findings, desk.notify);
  return ok(id);
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/** A title as a file name that every system takes. */
export function fileName(title: string): string {
  const name = title
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go.
    .replace(/[\u0000-\u001f<>:"/\\|?*]+/g, '-')
    .replace(/^[\s.-]+|[\s.-]+$/g, '')
    .slice(0, 80);
  return name || 'design';
}
