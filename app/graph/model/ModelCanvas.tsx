import type { Camera } from '../camera.ts';
import { useCanvas } from '../useCanvas.ts';
import { NODE } from './shape.ts';
import type { ModelSurfaceProps } from './surface.ts';

/** Below this zoom texts are a few pixels high, and left out. */
const TEXT_ZOOM = 0.3;

const TOKENS = ['surface', 'sunken', 'line-control', 'line-strong', 'text', 'text-2', 'accent', 'accent-soft'] as const;
type Theme = Record<(typeof TOKENS)[number] | 'mono' | 'sans', string>;

function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries([...TOKENS, 'mono', 'sans'].map((name) => [name, read(name)])) as Theme;
}

/** Shows a network on a canvas; for graphs of hundreds and thousands of nodes. Draws only when something changed. */
export function ModelCanvas(props: ModelSurfaceProps) {
  const { placed, looks, marks, start, ref, onMove } = props;
  const canvas = useCanvas({
    start,
    ref,
    onMove,
    measure: 'model-frame',
    readTheme,
    paint: (context, camera, ratio, theme) => paint(context, props, camera, ratio, theme),
    drawn: [placed, looks, marks],
  });
  return <canvas ref={canvas} className="graph-canvas" aria-hidden />;
}

function paint(
  context: CanvasRenderingContext2D,
  { placed: { graph, layout }, looks, marks }: ModelSurfaceProps,
  camera: Camera,
  ratio: number,
  theme: Theme,
): void {
  const { width, height } = context.canvas;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, width, height);
  context.setTransform(camera.zoom * ratio, 0, 0, camera.zoom * ratio, camera.x * ratio, camera.y * ratio);
  const left = -camera.x / camera.zoom;
  const top = -camera.y / camera.zoom;
  const right = left + width / ratio / camera.zoom;
  const bottom = top + height / ratio / camera.zoom;

  context.strokeStyle = theme['line-control'];
  context.lineWidth = Math.max(1.25, 0.7 / camera.zoom);
  context.beginPath();
  for (const { points } of layout.edges) {
    const ys = [points[0]?.[1] ?? 0, points.at(-1)?.[1] ?? 0];
    if (Math.max(...ys) < top || Math.min(...ys) > bottom) continue;
    for (const [index, [x, y]] of points.entries()) index === 0 ? context.moveTo(x, y) : context.lineTo(x, y);
  }
  context.stroke();

  const withText = camera.zoom >= TEXT_ZOOM;
  context.textBaseline = 'alphabetic';
  for (const [index, node] of graph.nodes.entries()) {
    const { x, y } = layout.nodes[index]!;
    if (x > right || x + NODE.w < left || y > bottom || y + NODE.h < top) continue;
    const marked = marks.selected === index || marks.highlight.has(index);
    context.fillStyle = marked ? theme['accent-soft'] : node.kind === 'layer' ? theme.surface : theme.sunken;
    context.strokeStyle = marked ? theme.accent : theme['line-control'];
    context.lineWidth = Math.max(marks.selected === index ? 2 : 1, 0.7 / camera.zoom);
    context.beginPath();
    context.roundRect(x, y, NODE.w, NODE.h, 4);
    context.fill();
    context.stroke();
    const { colour, note } = looks[index] ?? {};
    if (colour) {
      context.fillStyle = colour;
      context.fillRect(x + 1, y + 1, 5, NODE.h - 2);
    }
    if (!withText) continue;
    const mark = note ?? (node.times > 1 ? `× ${node.times}` : '');
    context.font = `12px ${theme.sans}`;
    const room = NODE.w - 24 - (mark ? context.measureText(mark).width + 8 : 0);
    context.fillStyle = theme['text-2'];
    context.fillText(cut(context, node.detail, NODE.w - 24), x + 14, y + 36);
    if (mark) {
      context.textAlign = 'right';
      context.fillText(mark, x + NODE.w - 8, y + 19);
      context.textAlign = 'left';
    }
    context.font = `12px ${theme.mono}`;
    context.fillStyle = theme.text;
    context.fillText(cut(context, node.title, room), x + 14, y + 19);
  }
}

/** As much of a text as fits. Measured by its own average width, which is exact for a monospaced face. */
function cut(context: CanvasRenderingContext2D, text: string, room: number): string {
  const width = context.measureText(text).width;
  if (width <= room) return text;
  return `${text.slice(0, Math.max(1, Math.floor((room / width) * text.length) - 1))}…`;
}
