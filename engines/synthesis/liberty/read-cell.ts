import { parseFunction, pinsOf, unateness } from './expression.ts';
import { attribute, type Group, textOf } from './parse.ts';
import { readTable } from './read-table.ts';
import { countUnread, flagOf, numberOf, placeOf, type Reading, report, type Scale } from './reading.ts';
import type {
  ArcType,
  BoolExpr,
  FlipFlop,
  InternalPower,
  Latch,
  LibraryCell,
  LibraryPin,
  Table,
  TimingArc,
} from './types.ts';

/** Groups that say how a cell works, and are not read. */
const DECISIVE = new Set(['statetable', 'ff_bank', 'latch_bank', 'generated_clock']);

export function readCell(group: Group, reading: Reading, defaultLeakageNw: number): LibraryCell {
  const [name = ''] = group.args;
  if (name === '') report(reading, 'error', 'liberty-name', group.line, 'The cell has no name.', 'Write cell (NAME).');
  const leakage = numberOf(reading, group, 'cell_leakage_power', reading.units.leakage);
  const cell: LibraryCell = {
    name,
    areaUm2: numberOf(reading, group, 'area') ?? 0,
    leakageNw: leakage ?? defaultLeakageNw,
    leakageStates: [],
    pins: [],
    pinIndex: new Map(),
    ...(textOf(group, 'clock_gating_integrated_cell') !== undefined && {
      clockGate: textOf(group, 'clock_gating_integrated_cell'),
    }),
    dontUse: flagOf(reading, group, 'dont_use') ?? false,
    dontTouch: flagOf(reading, group, 'dont_touch') ?? false,
    unread: [],
    line: group.line,
  };
  let stateless: number | undefined;
  for (const inner of group.groups) {
    switch (inner.kind) {
      case 'pin':
        for (const pin of inner.args) for (const bit of bitsOf(pin)) addPin(cell, bit, inner, reading);
        break;
      case 'bus':
      case 'bundle':
        addBus(cell, inner, reading);
        break;
      case 'type':
        readBusType(inner, reading);
        break;
      case 'ff':
        cell.sequential = flipFlop(inner, reading);
        break;
      case 'latch':
        cell.sequential = latch(inner, reading);
        break;
      case 'leakage_power': {
        const value = numberOf(reading, inner, 'value', reading.units.leakage);
        const when = functionOf(inner, 'when', reading);
        if (value === undefined) break;
        if (when) cell.leakageStates.push({ when, leakageNw: value });
        else stateless = value;
        break;
      }
      default:
        if (DECISIVE.has(inner.kind)) cell.unread.push(inner.kind);
    }
  }
  // Without a sum for the cell the entry without a state stands; failing that the mean of the states.
  if (leakage === undefined && stateless !== undefined) cell.leakageNw = stateless;
  else if (leakage === undefined && cell.leakageStates.length > 0) {
    cell.leakageNw = cell.leakageStates.reduce((sum, state) => sum + state.leakageNw, 0) / cell.leakageStates.length;
  }
  return cell;
}

/** First and last bit of a bus type. */
export function readBusType(group: Group, reading: Reading): void {
  const from = numberOf(reading, group, 'bit_from');
  const to = numberOf(reading, group, 'bit_to');
  const [name] = group.args;
  if (name === undefined || from === undefined || to === undefined) return;
  const step = from <= to ? 1 : -1;
  const bits: number[] = [];
  for (let bit = from; bit !== to + step; bit += step) bits.push(bit);
  reading.busTypes.set(name, bits);
}

function functionOf(group: Group, name: string, reading: Reading): BoolExpr | undefined {
  const found = attribute(group, name);
  const text = found?.values[0];
  if (!found || text === undefined || text.trim() === '') return undefined;
  const read = parseFunction(text, placeOf(reading, found.line));
  if (read.ok) return read.value;
  reading.problems.push(...read.problems);
  return undefined;
}

function statesOf({ args }: Group) {
  return { state: args[0] ?? 'IQ', inverse: args[1] ?? 'IQN' };
}

function forcesOf(group: Group, reading: Reading) {
  const clear = functionOf(group, 'clear', reading);
  const preset = functionOf(group, 'preset', reading);
  const first = textOf(group, 'clear_preset_var1');
  const second = textOf(group, 'clear_preset_var2');
  const both: [string, string] | undefined = first || second ? [first ?? 'X', second ?? 'X'] : undefined;
  return { ...(clear && { clear }), ...(preset && { preset }), ...(both && { clearPreset: both }) };
}

function flipFlop(group: Group, reading: Reading): FlipFlop | undefined {
  const clockedOn = functionOf(group, 'clocked_on', reading);
  const nextState = functionOf(group, 'next_state', reading);
  if (clockedOn && nextState) {
    return { kind: 'ff', ...statesOf(group), clockedOn, nextState, ...forcesOf(group, reading) };
  }
  report(reading, 'error', 'liberty-ff', group.line, 'The flip-flop lacks clocked_on or next_state.', 'Give it both.');
  return undefined;
}

