import type { Allocate } from '../../../../../engines/cim/allocate/types.ts';
import { type Before, readersOf, segmentCost, startingMode } from '../../../../../engines/cim/judge.ts';
import type { CimProblem, PlannedSegment, Segment, SegmentCost } from '../../../../../engines/cim/types.ts';
import { type Ends, rangeOf } from './cuts.ts';
import { type Obstacle, obstacleTo } from './legal.ts';

/** A segment as it stands on the screen: of a plan, or estimated while its boundaries move. */
export interface Piece {
  first: number;
  end: number;
  section: number;
  times: number;
  /** Absent where the operators cannot be one segment. */
  segment?: Segment;
  cost?: SegmentCost;
  /** Every further run of a repeated section. */
  costAgain?: SegmentCost;
  obstacle?: Obstacle;
  /** Its costs are those of the report. */
  exact: boolean;
}

export interface Pieces {
  pieces: readonly Piece[];
  /** Of the whole run; of the segments that fit, where some do not. */
  cycles: number;
  /** Some segment does not fit. */
  illegal: boolean;
  exact: boolean;
}

/** Cycles of a segment over all its runs. */
export function cyclesOf({ cost, costAgain, times }: Pick<Piece, 'cost' | 'costAgain' | 'times'>): number {
  if (!cost) return 0;
  return cost.cycles + (times - 1) * (costAgain ?? cost).cycles;
}

/** A plan of the report as pieces. */
export function piecesOf(segments: readonly PlannedSegment[]): Pieces {
  let first = 0;
  let cycles = 0;
  const pieces = segments.map((segment): Piece => {
    const { operators, section, times, cost, costAgain } = segment;
    const piece = { first, end: first + operators.length, section, times, segment, cost, costAgain, exact: true };
    first = piece.end;
    cycles += cyclesOf(piece);
    return piece;
  });
  return { pieces, cycles, illegal: false, exact: true };
}

/** What stood before a segment when it was costed. */
interface Situation {
  segment: Segment | undefined;
  inComputeMode: number;
}

interface Known {
  end: number;
  segment: Segment;
  costs: SegmentCost[];
  before: Situation[];
}

/**
 * What other cuts of the same network would cost, at once: segments that stand in the plan keep their arrays; the others
 * get theirs by the exact search, each for itself. The compiler may do better, as it weighs the arrays of all segments
 * together. Costs are the judge's. Only for operators in the order of the network.
 */
export class Estimator {
  private readonly readers: number[][];
  private readonly allocated = new Map<string, Segment | undefined>();
  private readonly known = new Map<number, Known>();

  constructor(
    private readonly problem: CimProblem,
    plan: readonly PlannedSegment[],
    private readonly allocate: Allocate,
    private readonly withReload: boolean,
  ) {
    this.readers = readersOf(problem.operators);
    let first = 0;
    let state: Situation = { segment: undefined, inComputeMode: startingMode(problem.hardware) };
    for (const [number, { times }] of problem.sections.entries()) {
      const own = plan.filter(({ section }) => section === number);
      const start = first;
      for (let run = 0; run < Math.min(2, times); run++) {
        first = start;
        for (const segment of own) {
          const cost = run === 0 ? segment.cost : segment.costAgain;
          const found = this.known.get(first) ?? {
            end: first + segment.operators.length,
            segment,
            costs: [],
            before: [],
          };
          found.costs[run] = cost;
          found.before[run] = state;
          this.known.set(first, found);
          first = found.end;
          state = { segment, inComputeMode: cost.inComputeMode };
        }
      }
    }
  }

  /** What the cuts would cost. */
  pieces(ends: Ends): Pieces {
    const { problem } = this;
    const pieces: Piece[] = [];
    let cycles = 0;
    let state: Situation = { segment: undefined, inComputeMode: startingMode(problem.hardware) };
    let at = 0;
    for (const [section, { first, count, times }] of problem.sections.entries()) {
      const own: Piece[] = [];
      while (at < ends.length && ends[at]! <= first + count) {
        const [from, end] = rangeOf(ends, at);
        own.push(this.piece(from, end, section, times));
        at += 1;
      }
      for (let run = 0; run < Math.min(2, times); run++) {
        for (const [place, piece] of own.entries()) {
          if (!piece.segment) {
            state = { ...state, segment: undefined };
            continue;
          }
          const cost = this.costOf(piece, piece.segment, state, run, run === 1 && place === 0);
          if (cost !== this.known.get(piece.first)?.costs[run]) piece.exact = false;
          if (run === 0) piece.cost = cost;
          else piece.costAgain = cost;
          state = { segment: piece.segment, inComputeMode: cost.inComputeMode };
        }
      }
      for (const piece of own) cycles += cyclesOf(piece);
      pieces.push(...own);
    }
    return {
      pieces,
      cycles,
      illegal: pieces.some(({ obstacle }) => obstacle !== undefined),
      exact: pieces.every(({ exact }) => exact),
    };
  }

  private piece(first: number, end: number, section: number, times: number): Piece {
    const known = this.known.get(first);
    if (known?.end === end) return { first, end, section, times, segment: known.segment, exact: true };
    const obstacle = obstacleTo(this.problem, first, end);
    const segment = obstacle ? undefined : this.allocation(first, end);
    return { first, end, section, times, segment, obstacle, exact: false };
  }

  private allocation(first: number, end: number): Segment | undefined {
    const key = `${first} ${end}`;
    if (!this.allocated.has(key)) {
      const operators = Array.from({ length: end - first }, (_, place) => first + place);
      const found = this.allocate(this.problem, operators, { memory: true, withReload: this.withReload });
      this.allocated.set(key, found?.segment);
    }
    return this.allocated.get(key);
  }

  private costOf(piece: Piece, segment: Segment, state: Situation, run: number, earlierRun: boolean): SegmentCost {
    const known = this.known.get(piece.first);
    const before = known?.before[run];
    if (known?.segment === segment && before && sameSituation(before, state)) return known.costs[run]!;
    const from: Before = { inComputeMode: state.inComputeMode, earlierRun };
    if (state.segment) from.segment = state.segment;
    return segmentCost(this.problem, segment, from, this.readers);
  }
}

function sameSituation(a: Situation, b: Situation): boolean {
  return a.segment === b.segment && a.inComputeMode === b.inComputeMode;
}
