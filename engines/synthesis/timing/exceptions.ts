import { RISE } from './edge-arcs.ts';
import type { TimingGraph, VertexNames } from './graph.ts';
import type { Clock, ExceptionPoints, TimingException } from './types.ts';

interface End {
  vertices: Set<number>;
  clocks: Set<number>;
  edge: number | undefined;
}

interface Compiled {
  exception: TimingException;
  index: number;
  from?: End;
  through: End[];
  to?: End;
  /** Whether a path must remember how far it has come. */
  remembers: boolean;
  priority: number;
}

const KIND_PRIORITY = { 'false-path': 4000, 'max-delay': 3000, 'min-delay': 3000, multicycle: 2000 } as const;
/** Progress of exceptions is kept as index * this + number of points passed. */
const STEPS = 1 << 10;

/**
 * Which exceptions a path is under. Where a path must remember points that it has passed, it carries a state: the exceptions it has begun,
 * each with the number of points passed; states are numbered, 0 is the one that has nothing to remember. Of several exceptions that
 * apply, the order is: false paths, then max and min delays, then multicycles; among the same kind the one that names more: start pins
 * before end pins before points between before start clocks before end clocks; then the tighter value.
 */
export class Exceptions {
  readonly #all: Compiled[];
  readonly #states: number[][] = [[]];
  readonly #stateOf = new Map<string, number>([['', 0]]);
  /** Vertices at which some exception passes a point, or starts. */
  readonly #flag: Uint8Array;
  readonly #advanced = new Map<string, number>();
  readonly any: boolean;
  readonly remembers: boolean;
  /** Names that are no vertex, by index of the exception. */
  readonly missing: { index: number; name: string }[] = [];

  constructor(
    graph: TimingGraph,
    names: VertexNames,
    clocks: readonly Clock[],
    exceptions: readonly TimingException[],
  ) {
    const clockIndex = new Map(clocks.map(({ name }, i) => [name, i]));
    this.#flag = new Uint8Array(graph.vertices);
    this.#all = exceptions.map((exception, index) => {
      const end = (points: ExceptionPoints | undefined): End | undefined => {
        if (!points) return undefined;
        const vertices = new Set<number>();
        for (const point of points.points) {
          const v = names.point(point);
          if (v === undefined) {
            this.missing.push({ index, name: point.kind === 'port' ? point.name : `${point.instance}/${point.pin}` });
          } else vertices.add(v);
        }
        for (const name of points.instances) {
          const i = names.instance(name);
          if (i === undefined) this.missing.push({ index, name });
          else {
            for (let v = graph.pinBase[i] as number; v < (graph.pinBase[i + 1] as number); v++) vertices.add(v);
          }
        }
        const found = new Set<number>();
        for (const name of points.clocks) {
          const clock = clockIndex.get(name);
          if (clock === undefined) this.missing.push({ index, name });
          else found.add(clock);
        }
        return { vertices, clocks: found, edge: points.edge && (points.edge === 'rise' ? RISE : 1 - RISE) };
      };
      const from = end(exception.from);
      const through = exception.through.map((points) => end(points) as End);
      const to = end(exception.to);
      let priority = KIND_PRIORITY[exception.kind];
      if (from && from.vertices.size > 0) priority += 64;
      if (to && to.vertices.size > 0) priority += 32;
      if (through.length > 0) priority += 16;
      if (from && from.clocks.size > 0) priority += 8;
      if (to && to.clocks.size > 0) priority += 4;
      const remembers = through.length > 0 || (from !== undefined && from.vertices.size > 0);
      for (const one of [from, ...through]) for (const v of one?.vertices ?? []) this.#flag[v] = 1;
      return { exception, index, from, through, to, remembers, priority };
    });
    this.any = this.#all.length > 0;
    this.remembers = this.#all.some(({ remembers }) => remembers);
  }

  flagged(v: number): boolean {
    return this.#flag[v] === 1;
  }

  /**
   * State of a path that begins.
   *
   * @param starts the vertices that count as its start (clock pin and output of a register; an input)
   * @param startEdge edge at the first of them
   * @param clock that launches it; -1: none
   */
  begin(starts: readonly number[], startEdge: number, clock: number, clockEdge: number): number {
    if (!this.remembers) return 0;
    const state: number[] = [];
    for (const { from, index, remembers } of this.#all) {
      if (!remembers) continue;
      const begun =
        from === undefined ||
        (from.clocks.has(clock) && (from.edge === undefined || from.edge === clockEdge)) ||
        (starts.some((v) => from.vertices.has(v)) && (from.edge === undefined || from.edge === startEdge));
      if (begun) state.push(index * STEPS);
    }
    return this.#number(state);
  }

  /** State after a vertex that is flagged. */
  advance(state: number, v: number, edge: number): number {
    if (state === 0) return 0;
    const key = `${state} ${v} ${edge}`;
    const known = this.#advanced.get(key);
    if (known !== undefined) return known;
    const next = (this.#states[state] as number[]).map((item) => {
      const { through } = this.#all[Math.floor(item / STEPS)] as Compiled;
      let passed = item % STEPS;
      while (passed < through.length) {
        const point = through[passed] as End;
        if (!point.vertices.has(v) || (point.edge !== undefined && point.edge !== edge)) break;
        passed++;
      }
      return item - (item % STEPS) + passed;
    });
    const number = this.#number(next);
    this.#advanced.set(key, number);
    return number;
  }

  /** The exception that rules a path, for its setup or its hold; null: none. */
  resolve(
    state: number,
    launch: { clock: number; edge: number },
    capture: { clock: number; edge: number },
    v: number,
    dataEdge: number,
    side: 'setup' | 'hold',
    kind?: TimingException['kind'],
  ): TimingException | null {
    let best: Compiled | null = null;
    const items = this.#states[state] as number[];
    for (const one of this.#all) {
      const { exception, from, to, through, index, remembers } = one;
      if (!exception[side] || (kind !== undefined && exception.kind !== kind)) continue;
      if (remembers) {
        if (!items.includes(index * STEPS + through.length)) continue;
      } else if (from && !(from.clocks.has(launch.clock) && (from.edge === undefined || from.edge === launch.edge))) {
        continue;
      }
      if (to) {
        const atEnd = to.vertices.has(v) && (to.edge === undefined || to.edge === dataEdge);
        const byClock = to.clocks.has(capture.clock) && (to.edge === undefined || to.edge === capture.edge);
        if (!atEnd && !byClock) continue;
      }
      if (best === null || one.priority > best.priority) best = one;
      else if (one.priority === best.priority && tighter(exception, best.exception)) best = one;
    }
    return best?.exception ?? null;
  }

  #number(state: number[]): number {
    const key = state.join(' ');
    let number = this.#stateOf.get(key);
    if (number === undefined) {
      number = this.#states.push(state) - 1;
      this.#stateOf.set(key, number);
    }
    return number;
  }
}

/** Of two with the same ends the later one counts; else the one that asks for more. */
function tighter(one: TimingException, best: TimingException): boolean {
  if (sameEnds(one, best)) return true;
  if (one.kind === 'min-delay') return one.value > best.value;
  return one.value < best.value;
}

function sameEnds(a: TimingException, b: TimingException): boolean {
  return JSON.stringify([a.from, a.through, a.to]) === JSON.stringify([b.from, b.through, b.to]);
}
