import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { useThemeVersion } from '../views/theme.ts';
import { bitAt, cellAt, columnAt, type Geometry, layOut } from './geometry.ts';
import { Legend } from './Legend.tsx';
import { Columns, Outputs, Rows } from './Parts.tsx';
import { type CellView, paintCells, readPalette, shadesOf } from './paint.ts';
import { savePicture } from './picture.ts';
import { readoutOf, type Spot, spoken } from './readout.ts';
import { texts } from './texts.ts';

export interface DrawingProps {
  report: CrossbarReport;
  /** What the report was computed from. */
  spec: CrossbarSpec;
  plane: number;
  view: CellView;
  stale: boolean;
  onPlane(plane: number): void;
  onPlay(): void;
  /** Flips a bit of a row's input. */
  onFlip?(row: number, bit: number): void;
}

/** The crossbar: inputs on the left, cells, and under each column what becomes of its current. */
export function Drawing({ report, spec, plane: at, view, stale, onPlane, onPlay, onFlip }: DrawingProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const room = useRoom(box);
  const theme = useThemeVersion();
  const [spot, setSpot] = useState<Spot>();
  const [pointer, setPointer] = useState<{ x: number; y: number }>();
  const geometry = useMemo(() => layOut(report, spec.inputBits, room), [report, spec.inputBits, room]);
  const plane = report.planes[Math.min(at, report.planes.length - 1)]!;
  const shades = useMemo(() => shadesOf(view, report, plane, spec), [view, report, plane, spec]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours.
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const ratio = devicePixelRatio || 1;
    element.width = Math.round(geometry.width * ratio);
    element.height = Math.round((geometry.grid.y + geometry.grid.height + 2) * ratio);
    context.scale(ratio, ratio);
    paintCells(context, geometry, report, plane, shades, view, readPalette(element));
  }, [geometry, report, plane, shades, view, theme]);

  const shown = spot && within(spot, report) ? spot : undefined;
  const readout = shown && readoutOf(shown, report, plane, spec);

  const point = (event: PointerEvent) => {
    const bounds = box.current!.getBoundingClientRect();
    const x = event.clientX - bounds.left + box.current!.scrollLeft;
    const y = event.clientY - bounds.top;
    setPointer({ x, y });
    setSpot(spotAt(geometry, report, x, y));
  };
  const flipAt = (event: PointerEvent) => {
    const bounds = box.current!.getBoundingClientRect();
    const found = bitAt(
      geometry,
      spec.inputBits,
      event.clientX - bounds.left + box.current!.scrollLeft,
      event.clientY - bounds.top,
    );
    if (found) onFlip?.(found.row, found.bit);
  };
  const press = (event: KeyboardEvent) => {
    const last = { row: report.rows - 1, column: report.physicalColumns.length - 1 };
    const from = shown && 'row' in shown ? shown : undefined;
    const go = (rows: number, columns: number) => {
      setPointer(undefined);
      setSpot(
        from
          ? { row: clamp(from.row + rows, last.row), column: clamp(from.column + columns, last.column) }
          : { row: 0, column: 0 },
      );
    };
    const actions: Record<string, () => void> = {
      ArrowUp: () => go(-1, 0),
      ArrowDown: () => go(1, 0),
      ArrowLeft: () => go(0, -1),
      ArrowRight: () => go(0, 1),
      Home: () => go(0, -last.column),
      End: () => go(0, last.column),
      ',': () => onPlane(Math.max(0, plane.plane - 1)),
      '.': () => onPlane(Math.min(report.planes.length - 1, plane.plane + 1)),
      ' ': onPlay,
      Enter: () => from && onFlip?.(from.row, plane.plane * Math.min(spec.dacBits, spec.inputBits)),
      Escape: () => setSpot(undefined),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };

  const save = (form: 'svg' | 'png') => {
    if (svg.current) void savePicture(form, { svg: svg.current, geometry, report, plane, shades, view });
  };

  return (
    <>
      <div
        ref={box}
        className="xbar-stage"
        role="application"
        aria-label={texts.stage}
        aria-busy={stale || undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys go from cell to cell.
        tabIndex={0}
        data-lesson="crossbar"
        onKeyDown={press}
        onPointerMove={point}
        onPointerDown={(event) => {
          point(event);
          flipAt(event);
        }}
        onPointerLeave={(event) => event.pointerType === 'mouse' && setSpot(undefined)}
        onBlur={() => setSpot(undefined)}
      >
        <div className="xbar-sheet" style={{ width: geometry.width, height: geometry.height }}>
          <canvas
            ref={canvas}
            className="xbar-cells"
            style={{ width: geometry.width, height: geometry.grid.y + geometry.grid.height + 2 }}
          />
          <svg ref={svg} className="xbar-svg" width={geometry.width} height={geometry.height} role="presentation">
            <Marks geometry={geometry} report={report} spot={shown} />
            <Rows geometry={geometry} report={report} spec={spec} plane={plane} />
            <Columns geometry={geometry} report={report} spec={spec} plane={plane} />
            <Outputs geometry={geometry} report={report} plane={plane} />
          </svg>
          {readout && shown && <Card readout={readout} at={pointer ?? placeOf(shown, geometry)} geometry={geometry} />}
        </div>
        <span className="visually-hidden" aria-live="polite">
          {readout && !pointer ? spoken(readout) : ''}
        </span>
      </div>
      <Legend shades={shades} view={view} onSave={save} />
    </>
  );
}

function within(spot: Spot, report: CrossbarReport): boolean {
  return 'weight' in spot
    ? spot.weight < report.columns
    : spot.row < report.rows && spot.column < report.physicalColumns.length;
}

function spotAt(geometry: Geometry, report: CrossbarReport, x: number, y: number): Spot | undefined {
  const cell = cellAt(geometry, x, y);
  if (cell) return cell;
  if (y < geometry.currents.y) return undefined;
  const column = columnAt(geometry, x);
  const weight = column === undefined ? -1 : report.physicalColumns[column]!.weight;
  return weight < 0 ? undefined : { weight };
}

function placeOf(spot: Spot, geometry: Geometry): { x: number; y: number } {
  if ('weight' in spot) {
    const group = geometry.groups[spot.weight]!;
    return { x: group.x + group.width / 2, y: geometry.outputs.y };
  }
  return {
    x: geometry.columns[spot.column]! + geometry.cell.width,
    y: geometry.rows[spot.row]! + geometry.cell.height / 2,
  };
}

const CARD_WIDTH = 212;
/** A card of six lines and a title. */
const CARD_HEIGHT = 164;

interface CardProps {
  readout: ReturnType<typeof readoutOf>;
  at: { x: number; y: number };
  geometry: Geometry;
}

function Card({ readout, at, geometry }: CardProps) {
  const left = at.x + 16 + CARD_WIDTH > geometry.width ? at.x - 16 - CARD_WIDTH : at.x + 16;
  const below = at.y + 12 + CARD_HEIGHT <= geometry.height;
  const place = {
    left: Math.max(0, left),
    top: below ? at.y + 12 : at.y - 12,
    translate: below ? undefined : '0 -100%',
    width: CARD_WIDTH,
  };
  return (
    <div className="xbar-card" style={place} aria-hidden>
      <strong>{readout.title}</strong>
      <dl>
        {readout.lines.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The row and the column of what is pointed at. */
function Marks({ geometry, report, spot }: { geometry: Geometry; report: CrossbarReport; spot: Spot | undefined }) {
  if (!spot) return null;
  const { grid, cell, groups } = geometry;
  if ('weight' in spot) {
    const group = groups[spot.weight]!;
    return (
      <rect
        className="xbar-mark"
        x={group.x - 2}
        y={grid.y - 2}
        width={group.width + 4}
        height={geometry.height - grid.y - 4}
        rx={4}
      />
    );
  }
  const x = geometry.columns[spot.column]!;
  const y = geometry.rows[spot.row]!;
  const right = geometry.columns.at(-1)! + cell.width;
  const weight = report.physicalColumns[spot.column]!.weight;
  return (
    <g className="xbar-mark">
      <rect x={4} y={y} width={right - 4} height={cell.height} rx={3} />
      <rect x={x} y={grid.y} width={cell.width} height={geometry.codes.y + geometry.codes.height - grid.y} rx={3} />
      {weight >= 0 && (
        <rect
          x={groups[weight]!.x}
          y={geometry.tree.y}
          width={groups[weight]!.width}
          height={geometry.height - geometry.tree.y - 6}
          rx={3}
        />
      )}
      <rect className="xbar-mark-cell" x={x} y={y} width={cell.width} height={cell.height} rx={4} />
    </g>
  );
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

function useRoom(box: React.RefObject<HTMLDivElement | null>): number {
  const [room, setRoom] = useState(640);
  useLayoutEffect(() => {
    const element = box.current;
    if (element) setRoom(element.clientWidth);
  }, [box]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setRoom(element.clientWidth));
    watch.observe(element);
    return () => watch.disconnect();
  }, [box]);
  return room;
}
