import type { Clock, MinMaxEdges } from '../timing/types.ts';
import { type Call, numberOf, numbersOf, type SdcCommand, wholeOf } from './call.ts';
import { findObjects, objectsOf } from './find.ts';
import { HANDLE, type SdcObject } from './objects.ts';
import { allEdges, type ClockDraft, type State, same, slots } from './state.ts';
import { type Arg, listOf } from './tcl.ts';
import { listElement } from './tcl-words.ts';

/** Ports and pins where a clock enters. */
function sourcesOf(call: Call, state: State): SdcObject[] {
  const arg = call.words[0];
  if (!arg) return [];
  const sources = objectsOf(state, arg, ['port', 'pin'], call);
  if (sources.length === 0)
    call.fail(
      'sdc-empty',
      `${call.name} is given no port or pin: the pattern fits nothing.`,
      'Check the pattern.',
      arg.spot,
    );
  for (const source of sources)
    if (
      source.kind === 'port' &&
      state.design.ports[source.port]!.direction === 'output' &&
      call.name === 'create_clock'
    )
      call.fail('sdc-direction', `${state.nameOf(source)} is an output: no clock enters there.`, undefined, arg.spot);
  return sources;
}

/** Enters a clock: one of the same name is redefined, and those at its ports and pins go unless -add is given. */
function enter(call: Call, state: State, made: Omit<ClockDraft, 'removed'>): void {
  const before = state.clockNamed(made.clock.name);
  const others = made.sources.flatMap((source) => state.clocksAt(source)).filter((draft) => draft !== before);
  if (call.has('-add')) {
    if (made.sources.length === 0) call.fail('sdc-option', '-add needs ports or pins.');
    if (!call.has('-name')) call.fail('sdc-option', '-add needs -name.', `Write ${call.name} -add -name name ...`);
  } else
    for (const draft of new Set(others)) {
      // A clock goes when no source of its own is left.
      draft.sources = draft.sources.filter((source) => !made.sources.some((mine) => same(mine, source)));
      draft.clock.sources = draft.sources.map((source) => state.pointOf(source));
      if (draft.sources.length > 0) continue;
      draft.removed = true;
      const what = `Clock ${draft.clock.name} (line ${draft.spot.line}) is replaced by ${made.clock.name}, and what was said of it is dropped.`;
      state.say('warning', 'sdc-clock-replaced', what, call.spot, 'Give -add to keep both.');
    }
  if (!before) {
    state.clocks.push({ ...made, removed: false });
    return;
  }
  const what = `Clock ${made.clock.name} was defined in line ${before.spot.line}; this definition takes its place.`;
  state.say('warning', 'sdc-clock-redefined', what, call.spot);
  const { latencies, rest } = keep(before.clock);
  before.clock = { ...made.clock, ...latencies, ...rest };
  before.sources = made.sources;
  before.spot = made.spot;
  before.derived = made.derived;
}

/** What other commands said of a clock outlives its redefinition, as in OpenSTA. */
function keep(clock: Clock) {
  const { sourceLatencyNs, networkLatencyNs, transitionNs, uncertaintyNs, propagated } = clock;
  return { latencies: { sourceLatencyNs, networkLatencyNs, transitionNs }, rest: { uncertaintyNs, propagated } };
}

function newClock(name: string, periodNs: number, waveformNs: number[], line: number): Clock {
  return {
    name,
    periodNs,
    waveformNs,
    sources: [],
    sourceLatencyNs: allEdges(0),
    networkLatencyNs: allEdges(0),
    transitionNs: allEdges(0),
    uncertaintyNs: { setup: 0, hold: 0 },
    propagated: false,
    line,
  };
}

function nameOf(call: Call, state: State, sources: SdcObject[]): string {
  const given = call.get('-name')?.text;
  if (given === '') call.fail('sdc-arguments', 'The name of the clock is empty.');
  if (given !== undefined) return given;
  if (sources.length === 0)
    call.fail(
      'sdc-arguments',
      `${call.name} needs a name or a port.`,
      'Write create_clock -name clk -period 10 [get_ports clk].',
    );
  return state.nameOf(sources[0]!);
}

