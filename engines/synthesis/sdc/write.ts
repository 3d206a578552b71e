import type { GateNetlist } from '../gates/types.ts';
import type {
  Clock,
  Constraints,
  ExceptionPoints,
  MinMaxEdges,
  PortDelay,
  TimingException,
  TimingPoint,
} from '../timing/types.ts';
import { nameList } from './names.ts';
import { listElement } from './tcl-words.ts';

/**
 * Constraints as plain SDC: every object by its name, no Tcl beyond lists, times in ns and capacitances in pF. Any tool takes it, OpenSTA
 * among them, and `readSdc` gives the same constraints back.
 */
export function writeSdc(constraints: Constraints, design: GateNetlist): string {
  const lines: string[] = [];
  const portNames = new Set(design.ports.map((port) => port.name));
  const entered: string[] = [];
  for (const clock of inOrder(constraints.clocks)) {
    const at = clock.sources.map(pointName);
    lines.push(
      clockLine(
        clock,
        at.some((name) => entered.includes(name)),
      ),
    );
    entered.push(...at);
  }
  for (const clock of constraints.clocks) lines.push(...clockLines(clock));
  for (const { from, to, setup, hold } of constraints.interClockUncertaintyNs) {
    const ends = `-from ${clocks([from])} -to ${clocks([to])}`;
    if (setup !== undefined) lines.push(`set_clock_uncertainty -setup ${setup} ${ends}`);
    if (hold !== undefined) lines.push(`set_clock_uncertainty -hold ${hold} ${ends}`);
  }
  for (const { relation, groups } of constraints.clockGroups) {
    if (groups.some((group) => group.length === 0)) continue;
    const kind = relation === 'asynchronous' ? '-asynchronous' : '-logically_exclusive';
    lines.push(`set_clock_groups ${kind} ${groups.map((group) => `-group ${clocks(group)}`).join(' ')}`);
  }
  for (const [port, value] of Object.entries(constraints.caseValues))
    lines.push(`set_case_analysis ${value} ${portNames.has(port) ? ports([port]) : `[get_pins ${nameList([port])}]`}`);
  lines.push(...delayLines('input', constraints.inputDelays), ...delayLines('output', constraints.outputDelays));
  for (const [port, { cell, pin, fromPin, inputTransitionNs }] of Object.entries(constraints.drivingCells)) {
    const pins = `${pin === undefined ? '' : ` -pin ${listElement(pin)}`}${fromPin === undefined ? '' : ` -from_pin ${listElement(fromPin)}`}`;
    const slews = `-input_transition_rise ${inputTransitionNs.rise} -input_transition_fall ${inputTransitionNs.fall}`;
    lines.push(`set_driving_cell -lib_cell ${listElement(cell)}${pins} ${slews} ${ports([port])}`);
  }
  for (const [port, values] of Object.entries(constraints.inputTransitionNs))
    for (const [flags, value] of edgeValues(values))
      lines.push(`set_input_transition${flags} ${value} ${ports([port])}`);
  for (const [port, load] of Object.entries(constraints.loadsPf))
    lines.push(`set_load -pin_load ${load} ${ports([port])}`);
  if (constraints.wireLoad !== undefined) lines.push(`set_wire_load_model -name ${listElement(constraints.wireLoad)}`);
  for (const exception of constraints.exceptions) lines.push(...exceptionLines(exception));
  return lines.map((line) => `${line}\n`).join('');
}

/** Masters before the clocks made from them. */
function inOrder(all: readonly Clock[]): Clock[] {
  const out: Clock[] = [];
  const visit = (clock: Clock) => {
    if (out.includes(clock)) return;
    const master = clock.generated && all.find((each) => each.name === clock.generated!.master);
    if (master && master !== clock) visit(master);
    out.push(clock);
  };
  for (const clock of all) visit(clock);
  return out;
}

function pointName(point: TimingPoint): string {
  return point.kind === 'port' ? point.name : `${point.instance}/${point.pin}`;
}

function clocks(names: readonly string[]): string {
  return `[get_clocks ${nameList(names)}]`;
}

function ports(names: readonly string[]): string {
  return `[get_ports ${nameList(names)}]`;
}

/** Objects of several kinds as one word. */
function objects(
  points: readonly TimingPoint[],
  more: { clocks?: readonly string[]; instances?: readonly string[] } = {},
): string {
  const queries: string[] = [];
  const add = (command: string, names: readonly string[]) => {
    if (names.length > 0) queries.push(`[${command} ${nameList(names)}]`);
  };
  add('get_clocks', more.clocks ?? []);
  add(
    'get_ports',
    points.flatMap((point) => (point.kind === 'port' ? point.name : [])),
  );
  add(
    'get_pins',
    points.flatMap((point) => (point.kind === 'pin' ? pointName(point) : [])),
  );
  add('get_cells', more.instances ?? []);
  return queries.length === 1 ? queries[0]! : `[concat ${queries.join(' ')}]`;
}

