import { activationOf } from './activation-match.ts';
import { float, int, ints, text } from './attributes.ts';
import { elements, weightsOf } from './counts.ts';
import type { Eltwise, Kind, Reduce } from './network.ts';
import { conv, gemm, matmul, pool } from './to-network-products.ts';
import type { Values } from './values.ts';
import type { WorkNode } from './work-graph.ts';

/** What a node becomes, before layers are joined. `reads` are the computed operands, in order. */
export interface Lowered {
  kind: Kind;
  reads: string[];
  bias?: string;
  weight?: { value: string; transposed: boolean };
  /** Constants with learned numbers that the layer holds; weight and bias among them. */
  learned: string[];
}

/** The layer that a node is by itself. Nodes of other domains and operators without a kind become `unknown`. */
export function lower(node: WorkNode, values: Values): Lowered {
  const computed = node.inputs.filter((input) => input !== '' && !values.isConstant(input));
  const plain = (kind: Kind, learned: string[] = []): Lowered => ({ kind, reads: computed, learned });
  const unknown = plain({ op: 'unknown', onnxOp: node.domain ? `${node.domain}.${node.op}` : node.op });
  if (node.found?.what === 'normalise') {
    const { how, epsilon, learned } = node.found;
    return plain({ op: 'normalise', how, ...(epsilon !== undefined && { epsilon }) }, learned);
  }
  if (node.found?.what === 'shuffle') return plain({ op: 'move', how: 'shuffle', groups: node.found.groups });
  const activation = activationOf(node, values);
  if (activation) {
    const { what: _, ...rest } = activation;
    return plain({ op: 'activation', ...rest });
  }
  if (node.domain !== '' && node.domain !== 'ai.onnx') return foreign(node, values) ?? unknown;
  if (Object.hasOwn(ELTWISE, node.op)) return eltwise(node, ELTWISE[node.op]!, values) ?? unknown;
  if (Object.hasOwn(MOVES, node.op)) return { ...plain(MOVES[node.op]!), reads: computed.slice(0, 1) };
  if (Object.hasOwn(POWERS, node.op)) return plain(POWERS[node.op]!);
  if (Object.hasOwn(REDUCTIONS, node.op)) return reduce(node, REDUCTIONS[node.op]!, values) ?? unknown;
  return RULES[node.op]?.(node, values, plain) ?? unknown;
}

type Plain = (kind: Kind, learned?: string[]) => Lowered;
type Rule = (node: WorkNode, values: Values, plain: Plain) => Lowered | undefined;

const ELTWISE: Record<string, Eltwise['how']> = {
  Add: 'add',
  Sum: 'add',
  Mean: 'add',
  Sub: 'sub',
  Mul: 'mul',
  Div: 'div',
  Max: 'max',
  Min: 'min',
  Pow: 'pow',
  PRelu: 'mul',
};

const MOVES: Record<string, Kind> = {
  Flatten: { op: 'move', how: 'flatten' },
  Reshape: { op: 'move', how: 'reshape' },
  DepthToSpace: { op: 'move', how: 'reshape' },
  SpaceToDepth: { op: 'move', how: 'reshape' },
  Squeeze: { op: 'move', how: 'squeeze' },
  Unsqueeze: { op: 'move', how: 'squeeze' },
  Split: { op: 'move', how: 'split' },
  Pad: { op: 'move', how: 'pad' },
  Expand: { op: 'move', how: 'expand' },
  Tile: { op: 'move', how: 'expand' },
};

/** What one operand suffers by a fixed number. */
const POWERS: Record<string, Kind> = {
  Sqrt: { op: 'eltwise', how: 'pow', constant: 0.5 },
  Reciprocal: { op: 'eltwise', how: 'pow', constant: -1 },
  Neg: { op: 'eltwise', how: 'mul', constant: -1 },
};

const REDUCTIONS: Record<string, Reduce['how']> = {
  ReduceMean: 'mean',
  ReduceSum: 'sum',
  ReduceMax: 'max',
  ReduceMin: 'min',
  ArgMax: 'argmax',
};

