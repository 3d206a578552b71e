import { error, fail, ok, type Result } from '../../core/result.ts';
import { nearest } from '../../document/nearest.ts';
import type { Graph, Model } from '../types.ts';
import { alexnet, caffenet, lenet5, rcnnIlsvrc13 } from './alexnet.ts';
import { bert } from './bert.ts';
import { densenet121 } from './densenet.ts';
import { digitsCnn, digitsResnet } from './digits.ts';
import { efficientnetB0 } from './efficientnet.ts';
import { googlenet } from './googlenet.ts';
import { gpt2, opt } from './gpt.ts';
import { inceptionV3 } from './inception-v3.ts';
import { llama } from './llama.ts';
import { mobilenetV1, mobilenetV2 } from './mobilenet.ts';
import { mobilenetV3 } from './mobilenet-v3.ts';
import { resnet } from './resnet.ts';
import { shufflenetV1, shufflenetV2 } from './shufflenet.ts';
import { squeezenet10, squeezenet11 } from './squeezenet.ts';
import { vgg, vgg8 } from './vgg.ts';
import { vitB16 } from './vit.ts';
import { yolov3Tiny } from './yolo.ts';

/** Sizes of the symbolic dimensions of a model; what is left out has the model's own default. */
export type Sizes = Record<string, number>;

export interface ZooModel {
  /** As a design names it. */
  id: string;
  /** As people write it. */
  title: string;
  family: 'convolutional' | 'transformer';
  /** Names of symbolic dimensions and their defaults. */
  symbols: Sizes;
  /** Other spellings, of other programs' files too. */
  aliases: string[];
  /**
   * Normalisations are folded into weights and bias as exporters do, so that every such layer has a bias (as the ONNX model
   * zoo's file does). Parameters still count what is learned.
   */
  folded?: boolean;
  build(sizes: Sizes): Graph;
}

function convolutional(
  id: string,
  title: string,
  build: () => Graph,
  aliases: string[] = [],
  folded = false,
): ZooModel {
  return { id, title, family: 'convolutional', symbols: { batch: 1 }, aliases, ...(folded && { folded }), build };
}

/** A model of tokens: `sequence` of them at once, and where it has a cache `past` before them (0: prefill). */
function transformer(
  id: string,
  title: string,
  build: (sizes: Sizes) => Graph,
  symbols: Sizes,
  aliases: string[] = [],
): ZooModel {
  return { id, title, family: 'transformer', symbols: { batch: 1, ...symbols }, aliases, build };
}

const READS = { sequence: 128 };
const WRITES = { sequence: 128, past: 0 };

