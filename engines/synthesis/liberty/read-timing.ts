import { evaluateExpr, unateness } from './expression.ts';
import { attribute, type Group, textOf } from './parse.ts';
import type { CellReading } from './read-cell.ts';
import { type PinSource, relatedPins } from './read-pin.ts';
import { readTable } from './read-table.ts';
import { countUnread, report } from './reading.ts';
import type { ArcType, FlipFlop, Latch, LibraryPin, Table, TimingArc } from './types.ts';

const TYPES: ReadonlySet<string> = new Set([
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

const TABLES = {
  cell_rise: 'cellRise',
  cell_fall: 'cellFall',
  rise_transition: 'riseTransition',
  fall_transition: 'fallTransition',
  rise_constraint: 'riseConstraint',
  fall_constraint: 'fallConstraint',
} as const;

const DELAY_VARIABLES: ReadonlySet<string> = new Set(['input-slew', 'output-load']);
const CHECK_VARIABLES: ReadonlySet<string> = new Set(['related-slew', 'constrained-slew']);

function variablesOf(table: string): ReadonlySet<string> {
  return table.endsWith('_constraint') ? CHECK_VARIABLES : DELAY_VARIABLES;
}

/** The arcs of a `timing` group, one for each related pin. */
export function readTiming(group: Group, pin: LibraryPin, source: PinSource, cell: CellReading): TimingArc[] {
  const { reading } = cell;
  const given = textOf(group, 'timing_type') ?? 'combinational';
  const type = TYPES.has(given) ? (given as ArcType) : 'other';
  if (type === 'other') countUnread(reading, `timing_type ${given}`);
  if (attribute(group, 'mode')) {
    // Which mode holds is not known: an arc that might not apply must not time the cell.
    countUnread(reading, 'timing of a mode');
    cell.unread.add('mode');
  }
  for (const linear of ['intrinsic_rise', 'intrinsic_fall']) if (attribute(group, linear)) cell.unread.add(linear);

  const shared: Pick<TimingArc, 'type' | 'when' | 'condition'> &
    Partial<Record<(typeof TABLES)[keyof typeof TABLES], Table>> = {
    type,
  };
  const when = textOf(group, 'when');
  if (when !== undefined && when.trim() !== '')
    shared.when = cell.expression(when, attribute(group, 'when')?.line ?? group.line, 'when', source.bit);
  const condition = textOf(group, 'sdf_cond') ?? when;
  if (condition !== undefined && condition.trim() !== '') shared.condition = condition;
  for (const inner of group.groups) {
    const read = readTable(inner, reading, reading.templates, reading.units.time);
    if (!read) continue;
    const foreign = read.unknown[0] ?? read.table.variables.find((name) => !variablesOf(inner.kind).has(name));
    if (foreign !== undefined) {
      countUnread(reading, `${inner.kind} over ${foreign}`);
      if (type !== 'other') cell.unread.add(foreign);
      continue;
    }
    shared[TABLES[inner.kind as keyof typeof TABLES]] = read.table;
  }

  const givenSense = textOf(group, 'timing_sense');
  const sense = givenSense === undefined ? undefined : SENSES[givenSense];
  if (givenSense !== undefined && sense === undefined)
    report(
      reading,
      'error',
      'liberty-sense',
      attribute(group, 'timing_sense')?.line ?? group.line,
      `The timing_sense "${givenSense}" is unknown.`,
      'Write positive_unate, negative_unate or non_unate.',
    );
  const related = textOf(group, 'related_pin') ?? textOf(group, 'related_bus_pins');
  if (related === undefined && type !== 'other') {
    report(
      reading,
      'error',
      'liberty-related-pin',
      group.line,
      `The timing of the pin ${pin.name} of the cell ${cell.name} has no related_pin.`,
      'Name the pin from which the arc comes.',
    );
    return [];
  }
  return relatedPins(related ?? '', source, cell, group.line).map((relatedPin) => ({
    relatedPin,
    ...shared,
    sense: sense ?? inferSense(type, relatedPin, pin, cell.sequential),
  }));
}

/** What the functions say about an arc that names no timing_sense. */
function inferSense(
  type: ArcType,
  relatedPin: string,
  pin: LibraryPin,
  sequential: FlipFlop | Latch | undefined,
): TimingArc['sense'] {
  if (type === 'combinational' || type === 'combinational_rise' || type === 'combinational_fall') {
    const sense = pin.function ? unateness(pin.function, relatedPin) : 'non-unate';
    return sense === 'none' ? 'non-unate' : sense;
  }
  if (type === 'three_state_enable' || type === 'three_state_disable') {
    const sense = pin.threeState ? unateness(pin.threeState, relatedPin) : 'none';
    if (sense === 'none' || sense === 'non-unate') return 'non-unate';
    // The condition is that of being off: what rises with it disables.
    return (type === 'three_state_disable') === (sense === 'positive') ? 'positive' : 'negative';
  }
  if (type === 'clear' || type === 'preset') {
    const cause = type === 'clear' ? sequential?.clear : sequential?.preset;
    if (!sequential || !cause || !pin.function) return 'non-unate';
    const active = unateness(cause, relatedPin);
    if (active === 'none' || active === 'non-unate') return 'non-unate';
    const forced = type === 'clear' ? 0 : 1;
    const output = evaluateExpr(pin.function, (name) => {
      if (name === sequential.state) return forced;
      return name === sequential.inverse ? ((1 - forced) as 0 | 1) : 0;
    });
    return (output === 1) === (active === 'positive') ? 'positive' : 'negative';
  }
  return 'non-unate';
}
