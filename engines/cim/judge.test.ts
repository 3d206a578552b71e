import { describe, expect, it } from 'vitest';
import type { CimHardware } from './hardware.ts';
import { energyOf, judge, operatorCost, readersOf, segmentCost } from './judge.ts';
import { DEFAULT_RULES } from './rules.ts';
import type { Allocation, CimOperator, CimProblem, CostRules, Segment } from './types.ts';

/** Ten arrays of 8 x 8 cells, 8 B each; a vector takes 8 cycles. Numbers chosen so that every result can be done by hand. */
const HARDWARE: CimHardware = {
  name: 'test',
  arrays: 10,
  grid: { columns: 5 },
  array: {
    rows: 8,
    columns: 8,
    cellBits: 1,
    activeRows: 8,
    inputBits: 1,
    turnCycles: 1,
    writeCycles: 5,
    memoryBytesPerCycle: 4,
  },
  weightBits: 8,
  activationBits: 8,
  mainBytesPerCycle: 2,
  externalBytesPerCycle: 2,
  switchToComputeCycles: 3,
  switchToMemoryCycles: 7,
  clockMhz: 1000,
  energy: {
    arrayTurnPj: 1,
    memoryArrayPjPerByte: 2,
    mainPjPerByte: 3,
    externalPjPerByte: 5,
    arrayWritePj: 7,
    arraySwitchPj: 11,
    staticMw: 13,
  },
  area: { arrayMm2: 1, restMm2: 1 },
};

function operator(index: number, inputs: number[], more: Partial<CimOperator> = {}): CimOperator {
  return {
    index,
    name: `op${index}`,
    layer: index,
    kind: 'fc',
    vectors: 10,
    inner: 8,
    columns: 1,
    groups: 1,
    arrays: 1,
    macs: 80,
    streamBytes: 80,
    weightBytes: 8,
    outputBytes: 20,
    dynamic: false,
    inputs: inputs.map((each) => ({ operator: each, bytes: 20 })),
    weightsFrom: [],
    ...more,
  };
}

function problemOf(operators: CimOperator[], rules: Partial<CostRules> = {}, times = 1): CimProblem {
  return {
    operators,
    sections: [{ name: 'all', first: 0, count: operators.length, times, carried: [] }],
    hardware: HARDWARE,
    rules: { ...DEFAULT_RULES, ...rules },
    batch: 1,
  };
}

function segment(...allocations: [operator: number, compute: number, memoryIn: number, memoryOut: number][]): Segment {
  return {
    operators: allocations.map(([each]) => each),
    allocations: allocations.map(
      ([each, compute, memoryIn, memoryOut]): Allocation => ({ operator: each, compute, memoryIn, memoryOut }),
    ),
    shared: [],
  };
}

describe('an operator', () => {
  it('takes the longer of computing and feeding (Eq. 10)', () => {
    // 10 vectors x 1 array x 8 cycles on 2 arrays; 80 B over 2 + 3 x 4 B a cycle.
    const cost = operatorCost(operator(0, []), 2, 3, HARDWARE);
    expect(cost).toEqual({ operator: 0, computeBoundCycles: 40, feedBoundCycles: 80 / 14, cycles: 40 });
    expect(operatorCost(operator(0, []), 8, 0, HARDWARE).cycles).toBe(40);
  });

  it('takes several turns where not all rows are active at once', () => {
    const half = { ...HARDWARE, array: { ...HARDWARE.array, activeRows: 4 } };
    expect(operatorCost(operator(0, []), 1, 9, half).computeBoundCycles).toBe(160);
  });
});

describe('a segment', () => {
  const operators = [operator(0, []), operator(1, [0], { arrays: 2 }), operator(2, [0, 1])];
  const problem = problemOf(operators);
  const readers = readersOf(operators);

  it('is as slow as its slowest operator (Eq. 9), and is reloaded as long as its largest (Eq. 2)', () => {
    const cost = segmentCost(problem, segment([0, 1, 1, 0], [1, 4, 2, 0]), { inComputeMode: 10 }, readers);
    expect(cost.computeCycles).toBe(80);
    expect(cost.slowest).toBe(0);
    expect(cost.reloadCycles).toBe(4 * 5);
    expect(cost).toMatchObject({ computeArrays: 5, memoryArrays: 3, toCompute: 0, toMemory: 3, inComputeMode: 7 });
    expect(cost.switchCycles).toBe(3 * 7);
    expect(cost.cycles).toBe(80 + 20 + 21);
  });

  it('is reloaded no faster than its weights come in, where bytes are counted', () => {
    const slow = problemOf([operator(0, [], { weightBytes: 100 })], { reload: 'bytes' });
    expect(segmentCost(slow, segment([0, 1, 0, 0]), { inComputeMode: 10 }, [[]]).reloadCycles).toBe(50);
    expect(segmentCost(slow, segment([0, 10, 0, 0]), { inComputeMode: 10 }, [[]]).reloadCycles).toBe(50);
  });

  it('leaves unused arrays in their mode', () => {
    const few = segment([0, 2, 1, 0]);
    expect(segmentCost(problem, few, { inComputeMode: 1 }, readers)).toMatchObject({ toCompute: 1, toMemory: 0 });
    expect(segmentCost(problem, few, { inComputeMode: 5 }, readers)).toMatchObject({ toCompute: 0, toMemory: 0 });
    expect(segmentCost(problem, few, { inComputeMode: 10 }, readers)).toMatchObject({ toCompute: 0, toMemory: 1 });
  });

  it('counts a shared array once', () => {
    const shared = { ...segment([0, 1, 0, 2], [1, 2, 2, 0]), shared: [{ from: 0, to: 1, arrays: 2 }] };
    expect(segmentCost(problem, shared, { inComputeMode: 10 }, readers).memoryArrays).toBe(2);
  });
});

