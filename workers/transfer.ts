/** Below this a copy is cheaper than the bookkeeping. */
const MIN_BYTES = 64 * 1024;

/**
 * The buffers in a result that are worth handing over instead of copying: those of typed arrays that span the whole of a
 * buffer of 64 kB or more. What an entry returns belongs to the host from then on: an engine that keeps such an array
 * returns a copy. A view on a part of a buffer (of a WASM memory, say) is copied.
 */
export function transferList(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const seen = new Set<object>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (next instanceof ArrayBuffer) {
      if (next.byteLength >= MIN_BYTES) found.add(next);
    } else if (ArrayBuffer.isView(next)) {
      const { buffer, byteLength } = next;
      if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength && byteLength >= MIN_BYTES)
        found.add(buffer);
    } else {
      const parts = Array.isArray(next) ? next : next instanceof Map ? next.values() : Object.values(next);
      for (const part of parts) if (typeof part === 'object' && part !== null) open.push(part);
    }
  }
  return [...found];
}
