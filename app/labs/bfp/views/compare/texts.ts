import type { ComparedFormat } from '../../../../../engines/bfp/compare.ts';
import { formatNumber } from '../../../../ui/format.ts';

const count = (n: number, one: string, many = `${one}s`) => `${formatNumber(n)} ${n === 1 ? one : many}`;

/** Every word of the comparison of formats. */
export const texts = {
  title: 'Formats side by side',
  about: 'What each loses on the same weights, at the same stored bits',
  bits: 'Stored bits a weight',
  exactBits: 'Bits, exactly',
  presets: 'Sizes that formats come in',
  tolerance: (bits: number) =>
    `Equal means within 0.15\u202fbits of ${formatNumber(bits)}, counted over this network’s own rows: codes, shared exponents, scales and zero points.`,
  loading: 'Comparing',
  loadingText: 'The weights of every layer are put into each format.',
  failed: 'The formats cannot be compared',
  measure: 'Measure accuracy',
  measureAbout: (samples: number | undefined) =>
    `Runs the network over the search data in each format${samples === undefined ? '' : ` (${count(samples, 'sample')})`}, weights and inputs of all layers; llama.cpp’s types for weights alone.`,
  measuring: 'Measuring',
  stop: 'Stop',
  noData: 'Accuracy needs labelled data.',

  families: {
    bfp: 'Block floating point',
    'block-minifloat': 'Block minifloat',
    mx: 'Microscaling (MX)',
    nvfp4: 'NVFP4',
    int: 'Integers, symmetric',
    uint: 'Integers with a zero point',
    gguf: 'llama.cpp (GGUF)',
    own: 'This design',
  } satisfies Record<ComparedFormat['family'], string>,

  of: 'Signal to noise of',
  network: 'the whole network (mean over weights)',
  chart: (of: string) => `Signal to noise of ${of} by format`,
  quantity: 'Signal to noise (dB)',
  subject: 'Format',
  barDetail: (bits: string, equal: boolean) => (equal ? bits : `${bits}: not of equal size`),
  noise: 'Signal to noise',
  noiseAll: 'All weights as one',
  accuracy: 'Accuracy, search data',
  accuracyOf: (percent: number, low: number, high: number) =>
    `${percent.toFixed(2)}\u202f% (${low.toFixed(2)}–${high.toFixed(2)})`,
  float: (percent: string) => `In float32: ${percent}, on the same samples.`,
  interval: 'In brackets the 95 % interval (Wilson).',
  columns: { format: 'Format', family: 'Family', bits: 'Bits a weight' },
  exact: 'exact',
  unequal: 'the nearest that this family has',
  use: 'Use',
  useAbout: (format: string) => `Give ${format} to all layers of this design`,
  used: 'In use',
  edit: (format: string) => `Use ${format} for all layers`,
  byLayer: 'Layer by layer',
  byLayerAbout:
    'Signal to noise of the weights in dB; the best of the formats of equal size is marked. Choose a layer to see it above.',
  layer: 'Layer',
  parameters: 'Weights',
} as const;
