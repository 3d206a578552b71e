import fc from 'fast-check';
import type { CimHardware } from '../hardware.ts';
import { operatorCost } from '../judge.ts';
import { resolveHardware } from '../presets/index.ts';
import { DEFAULT_RULES } from '../rules.ts';
import type { CimOperator, CimProblem, CostRules } from '../types.ts';
import type { AllocateOptions } from './types.ts';

/*
 * Allocation by trying everything, written from the paper's formulas alone: the oracle of the exact method on small chips.
 */

export interface SmallOperator {
  arrays: number;
  vectors: number;
  streamBytes: number;
  weightBytes?: number;
  dynamic?: boolean;
  cachedBytes?: number;
  /** Earlier operators that it reads, and bytes of each. */
  inputs?: [operator: number, bytes: number][];
  weightsFrom?: number[];
}

export interface SmallChip {
  arrays: number;
  memoryBytesPerCycle: number;
  mainBytesPerCycle: number;
  writeCycles: number;
  externalBytesPerCycle: number;
}

export const SMALL_CHIP: SmallChip = {
  arrays: 12,
  memoryBytesPerCycle: 4,
  mainBytesPerCycle: 2,
  writeCycles: 5,
  externalBytesPerCycle: 2,
};

/** Arrays of 8 x 8 one-bit cells (8 bytes), one turn a vector. */
export function smallProblem(
  operators: readonly SmallOperator[],
  chip: Partial<SmallChip> = {},
  rules: Partial<CostRules> = {},
): CimProblem {
  const base = resolveHardware('dynaplasia');
  if (!base.ok) throw new Error('The preset is there.');
  const { memoryBytesPerCycle, writeCycles, ...rest } = { ...SMALL_CHIP, ...chip };
  const array = { ...base.value.array, rows: 8, columns: 8, activeRows: 8, inputBits: 8 };
  const hardware: CimHardware = { ...base.value, ...rest, array: { ...array, memoryBytesPerCycle, writeCycles } };
  return {
    operators: operators.map((each, index): CimOperator => {
      const { inputs = [], weightsFrom = [], weightBytes = 8 * each.arrays, dynamic = false, cachedBytes } = each;
      const read = (operator: number, bytes: number) => ({ operator, bytes });
      return {
        index,
        name: `op${index}`,
        layer: index,
        kind: 'fc',
        vectors: each.vectors,
        inner: 8,
        columns: 1,
        groups: 1,
        arrays: each.arrays,
        macs: 8 * each.vectors,
        streamBytes: each.streamBytes,
        weightBytes,
        outputBytes: 64,
        dynamic,
        inputs: inputs.map(([from, bytes]) => read(from, bytes)),
        weightsFrom: weightsFrom.map((from) => read(from, 64)),
        ...(cachedBytes !== undefined && { cachedBytes }),
      };
    }),
    sections: [{ name: 'all', first: 0, count: operators.length, times: 1, carried: [] }],
    hardware,
    rules: { ...DEFAULT_RULES, ...rules },
    batch: 1,
  };
}

/** Up to `most` operators, each reading any of the earlier ones. */
export function smallOperators(most: number): fc.Arbitrary<SmallOperator[]> {
  const operator = fc.record({
    arrays: fc.integer({ min: 1, max: 4 }),
    vectors: fc.integer({ min: 1, max: 40 }),
    streamBytes: fc.integer({ min: 1, max: 400 }),
    weightBytes: fc.integer({ min: 0, max: 80 }),
    dynamic: fc.boolean(),
    cachedBytes: fc.integer({ min: 0, max: 80 }),
    reads: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: most, maxLength: most }),
  });
  return fc.array(operator, { minLength: 1, maxLength: most }).map((all) =>
    all.map(({ reads, ...rest }, index) => ({
      ...rest,
      inputs: reads.slice(0, index).flatMap((bytes, from): [number, number][] => (bytes < 8 ? [] : [[from, bytes]])),
    })),
  );
}

/** The most that can be shared, by trying every number on every edge. */
export function mostSharedByTrial(
  room: readonly number[],
  edges: readonly { from: number; to: number; most: number }[],
): number {
  const [first, ...rest] = edges;
  if (!first) return 0;
  const { from, to } = first;
  let best = 0;
  for (let arrays = 0; arrays <= Math.min(first.most, room[from]!, room[to]!); arrays++) {
    const left = room.map((each, node) => (node === from || node === to ? each - arrays : each));
    best = Math.max(best, arrays + mostSharedByTrial(left, rest));
  }
  return best;
}

export interface Tried {
  objective: number;
  cycles: number;
  compute: number[];
  memory: number[];
  computeArrays: number;
  memoryArrays: number;
}

/** Every choice of counts that is legal on the chip. */
export function* allCounts(problem: CimProblem, options: AllocateOptions): Generator<Tried> {
  const { hardware, rules, operators } = problem;
  const holds = Math.floor((hardware.array.rows * hardware.array.columns * hardware.array.cellBits) / 8);
  const edges = operators.flatMap(({ index, inputs }) =>
    rules.sharing
      ? inputs.map(({ operator, bytes }) => ({ from: operator, to: index, most: Math.floor(bytes / holds) }))
      : [],
  );
  const bytes = operators.reduce((sum, each) => sum + (each.dynamic ? (each.cachedBytes ?? 0) : each.weightBytes), 0);
  const compute: number[] = [];
  const memory: number[] = [];
  yield* place(0, 0, 0, 0);

  function* place(at: number, computing: number, buffering: number, cycles: number): Generator<Tried> {
    // At best every buffer is two operators' at once.
    if (computing + Math.ceil(buffering / 2) > hardware.arrays) return;
    if (at === operators.length) {
      const shared = computing + buffering > hardware.arrays ? mostSharedByTrial(memory, edges) : 0;
      if (computing + buffering - shared > hardware.arrays) return;
      const written = Math.max(...compute) * hardware.array.writeCycles;
      const carried = rules.reload === 'bytes' ? bytes / hardware.externalBytesPerCycle : 0;
      yield {
        objective: options.withReload ? cycles + Math.max(written, carried) : cycles,
        cycles,
        compute: [...compute],
        memory: [...memory],
        computeArrays: computing,
        memoryArrays: buffering - mostSharedByTrial(memory, edges),
      };
      return;
    }
    const operator = operators[at]!;
    const most = Math.min(hardware.arrays, options.mostCompute ?? hardware.arrays);
    for (let count = operator.arrays; count <= most; count++) {
      for (let buffers = 0; buffers <= (options.memory ? hardware.arrays : 0); buffers++) {
        compute[at] = count;
        memory[at] = buffers;
        const own = operatorCost(operator, count, buffers, hardware).cycles;
        yield* place(at + 1, computing + count, buffering + buffers, Math.max(cycles, own));
      }
    }
  }
}

/** The least objective; of several the fewest compute arrays, then the fewest buffers. */
export function bestByTrial(problem: CimProblem, options: AllocateOptions): Tried | undefined {
  const sum = (counts: readonly number[]) => counts.reduce((all, each) => all + each, 0);
  let best: Tried | undefined;
  for (const each of allCounts(problem, options)) {
    const by = best
      ? each.objective - best.objective ||
        each.computeArrays - best.computeArrays ||
        sum(each.memory) - sum(best.memory)
      : -1;
    if (by < 0) best = each;
  }
  return best;
}
