import type { SourceSpan } from './src.ts';
import type { Bit, YosysNetlist } from './yosys-json.ts';

/** The outline a symbol is drawn with. Gates have the distinctive shapes of IEEE 91. */
export type Shape =
  | 'input'
  | 'output'
  | 'inout'
  | 'and'
  | 'nand'
  | 'or'
  | 'nor'
  | 'xor'
  | 'xnor'
  | 'buffer'
  | 'inverter'
  | 'tristate'
  | 'mux'
  | 'operator'
  | 'compare'
  | 'shift'
  | 'register'
  | 'latch'
  | 'memory'
  | 'instance'
  | 'box'
  | 'join';

export type Side = 'west' | 'east' | 'south';

/**
 * A text at the outer end of a pin. `constant` and `net` stand in place of a wire; `slice` says which bits of the wire
 * the pin takes, in Verilog's words; `name` and `width` describe the wire that leaves an output.
 */
export interface PinNote {
  kind: 'constant' | 'net' | 'slice' | 'name' | 'width';
  text: string;
}

export interface SchematicPin {
  /** The pin's name in the netlist; one word of a packed pin is written `B[2]`. */
  name: string;
  /** Written inside the symbol; empty for pins that need no name. */
  label: string;
  side: Side;
  direction: 'input' | 'output' | 'inout';
  /** LSB first, as in the netlist. */
  bits: Bit[];
  /** Active low, or falling edge. */
  bubble?: boolean;
  clock?: boolean;
  note?: PinNote;
  /** Index into `nets` of the one net at this pin; absent for constants, unconnected pins and texts over several nets. */
  net?: number;
}

export interface SchematicSymbol {
  shape: Shape;
  /** The cell's name in the netlist, the port's name, or an own name for a join. */
  name: string;
  /** The cell's type; for a module's port and a join nothing. */
  type?: string;
  /** In words: "8-bit adder". */
  title: string;
  /** Up to two lines at the head of the symbol (instances, memories, boxes). */
  heading: string[];
  /** The sign in the middle of an operator. */
  glyph: string;
  /** Bits of the result. */
  width: number;
  /** Cells only, of all sources. */
  src: SourceSpan[];
  parameters: [name: string, value: string][];
  pins: SchematicPin[];
  /** Name of the instantiated module when the netlist has its contents. */
  enters?: string;
}

export interface SchematicNet {
  /** As shown. */
  name: string;
  /** As in the netlist; empty when no name of the netlist covers the net. */
  fullName: string;
  width: number;
  /** Shown as a text at its pins rather than as a wire. */
  labelled: boolean;
  /** Pins that read it. */
  fanOut: number;
  /** Several pins drive it (a bus with tri-states), or none does. */
  state: 'driven' | 'shared' | 'undriven';
}

export type PinRef = [symbol: number, pin: number];

/** A wire from a driving pin to a reading pin. */
export interface SchematicEdge {
  net: number;
  from: PinRef;
  to: PinRef;
  /** Bits that the reading pin takes. */
  width: number;
}

/** What a module's drawing has to show, before anything has a place. */
export interface SchematicGraph {
  module: string;
  symbols: SchematicSymbol[];
  nets: SchematicNet[];
  edges: SchematicEdge[];
}

export interface SchematicOptions {
  /** Nets read by more pins than this become labels. Default 8, in larger modules 4. */
  labelFanOut?: number;
  /** The same for nets that only steer (clocks, resets, enables). Default 3. */
  labelControlFanOut?: number;
  /** Symbols (cells, ports, joins) above which no layout is tried. Default 2,500. */
  maxSymbols?: number;
}

/** Spec of the entry `synthesis/schematic`. Modules other than the one drawn need only their ports. */
export interface SchematicSpec {
  netlist: YosysNetlist;
  module: string;
  options?: SchematicOptions;
}

export interface PlacedPin extends Omit<SchematicPin, 'bits'> {
  width: number;
  /** Where a wire meets the pin, from the symbol's corner. */
  x: number;
  y: number;
}

/** Lengths in CSS pixels at 100 %. Text is 12 px, in a mono-spaced face. */
export interface PlacedSymbol extends Omit<SchematicSymbol, 'pins'> {
  x: number;
  y: number;
  /** The whole box, with the texts at the pins. No two boxes overlap. */
  w: number;
  h: number;
  /** The outline itself, from the symbol's corner. */
  body: { x: number; y: number; w: number; h: number };
  pins: PlacedPin[];
}

export interface Wire extends SchematicEdge {
  /** x, y, x, y ...: from the driving pin to the reading pin, horizontal and vertical stretches only. */
  points: number[];
  /** x, y of the dots where this wire leaves another of the same net. */
  junctions: number[];
}

export interface SchematicLayout {
  module: string;
  width: number;
  height: number;
  symbols: PlacedSymbol[];
  nets: SchematicNet[];
  wires: Wire[];
}
