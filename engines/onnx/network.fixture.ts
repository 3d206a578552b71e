import { elements, macsOf } from './counts.ts';
import type { Layer, Network } from './network.ts';

/** What does not hold of a network that must hold of every one; empty when all is well. */
export function faultsOf(network: Network): string[] {
  const faults: string[] = [];
  const { layers } = network;
  const names = new Set<string>();
  for (const [index, layer] of layers.entries()) {
    const fault = (what: string): void => void faults.push(`${layer.name}: ${what}`);
    if (layer.index !== index) fault(`index ${layer.index} at place ${index}`);
    if (names.has(layer.name)) fault('name is not its own');
    names.add(layer.name);
    if (layer.kind.op === 'input' ? layer.inputs.length > 0 : layer.inputs.length === 0)
      fault('wrong number of inputs');
    if (layer.inputs.some((input) => input < 0 || input >= index)) fault('reads a layer that is not before it');
    if (layer.inputShapes.length !== layer.inputs.length) fault('as many shapes as inputs are missing');
    for (const [place, input] of layer.inputs.entries()) {
      if (!layers[input]!.consumers.includes(index)) fault(`is no consumer of ${layers[input]!.name}`);
      const shape = layer.inputShapes[place]!;
      if (elements(shape) !== elements(layers[input]!.outputShape))
        fault(`reads ${shape} of ${layers[input]!.outputShape}`);
    }
    if (layer.consumers.some((consumer) => !layers[consumer]!.inputs.includes(index))) fault('has a consumer too many');
    if (layer.macs !== macsOf(layer.kind, layer.outputShape)) fault('wrong count of multiply-accumulates');
    for (const what of shapeFaults(layer)) fault(what);
  }
  for (const { first, layersEach, times } of network.repeats) {
    if (times < 2 || first + layersEach * times > layers.length) faults.push(`repeats past the end from ${first}`);
    for (let at = first; at + layersEach < first + layersEach * times; at++) {
      if (JSON.stringify(layers[at]!.kind) !== JSON.stringify(layers[at + layersEach]!.kind))
        faults.push(`layers ${at} and ${at + layersEach} are said to be equal`);
    }
  }
  return faults;
}

function shapeFaults({ kind, inputShapes, outputShape }: Layer): string[] {
  const faults: string[] = [];
  const [input = []] = inputShapes;
  if (kind.op === 'conv' || kind.op === 'pool') {
    for (const axis of [0, 1] as const) {
      const reach = kind.dilation[axis] * (kind.kernel[axis] - 1) + 1;
      const room = input[2 + axis]! + kind.pads[axis]! + kind.pads[2 + axis]! - reach;
      const out = Math.floor(room / kind.stride[axis]) + 1;
      if (outputShape[2 + axis] !== out) faults.push(`axis ${axis} is ${outputShape[2 + axis]} and not ${out}`);
    }
    const channels = kind.op === 'conv' ? kind.outputChannels : input[1];
    if (outputShape[1] !== channels) faults.push(`has ${outputShape[1]} channels and not ${channels}`);
    if (kind.op === 'conv' && input[1] !== kind.inputChannels) faults.push(`reads ${input[1]} channels`);
  }
  if (kind.op === 'fc') {
    if (elements(input) !== kind.rows * kind.inputs) faults.push(`reads ${input}`);
    if (elements(outputShape) !== kind.rows * kind.outputs) faults.push(`makes ${outputShape}`);
  }
  if (kind.op === 'matmul') {
    if (elements(outputShape) !== kind.batch * kind.rows * kind.columns) faults.push(`makes ${outputShape}`);
    if (elements(input) !== kind.batch * kind.rows * kind.inner) faults.push(`reads ${input}`);
  }
  if (kind.op === 'concat' && inputShapes.length > 1) {
    const sum = inputShapes.reduce((all, shape) => all + shape[kind.axis]!, 0);
    if (outputShape[kind.axis] !== sum) faults.push(`joins to ${sum} and says ${outputShape[kind.axis]}`);
  }
  if (kind.op === 'activation' || kind.op === 'softmax' || kind.op === 'normalise') {
    if (input.join() !== outputShape.join()) faults.push(`makes ${outputShape} of ${input}`);
  }
  if (kind.op === 'move' && !['slice', 'split', 'pad', 'expand'].includes(kind.how)) {
    if (elements(input) !== elements(outputShape)) faults.push(`moves ${input} to ${outputShape}`);
  }
  return faults;
}
