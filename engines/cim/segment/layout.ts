import { lowerBound } from '../allocate/exact.ts';
import { arrayBytes } from '../hardware.ts';
import { incomingBytes, mayLieInPlace, readersOf } from '../judge.ts';
import type { CimProblem } from '../types.ts';
import { fits } from './fits.ts';
import { type InPlace, variantsOf } from './in-place.ts';
import type { Plan } from './plans.ts';

/** A segment that can be: [start, end) of a section's order, with what it leaves in place for the next. */
export interface Cell {
  start: number;
  end: number;
  operators: readonly number[];
  inPlace: InPlace | undefined;
  /** Arrays that its operators take at least. */
  arrays: number;
  /** No plan takes less, whatever lies in place (and does not quite reach it); cycles of one run. */
  least: number;
  /** Least time of a way through it, from the section's start to its end: too little where modes and switches cost. */
  bound: number;
}

export interface Layout {
  section: number;
  order: readonly number[];
  times: number;
  cells: readonly Cell[];
  byStart: readonly Cell[][];
  byEnd: readonly Cell[][];
  /** Last place in this order that reads the output of each place: infinite where something later does; -1: nothing. */
  lastReader: readonly number[];
  /** No plan of the section takes less. */
  bound: number;
}

export interface LayoutOptions {
  memory: boolean;
  /** Only these segments, as [start, end) in the section's order; absent: all that fit. */
  allowed?: (section: number, start: number, end: number) => boolean;
}

/** Who reads what, by place in given orders; figures of a problem that all sections need. */
export interface Places {
  readers: readonly number[][];
  placeOf: Int32Array;
  sectionOf: Int32Array;
  /** Operators of a section's next run that read its output. */
  carried: ReadonlyMap<number, readonly number[]>;
}

export function placesOf(problem: CimProblem, orders: readonly (readonly number[])[]): Places {
  const placeOf = new Int32Array(problem.operators.length);
  const sectionOf = new Int32Array(problem.operators.length);
  for (const [section, order] of orders.entries()) {
    for (const [place, operator] of order.entries()) {
      placeOf[operator] = place;
      sectionOf[operator] = section;
    }
  }
  const carried = new Map<number, readonly number[]>();
  for (const section of problem.sections) {
    if (section.times === 1) continue;
    for (const each of section.carried) if (each.readers.length > 0) carried.set(each.operator, each.readers);
  }
  return { readers: readersOf(problem.operators), placeOf, sectionOf, carried };
}

/** All segments of a section's order, with bounds. */
export function layoutOf(
  problem: CimProblem,
  section: number,
  order: readonly number[],
  { readers, placeOf, sectionOf, carried }: Places,
  { memory, allowed }: LayoutOptions,
): Layout {
  const { operators, sections, rules } = problem;
  const cells: Cell[] = [];
  const byStart: Cell[][] = order.map(() => []);
  const byEnd: Cell[][] = Array.from({ length: order.length + 1 }, () => []);
  for (let start = 0; start < order.length; start++) {
    for (let end = start + 1; end <= order.length; end++) {
      // In order of index: that is topological, and equal for all orders of the same operators.
      const chosen = order.slice(start, end).sort((a, b) => a - b);
      if (!fits(problem, chosen)) break;
      if (allowed && !allowed(section, start, end)) continue;
      const arrays = chosen.reduce((sum, each) => sum + operators[each]!.arrays, 0);
      const withReload = !rules.inPlace || !chosen.some((each) => mayLieInPlace(operators[each]!));
      const least = lowerBound(problem, chosen, { memory, withReload });
      if (least === undefined) break;
      for (const inPlace of memory ? variantsOf(problem, chosen) : [undefined]) {
        const cell: Cell = { start, end, operators: chosen, inPlace, arrays, least, bound: 0 };
        cells.push(cell);
        byStart[start]!.push(cell);
        byEnd[end]!.push(cell);
      }
    }
  }
  const lastReader = order.map((operator) => {
    let last = carried.has(operator) ? Number.POSITIVE_INFINITY : -1;
    for (const reader of readers[operator]!) {
      last = Math.max(last, sectionOf[reader] === section ? placeOf[reader]! : Number.POSITIVE_INFINITY);
    }
    return last;
  });
  const layout = { section, order, times: sections[section]!.times, cells, byStart, byEnd, lastReader, bound: 0 };
  layout.bound = setBounds(problem, layout, memory);
  return layout;
}

