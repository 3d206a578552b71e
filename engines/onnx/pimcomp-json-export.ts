import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { weightsOf } from './counts.ts';
import type { Kind, Layer, Network, Window } from './network.ts';

/** What the format has where nothing is clipped. */
const NO_BOUND = 10000000;

const ACT_TYPES: Record<string, number> = { relu: 0, tanh: 1, sigmoid: 2 };
const ACT_OPERATIONS: Record<string, string> = {
  relu: 'OP_RELU',
  tanh: 'OP_TANH',
  sigmoid: 'OP_SIGMOID',
  clip: 'OP_CLIP',
};

interface Node {
  name: string;
  operation: string;
  param?: Record<string, number>;
  more?: Record<string, number>;
  inputs: number[];
  inputDim?: number[];
  outputDim: number[];
}

/**
 * The network in the JSON form of PIMCOMP-NN, to be read by its backend. The format holds convolutions, FC layers of one
 * row, pools, sums, differences, concatenations along channels, ReLU, tanh, sigmoid and clips; whatever else the network
 * has is refused with the names of the layers. An activation that was taken into another layer than a convolution or FC
 * becomes a node of its own.
 */
export function networkToPimcompJson(network: Network): Result<string> {
  const nodes: Node[] = [];
  const places = new Map<number, number>();
  const refused = new Map<string, string[]>();
  for (const layer of network.layers) {
    const node = nodeOf(layer);
    if (typeof node === 'string') {
      refused.set(node, [...(refused.get(node) ?? []), layer.name]);
      continue;
    }
    const inputs = layer.inputs.map((input) => places.get(input) ?? -1);
    places.set(layer.index, nodes.length);
    nodes.push({ ...node, inputs, ...(layer.inputShapes[0] && { inputDim: layer.inputShapes[0] }) });
    const { activation, kind } = layer;
    if (!activation || kind.op === 'conv' || kind.op === 'fc') continue;
    const own = activationNode(`${layer.name}_${activation.how}`, activation, layer.outputShape);
    if (typeof own === 'string') {
      refused.set(own, [...(refused.get(own) ?? []), layer.name]);
      continue;
    }
    nodes.push({ ...own, inputs: [nodes.length - 1], inputDim: layer.outputShape });
    places.set(layer.index, nodes.length - 1);
  }
  if (refused.size > 0) return refusal(refused);
  return ok(`${JSON.stringify(file(nodes), null, 4)}\n`);
}

function refusal(refused: ReadonlyMap<string, string[]>): Result<string> {
  const problems = [...refused].map(([what, names]): Problem => {
    const [first, second, ...more] = names;
    const list = [first, second].filter((name) => name !== undefined).join('", "');
    const others = more.length > 0 ? ` and ${more.length} more` : '';
    const sentence = `The PIMCOMP format has no ${what} (layer "${list}"${others}).`;
    return error('pimcomp-json-export', sentence, 'Export the model as ONNX instead.', { path: first });
  });
  const [head, ...tail] = problems;
  return fail(head!, ...tail);
}

function file(nodes: readonly Node[]) {
  const consumers = nodes.map((): number[] => []);
  for (const [index, { inputs }] of nodes.entries()) for (const input of new Set(inputs)) consumers[input]!.push(index);
  const names = (indices: readonly number[]): string[] => indices.map((index) => nodes[index]!.name);
  return {
    node_list: nodes.map(({ name, operation, param, more, inputs, inputDim, outputDim }, index) => ({
      bitwidth: 16,
      index,
      name,
      operation,
      ...more,
      ...(param && { param }),
      output_dim: outputDim,
      output_dim_num: outputDim.length,
      ...(inputDim && { input_dim: inputDim, input_dim_num: inputDim.length }),
      ...(inputs.length > 0 && { provider: names(inputs) }),
      provider_num: inputs.length,
      provider_index: inputs,
      ...(consumers[index]!.length > 0 && { consumer: names(consumers[index]!) }),
      consumer_num: consumers[index]!.length,
      consumer_index: consumers[index]!,
      new_node_index: index,
    })),
    reshape_info: reshapeInfo(nodes, consumers),
  };
}

/** Where feature maps become rows: the first reshaping, named by who reads it. */
function reshapeInfo(nodes: readonly Node[], consumers: readonly number[][]) {
  for (const [index, node] of nodes.entries()) {
    const [reader] = consumers[index]!;
    if ((node.operation !== 'OP_FLATTEN' && node.operation !== 'OP_RESHAPE') || reader === undefined) continue;
    return { name: nodes[reader]!.name, input_dim: node.inputDim ?? [], output_dim: node.outputDim };
  }
  return {};
}

