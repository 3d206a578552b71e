import { arrayBytes, type CimHardware, vectorCycles } from './hardware.ts';
import type {
  CimOperator,
  CimProblem,
  EnergySplit,
  OperatorCost,
  PlannedSegment,
  PlanTotals,
  Segment,
  SegmentCost,
} from './types.ts';

/*
 * The one judge of plans: every method's plan, whatever it assumed while it searched, is costed here (CMSwitch, Eq. 1, 2, 4,
 * 9, 10). Searches may use its parts, and must agree with it.
 */

/** How many arrays stand in compute mode before the first segment: all of them (ours; the papers do not say). */
export function startingMode({ arrays }: CimHardware): number {
  return arrays;
}

/** Work of an operator in cycles if it had one array: divide by its arrays in compute mode. */
export function computeWork(operator: CimOperator, hardware: CimHardware): number {
  return operator.vectors * operator.arrays * vectorCycles(hardware);
}

/** Eq. 10, its two bounds. Cycles are real numbers: the formula is a rate. */
export function operatorCost(
  operator: CimOperator,
  compute: number,
  memory: number,
  hardware: CimHardware,
): OperatorCost {
  const computeBoundCycles = computeWork(operator, hardware) / compute;
  const bandwidth = hardware.mainBytesPerCycle + memory * hardware.array.memoryBytesPerCycle;
  const feedBoundCycles = operator.streamBytes / bandwidth;
  return {
    operator: operator.index,
    computeBoundCycles,
    feedBoundCycles,
    cycles: Math.max(computeBoundCycles, feedBoundCycles),
  };
}

/** Arrays of a segment in each mode; a shared one counts once. */
export function arraysOf(segment: Segment): { compute: number; memory: number } {
  let compute = 0;
  let memory = 0;
  for (const each of segment.allocations) {
    compute += each.compute;
    memory += each.memoryIn + each.memoryOut;
  }
  for (const { arrays } of segment.shared) memory -= arrays;
  return { compute, memory };
}

/** Operators that read each operator's output, as inputs, as weights or into a sum. */
export function readersOf(operators: readonly CimOperator[]): number[][] {
  const readers: number[][] = operators.map(() => []);
  for (const { index, inputs, weightsFrom, sums = [] } of operators) {
    for (const { operator } of [...inputs, ...weightsFrom, ...sums]) {
      if (readers[operator]!.at(-1) !== index) readers[operator]!.push(index);
    }
  }
  return readers;
}

/** What stands before a segment: the segment that ran before it, and how many arrays are in compute mode. */
export interface Before {
  segment?: Segment;
  inComputeMode: number;
  /** `segment` belongs to the run before of the same section. */
  earlierRun?: boolean;
}

/**
 * Costs of a segment and of the way into it from `before`. `readers` is `readersOf(problem.operators)`.
 * In a section that runs again, `before.segment` is the section's own last segment.
 */
export function segmentCost(
  problem: CimProblem,
  segment: Segment,
  before: Before,
  readers: readonly number[][],
): SegmentCost {
  const { hardware, operators } = problem;
  let computeCycles = 0;
  let slowest = segment.operators[0] ?? 0;
  const costs: OperatorCost[] = [];
  for (const { operator, compute, memoryIn, memoryOut } of segment.allocations) {
    const cost = operatorCost(operators[operator]!, compute, memoryIn + memoryOut, hardware);
    if (cost.cycles > computeCycles) {
      computeCycles = cost.cycles;
      slowest = operator;
    }
    costs.push(cost);
  }
  const arrays = arraysOf(segment);
  const inComputeMode = Math.min(Math.max(before.inComputeMode, arrays.compute), hardware.arrays - arrays.memory);
  const toCompute = Math.max(0, inComputeMode - before.inComputeMode);
  const toMemory = Math.max(0, before.inComputeMode - inComputeMode);
  const switchCycles = toCompute * hardware.switchToComputeCycles + toMemory * hardware.switchToMemoryCycles;
  const { writeBackBytes, keptBytes } = writeBack(problem, segment, before, readers);
  const writeBackCycles = writeBackBytes / hardware.externalBytesPerCycle;
  const { cycles: reloadCycles, bytes: reloadBytes } = reload(
    problem,
    segment,
    // What the earlier run of a section computed are not this run's weights.
    before.earlierRun ? undefined : before.segment,
  );
  return {
    computeCycles,
    slowest,
    reloadCycles,
    writeBackCycles,
    switchCycles,
    cycles: computeCycles + reloadCycles + writeBackCycles + switchCycles,
    reloadBytes,
    writeBackBytes,
    keptBytes,
    toCompute,
    toMemory,
    computeArrays: arrays.compute,
    memoryArrays: arrays.memory,
    inComputeMode,
    operators: costs,
  };
}

