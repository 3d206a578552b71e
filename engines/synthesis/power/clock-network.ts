import { type Network, slotsRead } from './network.ts';
import type { Slots } from './propagate.ts';

/**
 * Marks the clock network: slots that a clock reaches through gates, and from which a clock pin of a register or a clock gate is reached. A
 * clock that is also used as data is data from there on.
 */
export function markClockNetwork({ nodes, slots: count, driver }: Network, { clock }: Slots): void {
  const reached = Uint8Array.from(clock);
  const readers: number[][] = Array.from({ length: count }, () => []);
  for (const [at, node] of nodes.entries()) {
    if (node.kind === 'flip-flop' || node.kind === 'latch') continue;
    for (const slot of node.kind === 'clock-gate' ? [node.clock] : slotsRead(node)) readers[slot]!.push(at);
  }
  const forward = [...clock.keys()].filter((slot) => clock[slot]);
  for (let i = 0; i < forward.length; i++) {
    for (const at of readers[forward[i]!]!) {
      const { out } = nodes[at]!;
      if (reached[out]) continue;
      reached[out] = 1;
      forward.push(out);
    }
  }
  const wanted: number[] = [];
  for (const node of nodes) {
    if (node.kind === 'flip-flop') wanted.push(...node.clock.slots);
    else if (node.kind === 'latch') wanted.push(...(node.enable?.slots ?? []));
    else if (node.kind === 'clock-gate') wanted.push(node.clock);
  }
  const seen = new Set<number>();
  for (let i = 0; i < wanted.length; i++) {
    const slot = wanted[i]!;
    if (!reached[slot] || seen.has(slot)) continue;
    seen.add(slot);
    clock[slot] = 1;
    const at = driver[slot]!;
    if (at < 0) continue;
    const node = nodes[at]!;
    if (node.kind === 'gate' || node.kind === 'bus') wanted.push(...slotsRead(node));
    else if (node.kind === 'clock-gate') wanted.push(node.clock);
  }
}
