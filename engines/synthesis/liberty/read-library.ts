import type { Problem } from '../../core/result.ts';
import { type Attribute, attribute, describe, type Group, textOf } from './parse.ts';
import { readBusType, readCell } from './read-cell.ts';
import { readTemplate } from './read-table.ts';
import { numberIn, numberOf, type Reading, report, scaled } from './reading.ts';
import type { Library, WireLoad } from './types.ts';
import { readUnits, reportMissingUnits, standardUnits } from './units.ts';

/** Attributes on which cells depend: they must be known before the first. */
const EARLY: ReadonlySet<string> = new Set([
  'time_unit',
  'voltage_unit',
  'leakage_power_unit',
  'pulling_resistance_unit',
  'capacitive_load_unit',
  'default_input_pin_cap',
  'default_output_pin_cap',
  'default_inout_pin_cap',
  'default_cell_leakage_power',
]);

/** Thresholds in percent and where Liberty puts them when a library does not say. */
const THRESHOLDS = {
  inputRise: ['input_threshold_pct_rise', 50],
  inputFall: ['input_threshold_pct_fall', 50],
  outputRise: ['output_threshold_pct_rise', 50],
  outputFall: ['output_threshold_pct_fall', 50],
  slewLowerRise: ['slew_lower_threshold_pct_rise', 20],
  slewUpperRise: ['slew_upper_threshold_pct_rise', 80],
  slewLowerFall: ['slew_lower_threshold_pct_fall', 20],
  slewUpperFall: ['slew_upper_threshold_pct_fall', 80],
} as const;

/** Takes the statements of a library one by one, as they are parsed, and makes the library of them. */
export class LibraryBuilder {
  readonly #library: Group;
  readonly #reading: Reading;
  readonly #cells: Library['cells'] = new Map();
  readonly #wireLoads: WireLoad[] = [];
  #begun = false;
  #leakageNw = 0;

