import { mapPins, parseFunction } from './expression.ts';
import { attribute, type Group, textOf } from './parse.ts';
import { type PinSource, readPin, unknownNames } from './read-pin.ts';
import { readLeakage } from './read-power.ts';
import { flagOf, numberOf, placeOf, type Reading, report } from './reading.ts';
import type { BoolExpr, FlipFlop, InternalPower, Latch, LibraryCell, LibraryPin } from './types.ts';

/** Groups that say what a cell does, in a form that the studio does not read. */
const UNREAD = ['statetable', 'ff_bank', 'latch_bank', 'generated_clock'];

interface KeptPower {
  power: InternalPower;
  supplies: Set<string>;
}

/** What is known while a cell is read. */
export class CellReading {
  readonly reading: Reading;
  readonly name: string;
  readonly pinNames = new Set<string>();
  /** Bits of buses and members of bundles. */
  readonly bits = new Map<string, string[]>();
  /** Supplies and their logic value while the cell is powered. */
  readonly supplies = new Map<string, 0 | 1>();
  readonly unread = new Set<string>();
  sequential: FlipFlop | Latch | undefined;
  /** The state was made from the cell's being a standard clock gate. */
  gateState = false;
  readonly #parentOf = new Map<string, string>();
  readonly #powers = new Map<string, KeptPower>();

  constructor(reading: Reading, name: string) {
    this.reading = reading;
    this.name = name;
  }

  addPin(name: string, parent?: string): void {
    this.pinNames.add(name);
    if (parent === undefined) return;
    this.#parentOf.set(name, parent);
    const bits = this.bits.get(parent);
    if (bits) bits.push(name);
    else this.bits.set(parent, [name]);
  }

