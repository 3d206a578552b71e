/** Bytes that may be too many to hold: a file on disk, an upload. Read by slices, never whole. */
export interface ByteSource {
  readonly bytes: number;
  /** The bytes from `offset`, `length` of them or as many as there are. Rejects when the file has gone away. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export function sourceOfBytes(data: Uint8Array): ByteSource {
  return {
    bytes: data.length,
    read: async (offset, length) => data.subarray(Math.min(offset, data.length), offset + length),
  };
}

/** What is used of a Blob or File, which browsers and Node both have. */
interface SliceableBlob {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A Blob or File, of which only the slices asked for are ever read. */
export function sourceOfBlob(blob: SliceableBlob): ByteSource {
  return {
    bytes: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}
