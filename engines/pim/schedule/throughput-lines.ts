import { type Share, windowsIn } from './common-deal.ts';
import type { WindowPixels } from './windows.ts';

/** What one core has of one replica, as far as its inputs are concerned. */
export interface LineUser {
  share: Share;
  /** Kernel positions that its array groups read. */
  positions: readonly number[];
}

/** Channels of a layer's input that a core reads, and elements of them under each kernel position. */
export interface LineChannels {
  low: number;
  high: number;
}

/**
 * Input pixels of one layer that a core keeps for all its windows, each loaded once ("only the part not already local",
 * facts 1.5; TCAD, Fig. 15): in the order in which they are first needed they go round a ring of slots, and a slot is taken
 * again only a step after its pixel was last needed. The last slot stays zero, for padding.
 */
export interface LinePlan {
  low: number;
  /** Elements of a slot. */
  width: number;
  /** Slots of the ring. */
  slots: number;
  /** Pixels in the order in which they come in, and by step where the next step's begin. */
  order: Int32Array;
  batchEnd: Int32Array;
}

/** Elements of local memory that the slots take, with the one of zeros. */
export function lineElements({ slots, width }: LinePlan): number {
  return (slots + 1) * width;
}

/**
 * Plans the ring of one core and layer. `rowSpan`: windows between two that lie below one another and share pixels; what is
 * not needed for longer (by a replica far from the one that loaded it) is loaded again. `entryOf`: an array by pixel of the
 * layer's input, whatever is in it. Undefined where no pixel is needed twice: then there is nothing to keep.
 */
export function planLines(
  users: readonly LineUser[],
  pixels: WindowPixels,
  channels: LineChannels,
  rowSpan: number,
  entryOf: Int32Array,
): LinePlan | undefined {
  entryOf.fill(-1);
  const under = new Int32Array(pixels.positions);
  const steps = users.reduce((most, { share }) => Math.max(most, windowsIn(share)), 0);
  const closest = users.reduce((least, { share }) => Math.min(least, share.step), rowSpan);
  const longest = Math.ceil(rowSpan / Math.max(1, closest)) + 1;
  const order: number[] = [];
  /** By entry of `order`: the last step that reads it. */
  const lastStep: number[] = [];
  const batchEnd = new Int32Array(steps);
  let reads = 0;
  for (let step = 0; step < steps; step++) {
    const first = order.length;
    for (const { share, positions } of users) {
      const window = share.start + step * share.step;
      if (window >= share.end) continue;
      pixels.pixelsOf(window, under);
      for (const position of positions) {
        const pixel = under[position]!;
        if (pixel < 0) continue;
        reads++;
        const entry = entryOf[pixel]!;
        if (entry >= 0 && step - lastStep[entry]! <= longest) {
          lastStep[entry] = step;
          continue;
        }
        entryOf[pixel] = order.length;
        order.push(pixel);
        lastStep.push(step);
      }
    }
    sortFrom(order, first);
    for (let entry = first; entry < order.length; entry++) entryOf[order[entry]!] = entry;
    batchEnd[step] = order.length;
  }
  if (reads <= order.length) return undefined;
  return {
    low: channels.low,
    width: channels.high - channels.low,
    slots: ringSize(batchEnd, lastStep),
    order: Int32Array.from(order),
    batchEnd,
  };
}

function sortFrom(order: number[], first: number): void {
  if (order.length - first < 2) return;
  const sorted = order.splice(first).sort((a, b) => a - b);
  for (const pixel of sorted) order.push(pixel);
}

/** The most slots between the oldest pixel that is still needed, or was in the step before, and the newest. */
function ringSize(batchEnd: Int32Array, lastStep: readonly number[]): number {
  let oldest = 0;
  let most = 1;
  for (let step = 0; step < batchEnd.length; step++) {
    while (oldest < lastStep.length && lastStep[oldest]! < step - 1) oldest++;
    most = Math.max(most, batchEnd[step]! - oldest);
  }
  return most;
}
