import type { FontName } from '../../../../../engines/bfp/data/ocr.ts';
import type { Measurement } from '../../../../../engines/bfp/types.ts';
import { formatNumber } from '../../../../ui/format.ts';

const count = (n: number, one: string, many = `${one}s`) => `${formatNumber(n)} ${n === 1 ? one : many}`;

/** How sure a network is. Never rounded up to certainty. */
export function confidence(share: number): string {
  const percent = 100 * share;
  if (percent > 99.9 && share < 1) return '>99.9\u202f%';
  return `${percent.toFixed(1)}\u202f%`;
}

/** Every word of the view of results. */
export const texts = {
  title: 'Results',
  about: 'What the network says in float32, and what it says in this plan',
  parts: { answers: 'Answers', confusion: 'Confusion', own: 'Try your own' },
  part: 'Part of the results',
  plan: 'This plan',
  float: 'float32',
  by: { float: 'float32', plan: 'the plan' },
  short: { float: 'float32', plan: 'plan' },
  stale: 'Of earlier choices: measure again to bring it up to date.',

  verdict: {
    caption: 'Right answers of float32 and of the plan',
    right: (kind: Measurement['kind']) => (kind === 'text' ? 'Right characters' : 'Right answers'),
    interval: '95\u202f% interval',
    of: 'Counted',
    counted: (right: number, of: number) => `${formatNumber(right)} of ${formatNumber(of)}`,
    drawing: (low: number, high: number) => `From ${low.toFixed(1)} to ${high.toFixed(1)} %`,
    both: 'Right in both',
    lost: 'Only float32 right',
    won: 'Only the plan right',
    neither: 'Wrong in both',
    pairs: 'Sample by sample',
    sets: { test: 'test data', search: 'search data', own: 'your data' } satisfies Record<Measurement['set'], string>,
    samples: (n: number, kind: Measurement['kind'], set: string) =>
      `${count(n, kind === 'text' ? 'line' : 'sample')} of the ${set}`,
  },

  unmeasured: {
    title: 'No answers to show',
    text: 'This network has no labelled data. Open an NPZ file or a folder of images in the panel on the left, then press Measure.',
  },

  confusion: {
    none: 'Confusions are shown of networks with up to 100 classes.',
    title: (who: string) => `Confusions of ${who}`,
    what: 'Label',
    said: 'Said',
    hint: 'Point at a cell, or use the arrow keys; Enter lists its samples',
    right: (name: string, n: number, of: number) =>
      `${name}: ${formatNumber(n)} of ${formatNumber(of)} said rightly, ${count(of - n, 'error')}`,
    wrong: (name: string, said: string, n: number, of: number) =>
      `${name} said to be ${said}: ${formatNumber(n)} of ${formatNumber(of)}`,
    about:
      'Rows are what a sample is, columns what the network said. Colours count errors, on one scale for both; right answers, on the diagonal, are left pale.',
    errors: (n: number) => count(n, 'error'),
  },

  answers: {
    filter: 'Which',
    filters: { all: 'All', lost: 'Lost', won: 'Won', both: 'Both wrong' },
    filterAbout: {
      all: 'Every sample that float32 or the plan gets wrong.',
      lost: 'Right in float32, wrong in the plan.',
      won: 'Wrong in float32, right in the plan.',
      both: 'Wrong in float32 and in the plan.',
    },
    none: 'There is no such sample.',
    allRight: 'Float32 and the plan have every sample right.',
    capped: (n: number) => `The first ${formatNumber(n)} are listed; the counts above are of all samples.`,
    picture: (sample: number, label: string) => `Sample ${sample}, which is ${label}`,
    sample: (sample: number) => `no. ${formatNumber(sample)}`,
    is: 'is',
    right: 'right',
    wrong: 'wrong',
    cell: (label: string, said: string, who: string) => `${label} said to be ${said} by ${who}`,
    clear: 'Show all again',
  },

  lines: {
    order: 'Order',
    orders: { worst: 'Most errors', lost: 'Most lost', order: 'As in the set' },
    about:
      'Marked are wrong characters, made-up ones (dotted), and those left out (struck through). Blanks do not count.',
    picture: (line: number, text: string) => `Line ${line}: ${text}`,
    is: 'Is',
    errors: (n: number, of: number) => `${formatNumber(n)} of ${formatNumber(of)} wrong`,
    none: 'no error',
    wrongIs: (is: string) => `is ${is}`,
    extra: 'made up',
    missing: 'left out',
    nothing: '(nothing was read)',
  },

  own: {
    tuned:
      'This result was trained on in its formats. Here, the plan rounds the weights as they were before that training.',
    digit: 'Draw a digit',
    pad: 'Pad to draw on. Delete clears it.',
    padText: (drawn: boolean) => (drawn ? 'Something is drawn.' : 'Nothing is drawn.'),
    clear: 'Clear',
    next: 'A test digit',
    nextAbout: 'Puts the next digit of the test data on the pad',
    isDigit: (label: number) => `Test digit number ${label}`,
    seen: 'What the network sees',
    seenAbout:
      'Made 28 × 28 as MNIST is: fitted into 20 × 20 by averaging areas, then moved so that its centre of mass is in the middle.',
    seenTest: 'As it is in the test data.',
    seenPicture: 'The digit, 28 by 28 pixels',
    empty: 'Draw with the mouse, a pen or a finger.',
    bars: 'Probability of each digit',
    class: 'Digit',
    says: (who: string, what: string, how: string) => `${who}: ${what} (${how})`,
    same: 'Both say the same.',
    differ: 'They differ.',

    line: 'Type a line',
    lineText: 'Text',
    lineStart: 'Block floating point 2409',
    font: 'Typeface',
    fonts: {
      inter: 'Inter',
      'eb-garamond': 'EB Garamond',
      'roboto-slab': 'Roboto Slab',
      'courier-prime': 'Courier Prime',
    } satisfies Record<FontName, string>,
    lineAbout:
      'Drawn from the typeface’s outlines, 320 × 48 pixels as the network takes it; a long line is drawn smaller.',
    linePicture: (text: string) => `The text “${text}” as a picture`,
    reading: 'Reading',
    noText: 'Type something to read.',
    sure: (share: string) => `sure by ${share}`,
  },
} as const;
