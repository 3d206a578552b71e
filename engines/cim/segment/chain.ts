import { breathe } from '../../core/abort.ts';
import { arrayBytes } from '../hardware.ts';
import { incomingBytes, readersOf, startingMode } from '../judge.ts';
import type { CimProblem } from '../types.ts';
import { fits } from './fits.ts';
import { type InPlace, inPlaceOf, variantsOf } from './in-place.ts';
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
 * running minimum, since switching costs are linear.
 */

/** A segment of the best plan: `inComputeMode` arrays computing or idle, all others free to buffer. */
export interface Step {
  section: number;
  operators: readonly number[];
  plan: Plan;
  inPlace: InPlace | undefined;
  inComputeMode: number;
}

export interface ChainOptions {
  memory: boolean;
  plansOf: Planner['of'];
  /** Only these segments, as [start, end) in the section's order; absent: all that fit. */
  allowed?: (section: number, start: number, end: number) => boolean;
}

export interface Chain {
  steps: Step[];
  cycles: number;
  /** Pairs of neighbouring segments examined, for `effort`. */
  examined: number;
}

/** Numbers of arrays in compute mode told apart. Chips with more arrays are searched on a grid: the last resort, not exact. */
const MOST_LEVELS = 1024;
/** Steps of work spent on proving the best end of a repeated section: past it, the best so far stands. */
const REPEAT_WORK = 40_000_000;

interface Entry {
  operators: readonly number[];
  inPlace: InPlace | undefined;
  /** Least time with each level of arrays in compute mode. */
  value: Float64Array;
  trace(level: number): Step[];
}

