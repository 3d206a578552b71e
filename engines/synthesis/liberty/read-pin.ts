import { pinsOf } from './expression.ts';
import { attribute, type Group, textOf } from './parse.ts';
import type { CellReading } from './read-cell.ts';
import { readInternalPower } from './read-power.ts';
import { readTiming } from './read-timing.ts';
import { flagOf, numberOf, report, type Scale } from './reading.ts';
import type { BoolExpr, LibraryPin } from './types.ts';

/** A pin to be read: what describes it, the closest first (a bit's own group, then its bus). */
export interface PinSource {
  name: string;
  groups: Group[];
  /** Place within its bus or bundle. */
  bit?: number;
}

const CLOCK_GATE_ROLES = ['clock', 'enable', 'test', 'out', 'obs'] as const;

const DIRECTIONS = ['input', 'output', 'inout', 'internal'] as const;

/** Undefined, with a problem, when the pin cannot be one. */
export function readPin(source: PinSource, cell: CellReading): LibraryPin | undefined {
  const { reading } = cell;
  const own = source.groups[0] as Group;
  const holder = (name: string): Group | undefined => source.groups.find((group) => attribute(group, name));
  const number = (name: string, scale: Scale): number | undefined => {
    const group = holder(name);
    return group && numberOf(reading, group, name, scale);
  };
  const flag = (name: string): boolean => {
    const group = holder(name);
    return (group && flagOf(reading, group, name)) ?? false;
  };
  const expression = (name: string): BoolExpr | undefined => {
    const group = holder(name);
    const text = group && textOf(group, name);
    if (!group || text === undefined || text.trim() === '') return undefined;
    return cell.expression(text, attribute(group, name)?.line ?? group.line, name, source.bit);
  };

  const directed = holder('direction');
  const direction = DIRECTIONS.find((known) => known === (directed && textOf(directed, 'direction')));
  if (!direction) {
    const text = directed && textOf(directed, 'direction');
    report(
      reading,
      'error',
      'liberty-direction',
      own.line,
      text === undefined
        ? `The pin ${source.name} of the cell ${cell.name} has no direction.`
        : `The direction "${text}" of the pin ${source.name} of the cell ${cell.name} is unknown.`,
      'Give it direction : input, output, inout or internal.',
    );
    return undefined;
  }
  const { capacitance, time } = reading.units;
  const rise = number('rise_capacitance', capacitance);
  const fall = number('fall_capacitance', capacitance);
  const both =
    number('capacitance', capacitance) ??
    (rise === undefined && fall === undefined
      ? reading.defaultCapacitancePf[direction]
      : Math.max(rise ?? 0, fall ?? 0));
  const pin: LibraryPin = {
    name: source.name,
    direction,
    capacitancePf: both,
    riseCapacitancePf: rise ?? both,
    fallCapacitancePf: fall ?? both,
    maxCapacitancePf: number('max_capacitance', capacitance),
    maxTransitionNs: number('max_transition', time),
    maxFanout: number('max_fanout', { times: 1, over: 1 }),
    minPulseHighNs: number('min_pulse_width_high', time),
    minPulseLowNs: number('min_pulse_width_low', time),
    clock: flag('clock'),
    clockGateRole: CLOCK_GATE_ROLES.find((role) => flag(`clock_gate_${role}_pin`)),
    function: expression('function'),
    threeState: expression('three_state'),
    arcs: [],
    power: [],
  };
  if (!pin.function && cell.gateState) pin.function = expression('state_function');
  for (const group of source.groups)
    for (const inner of group.groups) {
      if (inner.kind === 'timing') pin.arcs.push(...readTiming(inner, pin, source, cell));
      else if (inner.kind === 'internal_power') readInternalPower(inner, pin, source, cell);
    }
  return pin;
}

/** Pins that a `related_pin` text means, as seen from a bit: a bus of the same width is paired bit by bit. */
export function relatedPins(text: string, source: PinSource, cell: CellReading, line: number): string[] {
  const found: string[] = [];
  for (const quoted of text.split(/[\s,]+/)) {
    const name = quoted.replace(/"/g, '');
    if (name === '' || cell.supplies.has(name)) continue;
    const bits = cell.bits.get(name);
    if (cell.pinNames.has(name)) found.push(name);
    else if (bits) {
      const own = source.bit !== undefined && bits.length === cell.width(source.name) ? bits[source.bit] : undefined;
      found.push(...(own === undefined ? bits : [own]));
    } else {
      const range = cell.range(name);
      if (range) found.push(...range);
      else
        report(
          cell.reading,
          'error',
          'liberty-related-pin',
          line,
          `The pin ${source.name} of the cell ${cell.name} refers to a pin "${name}" that the cell does not have.`,
          'Name a pin of the cell.',
        );
    }
  }
  return found;
}

/** Names in an expression that are no pin and no state of the cell. */
export function unknownNames(expr: BoolExpr, known: (name: string) => boolean): string[] {
  return pinsOf(expr).filter((name) => !known(name));
}
