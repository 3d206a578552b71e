import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { error, fail, ok, type Problem, type Result } from '../../engines/core/result.ts';
import {
  createRegistry,
  type DesignDocument,
  isPlainObject,
  type Registry,
  resolveFiles,
  restore,
  restoreStrict,
  type SliceDefinition,
  unpack,
} from '../../engines/document/index.ts';
import { Failure, Usage } from './errors.ts';
import { applySetting, parseSetting, type Setting } from './settings.ts';

/** Each lab's slice, loaded only when a design names it. */
const slices = import.meta.glob<SliceDefinition>('../../engines/*/slice.ts', { import: 'slice' });

export interface Source {
  /** "design.json", or "standard input". */
  name: string;
  /** What relative paths in the design count from. */
  folder: string;
  bytes: Uint8Array;
}

export interface Overrides {
  lab?: string;
  set?: string[];
  seed?: string;
  repair?: boolean;
}

export interface Design {
  document: DesignDocument;
  /** What `--repair` let pass. */
  findings: Problem[];
  registry: Registry;
  blob(sha256: string): Promise<Uint8Array | undefined>;
}

export async function readSource(file: string): Promise<Source> {
  if (file === '-') return { name: 'standard input', folder: process.cwd(), bytes: await buffer(process.stdin) };
  const path = resolve(file);
  try {
    return { name: file, folder: dirname(path), bytes: await readFile(path) };
  } catch (reason) {
    throw new Failure([unreadable(file, reason)]);
  }
}

function unreadable(file: string, reason: unknown): Problem {
  const missing = (reason as NodeJS.ErrnoException).code === 'ENOENT';
  const what = missing
    ? `There is no file '${file}'.`
    : `The file '${file}' cannot be read (${(reason as Error).message}).`;
  return error('file-unreadable', what, 'Check the path.', { file });
}

/** @throws Usage when an override is no override. */
export function readOverrides({ lab, set = [], seed, repair = false }: Overrides) {
  const settings: Setting[] = set.map(parseSetting);
  if (lab !== undefined) settings.unshift({ path: ['lab'], value: lab });
  if (seed !== undefined) {
    if (!/^\d+$/.test(seed)) throw new Usage(`--seed wants a whole number, not '${seed}'.`);
    settings.push({ path: ['seed'], value: Number(seed) });
  }
  return { settings, repair };
}

/**
 * Reads a design as JSON or as a packed file, applies the overrides, reads the files that it names, and restores it.
 * Strict unless `repair`: whatever would be dropped or replaced is an error with its path.
 */
export async function readDesign(
  source: Source,
  { settings, repair }: ReturnType<typeof readOverrides>,
): Promise<Result<Design>> {
  const read = unpack(source.bytes);
  if (!read.ok) return read;
  const packed = new Map(read.value.blobs.map(({ ref, bytes }) => [ref.sha256, bytes]));
  const changed = settings.reduce(applySetting, read.value.document);
  const resolved = await resolveFiles(
    changed,
    (path) => readFile(resolve(source.folder, path)),
    async (name, bytes) => {
      // Node's own hash: ten times the speed of the studio's, which counts for weights.
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      packed.set(sha256, bytes);
      return { name, bytes: bytes.length, sha256 };
    },
  );
  if (!resolved.ok) return resolved;

  const registry = createRegistry();
  for (const lab of labsOf(resolved.value)) {
    const load = slices[`../../engines/${lab}/slice.ts`];
    if (load) registry.register(await load());
  }
  const restored = (repair ? restore : restoreStrict)(resolved.value, registry);
  if (!restored.ok) return restored;
  const { document, findings } = restored.value;
  if (!registry.get(document.lab)) return fail(unknownLab(document.lab));
  return ok({
    document,
    findings,
    registry,
    blob: async (sha256) => packed.get(sha256) ?? (await readBlob(source.folder, sha256)),
  });
}

/** `unpack` puts blobs into a folder beside the design. */
async function readBlob(folder: string, sha256: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(join(folder, 'blobs', basename(sha256)));
  } catch {
    return undefined;
  }
}

function labsOf(document: unknown): Set<string> {
  const named = new Set<string>();
  if (!isPlainObject(document)) return named;
  if (typeof document.lab === 'string') named.add(document.lab);
  if (isPlainObject(document.slices)) for (const lab of Object.keys(document.slices)) named.add(lab);
  return named;
}

function unknownLab(lab: string): Problem {
  const known = Object.keys(slices).map((path) => path.split('/').at(-2));
  return error('unknown-lab', `There is no lab '${lab}'.`, `Labs: ${known.join(', ')}.`, { path: 'lab' });
}
