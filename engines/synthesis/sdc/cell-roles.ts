import { pinsOf } from '../liberty/expression.ts';
import type { BoolExpr, LibraryCell, LibraryPin } from '../liberty/types.ts';

/** What the pins of a cell are to a clock; places among `cell.pins`. */
export interface CellRoles {
  /** Clock of a flip-flop, enable of a latch, clock of a clock gate. */
  clocks: number[];
  /** Inputs with a setup or hold check. */
  data: number[];
  /** Set and reset. */
  asynchronous: number[];
  outputs: number[];
  kind: 'ff' | 'latch' | 'clock-gate' | 'none';
}

const kept = new WeakMap<LibraryCell, CellRoles>();

export function rolesOf(cell: LibraryCell): CellRoles {
  let roles = kept.get(cell);
  if (!roles) {
    roles = find(cell);
    kept.set(cell, roles);
  }
  return roles;
}

function find(cell: LibraryCell): CellRoles {
  const { sequential } = cell;
  const named = (expr: BoolExpr | undefined) =>
    expr ? [...pinsOf(expr)].flatMap((name) => cell.pinIndex.get(name) ?? []) : [];
  const where = (test: (pin: LibraryPin) => boolean) => cell.pins.flatMap((pin, i) => (test(pin) ? [i] : []));
  const clocks = new Set(where((pin) => pin.clock || pin.clockGateRole === 'clock'));
  if (sequential?.kind === 'ff') for (const pin of named(sequential.clockedOn)) clocks.add(pin);
  if (sequential?.kind === 'latch') for (const pin of named(sequential.enable)) clocks.add(pin);
  const isCheck = (pin: LibraryPin) => pin.arcs.some((arc) => /^(setup|hold)_/.test(arc.type));
  return {
    clocks: [...clocks].filter((pin) => cell.pins[pin]!.direction === 'input').sort((a, b) => a - b),
    data: where((pin) => pin.direction === 'input' && isCheck(pin)),
    asynchronous: [...new Set([...named(sequential?.clear), ...named(sequential?.preset)])].sort((a, b) => a - b),
    outputs: where((pin) => pin.direction === 'output'),
    kind: cell.clockGate === undefined ? (sequential?.kind ?? (clocks.size > 0 ? 'ff' : 'none')) : 'clock-gate',
  };
}

/** Inputs that reach an output without waiting for a clock, and whether they turn around on the way (null: either). */
export function throughOf(cell: LibraryCell, output: number): { input: number; inverts: boolean | null }[] {
  const roles = rolesOf(cell);
  const pin = cell.pins[output]!;
  if (roles.kind === 'ff' || roles.kind === 'latch') return [];
  if (roles.kind === 'clock-gate') return roles.clocks.map((input) => ({ input, inverts: false }));
  const found = new Map<number, boolean | null>();
  for (const arc of pin.arcs) {
    if (!/^(combinational|three_state)/.test(arc.type)) continue;
    const input = cell.pinIndex.get(arc.relatedPin);
    if (input === undefined) continue;
    const inverts = arc.sense === 'non-unate' ? null : arc.sense === 'negative';
    found.set(input, found.has(input) && found.get(input) !== inverts ? null : inverts);
  }
  if (found.size === 0 && pin.function)
    for (const name of pinsOf(pin.function)) {
      const input = cell.pinIndex.get(name);
      if (input !== undefined) found.set(input, null);
    }
  return [...found].map(([input, inverts]) => ({ input, inverts }));
}
