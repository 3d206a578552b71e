import { type Network, type Node, slotsRead } from './network.ts';

/**
 * Nodes in groups: each group needs only groups before it, and what needs itself, at once or through others, is one group (a strongly
 * connected component). Within such a loop gates come in the order of the signal where there is one, registers last.
 * @param fixed slots whose values are given: they need nothing
 */
export function groupsOf({ nodes, driver }: Network, fixed: Uint8Array): { nodes: number[]; loop: boolean }[] {
  const needs = nodes.map((node) => {
    const found: number[] = [];
    if (fixed[node.out]) return found;
    for (const slot of slotsRead(node)) {
      const other = fixed[slot] ? -1 : driver[slot]!;
      if (other >= 0) found.push(other);
    }
    return found;
  });
  return components(needs).map((members) => {
    const [first] = members;
    const loop = members.length > 1 || needs[first!]!.includes(first!);
    return { nodes: members.length > 1 ? inside(members, nodes, needs) : members, loop };
  });
}

/** Gates of a loop by depth first, cut at its registers; then the registers. */
function inside(members: readonly number[], nodes: readonly Node[], needs: readonly number[][]): number[] {
  const isRegister = (at: number) => nodes[at]!.kind === 'flip-flop' || nodes[at]!.kind === 'latch';
  const sorted = [...members].sort((a, b) => a - b);
  const gates = sorted.filter((at) => !isRegister(at));
  const local = new Map(gates.map((at, index) => [at, index]));
  const order = components(
    gates.map((at) => needs[at]!.map((other) => local.get(other)).filter((other) => other !== undefined)),
  );
  return [...order.flat().map((index) => gates[index]!), ...sorted.filter(isRegister)];
}

/** Tarjan's strongly connected components, those that are needed first; with a stack of its own, for long chains. */
function components(needs: readonly number[][]): number[][] {
  const count = needs.length;
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const stack: number[] = [];
  const found: number[][] = [];
  let counter = 0;
  const visit = (root: number): void => {
    const frames: { at: number; list: readonly number[]; next: number }[] = [];
    const enter = (at: number): void => {
      index[at] = low[at] = counter++;
      stack.push(at);
      onStack[at] = 1;
      frames.push({ at, list: needs[at]!, next: 0 });
    };
    enter(root);
    while (frames.length > 0) {
      const frame = frames[frames.length - 1]!;
      const { at, list } = frame;
      if (frame.next < list.length) {
        const other = list[frame.next++]!;
        if (index[other]! < 0) enter(other);
        else if (onStack[other]) low[at] = Math.min(low[at]!, index[other]!);
        continue;
      }
      frames.pop();
      const parent = frames[frames.length - 1];
      if (parent) low[parent.at] = Math.min(low[parent.at]!, low[at]!);
      if (low[at] === index[at]) {
        const members: number[] = [];
        for (;;) {
          const member = stack.pop()!;
          onStack[member] = 0;
          members.push(member);
          if (member === at) break;
        }
        found.push(members);
      }
    }
  };
  for (let root = 0; root < count; root++) if (index[root]! < 0) visit(root);
  return found;
}