/** Eq. 2; with `bytes`, no faster than the weights come in. */
function reload(problem: CimProblem, segment: Segment, before: Segment | undefined): { cycles: number; bytes: number } {
  const { hardware, operators, rules } = problem;
  let most = 0;
  let bytes = 0;
  for (const { operator, compute } of segment.allocations) {
    const found = operators[operator]!;
    const inPlace = rules.inPlace && before !== undefined && liesInMemory(found, before);
    most = Math.max(most, inPlace ? compute - found.arrays : compute);
    bytes += incomingBytes(found);
  }
  const written = most * hardware.array.writeCycles;
  const carried = rules.reload === 'bytes' ? bytes / hardware.externalBytesPerCycle : 0;
  return { cycles: Math.max(written, carried), bytes };
}

/** Bytes of its weights that come from external memory: all that no operator of the run computes. */
export function incomingBytes({ dynamic, weightBytes, cachedBytes = 0 }: CimOperator): number {
  return dynamic ? cachedBytes : weightBytes;
}

/** Whether the outputs of others can become its weights by switching the arrays that they lie in. */
export function mayLieInPlace({ dynamic, weightsFrom, cachedBytes = 0 }: CimOperator): boolean {
  return dynamic && weightsFrom.length > 0 && cachedBytes === 0;
}

/** All producers of its weights ran in the segment before, with enough output arrays to hold them as its arrays will. */
function liesInMemory(operator: CimOperator, before: Segment): boolean {
  if (!mayLieInPlace(operator)) return false;
  let arrays = 0;
  for (const { operator: producer } of operator.weightsFrom) {
    const found = before.allocations.find((each) => each.operator === producer);
    if (!found) return false;
    arrays += found.memoryOut;
  }
  return arrays >= operator.arrays;
}

/** Bytes that leave the chip between `before` and `segment`, and those that stay in memory arrays. */
function writeBack(
  problem: CimProblem,
  segment: Segment,
  { segment: before, earlierRun }: Before,
  readers: readonly number[][],
): { writeBackBytes: number; keptBytes: number } {
  if (!before) return { writeBackBytes: 0, keptBytes: 0 };
  const { operators, rules, hardware } = problem;
  let must = 0;
  let may = 0;
  for (const producer of before.operators) {
    const carried = carriedTo(problem, producer, segment);
    let next = false;
    let later = !earlierRun && carried.length > 0;
    for (const reader of earlierRun ? carried : readers[producer]!) {
      if (!earlierRun && before.operators.includes(reader)) continue;
      if (segment.operators.includes(reader)) next = true;
      else later = true;
    }
    if (!next && !later) continue;
    if (rules.writeBack === 'kept' && later) must += operators[producer]!.outputBytes;
    else may += operators[producer]!.outputBytes;
  }
  const here = arraysOf(before).memory;
  const arrays = rules.writeBack === 'held' ? here : Math.min(here, arraysOf(segment).memory);
  const keptBytes = Math.min(may, arrays * arrayBytes(hardware));
  return { writeBackBytes: must + may - keptBytes, keptBytes };
}

/** Operators of the next run of its section that read its output. None past the last run: where `segment` is of another. */
function carriedTo({ sections }: CimProblem, operator: number, segment: Segment): readonly number[] {
  const section = sections.find(({ first, count }) => operator >= first && operator < first + count);
  const [own = -1] = segment.operators;
  if (!section || section.times === 1 || own < section.first || own >= section.first + section.count) return [];
  return section.carried.find((each) => each.operator === operator)?.readers ?? [];
}

