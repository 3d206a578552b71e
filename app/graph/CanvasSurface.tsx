import { useMemo } from 'react';
import { STROKES, TEXTS, type Token } from './drawing.ts';
import { Painter, type Theme } from './painter.ts';
import type { SurfaceProps } from './surface.ts';
import { useCanvas } from './useCanvas.ts';

const TOKENS = new Set<Token>(['surface', 'accent', 'c1']);
for (const style of Object.values(STROKES)) {
  TOKENS.add(style.stroke);
  if ('fill' in style) TOKENS.add(style.fill);
}
for (const { fill } of Object.values(TEXTS)) TOKENS.add(fill);

function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const colours = {} as Record<Token, string>;
  for (const token of TOKENS) colours[token] = style.getPropertyValue(`--${token}`).trim();
  return { colours, mono: style.getPropertyValue('--mono').trim() || 'monospace' };
}

/** Shows a layout on a canvas; for drawings of thousands of symbols. Draws only when something changed. */
export function CanvasSurface({ layout, marked, start, ref, onMove }: SurfaceProps) {
  const painter = useMemo(() => new Painter(layout), [layout]);
  const canvas = useCanvas({
    start,
    ref,
    onMove,
    measure: 'schematic-frame',
    readTheme,
    paint(context, camera, ratio, theme) {
      const { clientWidth: w, clientHeight: h } = context.canvas;
      painter.paint(context, camera, { w, h }, ratio, theme, marked);
    },
    drawn: [painter, marked],
  });
  return <canvas ref={canvas} className="graph-canvas" aria-hidden />;
}
