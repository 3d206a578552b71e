import { rampColour } from '../../../../charts/ramp.ts';
import { LETTER, shortened } from '../../../../charts/use-width.ts';
import { formatNumber } from '../../../../ui/format.ts';
import type { Link } from '../../state.ts';
import { type Cell, positionAt, xOfPlace } from './cells.ts';
import { rangeOf, segmentAt } from './cuts.ts';
import { cyclesOf, type Piece, type Pieces } from './estimate.ts';
import { COSTS } from './kinds.ts';
import { cellFigures, obstacleText, pieceAt } from './reading.ts';
import type { StripProps } from './Strip.tsx';
import { texts } from './texts.ts';

const SCOPE_TOP = 0;
const ARC_TOP = 18;
const ARC_HEIGHT = 62;
export const FRAME_TOP = ARC_TOP + ARC_HEIGHT;
export const HEAD_HEIGHT = 20;
export const CELL_HEIGHT = 92;
const COST_TOP = FRAME_TOP + HEAD_HEIGHT + CELL_HEIGHT + 6;
const COST_HEIGHT = 46;
/** Without the compiler's cuts below. */
export const STRIP_HEIGHT = COST_TOP + COST_HEIGHT + 18;
/** Cells narrower than this have no words, and those narrower than the second only short ones. */
const WORDS = 60;
const FULL_WORDS = 100;
/** Segments narrower than this have no number. */
const NUMBER = 26;
const SMALL_LETTER = 5.8;
const BOLD_LETTER = 6.7;
/** Segments narrower than this are drawn a folded layer at a time. */
const THIN = 5;

interface DrawingProps extends StripProps {
  id: string;
  /** Stretch that is drawn, px of the row. */
  from: number;
  to: number;
  range: [number, number];
  height: number;
  hovered: Link;
  selected: Link;
  current: Cell | undefined;
}

/** What of the row is near what is in sight. */
export function StripDrawing(props: DrawingProps) {
  const { row, from, to, range, height, ends, shown, rival, id } = props;
  const cells = row.cells.slice(...range);
  const most = Math.max(heaviest(shown), rival ? heaviest(rival) : 0);
  const [firstCell, lastCell] = [cells[0], cells.at(-1)];
  if (!firstCell || !lastCell) return null;
  const firstSegment = segmentAt(ends, firstCell.first);
  const lastSegment = segmentAt(ends, lastCell.first + lastCell.count - 1);
  const frames: number[] = [];
  const heaps: Piece[][] = [];
  let cellOfHeap = -1;
  for (let segment = firstSegment; segment <= lastSegment; segment++) {
    const piece = shown.pieces[segment];
    if (!piece) continue;
    if (xOfPlace(row, piece.end) - xOfPlace(row, piece.first) >= THIN) frames.push(segment);
    else {
      const index = row.cellOf[piece.first]!;
      if (index !== cellOfHeap) heaps.push([]);
      cellOfHeap = index;
      heaps.at(-1)!.push(piece);
    }
  }
  return (
    <svg
      role="presentation"
      className="cimseg-svg chart-svg"
      style={{ left: from }}
      width={Math.max(1, to - from)}
      height={height}
      viewBox={`${from} 0 ${Math.max(1, to - from)} ${height}`}
    >
      <Scopes {...props} />
      <Sections {...props} />
      <Arcs {...props} />
      {heaps.map((heap) => (
        <Heap key={`heap ${heap[0]!.first}`} {...props} heap={heap} most={most} />
      ))}
      {frames.map((segment) => (
        <Frame key={ends[segment]} {...props} segment={segment} piece={shown.pieces[segment]!} most={most} />
      ))}
      {cells.map((cell, at) => (
        <CellBody
          key={cell.first}
          {...props}
          cell={cell}
          x={(range[0] + at) * row.cellWidth}
          elementId={`${id}${cell.first}`}
        />
      ))}
      {rival && <Rival {...props} rival={rival} most={most} />}
    </svg>
  );
}

