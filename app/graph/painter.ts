import type { SchematicLayout } from '../../engines/synthesis/index.ts';
import type { Camera, Extent } from './camera.ts';
import { drawSymbol, STROKES, TEXTS, type TextMark, type Token, wholeWire } from './drawing.ts';

/** Below this zoom texts are too small to read and are left out. */
const TEXT_ZOOM = 0.45;
const TILE = 1024;

type StrokeName = keyof typeof STROKES;

/** Wires lie under the outlines, outlines under what is drawn on them. */
const ORDER: StrokeName[] = ['line', 'bus', 'body', 'state', 'port', 'head', 'mark', 'bar'];

interface Tile {
  x: number;
  y: number;
  /** What reaches beyond the tile's own square, at most. */
  reach: number;
  paths: Partial<Record<StrokeName, Path2D>>;
  dots: Path2D;
  texts: (TextMark & { shift: [number, number] })[];
}

interface Edges {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Theme {
  colours: Record<Token, string>;
  mono: string;
}

export interface Marked {
  selected?: number;
  highlight: ReadonlySet<number>;
  /** Wires drawn in the accent colour. */
  wires: readonly number[];
}

/** Draws a layout on a canvas. Lines are gathered in tiles once, so that a frame is some tiles
 * and long wires, not thousands of symbols. */
export class Painter {
  private readonly tiles = new Map<number, Tile>();
  /** Wires too long for a tile. */
  private readonly long: ({ style: 'line' | 'bus'; points: number[] } & Edges)[] = [];
  private readonly columns: number;

  constructor(private readonly layout: SchematicLayout) {
    this.columns = Math.ceil(layout.width / TILE) + 2;
    for (const { points, width, junctions } of layout.wires) {
      this.addWire(width > 1 ? 'bus' : 'line', points);
      for (let at = 0; at < junctions.length; at += 2) {
        const [x, y] = [junctions[at]!, junctions[at + 1]!];
        const dot = this.tileAt(x, y).dots;
        dot.moveTo(x, y);
        dot.arc(x, y, 3, 0, 2 * Math.PI);
      }
    }
    for (const symbol of layout.symbols) {
      const tile = this.tileAt(symbol.x, symbol.y);
      tile.reach = Math.max(tile.reach, symbol.w, symbol.h);
      const { paths, texts } = drawSymbol(symbol);
      const move = new DOMMatrix([1, 0, 0, 1, symbol.x, symbol.y]);
      for (const { style, d } of paths) pathOf(tile, style).addPath(new Path2D(d), move);
      for (const text of texts) tile.texts.push({ ...text, shift: [symbol.x + text.x, symbol.y + text.y] });
    }
  }

  private tileAt(x: number, y: number): Tile {
    const column = Math.floor(x / TILE);
    const row = Math.floor(y / TILE);
    const key = row * this.columns + column;
    let tile = this.tiles.get(key);
    if (!tile) {
      tile = { x: column * TILE, y: row * TILE, reach: 0, paths: {}, dots: new Path2D(), texts: [] };
      this.tiles.set(key, tile);
    }
    return tile;
  }

  private addWire(style: 'line' | 'bus', points: number[]): void {
    const xs = points.filter((_, at) => at % 2 === 0);
    const ys = points.filter((_, at) => at % 2 === 1);
    const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
    const reach = Math.max(box.right - box.left, box.bottom - box.top);
    if (reach > TILE) {
      this.long.push({ style, points, ...box });
      return;
    }
    const tile = this.tileAt(box.left, box.top);
    tile.reach = Math.max(tile.reach, reach);
    trace(pathOf(tile, style), points);
  }

  paint(
    context: CanvasRenderingContext2D,
    camera: Camera,
    view: Extent,
    ratio: number,
    theme: Theme,
    marked: Marked,
  ): void {
    const { colours } = theme;
    const scale = camera.zoom * ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colours.surface;
    context.fillRect(0, 0, view.w * ratio, view.h * ratio);
    context.setTransform(scale, 0, 0, scale, camera.x * ratio, camera.y * ratio);
    context.lineJoin = 'round';
    const window = seen(camera, view);
    const visible = this.visible(window);
    // Thin lines stay visible from afar.
    const least = 0.75 / camera.zoom;
    for (const name of ORDER) {
      const style = STROKES[name];
      context.strokeStyle = colours[style.stroke];
      context.lineWidth = Math.max(style.width, least);
      if ('fill' in style) context.fillStyle = colours[style.fill];
      for (const tile of visible) {
        const path = tile.paths[name];
        if (!path) continue;
        if ('fill' in style) context.fill(path);
        context.stroke(path);
      }
      if (name === 'line' || name === 'bus') this.strokeLong(context, name, window);
      if (name === 'bus') {
        context.fillStyle = colours.c1;
        for (const tile of visible) context.fill(tile.dots);
      }
    }
    this.paintWires(context, marked.wires, colours.accent, least);
    this.paintMarked(context, marked, colours, least);
    if (camera.zoom >= TEXT_ZOOM) this.paintTexts(context, visible, window, theme);
  }

