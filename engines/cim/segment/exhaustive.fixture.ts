import { arraysOf, type Before, judge, operatorCost, readersOf, segmentCost, startingMode } from '../judge.ts';
import { PRESETS } from '../presets/index.ts';
import { DEFAULT_RULES } from '../rules.ts';
import type { Allocation, CimOperator, CimProblem, CostRules, Section, Segment, SharedArrays } from '../types.ts';

/** An operator in few words; everything else follows, or does not matter here. */
export interface Sketch {
  arrays: number;
  vectors: number;
  streamBytes: number;
  outputBytes: number;
  inputs?: number[];
  weightsFrom?: number[];
  sums?: number[];
  weightBytes?: number;
}

export interface Small {
  arrays: number;
  operators: Sketch[];
  rules?: Partial<CostRules>;
  sections?: Omit<Section, 'name'>[];
  switchCycles?: [number, number];
  writeCycles?: number;
  batch?: number;
}

/** Arrays of 8 x 8 one-bit cells (8 bytes), 4 B/cycle each; 2 B/cycle from main memory; 4 B/cycle to the outside. */
export function smallProblem(small: Small): CimProblem {
  const hardware = structuredClone(PRESETS.dynaplasia!.hardware);
  Object.assign(hardware, { arrays: small.arrays, mainBytesPerCycle: 2, externalBytesPerCycle: 4 });
  const [switchToComputeCycles, switchToMemoryCycles] = small.switchCycles ?? [1, 1];
  Object.assign(hardware, { switchToComputeCycles, switchToMemoryCycles });
  Object.assign(hardware.array, { rows: 8, columns: 8, activeRows: 8, memoryBytesPerCycle: 4 });
  hardware.array.writeCycles = small.writeCycles ?? 8;
  const operators = small.operators.map((sketch, index): CimOperator => {
    const read = (from: number[] | undefined) =>
      (from ?? []).map((operator) => ({ operator, bytes: small.operators[operator]!.outputBytes }));
    return {
      index,
      name: `o${index}`,
      layer: index,
      kind: sketch.weightsFrom ? 'matmul' : 'conv',
      vectors: sketch.vectors,
      inner: 8,
      columns: 1,
      groups: 1,
      arrays: sketch.arrays,
      macs: 8,
      streamBytes: sketch.streamBytes,
      weightBytes: sketch.weightBytes ?? 8 * sketch.arrays,
      outputBytes: sketch.outputBytes,
      dynamic: sketch.weightsFrom !== undefined,
      inputs: read(sketch.inputs),
      weightsFrom: read(sketch.weightsFrom),
      ...(sketch.sums && { sums: read(sketch.sums) }),
    };
  });
  const sections = small.sections ?? [{ first: 0, count: operators.length, times: 1, carried: [] }];
  return {
    operators,
    sections: sections.map((each, at) => ({ name: `s${at}`, ...each })),
    hardware,
    rules: { ...DEFAULT_RULES, ...small.rules },
    batch: small.batch ?? 1,
  };
}

/** All allocations of a segment that the judge can tell apart: every count of every role, every count of shared arrays. */
export function allAllocations(problem: CimProblem, chosen: readonly number[], memory: boolean): Segment[] {
  const { operators, hardware, rules } = problem;
  const size = hardware.arrays;
  const found = new Map<string, Segment>();
  const pairs = chosen.flatMap((to) =>
    operators[to]!.inputs.filter(({ operator }) => rules.sharing && chosen.includes(operator)).map(
      ({ operator, bytes }) => ({ from: operator, to, most: Math.floor(bytes / 8) }),
    ),
  );
  const allocations: Allocation[] = [];
  const give = (at: number, left: number): void => {
    const operator = chosen[at];
    if (operator === undefined) {
      sharing(0, []);
      return;
    }
    // Shared arrays count twice in what operators hold: at most the memory arrays of the chip are shared.
    for (let compute = operators[operator]!.arrays; compute <= left; compute++) {
      const most = memory ? (pairs.length > 0 ? 2 : 1) * (left - compute) : 0;
      for (let buffers = 0; buffers <= most; buffers++) {
        for (let out = 0; out <= buffers; out++) {
          if (pairs.length === 0 && !rules.inPlace && out > 0) break;
          allocations[at] = { operator, compute, memoryIn: buffers - out, memoryOut: out };
          give(at + 1, left - compute);
        }
      }
    }
  };
  const sharing = (at: number, shared: SharedArrays[]): void => {
    const pair = pairs[at];
    if (!pair) {
      add(shared);
      return;
    }
    const out = allocations.find(({ operator }) => operator === pair.from)!.memoryOut;
    const into = allocations.find(({ operator }) => operator === pair.to)!.memoryIn;
    const used = (side: 'from' | 'to') =>
      shared.reduce((sum, each) => sum + (each[side] === pair[side] ? each.arrays : 0), 0);
    const most = Math.min(pair.most, out - used('from'), into - used('to'));
    for (let arrays = 0; arrays <= most; arrays++) {
      sharing(at + 1, arrays > 0 ? [...shared, { from: pair.from, to: pair.to, arrays }] : shared);
    }
  };
  const add = (shared: SharedArrays[]): void => {
    const segment = { operators: [...chosen], allocations, shared };
    const { compute, memory: held } = arraysOf(segment);
    if (compute + held > size) return;
    let cycles = 0;
    let most = 0;
    let inPlace = '';
    for (const { operator, compute: own, memoryIn, memoryOut } of allocations) {
      cycles = Math.max(cycles, operatorCost(operators[operator]!, own, memoryIn + memoryOut, hardware).cycles);
      most = Math.max(most, own);
      if (!rules.inPlace) continue;
      if (operators[operator]!.dynamic) inPlace += ` d${own}`;
      if (operators.some(({ weightsFrom }) => weightsFrom.some((each) => each.operator === operator)))
        inPlace += ` o${memoryOut}`;
    }
    if (rules.inPlace)
      inPlace += ` m${Math.max(0, ...allocations.filter(({ operator }) => !operators[operator]!.dynamic).map((each) => each.compute))}`;
    const key = `${cycles} ${most} ${compute} ${held}${inPlace}`;
    if (found.has(key)) return;
    found.set(key, {
      operators: [...chosen],
      allocations: allocations.map((each) => ({ ...each })),
      shared: [...shared],
    });
  };
  give(0, size);
  return [...found.values()];
}

