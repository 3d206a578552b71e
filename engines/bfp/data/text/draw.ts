import { createRandom } from '../../../core/random.ts';
import type { LineFont } from './font.ts';
import { coverage } from './raster.ts';

/** How a line is put on paper. */
export interface LineStyle {
  /** From the top of the tallest letters to the bottom of the deepest tails, px. Smaller where the line would not fit. */
  heightPx: number;
  /** Where the line begins, and how far its middle lies under the picture's, px. */
  leftPx: number;
  downPx: number;
  /** Grey of letters and paper, 0 black to 255 white. */
  ink: number;
  paper: number;
  /** Standard deviation of the noise of every pixel, in greys, and what it is drawn from. */
  noise: number;
  seed: number;
  /** How much narrower than drawn a line may be made before it is made smaller: 0.8 is 80 % of its width. */
  narrowest: number;
}

/** A picture of a line: greys, row by row. */
export interface LinePicture {
  width: number;
  height: number;
  pixels: Uint8Array;
  /** Behind the last letter and a margin as wide as the one before the first, px. */
  usedPx: number;
}

/** Draws a text in one line, antialiased by exact area. The same text, font and style give the same pixels everywhere. */
export function drawLine(text: string, font: LineFont, style: LineStyle, width: number, height: number): LinePicture {
  const { paths, advance } = font.line(text);
  const tall = font.ascent + font.descent;
  const room = width - 2 * style.leftPx;
  const wanted = style.heightPx / tall;
  const fitting = advance > 0 ? room / advance : wanted;
  const scaleY = Math.min(wanted, fitting / style.narrowest);
  const scaleX = Math.min(scaleY, fitting);
  const top = (height - tall * scaleY) / 2 + style.downPx;
  const covered = coverage(paths, { x: style.leftPx, y: top + font.ascent * scaleY, scaleX, scaleY }, width, height);

  const random = createRandom(style.seed);
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at++) {
    const grey = style.paper + (style.ink - style.paper) * covered[at]!;
    const noisy = style.noise > 0 ? grey + style.noise * random.normal() : grey;
    pixels[at] = Math.min(255, Math.max(0, Math.round(noisy)));
  }
  const usedPx = Math.min(width, Math.ceil(advance * scaleX + 2 * style.leftPx));
  return { width, height, pixels, usedPx };
}
