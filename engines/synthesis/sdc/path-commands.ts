import type { Edge, ExceptionPoints, TimingException } from '../timing/types.ts';
import { type Call, numberOf, type SdcCommand, wholeOf } from './call.ts';
import { rolesOf } from './cell-roles.ts';
import { type Kind, objectsOf } from './find.ts';
import { handleOf, type SdcObject } from './objects.ts';
import type { State } from './state.ts';
import type { Arg } from './tcl.ts';

type End = 'from' | 'to' | 'through';

const KINDS: Record<End, Kind[]> = {
  from: ['clock', 'port', 'pin', 'cell'],
  to: ['clock', 'port', 'pin', 'cell'],
  through: ['port', 'pin', 'cell', 'net'],
};

interface Points {
  points: ExceptionPoints;
  key: string;
}

/** Objects of one -from, -through or -to. Undefined: its patterns fit nothing. */
function pointsOf(call: Call, state: State, end: End, arg: Arg, edge: Edge | undefined): Points | undefined {
  const objects = objectsOf(state, arg, KINDS[end], call);
  if (objects.length === 0) return undefined;
  const points: ExceptionPoints = { points: [], clocks: [], instances: [] };
  if (edge) points.edge = edge;
  for (const object of objects) {
    check(call, state, end, object, arg);
    if (object.kind === 'clock') points.clocks.push(state.nameOf(object));
    else if (object.kind === 'cell') points.instances.push(state.nameOf(object));
    else if (object.kind === 'net') points.points.push(...driversOf(state, object.net));
    else points.points.push(state.pointOf(object));
  }
  return { points, key: `${end}:${edge ?? ''}:${objects.map(handleOf).sort().join(',')}` };
}

/** A path through a net is one through what drives it. */
function driversOf(state: State, net: number): ExceptionPoints['points'] {
  const { ports, instances } = state.design;
  const out: ExceptionPoints['points'] = [];
  for (const object of state.objects.portsOfNet(net))
    if (object.kind === 'port' && ports[object.port]!.direction !== 'output') out.push(state.pointOf(object));
  for (const object of state.objects.pinsOfNet(net))
    if (object.kind === 'pin' && /^(output|inout)$/.test(instances[object.instance]!.cell.pins[object.pin]!.direction))
      out.push(state.pointOf(object));
  return out;
}

/** Warns of points where no path begins or ends: the exception would hold for none. */
function check(call: Call, state: State, end: End, object: SdcObject, arg: Arg): void {
  if (end === 'through' || object.kind === 'clock' || object.kind === 'net') return;
  let good: boolean;
  if (object.kind === 'port') {
    const { direction } = state.design.ports[object.port]!;
    good = direction === 'inout' || direction === (end === 'from' ? 'input' : 'output');
  } else {
    const { cell } = state.design.instances[object.instance]!;
    const roles = rolesOf(cell);
    if (object.kind === 'cell') good = roles.kind !== 'none';
    else good = end === 'from' ? roles.clocks.includes(object.pin) : isEnd(roles.data, roles.asynchronous, object.pin);
  }
  if (good) return;
  const what = `No path ${end === 'from' ? 'begins' : 'ends'} at ${state.nameOf(object)}: ${call.name} holds for none there.`;
  const remedy =
    end === 'from'
      ? 'Paths begin at inputs and at clock pins of registers; -through takes any pin.'
      : 'Paths end at outputs and at data pins of registers; -through takes any pin.';
  state.say('warning', 'sdc-no-path', what, arg.spot, remedy);
}

function isEnd(data: number[], asynchronous: number[], pin: number): boolean {
  return data.includes(pin) || asynchronous.includes(pin);
}

const PATH_OPTIONS: SdcCommand['options'] = {
  '-from': 'value',
  '-rise_from': 'value',
  '-fall_from': 'value',
  '-to': 'value',
  '-rise_to': 'value',
  '-fall_to': 'value',
  '-through': 'values',
  '-rise_through': 'values',
  '-fall_through': 'values',
  '-rise': { refused: 'Write -rise_to.' },
  '-fall': { refused: 'Write -fall_to.' },
  '-reset_path': { refused: 'Leave the earlier exception out instead.' },
  '-ignore_clock_latency': { refused: 'Latencies of clocks count.' },
  '-probe': { refused: 'Leave it out.' },
};

interface Paths {
  from?: ExceptionPoints;
  to?: ExceptionPoints;
  through: ExceptionPoints[];
  key: string;
}

/** Which paths a command speaks of. Undefined: of none, as a pattern fits nothing (a warning says so). */
function pathsOf(call: Call, state: State): Paths | undefined {
  const paths: Paths = { through: [], key: '' };
  const keys: string[] = [];
  let empty = false;
  for (const { name, arg } of call.options) {
    const match = /^-(?:(rise|fall)_)?(from|to|through)$/.exec(name);
    if (!match || !arg) continue;
    const end = match[2] as End;
    const found = pointsOf(call, state, end, arg, match[1] as Edge | undefined);
    if (!found) {
      empty = true;
      state.say(
        'warning',
        'sdc-empty',
        `${call.name} does nothing: ${name} names nothing.`,
        arg.spot,
        'Check the pattern.',
      );
      continue;
    }
    keys.push(found.key);
    if (end === 'through') paths.through.push(found.points);
    else if (paths[end])
      call.fail(
        'sdc-option',
        `Only one of -${end}, -rise_${end} and -fall_${end} can be given.`,
        'Write a command for each.',
      );
    else paths[end] = found.points;
  }
  if (empty) return undefined;
  // The order of -through counts; that of -from and -to does not.
  paths.key = [
    ...keys.filter((key) => !key.startsWith('through')).sort(),
    ...keys.filter((key) => key.startsWith('through')),
  ].join('\n');
  return paths;
}

