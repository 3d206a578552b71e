import { type OutputStream, runYosys, type Tree } from '@yowasp/yosys';
import { inlineJob as coreJob } from '../core/inline-job.ts';
import type { Job } from '../core/job.ts';
import { toStandardOutput } from '../synthesis/script.ts';
import { planOf } from './plan.ts';
import { slice as definition } from './slice.ts';
import { synthesise } from './synthesise.ts';
import type { RtlReport, RtlSlice } from './types.ts';

/** A job that runs inline, for tests and benches; keeps what was reported. */
export function inlineJob(options: { signal?: AbortSignal; blobs?: Record<string, Uint8Array> } = {}): Job & {
  partials: RtlReport[];
  lines: string[];
} {
  const partials: RtlReport[] = [];
  const lines: string[] = [];
  const job = coreJob({
    ...options,
    onProgress(_fraction, _what, partial) {
      if (partial !== undefined) partials.push(partial as RtlReport);
    },
    onLog: (line) => lines.push(line),
  });
  return { ...job, partials, lines };
}

/** A design of these files, all else by default. */
export function designOf(files: Record<string, string>, choices: Partial<RtlSlice> = {}): RtlSlice {
  return {
    ...definition.defaults,
    files: Object.entries(files).map(([path, text]) => ({ path, text })),
    ...choices,
  };
}

export async function exampleOf(id: string): Promise<RtlSlice> {
  const example = (await definition.examples()).find((each) => each.id === id);
  if (!example) throw new Error(`There is no example ${id}.`);
  return example.slice;
}

/** The scripts that `synthesise` ran for a design, as a native Yosys runs them: to word level, to gates. */
export async function scriptsOf(slice: RtlSlice): Promise<{ scripts: string[]; tree: Tree }> {
  const job = inlineJob();
  const gates = await synthesise(slice, job);
  const plan = await planOf(slice, job);
  const [word] = job.partials;
  if (!gates.ok || !plan.ok || !word) throw new Error('This design does not synthesise.');
  return { scripts: [word.script, gates.value.script], tree: plan.value.sources.tree };
}

/**
 * Milliseconds of the package alone on these scripts, one after the other: what it prints (netlists too) is counted, and
 * nothing else is done.
 */
export async function timeAlone(scripts: readonly string[], files: Tree): Promise<number> {
  const from = performance.now();
  for (const script of scripts) {
    let bytes = 0;
    const stdout: OutputStream = (chunk) => {
      bytes += chunk?.length ?? 0;
    };
    await runYosys(['run.ys'], { ...files, 'run.ys': toStandardOutput(script) }, { stdout, stderr: null });
    if (bytes === 0) throw new Error('Yosys printed nothing.');
  }
  return performance.now() - from;
}
