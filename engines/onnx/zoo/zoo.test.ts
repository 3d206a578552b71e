import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../core/result.ts';
import { totalsOf } from '../counts.ts';
import { inferShapes } from '../infer.ts';
import { zooNetwork } from '../load.ts';
import { faultsOf } from '../network.fixture.ts';
import type { Network } from '../network.ts';
import { buildZooModel, findZooModel, ZOO } from './index.ts';

function of<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const network = (id: string, symbols?: Record<string, number>): Network => of(zooNetwork(id, symbols));

/**
 * Published counts. torchvision: `num_params` and `_ops` (in 10^9 multiply-accumulates) of its weights' metadata, release
 * 0.17. Hugging Face: the sum over a model's parameters. "Definition" means that no count from elsewhere is claimed.
 */
const PUBLISHED: Record<string, { parameters: number; gigaMacs?: number; source: string }> = {
  lenet5: { parameters: 61_706, gigaMacs: 0.00041652, source: 'definition' },
  'digits-cnn': { parameters: 160 + 4640 + 18_496 + 36_928 + 650, gigaMacs: 0.00195728, source: 'definition' },
  'digits-resnet': { parameters: 160 + 13_920 + 32_928 + 36_240 + 490, gigaMacs: 0.005006, source: 'definition' },
  alexnet: { parameters: 60_965_224, source: 'BVLC AlexNet (two groups; torchvision has one, and 61,100,840)' },
  caffenet: { parameters: 60_965_224, source: 'definition' },
  'rcnn-ilsvrc13': { parameters: 60_965_224 - 800 * 4097, source: 'definition: CaffeNet with 200 outputs' },
  vgg8: { parameters: 9_303_946, source: 'definition' },
  vgg11: { parameters: 132_863_336, gigaMacs: 7.609, source: 'torchvision' },
  vgg16: { parameters: 138_357_544, gigaMacs: 15.47, source: 'torchvision' },
  vgg19: { parameters: 143_667_240, gigaMacs: 19.632, source: 'torchvision' },
  resnet18: { parameters: 11_689_512, gigaMacs: 1.814, source: 'torchvision' },
  resnet34: { parameters: 21_797_672, gigaMacs: 3.664, source: 'torchvision' },
  // Gluon's resnet50_v1 has 25,629,032 with 53,120 running statistics; torchvision's form has 25,557,032.
  resnet50: { parameters: 25_557_032, gigaMacs: 3.858, source: 'torchvision; work by the definition of v1' },
  resnet101: { parameters: 44_549_160, gigaMacs: 7.57, source: 'torchvision; work by the definition of v1' },
  'squeezenet1.0': { parameters: 1_248_424, gigaMacs: 0.819, source: 'torchvision' },
  'squeezenet1.1': { parameters: 1_235_496, gigaMacs: 0.349, source: 'torchvision' },
  googlenet: { parameters: 6_998_552, gigaMacs: 1.583, source: 'BVLC GoogLeNet without auxiliary heads' },
  // torchvision: 27,161,264 with the auxiliary head's 3,326,696.
  'inception-v3': { parameters: 27_161_264 - 3_326_696, gigaMacs: 5.713, source: 'torchvision' },
  'mobilenet-v1': { parameters: 4_231_976, gigaMacs: 0.569, source: 'Keras (trainable); Howard et al. 2017' },
  'mobilenet-v2': { parameters: 3_504_872, gigaMacs: 0.301, source: 'torchvision' },
  'mobilenet-v3-large': { parameters: 5_483_032, gigaMacs: 0.217, source: 'torchvision' },
  'mobilenet-v3-small': { parameters: 2_542_856, gigaMacs: 0.057, source: 'torchvision' },
  'shufflenet-v1-g3': { parameters: 1_865_728, gigaMacs: 0.137, source: 'pytorchcv; definition' },
  'shufflenet-v2': { parameters: 2_278_604, gigaMacs: 0.145, source: 'torchvision' },
  densenet121: { parameters: 7_978_856, gigaMacs: 2.834, source: 'torchvision' },
  'efficientnet-b0': { parameters: 5_288_548, gigaMacs: 0.386, source: 'torchvision' },
  // The weights file has 8,858,734 numbers with 2 x 3,184 running statistics; 5.56 billion operations are two a piece.
  'yolov3-tiny': { parameters: 8_858_734 - 6368, gigaMacs: 2.782, source: 'darknet' },
  'vit-b16': { parameters: 86_567_656, gigaMacs: 17.564, source: 'torchvision' },
  'bert-base': { parameters: 109_482_240, source: 'Hugging Face' },
  'bert-large': { parameters: 335_141_888, source: 'Hugging Face' },
  gpt2: { parameters: 124_439_808, source: 'Hugging Face' },
  'opt-6.7b': { parameters: 6_658_473_984, source: 'Hugging Face' },
  'opt-13b': { parameters: 12_853_473_280, source: 'Hugging Face' },
  'llama2-7b': { parameters: 6_738_415_616, source: 'Hugging Face' },
  'llama2-13b': { parameters: 13_015_864_320, source: 'Hugging Face' },
  'llama3-8b': { parameters: 8_030_261_248, source: 'Hugging Face' },
};

