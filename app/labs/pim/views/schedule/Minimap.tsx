import { type PointerEvent, useEffect, useRef } from 'react';
import { WORK } from '../../readings/kinds.ts';
import { texts } from '../../texts.ts';
import { useThemeVersion } from '../theme.ts';
import { BINS, type Bins, workBetween } from './bins.ts';
import { packTheme } from './gantt-theme.ts';

const HEIGHT = 36;

interface MinimapProps {
  bins: Bins;
  /** How many cores work at all: the full height. */
  cores: number;
  fromNs: number;
  toNs: number;
  onMove(fromNs: number, toNs: number): void;
}

/** The whole run over all cores, with the stretch that is shown below; drag it, or draw a new one beside it. */
export function Minimap({ bins, cores, fromNs, toNs, onMove }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const version = useThemeVersion();
  const drag = useRef<{ kind: 'move' | 'draw'; at: number; from: number; to: number }>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours ask for another picture.
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const draw = () => paint(element, bins, cores);
    draw();
    const watch = new ResizeObserver(draw);
    watch.observe(element);
    return () => watch.disconnect();
  }, [bins, cores, version]);

  const timeAt = (event: PointerEvent) => {
    const bounds = canvas.current?.getBoundingClientRect();
    return bounds ? Math.min(Math.max((event.clientX - bounds.left) / bounds.width, 0), 1) * bins.endNs : 0;
  };
  const left = (100 * fromNs) / bins.endNs;
  const width = (100 * (toNs - fromNs)) / bins.endNs;
  return (
    <div
      className="gantt-map"
      title={texts.schedule.minimap}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = timeAt(event);
        const inside = at >= fromNs && at <= toNs && toNs - fromNs < bins.endNs * 0.98;
        drag.current = { kind: inside ? 'move' : 'draw', at, from: fromNs, to: toNs };
      }}
      onPointerMove={(event) => {
        const held = drag.current;
        if (!held) return;
        const at = timeAt(event);
        if (held.kind === 'move') onMove(held.from + at - held.at, held.to + at - held.at);
        else if (Math.abs(at - held.at) > bins.endNs / 500) onMove(Math.min(at, held.at), Math.max(at, held.at));
      }}
      onPointerUp={(event) => {
        const held = drag.current;
        drag.current = undefined;
        const at = timeAt(event);
        if (held?.kind !== 'draw' || Math.abs(at - held.at) > bins.endNs / 500) return;
        const half = (held.to - held.from) / 2;
        onMove(at - half, at + half);
      }}
    >
      <canvas ref={canvas} aria-hidden />
      <i className="gantt-map-window" style={{ left: `${left}%`, width: `max(3px, ${width}%)` }} />
    </div>
  );
}

function paint(element: HTMLCanvasElement, bins: Bins, cores: number): void {
  const ratio = devicePixelRatio;
  const width = Math.max(1, Math.round(element.clientWidth * ratio));
  const height = Math.max(1, Math.round(HEIGHT * ratio));
  element.width = width;
  element.height = height;
  const context = element.getContext('2d');
  if (!context) return;
  const theme = packTheme(element);
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  pixels.fill(theme.ground);
  const step = BINS / width;
  for (let x = 0; x < width; x++) {
    let reached = height;
    let filled = 0;
    for (const [kind] of WORK.entries()) {
      const share = workBetween(bins.all, kind * (BINS + 1), x * step, (x + 1) * step) / step / Math.max(1, cores);
      filled += share * height;
      const top = Math.max(0, Math.round(height - Math.min(filled, height)));
      for (let y = reached - 1; y >= top; y--) pixels[y * width + x] = theme.kinds[kind]!;
      reached = Math.min(reached, top);
    }
  }
  context.putImageData(image, 0, 0);
}
