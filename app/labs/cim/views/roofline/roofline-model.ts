import { type CimHardware, columnsPerWeight, vectorCycles } from '../../../../../engines/cim/hardware.ts';
import { computeWork, operatorCost } from '../../../../../engines/cim/judge.ts';
import type { Allocation, CimOperator, CompiledPlan } from '../../../../../engines/cim/types.ts';

/** An operator on the plane of the roofline, with the arrays that it has. */
export interface RooflinePoint {
  operator: number;
  compute: number;
  memory: number;
  /** MACs per byte that is fed: AI of Eq. 10. */
  intensity: number;
  /** MACs per cycle that it attains. */
  rate: number;
  cycles: number;
  computeBoundCycles: number;
  feedBoundCycles: number;
  /** Which of the two it waits for. */
  bound: 'compute' | 'feed';
}

/** The two roofs over an operator, MACs per cycle and bytes per cycle. */
export interface Roofs {
  /** Com x OP_cim. */
  compute: number;
  /** Mem x D_cim + D_main. */
  bytesPerCycle: number;
}

export function pointOf(operator: CimOperator, compute: number, memory: number, hardware: CimHardware): RooflinePoint {
  const cost = operatorCost(operator, compute, memory, hardware);
  return {
    operator: operator.index,
    compute,
    memory,
    intensity: operator.macs / operator.streamBytes,
    rate: operator.macs / cost.cycles,
    cycles: cost.cycles,
    computeBoundCycles: cost.computeBoundCycles,
    feedBoundCycles: cost.feedBoundCycles,
    bound: cost.computeBoundCycles >= cost.feedBoundCycles ? 'compute' : 'feed',
  };
}

export function pointsOf(
  operators: readonly CimOperator[],
  allocations: readonly Allocation[],
  hardware: CimHardware,
): RooflinePoint[] {
  return allocations.map(({ operator, compute, memoryIn, memoryOut }) =>
    pointOf(operators[operator]!, compute, memoryIn + memoryOut, hardware),
  );
}

export function roofsOf(operator: CimOperator, compute: number, memory: number, hardware: CimHardware): Roofs {
  return {
    compute: (compute * operator.macs) / computeWork(operator, hardware),
    bytesPerCycle: hardware.mainBytesPerCycle + memory * hardware.array.memoryBytesPerCycle,
  };
}

/** MACs per cycle of the chip if every cell of so many arrays held a weight that works. */
export function peakRate(arrays: number, hardware: CimHardware): number {
  const { rows, columns } = hardware.array;
  return (arrays * rows * Math.floor(columns / columnsPerWeight(hardware))) / vectorCycles(hardware);
}

/** The intensity at which both roofs meet: left of it an operator waits for its inputs. */
export function ridgeOf({ compute, bytesPerCycle }: Roofs): number {
  return compute / bytesPerCycle;
}

/** A point of another segment, drawn pale. */
export interface PalePoint {
  segment: number;
  operator: number;
  intensity: number;
  rate: number;
}

/** All points of a plan besides those of one segment. */
export function palePoints(
  operators: readonly CimOperator[],
  plan: CompiledPlan,
  hardware: CimHardware,
  besides: number,
): PalePoint[] {
  return plan.segments.flatMap(({ allocations }, segment) =>
    segment === besides
      ? []
      : pointsOf(operators, allocations, hardware).map(({ operator, intensity, rate }) => ({
          segment,
          operator,
          intensity,
          rate,
        })),
  );
}

/** One of those that lie on the same place of the screen is enough: thousands of segments are equal. */
export function thinned<P extends { x: number; y: number }>(points: readonly P[], grid = 3): P[] {
  const seen = new Set<string>();
  return points.filter(({ x, y }) => {
    const key = `${Math.round(x / grid)} ${Math.round(y / grid)}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
