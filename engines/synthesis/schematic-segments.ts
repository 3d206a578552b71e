import type { Bit } from './yosys-json.ts';

/** Where a bit comes from: bit `index` of net `net`. */
export interface Origin {
  net: number;
  index: number;
}

/** A stretch of a pin's bits that comes from one place, `repeat` times over. */
export type Segment =
  | { kind: 'constant'; value: string; width: number }
  | { kind: 'net'; net: number; low: number; high: number; repeat: number; width: number };

/** Cuts a pin's bits (LSB first) into the longest stretches of single nets and constants; MSB first. */
export function segments(bits: readonly Bit[], originOf: (bit: number) => Origin): Segment[] {
  const found: Segment[] = [];
  for (const bit of bits) {
    const last = found.at(-1);
    if (typeof bit !== 'number') {
      if (last?.kind === 'constant') {
        last.value = bit + last.value;
        last.width++;
      } else {
        found.push({ kind: 'constant', value: bit, width: 1 });
      }
      continue;
    }
    const { net, index } = originOf(bit);
    if (last?.kind === 'net' && last.net === net) {
      if (last.repeat === 1 && last.high + 1 === index) {
        last.high = index;
        last.width++;
        continue;
      }
      if (last.low === last.high && last.low === index) {
        last.repeat++;
        last.width++;
        continue;
      }
    }
    found.push({ kind: 'net', net, low: index, high: index, repeat: 1, width: 1 });
  }
  return found.reverse();
}

/** Nets that segments draw on, each once, in order of first use. */
export function netsOf(parts: readonly Segment[]): number[] {
  const nets = new Set<number>();
  for (const part of parts) if (part.kind === 'net') nets.add(part.net);
  return [...nets];
}
