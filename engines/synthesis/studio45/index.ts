import { parseLiberty } from '../liberty/read.ts';
import type { Library } from '../liberty/types.ts';
import { COMBINATIONAL } from './cells.ts';
import { characterise } from './characterise.ts';
import { type CornerId, cornerOf } from './corners.ts';
import { deviceAt } from './device.ts';
import { libertyText } from './liberty-text.ts';
import { STORAGE } from './storage-cells.ts';

export { STUDIO45_ASSUMPTIONS } from './assumptions.ts';
export { STUDIO45_CORNERS, STUDIO45_DESCRIPTION } from './corners.ts';

const texts = new Map<CornerId, string>();

/** The library of a corner as Liberty text: written from the device model at the first call, then kept. */
export function studio45Liberty(corner: CornerId): string {
  let text = texts.get(corner);
  if (text === undefined) {
    const device = deviceAt(cornerOf(corner));
    text = libertyText(
      cornerOf(corner),
      [...COMBINATIONAL, ...STORAGE].map((spec) => characterise(spec, device)),
    );
    texts.set(corner, text);
  }
  return text;
}

const libraries = new Map<CornerId, Library>();

/** The same as a library, read from that text: what people export is what is analysed. */
export function studio45(corner: CornerId): Library {
  let library = libraries.get(corner);
  if (!library) {
    const read = parseLiberty(studio45Liberty(corner), `studio45_${corner}.lib`);
    if (!read.ok) throw new Error(read.problems[0]?.what ?? 'The studio cannot read its own library.');
    library = read.value.library;
    libraries.set(corner, library);
  }
  return library;
}