const RULES: Record<string, Rule> = {
  Conv: conv,
  Gemm: gemm,
  MatMul: matmul,
  MaxPool: pool,
  AveragePool: pool,
  GlobalMaxPool: pool,
  GlobalAveragePool: pool,
  BatchNormalization: ({ inputs, attributes }, _, plain) =>
    plain({ op: 'normalise', how: 'batch', epsilon: float(attributes, 'epsilon', 1e-5) }, inputs.slice(1, 3)),
  LayerNormalization: ({ inputs, attributes }, _, plain) =>
    plain({ op: 'normalise', how: 'layer', epsilon: float(attributes, 'epsilon', 1e-5) }, inputs.slice(1, 3)),
  RMSNormalization: ({ inputs, attributes }, _, plain) =>
    plain({ op: 'normalise', how: 'rms', epsilon: float(attributes, 'epsilon', 1e-5) }, inputs.slice(1, 2)),
  InstanceNormalization: ({ inputs, attributes }, _, plain) =>
    plain({ op: 'normalise', how: 'instance', epsilon: float(attributes, 'epsilon', 1e-5) }, inputs.slice(1, 3)),
  GroupNormalization: ({ inputs, attributes }, _, plain) =>
    plain({ op: 'normalise', how: 'instance', epsilon: float(attributes, 'epsilon', 1e-5) }, inputs.slice(1, 3)),
  LpNormalization: (_, __, plain) => plain({ op: 'normalise', how: 'l2' }),
  LRN: ({ attributes }, _, plain) =>
    plain({
      op: 'normalise',
      how: 'lrn',
      lrn: {
        size: int(attributes, 'size', 1),
        alpha: float(attributes, 'alpha', 1e-4),
        beta: float(attributes, 'beta', 0.75),
        bias: float(attributes, 'bias', 1),
      },
    }),
  Concat: (node, values, plain) => {
    const rank = values.dims(node.outputs[0]!)?.length ?? 0;
    const axis = int(node.attributes, 'axis', 1);
    const constants = node.inputs.filter((input) => values.isConstant(input));
    return plain({ op: 'concat', axis: axis < 0 ? axis + rank : axis }, constants);
  },
  Softmax: softmax,
  LogSoftmax: softmax,
  Transpose: (node, values, plain) => {
    const rank = values.dims(node.inputs[0]!)?.length ?? 0;
    const order = ints(node.attributes, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
    return plain({ op: 'move', how: 'transpose', order });
  },
  Gather: gather,
  Slice: slice,
  Resize: resize,
  Upsample: resize,
};

/** Operators of onnxruntime's own domain that are standard ones under another name. */
function foreign(node: WorkNode, values: Values): Lowered | undefined {
  if (node.domain !== 'com.microsoft') return undefined;
  const reads = node.inputs.filter((input) => input !== '' && !values.isConstant(input));
  switch (node.op) {
    case 'Gelu':
    case 'FastGelu':
    case 'QuickGelu':
      return reads.length === 1 && node.inputs.length === 1
        ? { kind: { op: 'activation', how: 'gelu' }, reads, learned: [] }
        : undefined;
    case 'SimplifiedLayerNormalization':
      return { kind: { op: 'normalise', how: 'rms' }, reads, learned: node.inputs.slice(1, 2) };
    default:
      return undefined;
  }
}

function eltwise(node: WorkNode, how: Eltwise['how'], values: Values): Lowered | undefined {
  const reads = node.inputs.filter((input) => input !== '' && !values.isConstant(input));
  const constants = node.inputs.filter((input) => values.isConstant(input));
  if (constants.length === 0) return { kind: { op: 'eltwise', how }, reads, learned: [] };
  const scalar = constants.length === 1 ? values.scalar(constants[0]!) : undefined;
  return { kind: { op: 'eltwise', how, constant: scalar ?? 'tensor' }, reads, learned: constants };
}

function reduce(node: WorkNode, how: Reduce['how'], values: Values): Lowered | undefined {
  const [x = '', axesInput] = node.inputs;
  const input = values.shape(x);
  const output = values.shape(node.outputs[0]!);
  if (!input || !output) return undefined;
  const given =
    how === 'argmax'
      ? [int(node.attributes, 'axis', 0)]
      : (ints(node.attributes, 'axes') ?? (axesInput ? values.elements(axesInput) : undefined));
  const axes = (given ?? [...input.keys()]).map((axis) => (axis < 0 ? axis + input.length : axis));
  const spatial = input.length === 4 && axes.length === 2 && axes.includes(2) && axes.includes(3);
  if (spatial && output.length === 4 && (how === 'mean' || how === 'max')) {
    const [, , height = 1, width = 1] = input;
    return {
      kind: {
        op: 'pool',
        kernel: [height, width],
        stride: [1, 1],
        pads: [0, 0, 0, 0],
        dilation: [1, 1],
        method: how === 'mean' ? 'average' : 'max',
        global: true,
        countPadding: false,
      },
      reads: [x],
      learned: [],
    };
  }
  return { kind: { op: 'reduce', how, axes }, reads: [x], learned: [] };
}

function softmax(node: WorkNode, values: Values, plain: Plain): Lowered {
  const rank = values.dims(node.inputs[0]!)?.length ?? 1;
  // Before opset 13 the axes from 1 on were one.
  const axis = int(node.attributes, 'axis', values.opset < 13 ? 1 : -1);
  return plain({ op: 'softmax', axis: axis < 0 ? axis + rank : axis });
}

function gather(node: WorkNode, values: Values, plain: Plain): Lowered | undefined {
  const [table = '', index = ''] = node.inputs;
  const shape = values.shape(table);
  if (!values.isConstant(table)) {
    const rank = values.dims(table)?.length ?? 0;
    const axis = int(node.attributes, 'axis', 0);
    const [start, ...more] = values.elements(index) ?? [];
    const along = axis < 0 ? axis + rank : axis;
    const size = values.shape(table)?.[along] ?? 0;
    const isOne = start !== undefined && more.length === 0;
    const slice = isOne && { slice: { axis: along, start: start < 0 ? start + size : start, step: 1 } };
    return { ...plain({ op: 'move', how: 'slice', ...slice }), reads: [table] };
  }
  if (!shape || shape.length < 1 || int(node.attributes, 'axis', 0) !== 0) return undefined;
  const rows = shape[0]!;
  return { kind: { op: 'gather', table: [rows, elements(shape) / rows] }, reads: [index], learned: [table] };
}

function slice(node: WorkNode, values: Values): Lowered {
  const [x = '', startsInput = '', , axesInput = '', stepsInput = ''] = node.inputs;
  const input = values.shape(x);
  const starts = ints(node.attributes, 'starts') ?? values.elements(startsInput);
  const axes = ints(node.attributes, 'axes') ?? values.elements(axesInput) ?? starts?.map((_, axis) => axis);
  const steps = values.elements(stepsInput) ?? starts?.map(() => 1);
  const reads = [x];
  if (!input || !starts || !axes || !steps) return { kind: { op: 'move', how: 'slice' }, reads, learned: [] };
  const output = values.shape(node.outputs[0]!);
  const slices = axes.map((each, index) => {
    const axis = each < 0 ? each + input.length : each;
    const size = input[axis] ?? 0;
    const [start = 0, step = 1] = [starts[index], steps[index]];
    const counted = start < 0 ? start + size : start;
    return { axis, start: Math.min(Math.max(counted, 0), step < 0 ? size - 1 : size), step };
  });
  const [one, ...more] = slices.filter(({ axis, step }) => step !== 1 || output?.[axis] !== input[axis]);
  return { kind: { op: 'move', how: 'slice', ...(one && more.length === 0 && { slice: one }) }, reads, learned: [] };
}

function resize(node: WorkNode, values: Values): Lowered {
  const mode = text(node.attributes, 'mode', 'nearest');
  const method = mode === 'nearest' || mode === 'cubic' ? mode : 'linear';
  const reads = node.inputs.slice(0, 1).filter((input) => !values.isConstant(input));
  return { kind: { op: 'resize', method }, reads, learned: [] };
}

/** Kinds with a weight matrix; the others' constants count by what they hold. */
export function parametersOf(lowered: Lowered, values: Values): number {
  const { kind, weight, learned } = lowered;
  let count = 0;
  for (const value of learned) {
    if (value === '') continue;
    const shape = values.source(value)?.tensor.shape ?? values.shape(value) ?? [];
    const held = weight?.value === value ? weightsOf(kind) : elements(shape);
    const type = values.type(value);
    const isNumber = type === undefined || /^(float|bfloat|u?int[48]$)/.test(type);
    // One number for all is a setting (an exponent, a scale), unless it stands where learned ones do.
    if (isNumber && (held > 1 || weight || kind.op === 'normalise')) count += held;
  }
  return count;
}
