import type { Assumption } from '../../core/report.ts';
import type { GateNetlist } from '../gates/types.ts';
import { rolesOf } from './cell-roles.ts';
import { ClockNetwork } from './clock-network.ts';
import { nameList } from './names.ts';
import { listElement } from './tcl-words.ts';

/** What the constraints that nobody wrote take for granted. */
export const DEFAULT_SDC_ASSUMPTIONS: Assumption[] = [
  {
    id: 'sdc-default-clocks',
    what: 'Without constraints, each input from which clock pins are reached through cells without memory is a clock, all of one period; of the inputs of a gate on the way, those that are clocks elsewhere are taken, else all. Several clocks are asynchronous to each other.',
    reason: 'Nothing in the design says how fast its clocks are or how they relate.',
    source: 'ours',
  },
  {
    id: 'sdc-default-ports',
    what: 'Without constraints, inputs arrive and outputs are read at a clock edge: their delays outside are 0, against every clock. Resets and enables are inputs like others. Inputs are not checked for hold.',
    value: '0 ns',
    reason:
      'The whole period is left to the design; what its surroundings take is not known, nor how soon after the edge its inputs change.',
    source: 'ours',
  },
];

/** Names of the one virtual clock of designs without registers. */
const VIRTUAL = 'virtual';

/**
 * The constraints that are used when the user writes none, as text to read, copy and edit: a clock of `clockNs` at every input from which
 * clock pins are reached (a virtual clock when there are none), and delays of 0 at all other ports. Both `readSdc` and OpenSTA take it.
 */
export function defaultSdc(design: GateNetlist, clockNs: number): string {
  const { clocks, inner } = clockPorts(design);
  const period = String(clockNs);
  const lines = [
    '# Constraints that Crossbar Studio assumes when none are written: copy and edit them.',
    '# Times in ns, capacitances in pF.',
    '',
  ];
  if (clocks.length === 0) {
    lines.push(
      inner.length > 0
        ? '# No port of the design is a clock. Inputs and outputs are timed against a clock that exists only here.'
        : '# The design has no registers. Its inputs and outputs are timed against a clock that exists only here.',
      `create_clock -name ${VIRTUAL} -period ${period}`,
    );
  } else {
    lines.push(
      clocks.length === 1
        ? '# The clock: clock pins of registers are reached from this port.'
        : '# The clocks: clock pins of registers are reached from these ports.',
    );
    for (const name of clocks)
      lines.push(`create_clock -name ${listElement(name)} -period ${period} [get_ports ${nameList([name])}]`);
  }
  if (clocks.length > 1)
    lines.push(
      '',
      '# They are taken to be asynchronous to each other: paths between them are not timed.',
      `set_clock_groups -asynchronous ${clocks.map((name) => `-group [get_clocks ${nameList([name])}]`).join(' ')}`,
    );
  if (inner.length > 0)
    lines.push(
      '',
      '# Registers are clocked from inside the design, too: their paths stay unconstrained until',
      '# create_generated_clock (or create_clock) says what runs there:',
      ...inner.slice(0, 20).map((name) => `#   ${name}`),
      ...(inner.length > 20 ? [`#   and ${inner.length - 20} more`] : []),
    );

  const against = clocks.length === 0 ? [VIRTUAL] : clocks;
  const inputs = design.ports.filter(({ direction, name }) => direction !== 'output' && !clocks.includes(name));
  const outputs = design.ports.filter(({ direction }) => direction !== 'input');
  for (const [what, ports] of [
    ['input', inputs],
    ['output', outputs],
  ] as const) {
    if (ports.length === 0) continue;
    lines.push(
      '',
      what === 'input'
        ? '# Inputs arrive at the clock edge; resets and enables are inputs like others.'
        : '# Outputs are read at the next clock edge.',
    );
    const names = nameList(
      whole(
        design,
        ports.map(({ name }) => name),
      ),
    );
    for (const [i, clock] of against.entries())
      lines.push(`set_${what}_delay 0 -clock ${nameList([clock])}${i > 0 ? ' -add_delay' : ''} [get_ports ${names}]`);
    if (what === 'input')
      lines.push(
        '# How soon after the edge they change is not known: they are not checked for hold.',
        `set_false_path -hold -from [get_ports ${names}]`,
      );
  }
  return `${lines.join('\n')}\n`;
}

/** Ports where clocks enter, and the outputs of registers and the like that clock others. */
function clockPorts(design: GateNetlist): { clocks: string[]; inner: string[] } {
  const network = new ClockNetwork(design);
  const nets = new Set<number>();
  for (const { cell, pins } of design.instances)
    for (const pin of rolesOf(cell).clocks) if (pins[pin]! >= 0) nets.add(pins[pin]!);
  const sure = new Set<number>();
  const doubtful: number[][] = [];
  const inner = new Set<string>();
  for (const net of [...nets].sort((a, b) => a - b)) {
    const behindGate: number[] = [];
    for (const { driver, single, ends } of network.back(net, () => false)) {
      if (driver.kind === 'port') {
        if (single) sure.add(driver.port);
        else behindGate.push(driver.port);
      } else if (ends) {
        const { name, cell } = design.instances[driver.instance]!;
        // Constants from tie cells clock nothing.
        if (rolesOf(cell).kind !== 'none') inner.add(`${name}/${cell.pins[driver.pin]!.name}`);
      }
    }
    if (behindGate.length > 0) doubtful.push(behindGate);
  }
  const found = new Set(sure);
  for (const ports of doubtful) if (!ports.some((port) => sure.has(port))) for (const port of ports) found.add(port);
  return {
    clocks: [...found].sort((a, b) => a - b).map((port) => design.ports[port]!.name),
    inner: [...inner].sort(),
  };
}

/** Names of ports, whole buses by the name of the bus. */
function whole(design: GateNetlist, names: string[]): string[] {
  const busOf = (name: string) => /^(.+)\[\d+\]$/.exec(name)?.[1];
  const bits = new Map<string, number>();
  for (const { name } of design.ports) {
    const bus = busOf(name);
    if (bus !== undefined) bits.set(bus, (bits.get(bus) ?? 0) + 1);
  }
  const here = new Map<string, number>();
  for (const name of names) {
    const bus = busOf(name);
    if (bus !== undefined) here.set(bus, (here.get(bus) ?? 0) + 1);
  }
  const out = new Set<string>();
  for (const name of names) {
    const bus = busOf(name);
    out.add(bus !== undefined && here.get(bus) === bits.get(bus) ? bus : name);
  }
  return [...out];
}