/** All structures that the studio builds itself, weights left out. */
export const ZOO: readonly ZooModel[] = [
  convolutional('lenet5', 'LeNet-5', lenet5, ['lenet', 'lenet-5']),
  convolutional('digits-cnn', 'Digits CNN', digitsCnn),
  convolutional('digits-resnet', 'Digits ResNet', digitsResnet),
  convolutional('alexnet', 'AlexNet', alexnet),
  convolutional('caffenet', 'CaffeNet', caffenet),
  convolutional('rcnn-ilsvrc13', 'R-CNN ILSVRC13', rcnnIlsvrc13, ['rcnn']),
  convolutional('vgg8', 'VGG-8', vgg8),
  convolutional('vgg11', 'VGG-11', () => vgg(11)),
  convolutional('vgg16', 'VGG-16', () => vgg(16)),
  convolutional('vgg19', 'VGG-19', () => vgg(19)),
  convolutional('resnet18', 'ResNet-18', () => resnet(18)),
  convolutional('resnet34', 'ResNet-34', () => resnet(34)),
  convolutional('resnet50', 'ResNet-50', () => resnet(50)),
  convolutional('resnet101', 'ResNet-101', () => resnet(101)),
  convolutional('squeezenet1.0', 'SqueezeNet 1.0', squeezenet10),
  convolutional('squeezenet1.1', 'SqueezeNet 1.1', squeezenet11, ['squeezenet']),
  convolutional('googlenet', 'GoogLeNet', googlenet),
  convolutional('inception-v3', 'Inception-v3', inceptionV3, [], true),
  convolutional('mobilenet-v1', 'MobileNet v1', mobilenetV1),
  convolutional('mobilenet-v2', 'MobileNet v2', mobilenetV2, [], true),
  convolutional('mobilenet-v3-large', 'MobileNet v3 large', () => mobilenetV3('large'), ['mobilenet-v3'], true),
  convolutional('mobilenet-v3-small', 'MobileNet v3 small', () => mobilenetV3('small'), [], true),
  convolutional('shufflenet-v1-g3', 'ShuffleNet v1 (3 groups)', shufflenetV1, ['shufflenet', 'shufflenet-v1']),
  convolutional('shufflenet-v2', 'ShuffleNet v2', shufflenetV2, [], true),
  convolutional('densenet121', 'DenseNet-121', densenet121),
  convolutional('efficientnet-b0', 'EfficientNet-B0', efficientnetB0, ['efficientnet'], true),
  convolutional('yolov3-tiny', 'YOLOv3-tiny', yolov3Tiny),
  transformer('vit-b16', 'ViT-B/16', vitB16, {}, ['vit']),
  transformer('bert-base', 'BERT base', () => bert('base'), READS, ['bert']),
  transformer('bert-large', 'BERT large', () => bert('large'), READS),
  transformer('gpt2', 'GPT-2', gpt2, WRITES),
  transformer('opt-6.7b', 'OPT 6.7B', (sizes) => opt('6.7b', sizes), WRITES),
  transformer('opt-13b', 'OPT 13B', (sizes) => opt('13b', sizes), WRITES),
  transformer('llama2-7b', 'LLaMA 2 7B', (sizes) => llama('llama2-7b', sizes), WRITES),
  transformer('llama2-13b', 'LLaMA 2 13B', (sizes) => llama('llama2-13b', sizes), WRITES),
  transformer('llama3-8b', 'LLaMA 3 8B', (sizes) => llama('llama3-8b', sizes), WRITES),
];

/** The model of that name: its id, or another spelling of it (case and separators do not count). */
export function findZooModel(name: string): Result<ZooModel> {
  const wanted = plain(name);
  const model = ZOO.find(({ id, aliases }) => [id, ...aliases].some((it) => plain(it) === wanted));
  if (model) return ok(model);
  const near = nearest(
    name,
    ZOO.map(({ id }) => id),
  );
  const what = `There is no model "${name}" in the zoo.`;
  const list = `There are ${ZOO.map(({ id }) => id).join(', ')}.`;
  return fail(error('zoo.unknown', what, near ? `Did you mean "${near}"? ${list}` : list));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9.]/g, '');
}

/** The operators of opset 17 are those that the builders use. */
const OPSET = 17;

/** Builds a model, weights left out; names of `given` that it does not have are refused. */
export function buildZooModel(model: ZooModel, given: Sizes = {}): Result<{ model: Model; symbols: Sizes }> {
  for (const [name, size] of Object.entries(given)) {
    if (!Object.hasOwn(model.symbols, name)) {
      const known = Object.keys(model.symbols).join(', ');
      return fail(error('zoo.symbol', `${model.title} has no size "${name}".`, `It has ${known}.`));
    }
    const least = name === 'past' ? 0 : 1;
    if (!Number.isSafeInteger(size) || size < least) {
      const what = `The size "${name}" of ${model.title} is ${size}.`;
      return fail(error('zoo.size', what, `Give a whole number of at least ${least}.`));
    }
  }
  const symbols = { ...model.symbols, ...given };
  const graph = model.build(symbols);
  return ok({ model: { graph, irVersion: 8, opsets: { '': OPSET }, producer: 'Crossbar Studio' }, symbols });
}
