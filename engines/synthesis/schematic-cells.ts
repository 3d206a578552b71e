import { sourceName } from './netlist.ts';
import { memory } from './schematic-memories.ts';
import { type Drawn, pin } from './schematic-pin.ts';
import { flipFlop, isFlipFlop } from './schematic-registers.ts';
import type { SchematicPin, Shape, Side } from './schematic-types.ts';
import { parameterNumber, shorten } from './schematic-values.ts';
import type { YosysCell, YosysNetlist } from './yosys-json.ts';

const GATES: Record<string, { shape: Shape; word: string }> = {
  and: { shape: 'and', word: 'AND' },
  nand: { shape: 'nand', word: 'NAND' },
  or: { shape: 'or', word: 'OR' },
  nor: { shape: 'nor', word: 'NOR' },
  xor: { shape: 'xor', word: 'XOR' },
  xnor: { shape: 'xnor', word: 'XNOR' },
};

const OPERATORS: Record<string, { glyph: string; word: string }> = {
  add: { glyph: '+', word: 'adder' },
  sub: { glyph: '−', word: 'subtractor' },
  mul: { glyph: '×', word: 'multiplier' },
  div: { glyph: '÷', word: 'divider' },
  divfloor: { glyph: '÷', word: 'divider (rounding down)' },
  mod: { glyph: '%', word: 'remainder' },
  modfloor: { glyph: '%', word: 'remainder (rounding down)' },
  pow: { glyph: 'xʸ', word: 'power' },
};

const COMPARATORS: Record<string, { glyph: string; word: string }> = {
  lt: { glyph: '<', word: 'less-than comparator' },
  le: { glyph: '≤', word: 'at-most comparator' },
  eq: { glyph: '=', word: 'equality comparator' },
  ne: { glyph: '≠', word: 'inequality comparator' },
  eqx: { glyph: '≡', word: 'exact equality comparator' },
  nex: { glyph: '≢', word: 'exact inequality comparator' },
  ge: { glyph: '≥', word: 'at-least comparator' },
  gt: { glyph: '>', word: 'greater-than comparator' },
};

const SHIFTERS: Record<string, { glyph: string; word: string }> = {
  shl: { glyph: '<<', word: 'left shifter' },
  sshl: { glyph: '<<', word: 'left shifter' },
  shr: { glyph: '>>', word: 'right shifter' },
  sshr: { glyph: '>>>', word: 'arithmetic right shifter' },
  shift: { glyph: '>>', word: 'shifter to either side' },
  shiftx: { glyph: '[ ]', word: 'bit selector' },
};

const bits = (count: number): string => (count === 1 ? '1-bit' : `${count}-bit`);

/** Chooses symbol, words and pins for a cell of any type; types it does not know become a box with all pins named. */
export function drawCell(name: string, cell: YosysCell, netlist: YosysNetlist): Drawn {
  const type = cell.type;
  if (netlist.modules[type]) return instance(name, cell, netlist);
  if (isFlipFlop(type)) return flipFlop(cell);
  if (type === '$mem_v2' || type === '$mem') return memory(cell);
  if (type.startsWith('$_')) return fineGate(cell) ?? box(name, cell);
  if (type.startsWith('$')) return wordOperator(cell) ?? box(name, cell);
  return instance(name, cell, netlist);
}

function output(cell: YosysCell): SchematicPin {
  return pin('Y', 'east', 'output', cell.connections.Y);
}

function inputs(cell: YosysCell, ...names: string[]): SchematicPin[] {
  return names.map((name) => pin(name, 'west', 'input', cell.connections[name]));
}

