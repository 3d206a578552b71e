import type { Conv, Layer } from '../onnx/network.ts';
import type { Piece } from './operators-cut.ts';
import type { Product } from './operators-product.ts';
import type { Range } from './operators-read.ts';

/** Channels of a convolution's input, and the share of their pixels that some window reaches. */
export interface ChannelsRead {
  channels: Range;
  share: number;
}

/**
 * What a part of a convolution reads. A row of weights is one tap of the window on one channel, channel after channel; a part
 * that takes [a, b) of them may have only some taps of its first and last channel.
 */
export function channelsRead(layer: Layer, product: Product, { inner, groups }: Piece): ChannelsRead[] {
  const { kind } = layer;
  if (kind.op !== 'conv') return [];
  const window = kind.kernel[0] * kind.kernel[1];
  const each = kind.inputChannels / kind.groups;
  const all = touched(layer, kind, [0, window]);
  // Counted as dense: any input may be any channel's.
  if (product.groups !== kind.groups) return [{ channels: [0, kind.inputChannels], share: all }];
  if (inner[0] === 0 && inner[1] === product.inner) {
    return [{ channels: [groups[0] * each, groups[1] * each], share: all }];
  }
  const first = Math.ceil(inner[0] / window);
  const last = Math.floor(inner[1] / window);
  const some: { channels: Range; taps: Range }[] = [];
  if (first > last) some.push({ channels: [last, first], taps: [inner[0] - last * window, inner[1] - last * window] });
  else {
    if (inner[0] < first * window) {
      some.push({ channels: [first - 1, first], taps: [inner[0] - (first - 1) * window, window] });
    }
    if (first < last) some.push({ channels: [first, last], taps: [0, window] });
    if (last * window < inner[1]) some.push({ channels: [last, last + 1], taps: [0, inner[1] - last * window] });
  }
  const found: ChannelsRead[] = [];
  for (let group = groups[0]; group < groups[1]; group++) {
    for (const { channels, taps } of some) {
      const share = touched(layer, kind, taps);
      if (share > 0) found.push({ channels: [group * each + channels[0], group * each + channels[1]], share });
    }
  }
  return found;
}

/** The share of an image that taps [from, to) of a window, counted row by row, reach from all of its places. */
function touched({ inputShapes, outputShape }: Layer, kind: Conv, [from, to]: Range): number {
  const [, width] = kind.kernel;
  const rows = [...new Set([Math.floor(from / width), Math.floor((to - 1) / width)])];
  // Taps of each row of the window: the first and last row may be cut, those between are whole.
  const groups: { rows: Range; columns: Range }[] = [];
  const [top, bottom] = [rows[0]!, rows.at(-1)!];
  if (top === bottom) groups.push({ rows: [top, top + 1], columns: [from - top * width, to - top * width] });
  else {
    groups.push({ rows: [top, top + 1], columns: [from - top * width, width] });
    if (bottom > top + 1) groups.push({ rows: [top + 1, bottom], columns: [0, width] });
    groups.push({ rows: [bottom, bottom + 1], columns: [0, to - bottom * width] });
  }
  const [, , high = 1, wide = 1] = inputShapes[0]!;
  const reached = groups.map((group) => ({
    rows: pixels(kind, 0, group.rows, high, outputShape[2]!),
    columns: pixels(kind, 1, group.columns, wide, outputShape[3]!),
  }));
  let sum = 0;
  const counts = new Map<number, number>();
  for (let row = 0; row < high; row++) {
    let mask = 0;
    for (const [bit, group] of reached.entries()) if (group.rows[row]) mask |= 1 << bit;
    let count = counts.get(mask);
    if (count === undefined) {
      count = 0;
      for (let column = 0; column < wide; column++) {
        if (reached.some((group, bit) => (mask & (1 << bit)) !== 0 && group.columns[column])) count++;
      }
      counts.set(mask, count);
    }
    sum += count;
  }
  return sum / (high * wide);
}

/** Which pixels along an axis some window reaches with the taps given. */
function pixels(kind: Conv, axis: 0 | 1, taps: Range, size: number, places: number): Uint8Array {
  const seen = new Uint8Array(size);
  for (let place = 0; place < places; place++) {
    for (let tap = taps[0]; tap < taps[1]; tap++) {
      const pixel = place * kind.stride[axis] - kind.pads[axis] + tap * kind.dilation[axis];
      if (pixel >= 0 && pixel < size) seen[pixel] = 1;
    }
  }
  return seen;
}
