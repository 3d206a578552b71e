import { GROUND, SUPPLY } from './circuit.ts';
import { DEVICE } from './device.ts';
import { gate, parallel, type Stage, series, sized } from './network.ts';

/** A cell as its transistors, and what Liberty says about it beside. */
export interface CellSpec {
  name: string;
  what: string;
  inputs: string[];
  /** Function of each output pin, in Liberty's notation; sequential ones name the state IQ. */
  outputs: Record<string, string>;
  stages: Stage[];
  /** Three-state outputs: when they float. */
  threeState?: { pin: string; when: string; enable: string };
  sequential?: Sequential;
}

/** Of flip-flops, latches and the clock gate: the words of Liberty, and where the model takes its checks from. */
export interface Sequential {
  kind: 'ff' | 'latch' | 'clock-gate';
  clock: string;
  /** The level of the clock pin at which the first latch is open. */
  openAt: 0 | 1;
  /** Attributes of the group `ff (IQ, IQN)` or `latch (IQ, IQN)`. */
  group: [string, string][];
  /** Data pins: those that have setup and hold. */
  data: string[];
  clear?: string;
  preset?: string;
  /** Nodes: what stores a value taken over, what the data drives first, and what closes and opens behind the clock. */
  stored: string;
  /** Of a flip-flop: the same of its second latch. */
  passed?: string;
  entered: string;
  closing: string;
  closed: string;
}

const inverter = (output: string, input: string, size = 1, owner?: string) => gate(output, input, size, owner);

/** The first stage of a cell of two is smaller by this, and never under one finger. */
const STAGE_GAIN = 3;
const before = (size: number) => Math.max(1, Math.ceil(size / STAGE_GAIN));

const SINGLE = ['A', 'B', 'C', 'D'];

function inverters(size: number): CellSpec[] {
  return [
    {
      name: `INV_X${size}`,
      what: 'Inverter',
      inputs: ['A'],
      outputs: { Y: '!A' },
      stages: [inverter('Y', 'A', size)],
    },
    {
      name: `BUF_X${size}`,
      what: 'Buffer',
      inputs: ['A'],
      outputs: { Y: 'A' },
      stages: [inverter('n', 'A', before(size)), inverter('Y', 'n', size)],
    },
  ];
}

function manyInput(inputs: number, size: number): CellSpec[] {
  const pins = SINGLE.slice(0, inputs);
  const and = series(...pins);
  const or = parallel(...pins);
  const all = pins.join(' & ');
  const any = pins.join(' | ');
  const cell = (name: string, what: string, output: string, stages: Stage[]): CellSpec => ({
    name: `${name}${inputs}_X${size}`,
    what: `${inputs}-input ${what}`,
    inputs: pins,
    outputs: { Y: output },
    stages,
  });
  return [
    cell('NAND', 'NAND', `!(${all})`, [gate('Y', and, size)]),
    cell('NOR', 'NOR', `!(${any})`, [gate('Y', or, size)]),
    cell('AND', 'AND', all, [gate('n', and, before(size)), inverter('Y', 'n', size)]),
    cell('OR', 'OR', any, [gate('n', or, before(size)), inverter('Y', 'n', size)]),
  ];
}

function complex(size: number): CellSpec[] {
  const x = `_X${size}`;
  const [a1, a2, b1, b2] = ['A1', 'A2', 'B1', 'B2'];
  return [
    {
      name: `AOI21${x}`,
      what: 'AND-OR-invert 2-1',
      inputs: [a1, a2, 'B'],
      outputs: { Y: '!((A1 & A2) | B)' },
      stages: [gate('Y', parallel(series(a1, a2), 'B'), size)],
    },
    {
      name: `OAI21${x}`,
      what: 'OR-AND-invert 2-1',
      inputs: [a1, a2, 'B'],
      outputs: { Y: '!((A1 | A2) & B)' },
      stages: [gate('Y', series(parallel(a1, a2), 'B'), size)],
    },
    {
      name: `AOI22${x}`,
      what: 'AND-OR-invert 2-2',
      inputs: [a1, a2, b1, b2],
      outputs: { Y: '!((A1 & A2) | (B1 & B2))' },
      stages: [gate('Y', parallel(series(a1, a2), series(b1, b2)), size)],
    },
    {
      name: `OAI22${x}`,
      what: 'OR-AND-invert 2-2',
      inputs: [a1, a2, b1, b2],
      outputs: { Y: '!((A1 | A2) & (B1 | B2))' },
      stages: [gate('Y', series(parallel(a1, a2), parallel(b1, b2)), size)],
    },
  ];
}

