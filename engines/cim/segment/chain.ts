import { breathe } from '../../core/abort.ts';
import { arrayBytes } from '../hardware.ts';
import { startingMode } from '../judge.ts';
import type { CimProblem } from '../types.ts';
import { type InPlace, inPlaceOf } from './in-place.ts';
import {
  type Cell,
  type Layout,
  type LayoutOptions,
  layoutOf,
  leavingInto,
  placesOf,
  segmentCycles,
  within,
} from './layout.ts';
import type { Plan, Planner } from './plans.ts';

/*
 * The best plan for operators in given orders, under the judge.
 *
 * What a segment costs depends on what came before it only by the segment before (its operators, its memory arrays) and by how
 * many arrays stand in compute mode. Claim: of a prefix of the operators that ends with a given segment, one time for each
 * number k of arrays in compute mode is all that has to be kept. Proof: an array that is in memory mode may as well be given to
 * the segment as a buffer: its own time does not grow, what stays on the chip (the memory arrays of both neighbours) does not
 * shrink, and no array is switched that was not. So a segment that stands with k of N arrays in compute mode has N - k memory
 * arrays, and with k, the segment's operators and the time, everything that the cost of what follows depends on is known: of
 * two such states the slower one is dominated. Conversely, the judge switches arrays only where it has to, which for a
 * given sequence of bounds never costs more than switching earlier: its time is never above the one found here.
 *
 * So the search is exact; it is a shortest path over (segment, k), the way between two segments taken for all k at once by a
 * running minimum, since switching costs are linear. Segments are first thinned by bounds: what no way within the time of a
 * plan that is known can take is left out.
 */

/** A segment of the best plan: `inComputeMode` arrays computing or idle, all others free to buffer. */
export interface Step {
  section: number;
  operators: readonly number[];
  plan: Plan;
  inPlace: InPlace | undefined;
  inComputeMode: number;
}

export interface ChainOptions extends LayoutOptions {
  plansOf: Planner['of'];
  /** Only a plan that takes less is wanted. */
  below?: number;
}

export interface Chain {
  steps: Step[];
  cycles: number;
}

/** Counts what searches do: pairs of neighbouring segments whose ways were looked at, for all modes; bounds. */
export interface Effort {
  pairs: number;
  bounds: number;
}

/** Numbers of arrays in compute mode told apart. Chips with more arrays are searched on a grid: the last resort, not exact. */
const MOST_LEVELS = 1024;
/** Steps of work spent on proving the best end of a repeated section: past it, the best so far stands. */
const REPEAT_WORK = 40_000_000;
/** Steps of work between two pauses. */
const PAUSE = 2_000_000;

interface Entry {
  operators: readonly number[];
  inPlace: InPlace | undefined;
  /** Least time with each level of arrays in compute mode. */
  value: Float64Array;
  trace(level: number): Step[];
}

/** A segment with its table. */
interface Node {
  cell: Cell;
  /** Least time of a way to here with each level. */
  value: Float64Array;
  /** Where each comes from: a node that ends here, or -1 - entry. */
  from: Int32Array;
  fromLevel: Int32Array;
  choice: Int32Array;
  /** Least time of the segment and its plan for each level, by the operators that are in place. */
  bases: Map<string, Base>;
}

interface Base {
  value: Float64Array;
  choice: Int32Array;
}

/** The way into a segment for each level, for one set of operators in place. */
interface Way {
  /** Weights that lie in memory arrays of the segment before. */
  placed: readonly number[];
  value: Float64Array;
  from: Int32Array;
  fromLevel: Int32Array;
}

interface Graph extends Pick<Layout, 'section' | 'order' | 'times'> {
  layout: Layout;
  byStart: readonly Node[][];
  byEnd: readonly Node[][];
}

/**
 * The best plan for `orders`: for each section its operators in the order in which they are cut. Every operator must fit on
 * the chip by itself. Undefined where there is none (of those `allowed`, or `below`).
 */
