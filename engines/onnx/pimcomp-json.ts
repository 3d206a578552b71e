import { fail, ok, type Result } from '../core/result.ts';
import { assemble, type LayerDraft } from './assemble.ts';
import { elements, weightsOf } from './counts.ts';
import type { Conv, Fc, Kind, Layer, Network, Pool, Window } from './network.ts';
import {
  decimal,
  dims,
  flag,
  isObject,
  type JsonNode,
  Malformed,
  malformed,
  names,
  nodesOf,
  show,
  whole,
} from './pimcomp-json-schema.ts';
import { inTopologicalOrder } from './topological.ts';

/**
 * Reads a network of PIMCOMP-NN's JSON form. Shapes, activations and normalisation are taken as the file has them; groups
 * and dilations that it leaves out are 1. Layers come in the file's order where that is topological, else sorted.
 * Fails with `pimcomp-json` and the place in the file.
 */
export function networkFromPimcompJson(text: string, name = 'network'): Result<Network> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (reason) {
    const what = `The file is no JSON: ${(reason as Error).message}.`;
    return fail(malformed('', what, 'Was it cut off on the way? Take the whole file.').problem);
  }
  try {
    return ok(read(parsed, name));
  } catch (reason) {
    if (reason instanceof Malformed) return fail(reason.problem);
    throw reason;
  }
}

function read(parsed: unknown, name: string): Network {
  const nodes = sorted(nodesOf(parsed));
  const place = new Map(nodes.map((node, index) => [node.name, index]));
  const drafts: LayerDraft[] = [];
  const unknown = new Map<string, string[]>();
  for (const node of nodes) {
    const inputs = names(node, 'provider').map((provider) => place.get(provider)!);
    const draft = draftOf(node, inputs, drafts);
    if (draft.kind.op === 'unknown') {
      const places = unknown.get(node.operation) ?? [];
      places.push(node.name);
      unknown.set(node.operation, places);
    }
    drafts.push(draft);
  }
  const unsupported = [...unknown].map(([op, places]) => ({
    op,
    count: places.length,
    places: places.slice(0, 10),
    why: `The studio does not know the operation ${op} of PIMCOMP networks.`,
  }));
  return assemble({ name, origin: 'pimcomp-json', unsupported, symbols: {} }, drafts);
}

function sorted(nodes: JsonNode[]): JsonNode[] {
  const byName = new Map(nodes.map((node, index) => [node.name, index]));
  const providers = nodes.map((node) =>
    names(node, 'provider').map((provider) => {
      const index = byName.get(provider);
      if (index === undefined)
        throw malformed(`${node.path}.provider`, `Node "${node.name}" reads "${provider}", which is not in the file.`);
      return index;
    }),
  );
  const { order, cycle } = inTopologicalOrder(providers);
  if (cycle) {
    const path = cycle.map((index) => `"${nodes[index]!.name}"`).join(' -> ');
    throw malformed('node_list', `The nodes read each other in a circle: ${path}.`, 'Break the circle.');
  }
  return order.map((index) => nodes[index]!);
}

function draftOf(node: JsonNode, inputs: number[], before: readonly LayerDraft[]): LayerDraft {
  const outputShape = dims(node, 'output_dim');
  if (node.operation !== 'OP_INPUT' && inputs.length === 0)
    throw malformed(`${node.path}.provider`, `Node "${node.name}" (${node.operation}) reads no other node.`);
  const inputShapes = inputs.map((input) => before[input]!.outputShape);
  const given = node.fields.input_dim;
  // The file says only the first operand's sizes; a reshape that it dropped may lie between.
  if (given !== undefined && inputShapes.length > 0) {
    const first = dims(node, 'input_dim');
    if (elements(first) !== elements(inputShapes[0]!)) {
      const what = `Node "${node.name}" says that it reads ${first.join(' x ')}, and what it reads is ${inputShapes[0]!.join(' x ')}.`;
      throw malformed(`${node.path}.input_dim`, what);
    }
    inputShapes[0] = first;
  }
  const kind = kindOf(node, inputShapes, outputShape);
  checkSizes(node, kind, inputShapes, outputShape);
  const draft: LayerDraft = { name: node.name, kind, inputs, inputShapes, outputShape, nodes: [node.name] };
  if (kind.op === 'conv' || kind.op === 'fc') {
    draft.bias = flag(node.param.with_bias);
    draft.normalised = flag(node.fields.with_bn);
    draft.activation = fusedActivation(node);
    const outputs = kind.op === 'conv' ? kind.outputChannels : kind.outputs;
    draft.parameters = weightsOf(kind) + (draft.bias ? outputs : 0) + (draft.normalised ? 2 * outputs : 0);
  } else if (kind.op === 'normalise' && kind.how === 'batch') {
    draft.parameters = 2 * (inputShapes[0]![1] ?? 1);
  }
  return draft;
}

const ACTIVATIONS = ['relu', 'tanh', 'sigmoid'] as const;

