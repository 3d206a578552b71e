import type { Job } from '../../core/job.ts';
import { createRandom } from '../../core/random.ts';
import { error, fail, ok, type Result } from '../../core/result.ts';
import { decodeText } from './ocr-decode.ts';
import { drawLine, type LinePicture, type LineStyle } from './text/draw.ts';
import { type LineFont, parseFont } from './text/font.ts';
import type { SampleSet, SampleSets } from './types.ts';

/** Pictures as the recogniser was trained on them: three equal channels, 48 high (PP-OCRv4). */
export const LINE_WIDTH = 320;
export const LINE_HEIGHT = 48;
const PIXELS = LINE_WIDTH * LINE_HEIGHT;

/** Typefaces by their file in `models/ocr/fonts/`; lines take them in turn. */
export const FONTS = ['inter', 'eb-garamond', 'roboto-slab', 'courier-prime'] as const;
export type FontName = (typeof FONTS)[number];

/** What lines of a set vary by: the same line of the same set always looks the same. */
const SEEDS = { search: 7, test: 8 };

interface Lines {
  search: string[];
  test: string[];
}

/** Fonts, characters and lines: what reading text takes beside the network. */
export interface TextKit {
  fonts: Record<FontName, LineFont>;
  /** By output of the network; 0 is the blank between characters. */
  characters: string[];
  lines: Lines;
}

let kit: Promise<Result<TextKit>> | undefined;

/** Problems: files of the studio that cannot be loaded. */
export async function loadTextKit(job: Pick<Job, 'asset'>): Promise<Result<TextKit>> {
  kit ??= load(job);
  const loaded = await kit;
  // What failed may be there the next time.
  if (!loaded.ok) kit = undefined;
  return loaded;
}

async function load(job: Pick<Job, 'asset'>): Promise<Result<TextKit>> {
  try {
    const [keys, lines, ...files] = await Promise.all([
      job.asset('models/ocr/keys.txt'),
      job.asset('data/ocr-lines.json'),
      ...FONTS.map((name) => job.asset(`models/ocr/fonts/${name}.woff`)),
    ]);
    const fonts: Partial<Record<FontName, LineFont>> = {};
    for (const [index, name] of FONTS.entries()) {
      const font = await parseFont(files[index]!, name);
      if (!font.ok) return font;
      fonts[name] = font.value;
    }
    const text = new TextDecoder();
    const keyed = text.decode(keys).replace(/\n$/, '').split('\n');
    return ok({
      fonts: fonts as Record<FontName, LineFont>,
      characters: ['', ...keyed, ' '],
      lines: JSON.parse(text.decode(lines)) as Lines,
    });
  } catch (reason) {
    const what = `What the text recogniser needs could not be loaded. ${reason instanceof Error ? reason.message : ''}`;
    return fail(error('ocr.no-files', what.trim(), 'Look whether the studio is still reachable, and try again.'));
  }
}

/**
 * Lines of text for the PP-OCRv4 recogniser, drawn from outlines in four typefaces, sizes, greys and positions mildly
 * varied: 100 to search on and 300 to test on, of different chapters. A reading's confidence is the mean probability of its
 * characters. Problems: files that cannot be loaded.
 */
export async function loadOcr(job: Pick<Job, 'asset'>): Promise<Result<SampleSets>> {
  const loaded = await loadTextKit(job);
  if (!loaded.ok) return loaded;
  const { lines, characters } = loaded.value;
  const set = (name: 'search' | 'test'): SampleSet => ({
    set: name,
    count: lines[name].length,
    shape: [3, LINE_HEIGHT, LINE_WIDTH],
    samples(start, count) {
      const samples = new Float32Array(count * 3 * PIXELS);
      for (let index = 0; index < count; index++) {
        samples.set(asInput(lineOf(loaded.value, name, start + index)), index * 3 * PIXELS);
      }
      return samples;
    },
    labels: { kind: 'text', lines: lines[name] },
  });
  return ok({
    search: set('search'),
    test: set('test'),
    decode: (outputs, count, [, steps = 0, classes = 0]) =>
      Array.from({ length: count }, (_, index) =>
        decodeText(outputs.subarray(index * steps * classes, (index + 1) * steps * classes), classes, characters),
      ),
  });
}

/** The picture of a line of a set. */
export function lineOf({ fonts, lines }: TextKit, set: 'search' | 'test', index: number): LinePicture {
  const random = createRandom(SEEDS[set], index);
  const between = (low: number, high: number) => low + (high - low) * random.float();
  const style: LineStyle = {
    heightPx: between(31, 39),
    leftPx: between(4, 10),
    downPx: between(-2, 2),
    ink: Math.round(between(0, 70)),
    paper: Math.round(between(215, 255)),
    noise: between(0, 3),
    seed: index,
    narrowest: between(0.75, 1),
  };
  return drawLine(lines[set][index]!, fonts[FONTS[index % FONTS.length]!], style, LINE_WIDTH, LINE_HEIGHT);
}

/** The picture of a line of the user's own: black on white, still. */
export function ownLine({ fonts }: TextKit, text: string, font: FontName): LinePicture {
  const style: LineStyle = {
    heightPx: 34,
    leftPx: 6,
    downPx: 0,
    ink: 20,
    paper: 250,
    noise: 0,
    seed: 1,
    narrowest: 0.75,
  };
  return drawLine(text, fonts[font], style, LINE_WIDTH, LINE_HEIGHT);
}

/** Greys as the network wants them: -1 to 1 in three equal channels; 0 behind the end of the line, as its own padding is. */
export function asInput({ pixels, usedPx, width }: LinePicture): Float32Array {
  const input = new Float32Array(3 * pixels.length);
  for (let at = 0; at < pixels.length; at++) {
    if (at % width >= usedPx) continue;
    const value = (pixels[at]! / 255 - 0.5) / 0.5;
    for (let channel = 0; channel < 3; channel++) input[channel * pixels.length + at] = value;
  }
  return input;
}
