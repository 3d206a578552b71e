import type { Example } from '../document/types.ts';
import { slice } from './slice.ts';
import type { CimSlice } from './types.ts';

export const examples: Example<CimSlice>[] = [
  {
    id: 'cim-vgg16',
    version: 1,
    title: 'VGG-16 on DynaPlasia',
    about: 'Thirteen convolutions on 96 arrays: the first share the chip, the last have it for themselves, in parts.',
    slice: slice.defaults,
  },
];