function fusedActivation(node: JsonNode): Layer['activation'] {
  const { with_act, act_type, with_clip, clip_min, clip_max } = node.fields;
  const how = flag(with_act) ? ACTIVATIONS[decimal(node, act_type, 'act_type')] : undefined;
  if (flag(with_act) && how === undefined) {
    const what = `Node "${node.name}" has activation ${show(act_type)}; known are 0 (ReLU), 1 (tanh) and 2 (sigmoid).`;
    throw malformed(`${node.path}.act_type`, what);
  }
  if (!flag(with_clip)) return how && { how };
  const min = decimal(node, clip_min, 'clip_min');
  const max = decimal(node, clip_max, 'clip_max');
  if (how === undefined) return { how: 'clip', min, max };
  if (how === 'relu') return { how: 'clip', min: Math.max(0, min), max };
  throw malformed(
    `${node.path}.with_clip`,
    `Node "${node.name}" both clips and computes ${how}, which no layer here does.`,
  );
}

function kindOf(node: JsonNode, inputShapes: number[][], outputShape: number[]): Kind {
  const first = inputShapes[0] ?? [];
  switch (node.operation) {
    case 'OP_INPUT':
      return { op: 'input' };
    case 'OP_CONV':
      return conv(node, first, outputShape);
    case 'OP_FC':
      return fc(node, first, outputShape);
    case 'OP_POOL':
      return pool(node, first, outputShape);
    case 'OP_ELTWISE':
      return { op: 'eltwise', how: eltwise(node) };
    case 'OP_CONCAT':
      return { op: 'concat', axis: concatAxis(node, inputShapes, outputShape) };
    case 'OP_RELU':
      return { op: 'activation', how: 'relu' };
    case 'OP_TANH':
      return { op: 'activation', how: 'tanh' };
    case 'OP_SIGMOID':
      return { op: 'activation', how: 'sigmoid' };
    case 'OP_CLIP': {
      const { min, max } = node.param;
      return {
        op: 'activation',
        how: 'clip',
        min: decimal(node, min, 'param.min'),
        max: decimal(node, max, 'param.max'),
      };
    }
    case 'OP_SOFTMAX':
      return { op: 'softmax', axis: 1 };
    case 'OP_LRN':
      return { op: 'normalise', how: 'lrn' };
    case 'OP_BN':
      return { op: 'normalise', how: 'batch' };
    case 'OP_DROPOUT':
      return { op: 'move', how: 'identity' };
    case 'OP_FLATTEN':
      return { op: 'move', how: 'flatten' };
    case 'OP_RESHAPE':
      return { op: 'move', how: 'reshape' };
    case 'OP_SQUEEZE':
    case 'OP_UNSQUEEZE':
      return { op: 'move', how: 'squeeze' };
    case 'OP_TRANSPOSE':
      return { op: 'move', how: 'transpose' };
    case 'OP_PAD':
      return { op: 'move', how: 'pad' };
    case 'OP_SHUFFLE':
      return { op: 'move', how: 'shuffle', groups: whole(node, 'split_factor', 1) };
    case 'OP_MATMUL':
      return matmul(node, inputShapes, outputShape);
    default:
      return { op: 'unknown', onnxOp: node.operation };
  }
}

/** What works element by element, and what only moves elements, hands on as many as it takes. */
function checkSizes(node: JsonNode, kind: Kind, inputs: readonly number[][], output: readonly number[]): void {
  const elementwise = ['activation', 'softmax', 'normalise', 'eltwise'].includes(kind.op);
  if (!elementwise && (kind.op !== 'move' || kind.how === 'pad')) return;
  const [given = []] = inputs;
  const largest = Math.max(...inputs.map((shape) => elements(shape)));
  const fits = kind.op === 'move' || kind.op === 'eltwise' ? largest === elements(output) : `${given}` === `${output}`;
  if (fits) return;
  const shapes = inputs.map((shape) => shape.join(' x ')).join(' and ');
  const what = `Node "${node.name}" (${node.operation}) makes ${output.join(' x ')} of ${shapes}, which it cannot.`;
  throw malformed(`${node.path}.output_dim`, what);
}

function window(node: JsonNode): Window {
  return {
    kernel: [whole(node, 'kernel_h', 1), whole(node, 'kernel_w', 1)],
    stride: [whole(node, 'stride_h', 1, 1), whole(node, 'stride_w', 1, 1)],
    pads: [
      whole(node, 'pad_h0', 0, 0),
      whole(node, 'pad_w0', 0, 0),
      whole(node, 'pad_h1', 0, 0),
      whole(node, 'pad_w1', 0, 0),
    ],
    dilation: [whole(node, 'dilation_h', 1, 1), whole(node, 'dilation_w', 1, 1)],
  };
}