function latch(group: Group, reading: Reading): Latch {
  const enable = functionOf(group, 'enable', reading);
  const dataIn = functionOf(group, 'data_in', reading);
  return {
    kind: 'latch',
    ...statesOf(group),
    ...(enable && { enable }),
    ...(dataIn && { dataIn }),
    ...forcesOf(group, reading),
  };
}

/** A bus or bundle as single pins; what stands in it holds for each of them. */
function addBus(cell: LibraryCell, group: Group, reading: Reading): void {
  const [name = ''] = group.args;
  const shared = group.groups.filter(({ kind }) => kind !== 'pin');
  const told = new Set<string>();
  for (const inner of group.groups) {
    if (inner.kind !== 'pin') continue;
    for (const pin of inner.args.flatMap(bitsOf)) {
      told.add(pin);
      const attributes = [...group.attributes, ...inner.attributes];
      addPin(cell, pin, { ...inner, attributes, groups: [...shared, ...inner.groups] }, reading);
    }
  }
  const members = (attribute(group, 'members')?.values ?? []).flatMap(namesOf);
  const bits = reading.busTypes.get(textOf(group, 'bus_type') ?? '');
  const pins = members.length > 0 ? members : (bits ?? []).map((bit) => `${name}[${bit}]`);
  if (pins.length === 0 && told.size === 0) {
    report(
      reading,
      'error',
      'liberty-bus',
      group.line,
      `Which pins ${group.kind} ${name} of ${cell.name} has is not said.`,
      'Give it bus_type, members, or pins of its own.',
    );
  }
  for (const pin of pins) if (!told.has(pin)) addPin(cell, pin, group, reading);
}

function namesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}

/** "A[3:0]" as its bits; anything else as it is. */
function bitsOf(text: string): string[] {
  const match = /^(.*)\[(\d+):(\d+)\]$/.exec(text);
  if (!match) return [text];
  const from = Number(match[2]);
  const to = Number(match[3]);
  const low = Math.min(from, to);
  return Array.from({ length: Math.abs(from - to) + 1 }, (_, i) => `${match[1]}[${low + i}]`);
}

const DIRECTIONS = new Set(['input', 'output', 'inout', 'internal']);
const ROLES = ['clock', 'enable', 'test', 'out', 'obs'] as const;

function addPin(cell: LibraryCell, name: string, group: Group, reading: Reading): void {
  const { capacitance, time } = reading.units;
  const direction = textOf(group, 'direction');
  const known = direction !== undefined && DIRECTIONS.has(direction);
  if (!known || cell.pinIndex.has(name)) {
    const what = known
      ? `The pin ${name} of ${cell.name} is described twice.`
      : direction === undefined
        ? `The pin ${name} of ${cell.name} has no direction.`
        : `"${direction}" is no direction of a pin.`;
    const remedy = known ? 'Remove one of them.' : 'Write direction : input; output, inout or internal.';
    report(reading, 'error', 'liberty-pin', group.line, what, remedy);
    return;
  }
  const way = direction as LibraryPin['direction'];
  const rise = numberOf(reading, group, 'rise_capacitance', capacitance);
  const fall = numberOf(reading, group, 'fall_capacitance', capacitance);
  const edges = rise === undefined || fall === undefined ? (rise ?? fall) : Math.max(rise, fall);
  const capacitancePf =
    numberOf(reading, group, 'capacitance', capacitance) ?? edges ?? reading.defaultCapacitancePf[way];
  const role = ROLES.find((each) => flagOf(reading, group, `clock_gate_${each}_pin`));
  const expr = functionOf(group, 'function', reading);
  const threeState = functionOf(group, 'three_state', reading);
  const pin: LibraryPin = {
    name,
    direction: way,
    capacitancePf,
    riseCapacitancePf: rise ?? capacitancePf,
    fallCapacitancePf: fall ?? capacitancePf,
    ...limit('maxCapacitancePf', 'max_capacitance', capacitance),
    ...limit('maxTransitionNs', 'max_transition', time),
    ...limit('maxFanout', 'max_fanout'),
    clock: flagOf(reading, group, 'clock') ?? false,
    ...(role && { clockGateRole: role }),
    ...(expr && { function: expr }),
    ...(threeState && { threeState }),
    arcs: [],
    power: [],
  };
  for (const inner of group.groups) {
    if (inner.kind === 'timing') pin.arcs.push(...arcsOf(inner, cell, pin, reading));
    else if (inner.kind === 'internal_power') pin.power.push(...powerOf(inner, reading));
  }
  cell.pinIndex.set(name, cell.pins.length);
  cell.pins.push(pin);

  function limit(key: 'maxCapacitancePf' | 'maxTransitionNs' | 'maxFanout', attributeName: string, scale?: Scale) {
    const value = numberOf(reading, group, attributeName, scale);
    return value === undefined ? {} : { [key]: value };
  }
}

