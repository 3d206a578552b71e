/** The order in which combinational logic is worked out: what writes a signal before what reads it. */
import type { NetPart, Read, SignalId } from '../../ir/types.ts';

export interface CombNode {
  reads: Read[];
  /** Parts of signals that it writes; no width: anywhere in the signal. */
  writes: { signal: SignalId; offset?: number; width?: number }[];
}

export const wrotePart = (part: NetPart): CombNode['writes'][number] =>
  part.element === undefined
    ? { signal: part.signal, offset: part.offset, width: part.width }
    : { signal: part.signal };

/** Nodes in an order in which readers come after writers, but for cycles. */
export function levelise(nodes: readonly CombNode[], canon: Int32Array): number[] {
  const writers = new Map<SignalId, { node: number; offset?: number; width?: number }[]>();
  nodes.forEach((node, i) => {
    for (const write of node.writes) {
      const id = canon[write.signal]!;
      const list = writers.get(id) ?? [];
      list.push({ node: i, offset: write.offset, width: write.width });
      writers.set(id, list);
    }
  });
  const before: number[][] = nodes.map((node, i) => {
    const list: number[] = [];
    for (const read of node.reads) {
      for (const it of writers.get(canon[read.signal]!) ?? []) {
        if (it.node === i) continue;
        const apart =
          read.part !== undefined &&
          it.offset !== undefined &&
          (it.offset >= read.part.offset + read.part.width || read.part.offset >= it.offset + it.width!);
        if (!apart) list.push(it.node);
      }
    }
    return list;
  });
  const order: number[] = [];
  const state = new Uint8Array(nodes.length);
  for (let start = 0; start < nodes.length; start++) {
    if (state[start] !== 0) continue;
    // Depth first, without recursion: chains may be long.
    const stack: { node: number; next: number }[] = [{ node: start, next: 0 }];
    state[start] = 1;
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const list = before[top.node]!;
      if (top.next < list.length) {
        const node = list[top.next++]!;
        if (state[node] === 0) {
          state[node] = 1;
          stack.push({ node, next: 0 });
        }
      } else {
        state[top.node] = 2;
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}
