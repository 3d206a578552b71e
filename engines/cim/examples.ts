import type { Example } from '../document/types.ts';
import { STUDY_RULES } from './rules.ts';
import { slice } from './slice.ts';
import type { CimSlice } from './types.ts';

function example(id: string, title: string, about: string, choices: Partial<CimSlice>): Example<CimSlice> {
  return { id, version: 1, title, about, slice: { ...slice.defaults, ...choices } };
}

/** Frozen: a changed example gets a new version. */
export const examples: Example<CimSlice>[] = [
  example(
    'cim-vgg16',
    'VGG-16 on DynaPlasia',
    'The first convolutions share 96 arrays, the last have them for themselves, in parts. Drag a boundary and see what it costs.',
    { model: 'vgg16' },
  ),
  example(
    'cim-vgg16-batch',
    'VGG-16, eight images at once',
    'Each weight that is loaded serves eight images, so feeding the arrays matters more, and memory arrays with it.',
    { model: 'vgg16', batch: 8 },
  ),
  example(
    'cim-resnet18',
    'ResNet-18 on DynaPlasia',
    'Residual blocks: results that are read twice, and what of them stays on the chip.',
    { model: 'resnet18' },
  ),
  example(
    'cim-mobilenet',
    'MobileNet v2 on DynaPlasia',
    'Depthwise convolutions multiply little and are fed much. Look at the roofline.',
    { model: 'mobilenet-v2' },
  ),
  example(
    'cim-bert',
    'BERT large, 64 tokens',
    'A block of BERT is compiled once and counts twenty-four times. Sweep the number of tokens.',
    { model: 'bert-large' },
  ),
  example(
    'cim-llama',
    'LLaMA 2 7B, prefill of 64 tokens',
    'A chip of 1.2 MB runs a model of 6.7 GB: nearly all the time goes into loading weights.',
    { model: 'llama2-7b' },
  ),
  example(
    'cim-opt-decode',
    'OPT 13B, one token after 512',
    'Decoding uses each weight once for each sample. Raise the batch and see what changes.',
    { model: 'opt-13b', phase: 'decode', sequence: 512 },
  ),
  example(
    'cim-study',
    'The study behind the constants',
    'VGG-16 under the simpler rules with which the unpublished constants were chosen: 78 arrays compute and 18 are memory in the first segment.',
    { model: 'vgg16', rules: STUDY_RULES },
  ),
];