const ARC_TYPES: ReadonlySet<string> = new Set<ArcType>([
  'combinational',
  'combinational_rise',
  'combinational_fall',
  'three_state_enable',
  'three_state_disable',
  'rising_edge',
  'falling_edge',
  'preset',
  'clear',
  'setup_rising',
  'setup_falling',
  'hold_rising',
  'hold_falling',
  'recovery_rising',
  'recovery_falling',
  'removal_rising',
  'removal_falling',
]);

const SENSES: Record<string, TimingArc['sense']> = {
  positive_unate: 'positive',
  negative_unate: 'negative',
  non_unate: 'non-unate',
};

const DELAY_VARIABLES = new Set(['input-slew', 'output-load']);
const CHECK_VARIABLES = new Set(['related-slew', 'constrained-slew']);

/** A table of one of these variables; a delay over others (three-dimensional, of a related output) cannot be looked up. */
function tableOf(
  group: Group,
  kind: string,
  reading: Reading,
  wanted: ReadonlySet<string>,
  power = false,
): Table | undefined {
  const found = group.groups.find((inner) => inner.kind === kind);
  if (!found) return undefined;
  const [templates, scale] = power
    ? [reading.powerTemplates, reading.units.energy]
    : [reading.templates, reading.units.time];
  const read = readTable(found, reading, templates, scale);
  if (!read) return undefined;
  const strange = read.table.variables.find((variable) => !wanted.has(variable));
  if (strange === undefined) return read.table;
  const names = read.unknown.length > 0 ? read.unknown.join(', ') : strange;
  countUnread(reading, `${kind} over ${names}`);
  return undefined;
}

function arcsOf(group: Group, cell: LibraryCell, pin: LibraryPin, reading: Reading): TimingArc[] {
  const said = textOf(group, 'timing_type') ?? 'combinational';
  const type: ArcType = ARC_TYPES.has(said) ? (said as ArcType) : 'other';
  const related = namesOf(textOf(group, 'related_pin') ?? textOf(group, 'related_bus_pins') ?? '').flatMap(bitsOf);
  if (type === 'other') countUnread(reading, `timing_type ${said}`);
  if (related.length === 0) {
    if (type !== 'other') {
      report(
        reading,
        'error',
        'liberty-arc',
        group.line,
        `A timing group of ${cell.name}/${pin.name} has no related_pin.`,
        'Give it one.',
      );
    }
    return [];
  }
  const senseText = textOf(group, 'timing_sense');
  const sense = senseText === undefined ? undefined : SENSES[senseText];
  const when = functionOf(group, 'when', reading);
  const condition = textOf(group, 'sdf_cond') ?? textOf(group, 'when');
  const delay = (kind: string) => tableOf(group, kind, reading, DELAY_VARIABLES);
  const check = (kind: string) => tableOf(group, kind, reading, CHECK_VARIABLES);
  const tables = {
    cellRise: delay('cell_rise'),
    cellFall: delay('cell_fall'),
    riseTransition: delay('rise_transition'),
    fallTransition: delay('fall_transition'),
    riseConstraint: check('rise_constraint'),
    fallConstraint: check('fall_constraint'),
  };
  const present = Object.fromEntries(Object.entries(tables).filter(([, table]) => table !== undefined));
  return related.map((relatedPin) => ({
    relatedPin,
    type,
    sense: sense ?? senseBy(pin.function, relatedPin),
    ...(when && { when }),
    ...(condition !== undefined && { condition }),
    ...present,
  }));
}

/** What the pin's function says, where the file does not. */
function senseBy(expr: BoolExpr | undefined, pin: string): TimingArc['sense'] {
  if (!expr || !pinsOf(expr).includes(pin)) return 'non-unate';
  const found = unateness(expr, pin);
  return found === 'none' ? 'non-unate' : found;
}

function powerOf(group: Group, reading: Reading): InternalPower[] {
  const table = (kind: string) => tableOf(group, kind, reading, DELAY_VARIABLES, true);
  const both = table('power');
  const rise = table('rise_power') ?? both;
  const fall = table('fall_power') ?? both;
  const when = functionOf(group, 'when', reading);
  const base = { ...(when && { when }), ...(rise && { rise }), ...(fall && { fall }) };
  const related = namesOf(textOf(group, 'related_pin') ?? '').flatMap(bitsOf);
  return related.length === 0 ? [base] : related.map((relatedPin) => ({ relatedPin, ...base }));
}
