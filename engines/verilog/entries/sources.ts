import { checkAborted } from '../../core/abort.ts';
import type { Job } from '../../core/job.ts';
import { error, ok, type Problem, type Result } from '../../core/result.ts';
import { parseCommand } from '../command.ts';
import type { SimLimits, SimSpec, VirtualFiles } from '../run/types.ts';
import { normalise } from '../syntax/paths.ts';
import { decodeSource } from '../syntax/source-text.ts';
import type { SimulateSpec } from '../types.ts';

/** The files of a spec, by path, with what the run itself writes. */
export interface Sources {
  files: VirtualFiles;
  text(path: string): string | undefined;
  written: Map<string, Uint8Array>;
}

/** Fetches the contents of all files. */
export async function sourcesOf(spec: SimulateSpec, job: Job): Promise<Result<Sources>> {
  const contents = new Map<string, Uint8Array>();
  const problems: Problem[] = [];
  const encoder = new TextEncoder();
  for (const file of spec.files) {
    if ('text' in file) contents.set(plainPath(file.path), encoder.encode(file.text));
    else {
      const bytes = await job.blob(file.blob.sha256);
      checkAborted(job.signal);
      if (bytes) contents.set(plainPath(file.path), bytes);
      else {
        const what = `The contents of '${file.path}' (${file.blob.bytes} bytes) are not on this machine.`;
        problems.push(
          error('missing-blob', what, 'Add the file again; it is recognised by its contents.', { file: file.path }),
        );
      }
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  const written = new Map<string, Uint8Array>();
  // A bench names its files as from the folder it was started in: the project's root, or, found by its name alone, its own.
  const byName = new Map<string, string>();
  for (const path of contents.keys()) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!byName.has(name)) byName.set(name, path);
  }
  const find = (path: string): Uint8Array | undefined => {
    const plain = plainPath(path);
    return (
      written.get(plain) ??
      contents.get(plain) ??
      contents.get(byName.get(plain.slice(plain.lastIndexOf('/') + 1)) ?? '')
    );
  };
  return ok({
    written,
    files: { read: find, write: (path, bytes) => void written.set(plainPath(path), bytes) },
    text: (path) => {
      const bytes = contents.get(plainPath(path));
      return bytes && decodeSource(bytes);
    },
  });
}

/** "./a//b" is "a/b". */
function plainPath(path: string): string {
  return normalise(path);
}

const LIMITS: SimLimits = {
  memoryBytes: 512 * 1024 * 1024,
  stepEvents: 5_000_000,
  outputChars: 20_000_000,
  waveBytes: 256 * 1024 * 1024,
};

const UNITS: Record<string, number> = { fs: -15, ps: -12, ns: -9, us: -6, µs: -6, ms: -3, s: 0 };

/** Seconds of "2.5 us"; undefined where there is none or it cannot be read. */
export function secondsOf(text: string): { value: number; unit: number } | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(fs|ps|ns|us|µs|ms|s)\s*$/.exec(text);
  return match ? { value: Number(match[1]), unit: UNITS[match[2]!]! } : undefined;
}

/** The simulator's own spec of a run. */
export function simSpecOf(spec: SimulateSpec, sources: Sources): Result<SimSpec> {
  const problems: Problem[] = [];
  let libraries: Partial<SimSpec> = {};
  let compiled = spec.compiled.map(plainPath);
  let includeDirs = [...spec.includeDirs];
  let defines = { ...spec.defines };
  if (spec.fileList !== undefined) {
    const read = parseCommand(['-f', plainPath(spec.fileList)], {
      read: (path) => sources.text(path),
      variable: () => undefined,
    });
    if (!read.ok) return read;
    const listed = read.value.spec;
    const benches = (spec.benches ?? []).map(plainPath);
    compiled = [...listed.files.map(plainPath).filter((path) => !benches.includes(path)), ...benches];
    includeDirs = [...includeDirs, ...listed.includeDirs];
    defines = { ...listed.defines, ...defines };
    const { libraryDirs, librarySuffixes, libraryFiles, timescale } = listed;
    libraries = {
      libraryDirs,
      librarySuffixes,
      ...(libraryFiles && { libraryFiles }),
      ...(timescale && { timescale }),
    };
  }
  if (compiled.length === 0) {
    problems.push(error('no-verilog', 'None of the files is Verilog.', 'Add a file whose name ends in .v or .sv.'));
  }
  if (spec.timeLimit.trim() !== '' && !secondsOf(spec.timeLimit)) {
    const what = `'${spec.timeLimit}' is no time.`;
    problems.push(
      error('no-time', what, 'Write a number with a unit: 100 us, 2 ms, 1 s.', {
        path: 'slices.rtl.simulation.timeLimit',
      }),
    );
  }
  if (problems.length > 0) return { ok: false, problems };
  return ok({
    files: compiled,
    tops: spec.tops,
    defines,
    includeDirs,
    parameters: spec.parameters,
    libraryDirs: [],
    librarySuffixes: [],
    ...libraries,
    separateUnits: false,
    delays: spec.delays,
    specify: spec.specify,
    plusArgs: spec.plusArgs,
    backEnd: 'auto',
    record: spec.record === 'all',
    limits: { ...LIMITS, events: spec.eventLimit },
    ...(spec.generation !== undefined && { generation: spec.generation }),
  });
}