describe('structures', () => {
  it('are all listed with a count', () => {
    expect(ZOO.map(({ id }) => id).sort()).toEqual(Object.keys(PUBLISHED).sort());
  });

  for (const [id, { parameters, gigaMacs, source }] of Object.entries(PUBLISHED)) {
    it(`${id} has the parameters and the work of its source (${source})`, () => {
      const found = network(id);
      expect(faultsOf(found)).toEqual([]);
      expect(found.unsupported).toEqual([]);
      const totals = totalsOf(found);
      expect(Math.abs(totals.parameters / parameters - 1)).toBeLessThan(0.001);
      // Published to three places after the point.
      if (gigaMacs !== undefined)
        expect(Math.abs(totals.macs / 1e9 - gigaMacs)).toBeLessThanOrEqual(Math.max(0.00051, gigaMacs * 0.001));
    });
  }

  it('have the shapes that inference finds, independently of their builders', () => {
    for (const model of ZOO.filter(({ id }) => !/^(opt|llama|bert-large)/.test(id))) {
      const { graph } = of(buildZooModel(model)).model;
      const inferred = of(inferShapes(graph)).graph;
      for (const { name, shape } of Object.values(graph.values))
        expect([name, inferred.values[name]?.shape]).toEqual([name, shape]);
    }
  });
});

/** Layers by kind, as the networks have them that PIMCOMP-NN ships (its dropouts left out). */
const FORMS: Record<string, Record<string, number>> = {
  resnet18: { input: 1, conv: 20, fc: 1, pool: 2, eltwise: 8, activation: 8, move: 1 },
  resnet50: { input: 1, conv: 53, fc: 1, pool: 2, eltwise: 16, activation: 16, move: 1 },
  squeezenet: { input: 1, conv: 26, pool: 4, concat: 8, softmax: 1 },
  googlenet: { input: 1, conv: 57, fc: 1, pool: 14, concat: 9, normalise: 2, move: 1, softmax: 1 },
  alexnet: { input: 1, conv: 5, fc: 3, pool: 3, normalise: 2, move: 1, softmax: 1 },
  caffenet: { input: 1, conv: 5, fc: 3, pool: 3, normalise: 2, move: 1, softmax: 1 },
  mobilenetv2: { input: 1, conv: 52, fc: 1, pool: 1, eltwise: 10, activation: 35, move: 1 },
  vgg16: { input: 1, conv: 13, fc: 3, pool: 5, move: 3 },
};

describe('forms of the ONNX model zoo', () => {
  for (const [id, counts] of Object.entries(FORMS)) {
    it(`${id} has its layers`, () => {
      const found: Record<string, number> = {};
      for (const { kind } of network(id).layers) found[kind.op] = (found[kind.op] ?? 0) + 1;
      expect(found).toEqual(counts);
    });
  }

  it('have the stride of a bottleneck in its first convolution, where torchvision has it in the second', () => {
    const layer = network('resnet50').layers.find(({ name }) => name === 'stage2/block1/conv1');
    expect(layer?.kind).toMatchObject({ kernel: [1, 1], stride: [2, 2] });
    expect(layer?.bias).toBe(true);
  });

  it('fold normalisations into a bias only where the file does', () => {
    expect(network('mobilenet-v2').layers.filter(({ kind, bias }) => kind.op === 'conv' && !bias)).toEqual([]);
    expect(network('resnet18').layers.filter(({ kind, bias }) => kind.op === 'conv' && bias)).toEqual([]);
  });

  it('keep groups and depthwise convolutions at their true cost', () => {
    const { layers } = network('mobilenet-v2');
    const depthwise = layers.find(({ name }) => name === 'block2/depthwise')!;
    expect(depthwise.kind).toMatchObject({ groups: 96, inputChannels: 96, outputChannels: 96 });
    expect(depthwise.macs).toBe(96 * 9 * 56 * 56);
    expect(network('shufflenet').layers.filter(({ kind }) => kind.op === 'move' && kind.how === 'shuffle').length).toBe(
      16,
    );
  });
});