describe('between two segments', () => {
  const before = segment([0, 1, 2, 0]);

  it('what is read for the last time next stays in arrays that are memory in both', () => {
    const operators = [operator(0, []), operator(1, [0])];
    const next = (memory: number) =>
      segmentCost(
        problemOf(operators),
        segment([1, 1, memory, 0]),
        { segment: before, inComputeMode: 8 },
        readersOf(operators),
      );
    expect(next(0)).toMatchObject({ writeBackBytes: 20, keptBytes: 0, writeBackCycles: 10 });
    expect(next(1)).toMatchObject({ writeBackBytes: 12, keptBytes: 8, writeBackCycles: 6 });
    expect(next(5)).toMatchObject({ writeBackBytes: 4, keptBytes: 16, writeBackCycles: 2 });
  });

  it('what is read later is written back, unless the kinder rule holds', () => {
    const operators = [operator(0, []), operator(1, [0]), operator(2, [0])];
    const costBy = (rules: Partial<CostRules>) =>
      segmentCost(
        problemOf(operators, rules),
        segment([1, 1, 5, 0]),
        { segment: before, inComputeMode: 8 },
        readersOf(operators),
      );
    expect(costBy({})).toMatchObject({ writeBackBytes: 20, keptBytes: 0 });
    expect(costBy({ writeBack: 'held' })).toMatchObject({ writeBackBytes: 4, keptBytes: 16 });
  });

  it('results that nobody reads leave the chip uncounted: they are the network’s', () => {
    const operators = [operator(0, []), operator(1, [])];
    const cost = segmentCost(
      problemOf(operators),
      segment([1, 1, 0, 0]),
      { segment: before, inComputeMode: 8 },
      readersOf(operators),
    );
    expect(cost.writeBackBytes).toBe(0);
  });

  it('an operand in memory arrays becomes weights in place: only further copies are written', () => {
    const operators = [
      operator(0, []),
      operator(1, [0], { dynamic: true, arrays: 2, weightsFrom: [{ operator: 0, bytes: 20 }] }),
    ];
    const way = (rules: Partial<CostRules>, memoryOut: number) =>
      segmentCost(
        problemOf(operators, rules),
        segment([1, 3, 0, 0]),
        { segment: segment([0, 1, 0, memoryOut]), inComputeMode: 8 },
        readersOf(operators),
      ).reloadCycles;
    expect(way({ inPlace: true }, 2)).toBe((3 - 2) * 5);
    expect(way({ inPlace: true }, 1)).toBe(3 * 5);
    expect(way({ inPlace: false }, 2)).toBe(3 * 5);
  });
});

describe('a plan', () => {
  it('is the sum of its segments; a repeated section pays its way back to its beginning each time', () => {
    const operators = [operator(0, []), operator(1, [0])];
    const problem = problemOf(operators, {}, 3);
    problem.sections[0]!.carried = [{ operator: 1, readers: [0] }];
    const planned = [segment([0, 1, 1, 0]), segment([1, 2, 3, 0])].map((each) => ({ segment: each, section: 0 }));
    const { segments, totals } = judge(problem, planned);
    // First run: nothing comes before. Later runs: the result of the run before is read, and one array can keep 8 of its 20 B.
    expect(segments[0]!.cost).toMatchObject({ writeBackBytes: 0, toMemory: 1 });
    expect(segments[0]!.costAgain).toMatchObject({ writeBackBytes: 12, keptBytes: 8, toMemory: 0 });
    const sum = segments.reduce((all, { cost, costAgain }) => all + cost.cycles + 2 * costAgain.cycles, 0);
    expect(totals.cycles).toBe(sum);
    expect(totals.segments).toBe(6);
    const { computeCycles, reloadCycles, writeBackCycles, switchCycles } = totals;
    expect(computeCycles + reloadCycles + writeBackCycles + switchCycles).toBe(sum);
    expect(totals.switches).toBe(
      segments.reduce((all, each) => all + each.cost.toMemory + 2 * each.costAgain.toMemory, 0),
    );
  });

  it('weights its share of memory arrays by the time that they are memory', () => {
    const operators = [operator(0, []), operator(1, [])];
    const { totals } = judge(problemOf(operators), [
      { segment: segment([0, 1, 2, 0]), section: 0 },
      { segment: segment([1, 4, 4, 0]), section: 0 },
    ]);
    // 80 cycles with 2 of 10 arrays, then 20 cycles with 4.
    expect(totals.memoryArraySharePercent).toBeCloseTo(100 * ((80 * 2 + 20 * 4) / (100 * 10)), 10);
  });
});

describe('energy', () => {
  it('counts turns, bytes by where they come from, writes, switches and time', () => {
    const operators = [operator(0, [])];
    const problem = problemOf(operators);
    const chosen = segment([0, 2, 3, 0]);
    const cost = segmentCost(problem, chosen, { inComputeMode: 10 }, [[]]);
    const energy = energyOf(problem, chosen, cost);
    expect(energy.computePj).toBe(10 * 1 * 8);
    // 12 of 14 bytes a cycle come from memory arrays.
    expect(energy.memoryArrayPj).toBeCloseTo(80 * (12 / 14) * 2, 10);
    expect(energy.mainPj).toBeCloseTo(80 * (2 / 14) * 3, 10);
    expect(energy.reloadPj).toBe(2 * 7 + 8 * 5);
    expect(energy.switchPj).toBe(3 * 11);
    expect(energy.staticPj).toBeCloseTo(13 * cost.cycles, 10);
    const { totalPj, ...parts } = energy;
    expect(totalPj).toBeCloseTo(
      Object.values(parts).reduce((sum, each) => sum + each, 0),
      9,
    );
  });
});
