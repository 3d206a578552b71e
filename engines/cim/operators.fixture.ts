import { elements } from '../onnx/counts.ts';
import type { Layer, Network } from '../onnx/network.ts';
import { isProduct } from './operators-network.ts';
import type { CimOperator } from './types.ts';

/*
 * What operators read of one another, found the slow way: every number of every tensor carries the set of product outputs
 * that it is made from. For small networks without residual sums.
 */

type Numbers = ReadonlySet<number>[];

/** Layers and places of their outputs in one number. */
const PLACES = 1 << 20;

/** Bytes (at 8 bits) that each operator reads of each other: as inputs, and as weights. */
export function tracedReads(network: Network, operators: readonly CimOperator[]) {
  const { layers } = network;
  const tensors: Numbers[] = [];
  const reads: { inputs: Map<number, number>; weights: Map<number, number> }[] = [];
  const owners = operators.map((operator) => ownOutputs(layers[operator.layer]!, operator));
  for (const layer of layers) {
    const operands = layer.inputs.map((input) => tensors[input]!);
    tensors.push(isProduct(layer) ? own(layer) : trace(layer, operands));
    if (!isProduct(layer)) continue;
    for (const operator of operators.filter((each) => each.layer === layer.index)) {
      const [fed = [], held = []] = needed(layer, operator);
      const count = (needs: readonly number[], numbers: Numbers | undefined) => {
        const all = new Set<number>();
        for (const need of needs) for (const source of numbers?.[need] ?? []) all.add(source);
        const found = new Map<number, number>();
        for (const [index, outputs] of owners.entries()) {
          if (index >= operator.index && operators[index]!.layer >= layer.index) continue;
          let bytes = 0;
          for (const source of all) if (outputs.has(source)) bytes++;
          if (bytes > 0) found.set(index, bytes);
        }
        return found;
      };
      reads.push({ inputs: count(fed, operands[0]), weights: count(held, operands[1]) });
    }
  }
  return reads;
}

function own({ index, outputShape }: Layer): Numbers {
  return Array.from({ length: elements(outputShape) }, (_, place) => new Set([index * PLACES + place]));
}

/** Outputs of a layer that a part of it makes, whole or as partial sums. */
function ownOutputs({ index, kind, outputShape }: Layer, { part }: CimOperator): Set<number> {
  const found = new Set<number>();
  for (let place = 0; place < elements(outputShape); place++) {
    const at = unravel(place, outputShape);
    let [group, column] = [0, 0];
    if (kind.op === 'conv') {
      const wide = kind.outputChannels / kind.groups;
      [group, column] = [Math.floor(at[1]! / wide), at[1]! % wide];
    } else if (kind.op === 'fc') column = at.at(-1)!;
    else if (kind.op === 'matmul') {
      const head = ravel(at.slice(0, -2), outputShape.slice(0, -2));
      [group, column] = [head, at.at(-1)!];
    }
    const sharing = kind.op === 'matmul' ? sharingOf(kind) : 1;
    const shared = Math.floor(group / sharing);
    const within = ([from, to]: readonly number[], value: number) => value >= from! && value < to!;
    if (!part || (within(part.groups, shared) && within(part.columns, column))) found.add(index * PLACES + place);
  }
  return found;
}

/** Heads that share keys and values: the networks of the tests have twice as many heads where they have four. */
function sharingOf({ batch }: { batch: number }): number {
  return batch === SHARED_HEADS * 2 ? 2 : 1;
}

/** Heads of keys and values in the network of the tests that shares them. */
export const SHARED_HEADS = 2;

