import type { Assumption } from '../../core/report.ts';
import { fail, ok, type Problem, type Result } from '../../core/result.ts';
import type { GateNetlist } from '../gates/types.ts';
import type { Library } from '../liberty/types.ts';
import type { Constraints, PortDelay, TimingException } from '../timing/types.ts';
import { Call, type SdcCommand } from './call.ts';
import { CLOCK_COMMANDS } from './clock-commands.ts';
import { GENERATED_ASSUMPTION, resolveGenerated } from './generated.ts';
import { HANDLE, nearestNames } from './objects.ts';
import { OTHER_COMMANDS } from './other-commands.ts';
import { PATH_COMMANDS } from './path-commands.ts';
import { PORT_COMMANDS } from './port-commands.ts';
import { QUERY_COMMANDS } from './query-commands.ts';
import { type ClockDraft, type DelayDraft, State } from './state.ts';
import { type Arg, TCL_COMMANDS, Tcl } from './tcl.ts';
import { problemOf, SdcError, type Spot } from './tcl-words.ts';

/** How problems name the constraints, whatever file they came from. */
export const SDC_FILE = 'constraints.sdc';

/** Commands that a script may take before it counts as endless (searches count by the design's size): a second or two. */
const STEPS = 500_000;
const MAX_ERRORS = 50;

const COMMANDS = new Map<string, SdcCommand>(
  [...CLOCK_COMMANDS, ...PORT_COMMANDS, ...PATH_COMMANDS, ...QUERY_COMMANDS, ...OTHER_COMMANDS].map((command) => [
    command.name,
    command,
  ]),
);

/** Commands that other tools know and that would change the figures: refused, with what to do instead. */
const REFUSED: Record<string, string> = {
  set_drive: 'Give set_driving_cell or set_input_transition.',
  set_disable_timing: 'Give set_false_path -through, or set_case_analysis.',
  set_timing_derate: 'Choose another corner instead.',
  set_clock_gating_check: 'Clock gates have the checks of the library.',
  set_clock_sense: 'Give set_case_analysis or create_generated_clock.',
  set_sense: 'Give set_case_analysis or create_generated_clock.',
  set_data_check: 'Give set_max_delay and set_min_delay.',
  set_resistance: 'Wires have no resistance before layout.',
  set_ideal_network: 'Give set_case_analysis or set_false_path.',
  set_logic_dc: 'Give set_case_analysis.',
  set_voltage: 'The library read is the corner.',
  foreach_in_collection: 'Write foreach: collections are lists here.',
};

export const SDC_ASSUMPTIONS: Assumption[] = [
  {
    id: 'sdc-units',
    what: 'Times in constraints are in ns and capacitances in pF, whatever the units of the library, unless set_units says otherwise.',
    value: 'ns, pF',
    reason: 'So the same constraints mean the same under every library.',
    source: 'ours',
  },
  {
    id: 'sdc-clock-names',
    what: 'A bare name that a clock and its port share means the clock.',
    reason: 'OpenSTA does the same.',
    source: 'tool',
  },
  GENERATED_ASSUMPTION,
];

/** For help and completion in the editor: every command that is read. */
export const SDC_COMMANDS: { name: string; usage: string; about: string; state: 'supported' | 'noted' }[] = [
  ...[...COMMANDS.values()].map(({ name, usage, about, noted }) => ({
    name,
    usage,
    about: noted === undefined ? about : `${about} Has no effect here: ${noted}.`,
    state: noted === undefined ? ('supported' as const) : ('noted' as const),
  })),
  ...TCL_COMMANDS.map((name) => ({ name, usage: name, about: 'A command of Tcl.', state: 'supported' as const })),
];

/**
 * Reads constraints against a design. Every command or option that is not known is an error with its place, and so is a name that
 * names nothing; the whole file is gone through before they are answered. Warnings and notes come with the constraints.
 * `file`: how problems name it.
 */
export function readSdc(
  text: string,
  design: GateNetlist,
  library: Library,
  file = SDC_FILE,
): Result<{ constraints: Constraints; problems: Problem[] }> {
  if (text.includes(HANDLE)) {
    const line = text.slice(0, text.indexOf(HANDLE)).split('\n').length;
    const unprintable = new SdcError(
      'sdc-syntax',
      'There is an unprintable character.',
      { line, column: 1 },
      'Delete it.',
    );
    return fail(problemOf(unprintable, file));
  }
  const state = new State(design, library, file);
  const tcl = new Tcl((name, args, spot) => runCommand(name, args, spot, state), STEPS);
  state.spend = (amount, spot) => tcl.spend(amount, spot);
  const errors = tcl.runAll(text, MAX_ERRORS);
  errors.push(...resolveGenerated(state));
  const [first, ...rest] = errors.map((error) => readable(problemOf(error, file)));
  const said = state.problems.map(readable);
  if (first) return fail(first, ...rest, ...said);
  return ok({ constraints: constraintsOf(state), problems: said });
}

