import type { Unit } from '../schedule/latency-types.ts';
import type { Costs } from './clock.ts';
import type { LayerShape } from './shapes.ts';

/*
 * What the latency model knows before there is a mapping.
 */

/** What one array group of a layer copies together for a window: runs of channels of pixels. */
export interface Segments {
  /** Kernel position, or (FC layers) pixel. */
  position: Int32Array;
  length: Int32Array;
  /** All of it copied, nothing of it padding, in ns. */
  copyNs: number;
}

/** The pixels under the kernel of a unit that has windows, and who reads which; none of it depends on the mapping. */
export interface Windows {
  positions: number;
  /** By window, then position; -1 in the padding. */
  pixel: Int32Array;
  /** By window: pixels that are there, at most all positions. */
  present: Int32Array;
  /** By pixel, the windows that read it: `reader[start[p]] .. reader[start[p + 1] - 1]`. */
  start: Int32Array;
  reader: Int32Array;
}

export function windowsOf({ operands: [first], pixels }: Unit): Windows | undefined {
  if (first?.need.how !== 'window') return undefined;
  const { positions } = first.need.pixels;
  const pixel = new Int32Array(pixels * positions);
  const present = new Int32Array(pixels);
  const start = new Int32Array(first.from.pixels + 1);
  const under = new Int32Array(positions);
  for (let window = 0; window < pixels; window++) {
    first.need.pixels.pixelsOf(window, under);
    pixel.set(under, window * positions);
    for (const one of under) {
      if (one < 0) continue;
      present[window]!++;
      start[one + 1]!++;
    }
  }
  for (let one = 0; one < first.from.pixels; one++) start[one + 1]! += start[one]!;
  const next = start.slice();
  const reader = new Int32Array(start[first.from.pixels]!);
  for (let at = 0; at < pixel.length; at++)
    if (pixel[at]! >= 0) reader[next[pixel[at]!]!++] = Math.floor(at / positions);
  return { positions, pixel, present, start, reader };
}

export function segmentsOf(shape: LayerShape, from: Unit, costs: Costs): Segments[] {
  return shape.slices.map(({ pieces, rowStart, rowEnd }): Segments => {
    const position: number[] = [];
    const length: number[] = [];
    if (shape.isConv) {
      for (let at = 0; at < pieces.length; at += 3) {
        position.push(pieces[at]!);
        length.push(pieces[at + 2]!);
      }
    } else {
      // FC layers read all pixels of a map, one behind the other.
      for (let row = rowStart; row < rowEnd; ) {
        const pixel = Math.min(Math.floor(row / from.channels), from.pixels - 1);
        const end = Math.max(row + 1, Math.min((pixel + 1) * from.channels, rowEnd));
        position.push(pixel);
        length.push(end - row);
        row = end;
      }
    }
    return {
      position: Int32Array.from(position),
      length: Int32Array.from(length),
      copyNs: length.reduce((sum, count) => sum + costs.copyNs(count), 0),
    };
  });
}

/** What a layer without weights takes for one window, in ns; `inputs`: pixels of its first operand. */
export function postNs(unit: Unit, inputs: number, costs: Costs): number {
  const { work, channels } = unit;
  switch (work.do) {
    case 'pool': {
      const scale = work.kind.method === 'average' ? costs.fillNs(channels) : 0;
      return costs.copyNs(channels) + (inputs - 1) * costs.vectorNs(channels) + scale;
    }
    case 'eltwise':
      return costs.fillNs(channels) + (work.how === 'add' ? unit.operands.length : 1) * costs.vectorNs(channels);
    case 'concat':
      return unit.operands.reduce((sum, { from }) => sum + costs.copyNs(from.channels), 0);
    case 'activation':
      return work.spec.how === 'sigmoid' ? 0 : costs.vectorNs(channels);
    case 'shuffle':
      return channels * costs.copyNs(1);
    default:
      return costs.vectorNs(channels);
  }
}