function heaviest({ pieces }: Pieces): number {
  let most = 1;
  for (const piece of pieces) most = Math.max(most, cyclesOf(piece));
  return most;
}

/** Paths of names above the cells that share them, sticking to the left edge while they are in sight. */
function Scopes({ row, range, from }: DrawingProps) {
  const found: { scope: string; first: number; end: number }[] = [];
  for (let at = range[0]; at < range[1]; at++) {
    const { scope } = row.cells[at]!;
    const last = found.at(-1);
    if (last?.scope === scope) last.end = at + 1;
    else found.push({ scope, first: at, end: at + 1 });
  }
  return found.map(({ scope, first, end }) => {
    const left = Math.max(first * row.cellWidth, from);
    const room = end * row.cellWidth - left;
    if (!scope || room < 24) return null;
    return (
      <g key={first} aria-hidden>
        <text className="cimseg-scope" x={left + 4} y={SCOPE_TOP + 12}>
          {shortened(scope, (room - 8) / LETTER)}
        </text>
        <line
          className="cimseg-scope-line"
          x1={first * row.cellWidth + 2}
          x2={end * row.cellWidth - 2}
          y1={17}
          y2={17}
        />
      </g>
    );
  });
}

/** Repeated blocks: a frame around all that is theirs. */
function Sections({ report, row, height }: DrawingProps) {
  return report.problem.sections
    .filter(({ times }) => times > 1)
    .map(({ name, first, count, times }) => {
      const [left, right] = [xOfPlace(row, first), xOfPlace(row, first + count)];
      return (
        <g key={first} aria-hidden>
          <rect
            className="cimseg-section"
            x={left + 1}
            y={ARC_TOP}
            width={Math.max(1, right - left - 2)}
            height={height - ARC_TOP - 2}
            rx={5}
          />
          <text className="cimseg-section-name" x={left + 8} y={ARC_TOP + 14}>
            {texts.section(name, times)}
          </text>
        </g>
      );
    });
}

function Arcs({ arcs, row, order, from, to, report, hovered, selected }: DrawingProps) {
  const marked = hovered.operator ?? selected.operator;
  const position = marked === undefined ? -1 : order.indexOf(marked);
  const group = position < 0 ? -1 : headOf(row.cells[row.cellOf[position]!]!);
  const bottom = FRAME_TOP - 2;
  return arcs.map((arc) => {
    const a = middleOf(arc.from, row);
    const b = middleOf(arc.to, row);
    if (Math.max(a, b) < from || Math.min(a, b) > to) return null;
    const rise = Math.min(ARC_HEIGHT - 6, 12 + 9 * Math.sqrt(Math.abs(b - a) / row.cellWidth));
    const on = arc.from === group || arc.to === group;
    const kind = arc.carried ? ' cimseg-arc-carried' : arc.operand ? ' cimseg-arc-operand' : '';
    return (
      <path
        key={`${arc.from} ${arc.to} ${arc.operand} ${arc.carried}`}
        aria-hidden
        className={`cimseg-arc${kind}${on ? ' cimseg-arc-on' : ''}`}
        d={`M${a} ${bottom} C${a} ${bottom - rise * 1.3} ${b} ${bottom - rise * 1.3} ${b} ${bottom}`}
      >
        <title>
          {`${report.problem.operators[order[arc.from]!]!.name} → ${report.problem.operators[order[arc.to]!]!.name}: ${formatNumber(arc.bytes, 'B')}`}
        </title>
      </path>
    );
  });
}

function headOf(cell: Cell): number {
  return cell.group ?? cell.first;
}

/** The middle of a layer, of all its parts where it is open. */
function middleOf(first: number, row: DrawingProps['row']): number {
  const index = row.cellOf[first]!;
  const { group, count } = row.cells[index]!;
  if (group === undefined || count > 1) return (index + 0.5) * row.cellWidth;
  let end = index + 1;
  while (row.cells[end]?.group === group) end++;
  return ((index + end) / 2) * row.cellWidth;
}