function createClock(call: Call, state: State): string {
  const sources = sourcesOf(call, state);
  const name = nameOf(call, state, sources);
  const period = call.number('-period');
  if (period === undefined)
    call.fail('sdc-arguments', 'create_clock needs -period.', 'Write create_clock -period 10 [get_ports clk].');
  if (period <= 0)
    call.fail('sdc-number', 'The period of a clock must be greater than 0.', undefined, call.get('-period')!.spot);
  const given = call.get('-waveform');
  const waveform = given ? numbersOf(given, '-waveform') : [0, period / 2];
  const spot = given?.spot ?? call.spot;
  if (waveform.length === 0 || waveform.length % 2 !== 0)
    call.fail('sdc-waveform', 'A waveform needs an even number of edges.', 'Write -waveform {rise fall}.', spot);
  for (let i = 1; i < waveform.length; i++)
    if (waveform[i]! <= waveform[i - 1]!)
      call.fail(
        'sdc-waveform',
        'The edges of a waveform must come one after the other.',
        'A fall after the period is fine: {8 13} for a period of 10.',
        spot,
      );
  if (waveform.at(-1)! - waveform[0]! >= period)
    call.fail(
      'sdc-waveform',
      'The edges of a waveform must fit into one period.',
      'Leave less than a period between the first and the last.',
      spot,
    );
  const ns = state.units.timeNs;
  const clock = newClock(
    name,
    period * ns,
    waveform.map((time) => time * ns),
    call.spot.line,
  );
  clock.sources = sources.map((source) => state.pointOf(source));
  enter(call, state, { clock, spot: call.spot, sources });
  return '';
}

function createGeneratedClock(call: Call, state: State): string {
  const sources = sourcesOf(call, state);
  const name = nameOf(call, state, sources);
  const fromArg = call.get('-source');
  if (!fromArg)
    call.fail('sdc-arguments', 'create_generated_clock needs -source.', 'Write -source [get_ports clk] -divide_by 2.');
  const from = objectsOf(state, fromArg, ['port', 'pin'], call);
  if (from.length !== 1)
    call.fail('sdc-arguments', `-source takes one port or pin, not ${from.length}.`, undefined, fromArg.spot);
  const positive = (option: string): number | undefined => {
    const arg = call.get(option);
    const value = arg && wholeOf(arg, option);
    if (value !== undefined && value < 1)
      call.fail('sdc-number', `${option} must be at least 1.`, undefined, arg!.spot);
    return value;
  };
  const divideBy = positive('-divide_by');
  const multiplyBy = positive('-multiply_by');
  const edges = call.get('-edges') && numbersOf(call.get('-edges')!, '-edges');
  const combinational = call.has('-combinational');
  const ways = [divideBy, multiplyBy, edges, combinational || undefined].filter((way) => way !== undefined).length;
  if (ways !== 1)
    call.fail(
      'sdc-arguments',
      `create_generated_clock takes one of -divide_by, -multiply_by, -edges and -combinational, not ${ways}.`,
      'Write -divide_by 2.',
    );
  if (
    edges &&
    (edges.length !== 3 || edges.some((edge, i) => !Number.isInteger(edge) || edge < 1 || edge < (edges[i - 1] ?? 1)))
  )
    call.fail(
      'sdc-waveform',
      '-edges takes three whole numbers from 1, none less than the one before.',
      'Write -edges {1 3 5}.',
      call.get('-edges')!.spot,
    );
  const shifts = call.get('-edge_shift') && numbersOf(call.get('-edge_shift')!, '-edge_shift');
  if (shifts && (!edges || shifts.length !== 3))
    call.fail(
      'sdc-waveform',
      '-edge_shift goes with -edges and has as many values.',
      undefined,
      call.get('-edge_shift')!.spot,
    );
  const duty = call.number('-duty_cycle');
  if (duty !== undefined && multiplyBy === undefined)
    call.fail(
      'sdc-option',
      '-duty_cycle goes with -multiply_by.',
      'Use -edges for other waveforms.',
      call.get('-duty_cycle')!.spot,
    );
  if (duty !== undefined && (duty <= 0 || duty >= 100))
    call.fail('sdc-number', '-duty_cycle lies between 0 and 100.', undefined, call.get('-duty_cycle')!.spot);
  if (call.has('-invert') && edges) call.fail('sdc-option', '-invert does not go with -edges.', 'Choose other edges.');
  const masterArg = call.get('-master_clock');
  const masters = masterArg ? clocksOf(state, masterArg, call) : [];
  if (masterArg && masters.length !== 1)
    call.fail('sdc-arguments', '-master_clock takes one clock.', undefined, masterArg.spot);
  if (sources.length === 0)
    call.fail('sdc-arguments', 'create_generated_clock needs the ports or pins where the clock begins.');
  const clock = newClock(name, 0, [], call.spot.line);
  clock.sources = sources.map((source) => state.pointOf(source));
  clock.generated = {
    master: '',
    source: state.pointOf(from[0]!),
    ...(divideBy === undefined && !combinational ? {} : { divideBy: divideBy ?? 1 }),
    ...(multiplyBy === undefined ? {} : { multiplyBy }),
    ...(edges ? { edges } : {}),
    ...(shifts ? { edgeShiftNs: shifts.map((shift) => shift * state.units.timeNs) } : {}),
    invert: call.has('-invert'),
    ...(duty === undefined ? {} : { dutyPercent: duty }),
  };
  const derived: ClockDraft['derived'] = { source: from[0]!, combinational };
  if (masters[0]) derived.master = masters[0].clock.name;
  enter(call, state, { clock, spot: call.spot, sources, derived });
  return '';
}