/** Whether operators may be one segment. */
function together({ operators, rules, hardware }: CimProblem, chosen: readonly number[]): boolean {
  if (chosen.reduce((sum, each) => sum + operators[each]!.arrays, 0) > hardware.arrays) return false;
  return (
    rules.dynamicInSegment ||
    !chosen.some((each) => operators[each]!.weightsFrom.some(({ operator }) => chosen.includes(operator)))
  );
}

/**
 * The least time of all plans in the given order, by trying every segmentation and allocation: a state is a segment with its
 * allocation and its mode, nothing is left out. For problems whose sections run once.
 */
export function leastByEnumeration(problem: CimProblem, order: readonly number[], memory: boolean): number {
  const readers = readersOf(problem.operators);
  interface State {
    before: Before;
    cycles: number;
  }
  const states: Map<string, State>[] = [
    new Map([['', { before: { inComputeMode: startingMode(problem.hardware) }, cycles: 0 }]]),
  ];
  const all = new Map<string, Segment[]>();
  for (let end = 1; end <= order.length; end++) {
    const here = new Map<string, State>();
    for (let start = 0; start < end; start++) {
      const chosen = order.slice(start, end).sort((a, b) => a - b);
      if (!together(problem, chosen)) continue;
      const key = chosen.join(' ');
      const segments = all.get(key) ?? allAllocations(problem, chosen, memory);
      all.set(key, segments);
      for (const { before, cycles } of states[start]!.values()) {
        for (const [at, segment] of segments.entries()) {
          const cost = segmentCost(problem, segment, before, readers);
          const name = `${start} ${at} ${cost.inComputeMode}`;
          const total = cycles + cost.cycles;
          const known = here.get(name);
          if (!known || total < known.cycles)
            here.set(name, { before: { segment, inComputeMode: cost.inComputeMode }, cycles: total });
        }
      }
    }
    states.push(here);
  }
  return Math.min(...[...states[order.length]!.values()].map(({ cycles }) => cycles));
}

/** The same for any sections, plan by plan through the judge: only for very small ones. */
export function leastByJudging(problem: CimProblem, memory: boolean): number {
  let least = Number.POSITIVE_INFINITY;
  const all = new Map<string, Segment[]>();
  const extend = (section: number, start: number, plan: { segment: Segment; section: number }[]): void => {
    const found = problem.sections[section];
    if (!found) {
      least = Math.min(least, judge(problem, plan).totals.cycles);
      return;
    }
    const { first, count } = found;
    if (start === first + count) {
      extend(section + 1, start, plan);
      return;
    }
    for (let end = start + 1; end <= first + count; end++) {
      const chosen = Array.from({ length: end - start }, (_, at) => start + at);
      if (!together(problem, chosen)) continue;
      const key = chosen.join(' ');
      const segments = all.get(key) ?? allAllocations(problem, chosen, memory);
      all.set(key, segments);
      for (const segment of segments) extend(section, end, [...plan, { segment, section }]);
    }
  };
  extend(0, 0, []);
  return least;
}

/** All orders in which every operator comes after those it reads. */
export function topologicalOrders({ operators }: CimProblem): number[][] {
  const orders: number[][] = [];
  const extend = (order: number[]): void => {
    if (order.length === operators.length) orders.push(order);
    for (const { index, inputs, weightsFrom, sums = [] } of operators) {
      if (order.includes(index)) continue;
      if ([...inputs, ...weightsFrom, ...sums].every(({ operator }) => order.includes(operator)))
        extend([...order, index]);
    }
  };
  extend([]);
  return orders;
}
