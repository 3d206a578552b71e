import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate';
import { sha256 } from '../core/hash.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { type Address, formatAddress } from './address.ts';
import { fromBase64Url, toBase64Url } from './bytes.ts';
import { diff } from './delta.ts';
import { isPlainObject, sameJson } from './json.ts';
import { lift } from './migrate.ts';
import type { Registry } from './registry.ts';
import { newDocument, restore } from './restore.ts';
import type { DesignDocument, Example, Restored } from './types.ts';
import { applyWire, toWire, type WireEdit } from './wire.ts';

/** Which shipped example a design was made from. */
export interface ExampleRef {
  id: string;
  version: number;
}

export interface Linked extends Restored {
  origin?: ExampleRef;
}

/**
 * What a link holds: a whole document, or an example and what was changed in it. `lab` stands outside `delta`, because it
 * tells whose example it is; `view` stands outside because it belongs to no example.
 */
type Payload = DesignDocument | ExamplePayload;

interface ExamplePayload extends Pick<DesignDocument, 'version' | 'madeWith' | 'lab' | 'view'> {
  example: ExampleRef;
  delta?: WireEdit[];
}

/**
 * The codec: `1`, then base64url of 3 bytes of the SHA-256 of the rest and the rest: raw deflate (RFC 1951) of JSON in
 * UTF-8. A future form takes another tag; this one must be read for ever.
 */
const CODEC = '1';
const CHECK_BYTES = 3;

/** A design of this many bytes of JSON has long been a file: its texts travel as blobs from 256 kB. */
const MOST_BYTES = 4_000_000;

/**
 * The address of a link that opens as a copy of `document` (`#/rtl?d=...`). With `origin`, the example is named and only
 * what differs from it travels; an origin that the registry does not have is passed over. The view is left out unless asked.
 */
export async function encodeLink(
  document: DesignDocument,
  registry: Registry,
  origin?: ExampleRef,
  options: { view?: boolean } = {},
): Promise<string> {
  const { view, ...choices } = document;
  const payload: Payload = (origin && (await sinceExample(choices, registry, origin))) ?? choices;
  if (view !== undefined && options.view) payload.view = view;
  return formatAddress({ kind: 'link', lab: document.lab, payload: encodePayload(payload) });
}

/**
 * The document of a link, restored. The slice of the address's lab must be registered. Fails with `link-truncated`,
 * `link-changed`, `link-unknown-form`, `link-too-large`, `example-missing`, and as `restore` does.
 */
export async function decodeLink(
  address: Extract<Address, { kind: 'link' }>,
  registry: Registry,
): Promise<Result<Linked>> {
  const payload = decodePayload(address.payload);
  if (!payload.ok) return payload;
  if (!isPlainObject(payload.value) || !isPlainObject(payload.value.example)) return restore(payload.value, registry);
  const { example: origin, delta, ...outside } = payload.value as unknown as ExamplePayload;
  if (outside.version > registry.version) return restore({ ...outside, slices: {} }, registry);
  const example = await findExample(outside.lab, registry, origin);
  if (!example) return fail(missingExample(outside.lab, origin));
  try {
    const base = documentOf(example, outside.lab, registry, outside.version);
    const restored = restore({ ...(applyWire(base, delta ?? []) as object), ...outside }, registry);
    return restored.ok ? ok({ ...restored.value, origin }) : restored;
  } catch {
    return fail(changed('its changes do not fit the example that it names'));
  }
}

/**
 * The document that a link carries whole, as it was written: for one of a newer version, which `decodeLink` refuses.
 * Undefined when the link is damaged, or names an example and carries only the changes.
 */
export function wholeDocument(payload: string): unknown {
  const decoded = decodePayload(payload);
  return decoded.ok && isPlainObject(decoded.value) && !isPlainObject(decoded.value.example)
    ? decoded.value
    : undefined;
}

/** The payload that names the example; undefined where only the whole document comes out right. */
async function sinceExample(
  choices: DesignDocument,
  registry: Registry,
  origin: ExampleRef,
): Promise<ExamplePayload | undefined> {
  const { version, madeWith, lab, ...changeable } = choices;
  const example = version === registry.version ? await findExample(lab, registry, origin) : undefined;
  if (!example) return undefined;
  const base = documentOf(example, lab, registry, version);
  const wire = toWire(diff(base, changeable));
  if (!sameJson(applyWire(base, JSON.parse(JSON.stringify(wire))), changeable)) return undefined;
  const { id, version: exampleVersion } = example;
  const payload: ExamplePayload = { version, madeWith, lab, example: { id, version: exampleVersion } };
  return wire.length === 0 ? payload : { ...payload, delta: wire };
}

