import type { CimProblem } from '../types.ts';
import type { Chain } from './chain.ts';

/*
 * Other orders of a branching network (ours). Which order is best is hard to say: every one has its own best cuts. A beam
 * starts from the given order and from some that rules make, has each cut at its best, and moves single operators to
 * neighbouring segments of the best orders found so far. The given order stays in: the result is never slower.
 */

/** An order of the operators of every section. */
export type Orders = readonly (readonly number[])[];

export interface Tried {
  orders: Orders;
  chain: Chain;
}

export interface BeamOptions {
  /** The best plan for an order; undefined where none takes less than `below`. */
  cut: (orders: Orders, below?: number) => Promise<Chain | undefined>;
  /** Work spent so far, and how much may be: the beam ends after the order that passes it. */
  spent: () => number;
  budget: number;
  progress: (fraction: number) => void;
}

/** Orders that are carried on at a time. */
const WIDTH = 4;
/** Orders in a row without a better one after which the beam ends. */
const PATIENCE = 30;
/** Segments over which an operator is moved at once. */
const REACH = 2;
/** Another order is worth taking from here on, as a share of the time: below it lies the rounding of sums. */
const LEAST_GAIN = 1e-9;

/** The best of the orders that the beam comes across; `given` where there is no other. */
export async function bestOrder(
  problem: CimProblem,
  given: Orders,
  { cut, spent, budget, progress }: BeamOptions,
): Promise<{ best: Tried; tried: number }> {
  const chain = await cut(given);
  if (!chain) throw new Error('Operators that fit one by one have a plan.');
  const first: Tried = { orders: given, chain };
  let best = first;
  if (given.every((order) => isChain(problem, order))) return { best, tried: 1 };
  const seen = new Set([keyOf(given)]);
  const all: Tried[] = [best];
  const start = spent();
  let idle = 0;
  const open = () => spent() - start < budget && idle < PATIENCE;
  const attempt = async (orders: Orders): Promise<void> => {
    const key = keyOf(orders);
    if (seen.has(key)) return;
    seen.add(key);
    idle += 1;
    // Worse than all that are carried on: not worth knowing how much.
    const found = await cut(orders, all.length < WIDTH ? Number.POSITIVE_INFINITY : all.at(-1)!.chain.cycles);
    progress(Math.min(1, (spent() - start) / budget));
    if (!found) return;
    if (found.cycles < best.chain.cycles) idle = 0;
    all.push({ orders, chain: found });
    all.sort((a, b) => a.chain.cycles - b.chain.cycles);
    all.length = Math.min(all.length, WIDTH);
    best = all[0]!;
  };
  for (const rule of RULES) if (open()) await attempt(given.map((order) => listed(problem, order, rule)));
  const moved = new Set<Tried>();
  while (open()) {
    const next = all.find((each) => !moved.has(each));
    if (!next) break;
    moved.add(next);
    for (const orders of moves(problem, next)) {
      if (!open()) break;
      await attempt(orders);
    }
  }
  const better = best.chain.cycles < chain.cycles * (1 - LEAST_GAIN);
  return { best: better ? best : first, tried: seen.size };
}

function keyOf(orders: Orders): string {
  return orders.map((order) => order.join(' ')).join(';');
}

function sources({ operators }: CimProblem, operator: number): number[] {
  const { inputs, weightsFrom, sums = [] } = operators[operator]!;
  return [...inputs, ...weightsFrom, ...sums].map((each) => each.operator);
}

/**
 * Each layer reads the one before: nothing branches. The parts of a layer have no order of their own that matters much, and
 * a chain stays as it is drawn, so that its cuts can be moved by hand.
 */
function isChain(problem: CimProblem, order: readonly number[]): boolean {
  const layerOf = (operator: number) => problem.operators[operator]!.layer;
  let before: number | undefined;
  return order.every((operator, at) => {
    if (at > 0 && layerOf(order[at - 1]!) !== layerOf(operator)) before = layerOf(order[at - 1]!);
    const read = new Set(sources(problem, operator).map(layerOf));
    return before === undefined ? read.size === 0 : read.size === 1 && read.has(before);
  });
}

/** What a rule may look at when it chooses among the operators whose sources are done. The least of its figures is next. */
interface Choice {
  operator: number;
  arrays: number;
  /** Place of the latest of its sources; -1 where it has none here. */
  latest: number;
  /** Longest way from the section's start, and to its end. */
  depth: number;
  height: number;
  /** Bytes that must be held after it, less those before. */
  live: number;
  /** Arrays that the segment being filled has left. */
  room: number;
}

type Rule = (choice: Choice) => number;

