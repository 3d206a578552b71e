import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../core/hash.ts';
import { publicFile } from '../../../core/public-file.fixture.ts';
import { drawLine, type LineStyle } from './draw.ts';
import { parseFont } from './font.ts';

const STYLE: LineStyle = {
  heightPx: 34,
  leftPx: 6,
  downPx: 0,
  ink: 20,
  paper: 250,
  noise: 0,
  seed: 1,
  narrowest: 0.75,
};

async function font(name: string) {
  const parsed = await parseFont(await publicFile(`models/ocr/fonts/${name}.woff`), name);
  if (!parsed.ok) throw new Error(parsed.problems[0]!.what);
  return parsed.value;
}

describe('a line', () => {
  it('has the same pixels wherever it is drawn', async () => {
    const { pixels } = drawLine('Block floating point 2409', await font('inter'), { ...STYLE, noise: 2 }, 320, 48);
    expect(sha256Hex(pixels)).toBe('1e82943dd6252877d53c2f8554c4b46b866e1f6923c21de0ee8836c0207a05ad');
  });

  it('is ink on paper, as tall as wanted, with the margins that are wanted', async () => {
    const { pixels, width, usedPx } = drawLine('bdlp', await font('roboto-slab'), STYLE, 320, 48);
    const rows = Array.from({ length: 48 }, (_, y) => pixels.subarray(y * width, (y + 1) * width).some((p) => p < 250));
    expect(Math.abs(rows.filter(Boolean).length - STYLE.heightPx)).toBeLessThanOrEqual(2);
    const inked = Array.from({ length: width }, (_, x) => x).filter((x) =>
      rows.some((_, y) => pixels[y * width + x]! < 250),
    );
    expect(inked[0]).toBeGreaterThanOrEqual(STYLE.leftPx - 1);
    expect(inked.at(-1)).toBeLessThan(usedPx - STYLE.leftPx + 1);
    expect([Math.min(...pixels), Math.max(...pixels)]).toEqual([20, 250]);
  });

  it('of any length stays within the picture', async () => {
    const { pixels, width } = drawLine('wide '.repeat(40), await font('inter'), STYLE, 320, 48);
    for (let y = 0; y < 48; y++) expect(pixels[y * width + width - 1]).toBe(250);
  });
});

describe('a font', () => {
  it('has outlines set one after the other, and knows what it lacks', async () => {
    const inter = await font('inter');
    const { paths, advance } = inter.line('ab');
    expect(paths).toHaveLength(2);
    expect(paths[1]!.x).toBeGreaterThan(0);
    expect(advance).toBeGreaterThan(paths[1]!.x);
    expect([inter.has('a'), inter.has('漢')]).toEqual([true, false]);
  });

  it('that is none is told', async () => {
    const parsed = await parseFont(new Uint8Array(64), 'no-font');
    expect(!parsed.ok && parsed.problems[0]!.what).toMatch(/"no-font" cannot be read/);
  });
});