/** Clocks that a word names. */
export function clocksOf(state: State, arg: Arg, call: Call): ClockDraft[] {
  return objectsOf(state, arg, ['clock'], call).flatMap((object) =>
    object.kind === 'clock' ? state.clocks[object.clock]! : [],
  );
}

/** Clocks that a word names itself or by the port or pin where they enter: what is said of the one holds for the other. */
function clocksOrSources(state: State, arg: Arg, call: Call): ClockDraft[] {
  const found = new Set<ClockDraft>();
  for (const element of listOf(arg)) {
    // A name that a clock and its port share means the clock.
    const clock = element.startsWith(HANDLE) ? [] : findObjects(state, 'clock', element, arg.spot, { quiet: true });
    const objects =
      clock.length > 0
        ? clock
        : objectsOf(state, { text: listElement(element), spot: arg.spot }, ['clock', 'port', 'pin'], call);
    for (const object of objects) {
      const clocks = object.kind === 'clock' ? [state.clocks[object.clock]!] : state.clocksAt(object);
      const name = state.nameOf(object);
      if (clocks.length === 0)
        call.fail(
          'sdc-unsupported',
          `No clock enters at ${name}: ${call.name} is read for clocks and where they enter.`,
          'Name the clock.',
          arg.spot,
        );
      for (const draft of clocks) {
        if (object.kind !== 'clock' && draft.sources.length > 1)
          call.fail(
            'sdc-unsupported',
            `Clock ${draft.clock.name} enters at more than ${name}.`,
            `Name the clock: [get_clocks ${draft.clock.name}].`,
            arg.spot,
          );
        found.add(draft);
      }
    }
  }
  return [...found];
}

const EDGES = (call: Call) => ({
  min: call.has('-min'),
  max: call.has('-max'),
  rise: call.has('-rise'),
  fall: call.has('-fall'),
});

function assign(target: MinMaxEdges, places: (keyof MinMaxEdges)[], value: number): void {
  for (const place of places) target[place] = value;
}

