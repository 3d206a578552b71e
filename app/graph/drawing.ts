import type { PlacedPin, PlacedSymbol, SchematicLayout, Wire } from '../../engines/synthesis/index.ts';

/** Tokens of the shell that the drawing uses. */
export type Token =
  | 'surface'
  | 'sunken'
  | 'text'
  | 'text-2'
  | 'text-3'
  | 'accent'
  | 'accent-soft'
  | 'c1'
  | 'c3'
  | 'line-strong';

export interface Stroke {
  stroke?: Token;
  width?: number;
  fill?: Token;
}

/** How each kind of line is drawn. One table for the page, the canvas and the exported file. */
export const STROKES = {
  body: { stroke: 'text-2', width: 1.5, fill: 'surface' },
  state: { stroke: 'text-2', width: 1.5, fill: 'sunken' },
  head: { stroke: 'text-2', width: 1.5, fill: 'sunken' },
  port: { stroke: 'c1', width: 1.5, fill: 'surface' },
  bar: { stroke: 'text-2', width: 3 },
  line: { stroke: 'c1', width: 1.25 },
  bus: { stroke: 'c1', width: 2.25 },
  mark: { stroke: 'text-2', width: 1.25 },
} as const satisfies Record<string, Stroke>;

export interface TextStyle {
  fill: Token;
  mono: boolean;
  size: number;
  weight: number;
}

export const TEXTS = {
  heading: { fill: 'text', mono: true, size: 12, weight: 600 },
  type: { fill: 'text-3', mono: true, size: 12, weight: 400 },
  label: { fill: 'text-2', mono: true, size: 12, weight: 400 },
  glyph: { fill: 'text', mono: true, size: 15, weight: 500 },
  port: { fill: 'text', mono: true, size: 12, weight: 500 },
  net: { fill: 'c1', mono: true, size: 12, weight: 500 },
  slice: { fill: 'text-3', mono: true, size: 12, weight: 400 },
  constant: { fill: 'c3', mono: true, size: 12, weight: 400 },
} as const satisfies Record<string, TextStyle>;

export interface PathMark {
  style: keyof typeof STROKES;
  d: string;
}

export interface TextMark {
  style: keyof typeof TEXTS;
  x: number;
  /** Base line. */
  y: number;
  anchor: 'start' | 'middle' | 'end';
  text: string;
}

export interface Drawing {
  paths: PathMark[];
  texts: TextMark[];
}

const BUBBLE = 3;
const TAPER = 10;
/** Depth of the control point of an OR gate's curved back, in widths. */
const BACK = 0.26;

/** The lines and texts of a symbol, from its own corner. */
export function drawSymbol(symbol: PlacedSymbol): Drawing {
  const drawing: Drawing = { paths: [], texts: [] };
  for (const pin of symbol.pins) drawStub(symbol, pin, drawing);
  drawBody(symbol, drawing);
  for (const pin of symbol.pins) drawLabel(symbol, pin, drawing);
  return drawing;
}

function circle(x: number, y: number, r: number): string {
  return `M${x - r},${y}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0z`;
}

function rectangle(x: number, y: number, w: number, h: number, r: number): string {
  return `M${x + r},${y}h${w - 2 * r}a${r},${r} 0 0 1 ${r},${r}v${h - 2 * r}a${r},${r} 0 0 1 ${-r},${r}h${2 * r - w}a${r},${r} 0 0 1 ${-r},${-r}v${2 * r - h}a${r},${r} 0 0 1 ${r},${-r}z`;
}

function orOutline(x: number, y: number, w: number, h: number): string {
  return `M${x},${y}h${w * 0.3}C${x + w * 0.62},${y} ${x + w * 0.86},${y + h * 0.2} ${x + w},${y + h / 2}C${x + w * 0.86},${y + h * 0.8} ${x + w * 0.62},${y + h} ${x + w * 0.3},${y + h}h${-w * 0.3}Q${x + w * BACK},${y + h / 2} ${x},${y}z`;
}