function wordOperator(cell: YosysCell): Drawn | undefined {
  const kind = cell.type.slice(1);
  const { A, B, Y } = cell.connections;
  const width = Y?.length ?? 0;
  const operand = Math.max(A?.length ?? 0, B?.length ?? 0);
  const signed = parameterNumber(cell.parameters.A_SIGNED) === 1 ? 'signed ' : '';
  const two = (): SchematicPin[] => [...inputs(cell, 'A', 'B'), output(cell)];
  const one = (): SchematicPin[] => [...inputs(cell, 'A'), output(cell)];

  if (GATES[kind]) {
    const { shape, word } = GATES[kind];
    return { shape, title: `${bits(width)} ${word}`, width, pins: two() };
  }
  if (kind.startsWith('reduce_')) {
    const gate = GATES[kind.slice(7)] ?? GATES.or!;
    return { shape: gate.shape, title: `${gate.word} of all ${operand} bits`, width, pins: one() };
  }
  if (kind === 'logic_and' || kind === 'logic_or') {
    const gate = GATES[kind.slice(6)]!;
    const wide = operand > 1;
    const glyph = wide ? (kind === 'logic_and' ? '&&' : '||') : '';
    return { shape: gate.shape, title: `logical ${gate.word}`, glyph, width, pins: two() };
  }
  if (kind === 'not' || kind === 'logic_not') {
    const title = kind === 'not' ? `${bits(width)} inverter` : operand > 1 ? `all ${operand} bits are 0` : 'inverter';
    return { shape: 'inverter', title, glyph: kind === 'logic_not' && operand > 1 ? '!' : '', width, pins: one() };
  }
  if (kind === 'pos' || kind === 'buf') return { shape: 'buffer', title: `${bits(width)} buffer`, width, pins: one() };
  if (kind === 'neg') {
    return { shape: 'operator', title: `${bits(width)} negation`, glyph: '−', width, pins: one() };
  }
  if (OPERATORS[kind]) {
    const { glyph, word } = OPERATORS[kind];
    return { shape: 'operator', title: `${signed}${bits(width)} ${word}`, glyph, width, pins: two() };
  }
  if (COMPARATORS[kind]) {
    const { glyph, word } = COMPARATORS[kind];
    return { shape: 'compare', title: `${signed}${bits(operand)} ${word}`, glyph, width, pins: two() };
  }
  if (SHIFTERS[kind]) {
    const { glyph, word } = SHIFTERS[kind];
    return { shape: 'shift', title: `${signed}${bits(width)} ${word}`, glyph, width, pins: two() };
  }
  if (kind === 'mux' || kind === 'bwmux') return multiplexer(cell, kind);
  if (kind === 'pmux') return parallelMultiplexer(cell);
  if (kind === 'bmux') return binaryMultiplexer(cell);
  if (kind === 'tribuf') {
    const enable = pin('EN', 'south', 'input', cell.connections.EN);
    return {
      shape: 'tristate',
      title: `${bits(width)} tri-state buffer`,
      width,
      pins: [...inputs(cell, 'A'), enable, output(cell)],
    };
  }
  return undefined;
}

function multiplexer(cell: YosysCell, kind: string): Drawn {
  const width = cell.connections.Y?.length ?? 0;
  const title =
    kind === 'bwmux' ? `${bits(width)} multiplexer, each bit by its own` : `2-to-1 multiplexer, ${bits(width)}`;
  return {
    shape: 'mux',
    title,
    width,
    pins: [
      pin('A', 'west', 'input', cell.connections.A, { label: '0' }),
      pin('B', 'west', 'input', cell.connections.B, { label: '1' }),
      pin('S', 'south', 'input', cell.connections.S),
      output(cell),
    ],
  };
}

/** $pmux: B holds one word for each bit of S; A is taken when no bit of S is set. */
function parallelMultiplexer(cell: YosysCell): Drawn {
  const { A = [], B = [], S = [], Y = [] } = cell.connections;
  const width = Y.length;
  // An all-x default says that the cases are complete: it is no input that an engineer would draw.
  const words = A.every((bit) => bit === 'x') ? [] : [pin('A', 'west', 'input', A, { label: '–' })];
  for (let index = 0; index < S.length; index++) {
    const word = B.slice(index * width, (index + 1) * width);
    words.push(pin(`B[${index}]`, 'west', 'input', word, { label: `s${index}` }));
  }
  return {
    shape: 'mux',
    title: `${S.length + (words.length > S.length ? 1 : 0)}-way multiplexer, ${bits(width)}, one-hot select`,
    width,
    pins: [...words, pin('S', 'south', 'input', S), output(cell)],
  };
}