/** Ties fall to the operator that comes first in the given order. */
const RULES: readonly Rule[] = [
  // A reader right after what it reads: its bytes stay on the chip.
  ({ latest }) => -latest,
  // Layers side by side: parts with the same input share a segment.
  ({ depth }) => depth,
  // The longest way to the end first.
  ({ height }) => -height,
  // As full a chip as can be.
  ({ arrays, room }) => (arrays <= room ? -arrays : 0),
  // As few bytes waiting as can be.
  ({ live }) => live,
];

function listed(problem: CimProblem, order: readonly number[], rule: Rule): number[] {
  const { operators, hardware } = problem;
  const own = new Set(order);
  const before = new Map(order.map((each) => [each, [...new Set(sources(problem, each))].filter((it) => own.has(it))]));
  const readers = new Map<number, number[]>(order.map((each) => [each, []]));
  const depth = new Map<number, number>();
  const height = new Map<number, number>();
  for (const each of order) {
    for (const source of before.get(each)!) readers.get(source)!.push(each);
    depth.set(each, 1 + Math.max(-1, ...before.get(each)!.map((it) => depth.get(it)!)));
  }
  for (const each of [...order].reverse()) {
    height.set(each, 1 + Math.max(-1, ...readers.get(each)!.map((it) => height.get(it)!)));
  }
  const place = new Map<number, number>();
  const waiting = new Map(order.map((each) => [each, before.get(each)!.length]));
  const unread = new Map(order.map((each) => [each, readers.get(each)!.length]));
  let ready = order.filter((each) => waiting.get(each) === 0);
  const result: number[] = [];
  let room = hardware.arrays;
  while (ready.length > 0) {
    let chosen = ready[0]!;
    let least = Number.POSITIVE_INFINITY;
    for (const operator of ready) {
      const { arrays, outputBytes } = operators[operator]!;
      const freed = before.get(operator)!.filter((source) => unread.get(source) === 1);
      const figure = rule({
        operator,
        arrays,
        latest: Math.max(-1, ...before.get(operator)!.map((it) => place.get(it)!)),
        depth: depth.get(operator)!,
        height: height.get(operator)!,
        live: outputBytes - freed.reduce((sum, source) => sum + operators[source]!.outputBytes, 0),
        room,
      });
      if (figure < least) [chosen, least] = [operator, figure];
    }
    place.set(chosen, result.length);
    result.push(chosen);
    const { arrays } = operators[chosen]!;
    room = arrays <= room ? room - arrays : hardware.arrays - arrays;
    ready = ready.filter((each) => each !== chosen);
    for (const source of before.get(chosen)!) unread.set(source, unread.get(source)! - 1);
    for (const reader of readers.get(chosen)!) {
      waiting.set(reader, waiting.get(reader)! - 1);
      if (waiting.get(reader) === 0) ready.push(reader);
    }
    ready.sort((a, b) => a - b);
  }
  return result;
}

/** Orders in which one operator stands in another segment of the plan, as far as its sources and readers let it. */
function* moves(problem: CimProblem, { orders, chain }: Tried): Generator<Orders> {
  for (const [section, order] of orders.entries()) {
    const place = new Map(order.map((each, at) => [each, at]));
    const readBy = new Map<number, number>();
    for (const [at, operator] of order.entries()) {
      for (const source of sources(problem, operator)) if (!readBy.has(source)) readBy.set(source, at);
    }
    const ends: number[] = [];
    for (const step of chain.steps) {
      if (step.section === section) ends.push((ends.at(-1) ?? 0) + step.operators.length);
    }
    let segment = 0;
    for (const [at, operator] of order.entries()) {
      while (at >= ends[segment]!) segment += 1;
      const after = Math.max(-1, ...sources(problem, operator).map((source) => place.get(source) ?? -1));
      const before = readBy.get(operator) ?? order.length;
      for (let other = segment - 1; other >= Math.max(0, segment - REACH) && ends[other]! > after; other--) {
        yield replaced(orders, section, moved(order, at, ends[other]!));
      }
      for (let other = segment + 1; other < ends.length && other <= segment + REACH; other++) {
        const to = ends[other - 1]!;
        if (to > before) break;
        yield replaced(orders, section, moved(order, at, to));
      }
    }
  }
}

/** The operator at a place put before that which now is at `to`. */
function moved(order: readonly number[], at: number, to: number): number[] {
  const operator = order[at]!;
  const result = order.filter((_, place) => place !== at);
  result.splice(to > at ? to - 1 : to, 0, operator);
  return result;
}

function replaced(orders: Orders, section: number, order: readonly number[]): Orders {
  return orders.map((each, at) => (at === section ? order : each));
}
