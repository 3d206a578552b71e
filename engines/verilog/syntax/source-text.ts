import { BYTE_MARK } from './characters.ts';

/**
 * The text of a source file. Bytes that are no UTF-8 (old Latin-1 files) become characters of their own, which strings give
 * back as the bytes that they are.
 */
export function decodeSource(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const parts: string[] = [];
    for (let at = 0; at < bytes.length; at += PART) {
      const codes = Array.from(bytes.subarray(at, at + PART), (byte) => (byte < 128 ? byte : BYTE_MARK + byte));
      parts.push(String.fromCharCode(...codes));
    }
    return parts.join('');
  }
}

const PART = 8192;
