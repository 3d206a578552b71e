import type { Edge, MinMaxEdges } from '../timing/types.ts';
import { type Call, display, numberOf, type SdcCommand } from './call.ts';
import { clocksOf } from './clock-commands.ts';
import { objectsOf } from './find.ts';
import { nearestNames, type SdcObject } from './objects.ts';
import { allEdges, type DelayDraft, type State, same, slots } from './state.ts';
import type { Arg } from './tcl.ts';

const EDGES = (call: Call) => ({
  min: call.has('-min'),
  max: call.has('-max'),
  rise: call.has('-rise'),
  fall: call.has('-fall'),
});

const MIN_MAX: SdcCommand['options'] = { '-min': 'flag', '-max': 'flag', '-rise': 'flag', '-fall': 'flag' };

/** Ports of a direction; others are left out with a warning, as in OpenSTA. */
function portsOf(
  call: Call,
  state: State,
  arg: Arg,
  direction: 'input' | 'output',
): Extract<SdcObject, { kind: 'port' }>[] {
  const out: Extract<SdcObject, { kind: 'port' }>[] = [];
  const wrong: string[] = [];
  for (const object of objectsOf(state, arg, ['port'], call)) {
    if (object.kind !== 'port') continue;
    const port = state.design.ports[object.port]!;
    if (port.direction === direction || port.direction === 'inout') out.push(object);
    else wrong.push(port.name);
  }
  if (wrong.length > 0) {
    const names = wrong.length > 3 ? `${wrong.slice(0, 3).join(', ')} and ${wrong.length - 3} more` : wrong.join(', ');
    const what = `${call.name} is for ${direction}s; ${names} ${wrong.length > 1 ? 'are' : 'is'} left out.`;
    state.say('warning', 'sdc-direction', what, arg.spot, `Name ${direction}s only.`);
  }
  return out;
}

function setDelay(direction: 'input' | 'output'): (call: Call, state: State) => string {
  return (call, state) => {
    const value = numberOf(call.words[0]!, 'delay') * state.units.timeNs;
    const clockArg = call.get('-clock');
    const clocks = clockArg ? clocksOf(state, clockArg, call) : [];
    if (clockArg && clocks.length !== 1)
      call.fail(
        'sdc-arguments',
        `-clock takes one clock, not ${clocks.length}.`,
        'Write a command for each.',
        clockArg.spot,
      );
    if (!clockArg && call.has('-clock_fall')) call.fail('sdc-option', '-clock_fall goes with -clock.');
    const clock = clocks[0];
    const clockEdge: Edge = call.has('-clock_fall') ? 'fall' : 'rise';
    const store = direction === 'input' ? state.inputDelays : state.outputDelays;
    for (const object of portsOf(call, state, call.words[1]!, direction)) {
      const port = state.nameOf(object);
      if (clock?.sources.some((source) => same(source, object))) {
        const what = `Clock ${clock.clock.name} enters at ${port}, so no delay against it is set there.`;
        state.say('note', 'sdc-clock-port', what, call.spot, 'Leave the port out: all_inputs -no_clocks does.');
        continue;
      }
      const key = `${port}\n${clock ? state.clocks.indexOf(clock) : ''}\n${clockEdge}`;
      const existing = store.get(key);
      // Without -add_delay the delay takes the place of those against other clock edges.
      if (!call.has('-add_delay'))
        for (const [other, draft] of store) if (draft.port === port && other !== key) store.delete(other);
      const entry: DelayDraft = existing ?? {
        port,
        clock,
        clockEdge,
        delayNs: allEdges(Number.NaN),
        line: call.spot.line,
      };
      for (const place of slots(EDGES(call)))
        entry.delayNs[place] = merged(entry.delayNs[place], value, place, call.has('-add_delay'));
      entry.line = call.spot.line;
      store.set(key, entry);
    }
    return '';
  };
}

/** With -add_delay the stricter of two holds. */
function merged(before: number, value: number, place: keyof MinMaxEdges, add: boolean): number {
  if (!add || Number.isNaN(before)) return value;
  return place.startsWith('min') ? Math.min(before, value) : Math.max(before, value);
}

