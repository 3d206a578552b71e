import * as z from 'zod/mini';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { copyJson, DEEPEST, deeperThan, formatPath, isPlainObject, type Path, type PlainObject } from './json.ts';
import { MADE_WITH } from './made-with.ts';
import { lift } from './migrate.ts';
import { nearest } from './nearest.ts';
import type { Registry } from './registry.ts';
import { type Finding, type Repaired, repair } from './repair.ts';
import { CURRENT_VERSION, type DesignDocument, type Restored, type SliceDefinition } from './types.ts';

const MOST_SEED = 0xffffffff;

const envelopeSchema = z.strictObject({
  version: z.int().check(z.gte(1)),
  madeWith: z.string(),
  title: z.string(),
  seed: z.int().check(z.gte(0), z.lte(MOST_SEED)),
  lab: z.string().check(z.minLength(1)),
  slices: z.record(z.string(), z.unknown()),
  view: z.optional(z.record(z.string(), z.unknown())),
});

const ENVELOPE_DEFAULTS = { madeWith: '', title: 'Untitled', seed: 1, slices: {} };

/** A new design of this version. `seed` is a whole number from 0 to 2^32 - 1 (default 1). */
export function newDocument(lab: string, slice: unknown, options: { title: string; seed?: number }): DesignDocument {
  const { title, seed = ENVELOPE_DEFAULTS.seed } = options;
  return { version: CURRENT_VERSION, madeWith: MADE_WITH, title, seed, lab, slices: { [lab]: copyJson(slice) } };
}

/**
 * The one border that everything entering the studio passes (link, file, storage, clipboard). Lifts an older document,
 * fills what was omitted with the defaults of the document's version, drops what is unknown, replaces what is wrong, and
 * reports the last two as findings. Slices that the registry does not know travel through untouched.
 * Never throws on JSON and never changes `input`.
 *
 * Fails with `not-a-design` (no design can be made of it), or `newer-version` (made by a newer studio: the caller may show
 * it untouched and read-only).
 */
export function restore(input: unknown, registry: Registry): Result<Restored> {
  const read = readDocument(input, registry);
  if (!read.ok) return read;
  const { document, findings } = read.value;
  return ok({
    document,
    findings: findings.map(({ problem, done }) => ({ ...problem, what: `${problem.what} ${done}` })),
  });
}

/** The strict form, for the command line: every finding of `restore` is an error, with its path in the document. */
export function restoreStrict(input: unknown, registry: Registry): Result<Restored> {
  const read = readDocument(input, registry);
  if (!read.ok) return read;
  const { document, findings } = read.value;
  const errors = findings.map(({ problem }): Problem => ({ ...problem, severity: 'error' }));
  const misnamed = misnamedSlice(input, document, registry);
  if (misnamed) errors.unshift(misnamed);
  const [first, ...others] = errors;
  return first ? fail(first, ...others) : ok({ document, findings: [] });
}

function readDocument(input: unknown, registry: Registry): Result<{ document: DesignDocument; findings: Finding[] }> {
  const refusal = refuse(input, registry);
  if (refusal) return fail(refusal);
  const given = input as PlainObject;
  const version = isVersion(given.version) ? given.version : registry.version;
  const findings: Finding[] = [];

  const lifted = lift({ ...given }, version, registry.version, registry.envelope);
  if (lifted.failedAt !== undefined) findings.push(unlifted([], lifted.failedAt));
  const upToDate = { ...(lifted.value as PlainObject) };
  // A wrong version stays, to be replaced and reported with everything else.
  if (given.version === undefined || isVersion(given.version)) upToDate.version = registry.version;
  const lab = likelyLab(upToDate.slices, registry);
  const envelope = repair(envelopeSchema, { ...ENVELOPE_DEFAULTS, version: registry.version, lab }, upToDate, []);
  findings.push(...envelope.findings);

  const document = envelope.value as DesignDocument;
  for (const definition of registry.all()) {
    const slice = restoreSlice(document, definition, version, registry.version);
    if (!slice) continue;
    document.slices[definition.id] = slice.value;
    findings.push(...slice.findings);
  }
  return ok({ document, findings });
}

/** The slice of `definition` in the document; undefined when the document does without it. */
function restoreSlice(
  { lab, slices }: DesignDocument,
  { id, schema, defaults, migrations }: SliceDefinition,
  from: number,
  to: number,
): Repaired | undefined {
  const given = Object.hasOwn(slices, id) ? slices[id] : lab === id ? {} : undefined;
  if (given === undefined) return undefined;
  const lifted = lift(given, from, to, migrations);
  const repaired = repair(schema, defaults, lifted.value, ['slices', id]);
  if (lifted.failedAt === undefined) return repaired;
  return { value: repaired.value, findings: [unlifted(['slices', id], lifted.failedAt), ...repaired.findings] };
}

/** Why no design can be made of `input`, if so. */
function refuse(input: unknown, registry: Registry): Problem | undefined {
  const remedy = 'A design is a JSON object with at least "lab" and "slices", as Export writes it.';
  if (!isPlainObject(input)) return error('not-a-design', 'This is not a design: it is not a JSON object.', remedy);
  const { version, lab, slices } = input;
  if (isVersion(version) && version > registry.version) {
    const what = `This design has document version ${version}; this studio reads versions up to ${registry.version}.`;
    return error('newer-version', what, 'Open it in the studio that made it, or update this one.', { path: 'version' });
  }
  if ((typeof lab !== 'string' || lab === '') && likelyLab(slices, registry) === undefined) {
    return error('not-a-design', 'This is not a design: it names no lab and has no slices.', remedy);
  }
  if (deeperThan(input, DEEPEST)) {
    return error('not-a-design', `This is not a design: it is nested more than ${DEEPEST} levels deep.`, remedy);
  }
  return undefined;
}

function isVersion(version: unknown): version is number {
  return Number.isInteger(version) && (version as number) >= 1;
}

/** The lab of a document that does not say: the first of its slices that is known, or else the first. */
function likelyLab(slices: unknown, registry: Registry): string | undefined {
  if (!isPlainObject(slices)) return undefined;
  const ids = Object.keys(slices).filter((id) => id !== '' && id !== '__proto__');
  return ids.find((id) => registry.get(id)) ?? ids[0];
}

function unlifted(path: Path, version: number): Finding {
  const place = formatPath(path) || 'the document';
  return {
    problem: {
      code: 'not-lifted',
      severity: 'warning',
      what: `${place} could not be brought to version ${version}: it does not have the form of the version before.`,
      remedy: 'Compare its settings with those of the studio that made it.',
      where: { path: formatPath(path) },
    },
    done: 'What still fits was kept.',
  };
}

/**
 * `"slices": {"rlt": ...}` with `"lab": "rtl"` is no unknown slice to carry along but a slip of the pen, and would run the
 * defaults instead of the user's design.
 */
function misnamedSlice(input: unknown, { lab }: DesignDocument, registry: Registry): Problem | undefined {
  const slices = (input as PlainObject).slices;
  if (!isPlainObject(slices) || !registry.get(lab) || Object.hasOwn(slices, lab)) return undefined;
  const slip = Object.keys(slices).find((id) => !registry.get(id) && nearest(id, [lab]) !== undefined);
  if (slip === undefined) return undefined;
  const path = formatPath(['slices', slip]);
  return error('unknown-key', `There is no slice "${slip}" in lab "${lab}".`, `Did you mean "${lab}"?`, { path });
}
