import { breathe } from '../../core/abort.ts';
import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import { attribute, type Group, LibertyParser, textOf } from './parse.ts';
import { readBusType, readCell } from './read-cell.ts';
import { readTemplate } from './read-table.ts';
import { countUnread, numberIn, numberOf, type Reading, report } from './reading.ts';
import { LibertySyntaxError } from './scan.ts';
import type { Library, WireLoad } from './types.ts';
import { readUnits, reportMissingUnits, standardUnits } from './units.ts';

export interface ReadLibrary {
  library: Library;
  /** Findings that do not keep the library from being used. */
  problems: Problem[];
}

/** Statements of the library (mostly cells) between two looks at the clock. */
const STEP = 8;
/** Of a broken file so many findings are told. */
const MOST = 20;
/** Kinds of what is passed over that are named. */
const NAMED = 6;

/** Reads a library at once. Fails with the places of what is broken (`liberty-*`). */
export function parseLiberty(text: string, file?: string): Result<ReadLibrary> {
  const steps = read(new TextEncoder().encode(text), file);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** The same for a large file, with pauses; ends when the signal says so. `progress` is told the share of the file that is read. */
export async function readLiberty(
  bytes: Uint8Array,
  { file, signal, progress }: { file?: string; signal: AbortSignal; progress?(fraction: number): void },
): Promise<Result<ReadLibrary>> {
  const steps = read(bytes, file);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    progress?.(next.value);
    await breathe(signal);
  }
}

/** Yields the share that is read. */
function* read(bytes: Uint8Array, file: string | undefined): Generator<number, Result<ReadLibrary>> {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    return fail(error('liberty-packed', 'The file is compressed.', 'Unpack it with gunzip first.', { file }));
  }
  const reading: Reading = {
    file,
    problems: [],
    units: standardUnits(),
    templates: new Map(),
    powerTemplates: new Map(),
    busTypes: new Map(),
    defaultCapacitancePf: { input: 0, output: 0, inout: 0, internal: 0 },
    unread: new Map(),
  };
  const parser = new LibertyParser(bytes, file, (problem) => reading.problems.push(problem));
  const library = emptyLibrary();
  try {
    const root = parser.open();
    const conditions: Group[] = [];
    let begun = false;
    let count = 0;
    for (let found = parser.statement(root); found; found = parser.statement(root)) {
      if (!('kind' in found)) root.attributes.push(found);
      else {
        // Units and defaults stand before what is measured in them.
        if (!begun && found.kind !== 'type') {
          begun = true;
          begin(root, reading, library);
        }
        if (found.kind === 'lu_table_template') readTemplate(found, reading, reading.templates);
        else if (found.kind === 'power_lut_template') readTemplate(found, reading, reading.powerTemplates);
        else if (found.kind === 'operating_conditions') conditions.push(found);
        else if (found.kind === 'wire_load') library.wireLoads.push(wireLoadOf(found, reading));
        else if (found.kind === 'wire_load_table') countUnread(reading, 'wire_load_table');
        else if (found.kind === 'type') readBusType(found, reading);
        else addCell(found, reading, library);
      }
      if (++count % STEP === 0) yield parser.scanner.at / bytes.length;
    }
    parser.close();
    end(root, conditions, reading, library);
  } catch (cause) {
    if (!(cause instanceof LibertySyntaxError)) throw cause;
    const errors = reading.problems.filter(({ severity }) => severity === 'error');
    return fail(cause.problem, ...errors.slice(0, MOST));
  }
  const [first, ...rest] = reading.problems.filter(({ severity }) => severity === 'error');
  if (first) return fail(first, ...rest.slice(0, MOST));
  if (library.cells.size === 0) {
    return fail(
      error('liberty-no-cells', 'The library has no cells.', 'Choose a library of cells.', { file, line: 1 }),
    );
  }
  for (const [kind, times] of parser.skipped) reading.unread.set(kind, (reading.unread.get(kind) ?? 0) + times);
  return ok({ library, problems: [...reading.problems, ...passedOver(reading)] });
}

function emptyLibrary(): Library {
  return {
    name: '',
    conditions: { process: 1, voltageV: 0, temperatureC: 25 },
    thresholds: {
      inputRise: 0.5,
      inputFall: 0.5,
      outputRise: 0.5,
      outputFall: 0.5,
      slewLowerRise: 0.2,
      slewUpperRise: 0.8,
      slewLowerFall: 0.2,
      slewUpperFall: 0.8,
      slewDerate: 1,
    },
    defaults: { leakageNw: 0 },
    wireLoads: [],
    cells: new Map(),
  };
}

/** What stands before the first template or cell. */
function begin(root: Group, reading: Reading, library: Library): void {
  readUnits(root, reading);
  const { units } = reading;
  const pin = (name: string) => numberOf(reading, root, name, units.capacitance) ?? 0;
  reading.defaultCapacitancePf = {
    input: pin('default_input_pin_cap'),
    output: pin('default_output_pin_cap'),
    inout: pin('default_inout_pin_cap'),
    internal: 0,
  };
  library.defaults.leakageNw = numberOf(reading, root, 'default_cell_leakage_power', units.leakage) ?? 0;
  const model = textOf(root, 'delay_model');
  if (model !== undefined && model !== 'table_lookup') {
    report(
      reading,
      'error',
      'liberty-delay-model',
      attribute(root, 'delay_model')?.line ?? root.line,
      `The delays of the library are of the model ${model}.`,
      'Choose a library with the model table_lookup (NLDM).',
    );
  }
}