function setInputTransition(call: Call, state: State): string {
  const value = numberOf(call.words[0]!, 'transition') * state.units.timeNs;
  if (value < 0) call.fail('sdc-number', 'A transition time is not negative.', undefined, call.words[0]!.spot);
  for (const object of portsOf(call, state, call.words[1]!, 'input')) {
    const port = state.nameOf(object);
    if (state.drivingCells.has(port)) {
      const what = `${port} has a driving cell; its slew comes from there, as in OpenSTA.`;
      state.say('warning', 'sdc-overridden', what, call.spot, 'Give one of the two.');
      continue;
    }
    const entry = state.inputTransitions.get(port) ?? allEdges(Number.NaN);
    for (const place of slots(EDGES(call))) entry[place] = value;
    state.inputTransitions.set(port, entry);
  }
  return '';
}

function setDrivingCell(call: Call, state: State): string {
  const cellArg = call.get('-lib_cell');
  if (!cellArg)
    call.fail(
      'sdc-arguments',
      'set_driving_cell needs -lib_cell.',
      'Write set_driving_cell -lib_cell BUF [all_inputs].',
    );
  for (const name of ['-rise', '-fall', '-min', '-max'])
    if (call.has(name))
      call.fail(
        'sdc-unsupported',
        `set_driving_cell ${name} is not supported: one cell drives a port.`,
        `Leave ${name} out.`,
      );
  const library = call.get('-library')?.text;
  const [head, tail] = cellArg.text.includes('/') ? cellArg.text.split('/', 2) : [library, cellArg.text];
  for (const named of [library, head])
    if (named !== undefined && named !== state.library.name)
      call.fail(
        'sdc-no-object',
        `There is no library '${display(named)}'; it is named '${state.library.name}'.`,
        undefined,
        cellArg.spot,
      );
  const cell = state.library.cells.get(tail!);
  if (!cell) {
    const near = nearestNames(tail!, state.library.cells.keys());
    call.fail(
      'sdc-no-object',
      `The library has no cell '${display(tail!)}'.`,
      near.length > 0 ? `Names like it: ${near.join(', ')}.` : undefined,
      cellArg.spot,
    );
  }
  const pins = (direction: string) => cell.pins.filter((pin) => pin.direction === direction).map((pin) => pin.name);
  const check = (option: string, direction: string): string | undefined => {
    const arg = call.get(option);
    if (arg && !pins(direction).includes(arg.text))
      call.fail(
        'sdc-no-object',
        `${cell.name} has no ${direction} ${display(arg.text)}.`,
        `It has ${pins(direction).join(', ')}.`,
        arg.spot,
      );
    return arg?.text;
  };
  const pin = check('-pin', 'output');
  const fromPin = check('-from_pin', 'input');
  if (pin === undefined && pins('output').length !== 1)
    call.fail(
      'sdc-arguments',
      `${cell.name} has ${pins('output').length} outputs.`,
      `Choose one with -pin: ${pins('output').join(', ')}.`,
    );
  const rise = (call.number('-input_transition_rise') ?? 0) * state.units.timeNs;
  const fall = (call.number('-input_transition_fall') ?? 0) * state.units.timeNs;
  if (rise < 0 || fall < 0) call.fail('sdc-number', 'A transition time is not negative.');
  for (const object of portsOf(call, state, call.words[0]!, 'input')) {
    const port = state.nameOf(object);
    if (state.inputTransitions.delete(port)) {
      const what = `set_driving_cell takes the place of the input transition of ${port}.`;
      state.say('warning', 'sdc-overridden', what, call.spot, 'Give one of the two.');
    }
    state.drivingCells.set(port, {
      cell: cell.name,
      ...(pin === undefined ? {} : { pin }),
      ...(fromPin === undefined ? {} : { fromPin }),
      inputTransitionNs: { rise, fall },
    });
  }
  return '';
}

function setLoad(call: Call, state: State): string {
  const value = numberOf(call.words[0]!, 'capacitance') * state.units.capacitancePf;
  if (value < 0) call.fail('sdc-number', 'A load is not negative.', undefined, call.words[0]!.spot);
  if (call.has('-min') !== call.has('-max') || call.has('-rise') !== call.has('-fall'))
    call.fail(
      'sdc-unsupported',
      'A load of one edge, or of minimum or maximum alone, is not supported.',
      'One load serves all.',
    );
  for (const object of portsOf(call, state, call.words[1]!, 'output')) state.loads.set(state.nameOf(object), value);
  return '';
}

