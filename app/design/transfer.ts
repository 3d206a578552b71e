import { error, fail, ok, type Result } from '../../engines/core/result.ts';
import type { BlobRef, DesignDocument } from '../../engines/document/types.ts';
import { desk } from './instance.ts';

/** A share link, or why there is none and what travels instead. */
export interface Share {
  /** The whole address. Undefined when the design is too large for a link: the file travels instead. */
  url?: string;
  /** Length of the address in characters. */
  length: number;
  /** What the link does not carry (blobs, too long), to be said beside it. */
  problem?: ReturnType<typeof error>;
}

/** The link that holds the open design (after pending text went in). Undefined when none is open. */
export async function shareLink(): Promise<Share | undefined> {
  throw new Error('Waits for the link codec of the document engine.');
}

/** Makes a new design of a link's payload and opens it; answers its id. What is wrong is shown as notices too. */
export async function openLink(lab: string, payload: string): Promise<Result<string>> {
  throw new Error(`Waits for the link codec of the document engine: ${lab}, ${payload.length}.`);
}

/** Hands the design (the open one when none is named) to the user as a file with its blobs inside. */
export async function exportDesign(id = desk.store.getState().design?.id): Promise<boolean> {
  const record = id === undefined ? undefined : await desk.readDesign(id);
  if (!record) return false;
  const url = URL.createObjectURL(new Blob([JSON.stringify(record.document)], { type: 'application/json' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = `${record.document.title}.crossbar.json`;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return true;
}

/** Makes a new design of a file (an exported design, or plain JSON) and opens it; answers its id. */
export async function importFile(file: File): Promise<Result<string>> {
  try {
    return ok(await desk.createDesign(JSON.parse(await file.text()) as DesignDocument));
  } catch {
    const problem = error('not-a-design', `“${file.name}” is no design.`);
    desk.notify(problem);
    return fail(problem);
  }
}

/** Keeps bytes under their hash; what the document holds is the reference. */
export async function putBlob(name: string, bytes: Uint8Array): Promise<BlobRef> {
  const [{ sha256 }, { bytesToHex }] = await Promise.all([
    import('@noble/hashes/sha2.js'),
    import('@noble/hashes/utils.js'),
  ]);
  const hash = bytesToHex(sha256(bytes));
  await desk.environment.blobs.setMany([[hash, bytes]]);
  return { name, bytes: bytes.length, sha256: hash };
}

/** The bytes of a blob, or undefined when this browser does not have them. */
export async function readBlob(sha256: string): Promise<Uint8Array | undefined> {
  return desk.environment.blobs.get<Uint8Array>(sha256);
}
