import { elements } from './counts.ts';
import type { Conv, Fc, Kind, Pool, Window } from './network.ts';
import { flag, type JsonNode, malformed, whole } from './pimcomp-json-schema.ts';

/* Kinds of layers from the parameters of PIMCOMP nodes, held against the nodes' shapes. */

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
function checkWindow(node: JsonNode, frame: Window, input: readonly number[], output: readonly number[]): void {
  if (input.length !== 4 || output.length !== 4) {
    const what = `Node "${node.name}" (${node.operation}) needs four dimensions (N, C, H, W) in and out.`;
    throw malformed(`${node.path}.output_dim`, what);
  }
  for (const axis of [0, 1] as const) {
    const reach = frame.dilation[axis] * (frame.kernel[axis] - 1) + 1;
    const room = input[2 + axis]! + frame.pads[axis]! + frame.pads[2 + axis]! - reach;
    const expected = Math.floor(room / frame.stride[axis]) + 1;
    if (room < 0 || expected !== output[2 + axis]) {
      const side = axis === 0 ? 'high' : 'wide';
      const what = `Node "${node.name}" says its output is ${output[2 + axis]} ${side}, and its window over an input of ${input[2 + axis]} gives ${Math.max(0, expected)}.`;
      throw malformed(`${node.path}.output_dim`, what);
    }
  }
}

export function conv(node: JsonNode, input: readonly number[], output: readonly number[]): Conv {
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

export function fc(node: JsonNode, input: readonly number[], output: readonly number[]): Fc {
  const inputs = whole(node, 'num_input', 1);
  const outputs = whole(node, 'num_output', 1);
  const rows = elements(input) / inputs;
  if (!Number.isInteger(rows) || elements(output) !== rows * outputs) {
    const what = `Node "${node.name}" turns ${inputs} numbers into ${outputs}, which its shapes ${input.join(' x ')} and ${output.join(' x ')} do not fit.`;
    throw malformed(`${node.path}.param`, what);
  }
  return { op: 'fc', inputs, outputs, rows };
}

export function pool(node: JsonNode, input: readonly number[], output: readonly number[]): Pool {
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
export function eltwise(node: JsonNode): 'add' | 'sub' {
  const type = whole(node, 'eletype', 0);
  if (type === 2) return 'add';
  if (type === 4) return 'sub';
  const what = `Node "${node.name}" combines by type ${type}; known are 2 (sum) and 4 (difference).`;
  throw malformed(`${node.path}.param.eletype`, what);
}

/** The format does not say it: the one axis along which the sizes add up. Channels where there are several. */
export function concatAxis(node: JsonNode, inputs: readonly number[][], output: readonly number[]): number {
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

export function matmul(node: JsonNode, inputs: readonly number[][], output: readonly number[]): Kind {
  const [left, right] = inputs;
  // With one computed operand the other is a constant that the file leaves out: an FC layer without bias.
  if (left && !right && left.length > 0 && output.length > 0) {
    const inner = left.at(-1)!;
    const rows = elements(left) / inner;
    if (`${[...left.slice(0, -1), output.at(-1)]}` !== `${output}`) throw unfit(node);
    return { op: 'fc', inputs: inner, outputs: output.at(-1)!, rows };
  }
  if (!left || !right || left.length === 0 || left.at(-1) !== right.at(-2)) throw unfit(node);
  const rows = left.at(-2) ?? 1;
  const columns = right.at(-1)!;
  const batch = elements(output) / (rows * columns);
  if (!Number.isInteger(batch) || output.at(-1) !== columns) throw unfit(node);
  return { op: 'matmul', batch, rows, inner: left.at(-1)!, columns };
}

function unfit(node: JsonNode): Error {
  const what = `The operands of "${node.name}" do not fit a matrix product that makes its output.`;
  return malformed(`${node.path}.input_dim`, what);
}
