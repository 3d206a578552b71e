declare module 'opentype.js/dist/opentype.mjs' {
  /** In font units, y upwards. */
  export type Command =
    | { type: 'M'; x: number; y: number }
    | { type: 'L'; x: number; y: number }
    | { type: 'Q'; x1: number; y1: number; x: number; y: number }
    | { type: 'C'; x1: number; y1: number; x2: number; y2: number; x: number; y: number }
    | { type: 'Z' };
  export interface Glyph {
    index: number;
    advanceWidth?: number;
    path: { commands: Command[] };
  }
  export interface Font {
    unitsPerEm: number;
    ascender: number;
    descender: number;
    charToGlyph(character: string): Glyph;
    /** Font units to be added between two glyphs. */
    getKerningValue(left: Glyph, right: Glyph): number;
  }
  /** Throws where the bytes are not a font that it knows. TrueType, OpenType and WOFF 1. */
  export function parse(bytes: ArrayBuffer): Font;
}
