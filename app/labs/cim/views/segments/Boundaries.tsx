import type { CimReport } from '../../../../../engines/cim/types.ts';
import { inSight, positionAt, type Row, xOfPlace } from './cells.ts';
import { type Ends, reachOf, segmentAt } from './cuts.ts';
import type { Pieces } from './estimate.ts';
import { CELL_HEIGHT, FRAME_TOP, HEAD_HEIGHT } from './StripDrawing.tsx';
import { texts } from './texts.ts';

interface BoundariesProps {
  report: CimReport;
  row: Row;
  ends: Ends;
  shown: Pieces;
  /** Stretch that is drawn, px. */
  from: number;
  to: number;
  editable: boolean;
  onMove(place: number, by: -1 | 1): void;
  onJoin(place: number): void;
}

/** Boundaries nearer to each other than this cannot be told apart with a pointer: the layer is then to be opened. */
const APART = 6;

/** The boundaries between segments, to be dragged or moved by keys. */
export function Boundaries({ report, row, ends, shown, from, to, editable, onMove, onJoin }: BoundariesProps) {
  const { operators, sections } = report.problem;
  if (row.count === 0) return null;
  const first = segmentAt(ends, positionAt(row, from));
  const drawn: number[] = [];
  for (let segment = first; segment < ends.length - 1; segment++) {
    const x = xOfPlace(row, ends[segment]!);
    if (x > to) break;
    if (!inSight(row, ends[segment]!)) continue;
    const next = xOfPlace(row, ends[segment + 1]!);
    const before = segment === 0 ? 0 : xOfPlace(row, ends[segment - 1]!);
    // Of a heap only those at its edges have room.
    if (x - before < APART && next - x < APART) continue;
    drawn.push(segment);
  }
  const total = shown.illegal ? texts.versus.illegal : texts.cycles(shown.cycles);
  return drawn.map((segment) => {
    const place = ends[segment]!;
    const { low, high } = reachOf(sections, place);
    const fixed = low === high && (low !== place || isBorder(report, place));
    const x = xOfPlace(row, place);
    const style = { left: x, top: FRAME_TOP, height: HEAD_HEIGHT + CELL_HEIGHT };
    if (fixed || !editable) {
      const why = fixed ? texts.fixedBoundary : undefined;
      return <div key={place} className="cimseg-border" style={style} title={why} />;
    }
    const left = place - (ends[segment - 1] ?? 0);
    const right = ends[segment + 1]! - place;
    return (
      <div
        key={place}
        data-place={place}
        className="cimseg-boundary"
        style={style}
        role="slider"
        aria-orientation="horizontal"
        aria-label={texts.boundary(operators[place - 1]!.name, operators[place]!.name)}
        aria-description={texts.boundaryHelp}
        aria-valuemin={low}
        aria-valuemax={high}
        aria-valuenow={place}
        aria-valuetext={texts.boundaryAt(left, right, total)}
        tabIndex={0}
        title={texts.boundaryHelp}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') onMove(place, -1);
          else if (event.key === 'ArrowRight' || event.key === 'ArrowUp') onMove(place, 1);
          else if (event.key === 'Delete' || event.key === 'Backspace') onJoin(place);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
    );
  });
}

function isBorder({ problem }: CimReport, place: number): boolean {
  return problem.sections.some(({ first, count }) => place === first || place === first + count);
}
