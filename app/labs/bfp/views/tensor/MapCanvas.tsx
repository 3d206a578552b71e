import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { TensorReport } from '../../../../../engines/bfp/tensor-entry.ts';
import type { Region } from '../../../../../engines/bfp/tensor-map.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { paint, pictureOf, type Shown } from './map-paint.ts';
import { placeReadout } from './readout.ts';
import { moved, type Size, showing, whole, zoomed } from './region.ts';
import { texts } from './texts.ts';
import { css, readTheme, useThemeVersion } from './theme.ts';

export interface Place {
  row: number;
  column: number;
}

export interface MapCanvasProps {
  report: TensorReport;
  shown: Shown;
  region: Region;
  onRegion(region: Region): void;
  /** Room in CSS pixels: the caller asks the engine for no more cells than that. */
  onRoom(width: number, height: number): void;
  picked: Place | undefined;
  onPick(place: Place): void;
}

/** A small matrix is not blown up to more than this many pixels a weight. */
const LARGEST_CELL = 56;
const STEP = 1.6;

/** The weights as a heat map: wheel and drag, click to pick, everything from the keyboard too. */
export const MapCanvas = memo(function MapCanvas(props: MapCanvasProps) {
  const { report, shown, region, onRegion, onRoom, picked, onPick } = props;
  const { layer, map, spread } = report;
  const size = useMemo((): Size => ({ rows: layer.rows, columns: layer.rowLength }), [layer.rows, layer.rowLength]);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hint = useId();
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [hovered, setHovered] = useState<Place>();
  const [focused, setFocused] = useState(false);
  const themeVersion = useThemeVersion();

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      setRoom({ width: element.clientWidth, height: element.clientHeight });
      onRoom(element.clientWidth, element.clientHeight);
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [onRoom]);

  const width = Math.min(room.width, size.columns * LARGEST_CELL);
  const height = Math.min(room.height, size.rows * LARGEST_CELL);
  const largestError = useMemo(() => map.errors.reduce((most, error) => Math.max(most, error), 0), [map]);
  const most = shown === 'errors' ? Math.max(report.error.maxAbsError, largestError) : spread.maxAbs;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme gives other colours.
  const theme = useMemo(() => readTheme(document.documentElement), [themeVersion]);
  const picture = useMemo(() => {
    const image = pictureOf(map, shown, most, theme);
    const held = document.createElement('canvas');
    held.width = image.width;
    held.height = image.height;
    held.getContext('2d')?.putImageData(image, 0, 0);
    return held;
  }, [map, shown, most, theme]);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false });
    if (!element || !context || width === 0 || height === 0) return;
    const ratio = devicePixelRatio;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== w || element.height !== h) {
      element.width = w;
      element.height = h;
    }
    const own = report.picked?.row === picked?.row && report.picked?.column === picked?.column;
    paint(context, {
      map,
      picture,
      region,
      width,
      height,
      ratio,
      theme,
      picked: own ? report.picked : undefined,
      hovered,
    });
  }, [map, picture, region, width, height, theme, report.picked, picked, hovered]);

  const latest = useRef({ region, size, onRegion });
  latest.current = { region, size, onRegion };
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const bounds = element.getBoundingClientRect();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
      const { region: from, size: of, onRegion: tell } = latest.current;
      const [x, y] = [(event.clientX - bounds.left) / bounds.width, (event.clientY - bounds.top) / bounds.height];
      if (event.shiftKey) {
        const [dx, dy] = event.deltaX !== 0 ? [event.deltaX, event.deltaY] : [event.deltaY, 0];
        tell(moved(from, (dx * unit) / bounds.width, (dy * unit) / bounds.height, of));
      } else tell(zoomed(from, 2 ** (-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.002)), x, y, of));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);

  const placeOf = (event: PointerEvent): Place => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const column = Math.floor(region.column + ((event.clientX - bounds.left) / bounds.width) * region.columns);
    const row = Math.floor(region.row + ((event.clientY - bounds.top) / bounds.height) * region.rows);
    return {
      row: Math.min(Math.max(0, row), size.rows - 1),
      column: Math.min(Math.max(0, column), size.columns - 1),
    };
  };
  const drag = useRef<{ x: number; y: number; far: boolean }>(undefined);
  const down = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.button !== 0) return;
    drag.current = { x: event.clientX, y: event.clientY, far: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    const from = drag.current;
    if (!from) {
      setHovered(placeOf(event));
      return;
    }
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.far && Math.hypot(dx, dy) < 4) return;
    const bounds = event.currentTarget.getBoundingClientRect();
    drag.current = { x: event.clientX, y: event.clientY, far: true };
    setHovered(undefined);
    onRegion(moved(region, -dx / bounds.width, -dy / bounds.height, size));
  };
  const up = (event: PointerEvent<HTMLCanvasElement>) => {
    if (drag.current && !drag.current.far) onPick(placeOf(event));
    drag.current = undefined;
  };

  const pick = (row: number, column: number) => {
    const to = {
      row: Math.min(Math.max(0, row), size.rows - 1),
      column: Math.min(Math.max(0, column), size.columns - 1),
    };
    onPick(to);
    onRegion(showing(region, to.row, to.column, size));
  };
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = picked ?? { row: Math.floor(region.row), column: Math.floor(region.column) };
    const block = event.shiftKey ? stride(report) : { rows: 1, columns: 1 };
    const step = {
      ArrowLeft: [0, -block.columns],
      ArrowRight: [0, block.columns],
      ArrowUp: [-block.rows, 0],
      ArrowDown: [block.rows, 0],
      Home: [0, -at.column],
      End: [0, size.columns],
      PageUp: [-Math.floor(region.rows / 2), 0],
      PageDown: [Math.floor(region.rows / 2), 0],
    }[event.key];
    if (step) pick(at.row + step[0]!, at.column + step[1]!);
    else if (event.key === '+' || event.key === '=') zoom(STEP);
    else if (event.key === '-') zoom(1 / STEP);
    else if (event.key === '0') onRegion(whole(size));
    else return;
    event.preventDefault();
  };
  const zoom = (factor: number) => {
    // Towards what is picked, where it is in sight.
    const share = (at: number | undefined, from: number, length: number) =>
      at === undefined || at < from || at > from + length ? 0.5 : (at + 0.5 - from) / length;
    const x = share(picked?.column, region.column, region.columns);
    const y = share(picked?.row, region.row, region.rows);
    onRegion(zoomed(region, factor, x, y, size));
  };

  const told = hovered ?? (focused ? picked : undefined);
  const until = (from: number, length: number) =>
    `${formatNumber(Math.floor(from))}–${formatNumber(Math.ceil(from + length) - 1)}`;
  const coarse = map.rowsPerCell * map.columnsPerCell > 1;
  return (
    <div className="tensor-map">
      <div className="tensor-map-head">
        <span className="tensor-readout" aria-live="polite">
          {told ? placeReadout(report, told.row, told.column) : texts.hint}
        </span>
        <span className="tensor-zoom">
          <IconButton size="small" icon={ZoomOut} label={texts.zoomOut} shortcut="-" onClick={() => zoom(1 / STEP)} />
          <IconButton size="small" icon={ZoomIn} label={texts.zoomIn} shortcut="+" onClick={() => zoom(STEP)} />
          <IconButton
            size="small"
            icon={Maximize}
            label={texts.fit}
            shortcut="0"
            onClick={() => onRegion(whole(size))}
          />
        </span>
      </div>
      <div
        ref={box}
        className="tensor-canvas"
        role="application"
        aria-label={texts.map(layer.name)}
        aria-describedby={hint}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is moved and picked on from the keyboard.
        tabIndex={0}
        onKeyDown={keys}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
      >
        <canvas
          ref={canvas}
          aria-hidden
          style={{ width, height }}
          onPointerDown={down}
          onPointerMove={move}
          onPointerUp={up}
          onPointerCancel={() => {
            drag.current = undefined;
          }}
          onPointerLeave={() => setHovered(undefined)}
        />
        <span id={hint} className="visually-hidden">
          {texts.keys}
        </span>
      </div>
      <div className="tensor-map-foot">
        <span>
          {texts.inView(
            until(region.row, region.rows),
            until(region.column, region.columns),
            texts.axisColumns[layer.op === 'fc' ? 'fc' : 'kernel'],
          )}
          {coarse && ` ${texts.perCell(map.rowsPerCell, map.columnsPerCell)}`}
        </span>
        <Key
          colours={(shown === 'errors' ? theme.errors : theme.signed).map(css)}
          low={shown === 'errors' ? 0 : -most}
          high={most}
        />
      </div>
    </div>
  );
});

/** How far it is to the next block. */
function stride({ picked, layer }: TensorReport): { rows: number; columns: number } {
  const [first] = picked?.runs ?? [];
  if (!picked || !first) return { rows: 1, columns: 1 };
  const rows = picked.runs.at(-1)!.row - first.row + 1;
  return { rows, columns: Math.min(first.length, layer.rowLength) };
}

function Key({ colours, low, high }: { colours: readonly string[]; low: number; high: number }) {
  const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => colours[Math.round(share * (colours.length - 1))]);
  return (
    <span className="tensor-key">
      <span className="num">{formatNumber(low)}</span>
      <i style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} aria-hidden />
      <span className="num">{formatNumber(high)}</span>
    </span>
  );
}