/** The node of a layer, without its links; or what the format has not. */
function nodeOf(layer: Layer): Omit<Node, 'inputs'> | string {
  const { kind, name, outputShape: outputDim } = layer;
  const node = (operation: string, param?: Record<string, number>) => ({
    name,
    operation,
    ...(param && { param }),
    outputDim,
  });
  switch (kind.op) {
    case 'input':
      return node('OP_INPUT');
    case 'conv': {
      const more = fused(layer);
      if (typeof more === 'string') return more;
      const param = {
        ...windowParam(kind),
        dilation_h: kind.dilation[0],
        dilation_w: kind.dilation[1],
        group: kind.groups,
        input_channel: kind.inputChannels,
        output_channel: kind.outputChannels,
        with_bias: Number(layer.bias),
      };
      return { ...node('OP_CONV', param), more };
    }
    case 'fc': {
      if (kind.rows !== 1) return 'FC layer of several rows';
      const more = fused(layer);
      if (typeof more === 'string') return more;
      return {
        ...node('OP_FC', { num_input: kind.inputs, num_output: kind.outputs, with_bias: Number(layer.bias) }),
        more,
      };
    }
    case 'pool':
      if (kind.dilation[0] !== 1 || kind.dilation[1] !== 1) return 'dilated pool';
      return node('OP_POOL', {
        ...windowParam(kind),
        pool_method: kind.method === 'max' ? 0 : 1,
        global: Number(kind.global),
      });
    case 'eltwise':
      if (kind.constant !== undefined) return 'operation with a constant';
      if (kind.how === 'add') return node('OP_ELTWISE', { eletype: 2 });
      if (kind.how === 'sub') return node('OP_ELTWISE', { eletype: 4 });
      return `element-wise "${kind.how}"`;
    case 'concat':
      if (layer.inputs.length < 2 || layer.parameters > 0) return 'concatenation with a constant';
      return kind.axis === 1 ? node('OP_CONCAT') : 'concatenation along another axis than channels';
    case 'activation': {
      const { op: _, ...activation } = kind;
      return activationNode(name, activation, outputDim);
    }
    case 'softmax':
      return node('OP_SOFTMAX');
    case 'normalise':
      if (kind.how === 'lrn') return node('OP_LRN');
      return kind.how === 'batch' ? node('OP_BN') : `${kind.how} normalisation`;
    case 'matmul':
      return node('OP_MATMUL');
    case 'move':
      return moveNode(kind, node);
    default:
      return `layer of kind "${kind.op === 'unknown' ? kind.onnxOp : kind.op}"`;
  }
}

function moveNode(
  kind: Kind & { op: 'move' },
  node: (operation: string, param?: Record<string, number>) => Omit<Node, 'inputs'>,
): Omit<Node, 'inputs'> | string {
  switch (kind.how) {
    case 'flatten':
      return node('OP_FLATTEN');
    case 'reshape':
      return node('OP_RESHAPE');
    case 'squeeze':
      return node('OP_SQUEEZE');
    case 'transpose':
      return node('OP_TRANSPOSE');
    case 'identity':
      return node('OP_DROPOUT');
    case 'shuffle': {
      const shuffle = node('OP_SHUFFLE');
      return { ...shuffle, param: { input_channel: shuffle.outputDim[1]!, split_factor: kind.groups ?? 1 } };
    }
    default:
      return `"${kind.how}"`;
  }
}

function windowParam({ kernel, stride, pads }: Window): Record<string, number> {
  const [top, left, bottom, right] = pads;
  return {
    kernel_h: kernel[0],
    kernel_w: kernel[1],
    stride_h: stride[0],
    stride_w: stride[1],
    pad_h0: top,
    pad_h1: bottom,
    pad_w0: left,
    pad_w1: right,
  };
}

function fused(layer: Layer): Record<string, number> | string {
  const { activation } = layer;
  const normalised = layer.normalised && !isFolded(layer);
  const none = {
    act_type: -1,
    with_act: 0,
    with_bn: Number(normalised),
    with_clip: 0,
    clip_min: -NO_BOUND,
    clip_max: NO_BOUND,
  };
  if (!activation) return none;
  const { how, min = -NO_BOUND, max = NO_BOUND } = activation;
  if (how === 'clip') return { ...none, with_clip: 1, clip_min: min, clip_max: max };
  const type = ACT_TYPES[how];
  return type === undefined ? `activation "${how}"` : { ...none, act_type: type, with_act: 1 };
}

/** The bias is what a normalisation left: exporters that fold write such a layer as if it never had one. */
function isFolded({ kind, bias, normalised, parameters }: Layer): boolean {
  const outputs = kind.op === 'conv' ? kind.outputChannels : kind.op === 'fc' ? kind.outputs : 0;
  return bias && normalised && parameters === weightsOf(kind) + 2 * outputs;
}

function activationNode(
  name: string,
  { how, min = -NO_BOUND, max = NO_BOUND }: NonNullable<Layer['activation']>,
  outputDim: number[],
): Omit<Node, 'inputs'> | string {
  const operation = ACT_OPERATIONS[how];
  if (operation === undefined) return `activation "${how}"`;
  return { name, operation, outputDim, ...(how === 'clip' && { param: { min, max } }) };
}