function setClockLatency(call: Call, state: State): string {
  const value = numberOf(call.words[0]!, 'latency') * state.units.timeNs;
  const source = call.has('-source');
  const [early, late] = [call.has('-early'), call.has('-late')];
  if ((early || late) && !source) call.fail('sdc-option', '-early and -late go with -source.', 'Add -source.');
  const said = EDGES(call);
  // Early and late are the least and the greatest there is: the launching clock takes the one, the capturing clock the other.
  if (early !== late) {
    if (early ? said.max && !said.min : said.min && !said.max)
      call.fail(
        'sdc-unsupported',
        `${early ? '-early -max' : '-late -min'} is not told apart here.`,
        'Write -early or -late alone.',
      );
    said.min = early;
    said.max = late;
  }
  for (const draft of clocksOrSources(state, call.words[1]!, call))
    assign(source ? draft.clock.sourceLatencyNs : draft.clock.networkLatencyNs, slots(said), value);
  return '';
}

function setClockTransition(call: Call, state: State): string {
  const value = numberOf(call.words[0]!, 'transition') * state.units.timeNs;
  if (value < 0) call.fail('sdc-number', 'A transition time is not negative.', undefined, call.words[0]!.spot);
  for (const draft of clocksOrSources(state, call.words[1]!, call))
    assign(draft.clock.transitionNs, slots(EDGES(call)), value);
  return '';
}

function setClockUncertainty(call: Call, state: State): string {
  const value = numberOf(call.words[0]!, 'uncertainty') * state.units.timeNs;
  const both = call.has('-setup') === call.has('-hold');
  const setup = both || call.has('-setup');
  const hold = both || call.has('-hold');
  const [from, to] = [call.get('-from'), call.get('-to')];
  if (!from !== !to) call.fail('sdc-arguments', '-from and -to go together.');
  if (from && to) {
    if (call.words.length > 1)
      call.fail('sdc-arguments', 'With -from and -to no other clocks are named.', undefined, call.words[1]!.spot);
    for (const a of clocksOf(state, from, call))
      for (const b of clocksOf(state, to, call)) {
        const key = `${state.clocks.indexOf(a)}:${state.clocks.indexOf(b)}`;
        const entry = state.interClock.get(key) ?? { from: a, to: b };
        if (setup) entry.setup = value;
        if (hold) entry.hold = value;
        state.interClock.set(key, entry);
      }
    return '';
  }
  if (call.words.length < 2)
    call.fail(
      'sdc-arguments',
      'set_clock_uncertainty names no clock.',
      'Write set_clock_uncertainty 0.1 [all_clocks].',
    );
  for (const { clock } of clocksOrSources(state, call.words[1]!, call)) {
    if (setup) clock.uncertaintyNs.setup = value;
    if (hold) clock.uncertaintyNs.hold = value;
  }
  return '';
}

function setClockGroups(call: Call, state: State): string {
  const kinds = ['-asynchronous', '-exclusive', '-logically_exclusive', '-physically_exclusive'].filter((name) =>
    call.has(name),
  );
  if (kinds.length !== 1)
    call.fail(
      'sdc-arguments',
      'set_clock_groups takes one of -asynchronous, -logically_exclusive and -physically_exclusive.',
    );
  const groups = call.options
    .filter((option) => option.name === '-group')
    .map((option) => clocksOf(state, option.arg!, call));
  if (groups.length === 0)
    call.fail('sdc-arguments', 'set_clock_groups names no -group.', 'Write -group clk1 -group clk2.');
  const seen = new Set<ClockDraft>();
  for (const draft of groups.flatMap((group) => [...new Set(group)])) {
    if (seen.has(draft)) call.fail('sdc-arguments', `Clock ${draft.clock.name} is in more than one group.`);
    seen.add(draft);
  }
  state.groups.push({
    relation: kinds[0] === '-asynchronous' ? 'asynchronous' : 'exclusive',
    groups,
    line: call.spot.line,
  });
  return '';
}

const BOTH_EDGES = { refused: 'One uncertainty serves both edges: use -from and -to.' };