function addCell(group: Group, reading: Reading, library: Library): void {
  const cell = readCell(group, reading, library.defaults.leakageNw);
  if (!library.cells.has(cell.name)) library.cells.set(cell.name, cell);
  else {
    report(
      reading,
      'warning',
      'liberty-twice',
      group.line,
      `The cell ${cell.name} is described twice; the first one counts.`,
      'Remove one of them.',
    );
  }
}

/** What may stand anywhere in the library. */
function end(root: Group, conditions: readonly Group[], reading: Reading, library: Library): void {
  const { units } = reading;
  const number = (name: string, scale?: typeof units.time) => numberOf(reading, root, name, scale);
  library.name = root.args[0] ?? 'library';
  const name =
    textOf(root, 'default_operating_conditions') ?? (conditions.length === 1 ? conditions[0]?.args[0] : undefined);
  const chosen = conditions.find(({ args }) => args[0] === name);
  const of = (key: 'process' | 'voltage' | 'temperature', scale?: typeof units.time) =>
    (chosen && numberOf(reading, chosen, key, scale)) ?? number(`nom_${key}`, scale);
  library.conditions = {
    ...(chosen && { name }),
    process: of('process') ?? 1,
    voltageV: of('voltage', units.voltage) ?? 0,
    temperatureC: of('temperature') ?? 25,
  };
  const { thresholds } = library;
  const percent = (key: Exclude<keyof typeof thresholds, 'slewDerate'>, attributeName: string) => {
    const value = number(attributeName);
    if (value !== undefined) thresholds[key] = value / 100;
  };
  percent('inputRise', 'input_threshold_pct_rise');
  percent('inputFall', 'input_threshold_pct_fall');
  percent('outputRise', 'output_threshold_pct_rise');
  percent('outputFall', 'output_threshold_pct_fall');
  percent('slewLowerRise', 'slew_lower_threshold_pct_rise');
  percent('slewUpperRise', 'slew_upper_threshold_pct_rise');
  percent('slewLowerFall', 'slew_lower_threshold_pct_fall');
  percent('slewUpperFall', 'slew_upper_threshold_pct_fall');
  thresholds.slewDerate = number('slew_derate_from_library') ?? 1;
  const maxTransitionNs = number('default_max_transition', units.time);
  const maxCapacitancePf = number('default_max_capacitance', units.capacitance);
  const maxFanout = number('default_max_fanout');
  if (maxTransitionNs !== undefined) library.defaults.maxTransitionNs = maxTransitionNs;
  if (maxCapacitancePf !== undefined) library.defaults.maxCapacitancePf = maxCapacitancePf;
  if (maxFanout !== undefined) library.defaults.maxFanout = maxFanout;
  const wireLoad = textOf(root, 'default_wire_load');
  if (wireLoad !== undefined) library.wireLoad = wireLoad;
  if (!(library.conditions.voltageV > 0)) {
    report(
      reading,
      'warning',
      'liberty-voltage',
      root.line,
      'The library does not say its voltage: switching power cannot be computed and counts as 0.',
      'Add nom_voltage to the library.',
    );
  }
  const cells = [...library.cells.values()];
  reportMissingUnits(root, reading, {
    capacitance: cells.some(({ pins }) => pins.some(({ capacitancePf }) => capacitancePf > 0)),
    leakage: cells.some(({ leakageNw, leakageStates }) => leakageNw > 0 || leakageStates.length > 0),
  });
}

function wireLoadOf(group: Group, reading: Reading): WireLoad {
  const { capacitance, resistance } = reading.units;
  const lengths: WireLoad['lengths'] = [];
  for (const found of group.attributes) {
    if (found.name !== 'fanout_length') continue;
    const fanout = numberIn(reading, found, 0);
    const length = numberIn(reading, found, 1);
    if (fanout !== undefined && length !== undefined) lengths.push({ fanout, length });
  }
  return {
    name: group.args[0] ?? '',
    capacitancePfPerUnit: numberOf(reading, group, 'capacitance', capacitance) ?? 0,
    resistanceKohmPerUnit: numberOf(reading, group, 'resistance', resistance) ?? 0,
    lengths: lengths.sort((a, b) => a.fanout - b.fanout),
    slope: numberOf(reading, group, 'slope') ?? 0,
  };
}

/** One note of what the library holds and the figures do not use. */
function passedOver({ unread, file }: Reading): Problem[] {
  if (unread.size === 0) return [];
  const kinds = [...unread].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const names = kinds.slice(0, NAMED).map(([kind, times]) => (times === 1 ? kind : `${kind} (${times} times)`));
  const rest = kinds.length - names.length;
  return [
    {
      code: 'liberty-passed-over',
      severity: 'note',
      what: `Parts of the library that the figures do not use were passed over: ${names.join(', ')}${rest > 0 ? `, and ${rest} more kinds` : ''}.`,
      where: { file, line: 1 },
    },
  ];
}
