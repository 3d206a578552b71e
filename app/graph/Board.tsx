import { Download, List, Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { SchematicLayout } from '../../engines/synthesis/index.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { CanvasSurface } from './CanvasSurface.tsx';
import { CellList } from './CellList.tsx';
import { type Box, bringIntoView, type Camera, centre, type Extent, fitBox, sees, zoomAt } from './camera.ts';
import { FlowSurface } from './FlowSurface.tsx';
import { HoverCard } from './HoverCard.tsx';
import { type Hit, HitGrid } from './hit.ts';
import { Legend } from './Legend.tsx';
import { displayName, findSymbols, placeText } from './names.ts';
import { type Direction, neighbour } from './neighbours.ts';
import type { Marked } from './painter.ts';
import type { SchematicViewProps } from './props.ts';
import { Search } from './Search.tsx';
import type { Surface } from './surface.ts';
import { TEXTS } from './texts.ts';

/** Symbols up to which the drawing is made of elements; above, of a canvas. */
const MOST_ELEMENTS = 300;
const STEP = 1.25;
const PAN = 80;
/** Pixels that a press may move and still be a click. */
const CLICK_SLACK = 4;
const READABLE = 0.8;

interface Props extends SchematicViewProps {
  layout: SchematicLayout;
  title: string;
  crumbs: ReactNode;
  stale: boolean;
}

/** Cameras of modules seen before, so that going back shows what was seen. */
type Cameras = Map<string, { camera: Camera; byHand: boolean }>;

export function Board(props: Props) {
  const { layout, path, title, crumbs, stale, selected, highlight, onSelect, onEnter, onLeave, onHover, onExport } =
    props;
  const frame = useRef<HTMLDivElement>(null);
  const surface = useRef<Surface>(null);
  const cameras = useRef<Cameras>(new Map());
  const [view, setView] = useState<Extent>();
  const [listOpen, setListOpen] = useState(false);
  const [hover, setHover] = useState<{ hit: NonNullable<Hit>; x: number; y: number }>();
  const [own, setOwn] = useState<number>();
  const grid = useMemo(() => new HitGrid(layout), [layout]);
  const indices = useMemo(() => new Map(layout.symbols.map((symbol, index) => [symbol.name, index])), [layout]);
  const key = JSON.stringify(path);

  // The selection is the parent's; a join, which the parent does not know, is only ours.
  const given = selected ? indices.get(selected.cell) : undefined;
  const current = own !== undefined && layout.symbols[own]?.shape === 'join' ? own : given;

  const lit = useMemo(() => {
    const cells = new Set<number>();
    for (const name of highlight ?? []) {
      const index = indices.get(name);
      if (index !== undefined) cells.add(index);
    }
    return cells;
  }, [indices, highlight]);
  const marked = useMemo((): Marked => {
    const wires: number[] = [];
    layout.wires.forEach((wire, index) => {
      if (current !== undefined && (wire.from[0] === current || wire.to[0] === current)) wires.push(index);
    });
    return { selected: current, highlight: lit, wires };
  }, [layout, lit, current]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setView({ w: element.clientWidth, h: element.clientHeight }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const all = useMemo(() => ({ x: 0, y: 0, w: layout.width, h: layout.height }), [layout]);
  const ready = view !== undefined && view.w > 0 && view.h > 0;

  const look = useCallback(
    (camera: Camera, byHand: boolean, glide = false) => {
      cameras.current.set(key, { camera, byHand });
      surface.current?.look(camera, glide);
    },
    [key],
  );
  const onMove = useCallback(
    (camera: Camera) => {
      cameras.current.set(key, { camera, byHand: true });
      setHover(undefined);
    },
    [key],
  );

  // Until the user moves it, the camera follows the size of the drawing and of the panel.
  useEffect(() => {
    if (!ready) return;
    const known = cameras.current.get(key);
    look(known?.byHand ? known.camera : fitBox(all, view), known?.byHand ?? false);
  }, [ready, view, all, key, look]);

  const reveal = useCallback(
    (index: number) => {
      const symbol = layout.symbols[index];
      const before = surface.current?.camera();
      if (!symbol || !before || !view) return;
      const camera = bringIntoView(before, symbol, view);
      if (camera.x !== before.x || camera.y !== before.y) look(camera, true, true);
    },
    [layout, view, look],
  );
  const newest = useRef(reveal);
  newest.current = reveal;
  useEffect(() => {
    if (current !== undefined) newest.current(current);
  }, [current]);
  // The first cell of a line comes into view, unless another of them is seen already.
  useEffect(() => {
    const camera = surface.current?.camera();
    const box = frame.current;
    if (!camera || !box || lit.size === 0) return;
    const view = { w: box.clientWidth, h: box.clientHeight };
    for (const index of lit) if (sees(camera, layout.symbols[index]!, view)) return;
    const [first] = lit;
    newest.current(first!);
  }, [lit, layout]);

  const choose = useCallback(
    (index: number | undefined) => {
      const symbol = index === undefined ? undefined : layout.symbols[index];
      setOwn(index);
      if (symbol?.shape === 'join') onSelect(undefined, []);
      else onSelect(symbol?.name, symbol?.src ?? []);
    },
    [layout, onSelect],
  );
  const enter = (index: number | undefined) => {
    const symbol = index === undefined ? undefined : layout.symbols[index];
    if (symbol?.enters !== undefined) onEnter(symbol.name);
  };
  const goTo = (index: number) => {
    const symbol = layout.symbols[index];
    const before = surface.current?.camera();
    if (!symbol || !before || !view) return;
    choose(index);
    look(centre(symbol, view, Math.max(before.zoom, READABLE)), true, true);
    frame.current?.focus();
  };
  const find = useCallback((text: string) => findSymbols(layout, text), [layout]);
  const label = (index: number) => {
    const symbol = layout.symbols[index]!;
    return { name: displayName(layout, symbol), detail: symbol.title };
  };
  const zoom = (factor: number) => {
    const camera = surface.current?.camera();
    if (camera && view) look(zoomAt(camera, factor, view.w / 2, view.h / 2), true, true);
  };
  const fitAll = () => {
    if (view) look(fitBox(all, view), false, true);
  };
  const pan = (dx: number, dy: number) => {
    const camera = surface.current?.camera();
    if (camera) look({ ...camera, x: camera.x + dx, y: camera.y + dy }, true);
  };

  const hitAt = (event: { clientX: number; clientY: number }): { hit: Hit; x: number; y: number } => {
    const box = frame.current!.getBoundingClientRect();
    const camera = surface.current?.camera() ?? { x: 0, y: 0, zoom: 1 };
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return { hit: grid.at((x - camera.x) / camera.zoom, (y - camera.y) / camera.zoom, 5 / camera.zoom), x, y };
  };
  const nearestToCentre = (): number | undefined => {
    const camera = surface.current?.camera();
    if (!camera || !view) return undefined;
    const [x, y] = [(view.w / 2 - camera.x) / camera.zoom, (view.h / 2 - camera.y) / camera.zoom];
    const away = ({ x: left, y: top, w, h }: Box) => Math.hypot(left + w / 2 - x, top + h / 2 - y);
    return layout.symbols.reduce(
      (best, symbol, index) => (away(symbol) < away(layout.symbols[best]!) ? index : best),
      0,
    );
  };
  const hovered = hover?.hit.kind === 'symbol' ? hover.hit.index : undefined;
  const tell = useRef(onHover);
  tell.current = onHover;
  useEffect(() => {
    const symbol = hovered === undefined ? undefined : layout.symbols[hovered];
    tell.current?.(symbol?.shape === 'join' ? undefined : symbol?.name, symbol?.src ?? []);
  }, [hovered, layout]);

  const pressed = useRef<{ x: number; y: number }>(undefined);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = ({ ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const)[
      event.key as 'ArrowLeft'
    ] as Direction | undefined;
    if (direction) {
      if (event.shiftKey) {
        pan(
          direction === 'left' ? PAN : direction === 'right' ? -PAN : 0,
          direction === 'up' ? PAN : direction === 'down' ? -PAN : 0,
        );
      } else {
        const next = current === undefined ? nearestToCentre() : neighbour(layout, current, direction);
        if (next !== undefined) choose(next);
      }
    } else if (event.key === 'Enter') enter(current);
    else if (event.key === 'Backspace') {
      if (path.length > 0) onLeave();
    } else if (event.key === 'Escape') choose(undefined);
    else if (event.key === '+' || event.key === '=') zoom(STEP);
    else if (event.key === '-') zoom(1 / STEP);
    else if (event.key === '0') fitAll();
    else if (event.key === '/')
      frame.current?.parentElement?.parentElement?.querySelector<HTMLElement>('.graph-search-field')?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const chosen = current === undefined ? undefined : layout.symbols[current];
  const Shown = layout.symbols.length > MOST_ELEMENTS ? CanvasSurface : FlowSurface;
  const enterable = hovered !== undefined && layout.symbols[hovered]?.enters !== undefined;
  return (
    <div className="graph" data-stale={stale || undefined}>
      <div className="graph-bar">
        {crumbs}
        <Search find={find} label={label} onGo={goTo} focusKey="/" texts={TEXTS} />
        <span className="graph-tools">
          <IconButton size="small" icon={ZoomOut} label={TEXTS.zoomOut} shortcut="-" onClick={() => zoom(1 / STEP)} />
          <IconButton size="small" icon={ZoomIn} label={TEXTS.zoomIn} shortcut="+" onClick={() => zoom(STEP)} />
          <IconButton size="small" icon={Maximize} label={TEXTS.fit} shortcut="0" onClick={fitAll} />
          <IconButton
            size="small"
            icon={List}
            label={TEXTS.list}
            pressed={listOpen}
            onClick={() => setListOpen(!listOpen)}
          />
          {onExport && (
            <IconButton size="small" icon={Download} label={TEXTS.export} onClick={() => onExport(layout)} />
          )}
          <Legend />
        </span>
      </div>
      <div className="graph-main">
        <div
          ref={frame}
          className="graph-frame-box"
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
          tabIndex={0}
          aria-label={`${TEXTS.schematic(title)}. ${TEXTS.keys}`}
          data-enterable={enterable || undefined}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            pressed.current = { x: event.clientX, y: event.clientY };
          }}
          onPointerMove={(event) => {
            if (event.buttons !== 0 || event.pointerType === 'touch') return;
            const { hit, x, y } = hitAt(event);
            setHover(hit && { hit, x, y });
          }}
          onPointerLeave={() => setHover(undefined)}
          onClick={(event) => {
            const from = pressed.current;
            if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > CLICK_SLACK) return;
            const { hit } = hitAt(event);
            choose(hit?.kind === 'symbol' ? hit.index : undefined);
          }}
          onDoubleClick={(event) => {
            const { hit } = hitAt(event);
            if (hit?.kind === 'symbol') enter(hit.index);
          }}
        >
          {ready && (
            <Shown
              key={Shown.name}
              ref={surface}
              layout={layout}
              marked={marked}
              start={cameras.current.get(key)?.camera ?? fitBox(all, view)}
              onMove={onMove}
            />
          )}
          {hover && view && <HoverCard layout={layout} hit={hover.hit} x={hover.x} y={hover.y} view={view} />}
          <p className="graph-said" role="status">
            {chosen && TEXTS.selected(displayName(layout, chosen), chosen.title, placeText(chosen))}
          </p>
        </div>
        {listOpen && (
          <aside className="graph-list" aria-label={TEXTS.list}>
            <CellList layout={layout} selected={current} onGo={goTo} />
          </aside>
        )}
      </div>
    </div>
  );
}