/** Commands that define clocks and say how they arrive. */
export const CLOCK_COMMANDS: SdcCommand[] = [
  {
    name: 'create_clock',
    usage: 'create_clock [-name name] -period ns [-waveform {rise fall}] [-add] [ports]',
    about: 'A clock that enters at ports or pins; without them a virtual clock, for the delays of inputs and outputs.',
    options: { '-name': 'value', '-period': 'value', '-waveform': 'value', '-add': 'flag' },
    words: [0, 1],
    run: createClock,
  },
  {
    name: 'create_generated_clock',
    usage:
      'create_generated_clock [-name name] -source port [-divide_by n | -multiply_by n [-duty_cycle percent] | -edges {1 3 5} [-edge_shift {ns ns ns}] | -combinational] [-invert] [-master_clock clock] [-add] pins',
    about: 'A clock that the design makes from another, such as a divider.',
    options: {
      '-name': 'value',
      '-source': 'value',
      '-divide_by': 'value',
      '-multiply_by': 'value',
      '-duty_cycle': 'value',
      '-edges': 'value',
      '-edge_shift': 'value',
      '-invert': 'flag',
      '-combinational': 'flag',
      '-master_clock': 'value',
      '-add': 'flag',
    },
    words: [0, 1],
    run: createGeneratedClock,
  },
  {
    name: 'set_clock_groups',
    usage:
      'set_clock_groups -asynchronous|-logically_exclusive|-physically_exclusive -group clocks [-group clocks ...]',
    about: 'Clocks of different groups are not timed against each other. One group alone: against all other clocks.',
    options: {
      '-asynchronous': 'flag',
      '-exclusive': 'flag',
      '-logically_exclusive': 'flag',
      '-physically_exclusive': 'flag',
      '-group': 'values',
      '-name': 'value',
      '-allow_paths': { refused: 'Paths between the groups are never timed here.' },
    },
    words: [0, 0],
    run: setClockGroups,
  },
  {
    name: 'set_clock_uncertainty',
    usage: 'set_clock_uncertainty [-setup] [-hold] [-from clock -to clock] ns [clocks]',
    about: 'A margin taken from the time between two clock edges, of clocks or between two of them.',
    options: {
      '-setup': 'flag',
      '-hold': 'flag',
      '-from': 'value',
      '-to': 'value',
      '-rise': BOTH_EDGES,
      '-fall': BOTH_EDGES,
      '-rise_from': BOTH_EDGES,
      '-fall_from': BOTH_EDGES,
      '-rise_to': BOTH_EDGES,
      '-fall_to': BOTH_EDGES,
    },
    words: [1, 2],
    run: setClockUncertainty,
  },
  {
    name: 'set_clock_latency',
    usage: 'set_clock_latency [-source [-early] [-late]] [-min] [-max] [-rise] [-fall] ns clocks',
    about: 'How late a clock arrives: before its port (-source), and from there to the registers.',
    options: {
      '-source': 'flag',
      '-early': 'flag',
      '-late': 'flag',
      '-min': 'flag',
      '-max': 'flag',
      '-rise': 'flag',
      '-fall': 'flag',
      '-clock': { refused: 'Name the clocks themselves.' },
    },
    words: [2, 2],
    run: setClockLatency,
  },
  {
    name: 'set_clock_transition',
    usage: 'set_clock_transition [-min] [-max] [-rise] [-fall] ns clocks',
    about: 'Slew of an ideal clock at the registers.',
    options: { '-min': 'flag', '-max': 'flag', '-rise': 'flag', '-fall': 'flag' },
    words: [2, 2],
    run: setClockTransition,
  },
  {
    name: 'set_propagated_clock',
    usage: 'set_propagated_clock clocks',
    about: 'Delays of the clock network are computed from its cells instead of taken as set_clock_latency.',
    options: {},
    words: [1, 1],
    run: (call, state) => {
      for (const draft of clocksOrSources(state, call.words[0]!, call)) draft.clock.propagated = true;
      return '';
    },
  },
];