interface Cell {
  start: number;
  end: number;
  operators: readonly number[];
  plans: readonly Plan[];
  inPlace: InPlace | undefined;
  value: Float64Array;
  /** Where each level's time comes from: a cell that ends here, or -1 - entry. */
  from: Int32Array;
  fromLevel: Int32Array;
  choice: Int32Array;
  /** Least time and its plan for each level, by the operators that are in place. */
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

interface Layout {
  section: number;
  order: readonly number[];
  times: number;
  cells: Cell[];
  byStart: Cell[][];
  byEnd: Cell[][];
  /** For the output of each place: the last place in this order that reads it, infinite where something later does; -1: nothing. */
  lastReader: number[];
}

/** `orders`: for each section its operators in the order in which they are cut. Every operator must fit on the chip by itself. */
export async function bestChain(
  problem: CimProblem,
  orders: readonly (readonly number[])[],
  options: ChainOptions,
  signal: AbortSignal,
  progress: (fraction: number) => void = () => {},
): Promise<Chain | undefined> {
  const { hardware, rules, operators } = problem;
  const { memory, plansOf } = options;
  const size = hardware.arrays;
  const grid = Math.ceil(size / MOST_LEVELS);
  const modes = memory
    ? Array.from({ length: Math.ceil(size / grid) + 1 }, (_, at) => Math.min(size, at * grid))
    : [size];
  const levels = modes.length;
  const top = levels - 1;
  const keepable = modes.map((mode) => (memory ? (size - mode) * arrayBytes(hardware) : 0));
  const readers = readersOf(operators);
  const placeOf = new Int32Array(operators.length);
  const sectionOf = new Int32Array(operators.length);
  for (const [section, order] of orders.entries()) {
    for (const [place, operator] of order.entries()) {
      placeOf[operator] = place;
      sectionOf[operator] = section;
    }
  }
  const carried = new Map<number, readonly number[]>();
  for (const section of problem.sections) {
    if (section.times > 1) for (const each of section.carried) carried.set(each.operator, each.readers);
  }
  let examined = 0;
  let pause = 0;
  const leave = new Float64Array(levels);

  const start = new Float64Array(levels).fill(Number.POSITIVE_INFINITY);
  start[modes.indexOf(startingMode(hardware))] = 0;
  let entries: Entry[] = [{ operators: [], inPlace: undefined, value: start, trace: () => [] }];
  const all = orders.reduce((sum, order) => sum + order.length, 0);
  let done = 0;
  for (const [section, order] of orders.entries()) {
    if (order.length === 0) continue;
    const { times } = problem.sections[section]!;
    const layout = await layoutOf(section, order, times);
    entries = times > 1 ? await repeat(layout, entries) : await once(layout, entries);
    done += order.length;
    if (entries.length === 0) return undefined;
  }
  let best: { entry: Entry; level: number } | undefined;
  for (const entry of entries) {
    for (let level = 0; level < levels; level++) {
      if (entry.value[level]! < (best?.entry.value[best.level] ?? Number.POSITIVE_INFINITY)) best = { entry, level };
    }
  }
  if (!best) return undefined;
  return { steps: best.entry.trace(best.level), cycles: best.entry.value[best.level]!, examined };

  async function layoutOf(section: number, order: readonly number[], times: number): Promise<Layout> {
    const cells: Cell[] = [];
    const byStart: Cell[][] = order.map(() => []);
    const byEnd: Cell[][] = Array.from({ length: order.length + 1 }, () => []);
    for (let from = 0; from < order.length; from++) {
      for (let end = from + 1; end <= order.length; end++) {
        // In order of index: that is topological, and equal for all orders of the same operators.
        const chosen = order.slice(from, end).sort((a, b) => a - b);
        if (!fits(problem, chosen)) break;
        if (options.allowed && !options.allowed(section, from, end)) continue;
        const plans = plansOf(chosen);
        for (const inPlace of memory ? variantsOf(problem, chosen) : [undefined]) {
          const cell: Cell = {
            start: from,
            end,
            operators: chosen,
            plans,
            inPlace,
            value: new Float64Array(levels),
            from: new Int32Array(levels),
            fromLevel: new Int32Array(levels),
            choice: new Int32Array(levels),
            bases: new Map(),
          };
          cells.push(cell);
          byStart[from]!.push(cell);
          byEnd[end]!.push(cell);
        }
      }
      if (++pause % 64 === 0) await breathe(signal);
    }
    const lastReader = order.map((operator) => {
      let last = carried.has(operator) ? Number.POSITIVE_INFINITY : -1;
      for (const reader of readers[operator]!) {
        last = Math.max(last, sectionOf[reader] === section ? placeOf[reader]! : Number.POSITIVE_INFINITY);
      }
      return last;
    });
    return { section, order, times, cells, byStart, byEnd, lastReader };
  }

  async function once(layout: Layout, before: readonly Entry[]): Promise<Entry[]> {
    await forward(layout, before, undefined, true);
    return layout.byEnd[layout.order.length]!.map((cell) => ({
      operators: cell.operators,
      inPlace: cell.inPlace,
      value: cell.value,
      trace: (level) => traceBack(layout, before, cell, level),
    }));
  }

  /**
   * A section that runs again comes from its own end. For every end (segment, k), least first without the way back to the start,
   * the best section with that way counted is found, until no end can be better than the best. The first run takes the same
   * plans with the same modes.
   */
  async function repeat(layout: Layout, before: readonly Entry[]): Promise<Entry[]> {
    const ends = layout.byEnd[layout.order.length]!;
    await forward(layout, before, undefined, true);
    const bounds = ends.flatMap((cell) => Array.from(cell.value, (bound, level) => ({ cell, level, bound })));
    const sorted = bounds.filter(({ bound }) => Number.isFinite(bound)).sort((a, b) => a.bound - b.bound);
    // What follows costs no more from one end than from another by this.
    const afterwards = orders.slice(layout.section + 1).some((order) => order.length > 0);
    const way = Math.max(hardware.switchToComputeCycles, hardware.switchToMemoryCycles) * size;
    const bytes = (cell: Cell) => cell.operators.reduce((sum, each) => sum + operators[each]!.outputBytes, 0);
    const placed = rules.inPlace ? size * hardware.array.writeCycles : 0;
    const kept = Math.max(...ends.map(bytes)) / hardware.externalBytesPerCycle;
    const margin = afterwards ? way + placed + kept : 0;
    let best = Number.POSITIVE_INFINITY;
    let work = 0;
    const found: Entry[] = [];
    for (const { cell, level, bound } of sorted) {
      if (bound >= best + margin || (work > REPEAT_WORK && found.length > 0)) break;
      const examinedBefore = examined;
      await forward(layout, before, { cell, level }, false);
      work += (examined - examinedBefore) * levels;
      const cycles = cell.value[level]!;
      if (!(cycles < best + margin)) continue;
      best = Math.min(best, cycles);
      const steps = traceBack(layout, before, cell, level);
      const value = new Float64Array(levels).fill(Number.POSITIVE_INFINITY);
      value[level] = cycles;
      found.push({ operators: cell.operators, inPlace: cell.inPlace, value, trace: () => steps });
    }
    return found;
  }

  /** Fills the cells' tables. `again`: the state from which every further run starts. */
  async function forward(
    layout: Layout,
    before: readonly Entry[],
    again: { cell: Cell; level: number } | undefined,
    report: boolean,
  ): Promise<void> {
    const { order, byStart, byEnd, times, lastReader } = layout;
    const reach = byEnd.map((list) => list.reduce((least, cell) => Math.min(least, cell.start), order.length));
    for (let from = 0; from < order.length; from++) {
      let ways: Way[] = [];
      let end = -1;
      for (const cell of byStart[from]!) {
        if (cell.end !== end) {
          end = cell.end;
          ways = from === 0 ? waysInto(layout, cell, before, again) : waysBetween(cell);
        }
        close(cell, ways);
      }
      pause += byStart[from]!.length * byEnd[from]!.length * levels;
      if (pause > 2_000_000) {
        pause = 0;
        await breathe(signal);
        if (report) progress((done + from) / all);
      }
    }

    function waysBetween(cell: Cell): Way[] {
      const ways: Way[] = [];
      let must = 0;
      let may = 0;
      let place = cell.start;
      const least = reach[cell.start]!;
      const mustFrom: number[] = [];
      const mayFrom: number[] = [];
      while (place > least) {
        place -= 1;
        const last = lastReader[place]!;
        const { outputBytes } = operators[order[place]!]!;
        if (last >= cell.start) {
          if (rules.writeBack === 'kept' && last >= cell.end) must += outputBytes;
          else may += outputBytes;
        }
        mustFrom[place] = must;
        mayFrom[place] = may;
      }
      for (const [id, previous] of byEnd[cell.start]!.entries()) {
        const way = wayFor(ways, inPlaceOf(problem, cell.operators, previous.inPlace));
        relax(previous.value, mustFrom[previous.start]!, mayFrom[previous.start]!, times, id, way);
      }
      return ways;
    }

    function close(cell: Cell, ways: readonly Way[]): void {
      cell.value.fill(Number.POSITIVE_INFINITY);
      for (const way of ways) {
        const base = baseOf(cell, way.placed, times);
        for (let level = 0; level < levels; level++) {
          const value = way.value[level]! + base.value[level]!;
          if (value >= cell.value[level]!) continue;
          cell.value[level] = value;
          cell.from[level] = way.from[level]!;
          cell.fromLevel[level] = way.fromLevel[level]!;
          cell.choice[level] = base.choice[level]!;
        }
      }
    }
  }

  /** Ways into the first segment of a section: from what ran before it, and for further runs from its own end. */
  function waysInto(
    { section, times, order }: Layout,
    cell: Cell,
    before: readonly Entry[],
    again: { cell: Cell; level: number } | undefined,
  ): Way[] {
    const ways: Way[] = [];
    for (const [id, entry] of before.entries()) {
      let must = 0;
      let may = 0;
      for (const producer of entry.operators) {
        let next = false;
        let later = carried.has(producer);
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
    for (const producer of again.cell.operators) {
      const own = carried.get(producer) ?? [];
      const next = own.some((reader) => first.has(reader));
      const later = own.some((reader) => !first.has(reader));
      if (rules.writeBack === 'kept' && later) must += operators[producer]!.outputBytes;
      else if (next || later) may += operators[producer]!.outputBytes;
    }
    const state = new Float64Array(levels).fill(Number.POSITIVE_INFINITY);
    state[again.level] = 0;
    const back = wayFor([], []);
    relax(state, must, may, times - 1, 0, back);
    for (const way of ways) for (let level = 0; level < levels; level++) way.value[level]! += back.value[level]!;
    return ways;
  }

  function wayFor(ways: Way[], placed: readonly number[]): Way {
    const known = ways.find(
      (way) => way.placed.length === placed.length && way.placed.every((each, at) => each === placed[at]),
    );
    if (known) return known;
    const way: Way = {
      placed,
      value: new Float64Array(levels).fill(Number.POSITIVE_INFINITY),
      from: new Int32Array(levels),
      fromLevel: new Int32Array(levels),
    };
    ways.push(way);
    return way;
  }

  /** The way from a segment with `must` and `may` bytes to leave, `scale` times: Eq. 1 and the write-back, for all levels. */
  function relax(from: Float64Array, must: number, may: number, scale: number, id: number, way: Way): void {
    examined += 1;
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
  function baseOf(cell: Cell, placed: readonly number[], times: number): Base {
    const mixed = cell.start === 0 && times > 1 && placed.length > 0;
    const key = placed.join(' ');
    const known = cell.bases.get(key);
    if (known) return known;
    const value = new Float64Array(levels).fill(Number.POSITIVE_INFINITY);
    const choice = new Int32Array(levels).fill(-1);
    let least = Number.POSITIVE_INFINITY;
    for (const [index, plan] of cell.plans.entries()) {
      const own = segmentCycles(cell, plan, placed);
      const cycles = mixed ? own + (times - 1) * segmentCycles(cell, plan, []) : own * times;
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
    cell.bases.set(key, base);
    return base;
  }

  /** Eq. 9 and the reload (Eq. 2, or bytes). */
  function segmentCycles(cell: Cell, plan: Plan, placed: readonly number[]): number {
    let most = plan.mostCompute;
    if (placed.length > 0) {
      most = 0;
      for (const { operator, compute } of plan.detail!.allocations) {
        const index = cell.operators[operator]!;
        most = Math.max(most, placed.includes(index) ? compute - operators[index]!.arrays : compute);
      }
    }
    let bytes = 0;
    if (rules.reload === 'bytes') {
      for (const index of cell.operators) bytes += incomingBytes(operators[index]!);
    }
    const reload = Math.max(most * hardware.array.writeCycles, bytes / hardware.externalBytesPerCycle);
    return plan.computeCycles + reload;
  }

  function traceBack(layout: Layout, before: readonly Entry[], last: Cell, lastLevel: number): Step[] {
    const steps: Step[] = [];
    let cell = last;
    let level = lastLevel;
    for (;;) {
      steps.push({
        section: layout.section,
        operators: cell.operators,
        plan: cell.plans[cell.choice[level]!]!,
        inPlace: cell.inPlace,
        inComputeMode: modes[level]!,
      });
      const id = cell.from[level]!;
      const next = cell.fromLevel[level]!;
      if (cell.start === 0) return [...before[-1 - id]!.trace(next), ...steps.reverse()];
      cell = layout.byEnd[cell.start]![id]!;
      level = next;
    }
  }
}
