import { fail, ok, type Result } from '../core/result.ts';
import { assemble, type LayerDraft } from './assemble.ts';
import { elements, weightsOf } from './counts.ts';
import type { Kind, Layer, Network } from './network.ts';
import { concatAxis, conv, eltwise, fc, matmul, pool } from './pimcomp-json-kinds.ts';
import {
  decimal,
  dims,
  flag,
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