describe('transformers', () => {
  it('repeat one layer', () => {
    const layers = { 'bert-base': 12, 'bert-large': 24, gpt2: 12, 'vit-b16': 12, 'opt-13b': 40, 'llama2-7b': 32 };
    for (const [id, times] of Object.entries(layers)) {
      const { repeats } = network(id);
      expect(repeats.map((repeat) => [repeat.block, repeat.times])).toEqual([['layer0', times]]);
    }
  });

  it('read one token against all before it when they decode', () => {
    const decode = network('llama3-8b', { sequence: 1, past: 511 });
    expect(faultsOf(decode)).toEqual([]);
    expect(decode.repeats).toMatchObject([{ block: 'layer0', times: 32 }]);
    const scores = decode.layers.find(({ name }) => name === 'layer0/attention/scores')!;
    expect(scores.kind).toEqual({ op: 'matmul', batch: 32, rows: 1, inner: 128, columns: 512 });
    const cache = decode.layers.find(({ name }) => name === 'layer0/attention/past_keys')!;
    // Grouped-query attention: 8 heads of keys and values serve 32 of queries.
    expect(cache.outputShape).toEqual([1, 8, 511, 128]);
    const k = decode.layers.find(({ name }) => name === 'layer0/attention/k')!;
    expect(k.kind).toEqual({ op: 'fc', inputs: 4096, outputs: 1024, rows: 1 });
  });

  it('do the work of all tokens at once in the prefill, and of one in each step of the decode', () => {
    const prefill = totalsOf(network('gpt2', { sequence: 64 }));
    const step = totalsOf(network('gpt2', { sequence: 1, past: 63 }));
    // The weights' part of the work is 64 times as much; what attention adds is the same for the last token.
    const weights = 12 * 12 * 768 * 768 + 768 * 50257;
    const attention = 12 * 2 * 768 * 64;
    expect(prefill.macs).toBe(64 * (weights + attention));
    expect(step.macs).toBe(weights + attention);
    expect(step.parameters).toBe(prefill.parameters);
  });

  it('multiply by the batch', () => {
    const [one, four] = [totalsOf(network('vit-b16')), totalsOf(network('vit-b16', { batch: 4 }))];
    expect(four.macs).toBe(4 * one.macs);
    expect(four.parameters).toBe(one.parameters);
  });

  it('recognise what exporters spell out', () => {
    const how = (id: string): Set<string> =>
      new Set(
        network(id).layers.flatMap(({ kind }) => (kind.op === 'activation' || kind.op === 'normalise' ? kind.how : [])),
      );
    expect(how('bert-base')).toEqual(new Set(['layer', 'gelu']));
    expect(how('gpt2')).toEqual(new Set(['layer', 'gelu']));
    expect(how('llama2-7b')).toEqual(new Set(['rms', 'silu']));
  });

  it('count a table that the last layer shares once, and read it there too', () => {
    const { layers } = network('gpt2');
    const head = layers.at(-1)!;
    expect(head.kind).toEqual({ op: 'fc', inputs: 768, outputs: 50257, rows: 128 });
    expect(head.parameters).toBe(0);
  });
});

describe('names', () => {
  it('are all in the README, and no others', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const [, table = ''] = readme.split(/^\| family \| ids \|$/m);
    const listed = [...table.split('\n\n')[0]!.matchAll(/`([^`]+)`/g)].map(([, id]) => id);
    expect(listed.sort()).toEqual(ZOO.map(({ id }) => id).sort());
  });

  it('are found in other spellings', () => {
    const spellings = {
      squeezenet: 'squeezenet1.1',
      mobilenetv2: 'mobilenet-v2',
      inception_v3: 'inception-v3',
      shufflenet: 'shufflenet-v1-g3',
      'rcnn-ilsvrc13': 'rcnn-ilsvrc13',
      'ResNet-18': 'resnet18',
      'LLaMA2-7B': 'llama2-7b',
    };
    for (const [name, id] of Object.entries(spellings)) expect(of(findZooModel(name)).id).toBe(id);
  });

  it('that are not there are answered with the nearest', () => {
    const found = findZooModel('resnet19');
    expect(found.ok ? [] : found.problems[0]?.remedy).toContain('Did you mean "resnet18"?');
  });

  it('of sizes that a model has not are refused, and sizes that cannot be', () => {
    const wrong = zooNetwork('resnet18', { sequence: 4 });
    expect(wrong.ok ? '' : wrong.problems[0]?.what).toBe('ResNet-18 has no size "sequence".');
    for (const batch of [0, -1, 1.5]) expect(zooNetwork('resnet18', { batch }).ok).toBe(false);
    expect(zooNetwork('gpt2', { past: 0 }).ok).toBe(true);
  });
});
