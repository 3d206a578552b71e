import { byteSource } from '../../engines/core/byte-source.ts';

/** Hashing a piece of this size takes a few milliseconds: the page stays alive between pieces. */
const PIECE = 512 * 1024;

/** SHA-256 in hex, on the page's own thread, which it gives back after each piece. */
export async function hashInPieces(content: Uint8Array | Blob): Promise<string> {
  const { Sha256 } = await import('../../engines/core/hash.ts');
  const source = byteSource(content);
  const hash = new Sha256();
  for (let at = 0; at < source.bytes; at += PIECE) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve));
    hash.update(await source.read(at, PIECE));
  }
  return hash.hex();
}