  constructor(library: Group, file: string | undefined, problems: Problem[]) {
    this.#library = library;
    this.#reading = {
      file,
      problems,
      units: standardUnits(),
      templates: new Map(),
      powerTemplates: new Map(),
      busTypes: new Map(),
      defaultCapacitancePf: { input: 0, output: 0, inout: 0, internal: 0 },
      unread: new Map(),
    };
  }

  take(statement: Attribute | Group): void {
    if (!('kind' in statement)) {
      if (this.#begun && EARLY.has(statement.name))
        report(
          this.#reading,
          'error',
          'liberty-order',
          statement.line,
          `${statement.name} stands behind cells that it concerns.`,
          'Move it to the beginning of the library.',
        );
      this.#library.attributes.push(statement);
      return;
    }
    switch (statement.kind) {
      case 'cell':
        this.#begin();
        this.#cell(statement);
        return;
      case 'lu_table_template':
        readTemplate(statement, this.#reading, this.#reading.templates);
        return;
      case 'power_lut_template':
        readTemplate(statement, this.#reading, this.#reading.powerTemplates);
        return;
      case 'type':
        readBusType(statement, this.#reading, this.#reading.busTypes);
        return;
      default:
        this.#library.groups.push(statement);
    }
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    const reading = this.#reading;
    readUnits(this.#library, reading);
    const { capacitance, leakage } = reading.units;
    for (const direction of ['input', 'output', 'inout'] as const)
      reading.defaultCapacitancePf[direction] =
        numberOf(reading, this.#library, `default_${direction}_pin_cap`, capacitance) ?? 0;
    this.#leakageNw = numberOf(reading, this.#library, 'default_cell_leakage_power', leakage) ?? 0;
    const model = attribute(this.#library, 'delay_model');
    if (model && model.values[0] !== 'table_lookup')
      report(
        reading,
        'error',
        'liberty-delay-model',
        model.line,
        `The delay model "${model.values[0]}" is not read.`,
        'Give a library with delay_model : table_lookup (NLDM).',
      );
  }

  #cell(group: Group): void {
    const cell = readCell(group, this.#reading, this.#leakageNw);
    if (!cell) return;
    const before = this.#cells.get(cell.name);
    if (before)
      report(
        this.#reading,
        'warning',
        'liberty-cell-twice',
        group.line,
        `The cell ${cell.name} is defined again; the one of line ${before.line} is taken.`,
        'Remove one of them.',
      );
    else this.#cells.set(cell.name, cell);
  }

  /** After the last statement. `skipped`: groups that were passed over, by kind. */
  finish(skipped: ReadonlyMap<string, number>): Library {
    this.#begin();
    const reading = this.#reading;
    const library = this.#library;
    const cells = [...this.#cells.values()];
    for (const group of library.groups)
      if (group.kind === 'wire_load') this.#wireLoad(group);
      else if (group.kind === 'wire_load_table') this.#wireLoadTable(group);
    reportMissingUnits(library, reading, {
      capacitance: cells.some((cell) => cell.pins.some((pin) => pin.capacitancePf > 0 || pin.arcs.length > 0)),
      leakage: cells.some((cell) => cell.leakageNw !== 0),
    });
    const { capacitance, time } = reading.units;
    const thresholds = Object.fromEntries(
      Object.entries(THRESHOLDS).map(([key, [name, percent]]) => [
        key,
        (numberOf(reading, library, name) ?? percent) / 100,
      ]),
    ) as Record<keyof typeof THRESHOLDS, number>;
    const made: Library = {
      name: library.args[0] ?? '',
      conditions: this.#conditions(cells.length > 0),
      thresholds: { ...thresholds, slewDerate: numberOf(reading, library, 'slew_derate_from_library') ?? 1 },
      defaults: {
        maxTransitionNs: numberOf(reading, library, 'default_max_transition', time),
        maxCapacitancePf: numberOf(reading, library, 'default_max_capacitance', capacitance),
        maxFanout: numberOf(reading, library, 'default_max_fanout'),
        leakageNw: this.#leakageNw,
      },
      wireLoads: this.#wireLoads,
      wireLoad: this.#defaultWireLoad(),
      cells: this.#cells,
    };
    if (cells.length === 0)
      report(
        reading,
        'error',
        'liberty-no-cells',
        library.line,
        'The library has no cells.',
        'Give a library of cells.',
      );
    this.#reportUnread(skipped);
    return made;
  }

  #conditions(hasCells: boolean): Library['conditions'] {
    const reading = this.#reading;
    const library = this.#library;
    const nominal = {
      process: numberOf(reading, library, 'nom_process'),
      voltageV: numberOf(reading, library, 'nom_voltage', reading.units.voltage),
      temperatureC: numberOf(reading, library, 'nom_temperature'),
    };
    const name = textOf(library, 'default_operating_conditions');
    const group = library.groups.find((inner) => inner.kind === 'operating_conditions' && inner.args[0] === name);
    if (name !== undefined && !group)
      report(
        reading,
        'warning',
        'liberty-conditions',
        attribute(library, 'default_operating_conditions')?.line ?? library.line,
        `The default operating conditions "${name}" are not defined; the nominal ones are taken.`,
        'Define them as operating_conditions.',
      );
    const own = {
      process: group && numberOf(reading, group, 'process'),
      voltageV: group && numberOf(reading, group, 'voltage', reading.units.voltage),
      temperatureC: group && numberOf(reading, group, 'temperature'),
    };
    const scaling = library.attributes.find((found) => found.name.startsWith('k_') && Number(found.values[0]) !== 0);
    if (scaling && (['process', 'voltageV', 'temperatureC'] as const).some((key) => differ(own[key], nominal[key])))
      report(
        reading,
        'warning',
        'liberty-conditions-not-scaled',
        scaling.line,
        'The default operating conditions differ from the nominal ones, and the library has factors (k_...) to scale its figures; they are not applied.',
        'Take the figures as those of the nominal conditions, or give a library characterised at the wanted ones.',
      );
    const voltageV = own.voltageV ?? nominal.voltageV;
    if (voltageV === undefined && hasCells)
      report(
        reading,
        'warning',
        'liberty-voltage',
        library.line,
        'The library names no voltage; 5 V is taken, the default of Liberty.',
        'Add nom_voltage to the library.',
      );
    return {
      name: group ? name : undefined,
      process: own.process ?? nominal.process ?? 1,
      voltageV: voltageV ?? 5,
      temperatureC: own.temperatureC ?? nominal.temperatureC ?? 25,
    };
  }

  #defaultWireLoad(): string | undefined {
    const name = textOf(this.#library, 'default_wire_load');
    if (name === undefined || this.#wireLoads.some((load) => load.name === name)) return name;
    report(
      this.#reading,
      'warning',
      'liberty-wire-load',
      attribute(this.#library, 'default_wire_load')?.line ?? this.#library.line,
      `The default wire load "${name}" is not defined; wires have no load.`,
      'Define it as wire_load.',
    );
    return undefined;
  }

  #wireLoad(group: Group): void {
    const reading = this.#reading;
    const { capacitance, resistance } = reading.units;
    this.#wireLoads.push({
      name: group.args[0] ?? '',
      capacitancePfPerUnit: numberOf(reading, group, 'capacitance', capacitance) ?? 0,
      resistanceKohmPerUnit: numberOf(reading, group, 'resistance', resistance) ?? 0,
      lengths: this.#byFanout(group, 'fanout_length').map(({ fanout, value }) => ({ fanout, length: value })),
      slope: numberOf(reading, group, 'slope') ?? 0,
    });
  }

  /** Its capacitances by fanout stand as lengths of 1 pF a unit. */
  #wireLoadTable(group: Group): void {
    const { capacitance, resistance } = this.#reading.units;
    const lengths = this.#byFanout(group, 'fanout_capacitance').map(({ fanout, value }) => ({
      fanout,
      length: scaled(value, capacitance),
    }));
    const ohms = this.#byFanout(group, 'fanout_resistance').map(({ value }) => scaled(value, resistance));
    const rates = ohms.map((value, place) => value / (lengths[place]?.length ?? 0));
    const rate = rates[0] ?? 0;
    const proportional = rates.every((value) => Math.abs(value - rate) <= 1e-6 * Math.abs(rate));
    if (!proportional)
      report(
        this.#reading,
        'warning',
        'liberty-wire-load',
        group.line,
        `The resistances of ${describe(group)} do not follow its capacitances and are not read.`,
        'Nothing is to be done when wires are timed by their load alone.',
      );
    const [before, last] = lengths.slice(-2);
    this.#wireLoads.push({
      name: group.args[0] ?? '',
      capacitancePfPerUnit: 1,
      resistanceKohmPerUnit: proportional ? rate : 0,
      lengths,
      slope: before && last ? (last.length - before.length) / (last.fanout - before.fanout) : 0,
    });
  }

  #byFanout(group: Group, name: string): { fanout: number; value: number }[] {
    const found: { fanout: number; value: number }[] = [];
    for (const each of group.attributes) {
      if (each.name !== name) continue;
      const fanout = numberIn(this.#reading, each, 0);
      const value = numberIn(this.#reading, each, 1);
      if (fanout !== undefined && value !== undefined) found.push({ fanout, value });
    }
    return found.sort((first, second) => first.fanout - second.fanout);
  }

  #reportUnread(skipped: ReadonlyMap<string, number>): void {
    const note = (found: ReadonlyMap<string, number>, code: string, what: string, remedy: string): void => {
      if (found.size === 0) return;
      const total = [...found.values()].reduce((sum, count) => sum + count, 0);
      const names = [...found.entries()].map(([name, count]) => (count > 1 ? `${name} (${count})` : name));
      const listed = names.length > 12 ? [...names.slice(0, 12), `and ${names.length - 12} more`] : names;
      report(
        this.#reading,
        'note',
        code,
        this.#library.line,
        `${found.size} ${what}, ${total} in all: ${listed.join(', ')}.`,
        remedy,
      );
    };
    note(
      skipped,
      'liberty-skipped',
      plural(
        skipped.size,
        'kind of group is not read and was passed over',
        'kinds of groups are not read and were passed over',
      ),
      'Nothing is to be done: delays, checks, energies and leakage are read from the other groups.',
    );
    note(
      this.#reading.unread,
      'liberty-unread',
      plural(this.#reading.unread.size, 'kind of figure is not used', 'kinds of figures are not used'),
      'Cells whose delays depend on them are listed as not timed.',
    );
  }
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

function differ(first: number | undefined, second: number | undefined): boolean {
  return first !== undefined && second !== undefined && first !== second;
}