/** $bmux: A holds 2^n words, S selects one of them. */
function binaryMultiplexer(cell: YosysCell): Drawn {
  const { A = [], S = [], Y = [] } = cell.connections;
  const width = Y.length;
  const pins: SchematicPin[] = [];
  for (let index = 0; (index + 1) * width <= A.length; index++) {
    pins.push(pin(`A[${index}]`, 'west', 'input', A.slice(index * width, (index + 1) * width), { label: `${index}` }));
  }
  const title = `${pins.length}-to-1 multiplexer, ${bits(width)}`;
  return { shape: 'mux', title, width, pins: [...pins, pin('S', 'south', 'input', S), output(cell)] };
}

/** Gates of one bit, after technology mapping: `$_AND_`, `$_MUX_` ... */
function fineGate(cell: YosysCell): Drawn | undefined {
  const kind = cell.type.slice(2, -1).toLowerCase();
  if (GATES[kind]) {
    const { shape, word } = GATES[kind];
    return { shape, title: word, width: 1, pins: [...inputs(cell, 'A', 'B'), output(cell)] };
  }
  if (kind === 'andnot' || kind === 'ornot') {
    const gate = GATES[kind.slice(0, -3)]!;
    const [a, b] = inputs(cell, 'A', 'B');
    return {
      shape: gate.shape,
      title: `${gate.word} with B inverted`,
      width: 1,
      pins: [a!, { ...b!, bubble: true }, output(cell)],
    };
  }
  if (kind === 'not')
    return { shape: 'inverter', title: 'inverter', width: 1, pins: [...inputs(cell, 'A'), output(cell)] };
  if (kind === 'buf') return { shape: 'buffer', title: 'buffer', width: 1, pins: [...inputs(cell, 'A'), output(cell)] };
  if (kind === 'mux' || kind === 'nmux') {
    const drawn = multiplexer(cell, 'mux');
    const pins = drawn.pins.map((each) => (kind === 'nmux' && each.name === 'Y' ? { ...each, bubble: true } : each));
    return { ...drawn, title: kind === 'nmux' ? '2-to-1 multiplexer, inverting' : '2-to-1 multiplexer', pins };
  }
  if (kind === 'tbuf') {
    const enable = pin('E', 'south', 'input', cell.connections.E);
    return {
      shape: 'tristate',
      title: 'tri-state buffer',
      width: 1,
      pins: [...inputs(cell, 'A'), enable, output(cell)],
    };
  }
  return undefined;
}

function namedPins(cell: YosysCell, netlist?: YosysNetlist): SchematicPin[] {
  const ports = netlist?.modules[cell.type]?.ports;
  // The declared order of the ports reads better than the netlist's alphabetical one.
  const names = ports ? Object.keys(ports) : [];
  for (const name of Object.keys(cell.connections)) if (!names.includes(name)) names.push(name);
  return names.map((name) => {
    const direction = cell.port_directions?.[name] ?? ports?.[name]?.direction ?? 'input';
    const side: Side = direction === 'output' ? 'east' : 'west';
    return pin(name, side, direction, cell.connections[name], { label: shorten(name, 18) });
  });
}

function resultWidth(pins: readonly SchematicPin[]): number {
  return Math.max(0, ...pins.filter((each) => each.direction === 'output').map((each) => each.bits.length));
}

function instance(name: string, cell: YosysCell, netlist: YosysNetlist): Drawn {
  const module = netlist.modules[cell.type];
  const shown = sourceName(cell.type, module);
  const pins = namedPins(cell, netlist);
  const known = module !== undefined && parameterNumber(module.attributes.blackbox) === undefined;
  return {
    shape: 'instance',
    title: `instance of ${shown}`,
    heading: [shorten(name, 32), shorten(shown, 32)],
    width: resultWidth(pins),
    pins,
    enters: known ? cell.type : undefined,
  };
}

function box(name: string, cell: YosysCell): Drawn {
  const pins = namedPins(cell);
  const heading = [cell.type.replace(/^\$_?/, '').replace(/_$/, '')];
  if (!name.startsWith('$')) heading.unshift(shorten(name, 24));
  return { shape: 'box', title: `cell of type ${cell.type}`, heading, width: resultWidth(pins), pins };
}
