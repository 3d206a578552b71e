import { hashValue } from '../../engines/core/hash.ts';
import { error, fail, ok, type Problem, type Result } from '../../engines/core/result.ts';
import { blobsOf } from '../../engines/document/blobs.ts';
import { decodeLink, encodeLink, wholeDocument } from '../../engines/document/link.ts';
import { newDocument } from '../../engines/document/restore.ts';
import type { DesignDocument } from '../../engines/document/types.ts';
import type { Desk } from './desk.ts';
import { tellFindings } from './desk-notices.ts';
import { registryWith, slicesNamed } from './slices.ts';

/** Longer addresses are cut by mail and chat programs. */
export const LONGEST_LINK = 8192;

/** A share link, or why there is none and what travels instead. */
export interface Share {
  /** The whole address. Undefined when the design is too large for a link: the file travels instead. */
  url?: string;
  /** Length of the address in characters. */
  length: number;
  /** Why there is no link, or what it does not carry. */
  problem?: Problem;
}

/** The link that holds the open design, pending text included; undefined when none is open. `base` is the page without `#`. */
export async function shareLink(desk: Desk, base: string): Promise<Share | undefined> {
  const open = desk.store.getState().design;
  const record = open && (await desk.readDesign(open.id));
  if (!record) return undefined;
  const registry = await registryWith(slicesNamed(record.document));
  const url = base + (await encodeLink(record.document, registry, record.origin));
  if (url.length > LONGEST_LINK) {
    return {
      length: url.length,
      problem: error(
        'link-too-long',
        `This design makes a link of ${url.length} characters, and mail and chat programs cut links above ${LONGEST_LINK}.`,
        'Export it as a file and send that.',
      ),
    };
  }
  const blobs = blobsOf(record.document);
  if (blobs.length === 0) return { url, length: url.length };
  return {
    url,
    length: url.length,
    problem: {
      code: 'link-lacks-files',
      severity: 'warning',
      what: `The link names ${blobs.map(({ name }) => `“${name}”`).join(', ')} but does not carry the content.`,
      remedy: 'Whoever opens it will be asked for it. The exported file carries everything.',
    },
  };
}

/**
 * Makes a new design of a link and opens it; answers its id. A link that was opened before, and whose design nobody has
 * edited since, opens that design again. What is wrong with the link is shown as notices too. One of a newer version opens
 * read-only.
 */
export async function openLink(desk: Desk, lab: string, payload: string): Promise<Result<string>> {
  const source = `link:${hashValue([lab, payload])}`;
  return openOnce(desk, source, async () => {
    const decoded = await decodeLink({ kind: 'link', lab, payload }, await registryWith([lab]));
    if (!decoded.ok) {
      const newer = decoded.problems[0]?.code === 'newer-version' ? wholeDocument(payload) : undefined;
      if (newer) {
        const original = new TextEncoder().encode(JSON.stringify(newer));
        return ok(await desk.createDesign(newer as DesignDocument, { source, original }));
      }
      for (const problem of decoded.problems) desk.notify(problem);
      return decoded;
    }
    const { document, findings, origin } = decoded.value;
    const id = await desk.createDesign(document, { origin, source });
    tellFindings(findings, desk.notify);
    return ok(id);
  });
}

/** Makes a new design of a shipped example and opens it, or opens the one that nobody has edited. */
export async function openExample(desk: Desk, lab: string, exampleId: string): Promise<Result<string>> {
  const registry = await registryWith([lab]);
  const examples = (await registry.get(lab)?.examples()) ?? [];
  const example = examples
    .filter(({ id }) => id === exampleId)
    .reduce<(typeof examples)[number] | undefined>(
      (best, each) => (best && best.version > each.version ? best : each),
      undefined,
    );
  if (!example) {
    const problem = error(
      'example-missing',
      `There is no example “${exampleId}” in lab “${lab}”.`,
      'Choose one from the gallery of the lab.',
    );
    desk.notify(problem);
    return fail(problem);
  }
  const { id, version, title, slice } = example;
  const source = `example:${lab}/${id}@${version}`;
  return openOnce(desk, source, async () =>
    ok(await desk.createDesign(newDocument(lab, slice, { title }), { origin: { id, version }, source })),
  );
}

let opening: Promise<unknown> = Promise.resolve();

/**
 * Opens the design that was made of `source` and not edited since, or makes one. One at a time: an address that is read
 * twice in a row makes one design.
 */
function openOnce(desk: Desk, source: string, make: () => Promise<Result<string>>): Promise<Result<string>> {
  const turn = opening.then(async () => {
    // An edit of this moment counts.
    await desk.saveNow();
    const known = (await desk.listDesigns()).find((each) => each.source === source);
    return known && (await desk.openDesign(known.id)) ? ok(known.id) : make();
  });
  opening = turn.catch(() => {});
  return turn;
}

/** Makes a design of a lab's defaults and opens it. */
export async function newDesign(desk: Desk, lab: string, title: string): Promise<Result<string>> {
  const slice = (await registryWith([lab])).get(lab);
  if (slice) return ok(await desk.createDesign(newDocument(lab, slice.defaults, { title })));
  const problem = error('lab-missing', `This studio has no lab “${lab}”.`, 'Choose one from the start page.');
  desk.notify(problem);
  return fail(problem);
}

/** Makes a design of another lab that goes on from the open one, and opens it. */
export async function continueIn(
  desk: Desk,
  lab: string,
  changes: object,
  view?: Record<string, unknown>,
): Promise<Result<string>> {
  const open = desk.store.getState().design;
  const record = open && (await desk.readDesign(open.id));
  const slice = (await registryWith([lab])).get(lab);
  if (!record || !slice) {
    const problem = error('lab-missing', `This studio has no lab “${lab}”.`, 'Choose one from the start page.');
    desk.notify(problem);
    return fail(problem);
  }
  const { view: _, ...document } = record.document;
  const own = { ...(slice.defaults as object), ...(document.slices[lab] as object | undefined), ...changes };
  const slices = { ...document.slices, [lab]: own };
  return ok(await desk.createDesign({ ...document, lab, slices, ...(view && { view }) }));
}