/** Places of the operands that a part reads. */
function needed(layer: Layer, { part }: CimOperator): number[][] {
  const { kind, inputShapes, outputShape } = layer;
  const [shape = [], other = []] = inputShapes;
  if (kind.op === 'conv') {
    const [, , height = 1, width = 1] = shape;
    const each = kind.inputChannels / kind.groups;
    const window = kind.kernel[0] * kind.kernel[1];
    const found = new Set<number>();
    const [fromGroup, toGroup] = part?.groups ?? [0, kind.groups];
    const [from, to] = part?.inner ?? [0, each * window];
    for (let group = fromGroup; group < toGroup; group++) {
      for (let inner = from; inner < to; inner++) {
        const channel = group * each + Math.floor(inner / window);
        const [row, column] = [Math.floor((inner % window) / kind.kernel[1]), inner % kind.kernel[1]];
        for (let y = 0; y < outputShape[2]!; y++) {
          for (let x = 0; x < outputShape[3]!; x++) {
            const v = y * kind.stride[0] - kind.pads[0] + row * kind.dilation[0];
            const h = x * kind.stride[1] - kind.pads[1] + column * kind.dilation[1];
            if (v >= 0 && v < height && h >= 0 && h < width) found.add((channel * height + v) * width + h);
          }
        }
      }
    }
    return [[...found]];
  }
  const within = (range: readonly number[] | undefined, value: number) =>
    !range || (value >= range[0]! && value < range[1]!);
  const places = (sizes: readonly number[], wanted: (at: number[]) => boolean) =>
    Array.from({ length: elements(sizes) }, (_, place) => place).filter((place) => wanted(unravel(place, sizes)));
  if (kind.op === 'fc') return [places(shape, (at) => within(part?.inner, at.at(-1)!))];
  if (kind.op !== 'matmul') return [];
  const sharing = sharingOf(kind);
  const group = (at: readonly number[], sizes: readonly number[]) =>
    Math.floor(ravel(at.slice(0, -2), sizes.slice(0, -2)) / sharing);
  return [
    places(shape, (at) => within(part?.groups, group(at, shape)) && within(part?.inner, at.at(-1)!)),
    places(
      other,
      (at) =>
        within(part?.groups, group(at, other)) && within(part?.inner, at.at(-2)!) && within(part?.columns, at.at(-1)!),
    ),
  ];
}

function trace(layer: Layer, operands: readonly Numbers[]): Numbers {
  const { kind, inputShapes, outputShape } = layer;
  const [x = []] = operands;
  const [shape = []] = inputShapes;
  const none: ReadonlySet<number> = new Set();
  const make = (from: (at: number[], place: number) => ReadonlySet<number>): Numbers =>
    Array.from({ length: elements(outputShape) }, (_, place) => from(unravel(place, outputShape), place));
  switch (kind.op) {
    case 'input':
      return make(() => none);
    case 'activation':
    case 'softmax':
    case 'normalise':
      return x;
    case 'eltwise':
      return make(
        (at) => new Set(operands.flatMap((numbers, each) => [...numbers[broadcastPlace(at, inputShapes[each]!)]!])),
      );
    case 'concat':
      return make((at) => {
        const inner = [...at];
        for (const [each, numbers] of operands.entries()) {
          const size = inputShapes[each]![kind.axis]!;
          if (inner[kind.axis]! < size) return numbers[ravel(inner, inputShapes[each]!)]!;
          inner[kind.axis]! -= size;
        }
        return none;
      });
    case 'pool':
      return make(([n = 0, c = 0, y = 0, x0 = 0]) => {
        const all = new Set<number>();
        for (let v = 0; v < kind.kernel[0]; v++) {
          for (let h = 0; h < kind.kernel[1]; h++) {
            const at = [n, c, y * kind.stride[0] - kind.pads[0] + v, x0 * kind.stride[1] - kind.pads[1] + h];
            if (at.some((each, axis) => each < 0 || each >= shape[axis]!)) continue;
            for (const source of x[ravel(at, shape)]!) all.add(source);
          }
        }
        return all;
      });
    case 'move':
      if (kind.how === 'transpose') {
        return make((at) => {
          const from: number[] = [];
          for (const [axis, old] of kind.order!.entries()) from[old] = at[axis]!;
          return x[ravel(from, shape)]!;
        });
      }
      if (kind.how === 'expand') return make((at) => x[broadcastPlace(at, shape)]!);
      if (kind.how === 'shuffle') {
        const size = shape[1]! / kind.groups!;
        return make(([n = 0, c = 0, ...rest]) => {
          const from = (c % kind.groups!) * size + Math.floor(c / kind.groups!);
          return x[ravel([n, from, ...rest], shape)]!;
        });
      }
      if (kind.how === 'slice' || kind.how === 'split') {
        const { axis, start, step } = kind.slice!;
        return make((at) => x[ravel(at.with(axis, start + at[axis]! * step), shape)]!);
      }
      return x;
    default:
      throw new Error(`The tracer does not know ${kind.op}.`);
  }
}

function unravel(place: number, shape: readonly number[]): number[] {
  const at: number[] = [];
  for (let axis = shape.length - 1, rest = place; axis >= 0; axis--) {
    at[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return at;
}

function ravel(at: readonly number[], shape: readonly number[]): number {
  return at.reduce((place, each, axis) => place * shape[axis]! + each, 0);
}

function broadcastPlace(at: readonly number[], shape: readonly number[]): number {
  const own = at.slice(at.length - shape.length);
  return ravel(
    own.map((each, axis) => (shape[axis] === 1 ? 0 : each % shape[axis]!)),
    shape,
  );
}
