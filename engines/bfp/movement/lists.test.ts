import { expect, test } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import { loadNetwork } from '../../onnx/load.ts';
import { layersOf } from './layers.ts';
import { LISTS } from './lists.ts';
import { macsOf } from './loops.ts';
import type { LoopLayer } from './types.ts';

function totals(layers: readonly LoopLayer[]) {
  return {
    layers: layers.length,
    macs: layers.reduce((sum, layer) => sum + macsOf(layer), 0),
    weights: layers.reduce((sum, { sizes, repeats }) => sum + sizes.f * sizes.c * sizes.w * sizes.h * repeats, 0),
  };
}

// Totals of facts 2.5.
test.each([
  ['resnet18-as-published', { layers: 20, macs: 1_293_336_576, weights: 6_522_048 }],
  ['resnet18-corrected', { layers: 20, macs: 1_813_561_344, weights: 11_166_912 }],
  ['googlenet-as-published', { layers: 57, macs: 1_581_647_872, weights: 5_966_272 }],
])('%s has the known totals', (id, expected) => {
  expect(totals(LISTS.find((list) => list.id === id)!.layers)).toEqual(expected);
});

async function zoo(name: string): Promise<LoopLayer[]> {
  const network = await loadNetwork(name, inlineJob());
  if (!network.ok) throw new Error(network.problems[0]!.what);
  return layersOf(network.value);
}

test('the corrected list is the convolutions of the zoo’s ResNet-18, which has a classifier besides', async () => {
  const shape = ({ sizes, stride }: LoopLayer) => JSON.stringify([sizes, stride]);
  const layers = await zoo('resnet18');
  const corrected = LISTS.find((list) => list.id === 'resnet18-corrected')!.layers;
  expect(layers.slice(0, -1).map(shape).sort()).toEqual(corrected.map(shape).sort());
  expect(layers[20]).toMatchObject({ sizes: { b: 1, f: 1000, x: 1, y: 1, c: 512, w: 1, h: 1 }, repeats: 1 });
});

test('groups are repeats: a depthwise layer is one small nest for every channel', async () => {
  const layers = await zoo('mobilenet-v1');
  expect(layers[1]).toMatchObject({ sizes: { f: 1, c: 1, x: 112, w: 3, h: 3 }, repeats: 32 });
  const network = await loadNetwork('mobilenet-v1', inlineJob());
  const counted = network.ok ? network.value.layers.filter(({ kind }) => kind.op === 'conv' || kind.op === 'fc') : [];
  expect(layers.map(macsOf)).toEqual(counted.map(({ macs }) => macs));
});
