import { describe, expect, it } from 'vitest';
import { createRegistry, decodeLink, parseAddress, type SliceDefinition } from '../document/index.ts';
import { slice } from './slice.ts';

/**
 * Links of the crossbar lab as they were once given out. They must open as what stands beside them for ever: add to this
 * list, never change it.
 */

async function open(link: string) {
  const registry = createRegistry();
  registry.register(slice as SliceDefinition);
  const address = parseAddress(link);
  if (address.kind !== 'link') throw new Error(`${link} is no share link.`);
  const opened = await decodeLink(address, registry);
  if (!opened.ok) throw new Error(opened.problems[0]?.what);
  expect(opened.value.findings).toEqual([]);
  return opened.value;
}

describe('links of version 1', () => {
  it('a design of its own, with what was the default then', async () => {
    const { document, origin } = await open(
      '#/pim?d=1F1gZbVPBbtswDP2VQWenSLIsK3LbgGGnbkOHbYdhB9qmHaGy6FFS3CzIv-9JbtIeeooeyUc-Pjonc2ANVrzZrSozUMu_bNybnWlUQqhJFyGm1sqb5c3qZmkqE210jPyd9QwYmFuze18ZRzWiox1y0NmGg9mdCsZPpPCQe8owWrAxSFp2OfNPBImaNS5qCqXjcajFFXbgv4l9g3HbzflcmT1pO5ECn0ypxsA0EEgXtTmjMoG9frcFw3OcRDH7ZB6sh1IzcNib3CxLAHYUMeKIHsojdFMsZsAKn8g9h4ugRvxhZXZvM53G0foelZ3VEBedjSjmA7lEUSDEyOQRSV7FubmyKAOVB9EjMPUL5VS2jko-dKz3knyLWTiGoyPrZ5U0AnfkAlemZ2xkm2KtjAnii9rNck5pwSjfIjACzO6tgUKU8UMXGcqWkF_bWDYqQ17udjIT236fs5vKUBPt4dL09px9y8Zjn3zf339ecx60RlwaMgXva7vrCbBqK-U7GZUpR5K3nehg0N76Mb1WjdTc6WNRjsal8ooadu4Kgu19_i6NdF3gfJiWmjkLY6l9et-W9z35nr-xNuwj8svsJb7uH3Nxf0eP5ZnjWe5PcZm7vFlX5kBqiztX-lPRF7HhuSeCk1X-usefAe9WbRc_PY7iL9kS-c44Qbk9fD7_Bw',
    );
    expect(origin).toBeUndefined();
    expect(document).toMatchObject({ version: 1, title: 'Mine', seed: 7, lab: 'pim' });
    expect(document.slices.pim).toEqual({
      task: 'compile',
      model: { zoo: 'bert-base', symbols: { sequence: 64 } },
      hardware: { base: 'puma', crossbar: { rows: 256 }, network: { kind: 'mesh' } },
      mode: 'latency',
      replication: 'manual',
      replicas: { conv1: 3 },
      mapping: 'first-fit',
      evaluator: 'own',
      unrolling: 'rows',
      memory: 'ag-reuse',
      transferRounds: 1,
      layerGroups: false,
      genetic: { population: 40, generations: 60, patience: 20, stopAfter: 0 },
      bits: { layers: { conv1: { weights: 4, activations: 8 } } },
      baselines: [],
      crossbar: expect.objectContaining({ rows: 4, columns: 4, weightBits: 4, adcBits: 8, wireOhm: 0 }),
    });
  });

  it('an example as it was shipped', async () => {
    const { document, origin } = await open(
      '#/pim?d=1LYdnRYw7DoMwEESvEk0NCFpfJPWCR8pK_hCviQKIu-OObjTv6Z34sZjmBDd1iOL51vqBw1Ky2Sylt7p5za9xmIYRHYLMja4a2-Zf4hoId0J9e-27kQcTax-kMi17k57-dd0',
    );
    expect(origin).toEqual({ id: 'squeezenet-latency', version: 1 });
    expect(document.title).toBe('SqueezeNet, one image, soonest');
    expect(document.slices.pim).toMatchObject({ model: 'squeezenet', mode: 'latency', replication: 'balance' });
  });

  it('an example with an edit', async () => {
    const { document, origin } = await open(
      '#/pim?d=1T5OYRYzBCsIwEER_ReaclvaaH_FQetgmiy6kSUxSUUv_3S0IXoZh5vF2PLlUSRF2NFjJ81XaHRaupFoXKl1tm5d0GfqxH2AQaNE3y6qdX7TmwLA7xOtaHxvzhyO3LlDj6N4K_f2HgefQCHaaUGE0gjjW9vMVzjpQO_HZ4HaaxGGejy8',
    );
    expect(origin).toEqual({ id: 'squeezenet-latency', version: 1 });
    expect(document.slices.pim).toMatchObject({ model: 'squeezenet', mode: 'latency', replication: 'genetic' });
  });
});
