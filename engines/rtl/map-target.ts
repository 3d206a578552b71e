import { checkAborted } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { readLiberty } from '../synthesis/liberty/read.ts';
import type { Library } from '../synthesis/liberty/types.ts';
import { type MapCells, mapCells } from '../synthesis/map-library.ts';
import { studio45, studio45Liberty } from '../synthesis/studio45/index.ts';
import type { Corner, RtlSlice } from './types.ts';

/** The library that a design is mapped to, read, and as Yosys gets it. */
export interface MapTarget {
  /** What tells it apart from others. */
  key: string;
  library: Library;
  liberty: string | Uint8Array;
  /** Its name in Yosys' file system. */
  file: string;
  /** Of the studio's own cells. */
  corner?: Corner;
  cells: MapCells;
  problems: Problem[];
}

/** Libraries are large, and a design is analysed many times under one. */
const KEPT = 3;
const kept = new Map<string, MapTarget>();

const WHERE = { path: 'slices.rtl.library' };

/**
 * Reads the library that a slice names.
 *
 * Errors: `missing-blob`, those of `readLiberty`, `map-empty-library`, `map-poor-library` (no inverter and no gate of two inputs: nothing can be
 * built of it).
 */
export async function targetOf(slice: Pick<RtlSlice, 'library' | 'corner'>, job: Job): Promise<Result<MapTarget>> {
  const { library, corner } = slice;
  const key = library === 'studio45' ? `studio45:${corner}` : library.blob.sha256;
  const known = kept.get(key);
  if (known) return ok(known);
  const read = library === 'studio45' ? ownTarget(key, corner) : await blobTarget(key, library.blob, job);
  if (!read.ok) return read;
  kept.set(key, read.value);
  for (const old of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(old);
  }
  return read;
}

function ownTarget(key: string, corner: Corner): Result<MapTarget> {
  const library = studio45(corner);
  const file = `studio45_${corner}.lib`;
  return ok({ key, library, liberty: studio45Liberty(corner), file, corner, cells: mapCells(library), problems: [] });
}

async function blobTarget(
  key: string,
  blob: { name: string; bytes: number; sha256: string },
  job: Job,
): Promise<Result<MapTarget>> {
  const bytes = await job.blob(blob.sha256);
  checkAborted(job.signal);
  if (!bytes) {
    return fail(
      error(
        'missing-blob',
        `The contents of the library '${blob.name}' (${blob.bytes} bytes) are not on this machine.`,
        'Add the file again; it is recognised by its contents.',
        WHERE,
      ),
    );
  }
  const read = await readLiberty(bytes, { file: blob.name, signal: job.signal });
  if (!read.ok) return { ok: false, problems: read.problems.map(placed) };
  const { library, problems } = read.value;
  if (library.cells.size === 0) {
    return fail(
      error(
        'map-empty-library',
        `The library '${blob.name}' has no cells.`,
        'Choose a library of standard cells.',
        WHERE,
      ),
    );
  }
  const cells = mapCells(library);
  const poor = poverty(library, cells);
  if (poor !== undefined) {
    return fail(
      error(
        'map-poor-library',
        `The library '${blob.name}' has no ${poor}, so no logic can be built of it.`,
        'Choose a library of standard cells, with an inverter and gates of two inputs.',
        WHERE,
      ),
    );
  }
  return ok({ key, library, liberty: bytes, file: 'library.lib', cells, problems: problems.map(placed) });
}

function placed(problem: Problem): Problem {
  return { ...problem, where: { ...problem.where, ...WHERE } };
}

/** What ABC cannot do without. */
function poverty(library: Library, { driver }: MapCells): string | undefined {
  if (driver === undefined) return 'inverter';
  for (const { pins, sequential, dontUse } of library.cells.values()) {
    if (sequential || dontUse) continue;
    const inputs = pins.filter(({ direction }) => direction === 'input').length;
    if (inputs >= 2 && pins.some((pin) => pin.direction === 'output' && pin.function && !pin.threeState))
      return undefined;
  }
  return 'gate of two inputs';
}
