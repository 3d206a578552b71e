/** Bytes that are read piece by piece: a file of 500 MB is never in memory as a whole. */
export interface ByteSource {
  /** Length in all. */
  readonly bytes: number;
  /** The bytes from `offset` on, fewer where the source ends before. The array is the caller's to read, not to change. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** What is used of a Blob, of which a File is one; browsers and Node both have them. */
interface Sliceable {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A source over bytes in memory, or over a Blob, of which only the slices asked for are ever read. */
export function byteSource(content: Uint8Array | Sliceable): ByteSource {
  if (content instanceof Uint8Array) {
    return {
      bytes: content.length,
      read: async (offset, length) => content.subarray(offset, Math.min(content.length, offset + length)),
    };
  }
  return {
    bytes: content.size,
    read: async (offset, length) => new Uint8Array(await content.slice(offset, offset + length).arrayBuffer()),
  };
}
