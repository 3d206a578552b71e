import type { PlacedPin, PlacedSymbol, SchematicPin, SchematicSymbol } from './schematic-types.ts';

/** Advance of one character of the mono-spaced face at 12 px (0.6 em, as JetBrains Mono has it). */
export const CHAR = 7.2;
/** Distance of neighbouring pins: a 12 px text fits above a wire. */
const PITCH = 22;
/** Shortest bare stretch of wire at a pin. */
const STUB = 12;
/** Room above the first pin for the text over its wire. */
const HEAD = 16;
const BUBBLE = 6;

const text = (value: string): number => Math.ceil(value.length * CHAR);

/** How far the outline's box reaches, and where its pins are, from its own corner. */
interface Body {
  w: number;
  h: number;
  west: number[];
  east: number[];
}

const GATES = new Set(['and', 'nand', 'or', 'nor', 'xor', 'xnor']);
const BOXES = new Set(['instance', 'memory', 'box']);

/**
 * Fixed sizes and pin places of one symbol. The box holds the outline and, at each side, stubs long enough for the texts
 * at the pins, so that boxes that do not overlap have no overlapping texts either.
 */
export function size(symbol: SchematicSymbol): PlacedSymbol {
  const side = (which: SchematicPin['side']): SchematicPin[] => symbol.pins.filter((pin) => pin.side === which);
  const [west, east, south] = [side('west'), side('east'), side('south')];
  const body = bodyOf(symbol, west, east);
  let left = stubOf(west);
  let right = stubOf(east);
  const bottom = south.length > 0 ? southStub(south[0]!) : 0;
  const spill = Math.ceil((Math.max(0, ...south.map((pin) => (pin.note ? text(pin.note.text) : 0))) - body.w) / 2) + 2;
  left = Math.max(left, spill);
  right = Math.max(right, spill);
  const top = Math.max(2, HEAD - Math.min(...body.west, ...body.east, HEAD));

  const w = left + body.w + right;
  const h = top + body.h + Math.max(bottom, 2);
  const rows = { west: 0, east: 0, south: 0 };
  const pins = symbol.pins.map((pin): PlacedPin => {
    const row = rows[pin.side]++;
    const { bits, ...rest } = pin;
    const place =
      pin.side === 'west'
        ? { x: 0, y: top + body.west[row]! }
        : pin.side === 'east'
          ? { x: w, y: top + body.east[row]! }
          : { x: left + Math.round((body.w * (row + 1)) / (south.length + 1)), y: h };
    return { ...rest, width: bits.length, ...place };
  });
  return { ...symbol, x: 0, y: 0, w, h, body: { x: left, y: top, w: body.w, h: body.h }, pins };
}

function stubOf(pins: readonly SchematicPin[]): number {
  let length = pins.length > 0 ? STUB : 2;
  for (const { note, bubble } of pins) {
    const edge = bubble ? BUBBLE : 0;
    if (!note) length = Math.max(length, STUB + edge);
    else if (note.kind === 'constant' || note.kind === 'net')
      length = Math.max(length, text(note.text) + 4 + STUB + edge);
    else if (note.kind === 'width') length = Math.max(length, text(note.text) + 14 + edge);
    else length = Math.max(length, text(note.text) + 8 + edge);
  }
  return length;
}

function southStub(pin: SchematicPin): number {
  if (!pin.note) return STUB;
  return STUB + 16;
}

function bodyOf(symbol: SchematicSymbol, west: readonly SchematicPin[], east: readonly SchematicPin[]): Body {
  const { shape } = symbol;
  const rows = (count: number, first: number): number[] =>
    Array.from({ length: count }, (_, row) => first + row * PITCH);
  if (shape === 'input' || shape === 'output' || shape === 'inout') {
    const w = text(symbol.heading[0] ?? '') + 22;
    return { w, h: 22, west: west.length > 0 ? [11] : [], east: east.length > 0 ? [11] : [] };
  }
  if (GATES.has(shape)) {
    const w = shape === 'xor' || shape === 'xnor' ? 46 : 42;
    const inverted = shape === 'nand' || shape === 'nor' || shape === 'xnor' ? BUBBLE : 0;
    const h = Math.max(40, west.length * PITCH);
    const inputs = west.length === 1 ? [20] : west.length === 2 ? [10, 30] : rows(west.length, PITCH / 2);
    return { w: w + inverted, h, west: inputs, east: [h / 2] };
  }
  if (shape === 'buffer' || shape === 'inverter' || shape === 'tristate') {
    return { w: shape === 'inverter' ? 32 : 26, h: 28, west: [14], east: [14] };
  }
  if (shape === 'mux') {
    const labels = Math.max(0, ...west.map((pin) => text(pin.label)));
    const h = west.length * PITCH + 16;
    return { w: Math.max(30, labels + 18), h, west: rows(west.length, 18), east: [h / 2] };
  }
  if (shape === 'operator' || shape === 'compare' || shape === 'shift') {
    const w = Math.max(44, text(symbol.glyph) + 24);
    return { w, h: 48, west: west.length === 1 ? [24] : [12, 36], east: [24] };
  }
  if (shape === 'join') {
    const h = Math.max(west.length - 1, 0) * PITCH + 20;
    const labels = Math.max(...west.map((pin) => text(pin.label)));
    return { w: labels + 12, h, west: rows(west.length, 14), east: [h / 2] };
  }
  const head = BOXES.has(shape) ? symbol.heading.length * 16 + 6 : 0;
  const first = head + (BOXES.has(shape) ? 14 : 18);
  const count = Math.max(west.length, east.length, 1);
  const inner = (pins: readonly SchematicPin[]): number =>
    Math.max(0, ...pins.map((pin) => text(pin.label) + (pin.clock ? 10 : 0)));
  const w = Math.max(56, inner(west) + inner(east) + 28, ...symbol.heading.map((line) => text(line) + 20));
  const h = first + (count - 1) * PITCH + 14;
  return { w: Math.ceil(w), h, west: rows(west.length, first), east: rows(east.length, first) };
}
