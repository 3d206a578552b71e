import type { Example } from '../document/types.ts';
import { slice } from './slice.ts';
import type { BfpSlice } from './types.ts';

const base = slice.defaults;

/** Frozen: a changed example gets a new version. */
export const examples: Example<BfpSlice>[] = [
  {
    id: 'digits-four-bits',
    version: 1,
    title: 'Handwritten digits in four bits',
    about: 'A small network, every number in 4-bit block floating point: sixteen of them share one exponent.',
    slice: base,
  },
  {
    id: 'digits-resnet-search',
    version: 1,
    title: 'A deeper network, bits chosen by layer',
    about: 'Layers differ in what they bear. A search spends bits where they matter and measures what comes of it.',
    slice: {
      ...base,
      model: 'digits-resnet',
      search: { method: 'exact', objective: 'published' },
      set: 'test',
    },
  },
  {
    id: 'digits-mxfp4',
    version: 1,
    title: 'The same digits in MXFP4',
    about: 'The format of the newest accelerators: 4-bit floats, 32 of them under one power of two.',
    slice: { ...base, format: { weights: 'mxfp4', activations: 'mxfp4' } },
  },
  {
    id: 'ocr-cliff',
    version: 1,
    title: 'Reading text at the edge of a cliff',
    about: 'A text recogniser (PP-OCRv4) reads nearly everything with six bits and hardly anything with four.',
    slice: {
      ...base,
      model: 'ocr',
      format: { weights: 'bfp5/32', activations: 'bfp8/32' },
      set: 'search',
      samples: 40,
    },
  },
];
