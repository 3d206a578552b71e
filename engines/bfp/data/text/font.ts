import { error, fail, ok, type Result } from '../../../core/result.ts';
import type { Path } from './path.ts';

/** The outlines of a typeface. Lengths in units of which an em has `unitsPerEm`, y upwards from the base line. */
export interface LineFont {
  unitsPerEm: number;
  /** Of the letters with the tallest stems ("bdfhkl") and the deepest tails ("gjpqy"), measured on their outlines. */
  ascent: number;
  descent: number;
  /** Whether the font has a picture of this character. */
  has(character: string): boolean;
  /** The outlines of a text set in one line from x = 0, kerned, without ligatures. `advance`: where the next letter would begin. */
  line(text: string): { paths: Path[]; advance: number };
}

/** Outlines of a font file (TrueType, OpenType, WOFF 1). The parser is loaded on first use. */
export async function parseFont(bytes: Uint8Array, name: string): Promise<Result<LineFont>> {
  const opentype = await import('opentype.js/dist/opentype.mjs');
  try {
    const font = opentype.parse(bytes.slice().buffer);

    const line: LineFont['line'] = (text) => {
      const paths: Path[] = [];
      let x = 0;
      let previous: ReturnType<typeof font.charToGlyph> | undefined;
      for (const character of text) {
        const glyph = font.charToGlyph(character);
        if (previous) x += font.getKerningValue(previous, glyph);
        paths.push({ commands: glyph.path.commands, x });
        x += glyph.advanceWidth ?? 0;
        previous = glyph;
      }
      return { paths, advance: x };
    };

    const [descent, ascent] = heights(line('bdfhklgjpqy').paths);
    const has = (character: string) => font.charToGlyph(character).index !== 0;
    return ok({ unitsPerEm: font.unitsPerEm, ascent, descent: -descent, has, line });
  } catch {
    return fail(
      error(
        'ocr-font',
        `The font "${name}" cannot be read: its bytes are not a TrueType, OpenType or WOFF 1 font.`,
        'Install the studio again.',
      ),
    );
  }
}

/** The lowest and the highest point that the outlines (with their control points) reach. */
function heights(paths: readonly Path[]): [number, number] {
  let [low, high] = [0, 0];
  for (const { commands } of paths) {
    for (const command of commands) {
      if (command.type === 'Z') continue;
      low = Math.min(low, command.y);
      high = Math.max(high, command.y);
    }
  }
  return [low, high];
}