/** Costs of a whole plan: segments in order, repeated sections as often as they run. */
export function judge(
  problem: CimProblem,
  planned: readonly { segment: Segment; section: number; solved?: PlannedSegment['solved'] }[],
): { segments: PlannedSegment[]; totals: PlanTotals } {
  const { hardware, sections } = problem;
  const readers = readersOf(problem.operators);
  let state: Before = { inComputeMode: startingMode(hardware) };
  const segments: PlannedSegment[] = [];
  for (const [number, { times }] of sections.entries()) {
    const own = planned.filter(({ section }) => section === number);
    const first: SegmentCost[] = [];
    const again: SegmentCost[] = [];
    for (const costs of times > 1 ? [first, again] : [first]) {
      for (const [index, { segment }] of own.entries()) {
        const cost = segmentCost(problem, segment, { ...state, earlierRun: costs === again && index === 0 }, readers);
        costs.push(cost);
        state = { segment, inComputeMode: cost.inComputeMode };
      }
    }
    for (const [index, { segment, solved }] of own.entries()) {
      const cost = first[index]!;
      segments.push({
        ...segment,
        section: number,
        times,
        cost,
        costAgain: again[index] ?? cost,
        energy: energyOf(problem, segment, cost),
        ...(solved && { solved }),
      });
    }
  }
  return { segments, totals: totalsOf(problem, segments) };
}

/** Energy of one run of a segment, the way into it included. */
export function energyOf(problem: CimProblem, segment: Segment, cost: SegmentCost): EnergySplit {
  const { hardware, operators } = problem;
  const { energy, array } = hardware;
  const turns = vectorCycles(hardware) / array.turnCycles;
  let computePj = 0;
  let memoryArrayPj = 0;
  let mainPj = 0;
  let written = 0;
  for (const { operator, compute, memoryIn, memoryOut } of segment.allocations) {
    const { vectors, arrays, streamBytes } = operators[operator]!;
    computePj += vectors * arrays * turns * energy.arrayTurnPj;
    const fromArrays = (memoryIn + memoryOut) * array.memoryBytesPerCycle;
    const share = fromArrays / (fromArrays + hardware.mainBytesPerCycle);
    memoryArrayPj += streamBytes * share * energy.memoryArrayPjPerByte;
    mainPj += streamBytes * (1 - share) * energy.mainPjPerByte;
    written += compute;
  }
  const writeBackPj = cost.writeBackBytes * energy.externalPjPerByte;
  const reloadPj = written * energy.arrayWritePj + cost.reloadBytes * energy.externalPjPerByte;
  const switchPj = (cost.toCompute + cost.toMemory) * energy.arraySwitchPj;
  // 1 mW over 1 ns is 1 pJ.
  const staticPj = (energy.staticMw * cost.cycles * 1000) / hardware.clockMhz;
  const totalPj = computePj + memoryArrayPj + mainPj + writeBackPj + reloadPj + switchPj + staticPj;
  return { computePj, memoryArrayPj, mainPj, writeBackPj, reloadPj, switchPj, staticPj, totalPj };
}

function totalsOf(problem: CimProblem, segments: readonly PlannedSegment[]): PlanTotals {
  const { hardware } = problem;
  const totals: PlanTotals = {
    cycles: 0,
    computeCycles: 0,
    reloadCycles: 0,
    writeBackCycles: 0,
    switchCycles: 0,
    switches: 0,
    segments: 0,
    memoryArraySharePercent: 0,
    energy: {
      computePj: 0,
      memoryArrayPj: 0,
      mainPj: 0,
      writeBackPj: 0,
      reloadPj: 0,
      switchPj: 0,
      staticPj: 0,
      totalPj: 0,
    },
    latencyNs: 0,
  };
  let memoryTime = 0;
  const add = (segment: PlannedSegment, cost: SegmentCost, times: number) => {
    if (times === 0) return;
    const energy = cost === segment.cost ? segment.energy : energyOf(problem, segment, cost);
    totals.cycles += cost.cycles * times;
    totals.computeCycles += cost.computeCycles * times;
    totals.reloadCycles += cost.reloadCycles * times;
    totals.writeBackCycles += cost.writeBackCycles * times;
    totals.switchCycles += cost.switchCycles * times;
    totals.switches += (cost.toCompute + cost.toMemory) * times;
    totals.segments += times;
    memoryTime += cost.memoryArrays * cost.computeCycles * times;
    for (const key of Object.keys(totals.energy) as (keyof EnergySplit)[]) totals.energy[key] += energy[key] * times;
  };
  for (const segment of segments) {
    add(segment, segment.cost, 1);
    add(segment, segment.costAgain, segment.times - 1);
  }
  const arrayTime = totals.computeCycles * hardware.arrays;
  totals.memoryArraySharePercent = arrayTime > 0 ? (100 * memoryTime) / arrayTime : 0;
  totals.latencyNs = (totals.cycles * 1000) / hardware.clockMhz;
  return totals;
}
