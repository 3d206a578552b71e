import { startingMode } from './judge.ts';
import type { Allocation, CimProblem, PlannedSegment, Segment } from './types.ts';

/** What one physical array is while a segment runs. */
export interface ArrayRole {
  mode: 'compute' | 'memory';
  role: 'compute' | 'input' | 'output' | 'shared' | 'idle';
  /** The operator that it serves; of a shared array the one whose outputs it takes. Absent: idle. */
  operator?: number;
  /** Of a shared array: the operator whose inputs it gives. */
  other?: number;
  /** It changed its mode on the way into the segment. */
  switched: boolean;
}

export interface RoleMap {
  /** Index in the plan's segments. */
  segment: number;
  /** By address. */
  arrays: ArrayRole[];
}

/**
 * The role of every array of the chip, segment by segment, each in its first run; computed as it is asked for.
 *
 * Arrays in compute mode are those below a border, so that a change of their number switches no more arrays than the judge
 * counts (Eq. 1). Compute roles fill up from address 0, memory roles from the highest address down: arrays that are memory in
 * two segments are the same ones, and what they hold stays. Idle arrays, between the two, keep their mode.
 */
export function* placeRoles(
  problem: CimProblem,
  segments: readonly (Segment & Pick<PlannedSegment, 'cost'>)[],
): Generator<RoleMap> {
  const { arrays: count } = problem.hardware;
  let border = startingMode(problem.hardware);
  for (const [segment, { allocations, shared, cost }] of segments.entries()) {
    const before = border;
    border = cost.inComputeMode;
    const arrays = Array.from({ length: count }, (_, at): ArrayRole => {
      const mode = at < border ? 'compute' : 'memory';
      return { mode, role: 'idle', switched: at < before !== at < border };
    });
    let low = 0;
    for (const { operator, compute } of allocations) {
      for (let each = 0; each < compute; each++) Object.assign(arrays[low++]!, { role: 'compute', operator });
    }
    let high = count;
    const put = (times: number, role: ArrayRole['role'], operator: number, other?: number) => {
      for (let each = 0; each < times; each++) {
        Object.assign(arrays[--high]!, { role, operator, ...(other !== undefined && { other }) });
      }
    };
    const left = new Map(allocations.map((each) => [each.operator, { ...each }]));
    for (const { from, to, arrays: times } of shared) {
      (left.get(from) as Allocation).memoryOut -= times;
      (left.get(to) as Allocation).memoryIn -= times;
      put(times, 'shared', from, to);
    }
    for (const { operator, memoryIn, memoryOut } of left.values()) {
      put(memoryIn, 'input', operator);
      put(memoryOut, 'output', operator);
    }
    yield { segment, arrays };
  }
}