export async function bestChain(
  problem: CimProblem,
  orders: readonly (readonly number[])[],
  options: ChainOptions,
  effort: Effort,
  signal: AbortSignal,
  progress: (fraction: number) => void = () => {},
): Promise<Chain | undefined> {
  const { hardware, rules, operators } = problem;
  const { memory, plansOf, below = Number.POSITIVE_INFINITY } = options;
  const size = hardware.arrays;
  const grid = Math.ceil(size / MOST_LEVELS);
  const modes = memory
    ? Array.from({ length: Math.ceil(size / grid) + 1 }, (_, at) => Math.min(size, at * grid))
    : [size];
  const levels = modes.length;
  const top = levels - 1;
  const keepable = Float64Array.from(modes, (mode) => (memory ? (size - mode) * arrayBytes(hardware) : 0));
  const places = placesOf(problem, orders);
  const { readers, placeOf, sectionOf, carried } = places;
  const leave = new Float64Array(levels);
  const scratch: Way[] = [];
  const all = orders.reduce((sum, order) => sum + order.length, 0);
  let pause = 0;

  const layouts: Layout[] = [];
  for (const [section, order] of orders.entries()) {
    if (order.length === 0) continue;
    const layout = layoutOf(problem, section, order, places, options);
    layouts.push(layout);
    effort.bounds += layout.cells.length;
    await breathe(signal);
  }
  const least = layouts.reduce((sum, { bound }) => sum + bound, 0);
  if (!(least < below)) return undefined;
  progress(0.1);
  // A way by the bounds alone, with its true time, thins the rest.
  const guess = await solve(layouts.map((layout) => within(layout, layout.bound * (1 + 1e-9))));
  const limit = Math.min(below, guess?.cycles ?? Number.POSITIVE_INFINITY);
  const slack = (limit - least) * (1 + 1e-9) + limit * 1e-9;
  const found = await solve(
    layouts.map((layout) => within(layout, layout.bound + slack)),
    progress,
  );
  const best = guess && !(found && found.cycles < guess.cycles) ? guess : found;
  return best && best.cycles < below ? best : undefined;

  async function solve(thinned: readonly Layout[], report?: (fraction: number) => void): Promise<Chain | undefined> {
    const value = new Float64Array(levels).fill(Number.POSITIVE_INFINITY);
    value[modes.indexOf(startingMode(hardware))] = 0;
    let entries: Entry[] = [{ operators: [], inPlace: undefined, value, trace: () => [] }];
    let done = 0;
    for (const layout of thinned) {
      const graph = graphOf(layout);
      const advance = report && ((place: number) => report(0.1 + (0.9 * (done + place)) / all));
      entries = graph.times > 1 ? await repeat(graph, entries, advance) : await once(graph, entries, advance);
      done += layout.order.length;
      if (entries.length === 0) return undefined;
    }
    let chosen: { entry: Entry; level: number; cycles: number } | undefined;
    for (const entry of entries) {
      for (const [level, cycles] of entry.value.entries()) {
        if (cycles < (chosen?.cycles ?? Number.POSITIVE_INFINITY)) chosen = { entry, level, cycles };
      }
    }
    return chosen && { steps: chosen.entry.trace(chosen.level), cycles: chosen.cycles };
  }

  function graphOf(layout: Layout): Graph {
    const nodes = new Map<Cell, Node>();
    for (const cell of layout.cells) {
      const room = new Int32Array(3 * levels);
      nodes.set(cell, {
        cell,
        value: new Float64Array(levels),
        from: room.subarray(0, levels),
        fromLevel: room.subarray(levels, 2 * levels),
        choice: room.subarray(2 * levels),
        bases: new Map(),
      });
    }
    const { section, order, times } = layout;
    const own = (list: readonly Cell[]) => list.map((cell) => nodes.get(cell)!);
    return { layout, section, order, times, byStart: layout.byStart.map(own), byEnd: layout.byEnd.map(own) };
  }

  async function once(graph: Graph, before: readonly Entry[], advance?: (place: number) => void): Promise<Entry[]> {
    await forward(graph, before, undefined, advance);
    return graph.byEnd[graph.order.length]!.map((node) => ({
      operators: node.cell.operators,
      inPlace: node.cell.inPlace,
      value: node.value,
      trace: (level) => traceBack(graph, before, node, level),
    }));
  }

  /**
   * A section that runs again comes from its own end. For every end (segment, k), least first without the way back to the start,
   * the best section with that way counted is found, until no end can be better than the best. The first run takes the same
   * plans with the same modes.
   */
  async function repeat(graph: Graph, before: readonly Entry[], advance?: (place: number) => void): Promise<Entry[]> {
    const ends = graph.byEnd[graph.order.length]!;
    await forward(graph, before, undefined, advance);
    const bounds = ends.flatMap((node) => Array.from(node.value, (bound, level) => ({ node, level, bound })));
    const sorted = bounds.filter(({ bound }) => Number.isFinite(bound)).sort((a, b) => a.bound - b.bound);
    // What follows costs no more from one end than from another by this.
    const afterwards = orders.slice(graph.section + 1).some((order) => order.length > 0);
    const way = Math.max(hardware.switchToComputeCycles, hardware.switchToMemoryCycles) * size;
    const bytes = ({ cell }: Node) => cell.operators.reduce((sum, each) => sum + operators[each]!.outputBytes, 0);
    const placed = rules.inPlace ? size * hardware.array.writeCycles : 0;
    const kept = Math.max(...ends.map(bytes)) / hardware.externalBytesPerCycle;
    const margin = afterwards ? way + placed + kept : 0;
    let best = Number.POSITIVE_INFINITY;
    let work = 0;
    const found: Entry[] = [];
    for (const { node, level, bound } of sorted) {
      if (bound >= best + margin || (work > REPEAT_WORK && found.length > 0)) break;
      const pairs = effort.pairs;
      await forward(graph, before, { node, level });
      work += (effort.pairs - pairs) * levels;
      const cycles = node.value[level]!;
      if (!(cycles < best + margin)) continue;
      best = Math.min(best, cycles);
      const steps = traceBack(graph, before, node, level);
      const value = new Float64Array(levels).fill(Number.POSITIVE_INFINITY);
      value[level] = cycles;
      found.push({ operators: node.cell.operators, inPlace: node.cell.inPlace, value, trace: () => steps });
    }
    return found;
  }

  /** Fills the nodes' tables. `again`: the state from which every further run starts. */
  async function forward(
    graph: Graph,
    before: readonly Entry[],
    again: { node: Node; level: number } | undefined,
    advance?: (place: number) => void,
  ): Promise<void> {
    for (const [start, list] of graph.byStart.entries()) {
      let ways: Way[] = [];
      let end = -1;
      for (const node of list) {
        if (node.cell.end !== end) ways = start === 0 ? waysInto(graph, node, before, again) : waysBetween(graph, node);
        end = node.cell.end;
        close(node, ways, graph.times);
      }
      pause += list.length * (1 + graph.byEnd[start]!.length) * levels;
      if (pause < PAUSE) continue;
      pause = 0;
      await breathe(signal);
      advance?.(start);
    }
  }

  function waysBetween({ layout, byEnd, times }: Graph, { cell }: Node): Way[] {
    const ways: Way[] = [];
    const { first, must, may } = leavingInto(problem, layout, cell);
    for (const [id, previous] of byEnd[cell.start]!.entries()) {
      const way = wayFor(ways, inPlaceOf(problem, cell.operators, previous.cell.inPlace));
      const at = previous.cell.start - first;
      relax(previous.value, must[at]!, may[at]!, times, id, way);
    }
    return ways;
  }

  function close(node: Node, ways: readonly Way[], times: number): void {
    const { value, from, fromLevel, choice } = node;
    value.fill(Number.POSITIVE_INFINITY);
    for (const way of ways) {
      const base = baseOf(node, way.placed, times);
      for (let level = 0; level < levels; level++) {
        const total = way.value[level]! + base.value[level]!;
        if (total >= value[level]!) continue;
        value[level] = total;
        from[level] = way.from[level]!;
        fromLevel[level] = way.fromLevel[level]!;
        choice[level] = base.choice[level]!;
      }
    }
  }

  /** Ways into the first segment of a section: from what ran before it, and for further runs from its own end. */
  function waysInto(
    { section, times, order }: Graph,
    { cell }: Node,
    before: readonly Entry[],
    again: { node: Node; level: number } | undefined,
  ): Way[] {
    const ways: Way[] = [];
    for (const [id, entry] of before.entries()) {
      let must = 0;
      let may = 0;
      for (const producer of entry.operators) {
        let next = false;
        let later = false;
        for (const reader of readers[producer]!) {
          if (entry.operators.includes(reader)) continue;
          if (sectionOf[reader] === section && placeOf[reader]! < cell.end) next = true;
          else later = true;
        }
        if (rules.writeBack === 'kept' && later) must += operators[producer]!.outputBytes;
        else if (next || later) may += operators[producer]!.outputBytes;
      }
      const way = wayFor(ways, inPlaceOf(problem, cell.operators, entry.inPlace));
      relax(entry.value, must, may, 1, -1 - id, way);
    }
    if (!again || times === 1) return ways;
    let must = 0;
    let may = 0;
    const first = new Set(order.slice(0, cell.end));
    for (const producer of again.node.cell.operators) {
      const own = carried.get(producer) ?? [];
      const next = own.some((reader) => first.has(reader));
      const later = own.some((reader) => !first.has(reader));
      if (rules.writeBack === 'kept' && later) must += operators[producer]!.outputBytes;
      else if (next || later) may += operators[producer]!.outputBytes;
    }
    const state = new Float64Array(levels).fill(Number.POSITIVE_INFINITY);
    state[again.level] = 0;
    const back: Way = {
      placed: [],
      value: new Float64Array(levels).fill(Number.POSITIVE_INFINITY),
      from: new Int32Array(levels),
      fromLevel: new Int32Array(levels),
    };
    relax(state, must, may, times - 1, 0, back);
    for (const way of ways) for (let level = 0; level < levels; level++) way.value[level]! += back.value[level]!;
    return ways;
  }

  /** The way for `placed` among `ways`, or a new one. Ways are reused from segment to segment. */
  function wayFor(ways: Way[], placed: readonly number[]): Way {
    const known = ways.find(
      (way) => way.placed.length === placed.length && way.placed.every((it, at) => it === placed[at]),
    );
    if (known) return known;
    const way = scratch[ways.length] ?? {
      placed,
      value: new Float64Array(levels),
      from: new Int32Array(levels),
      fromLevel: new Int32Array(levels),
    };
    scratch[ways.length] = way;
    way.placed = placed;
    way.value.fill(Number.POSITIVE_INFINITY);
    ways.push(way);
    return way;
  }

  /** The way from a segment with `must` and `may` bytes to leave, `scale` times: Eq. 1 and the write-back, for all levels. */
  function relax(from: Float64Array, must: number, may: number, scale: number, id: number, way: Way): void {
    effort.pairs += 1;
    const perByte = scale / hardware.externalBytesPerCycle;
    const up = scale * hardware.switchToComputeCycles;
    const down = scale * hardware.switchToMemoryCycles;
    const held = rules.writeBack === 'held';
    for (let level = 0; level < levels; level++) leave[level] = (must + Math.max(0, may - keepable[level]!)) * perByte;
    const { value, from: source, fromLevel } = way;
    // From fewer in compute mode (or as many): the segment itself has the fewer memory arrays.
    let run = Number.POSITIVE_INFINITY;
    let at = 0;
    for (let level = 0; level < levels; level++) {
      if (level > 0) run += up * (modes[level]! - modes[level - 1]!);
      const here = held ? from[level]! + leave[level]! : from[level]!;
      if (here < run) [run, at] = [here, level];
      const total = held ? run : run + leave[level]!;
      if (total < value[level]!) {
        value[level] = total;
        source[level] = id;
        fromLevel[level] = at;
      }
    }
    // From more: the segment before has the fewer.
    run = Number.POSITIVE_INFINITY;
    for (let level = top; level >= 0; level--) {
      if (level < top) run += down * (modes[level + 1]! - modes[level]!);
      const here = from[level]! + leave[level]!;
      if (here < run) [run, at] = [here, level];
      if (run < value[level]!) {
        value[level] = run;
        source[level] = id;
        fromLevel[level] = at;
      }
    }
  }

  /** The least time of a segment with each level, `times` times. What lies in place for a section's first run does so only then. */
  function baseOf({ cell, bases }: Node, placed: readonly number[], times: number): Base {
    const mixed = cell.start === 0 && times > 1 && placed.length > 0;
    const key = placed.join(' ');
    const known = bases.get(key);
    if (known) return known;
    const value = new Float64Array(levels).fill(Number.POSITIVE_INFINITY);
    const choice = new Int32Array(levels).fill(-1);
    let least = Number.POSITIVE_INFINITY;
    for (const [index, plan] of plansOf(cell.operators).entries()) {
      const own = segmentCycles(problem, cell.operators, plan, placed);
      const cycles = mixed ? own + (times - 1) * segmentCycles(problem, cell.operators, plan, []) : own * times;
      // Narrower in its modes than all before it, and no faster: dominated.
      if (cycles >= least) continue;
      const extra = cell.inPlace ? cell.inPlace.extra(plan) : 0;
      const high = size - plan.memory - extra;
      if (high < plan.compute) continue;
      least = cycles;
      const to = memory ? Math.floor(high / grid) : top;
      const low = memory ? Math.min(to, Math.ceil(plan.compute / grid)) : top;
      const last = high === size ? top : to;
      for (let level = low; level <= last; level++) {
        value[level] = cycles;
        choice[level] = index;
      }
    }
    const base = { value, choice };
    bases.set(key, base);
    return base;
  }

  function traceBack({ section, byEnd }: Graph, before: readonly Entry[], last: Node, lastLevel: number): Step[] {
    const steps: Step[] = [];
    let node = last;
    let level = lastLevel;
    for (;;) {
      const { cell, choice, from, fromLevel } = node;
      steps.push({
        section,
        operators: cell.operators,
        plan: plansOf(cell.operators)[choice[level]!]!,
        inPlace: cell.inPlace,
        inComputeMode: modes[level]!,
      });
      const id = from[level]!;
      level = fromLevel[level]!;
      if (cell.start === 0) return [...before[-1 - id]!.trace(level), ...steps.reverse()];
      node = byEnd[cell.start]![id]!;
    }
  }
}
