/** What a cell does, coarsely: its colour and its place in the list. */
export type CellKind = 'logic' | 'arithmetic' | 'select' | 'register' | 'latch' | 'memory' | 'other';

/** Which of the data colours a kind of cell has, everywhere. */
export const KIND_COLOURS = {
  logic: 'c1',
  arithmetic: 'c4',
  select: 'c2',
  register: 'c3',
  latch: 'c6',
  memory: 'c7',
  other: 'c8',
} as const satisfies Record<CellKind, string>;

const GATES: Record<string, string> = {
  AND: 'AND',
  NAND: 'NAND',
  OR: 'OR',
  NOR: 'NOR',
  XOR: 'XOR',
  XNOR: 'XNOR',
  ANDNOT: 'AND with one input inverted',
  ORNOT: 'OR with one input inverted',
  NOT: 'inverter',
  BUF: 'buffer',
  MUX: 'multiplexer',
  NMUX: 'inverting multiplexer',
  MUX4: '4-way multiplexer',
  MUX8: '8-way multiplexer',
  MUX16: '16-way multiplexer',
  AOI3: 'AND-OR-invert, 3 inputs',
  OAI3: 'OR-AND-invert, 3 inputs',
  AOI4: 'AND-OR-invert, 4 inputs',
  OAI4: 'OR-AND-invert, 4 inputs',
  TBUF: 'tri-state buffer',
};

const WORDS: Record<string, [string, CellKind]> = {
  add: ['adder', 'arithmetic'],
  sub: ['subtractor', 'arithmetic'],
  mul: ['multiplier', 'arithmetic'],
  div: ['divider', 'arithmetic'],
  divfloor: ['divider', 'arithmetic'],
  mod: ['remainder', 'arithmetic'],
  modfloor: ['remainder', 'arithmetic'],
  pow: ['power', 'arithmetic'],
  neg: ['negation', 'arithmetic'],
  alu: ['adder-subtractor', 'arithmetic'],
  macc: ['multiply-accumulate', 'arithmetic'],
  macc_v2: ['multiply-accumulate', 'arithmetic'],
  lt: ['less than', 'arithmetic'],
  le: ['less or equal', 'arithmetic'],
  gt: ['greater than', 'arithmetic'],
  ge: ['greater or equal', 'arithmetic'],
  eq: ['equal', 'logic'],
  ne: ['not equal', 'logic'],
  eqx: ['equal, x and z included', 'logic'],
  nex: ['not equal, x and z included', 'logic'],
  shl: ['shift left', 'select'],
  shr: ['shift right', 'select'],
  sshl: ['arithmetic shift left', 'select'],
  sshr: ['arithmetic shift right', 'select'],
  shift: ['shift', 'select'],
  shiftx: ['indexed select', 'select'],
  mux: ['multiplexer', 'select'],
  pmux: ['parallel multiplexer', 'select'],
  bmux: ['indexed multiplexer', 'select'],
  demux: ['demultiplexer', 'select'],
  bwmux: ['bitwise multiplexer', 'select'],
  tribuf: ['tri-state buffer', 'select'],
  and: ['bitwise AND', 'logic'],
  or: ['bitwise OR', 'logic'],
  xor: ['bitwise XOR', 'logic'],
  xnor: ['bitwise XNOR', 'logic'],
  not: ['bitwise NOT', 'logic'],
  pos: ['extension', 'logic'],
  buf: ['buffer', 'logic'],
  logic_and: ['logical AND', 'logic'],
  logic_or: ['logical OR', 'logic'],
  logic_not: ['logical NOT', 'logic'],
  reduce_and: ['AND of all bits', 'logic'],
  reduce_or: ['OR of all bits', 'logic'],
  reduce_xor: ['parity', 'logic'],
  reduce_xnor: ['inverted parity', 'logic'],
  reduce_bool: ['any bit set', 'logic'],
  lut: ['look-up table', 'logic'],
  sop: ['sum of products', 'logic'],
  fa: ['full adders', 'arithmetic'],
  lcu: ['carry look-ahead', 'arithmetic'],
  concat: ['concatenation', 'other'],
  slice: ['slice', 'other'],
};

/** A Yosys cell type in words, and what kind of cell it is. Modules keep their own name. */
export function describeType(type: string): { name: string; kind: CellKind } {
  const gate = /^\$_([A-Z0-9]+?)_$/.exec(type)?.[1];
  if (gate && GATES[gate]) {
    return { name: GATES[gate], kind: gate.includes('MUX') || gate === 'TBUF' ? 'select' : 'logic' };
  }
  const fine = /^\$_(S?DFF(?:SR)?(?:CE|E)?|ALDFFE?|DLATCH(?:SR)?|SR|FF)_?([PN01]*)_$/.exec(type);
  if (fine) return register(fine[1] ?? '', fine[2] ?? '');
  const word = type.startsWith('$') ? type.slice(1) : '';
  const known = WORDS[word];
  if (known) return { name: known[0], kind: known[1] };
  if (/^mem(rd|wr|init)?(_v2)?$/.test(word)) return { name: 'memory', kind: 'memory' };
  if (/^(a|s|al)?dff/.test(word) || word === 'ff') return register(word.toUpperCase(), '');
  if (/^(a)?dlatch/.test(word) || word === 'sr') return register(word.toUpperCase(), '');
  return { name: type, kind: 'other' };
}

function register(stem: string, levels: string): { name: string; kind: CellKind } {
  if (stem.includes('LATCH')) return { name: 'latch', kind: 'latch' };
  if (stem === 'SR') return { name: 'set-reset latch', kind: 'latch' };
  const has: string[] = [];
  if (stem.startsWith('SDFF')) has.push('synchronous reset');
  else if (stem.startsWith('ADFF') || (/^DFFE?$/.test(stem) && levels.length >= 3)) has.push('asynchronous reset');
  else if (stem.startsWith('AL')) has.push('asynchronous load');
  else if (stem.includes('SR')) has.push('set and reset');
  if (stem.endsWith('E')) has.push('enable');
  const name = levels.startsWith('N') ? 'falling-edge flip-flop' : 'flip-flop';
  return { name: has.length === 0 ? name : `${name} with ${has.join(' and ')}`, kind: 'register' };
}

/** Counts by type as counts by name, largest first: types that differ in the sense of a clock or a reset are one. */
export function countsByName(byType: Record<string, number>): [name: string, count: number][] {
  const named = new Map<string, number>();
  for (const [type, count] of Object.entries(byType)) {
    const { name } = describeType(type);
    named.set(name, (named.get(name) ?? 0) + count);
  }
  return [...named].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}