/** What stands for objects where a message quotes them. */
const HANDLES = new RegExp(`(?:${HANDLE}[A-Z]?[\\d.]*[ {}]*)+`, 'g');

function readable(problem: Problem): Problem {
  const { what, remedy } = problem;
  if (!`${what}${remedy ?? ''}`.includes(HANDLE)) return problem;
  const plain = (text: string) => text.replace(HANDLES, '(objects)');
  return { ...problem, what: plain(what), ...(remedy === undefined ? {} : { remedy: plain(remedy) }) };
}

function runCommand(name: string, args: Arg[], spot: Spot, state: State): string | undefined {
  const command = COMMANDS.get(name);
  if (!command) {
    if (Object.hasOwn(REFUSED, name))
      throw new SdcError('sdc-unsupported', `${name} is not supported.`, spot, REFUSED[name]);
    const near = nearestNames(name, [...COMMANDS.keys(), ...TCL_COMMANDS]);
    const remedy =
      near.length > 0 ? `Commands like it: ${near.join(', ')}.` : 'Leave it out, or write it as a comment with #.';
    throw new SdcError('sdc-unknown-command', `There is no command '${name.slice(0, 60)}' here.`, spot, remedy);
  }
  const call = new Call(command, args, spot);
  if (command.noted === undefined) return command.run!(call, state);
  state.say('note', 'sdc-no-effect', `${name} has no effect here: ${command.noted}.`, spot);
  return '';
}

function constraintsOf(state: State): Constraints {
  const alive = (draft: ClockDraft) => !draft.removed;
  const clocks = state.living().map((draft) => draft.clock);
  const names = new Set(clocks.map((clock) => clock.name));
  return {
    clocks,
    clockGroups: state.groups.map(({ relation, groups }) => {
      const own = groups.map((group) => [...new Set(group.filter(alive))].map((draft) => draft.clock.name));
      if (own.length > 1) return { relation, groups: own };
      // One group alone stands against all other clocks, those defined later too.
      return {
        relation,
        groups: [own[0]!, clocks.map((clock) => clock.name).filter((name) => !own[0]!.includes(name))],
      };
    }),
    interClockUncertaintyNs: [...state.interClock.values()]
      .filter(({ from, to }) => alive(from) && alive(to))
      .map(({ from, to, ...values }) => ({ from: from.clock.name, to: to.clock.name, ...values })),
    inputDelays: delaysOf(state.inputDelays),
    outputDelays: delaysOf(state.outputDelays),
    inputTransitionNs: record(state.inputTransitions),
    drivingCells: record(state.drivingCells),
    loadsPf: record(state.loads),
    exceptions: state.exceptions.flatMap(({ exception }) => withLiving(exception, names) ?? []),
    caseValues: record(state.caseValues),
    ...(state.wireLoad === undefined ? {} : { wireLoad: state.wireLoad }),
  };
}

/** Ports may be named `__proto__`: the record has no prototype. */
function record<V>(of: Map<string, V>): Record<string, V> {
  const out: Record<string, V> = Object.create(null);
  for (const [name, value] of of) out[name] = value;
  return out;
}

function delaysOf(drafts: Map<string, DelayDraft>): PortDelay[] {
  return [...drafts.values()]
    .filter(({ clock }) => !clock?.removed)
    .map(({ port, clock, clockEdge, delayNs, line }) => ({
      port,
      ...(clock ? { clock: clock.clock.name } : {}),
      clockEdge,
      delayNs,
      line,
    }));
}

/** An exception without clocks that were replaced; undefined when nothing is left at one of its ends. */
function withLiving(exception: TimingException, names: Set<string>): TimingException | undefined {
  for (const end of [exception.from, exception.to]) {
    if (!end || end.clocks.every((name) => names.has(name))) continue;
    end.clocks = end.clocks.filter((name) => names.has(name));
    if (end.clocks.length + end.points.length + end.instances.length === 0) return undefined;
  }
  return exception;
}
