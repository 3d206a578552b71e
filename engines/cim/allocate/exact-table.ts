import { arrayBytes } from '../hardware.ts';
import { computeWork, incomingBytes, mayLieInPlace } from '../judge.ts';
import type { CimProblem } from '../types.ts';

/** The numbers of a problem that allocation looks at, in columns; made once for each problem. */
export interface Figures {
  /** Cycles with one array (`computeWork`), bytes to feed, arrays at least; by operator. */
  work: Float64Array;
  stream: Float64Array;
  least: Int32Array;
  /** Bytes that come from outside when the operator is written (`incomingBytes`). */
  weightBytes: Float64Array;
  /** 1: its output is the weights of another operator, so that its buffers may become arrays in place. */
  feedsWeights: Uint8Array;
  /** 1: its weights may lie in place. */
  placed: Uint8Array;
  /** Producers of each operator's inputs, and the most arrays that can be shared with each (Eq. 6). */
  producers: { from: Int32Array; most: Int32Array }[];
  /** Position of an operator in the segment at hand; -1 outside. All -1 between calls. */
  position: Int32Array;
  table: Table;
}

/** The segment at hand: its operators by position, and what they need in a given time. Reused from call to call. */
export interface Table {
  size: number;
  operators: Int32Array;
  work: Float64Array;
  stream: Float64Array;
  least: Int32Array;
  arrays: number;
  main: number;
  perArray: number;
  /** Pairs of positions that may share arrays: producer, consumer, at most so many. In order of consumer and input. */
  pairs: { from: number; to: number; most: number }[];
  /** Every pair is a position and the next. */
  chain: boolean;
  /** Greatest of `work`, of `least`; sum of `least`; weight bytes of all. */
  mostWork: number;
  mostLeast: number;
  sumLeast: number;
  weightBytes: number;
  /** Has operators whose weights may lie in place, or that compute such weights. */
  computedWeights: boolean;
  /** Filled by `needs`. */
  compute: Int32Array;
  memory: Int32Array;
}

const known = new WeakMap<CimProblem, Figures>();

/** Figures of a problem. Problems are plain data that nobody changes once they are solved. */
export function figuresOf(problem: CimProblem): Figures {
  const found = known.get(problem);
  if (found) return found;
  const { operators, hardware, rules } = problem;
  const count = operators.length;
  const holds = arrayBytes(hardware);
  const feedsWeights = new Uint8Array(count);
  for (const each of operators) {
    if (mayLieInPlace(each)) for (const { operator } of each.weightsFrom) feedsWeights[operator] = 1;
  }
  const figures: Figures = {
    work: Float64Array.from(operators, (each) => computeWork(each, hardware)),
    stream: Float64Array.from(operators, ({ streamBytes }) => streamBytes),
    least: Int32Array.from(operators, ({ arrays }) => arrays),
    weightBytes: Float64Array.from(operators, incomingBytes),
    feedsWeights,
    placed: Uint8Array.from(operators, (each) => (mayLieInPlace(each) ? 1 : 0)),
    producers: operators.map(({ inputs }) => {
      const usable = rules.sharing && holds > 0 ? inputs.filter(({ bytes }) => bytes >= holds) : [];
      return {
        from: Int32Array.from(usable, ({ operator }) => operator),
        most: Int32Array.from(usable, ({ bytes }) => Math.min(hardware.arrays, Math.floor(bytes / holds))),
      };
    }),
    position: new Int32Array(count).fill(-1),
    table: {
      size: 0,
      operators: new Int32Array(count),
      work: new Float64Array(count),
      stream: new Float64Array(count),
      least: new Int32Array(count),
      arrays: hardware.arrays,
      main: hardware.mainBytesPerCycle,
      perArray: hardware.array.memoryBytesPerCycle,
      pairs: [],
      chain: true,
      mostWork: 0,
      mostLeast: 0,
      sumLeast: 0,
      weightBytes: 0,
      computedWeights: false,
      compute: new Int32Array(count),
      memory: new Int32Array(count),
    },
  };
  known.set(problem, figures);
  return figures;
}

/** Sets the table for a segment; undefined where its operators do not fit on the chip together. */
export function tableOf(figures: Figures, operators: readonly number[]): Table | undefined {
  const { table, position } = figures;
  table.size = operators.length;
  table.mostWork = 0;
  table.mostLeast = 0;
  table.sumLeast = 0;
  table.weightBytes = 0;
  table.computedWeights = false;
  for (let at = 0; at < operators.length; at++) {
    const operator = operators[at]!;
    const work = figures.work[operator]!;
    const least = figures.least[operator]!;
    table.operators[at] = operator;
    table.work[at] = work;
    table.stream[at] = figures.stream[operator]!;
    table.least[at] = least;
    if (work > table.mostWork) table.mostWork = work;
    if (least > table.mostLeast) table.mostLeast = least;
    table.sumLeast += least;
    table.weightBytes += figures.weightBytes[operator]!;
    if (figures.placed[operator] === 1 || figures.feedsWeights[operator] === 1) table.computedWeights = true;
  }
  if (table.sumLeast > table.arrays || table.size === 0) return undefined;
  table.pairs.length = 0;
  table.chain = true;
  for (let at = 0; at < operators.length; at++) position[operators[at]!] = at;
  for (let at = 0; at < operators.length; at++) {
    const { from, most } = figures.producers[operators[at]!]!;
    for (let input = 0; input < from.length; input++) {
      const source = position[from[input]!]!;
      if (source < 0 || source === at) continue;
      if (source !== at - 1) table.chain = false;
      table.pairs.push({ from: source, to: at, most: most[input]! });
    }
  }
  for (let at = 0; at < operators.length; at++) position[operators[at]!] = -1;
  return table;
}
