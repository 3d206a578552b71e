import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of a text as UTF-8, in hex. Plain JavaScript: Web Crypto is missing on plain http. */
export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
