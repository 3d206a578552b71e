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
  // Mostly the relaxation rounded down is as much as it allows.
  const caps = edges.map(({ most }) => most);
  const twice = halves(room, edges, caps);
  const whole = roundDown(room, edges, caps, twice);
  if (sum(whole) === Math.floor(sum(twice) / 2)) return { total: sum(whole), by: whole };
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

function sum(counts: readonly number[]): number {
  let all = 0;
  for (const each of counts) all += each;
  return all;
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
    const base = sum(given);
    const twice = halves(left, edges, caps);
    const bound = base + Math.floor(sum(twice) / 2);
    if (bound <= best.total) return;
    const whole = roundDown(left, edges, caps, twice);
    const total = base + sum(whole);
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

let scratch = new Int32Array(1024);

/** Twice the best fractional matching, by edge: the greatest flow from left copies of the nodes to right copies. */
function halves(room: readonly number[], edges: readonly Edge[], caps: readonly number[]): number[] {
  const nodes = room.length;
  const arcs = 2 * edges.length;
  const length = 7 * nodes + 1 + 4 * arcs;
  if (scratch.length < length) scratch = new Int32Array(2 * length);
  let used = 0;
  const take = (count: number) => {
    used += count;
    return scratch.subarray(used - count, used);
  };
  const outLeft = take(nodes);
  const inLeft = take(nodes);
  // Places: node for its left copy, nodes + node for its right copy. The arc that led there plus one; negative: backwards.
  const reachedBy = take(2 * nodes);
  const queue = take(2 * nodes);
  // Edges at each node, one after another.
  const first = take(nodes + 1).fill(0);
  const at = take(arcs);
  // Arc 2e: from's left copy to to's right copy; 2e + 1: to's left copy to from's right copy.
  const tail = take(arcs);
  const head = take(arcs);
  const flow = take(arcs);

  outLeft.set(room);
  inLeft.set(room);
  for (let edge = 0; edge < edges.length; edge++) {
    const { from, to } = edges[edge]!;
    first[from]! += 1;
    first[to]! += 1;
    tail[2 * edge] = from;
    head[2 * edge] = to;
    tail[2 * edge + 1] = to;
    head[2 * edge + 1] = from;
  }
  for (let node = 0; node < nodes; node++) first[node + 1]! += first[node]!;
  for (let edge = edges.length - 1; edge >= 0; edge--) {
    const { from, to } = edges[edge]!;
    at[--first[from]!] = edge;
    at[--first[to]!] = edge;
  }
  // A first flow, arc by arc; then shortest augmenting paths.
  for (let arc = 0; arc < arcs; arc++) {
    const more = Math.min(outLeft[tail[arc]!]!, inLeft[head[arc]!]!, caps[arc >> 1]!);
    flow[arc] = more;
    outLeft[tail[arc]!]! -= more;
    inLeft[head[arc]!]! -= more;
  }
  const start = 2 * arcs + 1;
  for (;;) {
    reachedBy.fill(0);
    let queued = 0;
    for (let node = 0; node < nodes; node++) {
      if (outLeft[node]! === 0) continue;
      reachedBy[node] = start;
      queue[queued++] = node;
    }
    let end = -1;
    for (let turn = 0; turn < queued && end < 0; turn++) {
      const place = queue[turn]!;
      const node = place < nodes ? place : place - nodes;
      for (let index = first[node]!; index < first[node + 1]!; index++) {
        const edge = at[index]!;
        const out = tail[2 * edge] === node ? 2 * edge : 2 * edge + 1;
        if (place < nodes) {
          const next = nodes + head[out]!;
          if (reachedBy[next] !== 0 || flow[out]! >= caps[edge]!) continue;
          reachedBy[next] = out + 1;
          if (inLeft[head[out]!]! > 0) {
            end = next;
            break;
          }
          queue[queued++] = next;
        } else {
          const arc = out ^ 1;
          const next = tail[arc]!;
          if (reachedBy[next] !== 0 || flow[arc]! === 0) continue;
          reachedBy[next] = -(arc + 1);
          queue[queued++] = next;
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