function Frame(props: DrawingProps & { segment: number; piece: Piece; most: number }) {
  const { row, ends, shown, segment, piece, most, hovered, selected } = props;
  const [first, end] = rangeOf(ends, segment);
  const [left, right] = [xOfPlace(row, first), xOfPlace(row, end)];
  const width = right - left;
  const gap = width > 12 ? 2 : width > 4 ? 0.5 : 0;
  const colour = piece.obstacle ? 'var(--bad)' : rampColour(ends.length < 2 ? 0 : segment / (ends.length - 1));
  const on = selected.segment === segment;
  const share = shown.cycles > 0 ? (100 * cyclesOf(piece)) / shown.cycles : 0;
  const words = piece.cost ? `${formatNumber(share, '%')}` : texts.versus.illegal;
  const number = String(segment + 1) + (piece.times > 1 ? ` ${texts.times(piece.times)}` : '');
  const room = (width - 12) / BOLD_LETTER;
  const title = `${number}   ${words}`;
  const shownSegment = hovered.segment === segment;
  return (
    <g className={`cimseg-frame${on ? ' cimseg-frame-on' : ''}${shownSegment ? ' cimseg-frame-hover' : ''}`}>
      <rect
        x={left + gap}
        y={FRAME_TOP}
        width={Math.max(0.5, width - 2 * gap)}
        height={HEAD_HEIGHT + CELL_HEIGHT}
        rx={Math.min(4, width / 4)}
        style={{ stroke: colour, fill: colour }}
        className="cimseg-ground"
      />
      <rect x={left + gap} y={FRAME_TOP} width={Math.max(0.5, width - 2 * gap)} height={4} style={{ fill: colour }} />
      {width >= NUMBER && (
        <text className={piece.obstacle ? 'cimseg-head cimseg-bad' : 'cimseg-head'} x={left + 8} y={FRAME_TOP + 17}>
          {shortened(
            piece.obstacle ? `${number} ${obstacleText(props.report, piece)}` : title.length <= room ? title : number,
            room,
          )}
        </text>
      )}
      <CostBar
        piece={piece}
        left={left + gap}
        width={Math.max(0.5, width - 2 * gap)}
        top={COST_TOP}
        height={COST_HEIGHT}
        most={most}
      />
      {width >= WORDS && piece.cost && (
        <text className="cimseg-cost" x={left + width / 2} y={COST_TOP + COST_HEIGHT + 13}>
          {shortened(
            `${piece.exact ? '' : '≈ '}${formatNumber(Math.round(cyclesOf(piece)))}`,
            (width - 4) / SMALL_LETTER,
          )}
        </text>
      )}
    </g>
  );
}

