import type { SchematicGraph } from './schematic-types.ts';
import type { Bit, YosysModule } from './yosys-json.ts';

/**
 * Reads a drawing the way a person does: from the wire that ends at a pin, the text beside it, and nothing else. For
 * tests, which compare the answer with the netlist.
 */
export class Reader {
  constructor(
    private readonly graph: SchematicGraph,
    private readonly module: YosysModule,
  ) {}

  /** Bits, LSB first, that the drawing says arrive at an input pin. Undefined when nothing is drawn there. */
  arriving(symbol: number, pin: number): Bit[] | undefined {
    const { note } = this.graph.symbols[symbol]!.pins[pin]!;
    const edge = this.graph.edges.find(({ to }) => to[0] === symbol && to[1] === pin);
    if (!edge) return note && this.evaluate(note.text, undefined);
    const leaving = this.leaving(edge.from[0], edge.from[1]);
    if (note?.kind !== 'slice') return leaving;
    return this.evaluate(note.text, { bits: leaving, net: this.graph.nets[edge.net]!.fullName });
  }

  /** Bits that leave an output pin: a cell's from the netlist, a join's from what arrives at it. */
  private leaving(symbol: number, pin: number): Bit[] {
    const drawn = this.graph.symbols[symbol]!;
    if (drawn.shape !== 'join') return connected(this.module, drawn.name, drawn.pins[pin]!.name);
    const bits: Bit[] = [];
    drawn.pins.forEach((part, index) => {
      if (index === pin) return;
      const [high, low = high] = part.label.split(':').map(Number) as [number, number?];
      const arriving = this.arriving(symbol, index)!;
      if (arriving.length !== high - low! + 1) throw new Error(`A part of width ${arriving.length} at ${part.label}.`);
      arriving.forEach((bit, at) => {
        bits[low! + at] = bit;
      });
    });
    return bits;
  }

  /** A text in Verilog's words: "{8'h0, [7:0]}", "{4{a[3]}}", "4'b10x0". */
  private evaluate(text: string, wire: { bits: Bit[]; net: string } | undefined): Bit[] {
    if (text.startsWith('{')) {
      const inner = text.slice(1, -1);
      const repeated = /^(\d+)(\{.*\})$/.exec(inner);
      if (repeated && closes(repeated[2]!)) {
        const once = this.evaluate(repeated[2]!.slice(1, -1), wire);
        return Array.from({ length: Number(repeated[1]) }, () => once).flat();
      }
      return split(inner)
        .reverse()
        .flatMap((part) => this.evaluate(part, wire));
    }
    if (text === '•') return wire!.bits;
    if (/^[01xz]$/.test(text)) return [text as Bit];
    const constant = /^(\d+)'([bh]?)([0-9a-fxz]+)$/.exec(text);
    if (constant) return constantBits(Number(constant[1]), constant[2]!, constant[3]!);
    const named = /^(.*?)(?:\[(\d+)(?::(\d+))?\])?$/.exec(text)!;
    const [, name, from, to = from] = named as unknown as [string, string, string | undefined, string | undefined];
    const whole = name === '' ? this.numbered(wire!) : this.named(name, from === undefined ? 0 : Number(from));
    if (from === undefined) return whole.bits;
    const [a, b] = [whole.position(Number(from)), whole.position(Number(to))];
    return whole.bits.slice(Math.min(a, b), Math.max(a, b) + 1);
  }

  /** Numbers beside a wire count as its public name was declared, or from 0 when it has none. */
  private numbered(wire: { bits: Bit[]; net: string }) {
    return this.module.netnames[wire.net]?.hide_name === 0
      ? this.declared(wire.net)
      : { bits: wire.bits, position: (index: number) => index };
  }

  private named(name: string, from: number) {
    const called = (wanted: string) => this.graph.nets.findIndex((net) => net.labelled && net.name === wanted);
    const indexed = called(`${name}[${from}]`);
    const index = indexed >= 0 ? indexed : called(name);
    const { fullName, state } = this.graph.nets[index]!;
    if (this.module.netnames[fullName]?.hide_name === 0) {
      if (state === 'driven' && !this.shownAtDriver(index, name)) throw new Error(`No driver bears the name ${name}.`);
      return this.declared(fullName);
    }
    // An invented name: the net that bears it.
    let bits: Bit[] | undefined;
    this.graph.symbols.forEach((symbol, s) => {
      symbol.pins.forEach((pin, p) => {
        if (pin.net === index && pin.direction !== 'input') bits = this.leaving(s, p);
      });
    });
    if (!bits) throw new Error(`The drawing names ${name}, which nothing bears.`);
    return { bits, position: (at: number) => at };
  }

  /** A label leads somewhere only if the pin or port that drives its net shows the same name. */
  private shownAtDriver(net: number, name: string): boolean {
    return this.graph.symbols.some((symbol) =>
      symbol.pins.some(
        (pin) =>
          pin.net === net && pin.direction !== 'input' && (pin.note?.text.startsWith(name) || symbol.name === name),
      ),
    );
  }

  private declared(name: string) {
    const { bits, offset = 0, upto } = this.module.netnames[name]!;
    return { bits, position: (index: number) => (upto ? offset + bits.length - 1 - index : index - offset) };
  }
}

/** Bits of a cell's or port's pin in the netlist. `B[2]` is a word of the drawn pins; `A[7:4]` a part. */
export function connected(module: YosysModule, symbol: string, pin: string): Bit[] {
  const cell = module.cells[symbol];
  if (!cell) return module.ports[symbol]!.bits;
  const whole = cell.connections[pin];
  if (whole) return whole;
  const [, name, high, low = high] = /^(.*)\[(\d+)(?::(\d+))?\]$/.exec(pin) as unknown as string[];
  const bits = cell.connections[name!]!;
  if (cell.type.startsWith('$reduce_')) return bits.slice(Number(low), Number(high) + 1);
  const width =
    name === 'B' || name === 'A'
      ? cell.connections.Y!.length
      : bits.length / Number.parseInt(cell.parameters[name!.startsWith('RD') ? 'RD_PORTS' : 'WR_PORTS']!, 2);
  return bits.slice(Number(high) * width, (Number(high) + 1) * width);
}

/** Whether the bracket that opens a text closes only at its end. */
function closes(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return at === text.length - 1;
  }
  return false;
}

function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const sign of text) {
    if (sign === '{') depth++;
    if (sign === '}') depth--;
    if (sign === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += sign;
  }
  parts.push(part.trim());
  return parts;
}

function constantBits(width: number, base: string, digits: string): Bit[] {
  if (base === 'h') return [...BigInt(`0x${digits}`).toString(2).padStart(width, '0')].reverse() as Bit[];
  if (base === 'b') return [...digits].reverse() as Bit[];
  return Array.from({ length: width }, () => digits as Bit);
}
