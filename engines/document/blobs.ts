import { eachObject, type PlainObject } from './json.ts';
import type { BlobRef, DesignDocument } from './types.ts';

/** Texts that are larger than this in all travel as blobs beside the document. Bytes of UTF-8. */
export const INLINE_TEXT_BYTES = 256 * 1024;

/** The blobs that a document names, each content once, in the order of first mention. Unknown slices count too. */
export function blobsOf(document: DesignDocument): BlobRef[] {
  const refs = new Map<string, BlobRef>();
  eachObject(document, (object) => {
    if (isBlobRef(object) && !refs.has(object.sha256)) refs.set(object.sha256, object);
  });
  return [...refs.values()];
}

/** Exactly `{name, bytes, sha256}`. */
export function isBlobRef(object: PlainObject): object is PlainObject & BlobRef {
  const { name, bytes, sha256 } = object;
  return (
    Object.keys(object).length === 3 &&
    typeof name === 'string' &&
    Number.isSafeInteger(bytes) &&
    (bytes as number) >= 0 &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}
