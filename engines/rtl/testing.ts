import type { Job } from '../core/job.ts';
import { slice as definition } from './slice.ts';
import type { RtlReport, RtlSlice } from './types.ts';

/** A job that runs inline, for tests and benches; keeps what was reported. */
export function inlineJob(options: { signal?: AbortSignal; blobs?: Record<string, Uint8Array> } = {}): Job & {
  partials: RtlReport[];
  lines: string[];
} {
  const partials: RtlReport[] = [];
  const lines: string[] = [];
  return {
    partials,
    lines,
    signal: options.signal ?? new AbortController().signal,
    seed: 1,
    progress(_fraction, _what, partial) {
      if (partial !== undefined) partials.push(partial as RtlReport);
    },
    log: (line) => lines.push(line),
    call: () => Promise.reject(new Error('No workers here.')),
    map: () => Promise.reject(new Error('No workers here.')),
    blob: async (sha256) => options.blobs?.[sha256],
  };
}

/** A design of these files, all else by default. */
export function designOf(files: Record<string, string>, choices: Partial<RtlSlice> = {}): RtlSlice {
  return {
    ...definition.defaults,
    files: Object.entries(files).map(([path, text]) => ({ path, text })),
    ...choices,
  };
}