  /** How many bits the bus or bundle of a pin has. */
  width(pin: string): number | undefined {
    return this.bits.get(this.#parentOf.get(pin) ?? '')?.length;
  }

  /** "A[3:0]" as its bits, when the cell has them all. */
  range(name: string): string[] | undefined {
    const bits = rangeOf(name);
    return bits?.every((bit) => this.pinNames.has(bit)) ? bits : undefined;
  }

  powerOf(pin: LibraryPin, related: string | undefined, when: string | undefined): KeptPower | undefined {
    return this.#powers.get([pin.name, related ?? '', when ?? ''].join('\n'));
  }

  keepPower(pin: LibraryPin, related: string | undefined, when: string | undefined, kept: KeptPower): void {
    const key = [pin.name, related ?? '', when ?? ''].join('\n');
    if (!this.#powers.has(key)) this.#powers.set(key, kept);
  }

  #known(name: string): boolean {
    return this.pinNames.has(name) || name === this.sequential?.state || name === this.sequential?.inverse;
  }

  /** Reads an expression over pins, states and supplies; of a bit of a bus, names of buses mean the bit at its place. */
  expression(text: string, line: number, what: string, bit?: number): BoolExpr | undefined {
    const read = parseFunction(text, placeOf(this.reading, line));
    if (!read.ok) {
      this.reading.problems.push(...read.problems);
      return undefined;
    }
    const expr = mapPins(read.value, (name): BoolExpr => {
      const supply = this.supplies.get(name);
      if (supply !== undefined && !this.#known(name)) return { kind: 'constant', value: supply };
      const own = bit === undefined || this.#known(name) ? undefined : this.bits.get(name)?.[bit];
      return { kind: 'pin', name: own ?? name };
    });
    const [unknown] = unknownNames(expr, (name) => this.#known(name));
    if (unknown === undefined) return expr;
    report(
      this.reading,
      'error',
      'liberty-unknown-pin',
      line,
      `The ${what} "${text}" of the cell ${this.name} names "${unknown}", which is no pin and no state of the cell.`,
      'Name pins of the cell, or the variables of its ff or latch.',
    );
    return undefined;
  }
}

/** "A[3:0]" as A[3], A[2], A[1], A[0]. */
function rangeOf(name: string): string[] | undefined {
  const match = /^(.*)\[(\d+):(\d+)\]$/.exec(name);
  if (!match) return undefined;
  const [from, to] = [Number(match[2]), Number(match[3])];
  const step = from <= to ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, place) => `${match[1]}[${from + step * place}]`);
}

/** Reads a cell. Undefined, with a problem, when it has no name. */
export function readCell(group: Group, reading: Reading, defaultLeakageNw: number): LibraryCell | undefined {
  const name = group.args[0];
  if (name === undefined) {
    report(reading, 'error', 'liberty-name', group.line, 'The cell has no name.', 'Give it one: cell (NAME) {.');
    return undefined;
  }
  const cell = new CellReading(reading, name);
  for (const inner of group.groups)
    if (inner.kind === 'pg_pin')
      for (const supply of inner.args)
        cell.supplies.set(supply, (textOf(inner, 'pg_type') ?? '').includes('ground') ? 0 : 1);
  const sources = pinSources(group, cell);
  const clockGate = textOf(group, 'clock_gating_integrated_cell');
  readState(group, cell, clockGate);

  const pins: LibraryPin[] = [];
  const pinIndex = new Map<string, number>();
  for (const source of sources) {
    const pin = readPin(source, cell);
    if (!pin || pinIndex.has(pin.name)) continue;
    pinIndex.set(pin.name, pins.length);
    pins.push(pin);
  }
  return {
    name,
    areaUm2: numberOf(reading, group, 'area') ?? 0,
    ...readLeakage(group, cell, defaultLeakageNw),
    pins,
    pinIndex,
    sequential: cell.sequential,
    clockGate,
    dontUse: flagOf(reading, group, 'dont_use') ?? false,
    dontTouch: flagOf(reading, group, 'dont_touch') ?? false,
    unread: [...cell.unread],
    line: group.line,
  };
}

/** All pins of a cell, buses and bundles as their bits; their names become known to the cell. */
function pinSources(group: Group, cell: CellReading): PinSource[] {
  const { reading } = cell;
  const types = new Map(reading.busTypes);
  for (const inner of group.groups) if (inner.kind === 'type') readBusType(inner, reading, types);
  const sources: PinSource[] = [];
  for (const inner of group.groups) {
    if (inner.kind === 'pin')
      for (const arg of inner.args)
        for (const name of rangeOf(arg) ?? [arg]) {
          if (cell.supplies.has(name)) continue;
          if (cell.pinNames.has(name)) {
            report(
              reading,
              'error',
              'liberty-pin-twice',
              inner.line,
              `The cell ${cell.name} has two pins ${name}.`,
              'Remove or rename one of them.',
            );
            continue;
          }
          cell.addPin(name);
          sources.push({ name, groups: [inner] });
        }
    else if (inner.kind === 'bus' || inner.kind === 'bundle')
      for (const parent of inner.args) {
        const names =
          inner.kind === 'bus' ? busBits(inner, parent, cell, types) : (attribute(inner, 'members')?.values ?? []);
        if (inner.kind === 'bundle' && names.length === 0)
          report(
            reading,
            'error',
            'liberty-bundle',
            inner.line,
            `The bundle ${parent} of the cell ${cell.name} has no members.`,
            'Name its pins: members (A, B);.',
          );
        // Members may stand in one string: "A, B".
        const bits = names.flatMap((text) => text.split(/[\s,]+/)).filter((text) => text !== '');
        for (const [bit, name] of bits.entries()) {
          cell.addPin(name, parent);
          const own = inner.groups.filter(
            (pin) => pin.kind === 'pin' && pin.args.some((arg) => arg === name || rangeOf(arg)?.includes(name)),
          );
          sources.push({ name, groups: [...own, inner], bit });
        }
      }
  }
  return sources;
}

function busBits(group: Group, name: string, cell: CellReading, types: Map<string, number[]>): string[] {
  const type = textOf(group, 'bus_type');
  const bits = type === undefined ? undefined : types.get(type);
  if (bits) return bits.map((bit) => `${name}[${bit}]`);
  report(
    cell.reading,
    'error',
    'liberty-bus-type',
    group.line,
    type === undefined
      ? `The bus ${name} of the cell ${cell.name} has no bus_type.`
      : `The bus_type "${type}" of the bus ${name} is not defined before it.`,
    'Define a type group with bit_from and bit_to, and name it by bus_type.',
  );
  return [];
}

/** Reads a `type` group of a bus into `types`. */
export function readBusType(group: Group, reading: Reading, types: Map<string, number[]>): void {
  const name = group.args[0];
  const from = numberOf(reading, group, 'bit_from');
  const to = numberOf(reading, group, 'bit_to');
  if (name === undefined || from === undefined || to === undefined) {
    report(
      reading,
      'error',
      'liberty-bus-type',
      group.line,
      'The type of a bus has no name, bit_from or bit_to.',
      'Give it all three.',
    );
    return;
  }
  const step = from <= to ? 1 : -1;
  types.set(
    name,
    Array.from({ length: Math.abs(to - from) + 1 }, (_, place) => from + step * place),
  );
}

/** Reads `ff` or `latch`, or makes the latch of a standard clock gate from the roles of its pins. */
function readState(group: Group, cell: CellReading, clockGate: string | undefined): void {
  const states = group.groups.filter((inner) => inner.kind === 'ff' || inner.kind === 'latch');
  const described = group.groups.find((inner) => UNREAD.includes(inner.kind));
  const [state, second] = states;
  if (second) cell.unread.add(`second ${second.kind}`);
  if (state) cell.sequential = readStateGroup(state, cell);
  else if (clockGate !== undefined && /^latch_posedge(_|$)/.test(clockGate)) gateLatch(group, cell, clockGate);
  for (const inner of group.groups)
    if (UNREAD.includes(inner.kind) && !(inner.kind === 'statetable' && cell.gateState)) cell.unread.add(inner.kind);
  if (described && state) cell.unread.add(described.kind);
}

function readStateGroup(group: Group, cell: CellReading): FlipFlop | Latch | undefined {
  const { reading } = cell;
  const [state = '', inverse = ''] = group.args;
  if (state === '') {
    report(
      reading,
      'error',
      'liberty-name',
      group.line,
      `The ${group.kind} of the cell ${cell.name} does not name its state.`,
      `Name it: ${group.kind} (IQ, IQN) {.`,
    );
    return undefined;
  }
  const expression = (name: string): BoolExpr | undefined => {
    const found = attribute(group, name);
    return found && cell.expression(found.values[0] ?? '', found.line, name);
  };
  if (attribute(group, 'clocked_on_also') || attribute(group, 'enable_also')) cell.unread.add('clocked_on_also');
  // Expressions may name the state itself.
  const draft = { kind: 'latch', state, inverse } as const;
  cell.sequential = draft;
  const values = [textOf(group, 'clear_preset_var1'), textOf(group, 'clear_preset_var2')];
  const base = {
    state,
    inverse,
    clear: expression('clear'),
    preset: expression('preset'),
    clearPreset: values.some((value) => value !== undefined)
      ? ([values[0] ?? 'X', values[1] ?? 'X'] as [string, string])
      : undefined,
  };
  if (group.kind === 'latch')
    return { kind: 'latch', ...base, enable: expression('enable'), dataIn: expression('data_in') };
  const clockedOn = expression('clocked_on');
  const nextState = expression('next_state');
  if (clockedOn && nextState) return { kind: 'ff', ...base, clockedOn, nextState };
  for (const name of ['clocked_on', 'next_state'])
    if (!attribute(group, name))
      report(
        reading,
        'error',
        'liberty-state',
        group.line,
        `The ff of the cell ${cell.name} has no ${name}.`,
        `Give it ${name} : "...";.`,
      );
  return undefined;
}

/**
 * latch_posedge, latch_posedge_precontrol and _postcontrol are defined by Liberty itself: a latch open while the clock is low holds the
 * enable (with the test pin before or behind it), and its output is and-ed to the clock. The statetable says the same.
 */
function gateLatch(group: Group, cell: CellReading, style: string): void {
  const pinOf = (role: string): string | undefined =>
    group.groups.find((inner) => inner.kind === 'pin' && textOf(inner, `clock_gate_${role}_pin`) === 'true')?.args[0];
  const [clock, enable, test] = [pinOf('clock'), pinOf('enable'), pinOf('test')];
  const internal = group.groups.find(
    (inner) =>
      inner.kind === 'pin' &&
      textOf(inner, 'direction') === 'internal' &&
      attribute(inner, 'internal_node') !== undefined,
  );
  const state = internal?.args[0];
  if (clock === undefined || enable === undefined || state === undefined) return;
  const pin = (name: string): BoolExpr => ({ kind: 'pin', name });
  const before = test !== undefined && style.includes('precontrol');
  cell.sequential = {
    kind: 'latch',
    state,
    inverse: '',
    enable: { kind: 'not', of: pin(clock) },
    dataIn: before ? { kind: 'or', of: [pin(enable), pin(test)] } : pin(enable),
  };
  cell.gateState = true;
}
