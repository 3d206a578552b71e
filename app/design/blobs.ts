import { blobsOf } from '../../engines/document/blobs.ts';
import type { BlobRef, DesignDocument } from '../../engines/document/types.ts';
import type { Desk } from './desk.ts';
import { resilientStorage } from './storage.ts';
import { storageNotice } from './storage-notice.ts';
import type { LocalDesign } from './types.ts';

/** Hashing a piece of this size takes a few milliseconds: the page stays alive between pieces. */
const PIECE = 512 * 1024;
/** Blobs that no design names stay this long: an undo, or another tab, may still want them. */
const KEEP_MS = 7 * 24 * 3600 * 1000;

export interface Blobs {
  /** Keeps bytes under their hash; what the document holds is the reference. */
  putBlob(name: string, bytes: Uint8Array): Promise<BlobRef>;
  /** The bytes of a blob, or undefined when this browser does not have them. */
  readBlob(sha256: string): Promise<Uint8Array | undefined>;
  /** The blobs that a document names and this browser does not have. */
  missingBlobs(document: DesignDocument): Promise<BlobRef[]>;
  /** Keeps bytes whose hash is known to be right. */
  keepBlob(sha256: string, bytes: Uint8Array): Promise<void>;
  /** Takes the bytes of a missing blob. False when they are not the ones the reference means. */
  provideBlob(ref: BlobRef, bytes: Uint8Array): Promise<boolean>;
  /** Removes blobs that no kept design has named for a week. */
  sweepBlobs(): Promise<void>;
}

export function createBlobs(desk: Desk): Blobs {
  const { environment, notify } = desk;
  const blobs = resilientStorage(environment.blobs, (reason) => notify(storageNotice(reason, 'files')));

  async function keepBlob(sha256: string, bytes: Uint8Array): Promise<void> {
    await blobs.setMany([
      [`b:${sha256}`, bytes],
      [`t:${sha256}`, environment.now()],
    ]);
  }

  return {
    async putBlob(name, bytes) {
      const sha256 = await hashInPieces(bytes);
      await keepBlob(sha256, bytes);
      return { name, bytes: bytes.length, sha256 };
    },
    readBlob: (sha256) => blobs.get<Uint8Array>(`b:${sha256}`),
    async missingBlobs(document) {
      const named = blobsOf(document);
      if (named.length === 0) return [];
      const there = new Set(await blobs.keys());
      return named.filter(({ sha256 }) => !there.has(`b:${sha256}`));
    },
    keepBlob,
    async provideBlob(ref, bytes) {
      if (bytes.length !== ref.bytes || (await hashInPieces(bytes)) !== ref.sha256) return false;
      await keepBlob(ref.sha256, bytes);
      return true;
    },
    async sweepBlobs() {
      const stamps = (await blobs.keys()).filter((key) => key.startsWith('t:'));
      if (stamps.length === 0) return;
      const times = await blobs.getMany<number>(stamps);
      const old = environment.now() - KEEP_MS;
      const aged = stamps.filter((_, index) => (times[index] ?? 0) < old).map((key) => key.slice(2));
      if (aged.length === 0) return;
      const used = new Set<string>();
      for (const { id } of await desk.listDesigns()) {
        const record = await environment.designs.get<LocalDesign>(`d:${id}`);
        for (const { sha256 } of record ? blobsOf(record.document) : []) used.add(sha256);
      }
      await blobs.removeMany(
        aged.filter((sha256) => !used.has(sha256)).flatMap((sha256) => [`b:${sha256}`, `t:${sha256}`]),
      );
    },
  };
}

async function hashInPieces(bytes: Uint8Array): Promise<string> {
  const { Sha256 } = await import('../../engines/core/hash.ts');
  const hash = new Sha256();
  for (let at = 0; at < bytes.length; at += PIECE) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve));
    hash.update(bytes.subarray(at, at + PIECE));
  }
  return hash.hex();
}
