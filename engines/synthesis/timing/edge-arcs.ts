import type { LibraryCell, Table, TimingArc } from '../liberty/types.ts';

export const RISE = 0;
export const FALL = 1;

/** What an arc of a cell is to arrivals. */
export const ROLE = {
  /** Through logic. */
  gate: 0,
  /** From a clock pin to the output of a register: starts a path. */
  launch: 1,
  /** Delays only: preset, clear, three-state disable, and from the data of a latch to its output. */
  cut: 2,
} as const;

/** One edge at an input that causes one edge at an output. */
export interface EdgeArc {
  arc: TimingArc;
  fromPin: number;
  fromEdge: number;
  toPin: number;
  toEdge: number;
  role: number;
  delay: Table;
  /** Absent: the slew is taken as 0. */
  slew: Table | undefined;
}

export type CheckRole = 'setup' | 'hold' | 'recovery' | 'removal';

/** A check of a data pin against an edge of a clock pin. */
export interface EdgeCheck {
  arc: TimingArc;
  role: CheckRole;
  clockPin: number;
  clockEdge: number;
  dataPin: number;
  /** Over the slews of clock and data; absent for an edge that is not checked. */
  rise: Table | undefined;
  fall: Table | undefined;
}

export interface CellTiming {
  cell: LibraryCell;
  /** By output pin, in the order of the pins. */
  arcs: EdgeArc[];
  /** First of `arcs` of each pin; one more at the end. */
  start: Int32Array;
  checks: EdgeCheck[];
  /** Why paths do not go through this cell. */
  untimed?: 'latch' | 'unread';
  /** Pins named by arcs that the cell has not. */
  unknownPins: string[];
}

/** The arcs of a cell by edges. */
export function cellTiming(cell: LibraryCell): CellTiming {
  const gate = cell.clockGate !== undefined;
  const untimed =
    cell.sequential?.kind === 'latch' && !gate ? 'latch' : cell.unread.length > 0 && !gate ? 'unread' : undefined;
  const timing: CellTiming = {
    cell,
    arcs: [],
    start: new Int32Array(cell.pins.length + 1),
    checks: [],
    untimed,
    unknownPins: [],
  };
  cell.pins.forEach((pin, at) => {
    timing.start[at] = timing.arcs.length;
    for (const arc of pin.arcs) {
      const from = cell.pinIndex.get(arc.relatedPin);
      if (from === undefined) {
        timing.unknownPins.push(arc.relatedPin);
        continue;
      }
      const check = checkOf(arc, from, at);
      if (check) timing.checks.push(check);
      else if (pin.direction !== 'input') addEdges(timing.arcs, arc, from, at, untimed === 'latch');
    }
  });
  timing.start[cell.pins.length] = timing.arcs.length;
  return timing;
}

function checkOf(arc: TimingArc, clockPin: number, dataPin: number): EdgeCheck | undefined {
  const match = /^(setup|hold|recovery|removal)_(rising|falling)$/.exec(arc.type);
  if (!match) return undefined;
  return {
    arc,
    role: match[1] as CheckRole,
    clockPin,
    clockEdge: match[2] === 'rising' ? RISE : FALL,
    dataPin,
    rise: arc.riseConstraint,
    fall: arc.fallConstraint,
  };
}

function addEdges(arcs: EdgeArc[], arc: TimingArc, fromPin: number, toPin: number, latch: boolean): void {
  const add = (fromEdge: number, toEdge: number, role: number) => {
    const delay = toEdge === RISE ? arc.cellRise : arc.cellFall;
    const slew = toEdge === RISE ? arc.riseTransition : arc.fallTransition;
    if (delay)
      arcs.push({
        arc,
        fromPin,
        fromEdge,
        toPin,
        toEdge,
        role: latch && role === ROLE.gate ? ROLE.cut : role,
        delay,
        slew,
      });
  };
  const bySense = (toEdge: number, role: number) => {
    if (arc.sense !== 'negative') add(toEdge, toEdge, role);
    if (arc.sense !== 'positive') add(1 - toEdge, toEdge, role);
  };
  switch (arc.type) {
    case 'combinational':
    case 'three_state_enable':
      bySense(RISE, ROLE.gate);
      bySense(FALL, ROLE.gate);
      break;
    case 'combinational_rise':
      bySense(RISE, ROLE.gate);
      break;
    case 'combinational_fall':
      bySense(FALL, ROLE.gate);
      break;
    case 'rising_edge':
      add(RISE, RISE, ROLE.launch);
      add(RISE, FALL, ROLE.launch);
      break;
    case 'falling_edge':
      add(FALL, RISE, ROLE.launch);
      add(FALL, FALL, ROLE.launch);
      break;
    case 'preset':
      bySense(RISE, ROLE.cut);
      break;
    case 'clear':
      bySense(FALL, ROLE.cut);
      break;
    case 'three_state_disable':
      bySense(RISE, ROLE.cut);
      bySense(FALL, ROLE.cut);
      break;
  }
}
