import { int } from '../../attributes.ts';
import type { Conv } from '../../network.ts';
import { windowOf } from '../../to-network-windows.ts';
import type { GraphNode } from '../../types.ts';
import { CannotRun } from '../cannot-run.ts';
import type { Context } from '../context.ts';
import { channelsLast, type View } from '../views.ts';
import { type Geometry, parametersOf, product, runAt, setFinish, zerosFor } from './call-kernel.ts';
import { finishNodes, learnedLayer, runLearned } from './layer.ts';

/** A convolution with constant weights over one or two axes, depthwise or in groups, and what is fused into it. */
export function convolution(context: Context): GraphNode[] {
  const { node, program } = context;
  const [name = '', weightName = '', biasName] = node.inputs;
  const shape = context.shapeOf(name);
  const weightShape = context.shapeOf(weightName);
  const outputShape = context.outputShape();
  const weight = context.constant(weightName);
  const biasData = biasName ? context.constant(biasName)?.data : undefined;
  if (!weight || (biasName && !biasData)) throw new CannotRun('has weights that are computed, not constant');
  const sliding = windowOf({ ...node, covers: [] }, weightShape.slice(2), shape, outputShape);
  if (!sliding) {
    throw new CannotRun(
      `has ${shape.length - 2} spatial axes`,
      'Use a model on images or sequences (1 or 2 spatial axes).',
    );
  }
  const groups = int(node.attributes, 'group', 1);
  const [batch = 1, inputChannels = 1] = shape;
  const outputChannels = outputShape[1]!;
  const channels = inputChannels / groups;
  const outputs = outputChannels / groups;
  const places = sliding.kernel[0] * sliding.kernel[1];
  const depthwise = groups > 1 && channels === 1 && outputs === 1;
  const input = context.dense(asImage(context.input()), channelsLast(4));
  const [height, width] = [input.shape[2]!, input.shape[3]!];
  const [outHeight, outWidth] = [outputShape.at(-2)!, outputShape.at(-1)!];
  const outSize: [number, number] = shape.length === 3 ? [1, outWidth] : [outHeight, outWidth];
  const fused = context.fuse({ channels: outputChannels, axis: 1, rank: outputShape.length });
  const output = context.tensor([batch, outputChannels, ...outSize], channelsLast(4));
  const kind: Conv = { op: 'conv', ...sliding, inputChannels, outputChannels, groups };
  const learned = learnedLayer(
    context,
    fused,
    {
      op: depthwise ? 'depthwise' : 'conv',
      rows: outputChannels,
      rowLength: places * channels,
      channels,
      weightShape: [...weight.shape],
      weightName,
      conv: kind,
      inputShape: [1, height, width, inputChannels],
      outputShape: [1, ...outSize, outputChannels],
      macs: outputChannels * outSize[0] * outSize[1] * places * channels,
    },
    () => {
      const matrix = new Float64Array(weight.data.length);
      for (let row = 0; row < outputChannels; row += 1) {
        for (let c = 0; c < channels; c += 1) {
          for (let place = 0; place < places; place += 1) {
            matrix[(row * places + place) * channels + c] = weight.data[(row * channels + c) * places + place]!;
          }
        }
      }
      return matrix;
    },
    biasData && ((row) => biasData[row]!),
    depthwise ? { how: 'depthwise' } : { how: 'panels', groups },
  );
  const { kernel } = context.shared.memory;
  const [top, left] = sliding.pads;
  const addresses = { panels: learned.panelsAt, bias: learned.biasAt };
  if (depthwise) {
    const { memory } = program;
    const at = memory.take(4 * 23);
    const sizes = [batch, ...outSize, height, width, inputChannels];
    const moves = [...sliding.kernel, ...sliding.stride, top, left, ...sliding.dilation];
    memory.words.set([0, addresses.panels, addresses.bias, 0, ...sizes, ...moves], at / 4);
    setFinish(program, at / 4 + 18, fused.finish);
    runLearned(context, learned, input, output, (from, to) => {
      memory.words[at / 4] = from;
      memory.words[at / 4 + 3] = to;
      kernel.depthwise(at);
    });
  } else {
    const flat =
      places === 1 &&
      sliding.stride.every((step) => step === 1) &&
      sliding.pads.every((pad) => pad === 0) &&
      groups === 1;
    const geometry: Geometry = flat
      ? product(batch * height * width, inputChannels, outputChannels)
      : {
          rows: batch * outSize[0] * outSize[1],
          output: outSize,
          input: [height, width],
          pixel: inputChannels,
          outputPixel: outputChannels,
          kernel: sliding.kernel,
          stride: sliding.stride,
          pads: [top, left],
          dilation: sliding.dilation,
          channels,
          groups,
          outputs,
        };
    const at = parametersOf(program, geometry, addresses, zerosFor(context, channels), fused.finish);
    runLearned(context, learned, input, output, (from, to) => runAt(context, at, from, to));
  }
  const { strides } = output;
  const result =
    shape.length === 3 ? { ...output, shape: outputShape, strides: [strides[0]!, strides[1]!, strides[3]!] } : output;
  return finishNodes(context, fused, result);
}

/** A sequence N, C, W as an image of one line. */
export function asImage(view: View): View {
  if (view.shape.length !== 3) return view;
  const [n, c, w] = view.shape as [number, number, number];
  const [byN, byC, byW] = view.strides as [number, number, number];
  return { ...view, shape: [n, c, 1, w], strides: [byN, byC, 0, byW] };
}