function drawBody(symbol: PlacedSymbol, { paths, texts }: Drawing): void {
  const { shape, heading, glyph } = symbol;
  const { x, y, w, h } = symbol.body;
  const middle = y + h / 2;
  const sign = (at: number): void => {
    if (glyph) texts.push({ style: 'glyph', x: at, y: middle + 5, anchor: 'middle', text: glyph });
  };
  switch (shape) {
    case 'input':
      paths.push({ style: 'port', d: `M${x},${y}h${w - 10}l10,${h / 2}l-10,${h / 2}H${x}z` });
      texts.push({ style: 'port', x: x + 7, y: middle + 4, anchor: 'start', text: heading[0] ?? '' });
      return;
    case 'output':
      paths.push({ style: 'port', d: `M${x},${middle}l10,${-h / 2}h${w - 10}v${h}h${10 - w}z` });
      texts.push({ style: 'port', x: x + w - 7, y: middle + 4, anchor: 'end', text: heading[0] ?? '' });
      return;
    case 'inout':
      paths.push({ style: 'port', d: `M${x},${middle}l8,${-h / 2}h${w - 16}l8,${h / 2}l-8,${h / 2}h${16 - w}z` });
      texts.push({ style: 'port', x: x + w / 2, y: middle + 4, anchor: 'middle', text: heading[0] ?? '' });
      return;
    case 'and':
    case 'nand': {
      const full = shape === 'nand' ? w - 2 * BUBBLE : w;
      const r = Math.min(h / 2, 20);
      paths.push({ style: 'body', d: `M${x},${y}h${full - r}a${r},${h / 2} 0 0 1 0,${h}h${r - full}z` });
      if (shape === 'nand') paths.push({ style: 'body', d: circle(x + w - BUBBLE, middle, BUBBLE) });
      sign(x + full / 2);
      return;
    }
    case 'or':
    case 'nor':
    case 'xor':
    case 'xnor': {
      const inverted = shape === 'nor' || shape === 'xnor';
      const exclusive = shape === 'xor' || shape === 'xnor';
      const start = exclusive ? x + 6 : x;
      const end = inverted ? x + w - 2 * BUBBLE : x + w;
      paths.push({ style: 'body', d: orOutline(start, y, end - start, h) });
      if (exclusive) paths.push({ style: 'mark', d: `M${x},${y + h}Q${x + (end - start) * BACK},${middle} ${x},${y}` });
      if (inverted) paths.push({ style: 'body', d: circle(x + w - BUBBLE, middle, BUBBLE) });
      sign(start + (end - start) * 0.52);
      return;
    }
    case 'buffer':
    case 'tristate':
    case 'inverter': {
      const end = shape === 'inverter' ? x + w - 2 * BUBBLE : x + w;
      paths.push({ style: 'body', d: `M${x},${y}L${end},${middle}L${x},${y + h}z` });
      if (shape === 'inverter') paths.push({ style: 'body', d: circle(x + w - BUBBLE, middle, BUBBLE) });
      if (glyph) texts.push({ style: 'label', x: x + 9, y: middle + 4, anchor: 'middle', text: glyph });
      return;
    }
    case 'mux':
      paths.push({ style: 'body', d: `M${x},${y}l${w},${TAPER}v${h - 2 * TAPER}l${-w},${TAPER}z` });
      return;
    case 'operator': {
      const notch = symbol.pins.filter((pin) => pin.side === 'west').length > 1;
      const back = notch ? `L${x},${y + h * 0.62}L${x + 7},${middle}L${x},${y + h * 0.38}` : '';
      paths.push({ style: 'body', d: `M${x},${y}l${w},${h * 0.22}v${h * 0.56}L${x},${y + h}${back}z` });
      sign(x + w / 2 + 2);
      return;
    }
    case 'compare':
      paths.push({ style: 'body', d: circle(x + w / 2, middle, w / 2) });
      sign(x + w / 2);
      return;
    case 'shift':
      paths.push({ style: 'body', d: rectangle(x, y, w, h, 6) });
      sign(x + w / 2);
      return;
    case 'join':
      for (const pin of symbol.pins) {
        if (pin.side === 'west') paths.push({ style: pin.width > 1 ? 'bus' : 'line', d: `M${x},${pin.y}H${x + w}` });
      }
      paths.push({ style: 'bar', d: `M${x + w},${y}v${h}` });
      return;
    case 'register':
    case 'latch':
      paths.push({ style: 'state', d: rectangle(x, y, w, h, 2) });
      return;
    default: {
      paths.push({ style: shape === 'memory' ? 'state' : 'body', d: rectangle(x, y, w, h, 3) });
      const head = heading.length * 16 + 6;
      if (shape === 'instance') paths.push({ style: 'head', d: rectangle(x, y, w, head, 3) });
      else paths.push({ style: 'mark', d: `M${x},${y + head}h${w}` });
      heading.forEach((text, row) => {
        texts.push({
          style: row === 0 ? 'heading' : 'type',
          x: x + w / 2,
          y: y + 15 + row * 16,
          anchor: 'middle',
          text,
        });
      });
    }
  }
}

/** How far into the outline's box a pin's line goes before it meets the outline. */
function reach(symbol: PlacedSymbol, pin: PlacedPin): number {
  const { shape, body } = symbol;
  const fromMiddle = Math.abs(pin.y - (body.y + body.h / 2));
  if (pin.side === 'south') return shape === 'mux' ? TAPER / 2 : shape === 'tristate' ? body.h / 4 : 0;
  if (shape === 'compare' && pin.side === 'west') {
    const r = body.w / 2;
    return r - Math.sqrt(Math.max(0, r * r - fromMiddle * fromMiddle));
  }
  const gate = { or: 0, nor: 2 * BUBBLE, xor: 6, xnor: 6 + 2 * BUBBLE }[shape as string];
  if (pin.side === 'west' && gate !== undefined) {
    // The back of an OR gate is a quadratic curve: how deep it is where the pin meets it.
    const t = (pin.y - body.y) / body.h;
    return 2 * t * (1 - t) * BACK * (body.w - gate);
  }
  return 0;
}