function clockLine(clock: Clock, add: boolean): string {
  const { name, periodNs, waveformNs, sources, generated } = clock;
  const head = `-name ${listElement(name)}${add ? ' -add' : ''}`;
  if (!generated) {
    const at = sources.length > 0 ? ` ${objects(sources)}` : '';
    return `create_clock ${head} -period ${periodNs} -waveform {${waveformNs.join(' ')}}${at}`;
  }
  const { master, source, divideBy, multiplyBy, edges, edgeShiftNs, invert, dutyPercent } = generated;
  const way = [
    divideBy === undefined ? '' : `-divide_by ${divideBy}`,
    multiplyBy === undefined ? '' : `-multiply_by ${multiplyBy}`,
    dutyPercent === undefined ? '' : `-duty_cycle ${dutyPercent}`,
    edges ? `-edges {${edges.join(' ')}}` : '',
    edgeShiftNs ? `-edge_shift {${edgeShiftNs.join(' ')}}` : '',
    invert ? '-invert' : '',
  ].filter((part) => part !== '');
  return `create_generated_clock ${head} -source ${objects([source])} -master_clock ${clocks([master])} ${way.join(' ')} ${objects(sources)}`;
}

function clockLines(clock: Clock): string[] {
  const at = clocks([clock.name]);
  const lines: string[] = [];
  const given = (values: MinMaxEdges) => Object.values(values).some((value) => value !== 0);
  if (given(clock.sourceLatencyNs))
    for (const [flags, value] of edgeValues(clock.sourceLatencyNs))
      lines.push(`set_clock_latency -source${flags.replace('-min', '-early').replace('-max', '-late')} ${value} ${at}`);
  if (given(clock.networkLatencyNs))
    for (const [flags, value] of edgeValues(clock.networkLatencyNs))
      lines.push(`set_clock_latency${flags} ${value} ${at}`);
  if (given(clock.transitionNs))
    for (const [flags, value] of edgeValues(clock.transitionNs))
      lines.push(`set_clock_transition${flags} ${value} ${at}`);
  const { setup, hold } = clock.uncertaintyNs;
  if (setup !== 0) lines.push(`set_clock_uncertainty -setup ${setup} ${at}`);
  if (hold !== 0) lines.push(`set_clock_uncertainty -hold ${hold} ${at}`);
  if (clock.propagated) lines.push(`set_propagated_clock ${at}`);
  return lines;
}

/** As few commands as say the four values: options, and the value. What is not given is left out. */
function edgeValues(values: MinMaxEdges): [flags: string, value: number][] {
  const { minRise, minFall, maxRise, maxFall } = values;
  if (minRise === minFall && maxRise === maxFall && minRise === maxRise) return [['', minRise]];
  const out: [string, number][] = [];
  for (const [side, rise, fall] of [
    [' -min', minRise, minFall],
    [' -max', maxRise, maxFall],
  ] as const) {
    if (rise === fall) out.push([side, rise]);
    else out.push([`${side} -rise`, rise], [`${side} -fall`, fall]);
  }
  return out.filter(([, value]) => !Number.isNaN(value));
}

function delayLines(direction: 'input' | 'output', delays: readonly PortDelay[]): string[] {
  const lines: string[] = [];
  const known = new Set<string>();
  for (const { port, clock, clockEdge, delayNs } of delays) {
    const against =
      clock === undefined ? '' : ` -clock ${clocks([clock])}${clockEdge === 'fall' ? ' -clock_fall' : ''}`;
    // The first of a port begins anew; its other edges, and other clocks, are added.
    for (const [flags, value] of edgeValues(delayNs)) {
      lines.push(
        `set_${direction}_delay${flags} ${value}${against}${known.has(port) ? ' -add_delay' : ''} ${ports([port])}`,
      );
      known.add(port);
    }
  }
  return lines;
}

function exceptionLines(exception: TimingException): string[] {
  const { kind, from, through, to, setup, hold, value, start } = exception;
  const ends: string[] = [];
  const end = (name: string, points: ExceptionPoints): boolean => {
    const option = `-${points.edge ? `${points.edge}_` : ''}${name}`;
    ends.push(`${option} ${objects(points.points, points)}`);
    return points.points.length + points.clocks.length + points.instances.length > 0;
  };
  const all = [
    from ? end('from', from) : true,
    ...through.map((points) => end('through', points)),
    to ? end('to', to) : true,
  ];
  // An end without objects holds for no path, and no tool has words for that.
  if (all.includes(false)) return [];
  const paths = ends.join(' ');
  const side = setup === hold ? '' : setup ? ' -setup' : ' -hold';
  switch (kind) {
    case 'false-path':
      return [`set_false_path${side} ${paths}`];
    case 'max-delay':
    case 'min-delay':
      return [`set_${kind === 'max-delay' ? 'max' : 'min'}_delay ${value} ${paths}`];
    case 'multicycle':
      return [`set_multicycle_path ${value}${side} ${start ? '-start' : '-end'} ${paths}`];
  }
}