function setCase(fixed?: 0 | 1): NonNullable<SdcCommand['run']> {
  return (call: Call, state) => {
    const values: Record<string, 0 | 1> = { 0: 0, zero: 0, 1: 1, one: 1 };
    const word = fixed === undefined ? call.words[0]! : undefined;
    const value = fixed ?? (Object.hasOwn(values, word!.text) ? values[word!.text] : undefined);
    if (value === undefined) {
      const edge = /^(rise|rising|fall|falling)$/.test(word!.text);
      const what = edge
        ? `The case ${word!.text} is not supported.`
        : `'${display(word!.text)}' is no value of a case.`;
      call.fail(edge ? 'sdc-unsupported' : 'sdc-arguments', what, 'Write 0 or 1.', word!.spot);
    }
    for (const object of objectsOf(state, call.words.at(-1)!, ['port', 'pin'], call))
      state.caseValues.set(state.nameOf(object), value);
    return '';
  };
}

/** Commands about the surroundings of the design, at its ports. */
export const PORT_COMMANDS: SdcCommand[] = [
  ...(['input', 'output'] as const).map(
    (direction): SdcCommand => ({
      name: `set_${direction}_delay`,
      usage: `set_${direction}_delay [-clock clock [-clock_fall]] [-min] [-max] [-rise] [-fall] [-add_delay] ns ports`,
      about:
        direction === 'input'
          ? 'When data arrives at inputs after a clock edge.'
          : 'How long before a clock edge data must be at outputs.',
      options: {
        '-clock': 'value',
        '-clock_fall': 'flag',
        ...MIN_MAX,
        '-add_delay': 'flag',
        '-reference_pin': { refused: 'Give the delay against the clock itself.' },
        '-source_latency_included': { refused: 'Give the delay without the latency of the clock.' },
        '-network_latency_included': { refused: 'Give the delay without the latency of the clock.' },
        '-level_sensitive': { refused: 'Latches are reported and not timed.' },
      },
      words: [2, 2],
      run: setDelay(direction),
    }),
  ),
  {
    name: 'set_input_transition',
    usage: 'set_input_transition [-min] [-max] [-rise] [-fall] ns ports',
    about: 'Slew of inputs.',
    options: MIN_MAX,
    words: [2, 2],
    run: setInputTransition,
  },
  {
    name: 'set_driving_cell',
    usage:
      'set_driving_cell -lib_cell cell [-pin pin] [-from_pin pin] [-input_transition_rise ns] [-input_transition_fall ns] ports',
    about: 'The cell of the library that drives inputs: their slew, and the delay that its load costs, come from it.',
    options: {
      '-lib_cell': 'value',
      '-library': 'value',
      '-pin': 'value',
      '-from_pin': 'value',
      '-input_transition_rise': 'value',
      '-input_transition_fall': 'value',
      ...MIN_MAX,
      '-no_design_rule': 'flag',
      '-dont_scale': 'flag',
      '-multiply_by': { refused: 'Choose a cell of another strength.' },
      '-clock': { refused: 'One cell serves the port whatever the clock.' },
      '-clock_fall': { refused: 'One cell serves the port whatever the clock.' },
    },
    words: [1, 1],
    run: setDrivingCell,
  },
  {
    name: 'set_load',
    usage: 'set_load [-pin_load] pF ports',
    about: 'Capacitance that outputs drive.',
    options: {
      '-pin_load': 'flag',
      ...MIN_MAX,
      '-wire_load': { refused: 'Wires have the load of the wire model; give the whole as -pin_load.' },
      '-subtract_pin_load': { refused: 'Give the load of the outside alone.' },
    },
    words: [2, 2],
    run: setLoad,
  },
  {
    name: 'set_case_analysis',
    usage: 'set_case_analysis 0|1 ports_or_pins',
    about: 'A port or pin is held at a value: paths that need it to change are not timed.',
    options: {},
    words: [2, 2],
    run: setCase(),
  },
  ...([0, 1] as const).map(
    (value): SdcCommand => ({
      name: value === 0 ? 'set_logic_zero' : 'set_logic_one',
      usage: `set_logic_${value === 0 ? 'zero' : 'one'} ports`,
      about: `A port is held at ${value}, as with set_case_analysis.`,
      options: {},
      words: [1, 1],
      run: setCase(value),
    }),
  ),
];
