import { FoldVertical, Maximize, UnfoldVertical, ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Network } from '../../../engines/onnx/network.ts';
import { describeLayer } from '../../../engines/onnx/view/describe.ts';
import { everyOpening, openingsFor, openingsWithin, viewGraph } from '../../../engines/onnx/view/fold.ts';
import type { LayoutSpec, ViewLayout } from '../../../engines/onnx/view/types.ts';
import { useJob } from '../../jobs/index.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { bringIntoView, centre, type Extent, fitBox, zoomAt } from '../camera.ts';
import '../graph.css';
import { Search } from '../Search.tsx';
import type { Surface } from '../surface.ts';
import { ModelCanvas } from './ModelCanvas.tsx';
import { ModelFlow } from './ModelFlow.tsx';
import './model.css';
import {
  type Direction,
  findLayers,
  isFolded,
  layoutSpec,
  type ModelMarks,
  NODE,
  neighbourOf,
  nodeAt,
  type Placed,
} from './shape.ts';
import { TEXTS } from './texts.ts';

/** Nodes up to which the graph is made of elements; above, of a canvas. */
const MOST_ELEMENTS = 300;
/** Blocks unfold at first while so many nodes are seen. */
const FIRST_NODES = 90;
const STEP = 1.25;
const READABLE = 1;
const CLICK_SLACK = 4;

export interface ModelViewProps {
  network: Network;
  /** Colour of a layer's edge; undefined: none. A folded block takes its first layer's. */
  colour?(layer: number): string | undefined;
  /** A word at the right of a layer ("× 12", "1.2 ms"). */
  note?(layer: number): string | undefined;
  selected?: number;
  onSelect(layer: number | undefined): void;
  /** Layers lit because something else is about them. */
  highlight?: ReadonlySet<number>;
  onHover?(layer: number | undefined): void;
}

/**
 * The graph of a network, for every lab: blocks fold, equal neighbours fold into one node, search finds and unfolds. The
 * layout is made in a worker; a table of the same layers is `LayerTable`.
 */
