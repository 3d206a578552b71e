import type { AgTable, MappedLayer } from '../types.ts';

/** Rows of an array group that one pixel fills: `length` of its channels from `channel` on. */
export interface Segments {
  /** By shape: first segment; one more at the end. */
  start: Int32Array;
  /** Position under the kernel. */
  position: Int32Array;
  channel: Int32Array;
  length: Int32Array;
}

/** Cuts the rows of every array group of a replica into runs of channels of one pixel. */
export function segmentsOf(
  layer: MappedLayer,
  ags: AgTable,
  first: number,
  shapes: number,
  channels: number,
): Segments {
  const start = new Int32Array(shapes + 1);
  const position: number[] = [];
  const channel: number[] = [];
  const length: number[] = [];
  for (let shape = 0; shape < shapes; shape++) {
    start[shape] = position.length;
    const { height, groups, packed } = layer;
    const rowStart = ags.rowStart[first + shape]!;
    const block = groups > 1 ? Math.floor(rowStart / height) : 0;
    const perGroup = channels / groups;
    const firstChannel = block * packed * perGroup;
    const ofBlock = groups > 1 ? Math.min(packed * perGroup, channels - firstChannel) : channels;
    const end = ags.rowEnd[first + shape]! - block * height;
    let row = rowStart - block * height;
    while (row < end) {
      const at = row % ofBlock;
      const count = Math.min(ofBlock - at, end - row);
      position.push((row - at) / ofBlock);
      channel.push(firstChannel + at);
      length.push(count);
      row += count;
    }
  }
  start[shapes] = position.length;
  return {
    start,
    position: Int32Array.from(position),
    channel: Int32Array.from(channel),
    length: Int32Array.from(length),
  };
}
