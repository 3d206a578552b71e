import { float, int } from '../attributes.ts';
import type { Graph, GraphNode } from '../types.ts';
import type { Constant } from './constants.ts';
import { FINISH } from './kernel.ts';

/** What happens to a product's sums before they are stored. */
export interface Finish {
  mode: number;
  low: number;
  high: number;
  scale: number;
  shift: number;
}

export const PLAIN: Finish = {
  mode: 0,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  scale: 1,
  shift: 0,
};

/** A product with what stands directly behind it: scales and shifts go into its weights and bias. */
export interface Fused {
  /** The value that comes out. */
  output: string;
  /** Nodes that it covers, the product first; the first `folded` of them are in its weights and bias. */
  nodes: GraphNode[];
  folded: number;
  /** y = scale x + shift by output channel; undefined: as it is. */
  scale: Float64Array;
  shift: Float64Array;
  finish: Finish;
  /** Weights that were folded in. */
  learned: string[];
}

/** Readers of every value, and what is constant: what fusing asks of a graph. */
export class Readers {
  readonly #readers = new Map<string, GraphNode[]>();
  readonly #outputs: Set<string>;
  readonly constant: (name: string) => Constant | undefined;

  constructor(graph: Graph, constant: (name: string) => Constant | undefined) {
    this.constant = constant;
    this.#outputs = new Set(graph.outputs.map(({ name }) => name));
    for (const node of graph.nodes) {
      for (const name of new Set(node.inputs)) {
        const readers = this.#readers.get(name);
        if (readers) readers.push(node);
        else this.#readers.set(name, [node]);
      }
    }
  }

  /** Nodes that read a value; none where it is also an output of the graph. */
  of(value: string): readonly GraphNode[] {
    return this.#outputs.has(value) ? [] : (this.#readers.get(value) ?? []);
  }

  /** The number that a constant of one element holds. */
  scalar(name: string | undefined): number | undefined {
    const found = name ? this.constant(name) : undefined;
    return found?.data.length === 1 ? found.data[0] : undefined;
  }
}

/**
 * Follows the value that a product of `channels` outputs makes, as long as one chain reads it: normalisation and constants
 * by channel or for all, then one of ReLU, clip and hard swish, then a scale and a shift for all.
 */
export function fuse(
  node: GraphNode,
  { channels, axis, rank }: { channels: number; axis: number; rank: number },
  readers: Readers,
): Fused {
  const fused: Fused = {
    output: node.outputs[0]!,
    nodes: [node],
    folded: 1,
    scale: new Float64Array(channels).fill(1),
    shift: new Float64Array(channels),
    finish: { ...PLAIN },
    learned: [],
  };
  for (;;) {
    const swish = fused.finish.mode === 0 ? hardSwish(fused.output, readers) : undefined;
    if (swish) {
      fused.finish.mode = FINISH.hardSwish;
      fused.nodes.push(...swish);
      fused.output = swish.at(-1)!.outputs[0]!;
      continue;
    }
    const next = readers.of(fused.output);
    if (next.length !== 1 || !take(next[0]!, fused, { channels, axis, rank }, readers)) return fused;
    fused.nodes.push(next[0]!);
    if (fused.finish.mode === 0) fused.folded = fused.nodes.length;
    fused.output = next[0]!.outputs[0]!;
  }
}

type Place = { channels: number; axis: number; rank: number };

function take(node: GraphNode, fused: Fused, place: Place, readers: Readers): boolean {
  const { finish, output } = fused;
  if (node.domain !== '' && node.domain !== 'ai.onnx') return false;
  if (node.op === 'Identity' || (node.op === 'Dropout' && !node.outputs[1])) return true;
  if (node.op === 'Relu' || node.op === 'Clip') {
    const bounds = node.op === 'Relu' ? ([0, Number.POSITIVE_INFINITY] as const) : clipBounds(node, readers);
    if (!bounds || finish.mode !== 0) return false;
    [finish.low, finish.high] = bounds;
    finish.mode = FINISH.clip;
    return true;
  }
  if (node.op === 'BatchNormalization') return normalisation(node, fused, place, readers);
  if (!['Add', 'Sub', 'Mul', 'Div'].includes(node.op)) return false;
  const [a, b] = node.inputs;
  const name = a === output ? b! : a!;
  if (name === output || (a !== output && (node.op === 'Sub' || node.op === 'Div'))) return false;
  const values = byChannel(readers.constant(name), place);
  if (!values) return false;
  if (finish.mode === 0) {
    for (let channel = 0; channel < place.channels; channel += 1) {
      const value = values[values.length === 1 ? 0 : channel]!;
      if (node.op === 'Add') fused.shift[channel]! += value;
      else if (node.op === 'Sub') fused.shift[channel]! -= value;
      else {
        const times = node.op === 'Mul' ? value : 1 / value;
        fused.scale[channel]! *= times;
        fused.shift[channel]! *= times;
      }
    }
    fused.learned.push(name);
    return true;
  }
  // Behind an activation: a scale, then a shift, once each.
  if (values.length !== 1) return false;
  const began = (finish.mode & FINISH.affine) !== 0;
  if (node.op === 'Mul' && !began) finish.scale = values[0]!;
  else if (node.op === 'Add' && finish.shift === 0) finish.shift = values[0]!;
  else return false;
  finish.mode |= FINISH.affine;
  return true;
}

