/**
 * An order in which every item comes after those that it reads: the given one where it is topological, and as near to it as
 * may be otherwise (the earliest ready item first). `cycle` names items that read each other in a circle, if there are any.
 */
export function inTopologicalOrder(reads: readonly (readonly number[])[]): { order: number[]; cycle?: number[] } {
  if (reads.every((inputs, index) => inputs.every((input) => input < index))) return { order: [...reads.keys()] };
  // Depth first, in the given order: an item's operands come just before it.
  const order: number[] = [];
  const state = new Uint8Array(reads.length);
  for (const root of reads.keys()) {
    if (state[root] !== 0) continue;
    const path: { item: number; next: number }[] = [{ item: root, next: 0 }];
    state[root] = 1;
    while (path.length > 0) {
      const top = path.at(-1)!;
      const input = reads[top.item]![top.next++];
      if (input === undefined) {
        state[top.item] = 2;
        order.push(top.item);
        path.pop();
      } else if (state[input] === 0) {
        state[input] = 1;
        path.push({ item: input, next: 0 });
      } else if (state[input] === 1) {
        const items = path.map(({ item }) => item);
        return { order, cycle: [...items.slice(items.indexOf(input)), input] };
      }
    }
  }
  return { order };
}
