import { attribute, type Group, textOf } from './parse.ts';
import type { CellReading } from './read-cell.ts';
import { type PinSource, relatedPins } from './read-pin.ts';
import { readTable } from './read-table.ts';
import { countUnread, numberOf, report } from './reading.ts';
import { lookup } from './table.ts';
import type { BoolExpr, InternalPower, LibraryCell, LibraryPin, Table } from './types.ts';

/** Reads an `internal_power` group into the pin; what several supplies take of one transition is added up. */
export function readInternalPower(group: Group, pin: LibraryPin, source: PinSource, cell: CellReading): void {
  const { reading } = cell;
  if (attribute(group, 'mode')) {
    countUnread(reading, 'internal_power of a mode');
    return;
  }
  let rise: Table | undefined;
  let fall: Table | undefined;
  for (const inner of group.groups) {
    const read = readTable(inner, reading, reading.powerTemplates, reading.units.energy);
    if (!read) continue;
    const foreign =
      read.unknown[0] ?? read.table.variables.find((name) => name !== 'input-slew' && name !== 'output-load');
    if (foreign !== undefined) {
      countUnread(reading, `internal_power over ${foreign}`);
      continue;
    }
    if (inner.kind !== 'fall_power') rise ??= read.table;
    if (inner.kind !== 'rise_power') fall ??= read.table;
    if (inner.kind === 'rise_power') rise = read.table;
    if (inner.kind === 'fall_power') fall = read.table;
  }
  if (!rise && !fall) return;
  const text = textOf(group, 'when');
  const when =
    text === undefined || text.trim() === ''
      ? undefined
      : cell.expression(text, attribute(group, 'when')?.line ?? group.line, 'when', source.bit);
  const related = textOf(group, 'related_pin');
  const pins: (string | undefined)[] =
    related === undefined ? [undefined] : relatedPins(related, source, cell, group.line);
  const supply = textOf(group, 'related_pg_pin');
  for (const relatedPin of pins) {
    const before = cell.powerOf(pin, relatedPin, text);
    if (before && supply !== undefined && !before.supplies.has(supply)) {
      before.power.rise = sum(before.power.rise, rise);
      before.power.fall = sum(before.power.fall, fall);
      before.supplies.add(supply);
      continue;
    }
    const power: InternalPower = { relatedPin, when, rise, fall };
    pin.power.push(power);
    cell.keepPower(pin, relatedPin, text, { power, supplies: new Set(supply === undefined ? [] : [supply]) });
  }
}

/** The first table's axes, with the second's value at each of their points added. */
function sum(first: Table | undefined, second: Table | undefined): Table | undefined {
  if (!first || !second) return first ?? second;
  if (first.axes.length === 0 && second.axes.length > 0) return sum(second, first);
  const values = new Float64Array(first.values.length);
  const width = first.axes[1]?.length ?? 1;
  const same = first.variables.join() === second.variables.join();
  for (let place = 0; place < values.length; place++) {
    const x = first.axes[0]?.[Math.floor(place / width)] ?? 0;
    const y = first.axes[1]?.[place % width] ?? 0;
    const at = (axis: number): number => {
      const variable = second.variables[axis];
      const own = first.variables.indexOf(variable ?? 'other');
      return own === 1 ? y : own === 0 ? x : 0;
    };
    const added = same ? lookup(second, x, y) : lookup(second, at(0), at(1));
    values[place] = (first.values[place] as number) + added;
  }
  return { variables: first.variables, axes: first.axes, values };
}

/** Leakage of a cell: by state, and where no state is given. What several supplies leak in one state is added up. */
export function readLeakage(
  group: Group,
  cell: CellReading,
  defaultNw: number,
): Pick<LibraryCell, 'leakageNw' | 'leakageStates'> {
  const { reading } = cell;
  const states: { text: string | undefined; when?: BoolExpr; leakageNw: number; supplies: Set<string> }[] = [];
  for (const inner of group.groups) {
    if (inner.kind !== 'leakage_power') continue;
    if (attribute(inner, 'mode')) {
      countUnread(reading, 'leakage_power of a mode');
      continue;
    }
    const leakageNw = numberOf(reading, inner, 'value', reading.units.leakage);
    if (leakageNw === undefined) {
      if (!attribute(inner, 'value'))
        report(
          reading,
          'error',
          'liberty-leakage',
          inner.line,
          `A leakage_power of the cell ${cell.name} has no value.`,
          'Give it value : number.',
        );
      continue;
    }
    const whenText = textOf(inner, 'when');
    const text = whenText === undefined || whenText.trim() === '' ? undefined : whenText;
    const supply = textOf(inner, 'related_pg_pin') ?? '';
    const before = states.find((state) => state.text === text && !state.supplies.has(supply) && supply !== '');
    if (before) {
      before.leakageNw += leakageNw;
      before.supplies.add(supply);
      continue;
    }
    const when = text === undefined ? undefined : cell.expression(text, inner.line, 'when');
    if (text === undefined || when) states.push({ text, when, leakageNw, supplies: new Set([supply]) });
  }
  const leakageStates = states.flatMap(({ when, leakageNw }) => (when ? [{ when, leakageNw }] : []));
  const given = numberOf(reading, group, 'cell_leakage_power', reading.units.leakage);
  const whatever = states.find((state) => state.text === undefined)?.leakageNw;
  const mean =
    leakageStates.length > 0
      ? leakageStates.reduce((total, state) => total + state.leakageNw, 0) / leakageStates.length
      : undefined;
  return { leakageNw: given ?? whatever ?? mean ?? defaultNw, leakageStates };
}