/** Eq. 9 and the reload (Eq. 2, or bytes) of a plan, where the weights of `placed` lie in memory arrays. */
export function segmentCycles(
  { operators, hardware, rules }: CimProblem,
  chosen: readonly number[],
  plan: Plan,
  placed: readonly number[],
): number {
  let most = plan.mostCompute;
  if (placed.length > 0) {
    most = 0;
    for (const { operator, compute } of plan.detail!.allocations) {
      const index = chosen[operator]!;
      most = Math.max(most, placed.includes(index) ? compute - operators[index]!.arrays : compute);
    }
  }
  const written = most * hardware.array.writeCycles;
  if (rules.reload === 'largest') return plan.computeCycles + written;
  let bytes = 0;
  for (const index of chosen) bytes += incomingBytes(operators[index]!);
  return plan.computeCycles + Math.max(written, bytes / hardware.externalBytesPerCycle);
}

/** Bytes that leave a segment which starts at place `first` + index: those that must be written back, those that may stay. */
export interface Leaving {
  first: number;
  must: Float64Array;
  may: Float64Array;
}

/** What leaves the segments that end where `cell` starts, on the way to it. */
export function leavingInto(
  { operators, rules }: CimProblem,
  { order, byEnd, lastReader }: Layout,
  cell: Cell,
): Leaving {
  let first = cell.start;
  for (const { start } of byEnd[cell.start]!) first = Math.min(first, start);
  const must = new Float64Array(cell.start - first);
  const may = new Float64Array(cell.start - first);
  let [written, kept] = [0, 0];
  for (let place = cell.start - 1; place >= first; place--) {
    const last = lastReader[place]!;
    const { outputBytes } = operators[order[place]!]!;
    if (last >= cell.start) {
      if (rules.writeBack === 'kept' && last >= cell.end) written += outputBytes;
      else kept += outputBytes;
    }
    must[place - first] = written;
    may[place - first] = kept;
  }
  return { first, must, may };
}

/**
 * Bounds by the shortest way over pairs of neighbours, with their plans' least times and the write-back that no memory arrays
 * can spare: modes and switches are left out, so nothing takes less. Returns that of the whole section.
 */
function setBounds(problem: CimProblem, layout: Layout, memory: boolean): number {
  const { hardware, rules } = problem;
  const { byStart, byEnd, times, cells } = layout;
  const holds = memory ? arrayBytes(hardware) : 0;
  const ways = new Map<Cell, Float64Array>();
  const sofar = new Map<Cell, number>();
  for (const list of byStart) {
    let leaving: Leaving | undefined;
    let end = -1;
    for (const cell of list) {
      if (!leaving || cell.end !== end) leaving = leavingInto(problem, layout, cell);
      end = cell.end;
      const { first, must, may } = leaving;
      const before = byEnd[cell.start]!;
      let least = cell.start === 0 ? 0 : Number.POSITIVE_INFINITY;
      const way = new Float64Array(before.length);
      for (let at = 0; at < before.length; at++) {
        const previous = before[at]!;
        const place = previous.start - first;
        const taken = rules.writeBack === 'kept' ? Math.max(previous.arrays, cell.arrays) : previous.arrays;
        const bytes = must[place]! + Math.max(0, may[place]! - (hardware.arrays - taken) * holds);
        way[at] = (bytes * times) / hardware.externalBytesPerCycle;
        least = Math.min(least, sofar.get(previous)! + way[at]!);
      }
      ways.set(cell, way);
      sofar.set(cell, least + cell.least * times);
    }
  }
  const after = new Map<Cell, number>();
  const length = layout.order.length;
  for (let at = cells.length - 1; at >= 0; at--) {
    const cell = cells[at]!;
    const rest = cell.end === length ? 0 : (after.get(cell) ?? Number.POSITIVE_INFINITY);
    cell.bound = sofar.get(cell)! + rest;
    const way = ways.get(cell)!;
    for (const [before, previous] of byEnd[cell.start]!.entries()) {
      const total = way[before]! + cell.least * times + rest;
      if (total < (after.get(previous) ?? Number.POSITIVE_INFINITY)) after.set(previous, total);
    }
  }
  return byEnd[length]!.reduce((least, cell) => Math.min(least, cell.bound), Number.POSITIVE_INFINITY);
}

/** The layout with only those segments that a way within `limit` can take. */
export function within(layout: Layout, limit: number): Layout {
  const keep = (list: readonly Cell[]) => list.filter(({ bound }) => bound <= limit);
  return {
    ...layout,
    cells: keep(layout.cells),
    byStart: layout.byStart.map(keep),
    byEnd: layout.byEnd.map(keep),
  };
}
