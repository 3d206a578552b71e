import { float, int } from '../../attributes.ts';
import type { GraphNode } from '../../types.ts';
import type { Context } from '../context.ts';
import { type Fused, PLAIN } from '../fuse.ts';
import { BINARY, UNARY } from '../kernel.ts';
import { broadcast, denseStrides, range, sizeOf, transposed, type View } from '../views.ts';
import { parametersOf, product, runAt, zerosFor } from './call-kernel.ts';
import { finishNodes, learnedLayer, runLearned } from './layer.ts';

/** y = x W (+ bias): `weight` with the strides of its inputs and outputs. */
interface Linear {
  weightName: string;
  inputs: number;
  outputs: number;
  byInput: number;
  byOutput: number;
  factor: number;
  bias?: (output: number) => number;
}

/** A product of rows with learned weights. `input`: ..., inputs; its result: ..., outputs. `fused` where it fuses. */
function linear(context: Context, input: View, weights: Linear, fused: Fused): View {
  const { program } = context;
  const { inputs, outputs, weightName } = weights;
  const rows = sizeOf(input.shape) / inputs;
  const each = Math.max(1, rows / program.samples);
  const data = context.constant(weightName)!.data;
  const output = context.tensor([...input.shape.slice(0, -1), outputs]);
  const learned = learnedLayer(
    context,
    fused,
    {
      op: 'fc',
      rows: outputs,
      rowLength: inputs,
      channels: inputs,
      weightShape: [inputs, outputs],
      weightName,
      inputShape: [each, inputs],
      outputShape: [each, outputs],
      macs: each * inputs * outputs,
    },
    () => {
      const matrix = new Float64Array(inputs * outputs);
      for (let row = 0; row < outputs; row += 1) {
        for (let k = 0; k < inputs; k += 1) {
          matrix[row * inputs + k] = weights.factor * data[row * weights.byOutput + k * weights.byInput]!;
        }
      }
      return matrix;
    },
    weights.bias,
    { how: 'panels', groups: 1 },
  );
  const addresses = { panels: learned.panelsAt, bias: learned.biasAt };
  const at = parametersOf(program, product(rows, inputs, outputs), addresses, zerosFor(context, 8), fused.finish);
  runLearned(context, learned, input, output, (from, to) => runAt(context, at, from, to));
  return output;
}

function unfused(context: Context, channels: number): Fused {
  return {
    output: context.node.outputs[0]!,
    nodes: [context.node],
    folded: 1,
    scale: new Float64Array(channels).fill(1),
    shift: new Float64Array(channels),
    finish: PLAIN,
    learned: [],
  };
}

export function gemm(context: Context): GraphNode[] {
  const { node } = context;
  const [aName = '', bName = '', cName] = node.inputs;
  const alpha = float(node.attributes, 'alpha', 1);
  const beta = float(node.attributes, 'beta', 1);
  const turnsA = int(node.attributes, 'transA', 0) === 1;
  const turnsB = int(node.attributes, 'transB', 0) === 1;
  const [rows, outputs] = context.outputShape() as [number, number];
  const a = turnsA ? transposed(context.input(0), [1, 0]) : context.input(0);
  const inputs = a.shape[1]!;
  const c = cName ? context.constant(cName) : undefined;
  const byRow = c && (c.data.length === 1 || (c.data.length === outputs && c.shape.at(-1) === outputs));
  if (context.isConstant(bName) && !context.isConstant(aName)) {
    const weights: Linear = {
      weightName: bName,
      inputs,
      outputs,
      byInput: turnsB ? 1 : outputs,
      byOutput: turnsB ? inputs : 1,
      factor: alpha,
      ...(byRow && { bias: (output: number) => beta * c.data[c.data.length === 1 ? 0 : output]! }),
    };
    const whole = !cName || byRow;
    const fused = whole ? context.fuse({ channels: outputs, axis: 1, rank: 2 }) : unfused(context, outputs);
    const result = linear(context, context.dense(a), weights, fused);
    if (!whole) addScaled(context, result, context.input(2), beta);
    return finishNodes(context, fused, result);
  }
  const b = turnsB ? transposed(context.input(1), [1, 0]) : context.input(1);
  const output = context.tensor([rows, outputs]);
  multiply(context, a, b, output);
  if (alpha !== 1) {
    const { kernel } = context.shared.memory;
    context.step(() => {
      const at = context.program.address(output);
      kernel.unary(UNARY.affine, at, at, rows * outputs, alpha, 0);
    });
  }
  if (cName) addScaled(context, output, context.input(2), beta);
  context.set(output);
  return [node];
}

