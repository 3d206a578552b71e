import type { LoopLayer } from './types.ts';

/*
 * The layer lists that come with the released program (BitQ, DM_expression/files_data), as published: f, x, y, c, the
 * kernel's width and height (equal in all), and the stride. ResNet-18 there has half of the true input channels in nine
 * layers.
 */

type Row = readonly [name: string, f: number, xy: number, c: number, kernel: number, stride: number];

const RESNET18: readonly Row[] = [
  ['conv1', 64, 112, 3, 7, 2],
  ['layer1.0.conv1', 64, 56, 64, 3, 1],
  ['layer1.0.conv2', 64, 56, 64, 3, 1],
  ['layer1.1.conv1', 64, 56, 64, 3, 1],
  ['layer1.1.conv2', 64, 56, 64, 3, 1],
  ['layer2.0.conv1', 128, 28, 64, 3, 2],
  ['layer2.0.conv2', 128, 28, 64, 3, 1],
  ['layer2.0.downsample', 128, 28, 64, 1, 2],
  ['layer2.1.conv1', 128, 28, 64, 3, 1],
  ['layer2.1.conv2', 128, 28, 64, 3, 1],
  ['layer3.0.conv1', 256, 14, 128, 3, 2],
  ['layer3.0.conv2', 256, 14, 128, 3, 1],
  ['layer3.0.downsample', 256, 14, 128, 1, 2],
  ['layer3.1.conv1', 256, 14, 128, 3, 1],
  ['layer3.1.conv2', 256, 14, 128, 3, 1],
  ['layer4.0.conv1', 512, 7, 256, 3, 2],
  ['layer4.0.conv2', 512, 7, 256, 3, 1],
  ['layer4.0.downsample', 512, 7, 256, 1, 2],
  ['layer4.1.conv1', 512, 7, 256, 3, 1],
  ['layer4.1.conv2', 512, 7, 256, 3, 1],
];

/** Layers whose input channels are those of the layer before: as many as their own outputs. */
const HALVED = /^layer[234]\.(0\.conv2|1\.conv[12])$/;

/** An inception block: output channels of its six convolutions in the order of the list. */
type Block = readonly [
  name: string,
  xy: number,
  c: number,
  one: number,
  r3: number,
  three: number,
  r5: number,
  five: number,
  pool: number,
];

const INCEPTION: readonly Block[] = [
  ['3a', 28, 192, 64, 96, 128, 16, 32, 32],
  ['3b', 28, 256, 128, 128, 192, 32, 96, 64],
  ['4a', 14, 480, 192, 96, 208, 16, 48, 64],
  ['4b', 14, 512, 160, 112, 224, 24, 64, 64],
  ['4c', 14, 512, 128, 128, 256, 24, 64, 64],
  ['4d', 14, 512, 112, 144, 288, 32, 64, 64],
  ['4e', 14, 528, 256, 160, 320, 32, 128, 128],
  ['5a', 7, 832, 256, 160, 320, 32, 128, 128],
  ['5b', 7, 832, 384, 192, 384, 48, 128, 128],
];

const GOOGLENET: readonly Row[] = [
  ['conv1', 64, 112, 3, 7, 2],
  ['conv2.reduce', 64, 56, 64, 1, 1],
  ['conv2', 192, 56, 64, 3, 1],
  ...INCEPTION.flatMap(([name, xy, c, one, r3, three, r5, five, pool]): Row[] => [
    [`${name}.1x1`, one, xy, c, 1, 1],
    [`${name}.3x3.reduce`, r3, xy, c, 1, 1],
    [`${name}.3x3`, three, xy, r3, 3, 1],
    [`${name}.5x5.reduce`, r5, xy, c, 1, 1],
    [`${name}.5x5`, five, xy, r5, 5, 1],
    [`${name}.pool`, pool, xy, c, 1, 1],
  ]),
];

function layerOf([name, f, xy, c, kernel, stride]: Row): LoopLayer {
  return {
    name,
    sizes: { b: 1, f, x: xy, y: xy, c, w: kernel, h: kernel },
    stride: [stride, stride],
    repeats: 1,
  };
}

export interface LayerList {
  id: string;
  title: string;
  layers: readonly LoopLayer[];
}

/** Lists that no model of the zoo is. */
export const LISTS: readonly LayerList[] = [
  { id: 'resnet18-as-published', title: 'ResNet-18 as BitQ published it', layers: RESNET18.map(layerOf) },
  {
    id: 'resnet18-corrected',
    title: 'ResNet-18, convolutions, input channels corrected',
    layers: RESNET18.map(([name, f, xy, c, kernel, stride]) =>
      layerOf([name, f, xy, HALVED.test(name) ? 2 * c : c, kernel, stride]),
    ),
  },
  { id: 'googlenet-as-published', title: 'GoogLeNet as BitQ published it', layers: GOOGLENET.map(layerOf) },
];
