import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, intensityOf, totalsOf } from './counts.ts';
import { zooNetwork } from './load.ts';
import type { Network } from './network.ts';
import { absorbActivations, foldNormalisations } from './network-passes.ts';
import { inTopologicalOrder } from './topological.ts';

function zoo(id: string): Network {
  const network = zooNetwork(id);
  if (!network.ok) throw new Error(id);
  return network.value;
}

describe('absorbing activations', () => {
  it('takes a ReLU into the sum before it, and keeps who reads it', () => {
    const network = zoo('resnet18');
    const absorbed = absorbActivations(network);
    const sum = absorbed.layers.find(({ name }) => name === 'stage1/block1/add')!;
    expect(sum.activation).toEqual({ how: 'relu' });
    expect(sum.nodes).toEqual(['stage1/block1/add', 'stage1/block1/relu_out']);
    expect(sum.consumers.map((index) => absorbed.layers[index]!.name)).toEqual([
      'stage1/block2/conv1',
      'stage1/block2/add',
    ]);
    // The shortcut of the next block reads the sum now.
    expect(absorbed.layers[sum.consumers[1]!]!.inputs).toContain(sum.index);
  });

  it('leaves what two read, and what has an activation already', () => {
    const { layers } = absorbActivations(zoo('densenet121'));
    // Normalised before every convolution: ReLU goes into the normalisation.
    expect(layers.filter(({ kind }) => kind.op === 'activation')).toEqual([]);
    const gates = absorbActivations(zoo('efficientnet-b0')).layers.filter(({ kind }) => kind.op === 'activation');
    expect(gates).toEqual([]);
  });

  it('changes nothing the second time', () => {
    for (const id of ['mobilenet-v3-small', 'yolov3-tiny', 'gpt2']) {
      const once = absorbActivations(zoo(id));
      expect(absorbActivations(once)).toEqual(once);
    }
  });
});

describe('folding normalisations', () => {
  it('gives a bias to what was normalised, and only to that', () => {
    const network = zoo('densenet121');
    const folded = foldNormalisations(network);
    for (const [index, layer] of folded.layers.entries())
      expect(layer.bias).toBe(network.layers[index]!.bias || layer.normalised);
    expect(totalsOf(folded)).toEqual(totalsOf(network));
  });
});

describe('bytes and intensity', () => {
  it('read every operand once and write the result once', () => {
    const { layers } = zoo('lenet5');
    const conv = layers.find(({ name }) => name === 'conv2')!;
    expect(bytesOf(conv, { weightBits: 8, activationBits: 16 })).toEqual({
      weightBytes: 16 * 6 * 25 + 16,
      inputBytes: 2 * 6 * 14 * 14,
      outputBytes: 2 * 16 * 10 * 10,
    });
    expect(intensityOf(conv, { weightBits: 8, activationBits: 16 })).toBeCloseTo(240000 / (2416 + 2352 + 3200), 12);
  });

  it('read a shared table where it is used again, and of an embedding only the rows looked up', () => {
    const { layers } = zoo('gpt2');
    const widths = { weightBits: 16, activationBits: 16 };
    expect(bytesOf(layers.at(-1)!, widths).weightBytes).toBe(2 * 768 * 50257);
    const words = layers.find(({ name }) => name === 'embeddings/words')!;
    expect(bytesOf(words, widths).weightBytes).toBe(2 * 128 * 768);
  });
});

describe('topological order', () => {
  it('puts every item behind those that it reads, and keeps an order that is one', () => {
    const graph = fc.array(fc.array(fc.nat(30), { maxLength: 3 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(graph, fc.array(fc.nat(1000), { minLength: 30, maxLength: 30 }), (raw, keys) => {
        // Reads point backwards; then the items are shuffled.
        const reads = raw.map((list, index) => list.map((it) => it % (index + 1)).filter((it) => it !== index));
        expect(inTopologicalOrder(reads).order).toEqual([...reads.keys()]);
        const places = [...reads.keys()].sort((a, b) => keys[a]! - keys[b]!);
        const placeOf = new Map(places.map((item, place) => [item, place]));
        const shuffled = places.map((item) => reads[item]!.map((read) => placeOf.get(read)!));
        const { order, cycle } = inTopologicalOrder(shuffled);
        expect(cycle).toBeUndefined();
        const at = new Map(order.map((item, place) => [item, place]));
        expect(at.size).toBe(reads.length);
        for (const [item, inputs] of shuffled.entries())
          for (const input of inputs) expect(at.get(input)!).toBeLessThan(at.get(item)!);
      }),
    );
  });

  it('names a circle', () => {
    const { cycle } = inTopologicalOrder([[2], [0], [1], []]);
    expect(cycle).toEqual([0, 2, 1, 0]);
  });
});
