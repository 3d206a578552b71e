import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { sha256Hex } from '../core/hash.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { blobsOf } from './blobs.ts';
import { DEEPEST, deeperThan, isPlainObject } from './json.ts';
import { decodeText, parseJson } from './text.ts';
import type { BlobRef, DesignDocument } from './types.ts';

export interface Unpacked {
  /** As it was packed: `restore` it. */
  document: unknown;
  blobs: { ref: BlobRef; bytes: Uint8Array }[];
  /** Blobs that the document names and the file does not hold. */
  missing: BlobRef[];
}

/** The name of the document inside the file. */
const DESIGN = 'design.json';
const BLOBS = 'blobs/';

/** Larger files are refused before they are inflated. */
const MOST_BYTES = 1 << 30;
/** The document alone: its large texts are blobs, and it is parsed as a whole. */
const MOST_DESIGN_BYTES = 1 << 26;

/** Years before 1980 do not exist in a zip; the same one always makes the same bytes. */
const EPOCH = new Date(1980, 0, 1);

/**
 * One file with a design and its blobs: a zip of `design.json` and `blobs/<sha256>`. The same design gives the same bytes.
 * A blob that `readBlob` does not have is left out, and named by `unpack`.
 */
export async function pack(
  document: DesignDocument,
  readBlob: (sha256: string) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array> {
  const entries: Zippable = { [DESIGN]: strToU8(`${JSON.stringify(sortKeys(document), undefined, 2)}\n`) };
  const hashes = blobsOf(document).map(({ sha256 }) => sha256);
  for (const hash of hashes.sort()) {
    const bytes = await readBlob(hash);
    if (bytes) entries[BLOBS + hash] = bytes;
  }
  return zipSync(entries, { level: 6, mtime: EPOCH });
}

/**
 * Reads what `pack` wrote, or a design as plain JSON. Checks every blob against its hash; what the document does not name is
 * passed over. Fails with `not-a-pack`, `not-json`, `pack-broken`, `pack-too-large`, `blob-damaged`.
 */
export function unpack(bytes: Uint8Array): Result<Unpacked> {
  const isZip = strFromU8(bytes.subarray(0, 2), true) === 'PK';
  const read = isZip ? readZip(bytes) : ok<Record<string, Uint8Array>>({ [DESIGN]: bytes });
  if (!read.ok) return read;
  const files = read.value;
  const text = files[DESIGN] && decodeText(files[DESIGN]);
  if (text === undefined) return fail(isZip ? noDesign() : notText());
  const document = parseJson(text, isZip ? DESIGN : undefined);
  if (!document.ok) return document;
  const blobs: Unpacked['blobs'] = [];
  const missing: BlobRef[] = [];
  const named = isPlainObject(document.value) && !deeperThan(document.value, DEEPEST);
  for (const ref of named ? blobsOf(document.value as unknown as DesignDocument) : []) {
    const content = files[BLOBS + ref.sha256];
    if (!content) missing.push(ref);
    else if (content.length !== ref.bytes || sha256Hex(content) !== ref.sha256) return fail(damaged(ref));
    else blobs.push({ ref, bytes: content });
  }
  return ok({ document: document.value, blobs, missing });
}

function readZip(bytes: Uint8Array): Result<Record<string, Uint8Array>> {
  let total = 0;
  let design = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const isOurs = name === DESIGN || name.startsWith(BLOBS);
        if (isOurs) total += originalSize;
        if (name === DESIGN) design = originalSize;
        return isOurs && total <= MOST_BYTES && design <= MOST_DESIGN_BYTES;
      },
    });
    return total > MOST_BYTES || design > MOST_DESIGN_BYTES ? fail(tooLarge(total)) : ok(files);
  } catch {
    return fail(error('pack-broken', 'This file is cut off or damaged: it is not a whole zip.', ASK_AGAIN));
  }
}

/** So that the same design is the same text, whatever the order in which its keys were made. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isPlainObject(value)) return value;
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key])]));
}

const ASK_AGAIN = 'Copy the file again, or ask its sender to export it anew.';

function noDesign(): Problem {
  const remedy = 'Open a file that Export wrote; sources as a zip are dropped into the lab instead.';
  return error('not-a-pack', `This zip holds no design: there is no readable ${DESIGN} in it.`, remedy);
}

function notText(): Problem {
  return error(
    'not-a-pack',
    'This file is no design: it is neither a zip nor JSON text.',
    'Open a file that Export wrote.',
  );
}

function tooLarge(total: number): Problem {
  const what = `This file would unpack to ${Math.floor(total / 1e6)} MB or more, which no design of the studio has.`;
  return error(
    'pack-too-large',
    what,
    'Ask its sender whether it is the right file, or for a design with smaller files.',
  );
}

function damaged(ref: BlobRef): Problem {
  const what = `The file "${ref.name}" inside this one is damaged: its content does not have the hash that the design names.`;
  return error('blob-damaged', what, ASK_AGAIN, { file: ref.name });
}