function drawStub(symbol: PlacedSymbol, pin: PlacedPin, { paths, texts }: Drawing): void {
  const { body } = symbol;
  const style = pin.width > 1 ? 'bus' : 'line';
  const inline = pin.note && (pin.note.kind === 'constant' || pin.note.kind === 'net');
  const noteStyle =
    pin.note?.kind === 'constant'
      ? 'constant'
      : pin.note?.kind === 'net' || pin.note?.kind === 'name'
        ? 'net'
        : 'slice';
  const bubble = pin.bubble ? 2 * BUBBLE : 0;
  if (pin.side === 'south') {
    const end = body.y + body.h - reach(symbol, pin);
    const start = inline ? pin.y - 16 : pin.y;
    paths.push({ style, d: `M${pin.x},${start}V${end + bubble}` });
    if (bubble) paths.push({ style: 'body', d: circle(pin.x, end + BUBBLE, BUBBLE) });
    if (pin.note) {
      const below = inline
        ? ({ x: pin.x, y: pin.y - 4, anchor: 'middle' } as const)
        : ({ x: pin.x + 4, y: pin.y - 4, anchor: 'start' } as const);
      texts.push({ style: noteStyle, ...below, text: pin.note.text });
    }
    return;
  }
  const west = pin.side === 'west';
  const edge = west ? body.x + reach(symbol, pin) : body.x + body.w;
  const out = west ? -1 : 1;
  const start = inline ? edge + out * (12 + bubble) : pin.x;
  // An unconnected pin keeps a short bare stub; a connected one is drawn to where its wire begins.
  const far = pin.net === undefined && !pin.note ? edge + out * (8 + bubble) : start;
  paths.push({ style, d: `M${far},${pin.y}H${edge + out * bubble}` });
  if (bubble) paths.push({ style: 'body', d: circle(edge + out * BUBBLE, pin.y, BUBBLE) });
  if (!pin.note) return;
  const { kind, text } = pin.note;
  if (inline) {
    texts.push({ style: noteStyle, x: far + out * 4, y: pin.y + 4, anchor: west ? 'end' : 'start', text });
  } else if (kind === 'width') {
    paths.push({ style: 'mark', d: `M${edge + 4},${pin.y + 4}l6,-8` });
    texts.push({ style: noteStyle, x: edge + 11, y: pin.y - 4, anchor: 'start', text });
  } else {
    texts.push({ style: noteStyle, x: edge + out * (4 + bubble), y: pin.y - 4, anchor: west ? 'end' : 'start', text });
  }
}

function drawLabel(symbol: PlacedSymbol, pin: PlacedPin, { paths, texts }: Drawing): void {
  const { body, shape } = symbol;
  if (pin.clock) {
    paths.push({ style: 'mark', d: `M${body.x},${pin.y - 5}l8,5l-8,5` });
  }
  if (!pin.label) return;
  if (shape === 'join') {
    texts.push({ style: 'label', x: body.x + body.w - 5, y: pin.y - 4, anchor: 'end', text: pin.label });
    return;
  }
  const inset = shape === 'mux' ? 5 : 6;
  const x = pin.side === 'west' ? body.x + inset + (pin.clock ? 8 : 0) : body.x + body.w - inset;
  texts.push({ style: 'label', x, y: pin.y + 4, anchor: pin.side === 'west' ? 'start' : 'end', text: pin.label });
}

/** A wire's line. */
export function wirePath(points: readonly number[]): string {
  let d = '';
  for (let at = 0; at < points.length; at += 2) d += `${at === 0 ? 'M' : 'L'}${points[at]},${points[at + 1]}`;
  return d;
}

/** The dots where wires of one net meet. */
export function dotsPath(wires: readonly Wire[]): string {
  let d = '';
  for (const { junctions } of wires) {
    for (let at = 0; at < junctions.length; at += 2) d += circle(junctions[at]!, junctions[at + 1]!, 3);
  }
  return d;
}

/**
 * A wire's points from outline to outline, with the stretches that belong to the two symbols: what is drawn when the wire
 * stands out.
 */
export function wholeWire(layout: SchematicLayout, wire: Wire): number[] {
  const [from, to] = [wire.from, wire.to].map(([symbol, pin]) => {
    const owner = layout.symbols[symbol]!;
    return { owner, pin: owner.pins[pin]! };
  }) as [{ owner: PlacedSymbol; pin: PlacedPin }, { owner: PlacedSymbol; pin: PlacedPin }];
  return [...meeting(from.owner, from.pin), ...wire.points, ...meeting(to.owner, to.pin)];
}

/** Where a pin's line meets the outline. */
function meeting(symbol: PlacedSymbol, pin: PlacedPin): [number, number] {
  const { x, y, body } = symbol;
  const depth = reach(symbol, pin) - (pin.bubble ? 2 * BUBBLE : 0);
  if (pin.side === 'south') return [x + pin.x, y + body.y + body.h - depth];
  return [pin.side === 'west' ? x + body.x + depth : x + body.x + body.w - depth, y + pin.y];
}
