import type { CimReport } from '../../../../../engines/cim/types.ts';
import { formatNumber } from '../../../../ui/format.ts';
import type { Cell } from './cells.ts';
import type { Piece, Pieces } from './estimate.ts';
import { texts } from './texts.ts';

/** What is said of a cell: of its operator, or of all the parts that are folded in it. */
export interface CellFigures {
  /** Index of the first segment that it is in. */
  segment: number;
  /** Its parts are in several segments. */
  several: boolean;
  /** Arrays, of the part with the most. */
  compute: number;
  memory: number;
  /** Its time against the slowest operator of its segment, percent; of parts, the largest. */
  share: number;
  bound: 'compute' | 'feed';
  /** Some part stands in a segment that fits. */
  known: boolean;
  words: string;
}

/** The segment that holds a position of the row. */
export function pieceAt(pieces: readonly Piece[], position: number): number {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle]!.end > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function cellFigures(order: readonly number[], { pieces }: Pieces, cell: Cell): CellFigures {
  const segment = pieceAt(pieces, cell.first);
  const several = (pieces[segment]?.end ?? 0) < cell.first + cell.count;
  const figures: CellFigures = {
    segment,
    several,
    compute: 0,
    memory: 0,
    share: 0,
    bound: 'compute',
    known: false,
    words: '',
  };
  let cycles = 0;
  for (let at = segment; at < pieces.length && pieces[at]!.first < cell.first + cell.count; at++) {
    const { segment: found, cost, first, end } = pieces[at]!;
    if (!found || !cost) continue;
    for (let place = Math.max(first, cell.first); place < Math.min(end, cell.first + cell.count); place++) {
      const operator = order[place]!;
      const index = found.allocations.findIndex((each) => each.operator === operator);
      const own = found.allocations[index];
      const time = cost.operators.find((each) => each.operator === operator);
      if (!own || !time) continue;
      figures.known = true;
      figures.compute = Math.max(figures.compute, own.compute);
      figures.memory = Math.max(figures.memory, own.memoryIn + own.memoryOut);
      const share = cost.computeCycles > 0 ? (100 * time.cycles) / cost.computeCycles : 0;
      if (share > figures.share) {
        figures.share = share;
        figures.bound = boundOf(time);
      }
      cycles += time.cycles;
    }
  }
  if (figures.known) {
    const arrays = texts.arraysInFull(figures.compute, figures.memory);
    figures.words = [
      cell.count > 1 ? texts.upTo(arrays) : arrays,
      `${texts.cycles(cycles)}, ${formatNumber(figures.share, '%')} of the slowest in its segment`,
      texts.boundBy[figures.bound],
    ].join('; ');
  } else figures.words = texts.versus.illegal;
  return figures;
}

export function boundOf({
  computeBoundCycles,
  feedBoundCycles,
}: {
  computeBoundCycles: number;
  feedBoundCycles: number;
}): 'compute' | 'feed' {
  return feedBoundCycles > computeBoundCycles ? 'feed' : 'compute';
}

/** Why a segment cannot be, in words. */
export function obstacleText({ problem }: CimReport, { obstacle }: Piece): string {
  if (!obstacle) return '';
  if (obstacle.kind === 'arrays') return texts.obstacle.arrays(obstacle.needs, obstacle.has, obstacle.over);
  const { operators } = problem;
  return texts.obstacle.operand(operators[obstacle.operator]!.name, operators[obstacle.producer]!.name);
}