/** output += beta x other, the other stretched to it. */
function addScaled(context: Context, output: View, other: View, beta: number): void {
  const { program } = context;
  const { kernel } = context.shared.memory;
  let plus = other;
  if (beta !== 1) {
    plus = context.tensor(other.shape);
    program.copy(other, plus);
    const target = plus;
    context.step(() =>
      kernel.unary(UNARY.affine, program.address(target), program.address(target), sizeOf(target.shape), beta, 0),
    );
  }
  const { shape } = output;
  const [rows = 1, columns = 1] = shape;
  const wide = broadcast(plus, shape);
  context.step(() => {
    const at = program.address(output);
    kernel.binary(
      BINARY.add,
      at,
      program.address(wide),
      at,
      rows,
      columns,
      columns,
      1,
      wide.strides[0]!,
      wide.strides[1]!,
    );
  });
}

export function matmul(context: Context): GraphNode[] {
  const { node } = context;
  const [aName = '', bName = ''] = node.inputs;
  const aShape = context.shapeOf(aName);
  const bShape = context.shapeOf(bName);
  const outputShape = context.outputShape();
  if (context.isConstant(bName) && !context.isConstant(aName) && bShape.length === 2) {
    const a = context.input(0);
    const [inputs, outputs] = bShape as [number, number];
    const rank = outputShape.length;
    const weights = { weightName: bName, inputs, outputs, byInput: outputs, byOutput: 1, factor: 1 };
    const fused =
      a.shape.length > 1 ? context.fuse({ channels: outputs, axis: rank - 1, rank }) : unfused(context, outputs);
    const result = linear(context, context.dense(a), weights, fused);
    return finishNodes(context, fused, result);
  }
  if (context.isConstant(aName) && !context.isConstant(bName) && aShape.length === 2 && bShape.length >= 2) {
    // W x = (x^T W^T)^T, which only changes strides.
    const [outputs, inputs] = aShape as [number, number];
    const rank = bShape.length;
    const order = [...range(0, rank - 2), rank - 1, rank - 2];
    const weights = { weightName: aName, inputs, outputs, byInput: 1, byOutput: inputs, factor: 1 };
    const result = linear(
      context,
      context.dense(transposed(context.input(1), order)),
      weights,
      unfused(context, outputs),
    );
    context.set(transposed(result, order));
    return [node];
  }
  const a = context.input(0);
  const b = context.input(1);
  const left = a.shape.length === 1 ? { ...a, shape: [1, ...a.shape], strides: [0, ...a.strides] } : a;
  const right = b.shape.length === 1 ? { ...b, shape: [...b.shape, 1], strides: [...b.strides, 0] } : b;
  const batch = outputShape.slice(0, outputShape.length - (a.shape.length > 1 ? 1 : 0) - (b.shape.length > 1 ? 1 : 0));
  const output = context.tensor([...batch, left.shape.at(-2)!, right.shape.at(-1)!]);
  multiply(context, left, right, output);
  context.set({ ...output, shape: outputShape, strides: denseStrides(outputShape) });
  return [node];
}

/** A product of two computed tensors (or stacks of them), into a dense one. */
function multiply(context: Context, a: View, b: View, output: View): void {
  const { program } = context;
  const { memory } = program;
  const { kernel } = memory;
  if (sizeOf(output.shape) === 0) return;
  const inner = a.shape.at(-1)!;
  const [rows, columns] = output.shape.slice(-2) as [number, number];
  // Rows are read where they are when their elements are neighbours.
  const left = inner === 1 || a.strides.at(-1) === 1 ? a : context.dense(a);
  const batch = output.shape.slice(0, -2);
  const wideLeft = broadcast(left, [...batch, rows, inner]);
  const wideRight = broadcast(b, [...batch, inner, columns]);
  const pixel = rows === 1 ? inner : left.strides.at(-2)!;
  const panels = context.tensor([8 * Math.ceil(columns / 8) * inner]);
  const zeros = zerosFor(context, 8 * Math.ceil(columns / 8));
  const at = parametersOf(program, product(rows, inner, columns, pixel), { panels: 0, bias: zeros }, zeros, PLAIN);
  const [byInner, byColumn] = wideRight.strides.slice(-2) as [number, number];
  const offsets: [number, number][] = [];
  for (let index = 0; index < sizeOf(batch); index += 1) {
    let rest = index;
    let first = 0;
    let second = 0;
    for (let axis = batch.length - 1; axis >= 0; axis -= 1) {
      const coordinate = rest % batch[axis]!;
      rest = (rest - coordinate) / batch[axis]!;
      first += coordinate * wideLeft.strides[axis]!;
      second += coordinate * wideRight.strides[axis]!;
    }
    offsets.push([4 * first, 4 * second]);
  }
  context.step(() => {
    const from = program.address(left);
    const other = program.address(b);
    const packed = program.address(panels);
    let to = program.address(output);
    let last = -1;
    memory.words[at / 4 + 1] = packed;
    for (const [first, second] of offsets) {
      if (second !== last) kernel.packPanels(other + second, packed, columns, inner, byColumn, byInner);
      last = second;
      runAt(context, at, from + first, to);
      to += 4 * rows * columns;
    }
  });
}
