import { float, int } from '../../attributes.ts';
import { CannotRun } from '../cannot-run.ts';
import type { Context } from '../context.ts';
import { sizeOf, type View } from '../views.ts';
import type { Operators, Prepare } from './types.ts';

const axisOf = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

/** Sets rows of `count` neighbours to zero mean (unless `centred` is false) and variance 1, in double precision. */
function normaliseRows(
  context: Context,
  from: View,
  count: number,
  epsilon: number,
  centred: boolean,
  finish: (normal: number, row: number, at: number) => number,
): View {
  const { program } = context;
  const to = context.tensor(from.shape);
  const rows = sizeOf(from.shape) / Math.max(1, count);
  context.step(() => {
    const source = program.elements(from);
    const target = program.elements(to);
    for (let row = 0; row < rows; row += 1) {
      const start = row * count;
      let mean = 0;
      if (centred) {
        for (let at = 0; at < count; at += 1) mean += source[start + at]!;
        mean /= count;
      }
      let squares = 0;
      for (let at = 0; at < count; at += 1) {
        const rest = source[start + at]! - mean;
        squares += rest * rest;
      }
      const divisor = Math.sqrt(squares / count + epsilon);
      for (let at = 0; at < count; at += 1)
        target[start + at] = finish((source[start + at]! - mean) / divisor, row, at);
    }
  });
  return to;
}

/** Gains and offsets by element of a row; read when the step runs. */
function learned(context: Context, index: number): (() => Float32Array) | undefined {
  if (!context.has(index)) return undefined;
  const view = context.dense(context.input(index));
  return () => context.program.elements(view);
}

function layer(centred: boolean): Prepare {
  return (context) => {
    const { attributes, outputs } = context.node;
    if (outputs.slice(1).some((name) => name !== '')) throw new CannotRun('also answers with its statistics');
    const input = context.dense(context.input());
    const axis = axisOf(int(attributes, 'axis', -1), input.shape.length);
    const count = sizeOf(input.shape.slice(axis));
    const gain = learned(context, 1);
    const offset = learned(context, 2);
    let gains: Float32Array | undefined;
    let offsets: Float32Array | undefined;
    context.step(() => {
      gains = gain?.();
      offsets = offset?.();
    });
    const result = normaliseRows(
      context,
      input,
      count,
      float(attributes, 'epsilon', 1e-5),
      centred,
      (normal, _, at) => {
        const scaled = gains ? normal * gains[at % gains.length]! : normal;
        return offsets ? scaled + offsets[at % offsets.length]! : scaled;
      },
    );
    context.set(result);
  };
}

/** Over the pixels of each channel, or of groups of channels. */
function overPixels(grouped: boolean): Prepare {
  return (context) => {
    const { attributes } = context.node;
    const input = context.dense(context.input());
    const [, channels = 1, ...spatial] = input.shape;
    const groups = grouped ? int(attributes, 'num_groups', 1) : channels;
    const area = sizeOf(spatial);
    const each = channels / groups;
    const gain = learned(context, 1);
    const offset = learned(context, 2);
    let gains = new Float32Array(0);
    let offsets = new Float32Array(0);
    context.step(() => {
      gains = gain!() as Float32Array<ArrayBuffer>;
      offsets = offset!() as Float32Array<ArrayBuffer>;
    });
    const result = normaliseRows(
      context,
      input,
      each * area,
      float(attributes, 'epsilon', 1e-5),
      true,
      (normal, row, at) => {
        const group = row % groups;
        const channel = group * each + Math.floor(at / area);
        // Until opset 21 group normalisation has one gain for each group.
        const place = gains.length === groups ? group : channel;
        return normal * gains[place]! + offsets[place]!;
      },
    );
    context.set(result);
  };
}

export const normalising: Operators = {
  LayerNormalization: layer(true),
  RMSNormalization: layer(false),
  SimplifiedLayerNormalization: layer(false),
  InstanceNormalization: overPixels(false),
  GroupNormalization: overPixels(true),
};
