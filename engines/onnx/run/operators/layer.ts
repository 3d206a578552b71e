import type { GraphNode } from '../../types.ts';
import { CannotRun } from '../cannot-run.ts';
import type { Context } from '../context.ts';
import type { Fused } from '../fuse.ts';
import { LearnedLayer, type Packing, quantizeSamples } from '../learned.ts';
import type { RunLayer } from '../types.ts';
import { sizeOf, type View } from '../views.ts';

/** Runs a layer: its input put into its format, the kernel, its output put into its format; and shows both. */
export function runLearned(
  context: Context,
  learned: LearnedLayer,
  input: View,
  output: View,
  kernel: (input: number, output: number) => void,
): void {
  const { program, shared } = context;
  const { memory, observer } = shared;
  const count = sizeOf(input.shape);
  const outputs = sizeOf(output.shape);
  if (count === 0 || outputs === 0) return;
  const quantized = program.quantized(count);
  context.step(() => {
    let from = program.address(input);
    const to = program.address(output);
    observer.now?.(learned.layer, 'input', program.elements(input));
    if (learned.inputs) {
      const formatted = quantized();
      quantizeSamples(memory, learned.inputs, from, formatted, count, program.samples);
      from = formatted;
    }
    kernel(from, to);
    if (learned.outputs) quantizeSamples(memory, learned.outputs, to, to, outputs, program.samples);
    observer.now?.(learned.layer, 'output', program.elements(output));
  });
}

type Described = Omit<RunLayer, 'name' | 'weights' | 'bias' | 'nodes' | 'consumers'>;

/** The layer that programs share; made at first. `weights`: rows x rowLength, as they come from the file. */
export function learnedLayer(
  { shared, node }: Context,
  fused: Fused,
  described: Described,
  weights: () => Float64Array,
  bias: ((row: number) => number) | undefined,
  packing: Packing,
): LearnedLayer {
  const known = shared.layers.get(node.name);
  if (known) return known;
  const matrix = weights();
  const { rows, rowLength } = described;
  const biases = new Float32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const scale = fused.scale[row]!;
    biases[row] = scale * (bias?.(row) ?? 0) + fused.shift[row]!;
    for (let k = 0; k < rowLength; k += 1) matrix[row * rowLength + k]! *= scale;
  }
  const learnedNames = [described.weightName, node.inputs[2], ...fused.learned];
  const layer: RunLayer = {
    name: node.name,
    weights: Float32Array.from(matrix),
    bias: biases,
    nodes: fused.nodes.slice(0, fused.folded).map(({ name }) => name),
    consumers: [],
    ...described,
  };
  if (!layer.weights.every(Number.isFinite) || !biases.every(Number.isFinite)) {
    const guilty = learnedNames.find((name) => name && !shared.constants.get(name)?.data.every(Number.isFinite));
    throw new CannotRun(
      guilty
        ? `has a weight "${guilty}" that holds NaN or infinity`
        : 'has weights that are not finite once its normalisation is folded in',
      'Export the model again from a training state that is whole.',
    );
  }
  const learned = new LearnedLayer(shared.memory, layer, biases, packing);
  shared.layers.set(node.name, learned);
  return learned;
}

/** Sets the value that a product with all that is fused into it makes; answers with the nodes that this covers. */
export function finishNodes(context: Context, fused: Fused, view: View): GraphNode[] {
  context.define(fused.output, view);
  return fused.nodes;
}