/** Enters an exception; what an earlier one of its kind says of the same paths goes. */
function enter(
  state: State,
  call: Call,
  paths: Paths,
  made: Pick<TimingException, 'kind' | 'setup' | 'hold' | 'value' | 'start'>,
): void {
  const { key, ...rest } = paths;
  const full = `${made.kind}\n${key}`;
  state.exceptions = state.exceptions.filter((draft) => {
    if (draft.key !== full) return true;
    if (made.setup) draft.exception.setup = false;
    if (made.hold) draft.exception.hold = false;
    return draft.exception.setup || draft.exception.hold;
  });
  const copy = (points: ExceptionPoints | undefined) => points && structuredPoints(points);
  const [from, to] = [copy(rest.from), copy(rest.to)];
  state.exceptions.push({
    key: full,
    exception: {
      ...made,
      ...(from ? { from } : {}),
      through: rest.through.map(structuredPoints),
      ...(to ? { to } : {}),
      line: call.spot.line,
    },
  });
}

function structuredPoints(points: ExceptionPoints): ExceptionPoints {
  return { ...points, points: [...points.points], clocks: [...points.clocks], instances: [...points.instances] };
}

function needsPaths(call: Call): void {
  if (!call.options.some(({ name }) => /(from|to|through)$/.test(name)))
    call.fail('sdc-arguments', `${call.name} needs -from, -through or -to.`, `Write ${call.name} -from ... -to ...`);
}

function setFalsePath(call: Call, state: State): string {
  needsPaths(call);
  const paths = pathsOf(call, state);
  if (!paths) return '';
  const both = call.has('-setup') === call.has('-hold');
  enter(state, call, paths, {
    kind: 'false-path',
    setup: both || call.has('-setup'),
    hold: both || call.has('-hold'),
    value: 0,
  });
  return '';
}

function setMulticycle(call: Call, state: State): string {
  needsPaths(call);
  const cycles = wholeOf(call.words[0]!, 'cycles');
  if (cycles < 0) call.fail('sdc-number', 'A number of cycles is not negative.', undefined, call.words[0]!.spot);
  if (call.has('-start') && call.has('-end'))
    call.fail('sdc-option', '-start and -end contradict each other.', 'Give one of them.');
  const paths = pathsOf(call, state);
  if (!paths) return '';
  const [setup, hold] = [call.has('-setup'), call.has('-hold')];
  // Setup counts the capturing clock's periods unless -start says otherwise, hold the launching clock's unless -end does.
  const start = (otherwise: boolean) => (call.has('-start') ? true : call.has('-end') ? false : otherwise);
  if (setup || !hold)
    enter(state, call, paths, { kind: 'multicycle', setup: true, hold: false, value: cycles, start: start(false) });
  // Without -setup and -hold the number is for setup, and hold has its usual place beside it.
  if (hold || !setup)
    enter(state, call, paths, {
      kind: 'multicycle',
      setup: false,
      hold: true,
      value: hold ? cycles : 0,
      start: start(hold && !setup),
    });
  return '';
}

function setDelayLimit(kind: 'max-delay' | 'min-delay'): (call: Call, state: State) => string {
  return (call, state) => {
    needsPaths(call);
    const value = numberOf(call.words[0]!, 'delay') * state.units.timeNs;
    const paths = pathsOf(call, state);
    if (paths) enter(state, call, paths, { kind, setup: kind === 'max-delay', hold: kind === 'min-delay', value });
    return '';
  };
}

const PATHS = '[-from objects] [-through objects] [-to objects]';

/** Exceptions: what holds for some paths only. All take -rise_from, -fall_from and so on too. */
export const PATH_COMMANDS: SdcCommand[] = [
  {
    name: 'set_false_path',
    usage: `set_false_path [-setup] [-hold] ${PATHS}`,
    about: 'Paths that are not timed.',
    options: { ...PATH_OPTIONS, '-setup': 'flag', '-hold': 'flag' },
    words: [0, 0],
    run: setFalsePath,
  },
  {
    name: 'set_multicycle_path',
    usage: `set_multicycle_path cycles [-setup] [-hold] [-start] [-end] ${PATHS}`,
    about: 'Paths that have more clock cycles than one. With -setup 2, usually -hold 1 belongs beside it.',
    options: { ...PATH_OPTIONS, '-setup': 'flag', '-hold': 'flag', '-start': 'flag', '-end': 'flag' },
    words: [1, 1],
    run: setMulticycle,
  },
  {
    name: 'set_max_delay',
    usage: `set_max_delay ns ${PATHS}`,
    about: 'The longest delay that paths may have, whatever the clocks say.',
    options: PATH_OPTIONS,
    words: [1, 1],
    run: setDelayLimit('max-delay'),
  },
  {
    name: 'set_min_delay',
    usage: `set_min_delay ns ${PATHS}`,
    about: 'The shortest delay that paths may have.',
    options: PATH_OPTIONS,
    words: [1, 1],
    run: setDelayLimit('min-delay'),
  },
];
