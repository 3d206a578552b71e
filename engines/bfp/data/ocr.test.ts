import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../core/hash.ts';
import { asset } from '../train/public.fixture.ts';
import { asInput, FONTS, LINE_HEIGHT, LINE_WIDTH, lineOf, loadOcr, loadTextKit, ownLine, type TextKit } from './ocr.ts';
import { decodeText } from './ocr-decode.ts';
import { characterEdits } from './ocr-edits.ts';

const job = { asset };

async function kit(): Promise<TextKit> {
  const loaded = await loadTextKit(job);
  if (!loaded.ok) throw new Error(loaded.problems[0]!.what);
  return loaded.value;
}

function same(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}

/** Outputs of a network that says these classes, step by step, each with its probability. */
function steps(classes: number, said: readonly (readonly [number, number])[]): Float32Array {
  const outputs = new Float32Array(classes * said.length);
  for (const [step, [one, probability]] of said.entries()) {
    outputs.fill((1 - probability) / (classes - 1), step * classes, (step + 1) * classes);
    outputs[step * classes + one] = probability;
  }
  return outputs;
}

describe('the lines', () => {
  it('are 100 to search on and 300 to test on, none in both, of characters that network and fonts have', async () => {
    const { lines, characters, fonts } = await kit();
    expect([lines.search.length, lines.test.length]).toEqual([100, 300]);
    const all = [...lines.search, ...lines.test];
    expect(new Set(all).size).toBe(400);
    for (const line of all) {
      expect(line.length, line).toBeGreaterThanOrEqual(22);
      expect(line.length, line).toBeLessThanOrEqual(28);
    }
    expect(characters).toHaveLength(6625);
    for (const character of new Set(all.join(''))) {
      expect(characters.indexOf(character), character).toBeGreaterThan(0);
      for (const name of FONTS) expect(fonts[name].has(character), `${name} ${character}`).toBe(true);
    }
  });

  it('look the same again, differ from each other, and lie within the picture', async () => {
    const loaded = await kit();
    const pictures = Array.from({ length: 8 }, (_, index) => lineOf(loaded, 'test', index));
    expect(Buffer.compare(lineOf(loaded, 'test', 3).pixels, pictures[3]!.pixels)).toBe(0);
    for (const { pixels, usedPx, width } of pictures) {
      // Ink is dark and paper light; a line fills a fifth of what it uses at most, and has no ink at the borders.
      const dark = pixels.reduce((count, pixel) => count + (pixel < 128 ? 1 : 0), 0);
      expect(dark).toBeGreaterThan(400);
      expect(dark).toBeLessThan((usedPx * LINE_HEIGHT) / 5);
      const border = pixels.filter((_, at) => {
        const [row, column] = [Math.floor(at / width), at % width];
        return row === 0 || row === LINE_HEIGHT - 1 || column === 0 || column >= usedPx - 1;
      });
      expect(Math.min(...border)).toBeGreaterThan(190);
    }
    expect(new Set(pictures.map(({ pixels }) => pixels.join())).size).toBe(8);
    // Every accuracy rests on these pixels: the same in Node and in Chromium on the day they were pinned.
    expect(sha256Hex(Buffer.concat(pictures.map(({ pixels }) => pixels)))).toBe(
      '6e29e97730795ddc68a4752e9ed938d2be8005a024c35244292468f98962f28d',
    );
  });

  it('of the same length are as wide as their font says, and a long one is made to fit', async () => {
    const loaded = await kit();
    const mono = ['iiiiii', 'WWWWWW'].map((text) => ownLine(loaded, text, 'courier-prime').usedPx);
    expect(mono[0]).toBe(mono[1]);
    const [narrow, wide] = ['iiiiii', 'WWWWWW'].map((text) => ownLine(loaded, text, 'inter').usedPx);
    expect(wide).toBeGreaterThan(2 * narrow!);
    const long = ownLine(loaded, 'n'.repeat(80), 'roboto-slab');
    expect(long.usedPx).toBe(LINE_WIDTH);
    // The last letter is there, left of the margin.
    const column = (at: number) => Array.from({ length: LINE_HEIGHT }, (_, row) => long.pixels[row * LINE_WIDTH + at]!);
    const inked = Array.from({ length: LINE_WIDTH }, (_, at) => Math.min(...column(at)) < 200).lastIndexOf(true);
    expect(inked).toBeGreaterThan(LINE_WIDTH - 12);
    expect(inked).toBeLessThan(LINE_WIDTH - 5);
  });

  it('come as the network takes them: three equal channels from -1 to 1, 0 behind the end', async () => {
    const loaded = await kit();
    const sets = await loadOcr(job);
    if (!sets.ok) throw new Error(sets.problems[0]!.what);
    const { test } = sets.value;
    expect(test.shape).toEqual([3, LINE_HEIGHT, LINE_WIDTH]);
    const size = 3 * LINE_HEIGHT * LINE_WIDTH;
    expect(same(test.samples(7, 2).subarray(size), test.samples(8, 1))).toBe(true);
    const picture = ownLine(loaded, 'sea', 'inter');
    const input = asInput(picture);
    const channel = LINE_HEIGHT * LINE_WIDTH;
    expect(same(input.subarray(0, channel), input.subarray(2 * channel))).toBe(true);
    expect(input[0]).toBeCloseTo(250 / 127.5 - 1, 6);
    expect(picture.usedPx).toBeLessThan(100);
    expect(input.subarray(picture.usedPx, LINE_WIDTH).every((value) => value === 0)).toBe(true);
  });
});

describe('decodeText', () => {
  const characters = ['', 'a', 'b', ' '];

  it('takes repetitions once, and parts them at blanks', () => {
    const said = decodeText(
      steps(4, [
        [0, 0.9],
        [1, 0.5],
        [1, 0.9],
        [0, 0.9],
        [1, 0.7],
        [3, 0.6],
        [2, 1],
        [2, 1],
      ]),
      4,
      characters,
    );
    expect(said.what).toBe('aa b');
    // Of the steps at which a character was read first.
    expect(said.confidence).toBeCloseTo((0.5 + 0.7 + 0.6 + 1) / 4, 6);
  });

  it('reads nothing, without confidence, from blanks', () => {
    expect(decodeText(steps(4, [[0, 0.9]]), 4, characters)).toEqual({ what: '', confidence: 0 });
  });
});

describe('characterEdits', () => {
  it('counts insertions, deletions and substitutions, and leaves blanks out', () => {
    expect(characterEdits('kitten', 'sitting')).toEqual({ edits: 3, characters: 6 });
    expect(characterEdits('to go to bed', 'to go tobed')).toEqual({ edits: 0, characters: 9 });
    expect(characterEdits('coffee', 'coffe')).toEqual({ edits: 1, characters: 6 });
    expect(characterEdits('', 'ab')).toEqual({ edits: 2, characters: 0 });
    expect(characterEdits('ab', '')).toEqual({ edits: 2, characters: 2 });
  });
});
