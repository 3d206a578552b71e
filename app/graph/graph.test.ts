import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlacedSymbol, SchematicLayout, Wire } from '../../engines/synthesis/index.ts';
import { bringIntoView, fitBox, zoomAt } from './camera.ts';
import { drawSymbol, wholeWire } from './drawing.ts';
import { exportSvg } from './export-svg.ts';
import { HitGrid } from './hit.ts';
import { displayName, findSymbols } from './names.ts';
import { neighbour } from './neighbours.ts';

const places = fc.record({
  camera: fc.record({
    x: fc.integer({ min: -5000, max: 5000 }),
    y: fc.integer({ min: -5000, max: 5000 }),
    zoom: fc.double({ min: 0.05, max: 3, noNaN: true }),
  }),
  sx: fc.integer({ min: 0, max: 1400 }),
  sy: fc.integer({ min: 0, max: 900 }),
  factor: fc.double({ min: 0.2, max: 5, noNaN: true }),
});

describe('the camera', () => {
  it('keeps the point under the pointer when it zooms', () => {
    fc.assert(
      fc.property(places, ({ camera, sx, sy, factor }) => {
        const after = zoomAt(camera, factor, sx, sy);
        expect((sx - after.x) / after.zoom).toBeCloseTo((sx - camera.x) / camera.zoom, 4);
        expect((sy - after.y) / after.zoom).toBeCloseTo((sy - camera.y) / camera.zoom, 4);
      }),
    );
  });

  it('shows a whole box, centred, and does not blow small ones up', () => {
    const view = { w: 800, h: 600 };
    const wide = fitBox({ x: 100, y: 50, w: 2000, h: 100 }, view);
    expect(100 * wide.zoom + wide.x).toBeGreaterThanOrEqual(0);
    expect(2100 * wide.zoom + wide.x).toBeLessThanOrEqual(800);
    expect(100 * wide.zoom + wide.y).toBeCloseTo(300);
    expect(fitBox({ x: 0, y: 0, w: 40, h: 20 }, view).zoom).toBe(1.25);
  });

  it('moves only as far as a box needs to be seen', () => {
    const view = { w: 800, h: 600 };
    const seen = { x: 100, y: 100, w: 50, h: 50 };
    expect(bringIntoView({ x: 0, y: 0, zoom: 1 }, seen, view)).toEqual({ x: 0, y: 0, zoom: 1 });
    expect(bringIntoView({ x: 0, y: 0, zoom: 1 }, { ...seen, x: 900 }, view)).toEqual({
      x: 800 - 32 - 950,
      y: 0,
      zoom: 1,
    });
  });
});

function symbol(name: string, x: number, y: number, more: Partial<PlacedSymbol> = {}): PlacedSymbol {
  return {
    shape: 'and',
    name,
    type: '$and',
    title: '8-bit AND',
    heading: [],
    glyph: '',
    width: 8,
    src: [{ file: 'top.v', line: 3, column: 1, endLine: 3, endColumn: 9 }],
    parameters: [],
    x,
    y,
    w: 66,
    h: 48,
    body: { x: 12, y: 6, w: 42, h: 40 },
    pins: [
      { name: 'A', label: '', side: 'west', direction: 'input', width: 8, x: 0, y: 16, net: 0 },
      {
        name: 'B',
        label: '',
        side: 'west',
        direction: 'input',
        width: 8,
        x: 0,
        y: 36,
        note: { kind: 'constant', text: "8'h<" },
      },
      { name: 'Y', label: '', side: 'east', direction: 'output', width: 8, x: 66, y: 26, net: 1 },
    ],
    ...more,
  };
}

const wire = (from: number, to: number, points: number[]): Wire => ({
  net: 1,
  from: [from, 2],
  to: [to, 0],
  width: 8,
  points,
  junctions: [],
});

/** Three gates in a row, the last one lower, and one below the first. */
const LAYOUT: SchematicLayout = {
  module: 'top',
  width: 700,
  height: 400,
  symbols: [
    symbol('$and$top.v:3$1', 10, 10),
    symbol('middle', 200, 20),
    symbol('far', 600, 300),
    symbol('below', 12, 200),
  ],
  nets: [
    { name: 'a', fullName: 'a', width: 8, labelled: false, fanOut: 1, state: 'driven' },
    { name: 'sum', fullName: 'sum', width: 8, labelled: false, fanOut: 1, state: 'driven' },
  ],
  wires: [wire(0, 1, [76, 36, 200, 36]), wire(0, 2, [76, 36, 150, 36, 150, 316, 600, 316])],
};

describe('what is under the pointer', () => {
  const grid = new HitGrid(LAYOUT);
  it('is a symbol by its outline, a wire by its line', () => {
    expect(grid.at(40, 30, 5)).toEqual({ kind: 'symbol', index: 0 });
    expect(grid.at(15, 12, 5)).toBeUndefined();
    expect(grid.at(400, 319, 5)).toEqual({ kind: 'wire', index: 1 });
    expect(grid.at(400, 330, 5)).toBeUndefined();
    // Across the border of two tiles.
    expect(grid.at(151, 257, 5)).toEqual({ kind: 'wire', index: 1 });
  });
});

describe('arrow keys', () => {
  it('follow wires to the sides and go to the nearest symbol up and down', () => {
    expect(neighbour(LAYOUT, 0, 'right')).toBe(1);
    expect(neighbour(LAYOUT, 2, 'left')).toBe(0);
    expect(neighbour(LAYOUT, 0, 'down')).toBe(3);
    expect(neighbour(LAYOUT, 3, 'up')).toBe(0);
    expect(neighbour(LAYOUT, 2, 'right')).toBeUndefined();
  });
});

describe('names', () => {
  it('are those of the source, or of the net that is driven', () => {
    expect(displayName(LAYOUT, LAYOUT.symbols[0]!)).toBe('sum');
    expect(displayName(LAYOUT, LAYOUT.symbols[1]!)).toBe('middle');
  });

  it('are found by any part, the ones that begin so first', () => {
    expect(findSymbols(LAYOUT, 'FA')).toEqual([2]);
    expect(findSymbols(LAYOUT, 'l')).toEqual([1, 3]);
    expect(findSymbols(LAYOUT, 'top.v:3')).toHaveLength(4);
    expect(findSymbols(LAYOUT, ' ')).toEqual([]);
  });
});

describe('the drawing', () => {
  it('has a line at every pin and the text beside it', () => {
    const { paths, texts } = drawSymbol(LAYOUT.symbols[0]!);
    expect(paths.filter(({ style }) => style === 'bus')).toHaveLength(3);
    expect(texts).toEqual([{ style: 'constant', x: -4, y: 40, anchor: 'end', text: "8'h<" }]);
  });

  it('joins a wire to the outlines at both ends', () => {
    expect(wholeWire(LAYOUT, LAYOUT.wires[0]!)).toEqual([64, 36, 76, 36, 200, 36, 212, 36]);
  });

  it('becomes a file of its own: escaped texts, no tokens, nothing loaded', () => {
    const svg = exportSvg({ ...LAYOUT, module: 'a<b' });
    expect(svg).toContain('<title>a&lt;b</title>');
    expect(svg).toContain("8'h&lt;");
    expect(svg).not.toMatch(/var\(|url\(|href|NaN|undefined/);
    expect(svg.match(/<g /g)).toHaveLength(4);
    expect(svg.match(/<g /g)).toHaveLength(svg.match(/<\/g>/g)!.length);
  });
});
