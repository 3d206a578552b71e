import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export { sha256 };

/** SHA-256 of bytes, as 64 hex digits. In plain JavaScript: Web Crypto is missing on plain http. */
export function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** The same, for bytes that come piece by piece. */
export class Sha256 {
  readonly #hash = sha256.create();

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    return this;
  }

  /** Ends the hash; no update may follow. */
  hex(): string {
    return bytesToHex(this.#hash.digest());
  }
}

/** SHA-256 of a value as `canonicalJson` writes it: equal values have equal hashes, whatever the order of their keys. */
export function hashValue(value: unknown): string {
  return sha256Hex(utf8ToBytes(canonicalJson(value)));
}

/**
 * A value as JSON with its keys sorted by code unit and without spaces. Keys that hold `undefined` are left out. Beyond
 * JSON: typed arrays are written by kind and content, NaN and the infinities by name, so that reports can be hashed too.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return `${value.constructor.name}(${sha256Hex(bytes)})`;
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Record<string, unknown>;
  const entries = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key])}`);
  return `{${entries.join(',')}}`;
}
