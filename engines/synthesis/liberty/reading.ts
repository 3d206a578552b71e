import type { Place, Problem } from '../../core/result.ts';
import { type Attribute, attribute, type Group } from './parse.ts';
import type { TableVariable } from './types.ts';

/** Values are multiplied by `times` and divided by `over`, one of which is 1: 3 ps are exactly 0.003 ns. */
export interface Scale {
  times: number;
  over: number;
}

export interface Units {
  time: Scale;
  capacitance: Scale;
  voltage: Scale;
  leakage: Scale;
  resistance: Scale;
  energy: Scale;
}

export interface Template {
  variables: TableVariable[];
  /** The file's names of them. */
  names: string[];
  indices: (Float64Array | undefined)[];
}

/** What is known while a library is read. */
export interface Reading {
  file: string | undefined;
  problems: Problem[];
  units: Units;
  templates: Map<string, Template>;
  powerTemplates: Map<string, Template>;
  /** Bits of bus types, in order. */
  busTypes: Map<string, number[]>;
  defaultCapacitancePf: { input: number; output: number; inout: number; internal: number };
  /** How often something was met that is not read, by what it is. */
  unread: Map<string, number>;
}

export const IDENTITY: Scale = { times: 1, over: 1 };

export function scaled(value: number, scale: Scale): number {
  return (value * scale.times) / scale.over;
}

export function placeOf(reading: Reading, line: number): Place {
  return { file: reading.file, line };
}

export function report(
  reading: Reading,
  severity: Problem['severity'],
  code: string,
  line: number,
  what: string,
  remedy: string,
): void {
  reading.problems.push({ code, severity, what, where: placeOf(reading, line), remedy });
}

export function countUnread(reading: Reading, what: string): void {
  reading.unread.set(what, (reading.unread.get(what) ?? 0) + 1);
}

/** Undefined when the attribute is missing; a value that is no number is reported. */
export function numberOf(reading: Reading, group: Group, name: string, scale: Scale = IDENTITY): number | undefined {
  const found = attribute(group, name);
  return found && numberIn(reading, found, 0, scale);
}

export function numberIn(
  reading: Reading,
  found: Attribute,
  place: number,
  scale: Scale = IDENTITY,
): number | undefined {
  const text = found.values[place] ?? '';
  const value = /^\s*[-+]?(\d|\.\d)/.test(text) && !/^\s*[-+]?0x/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return scaled(value, scale);
  report(
    reading,
    'error',
    'liberty-number',
    found.line,
    `The value "${text}" of ${found.name} is no number.`,
    'Mend the number: digits, a point, an exponent.',
  );
  return undefined;
}

/** Undefined when missing. */
export function flagOf(reading: Reading, group: Group, name: string): boolean | undefined {
  const found = attribute(group, name);
  if (!found) return undefined;
  const text = (found.values[0] ?? '').toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  report(
    reading,
    'error',
    'liberty-flag',
    found.line,
    `The value "${found.values[0]}" of ${found.name} is neither true nor false.`,
    'Write true or false.',
  );
  return undefined;
}
