import type { Example } from '../document/types.ts';
import { slice } from './slice.ts';
import type { PimSlice } from './types.ts';

const base = slice.defaults;

/** Frozen: a changed example gets a new version. */
export const examples: Example<PimSlice>[] = [
  {
    id: 'resnet18-chip',
    version: 1,
    title: 'ResNet-18 on 144 cores',
    about: 'A residual network on the default chip, one sample after the other through a pipeline of layers.',
    slice: base,
  },
  {
    id: 'squeezenet-latency',
    version: 1,
    title: 'SqueezeNet, one image, soonest',
    about: 'Latency mode: every layer starts as soon as the pixels that it needs are there.',
    slice: { ...base, model: 'squeezenet', mode: 'latency' },
  },
  {
    id: 'released-clock',
    version: 1,
    title: 'SqueezeNet by the released clock',
    about: 'Compiled and timed as the released PIMCOMP-NN does it, 800 ns a product, so that figures can be compared.',
    slice: { ...base, model: 'squeezenet', evaluator: 'reference' },
  },
  {
    id: 'lenet-small-chip',
    version: 1,
    title: 'LeNet-5 on four small cores',
    about: 'Small enough to follow every array group and every instruction.',
    slice: {
      ...base,
      model: 'lenet5',
      hardware: { base: 'pimcomp-default', cores: { x: 2, y: 2 }, crossbar: { perCore: 16, rows: 64, columns: 64 } },
    },
  },
  {
    id: 'vgg16-tight',
    version: 1,
    title: 'VGG-16, which just fits',
    about: 'A network that fills the chip: 8,454 of 9,216 crossbars before a single layer is replicated.',
    slice: { ...base, model: 'vgg16' },
  },
  {
    id: 'mobilenet-depthwise',
    version: 1,
    title: 'MobileNet v2, depthwise',
    about: 'Depthwise convolutions use few cells of a crossbar; see what packing them side by side gives back.',
    slice: { ...base, model: 'mobilenet-v2' },
  },
  {
    id: 'one-crossbar-16',
    version: 1,
    title: 'One crossbar, sixteen cells',
    about: 'A single array multiplies a vector by a matrix, bit by bit. Turn up what is not ideal and watch the error.',
    slice: { ...base, task: 'crossbar' },
  },
];
