import { COMBINATIONAL } from './cells.ts';
import { characterise } from './characterise.ts';
import { type CornerId, cornerOf, deviceAt } from './device.ts';
import { libertyText } from './liberty-text.ts';
import { STORAGE } from './storage-cells.ts';

export { type Corner, type CornerId, STUDIO45_CORNERS } from './device.ts';

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