const A_OR_B = parallel('A', 'B');
const A_AND_B = series('A', 'B');

function parity(size: number): CellSpec[] {
  return [
    {
      name: `XOR2_X${size}`,
      what: '2-input exclusive OR: NOR2 and AOI21',
      inputs: ['A', 'B'],
      outputs: { Y: 'A ^ B' },
      stages: [gate('n', A_OR_B, before(size)), gate('Y', parallel(A_AND_B, 'n'), size)],
    },
    {
      name: `XNOR2_X${size}`,
      what: '2-input exclusive NOR: NAND2 and OAI21',
      inputs: ['A', 'B'],
      outputs: { Y: '!(A ^ B)' },
      stages: [gate('n', A_AND_B, before(size)), gate('Y', series(A_OR_B, 'n'), size)],
    },
  ];
}

const MULTIPLEXER: CellSpec = {
  name: 'MUX2_X1',
  what: '2-to-1 multiplexer',
  inputs: ['D0', 'D1', 'S'],
  outputs: { Y: '(D0 & !S) | (D1 & S)' },
  stages: [inverter('s0', 'S'), gate('n', parallel(series('D0', 's0'), series('D1', 'S'))), inverter('Y', 'n')],
};

const ADDERS: CellSpec[] = [
  {
    name: 'HA_X1',
    what: 'Half adder',
    inputs: ['A', 'B'],
    outputs: { CO: 'A & B', S: 'A ^ B' },
    stages: [
      gate('cn', A_AND_B, 1, 'CO'),
      inverter('CO', 'cn', 1, 'CO'),
      gate('n', A_OR_B, 1, 'S'),
      gate('S', parallel(A_AND_B, 'n'), 1, 'S'),
    ],
  },
  {
    name: 'FA_X1',
    what: 'Full adder: the mirror adder of 28 transistors',
    inputs: ['A', 'B', 'CI'],
    outputs: { CO: '(A & B) | (CI & (A | B))', S: 'A ^ B ^ CI' },
    stages: [
      gate('cn', parallel(series('CI', A_OR_B), A_AND_B), 1, 'CO'),
      inverter('CO', 'cn', 1, 'CO'),
      gate('sn', parallel(series('cn', parallel('CI', 'A', 'B')), series('CI', 'A', 'B')), 1, 'S'),
      inverter('S', 'sn', 1, 'S'),
    ],
  },
];

const THREE_STATE: CellSpec = {
  name: 'TBUF_X1',
  what: 'Three-state buffer',
  inputs: ['A', 'OE'],
  outputs: { Y: 'A' },
  threeState: { pin: 'Y', when: '!OE', enable: 'OE' },
  stages: [
    inverter('n', 'A'),
    inverter('off', 'OE'),
    {
      output: 'Y',
      pullDown: sized(series('OE', 'n'), DEVICE.fingerUm.n),
      pullUp: sized(series('off', 'n'), DEVICE.fingerUm.p),
    },
  ],
};

const TIES: CellSpec[] = [
  { name: 'TIEH', what: 'Constant 1', inputs: [], outputs: { Y: '1' }, stages: [inverter('Y', GROUND)] },
  { name: 'TIEL', what: 'Constant 0', inputs: [], outputs: { Y: '0' }, stages: [inverter('Y', SUPPLY)] },
];

export const COMBINATIONAL: CellSpec[] = [
  ...[1, 2, 4, 8].flatMap(inverters),
  ...[2, 3, 4].flatMap((inputs) => manyInput(inputs, 1)),
  ...manyInput(2, 2),
  ...complex(1),
  ...parity(1),
  ...parity(2),
  MULTIPLEXER,
  ...ADDERS,
  THREE_STATE,
  ...TIES,
];