export function ModelView({ network, colour, note, selected, onSelect, highlight, onHover }: ModelViewProps) {
  const first = useMemo(() => new Set(openingsWithin(network, FIRST_NODES)), [network]);
  const [choice, setChoice] = useState<{ network: Network; open: ReadonlySet<string> }>();
  const open = choice?.network === network ? choice.open : first;
  const setOpen = useCallback((ids: Iterable<string>) => setChoice({ network, open: new Set(ids) }), [network]);

  const graph = useMemo(() => viewGraph(network, open), [network, open]);
  const { run, ...job } = useJob<LayoutSpec, ViewLayout>('onnx/layout');
  const asked = useRef(graph);
  const [placed, setPlaced] = useState<Placed>();
  useEffect(() => {
    asked.current = graph;
    run(layoutSpec(graph), { flush: false });
  }, [graph, run]);
  useEffect(() => {
    if (job.state === 'done' && job.fresh && job.result) setPlaced({ graph: asked.current, layout: job.result });
  }, [job.state, job.fresh, job.result]);

  const frame = useRef<HTMLDivElement>(null);
  const surface = useRef<Surface>(null);
  const byHand = useRef(false);
  const [view, setView] = useState<Extent>();
  const box = useMemo(() => ({ x: 0, y: 0, w: placed?.layout.width ?? 1, h: placed?.layout.height ?? 1 }), [placed]);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setView({ w: element.clientWidth, h: element.clientHeight }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const top = placed?.layout.nodes[0];
  const start = useMemo(() => (view ? startCamera(box, view, top?.x ?? 0) : undefined), [box, view, top]);
  useEffect(() => {
    byHand.current = byHand.current && placed?.graph !== undefined;
    if (start && !byHand.current) surface.current?.look(start);
  }, [start, placed]);

  const owner = useMemo(() => {
    const of = new Map<number, number>();
    for (const [node, { layers }] of (placed?.graph.nodes ?? []).entries())
      for (const layer of layers) of.set(layer, node);
    return of;
  }, [placed]);
  const current = selected === undefined ? undefined : owner.get(selected);
  const marks = useMemo((): ModelMarks => {
    const lit = [...(highlight ?? [])].flatMap((layer) => owner.get(layer) ?? []);
    return { selected: current, highlight: new Set(lit) };
  }, [owner, highlight, current]);
  const looks = useMemo(
    () =>
      (placed?.graph.nodes ?? []).map(({ layers, kind }) => ({
        colour: layers.map((layer) => colour?.(layer)).find((found) => found !== undefined),
        note: kind === 'layer' ? note?.(layers[0]!) : undefined,
      })),
    [placed, colour, note],
  );

  const place = (index: number) => ({ ...placed!.layout.nodes[index]!, ...NODE });
  const choose = (index: number | undefined) =>
    onSelect(index === undefined ? undefined : placed?.graph.nodes[index]?.layers[0]);
  const reveal = useRef<(index: number) => void>(() => {});
  reveal.current = (index) => {
    const camera = surface.current?.camera();
    if (!camera || !view || !placed) return;
    const next = bringIntoView(camera, place(index), view);
    if (next.x !== camera.x || next.y !== camera.y) surface.current?.look(next, true);
  };
  useEffect(() => {
    if (current !== undefined) reveal.current(current);
  }, [current]);

  const goal = useRef<number>(undefined);
  const goTo = (layer: number) => {
    const missing = openingsFor(network, layer).filter((id) => !open.has(id));
    goal.current = layer;
    if (missing.length > 0 && placed?.graph.nodes[owner.get(layer) ?? -1]?.kind !== 'layer')
      setOpen([...open, ...missing]);
    else arrive();
    onSelect(layer);
    frame.current?.focus();
  };
  const arrive = () => {
    const node = goal.current === undefined ? undefined : owner.get(goal.current);
    const camera = surface.current?.camera();
    if (node === undefined || !camera || !view) return;
    goal.current = undefined;
    byHand.current = true;
    surface.current?.look(centre(place(node), view, Math.max(camera.zoom, READABLE)), true);
  };
  const arriveLater = useRef(arrive);
  arriveLater.current = arrive;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the unfolded graph has its places.
  useEffect(() => arriveLater.current(), [placed]);

  const unfold = (index: number | undefined) => {
    const node = index === undefined ? undefined : placed?.graph.nodes[index];
    if (!node || !isFolded(node)) return;
    goal.current = node.layers[0];
    setOpen([...open, node.id]);
  };
  const foldAround = () => {
    const inside = selected === undefined ? undefined : network.layers[selected];
    for (let depth = inside?.block.length ?? 0; depth > 0; depth--) {
      const id = `b:${inside!.block.slice(0, depth).join('/')}`;
      if (!open.has(id)) continue;
      goal.current = selected;
      setOpen([...open].filter((each) => each !== id && !each.startsWith(`${id}/`)));
      return;
    }
  };
  const unfoldAll = () => setOpen(everyOpening(network));

  const zoom = (factor: number) => {
    const camera = surface.current?.camera();
    byHand.current = true;
    if (camera && view) surface.current?.look(zoomAt(camera, factor, view.w / 2, view.h / 2), true);
  };
  const fitAll = () => {
    byHand.current = false;
    if (view) surface.current?.look(fitBox(box, view), true);
  };

  const find = useCallback(
    (text: string) =>
      findLayers(
        network.layers.map(({ name }) => name),
        text,
      ),
    [network],
  );
  const label = (layer: number) => {
    const { title, detail } = describeLayer(network.layers[layer]!);
    return { name: title, detail };
  };
  const hit = (event: { clientX: number; clientY: number }) => {
    const edge = frame.current!.getBoundingClientRect();
    const camera = surface.current?.camera();
    if (!camera || !placed) return undefined;
    return nodeAt(
      placed,
      (event.clientX - edge.left - camera.x) / camera.zoom,
      (event.clientY - edge.top - camera.y) / camera.zoom,
    );
  };
  const pressed = useRef<{ x: number; y: number }>(undefined);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !placed) return;
    const direction = ARROWS[event.key];
    if (direction) choose(current === undefined ? 0 : (neighbourOf(placed, current, direction) ?? current));
    else if (event.key === 'Enter') unfold(current);
    else if (event.key === 'Backspace') foldAround();
    else if (event.key === 'Escape') choose(undefined);
    else if (event.key === '+' || event.key === '=') zoom(STEP);
    else if (event.key === '-') zoom(1 / STEP);
    else if (event.key === '0') fitAll();
    else if (event.key === '/')
      frame.current?.parentElement?.parentElement?.querySelector<HTMLElement>('.graph-search-field')?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const chosen = current === undefined ? undefined : placed?.graph.nodes[current];
  const Shown = (placed?.graph.nodes.length ?? 0) > MOST_ELEMENTS ? ModelCanvas : ModelFlow;
  return (
    <div className="graph">
      <div className="graph-bar">
        <span className="model-count">{TEXTS.nodes(graph.nodes.length, network.layers.length)}</span>
        <Search find={find} label={label} onGo={goTo} focusKey="/" texts={TEXTS} />
        <span className="graph-tools">
          <IconButton size="small" icon={FoldVertical} label={TEXTS.fold} onClick={() => setOpen([])} />
          <IconButton size="small" icon={UnfoldVertical} label={TEXTS.unfold} onClick={unfoldAll} />
          <IconButton size="small" icon={ZoomOut} label={TEXTS.zoomOut} shortcut="-" onClick={() => zoom(1 / STEP)} />
          <IconButton size="small" icon={ZoomIn} label={TEXTS.zoomIn} shortcut="+" onClick={() => zoom(STEP)} />
          <IconButton size="small" icon={Maximize} label={TEXTS.fit} shortcut="0" onClick={fitAll} />
        </span>
      </div>
      <div className="graph-main">
        <div
          ref={frame}
          className="graph-frame-box"
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys move from layer to layer.
          tabIndex={0}
          aria-label={`${TEXTS.graph(network.name)}. ${TEXTS.keys}`}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            pressed.current = { x: event.clientX, y: event.clientY };
          }}
          onPointerMove={(event) => {
            if (event.buttons !== 0 || !onHover) return;
            const node = hit(event);
            onHover(node === undefined ? undefined : placed?.graph.nodes[node]?.layers[0]);
          }}
          onPointerLeave={() => onHover?.(undefined)}
          onClick={(event) => {
            const from = pressed.current;
            if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > CLICK_SLACK) return;
            choose(hit(event));
          }}
          onDoubleClick={(event) => unfold(hit(event))}
        >
          {placed && start && (
            <Shown
              key={Shown.name}
              ref={surface}
              placed={placed}
              looks={looks}
              marks={marks}
              start={start}
              onMove={() => {
                byHand.current = true;
              }}
            />
          )}
          {!placed && job.state !== 'failed' && <p className="graph-rest">{TEXTS.placing}</p>}
          {job.state === 'failed' && (
            <EmptyState title={TEXTS.graph(network.name)} text={job.problems?.[0]?.what ?? ''} />
          )}
          <p className="graph-said" role="status">
            {chosen && TEXTS.selected(chosen.title, chosen.detail)}
          </p>
        </div>
      </div>
      {job.state === 'failed' && job.problems && <ProblemList problems={job.problems} />}
    </div>
  );
}

const ARROWS: Partial<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** A tall graph starts with its first node, at a size that can be read; a small one is shown whole. */
function startCamera(box: { x: number; y: number; w: number; h: number }, view: Extent, firstX: number) {
  const whole = fitBox(box, view);
  if (whole.zoom >= READABLE * 0.95) return whole;
  const zoom = Math.min(READABLE, (view.w - 24) / box.w);
  return zoom <= whole.zoom ? whole : { zoom, x: view.w / 2 - (firstX + NODE.w / 2) * zoom, y: 12 };
}
