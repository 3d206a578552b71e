import type { EntryName } from '../../engines/core/job.ts';

/** What makes two runs the same run. */
export interface RunKey {
  engineVersion: string;
  entry: EntryName;
  spec: unknown;
  seed: number | undefined;
}

/** The key of a run: equal for equal runs, whatever the order in which the spec's fields were written. */
export async function keyOf({ engineVersion, entry, spec, seed }: RunKey): Promise<string> {
  const { hashValue } = await import('../../engines/core/hash.ts');
  return hashValue([engineVersion, entry, seed ?? null, spec]);
}

/** Keeps results up to a number of bytes, those used last. A result larger than that is not kept. */
export class ResultCache {
  private readonly entries = new Map<string, { value: unknown; bytes: number }>();
  private total = 0;
  private readonly limit: number;

  constructor(limitBytes: number) {
    this.limit = limitBytes;
  }

  get bytes(): number {
    return this.total;
  }

  get(key: string): unknown {
    const found = this.entries.get(key);
    if (!found) return undefined;
    this.entries.delete(key);
    this.entries.set(key, found);
    return found.value;
  }

  set(key: string, value: unknown, bytes = estimateBytes(value)): void {
    this.drop(key);
    if (bytes > this.limit) return;
    this.entries.set(key, { value, bytes });
    this.total += bytes;
    for (const oldest of this.entries.keys()) {
      if (this.total <= this.limit) break;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    this.total -= this.entries.get(key)?.bytes ?? 0;
    this.entries.delete(key);
  }
}

/**
 * Bytes that a value takes in memory, roughly. Of a long array or a large object only some elements, spread evenly, are
 * measured, the fewer the deeper they lie, so that a netlist of 100,000 cells costs no frame.
 */
export function estimateBytes(value: unknown, depth = 0): number {
  if (typeof value === 'string') return 16 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return 64 + value.byteLength;
  if (Array.isArray(value)) return 16 + sampled(value, depth, (element) => 8 + estimateBytes(element, depth + 1));
  const object = value as Record<string, unknown>;
  return 32 + sampled(Object.keys(object), depth, (key) => 16 + 2 * key.length + estimateBytes(object[key], depth + 1));
}

/** How many elements are measured at each depth. */
const SAMPLES = [64, 24, 8, 4];

function sampled<T>(elements: readonly T[], depth: number, size: (element: T) => number): number {
  const count = elements.length;
  const step = Math.max(1, count / (SAMPLES[depth] ?? 3));
  let total = 0;
  let measured = 0;
  for (let at = 0; at < count; at += step) {
    total += size(elements[Math.floor(at)]!);
    measured++;
  }
  return measured === 0 ? 0 : (total / measured) * count;
}
