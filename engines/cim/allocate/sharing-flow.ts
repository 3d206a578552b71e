/*
 * The greatest matching with capacities (b-matching) of a small graph, exactly. Its relaxation to halves is a flow through
 * two copies of every node; where halves remain, an edge is branched on.
 */

export interface Edge {
  from: number;
  to: number;
  most: number;
}

/**
 * Whole numbers on the edges, each at most `most`, those at a node together at most its `room`, of the greatest sum. Of
 * several answers always the same one.
 */
export function mostByFlow(room: readonly number[], edges: readonly Edge[]): { total: number; by: number[] } {
  const by = edges.map(() => 0);
  let total = 0;
  for (const part of connected(room.length, edges)) {
    const found = mostOfPart(
      room,
      part.map((at) => edges[at]!),
    );
    total += found.total;
    for (const [place, at] of part.entries()) by[at] = found.by[place]!;
  }
  return { total, by };
}

/** Edges in groups that have no node in common: branching in one says nothing about another. */
function connected(nodes: number, edges: readonly Edge[]): number[][] {
  const group = Int32Array.from({ length: nodes }, (_, node) => node);
  const find = (node: number): number => {
    let root = node;
    while (group[root] !== root) root = group[root]!;
    group[node] = root;
    return root;
  };
  for (const { from, to } of edges) group[find(from)] = find(to);
  const parts = new Map<number, number[]>();
  for (const [at, { from }] of edges.entries()) {
    const root = find(from);
    const part = parts.get(root);
    if (part) part.push(at);
    else parts.set(root, [at]);
  }
  return [...parts.values()];
}

function mostOfPart(room: readonly number[], edges: readonly Edge[]): { total: number; by: number[] } {
  let best = { total: -1, by: [] as number[] };
  const search = (left: readonly number[], caps: readonly number[], given: readonly number[]): void => {
    const base = given.reduce((sum, each) => sum + each, 0);
    const twice = halves(left, edges, caps);
    const bound = base + Math.floor(twice.reduce((sum, each) => sum + each, 0) / 2);
    if (bound <= best.total) return;
    const whole = roundDown(left, edges, caps, twice);
    const total = base + whole.reduce((sum, each) => sum + each, 0);
    if (total > best.total) best = { total, by: given.map((each, at) => each + whole[at]!) };
    if (bound <= best.total) return;
    const at = twice.findIndex((each) => each % 2 === 1);
    if (at < 0) return;
    const most = (twice[at]! - 1) / 2;
    const { from, to } = edges[at]!;
    // At least one more than the half rounded down: give it these outright.
    const more = most + 1;
    const after = left.map((each, node) => (node === from || node === to ? each - more : each));
    if (after[from]! >= 0 && after[to]! >= 0) {
      search(
        after,
        caps.map((each, edge) => (edge === at ? each - more : each)),
        given.map((each, edge) => (edge === at ? each + more : each)),
      );
    }
    search(
      left,
      caps.map((each, edge) => (edge === at ? most : each)),
      given,
    );
  };
  search(
    room,
    edges.map(({ most }) => most),
    edges.map(() => 0),
  );
  return best;
}

/** Halves rounded down, then whatever still fits, edge by edge. */
function roundDown(
  room: readonly number[],
  edges: readonly Edge[],
  caps: readonly number[],
  twice: readonly number[],
): number[] {
  const left = [...room];
  const by = twice.map((each) => Math.floor(each / 2));
  for (const [at, { from, to }] of edges.entries()) {
    left[from]! -= by[at]!;
    left[to]! -= by[at]!;
  }
  for (const [at, { from, to }] of edges.entries()) {
    const more = Math.min(left[from]!, left[to]!, caps[at]! - by[at]!);
    left[from]! -= more;
    left[to]! -= more;
    by[at]! += more;
  }
  return by;
}

/** Twice the best fractional matching, by edge: the greatest flow from left copies of the nodes to right copies. */
function halves(room: readonly number[], edges: readonly Edge[], caps: readonly number[]): number[] {
  const nodes = room.length;
  const outLeft = [...room];
  const inLeft = [...room];
  // Arc 2e: from's left copy to to's right copy; 2e + 1: to's left copy to from's right copy.
  const flow = new Array<number>(2 * edges.length).fill(0);
  const arcsOut: number[][] = room.map(() => []);
  const arcsIn: number[][] = room.map(() => []);
  const tail: number[] = [];
  const head: number[] = [];
  for (const { from, to } of edges) {
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      arcsOut[a]!.push(tail.length);
      arcsIn[b]!.push(tail.length);
      tail.push(a);
      head.push(b);
    }
  }
  // A first flow, arc by arc; then shortest augmenting paths.
  for (let arc = 0; arc < flow.length; arc++) {
    const more = Math.min(outLeft[tail[arc]!]!, inLeft[head[arc]!]!, caps[arc >> 1]!);
    flow[arc] = more;
    outLeft[tail[arc]!]! -= more;
    inLeft[head[arc]!]! -= more;
  }
  const reachedBy = new Int32Array(2 * nodes);
  for (;;) {
    // Places: node for its left copy, nodes + node for its right copy. The arc that led there plus one; negative: backwards.
    reachedBy.fill(0);
    const queue: number[] = [];
    const start = 2 * flow.length + 1;
    for (let node = 0; node < nodes; node++) {
      if (outLeft[node]! === 0) continue;
      reachedBy[node] = start;
      queue.push(node);
    }
    let end = -1;
    for (let turn = 0; turn < queue.length && end < 0; turn++) {
      const place = queue[turn]!;
      if (place < nodes) {
        for (const arc of arcsOut[place]!) {
          const next = nodes + head[arc]!;
          if (reachedBy[next] !== 0 || flow[arc]! >= caps[arc >> 1]!) continue;
          reachedBy[next] = arc + 1;
          if (inLeft[head[arc]!]! > 0) {
            end = next;
            break;
          }
          queue.push(next);
        }
      } else {
        for (const arc of arcsIn[place - nodes]!) {
          const next = tail[arc]!;
          if (reachedBy[next] !== 0 || flow[arc]! === 0) continue;
          reachedBy[next] = -(arc + 1);
          queue.push(next);
        }
      }
    }
    if (end < 0) break;
    let more = inLeft[end - nodes]!;
    let place = end;
    while (reachedBy[place] !== start) {
      const by = reachedBy[place]!;
      const arc = Math.abs(by) - 1;
      more = Math.min(more, by > 0 ? caps[arc >> 1]! - flow[arc]! : flow[arc]!);
      place = by > 0 ? tail[arc]! : nodes + head[arc]!;
    }
    more = Math.min(more, outLeft[place]!);
    outLeft[place]! -= more;
    inLeft[end - nodes]! -= more;
    place = end;
    while (reachedBy[place] !== start) {
      const by = reachedBy[place]!;
      const arc = Math.abs(by) - 1;
      flow[arc]! += by > 0 ? more : -more;
      place = by > 0 ? tail[arc]! : nodes + head[arc]!;
    }
  }
  return edges.map((_, edge) => flow[2 * edge]! + flow[2 * edge + 1]!);
}