  private visible({ left, right, top, bottom }: Edges): Tile[] {
    const found: Tile[] = [];
    for (const tile of this.tiles.values()) {
      const size = TILE + tile.reach;
      if (tile.x <= right && tile.y <= bottom && tile.x + size >= left && tile.y + size >= top) found.push(tile);
    }
    return found;
  }

  private strokeLong(context: CanvasRenderingContext2D, style: 'line' | 'bus', window: Edges): void {
    context.beginPath();
    for (const wire of this.long) {
      if (wire.style !== style || wire.left > window.right || wire.right < window.left) continue;
      if (wire.top <= window.bottom && wire.bottom >= window.top) trace(context, wire.points);
    }
    context.stroke();
  }

  private paintTexts(context: CanvasRenderingContext2D, tiles: readonly Tile[], window: Edges, theme: Theme): void {
    // A text reaches this far from its anchor.
    const [left, right] = [window.left - 400, window.right + 400];
    const [top, bottom] = [window.top - 20, window.bottom + 20];
    let style: TextMark['style'] | undefined;
    let anchor: TextMark['anchor'] | undefined;
    for (const tile of tiles) {
      for (const text of tile.texts) {
        const [x, y] = text.shift;
        if (x < left || x > right || y < top || y > bottom) continue;
        if (text.style !== style) {
          style = text.style;
          const { fill, size, weight } = TEXTS[style];
          context.font = `${weight} ${size}px ${theme.mono}`;
          context.fillStyle = theme.colours[fill];
        }
        if (text.anchor !== anchor) {
          anchor = text.anchor;
          context.textAlign = anchor === 'middle' ? 'center' : anchor;
        }
        context.fillText(text.text, x, y);
      }
    }
  }

  private paintWires(context: CanvasRenderingContext2D, wires: readonly number[], colour: string, least: number): void {
    if (wires.length === 0) return;
    context.strokeStyle = colour;
    for (const index of wires) {
      const wire = this.layout.wires[index]!;
      const points = wholeWire(this.layout, wire);
      context.lineWidth = Math.max(wire.width > 1 ? 3 : 2, least * 2);
      context.beginPath();
      trace(context, points);
      context.stroke();
    }
  }

  private paintMarked(
    context: CanvasRenderingContext2D,
    marked: Marked,
    colours: Theme['colours'],
    least: number,
  ): void {
    const frame = (index: number, width: number): void => {
      const symbol = this.layout.symbols[index];
      if (!symbol) return;
      const { body } = symbol;
      context.beginPath();
      context.roundRect(symbol.x + body.x - 5, symbol.y + body.y - 5, body.w + 10, body.h + 10, 6);
      context.globalAlpha = 0.14;
      context.fillStyle = colours.accent;
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = colours.accent;
      context.lineWidth = Math.max(width, least * width);
      context.stroke();
    };
    for (const index of marked.highlight) if (index !== marked.selected) frame(index, 1);
    if (marked.selected !== undefined) frame(marked.selected, 2);
  }
}

/** The part of the drawing that the view shows. */
function seen(camera: Camera, view: Extent): Edges {
  const left = -camera.x / camera.zoom;
  const top = -camera.y / camera.zoom;
  return { left, top, right: left + view.w / camera.zoom, bottom: top + view.h / camera.zoom };
}

function trace(path: CanvasPath, points: readonly number[]): void {
  path.moveTo(points[0]!, points[1]!);
  for (let at = 2; at < points.length; at += 2) path.lineTo(points[at]!, points[at + 1]!);
}

function pathOf(tile: Tile, style: StrokeName): Path2D {
  let path = tile.paths[style];
  if (!path) {
    path = new Path2D();
    tile.paths[style] = path;
  }
  return path;
}