/** Many segments of a folded layer, each too narrow for a frame of its own. */
function Heap({ row, ends, heap, most, hovered, selected }: DrawingProps & { heap: Piece[]; most: number }) {
  const first = heap[0]!;
  const last = heap.at(-1)!;
  const [left, right] = [xOfPlace(row, first.first), xOfPlace(row, last.end)];
  const number = segmentAt(ends, first.first);
  const colour = heap.some(({ obstacle }) => obstacle)
    ? 'var(--bad)'
    : rampColour(ends.length < 2 ? 0 : number / (ends.length - 1));
  const marked = [selected.segment, hovered.segment].filter(
    (each) => each !== undefined && each >= number && each < number + heap.length,
  );
  const paths = COSTS.map(() => '');
  for (const piece of heap) {
    const { cost, costAgain = piece.cost, times } = piece;
    if (!cost || !costAgain) continue;
    const x = xOfPlace(row, piece.first);
    const wide = xOfPlace(row, piece.end) - x;
    const width = (wide > 2.5 ? wide - 0.75 : wide).toFixed(2);
    let bottom = COST_TOP + COST_HEIGHT;
    for (let kind = COSTS.length - 1; kind >= 0; kind--) {
      const { id } = COSTS[kind]!;
      const tall = (COST_HEIGHT * (cost[id] + (times - 1) * costAgain[id])) / most;
      if (tall <= 0) continue;
      bottom -= tall;
      paths[kind] += `M${x.toFixed(2)} ${bottom.toFixed(2)}h${width}v${tall.toFixed(2)}h-${width}z`;
    }
  }
  return (
    <g>
      <rect
        className="cimseg-ground"
        x={left + 1}
        y={FRAME_TOP}
        width={Math.max(0.5, right - left - 2)}
        height={HEAD_HEIGHT + CELL_HEIGHT}
        rx={Math.min(4, (right - left) / 4)}
        style={{ stroke: colour, fill: colour }}
      />
      <path
        d={heap.map(({ first: at, end }) => tick(xOfPlace(row, at), xOfPlace(row, end))).join('')}
        style={{ fill: colour }}
      />
      {right - left >= WORDS && (
        <text className="cimseg-head" x={left + 8} y={FRAME_TOP + 17}>
          {shortened(
            heap.length > 1 ? texts.heap(number + 1, number + heap.length) : String(number + 1),
            (right - left - 12) / BOLD_LETTER,
          )}
        </text>
      )}
      {COSTS.map(({ id, colour: fill }, kind) => (
        <path key={id} d={paths[kind]} style={{ fill: `var(--${fill})` }} />
      ))}
      {marked.map((segment) => {
        const [from, end] = rangeOf(ends, segment!);
        const x = xOfPlace(row, from);
        return (
          <rect
            key={segment}
            className="cimseg-heap-on"
            x={x - 1}
            y={FRAME_TOP - 1}
            width={xOfPlace(row, end) - x + 2}
            height={HEAD_HEIGHT + CELL_HEIGHT + 2}
          />
        );
      })}
    </g>
  );
}

function tick(left: number, right: number): string {
  const width = Math.max(0.4, right - left - (right - left > 2 ? 1 : 0.3)).toFixed(2);
  return `M${left.toFixed(2)} ${FRAME_TOP}h${width}v4h-${width}z`;
}

/** What a segment costs over all its runs, from below: compute, reload, switch, write-back. */
function CostBar(props: { piece: Piece; left: number; width: number; top: number; height: number; most: number }) {
  const { piece, left, width, top, height, most } = props;
  const { cost, costAgain = piece.cost, times } = piece;
  if (!cost || !costAgain) return null;
  let bottom = top + height;
  return [...COSTS].reverse().map(({ id, colour }) => {
    const tall = (height * (cost[id] + (times - 1) * costAgain[id])) / most;
    bottom -= tall;
    return tall > 0 ? (
      <rect key={id} x={left} y={bottom} width={width} height={tall} style={{ fill: `var(--${colour})` }} />
    ) : null;
  });
}