/** The output's height and width must follow from the input's, the window, the padding and the stride. */
function checkWindow(node: JsonNode, window: Window, input: readonly number[], output: readonly number[]): void {
  if (input.length !== 4 || output.length !== 4) {
    const what = `Node "${node.name}" (${node.operation}) needs four dimensions (N, C, H, W) in and out.`;
    throw malformed(`${node.path}.output_dim`, what);
  }
  for (const axis of [0, 1] as const) {
    const reach = window.dilation[axis] * (window.kernel[axis] - 1) + 1;
    const room = input[2 + axis]! + window.pads[axis]! + window.pads[2 + axis]! - reach;
    const expected = Math.floor(room / window.stride[axis]) + 1;
    if (room < 0 || expected !== output[2 + axis]) {
      const side = axis === 0 ? 'high' : 'wide';
      const what = `Node "${node.name}" says its output is ${output[2 + axis]} ${side}, and its window over an input of ${input[2 + axis]} gives ${Math.max(0, expected)}.`;
      throw malformed(`${node.path}.output_dim`, what);
    }
  }
}

function conv(node: JsonNode, input: readonly number[], output: readonly number[]): Conv {
  const inputChannels = whole(node, 'input_channel', 1);
  const outputChannels = whole(node, 'output_channel', 1);
  const groups = whole(node, 'group', 1, 1);
  const kind: Conv = { op: 'conv', ...window(node), inputChannels, outputChannels, groups };
  checkWindow(node, kind, input, output);
  if (input[1] !== inputChannels || output[1] !== outputChannels) {
    const what = `Node "${node.name}" turns ${inputChannels} channels into ${outputChannels}, and its shapes have ${input[1]} and ${output[1]}.`;
    throw malformed(`${node.path}.param`, what);
  }
  if (inputChannels % groups !== 0 || outputChannels % groups !== 0) {
    const what = `Node "${node.name}" has ${groups} groups, which divide its ${inputChannels} and ${outputChannels} channels not evenly.`;
    throw malformed(`${node.path}.param.group`, what);
  }
  return kind;
}

function fc(node: JsonNode, input: readonly number[], output: readonly number[]): Fc {
  const inputs = whole(node, 'num_input', 1);
  const outputs = whole(node, 'num_output', 1);
  const rows = elements(input) / inputs;
  if (!Number.isInteger(rows) || elements(output) !== rows * outputs) {
    const what = `Node "${node.name}" turns ${inputs} numbers into ${outputs}, which its shapes ${input.join(' x ')} and ${output.join(' x ')} do not fit.`;
    throw malformed(`${node.path}.param`, what);
  }
  return { op: 'fc', inputs, outputs, rows };
}

function pool(node: JsonNode, input: readonly number[], output: readonly number[]): Pool {
  const method = whole(node, 'pool_method', 0);
  if (method > 1) {
    const what = `Node "${node.name}" pools by method ${method}; known are 0 (largest) and 1 (average).`;
    throw malformed(`${node.path}.param.pool_method`, what);
  }
  const kind: Pool = {
    op: 'pool',
    ...window(node),
    method: method === 0 ? 'max' : 'average',
    global: flag(node.param.global),
    countPadding: false,
  };
  checkWindow(node, kind, input, output);
  return kind;
}

/** The format knows two; its front end writes products as sums. */
function eltwise(node: JsonNode): 'add' | 'sub' {
  const type = whole(node, 'eletype', 0);
  if (type === 2) return 'add';
  if (type === 4) return 'sub';
  const what = `Node "${node.name}" combines by type ${type}; known are 2 (sum) and 4 (difference).`;
  throw malformed(`${node.path}.param.eletype`, what);
}

/** The format does not say it: the one axis along which the sizes add up. Channels where there are several. */
function concatAxis(node: JsonNode, inputs: readonly number[][], output: readonly number[]): number {
  const fits = (axis: number): boolean =>
    inputs.every((shape) => shape.length === output.length) &&
    output.every((size, it) =>
      it === axis
        ? inputs.reduce((sum, shape) => sum + shape[it]!, 0) === size
        : inputs.every((shape) => shape[it] === size),
    );
  const axis = [1, ...output.keys()].find(fits);
  if (axis !== undefined) return axis;
  const shapes = inputs.map((shape) => shape.join(' x ')).join(', ');
  throw malformed(
    `${node.path}.output_dim`,
    `Node "${node.name}" joins ${shapes} into ${output.join(' x ')}, which fits along no axis.`,
  );
}

function matmul(node: JsonNode, inputs: readonly number[][], output: readonly number[]): Kind {
  const [left, right] = inputs;
  // With one computed operand the other is a constant that the file leaves out: an FC layer without bias.
  if (left && !right) {
    const inner = left.at(-1)!;
    return { op: 'fc', inputs: inner, outputs: output.at(-1)!, rows: elements(left) / inner };
  }
  if (!left || !right || left.at(-1) !== right.at(-2))
    throw malformed(`${node.path}.input_dim`, `The operands of "${node.name}" do not fit a matrix product.`);
  const rows = left.at(-2) ?? 1;
  const columns = right.at(-1)!;
  return { op: 'matmul', batch: elements(output) / (rows * columns), rows, inner: left.at(-1)!, columns };
}

/** Whether a parsed file looks like a PIMCOMP network, for files of unknown kind. */
export function looksLikePimcompJson(parsed: unknown): boolean {
  return isObject(parsed) && Array.isArray(parsed.node_list);
}
