import { elements } from '../onnx/counts.ts';
import type { Layer } from '../onnx/network.ts';
import type { Piece } from './operators-cut.ts';
import type { Product } from './operators-product.ts';
import { merged, type Range, type Reading } from './operators-read.ts';

/** Where the outputs of a part lie: features of its layer, and which runs of the batch. */
export interface Part {
  operator: number;
  features: readonly Range[] | undefined;
  samples: Range;
}

/** What a part reads: features of layers, for which runs of the batch. */
export interface Wanted {
  reading: Reading;
  samples: Range;
}

/** Groups of a part as groups of the layer, run by run of the batch. */
export function boxesOf(
  { groups: all, samples, sharing }: Product,
  [from, to]: Range,
): { groups: Range; samples: Range }[] {
  const each = all / samples;
  const own = (a: number, b: number): Range => [a * sharing, b * sharing];
  if (samples === 1) return [{ groups: own(from, to), samples: [0, Number.POSITIVE_INFINITY] }];
  const boxes: { groups: Range; samples: Range }[] = [];
  for (let at = from; at < to; ) {
    const sample = Math.floor(at / each);
    const start = at - sample * each;
    const runs = start === 0 ? Math.max(1, Math.floor((to - at) / each)) : 1;
    const length = runs > 1 ? each : Math.min(each - start, to - at);
    boxes.push({ groups: own(start, start + length), samples: [sample, sample + runs] });
    at += runs > 1 ? runs * each : length;
  }
  return boxes;
}

/** Where the outputs of a part lie in its layer's. */
export function placesOf({ kind }: Layer, product: Product, { columns, groups }: Piece): Omit<Part, 'operator'>[] {
  const wide = product.columns;
  if (kind.op !== 'matmul') {
    return [{ features: rangesOf(groups, columns, wide), samples: [0, Number.POSITIVE_INFINITY] }];
  }
  if (wide !== kind.columns) return [{ features: undefined, samples: [0, Number.POSITIVE_INFINITY] }];
  return boxesOf(product, groups).map((box) => ({
    features: rangesOf(box.groups, columns, wide),
    samples: box.samples,
  }));
}

/** Columns of groups as features. */
function rangesOf(groups: Range, columns: Range, wide: number): Range[] {
  if (columns[0] === 0 && columns[1] === wide) return [[groups[0] * wide, groups[1] * wide]];
  const ranges: Range[] = [];
  for (let group = groups[0]; group < groups[1]; group++) {
    ranges.push([group * wide + columns[0], group * wide + columns[1]]);
  }
  return merged(ranges);
}

/** Numbers that a layer puts out for each vector. */
export function featureCount({ kind, outputShape }: Layer): number {
  if (kind.op === 'conv') return kind.outputChannels;
  if (kind.op === 'fc') return kind.outputs;
  return kind.op === 'matmul' ? kind.batch * kind.columns : elements(outputShape);
}
