import { float, int, ints } from './attributes.ts';
import { elements } from './counts.ts';
import type { Kind } from './network.ts';
import type { Lowered } from './to-network-kinds.ts';
import { windowOf } from './to-network-windows.ts';
import type { Values } from './values.ts';
import type { WorkNode } from './work-graph.ts';

/*
 * Operators that become convolutions, FC layers, matrix products and pools. Undefined where one has a form that these
 * layers do not have: computed kernels, three axes, a scaled Gemm.
 */

export function conv(node: WorkNode, values: Values): Lowered | undefined {
  const [x = '', weight = '', bias] = node.inputs;
  const kernel = values.shape(weight);
  const input = values.shape(x);
  const output = values.shape(node.outputs[0]!);
  if (!kernel || !input || !output || !values.isConstant(weight) || values.isConstant(x)) return undefined;
  if (bias && !values.isConstant(bias)) return undefined;
  const window = windowOf(node, kernel.slice(2), input, output);
  if (!window) return undefined;
  const kind: Kind = {
    op: 'conv',
    ...window,
    inputChannels: input[1]!,
    outputChannels: kernel[0]!,
    groups: int(node.attributes, 'group', 1),
  };
  return {
    kind,
    reads: [x],
    weight: { value: weight, transposed: false },
    ...(bias && { bias }),
    learned: bias ? [weight, bias] : [weight],
  };
}

export function gemm(node: WorkNode, values: Values): Lowered | undefined {
  const [a = '', b = '', c] = node.inputs;
  const left = values.shape(a);
  const right = values.shape(b);
  const output = values.shape(node.outputs[0]!);
  if (left?.length !== 2 || right?.length !== 2 || output?.length !== 2) return undefined;
  if (float(node.attributes, 'alpha', 1) !== 1 || (c && float(node.attributes, 'beta', 1) !== 1)) return undefined;
  const turned = int(node.attributes, 'transA', 0) === 1;
  const rows = turned ? left[1]! : left[0]!;
  const inner = turned ? left[0]! : left[1]!;
  if (!values.isConstant(b) || turned) {
    if (c || values.isConstant(a)) return undefined;
    return { kind: { op: 'matmul', batch: 1, rows, inner, columns: output[1]! }, reads: [a, b], learned: [] };
  }
  if (c && !values.isConstant(c)) return undefined;
  return {
    kind: { op: 'fc', inputs: inner, outputs: output[1]!, rows },
    reads: [a],
    weight: { value: b, transposed: int(node.attributes, 'transB', 0) === 0 },
    ...(c && { bias: c }),
    learned: c ? [b, c] : [b],
  };
}

export function matmul(node: WorkNode, values: Values): Lowered | undefined {
  const [a = '', b = ''] = node.inputs;
  const left = values.shape(a);
  const right = values.shape(b);
  const output = values.shape(node.outputs[0]!);
  if (!left || !right || !output || left.length === 0 || right.length === 0) return undefined;
  if (values.isConstant(b) && !values.isConstant(a) && right.length === 2) {
    const [inputs = 1, outputs = 1] = right;
    return {
      kind: { op: 'fc', inputs, outputs, rows: elements(left) / inputs },
      reads: [a],
      weight: { value: b, transposed: true },
      learned: [b],
    };
  }
  if (values.isConstant(a) && !values.isConstant(b) && left.length === 2) {
    const [outputs = 1, inputs = 1] = left;
    return {
      kind: { op: 'fc', inputs, outputs, rows: elements(right) / inputs },
      reads: [b],
      weight: { value: a, transposed: false },
      learned: [a],
    };
  }
  const rows = left.length === 1 ? 1 : left.at(-2)!;
  const columns = right.length === 1 ? 1 : right.at(-1)!;
  const kind: Kind = { op: 'matmul', batch: elements(output) / (rows * columns), rows, inner: left.at(-1)!, columns };
  const operands = [a, b];
  return {
    kind,
    reads: operands.filter((input) => !values.isConstant(input)),
    learned: operands.filter((input) => values.isConstant(input)),
  };
}

export function pool(node: WorkNode, values: Values): Lowered | undefined {
  const [x = ''] = node.inputs;
  const input = values.shape(x);
  const output = values.shape(node.outputs[0]!);
  if (!input || !output) return undefined;
  const global = node.op.startsWith('Global');
  const kernel = global ? input.slice(2) : (ints(node.attributes, 'kernel_shape') ?? []);
  const window = windowOf(node, kernel, input, output);
  if (!window) return undefined;
  const padded = node.found?.what === 'pads';
  return {
    kind: {
      op: 'pool',
      ...window,
      method: node.op.endsWith('MaxPool') ? 'max' : 'average',
      global,
      countPadding: node.op === 'AveragePool' && (padded || int(node.attributes, 'count_include_pad', 0) === 1),
    },
    reads: [x],
    learned: [],
  };
}