function normalisation(node: GraphNode, fused: Fused, { axis, channels }: Place, readers: Readers): boolean {
  if (fused.finish.mode !== 0 || axis !== 1 || node.inputs[0] !== fused.output) return false;
  const factors = normalisationFactors(node, readers.constant);
  if (!factors || factors.scale.length !== channels) return false;
  for (let channel = 0; channel < channels; channel += 1) {
    fused.scale[channel]! *= factors.scale[channel]!;
    fused.shift[channel] = fused.shift[channel]! * factors.scale[channel]! + factors.shift[channel]!;
  }
  fused.learned.push(...node.inputs.slice(1));
  return true;
}

/** Batch normalisation of inference as y = scale x + shift. Undefined: it is computed, or in training form. */
export function normalisationFactors(
  node: GraphNode,
  constant: (name: string) => Constant | undefined,
): { scale: Float64Array; shift: Float64Array } | undefined {
  const parts = node.inputs.slice(1, 5).map((name) => constant(name)?.data);
  const [gain, offset, mean, variance] = parts;
  if (!gain || !offset || !mean || !variance || int(node.attributes, 'training_mode', 0) === 1) return undefined;
  const epsilon = float(node.attributes, 'epsilon', 1e-5);
  const scale = Float64Array.from(gain, (value, channel) => value / Math.sqrt(variance[channel]! + epsilon));
  const shift = Float64Array.from(offset, (value, channel) => value - mean[channel]! * scale[channel]!);
  return { scale, shift };
}

/** A constant that is one number, or one for each channel. */
function byChannel(constant: Constant | undefined, { channels, axis, rank }: Place): Float32Array | undefined {
  if (!constant || constant.shape.length > rank) return undefined;
  if (constant.data.length === 1) return constant.data;
  const missing = rank - constant.shape.length;
  const fits = constant.shape.every((size, own) => size === (own + missing === axis ? channels : 1));
  return fits ? constant.data : undefined;
}

/** Bounds of a clip that are constants, from attributes (before opset 11) or inputs. */
export function clipBounds(node: GraphNode, readers: Pick<Readers, 'scalar'>): [number, number] | undefined {
  const bounds = [float(node.attributes, 'min', Number.NEGATIVE_INFINITY), float(node.attributes, 'max', Infinity)];
  for (const index of [1, 2]) {
    const name = node.inputs[index];
    if (!name) continue;
    const value = readers.scalar(name);
    if (value === undefined) return undefined;
    bounds[index - 1] = value;
  }
  return bounds as [number, number];
}

const near = (value: number | undefined, wanted: number) =>
  value !== undefined && Math.abs(value - wanted) <= 1e-6 * wanted;

/** Nodes that make hard swish of a value: the operator, x HardSigmoid(x), or x clip(x + 3, 0, 6) / 6 as it is exported. */
export function hardSwish(value: string, readers: Readers): GraphNode[] | undefined {
  const next = readers.of(value);
  if (next.length === 1 && next[0]!.op === 'HardSwish') return [next[0]!];
  if (next.length !== 2) return undefined;
  const only = (name: string) => {
    const found = readers.of(name);
    return found.length === 1 ? found[0] : undefined;
  };
  const product = next.find(({ op }) => op === 'Mul');
  const gate = next.find((node) => node !== product);
  if (!product || !gate) return undefined;
  const multiplies = (name: string) => only(name) === product;
  if (gate.op === 'HardSigmoid') {
    const fits =
      near(float(gate.attributes, 'alpha', 0.2), 1 / 6) &&
      near(float(gate.attributes, 'beta', 0.5), 0.5) &&
      multiplies(gate.outputs[0]!);
    return fits ? [gate, product] : undefined;
  }
  if (gate.op !== 'Add') return undefined;
  const plus = readers.scalar(gate.inputs[0] === value ? gate.inputs[1] : gate.inputs[0]);
  const clip = only(gate.outputs[0]!);
  if (!near(plus, 3) || clip?.op !== 'Clip' || !multiplies(clip.outputs[0]!)) return undefined;
  const bounds = clipBounds(clip, readers);
  const last = only(product.outputs[0]!);
  if (bounds?.[0] !== 0 || bounds[1] !== 6 || !last) return undefined;
  const [left, right] = last.inputs;
  const divides = last.op === 'Div' && left === product.outputs[0] && near(readers.scalar(right), 6);
  const times = last.op === 'Mul' ? readers.scalar(left === product.outputs[0] ? right : left) : undefined;
  return divides || near(times, 1 / 6) ? [gate, clip, product, last] : undefined;
}