function CellBody(props: DrawingProps & { cell: Cell; x: number; elementId: string }) {
  const { report, row, cell, x, elementId, shown, order, hovered, selected, current } = props;
  const width = row.cellWidth;
  const top = FRAME_TOP + HEAD_HEIGHT;
  const { operators } = report.problem;
  const has = (operator: number | undefined) => {
    if (operator === undefined) return false;
    for (let at = cell.first; at < cell.first + cell.count; at++) if (order[at] === operator) return true;
    return false;
  };
  const figures = cellFigures(order, shown, cell);
  const name = operators[order[cell.first]!]!.name;
  const kind = texts.kinds[cell.kind];
  const label = texts.operator(
    cell.count > 1 ? `${cell.scope ? `${cell.scope}/` : ''}${cell.name}, ${texts.parts(cell.count)}` : name,
    kind,
    figures.segment + 1,
  );
  const words = width >= WORDS;
  const letters = (width - 14) / LETTER;
  const inner = width - (words ? 16 : Math.min(8, width / 3));
  const left = x + (width - inner) / 2;
  const compute = (inner * figures.compute) / report.hardware.arrays;
  const memory = (inner * figures.memory) / report.hardware.arrays;
  const boundColour = figures.bound === 'feed' ? 'var(--c2)' : 'var(--c1)';
  return (
    <g
      className={`cimseg-cell${has(hovered.operator) ? ' cimseg-cell-hover' : ''}${has(selected.operator) ? ' cimseg-cell-on' : ''}${current === cell ? ' cimseg-cell-at' : ''}`}
    >
      {words && figures.several && (
        <rect className="cimseg-veil" x={x + 3} y={top + 1} width={width - 6} height={CELL_HEIGHT - 4} rx={3} />
      )}
      <g id={elementId} role="option" aria-selected={has(selected.operator)} aria-label={`${label}. ${figures.words}`}>
        <title>{`${label}\n${figures.words}`}</title>
        <rect
          className="cimseg-reach"
          x={x + 3}
          y={top}
          width={Math.max(1, width - 6)}
          height={CELL_HEIGHT - 3}
          rx={3}
        />
      </g>
      <g aria-hidden className="cimseg-words">
        {words && (
          <>
            <text className="cimseg-name" x={x + 8} y={top + 13}>
              {shortened(cell.name, letters)}
            </text>
            <text className="cimseg-kind" x={x + 8} y={top + 28}>
              {cell.count > 1 ? texts.parts(cell.count) : kind}
            </text>
            {figures.known && (
              <>
                <text className="cimseg-kind" x={x + 8} y={top + 57}>
                  {texts.arrays(figures.compute, figures.memory)}
                </text>
                <text className="cimseg-kind" x={x + 8} y={top + 84}>
                  {texts.shareOfSlowest(
                    width >= FULL_WORDS ? texts.bound[figures.bound] : '',
                    formatNumber(Math.round(figures.share), '%'),
                  )}
                </text>
              </>
            )}
          </>
        )}
        {cell.group !== undefined && words && (
          <g data-toggle={cell.group} className="cimseg-toggle">
            <title>{cell.count > 1 ? texts.open : texts.fold}</title>
            <rect x={x + width - 26} y={top + 15} width={20} height={18} rx={3} />
            <path
              d={
                cell.count > 1
                  ? `M${x + width - 19} ${top + 20} l4 4 l-4 4`
                  : `M${x + width - 13} ${top + 20} l-4 4 l4 4`
              }
            />
          </g>
        )}
        <rect className="cimseg-track" x={left} y={top + 35} width={inner} height={8} />
        <rect x={left} y={top + 35} width={compute} height={8} style={{ fill: 'var(--c1)' }} />
        <rect x={left + compute} y={top + 35} width={memory} height={8} style={{ fill: 'var(--c2)' }} />
        <rect className="cimseg-track" x={left} y={top + 64} width={inner} height={6} />
        <rect x={left} y={top + 64} width={(inner * figures.share) / 100} height={6} style={{ fill: boundColour }} />
      </g>
    </g>
  );
}

/** The compiler's cuts on the same row of products. */
function Rival({ row, rival, from, to, most }: DrawingProps & { rival: Pieces; most: number }) {
  const top = STRIP_HEIGHT + 4;
  const begin = pieceAt(rival.pieces, positionAt(row, from));
  const finish = pieceAt(rival.pieces, positionAt(row, to)) + 1;
  return (
    <g aria-hidden>
      {rival.pieces.slice(begin, finish).map((piece, at) => {
        const segment = begin + at;
        const [left, right] = [xOfPlace(row, piece.first), xOfPlace(row, piece.end)];
        const gap = right - left > 6 ? 2 : 0;
        const width = Math.max(0.5, right - left - 2 * gap);
        return (
          <g key={piece.first}>
            <rect
              className="cimseg-rival"
              x={left + gap}
              y={top}
              width={width}
              height={12}
              rx={2}
              style={{ fill: rampColour(segment / Math.max(1, rival.pieces.length - 1)) }}
            >
              <title>{`${texts.versus.theirs}: ${texts.segment(segment + 1)}, ${texts.cycles(cyclesOf(piece))}`}</title>
            </rect>
            <CostBar piece={piece} left={left + gap} width={width} top={top + 14} height={COST_HEIGHT} most={most} />
          </g>
        );
      })}
    </g>
  );
}