/** The unedited design of an example, in the form of a document version, without what stands outside the delta. */
function documentOf(example: Example, lab: string, registry: Registry, version: number) {
  const migrations = registry.get(lab)?.migrations ?? {};
  const { value } = lift(example.slice, example.format ?? 1, version, migrations);
  const { title, seed, slices } = newDocument(lab, value, { title: example.title });
  return { title, seed, slices };
}

async function findExample(lab: string, registry: Registry, { id, version }: ExampleRef): Promise<Example | undefined> {
  const examples = await registry.get(lab)?.examples();
  return examples?.find((example) => example.id === id && example.version === version);
}

function encodePayload(payload: Payload): string {
  const deflated = deflateSync(strToU8(JSON.stringify(payload)), { level: 9 });
  const bytes = new Uint8Array(CHECK_BYTES + deflated.length);
  bytes.set(sha256(deflated).subarray(0, CHECK_BYTES));
  bytes.set(deflated, CHECK_BYTES);
  return CODEC + toBase64Url(bytes);
}

function decodePayload(payload: string): Result<unknown> {
  // Mail programs break long lines.
  const text = payload.replace(/\s/g, '');
  if (text === '') return fail(truncated());
  if (!text.startsWith(CODEC)) return fail(unknownForm(text.charAt(0)));
  const foreign = /[^A-Za-z0-9_-]/.exec(text);
  if (foreign)
    return fail(changed(`it has a "${foreign[0]}" at place ${foreign.index + 1} of its data, which no link has`));
  const bytes = fromBase64Url(text.slice(CODEC.length));
  if (!bytes || bytes.length <= CHECK_BYTES) return fail(truncated());
  const deflated = bytes.subarray(CHECK_BYTES);
  const isSound = sha256(deflated).every((byte, index) => index >= CHECK_BYTES || byte === bytes[index]);
  const inflated = inflate(deflated);
  if (inflated === 'too-large') return fail(tooLarge());
  if (inflated === 'truncated') return fail(truncated());
  if (!isSound || inflated === 'broken') return fail(changed('its check digits do not match its data'));
  try {
    return ok(JSON.parse(strFromU8(inflated)));
  } catch {
    return fail(changed('its data are not a design'));
  }
}

/** fflate's code for data that end before the last block does. */
const UNEXPECTED_END = 0;

/** Inflates in small pieces, so that a few kilobytes cannot grow into gigabytes before anyone looks. */
function inflate(deflated: Uint8Array): Uint8Array | 'truncated' | 'broken' | 'too-large' {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((piece) => {
    pieces.push(piece);
    length += piece.length;
  });
  const step = 1024;
  try {
    for (let at = 0; at < deflated.length; at += step) {
      stream.push(deflated.subarray(at, at + step), at + step >= deflated.length);
      if (length > MOST_BYTES) return 'too-large';
    }
  } catch (reason) {
    return (reason as { code?: number }).code === UNEXPECTED_END ? 'truncated' : 'broken';
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const ASK_AGAIN = 'Copy the whole link again, or ask its sender for the exported file.';

function truncated(): Problem {
  return error('link-truncated', 'This link is cut off: the end of its data is missing.', ASK_AGAIN);
}

function changed(how: string): Problem {
  return error('link-changed', `This link was changed on its way: ${how}.`, ASK_AGAIN);
}

function unknownForm(tag: string): Problem {
  const what = `This link has form "${tag}", which this studio does not know: it was changed, or made by a newer studio.`;
  return error('link-unknown-form', what, 'Open it in the studio that made it, or copy the link again.');
}

function tooLarge(): Problem {
  const what = `This link holds more than ${MOST_BYTES / 1e6} MB, which no link of the studio does.`;
  return error('link-too-large', what, 'Ask its sender for the exported file instead.');
}

function missingExample(lab: string, origin: ExampleRef): Problem {
  const what = `This link is made from example "${origin?.id}", version ${origin?.version}, which lab "${lab}" does not have.`;
  return error('example-missing', what, 'Open it in the studio that made it, or ask its sender for the exported file.');
}
