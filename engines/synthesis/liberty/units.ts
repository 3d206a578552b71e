import { type Attribute, attribute, type Group } from './parse.ts';
import { type Reading, report, type Scale, type Units } from './reading.ts';

const PREFIXES: Record<string, number> = { f: -15, p: -12, n: -9, u: -6, m: -3, '': 0, k: 3 };

function powerOfTen(exponent: number): number {
  return Number(`1e${exponent}`);
}

/** From `figure` times 10^`exponent`. */
function scaleOf(figure: number, exponent: number): Scale {
  if (exponent >= 0) return { times: figure * powerOfTen(exponent), over: 1 };
  const over = powerOfTen(-exponent);
  return over % figure === 0 ? { times: 1, over: over / figure } : { times: figure, over };
}

/** "10ps" over "s" with ns wanted (9): how values become ns. */
function parseScale(text: string, base: string, wanted: number): Scale | undefined {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)?\s*([a-z]*)\s*$/i.exec(text);
  if (!match) return undefined;
  const unit = match[2] ?? '';
  if (!unit.toLowerCase().endsWith(base)) return undefined;
  const prefix = unit.slice(0, unit.length - base.length);
  const mega = prefix === 'M' || prefix.toLowerCase() === 'meg';
  const exponent = base === 'ohm' && mega ? 6 : PREFIXES[prefix.toLowerCase()];
  const figure = match[1] === undefined ? 1 : Number(match[1]);
  return exponent === undefined || figure <= 0 ? undefined : scaleOf(figure, exponent + wanted);
}

interface Unit {
  name: string;
  base: string;
  /** 10^this of the studio's unit are one of the base. */
  wanted: number;
  /** What is taken when the file does not say. */
  otherwise: string;
}

const UNITS: Record<Exclude<keyof Units, 'energy' | 'capacitance'>, Unit> = {
  time: { name: 'time_unit', base: 's', wanted: 9, otherwise: '1ns' },
  voltage: { name: 'voltage_unit', base: 'v', wanted: 0, otherwise: '1V' },
  leakage: { name: 'leakage_power_unit', base: 'w', wanted: 9, otherwise: '1nW' },
  resistance: { name: 'pulling_resistance_unit', base: 'ohm', wanted: -3, otherwise: '1kohm' },
};

/** What holds until the file says otherwise. */
export function standardUnits(): Units {
  const one = { times: 1, over: 1 };
  return { time: one, voltage: one, leakage: one, resistance: one, capacitance: one, energy: one };
}

/**
 * Reads the units of a library (before its first cell). Energies of internal power have no unit of their own: they are in
 * capacitive_load_unit times voltage_unit squared per transition, as the Liberty User Guide derives them and OpenSTA has it; time and
 * current do not enter.
 */
export function readUnits(library: Group, reading: Reading): void {
  const { units } = reading;
  for (const key of ['time', 'voltage', 'leakage', 'resistance'] as const) {
    const unit = UNITS[key];
    const found = attribute(library, unit.name);
    const scale = parseScale(found?.values[0] ?? unit.otherwise, unit.base, unit.wanted);
    if (scale) units[key] = scale;
    else if (found) badUnit(reading, found);
  }
  const current = attribute(library, 'current_unit');
  if (current && !parseScale(current.values[0] ?? '', 'a', 0)) badUnit(reading, current);
  const load = attribute(library, 'capacitive_load_unit');
  if (load) {
    const [figure, unit] = load.values;
    const scale = parseScale(`${figure ?? ''}${unit ?? ''}`, 'f', 12);
    if (scale && load.values.length === 2) units.capacitance = scale;
    else badUnit(reading, load);
  }
  const { times, over } = units.voltage;
  units.energy = {
    times: units.capacitance.times * times * times,
    over: units.capacitance.over * over * over,
  };
}

function badUnit(reading: Reading, found: Attribute): void {
  report(
    reading,
    'error',
    'liberty-unit',
    found.line,
    `The unit "${found.values.join(', ')}" of ${found.name} cannot be read.`,
    'Write a number and a unit, as in time_unit : "1ns"; and capacitive_load_unit (1, pf);.',
  );
}

/** Says which units were taken because the file names none where Liberty has no default. `used`: what the cells give figures of. */
export function reportMissingUnits(
  library: Group,
  reading: Reading,
  used: { capacitance: boolean; leakage: boolean },
): void {
  const missing: [boolean, string, string][] = [
    [used.capacitance, 'capacitive_load_unit', '1 pF'],
    [used.leakage, UNITS.leakage.name, '1 nW'],
  ];
  for (const [isUsed, name, taken] of missing)
    if (isUsed && !attribute(library, name))
      report(
        reading,
        'warning',
        'liberty-unit-missing',
        library.line,
        `The library has no ${name}; ${taken} is taken.`,
        `Add ${name} to the library.`,
      );
}
