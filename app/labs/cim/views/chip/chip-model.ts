import type { CimOperator, CimReport, CompiledPlan, PlannedSegment } from '../../../../../engines/cim/types.ts';
import type { RoleMaps, Roles } from './role-maps.ts';

/** Arrays of an operator by what they do; shared ones stand with both operators, and in `shared` again. */
export interface OperatorArrays {
  operator: number;
  /** Its number in the segment, from 1: the drawing's labels have it. */
  ordinal: number;
  name: string;
  compute: number;
  input: number;
  output: number;
  shared: number;
}

export function operatorArrays(operators: readonly CimOperator[], segment: PlannedSegment): OperatorArrays[] {
  return segment.operators.map((operator, at) => {
    const found = segment.allocations.find((each) => each.operator === operator);
    let shared = 0;
    for (const each of segment.shared) if (each.from === operator || each.to === operator) shared += each.arrays;
    return {
      operator,
      ordinal: at + 1,
      name: operators[operator]?.name ?? '',
      compute: found?.compute ?? 0,
      input: found?.memoryIn ?? 0,
      output: found?.memoryOut ?? 0,
      shared,
    };
  });
}

/** Arrays in use over the segments of a plan: in compute mode, in memory mode, and the rest. */
export interface StripStep {
  compute: number;
  memory: number;
  idle: number;
  cycles: number;
}

export function stripSteps(plan: CompiledPlan, arrays: number): StripStep[] {
  return plan.segments.map(({ cost }) => ({
    compute: cost.computeArrays,
    memory: cost.memoryArrays,
    idle: Math.max(0, arrays - cost.computeArrays - cost.memoryArrays),
    cycles: cost.cycles,
  }));
}

/** Where the segments of a strip begin and end, each from 0 to 1: equally wide, or as long as they take. */
export function stripEdges(steps: readonly StripStep[], byTime: boolean): number[] {
  const edges = [0];
  const total = byTime ? steps.reduce((sum, { cycles }) => sum + cycles, 0) : steps.length;
  let at = 0;
  for (const { cycles } of steps) {
    at += byTime && total > 0 ? cycles : 1;
    edges.push(at / (total > 0 ? total : steps.length));
  }
  return edges;
}

/** The segment at a share of the strip's width. */
export function segmentAt(edges: readonly number[], share: number): number {
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (share < edges[middle + 1]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What one array is and holds while a segment runs. */
export interface ArrayFacts {
  array: number;
  row: number;
  column: number;
  role: ReturnType<Roles['role']>;
  remembers: boolean;
  switched: boolean;
  operator?: number;
  other?: number;
  /**
   * Compute: the part of the weights, of how many, and which copy. Every copy is of all parts; arrays are filled part by
   * part in the order of their addresses, so the last copy may lack some.
   */
  weights?: { part: number; parts: number; copy: number };
  /** Memory: its place among the arrays of this role for this operator, from 1. */
  place?: { at: number; of: number };
  /** It was a memory array in the segment before too, with outputs of this operator, which its own operator reads. */
  keptFrom?: number;
  /** The last segment on whose way in it changed its mode; undefined: it never did. */
  lastSwitch?: number;
}

export function arrayFacts(
  report: Pick<CimReport, 'hardware' | 'problem'>,
  maps: RoleMaps,
  segment: number,
  array: number,
): ArrayFacts | undefined {
  const roles = maps.at(segment);
  if (!roles || array >= roles.count) return undefined;
  const { columns } = report.hardware.grid;
  const role = roles.role(array);
  const operator = roles.operator(array);
  const other = roles.other(array);
  const facts: ArrayFacts = {
    array,
    row: Math.floor(array / Math.max(1, columns)) + 1,
    column: (array % Math.max(1, columns)) + 1,
    role,
    remembers: roles.remembers(array),
    switched: roles.switched(array),
    operator,
    other,
    lastSwitch: maps.lastSwitch(array, segment),
  };
  if (operator === undefined) return facts;
  let at = 0;
  let of = 0;
  for (let each = 0; each < roles.count; each++) {
    if (roles.role(each) !== role || roles.operator(each) !== operator || roles.other(each) !== other) continue;
    if (each <= array) at += 1;
    of += 1;
  }
  if (role === 'compute') {
    const parts = report.problem.operators[operator]?.arrays ?? 1;
    facts.weights = { part: ((at - 1) % parts) + 1, parts, copy: Math.floor((at - 1) / parts) + 1 };
    return facts;
  }
  facts.place = { at, of };
  facts.keptFrom = keptFrom(report, roles, maps.at(segment - 1), array);
  return facts;
}

/** Whose outputs of the segment before may still lie in a memory array, for an operator that reads them. */
function keptFrom(
  { problem }: Pick<CimReport, 'problem'>,
  roles: Roles,
  before: Roles | undefined,
  array: number,
): number | undefined {
  const wasRole = before?.role(array);
  if (!before || (wasRole !== 'output' && wasRole !== 'shared')) return undefined;
  const producer = before.operator(array);
  const role = roles.role(array);
  const reader = role === 'input' ? roles.operator(array) : role === 'shared' ? roles.other(array) : undefined;
  if (producer === undefined || reader === undefined) return undefined;
  return problem.operators[reader]?.inputs.some(({ operator }) => operator === producer) ? producer : undefined;
}
