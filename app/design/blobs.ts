import { blobsOf } from '../../engines/document/blobs.ts';
import type { BlobRef, DesignDocument } from '../../engines/document/types.ts';
import type { Desk } from './desk.ts';
import { resilientStorage } from './storage.ts';
import { storageNotice } from './storage-notice.ts';
import type { LocalDesign } from './types.ts';

/** Blobs that no design names stay this long: an undo, or another tab, may still want them. */
const KEEP_MS = 7 * 24 * 3600 * 1000;

export interface Blobs {
  /**
   * Keeps a content under its hash; what the document holds is the reference. A File is kept as it is, and never read as a
   * whole.
   */
  putBlob(name: string, content: Uint8Array | Blob): Promise<BlobRef>;
  /** The bytes of a blob, or undefined when this browser does not have them. */
  readBlob(sha256: string): Promise<Uint8Array | undefined>;
  /** The same in the form in which it is kept: large files can be read piece by piece. */
  readContent(sha256: string): Promise<Uint8Array | Blob | undefined>;
  /** The blobs that a document names and this browser does not have. */
  missingBlobs(document: DesignDocument): Promise<BlobRef[]>;
  /** Keeps bytes whose hash is known to be right. */
  keepBlob(sha256: string, content: Uint8Array | Blob): Promise<void>;
  /** Takes the bytes of a missing blob. False when they are not the ones the reference means. */
  provideBlob(ref: BlobRef, content: Uint8Array | Blob): Promise<boolean>;
  /** Removes blobs that no kept design has named for a week. */
  sweepBlobs(): Promise<void>;
}

export function createBlobs(desk: Desk): Blobs {
  const { environment, notify } = desk;
  const blobs = resilientStorage(environment.blobs, (reason) => notify(storageNotice(reason, 'files')));

  async function keepBlob(sha256: string, content: Uint8Array | Blob): Promise<void> {
    await blobs.setMany([
      [`b:${sha256}`, content],
      [`t:${sha256}`, environment.now()],
    ]);
  }

  const readContent = (sha256: string) => blobs.get<Uint8Array | Blob>(`b:${sha256}`);

  return {
    async putBlob(name, content) {
      const sha256 = await environment.hash(content);
      await keepBlob(sha256, content);
      return { name, bytes: sizeOf(content), sha256 };
    },
    async readBlob(sha256) {
      const content = await readContent(sha256);
      return content instanceof Blob ? new Uint8Array(await content.arrayBuffer()) : content;
    },
    readContent,
    async missingBlobs(document) {
      const named = blobsOf(document);
      if (named.length === 0) return [];
      const there = new Set(await blobs.keys());
      return named.filter(({ sha256 }) => !there.has(`b:${sha256}`));
    },
    keepBlob,
    async provideBlob(ref, content) {
      if (sizeOf(content) !== ref.bytes || (await environment.hash(content)) !== ref.sha256) return false;
      await keepBlob(ref.sha256, content);
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

function sizeOf(content: Uint8Array | Blob): number {
  return content instanceof Blob ? content.size : content.length;
}
