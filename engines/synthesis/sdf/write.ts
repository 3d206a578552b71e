import type { GateNetlist } from '../gates/types.ts';
import type { LibraryPin } from '../liberty/types.ts';
import type { ArcCheck, ArcDelay, TimingResult } from '../timing/analyse.ts';

/** Nanoseconds with the digits of a femtosecond. */
const DIGITS = 6;

/**
 * Delays and checks of a timed netlist as an SDF file (IEEE 1497), for the netlist that `gateVerilog` writes: flat, its instances named by their
 * paths. Each `IOPATH` has the least and the worst delay of the arcs between its pins (conditions and edges of the input not told apart) as
 * minimum and maximum, the worst as typical; of a pin that turns an output on and off it has six, those to and from z apart. Wires have no delay
 * before layout: there is no `INTERCONNECT`.
 */
export function writeSdf(
  design: GateNetlist,
  timing: Pick<TimingResult, 'arcsOf' | 'checksOf'>,
  libraryName: string,
): string {
  const lines = [
    '(DELAYFILE',
    '  (SDFVERSION "3.0")',
    `  (DESIGN "${design.top}")`,
    '  (PROGRAM "Crossbar Studio, before layout")',
    `  (PROCESS "${libraryName}")`,
    '  (DIVIDER /)',
    '  (TIMESCALE 1ns)',
  ];
  design.instances.forEach(({ name, cell }, index) => {
    const paths = pathsOf(timing.arcsOf(index));
    const checks = [...timing.checksOf(index).flatMap(checkLines), ...cell.pins.flatMap(widthLines)];
    if (paths.length + checks.length === 0) return;
    lines.push('  (CELL', `    (CELLTYPE "${cell.name}")`, `    (INSTANCE ${escaped(name)})`);
    if (paths.length > 0) lines.push('    (DELAY (ABSOLUTE', ...paths.map((path) => `      ${path}`), '    ))');
    if (checks.length > 0) lines.push('    (TIMINGCHECK', ...checks.map((check) => `      ${check}`), '    )');
    lines.push('  )');
  });
  lines.push(')', '');
  return lines.join('\n');
}

interface Range {
  least: number;
  most: number;
}

interface Path {
  input: string;
  output: string;
  rise?: Range;
  fall?: Range;
  /** Where the pin lets the output go: from 0 as it would rise, from 1 as it would fall. */
  offRise?: Range;
  offFall?: Range;
}

function pathsOf(arcs: readonly ArcDelay[]): string[] {
  const found = new Map<string, Path>();
  for (const { arc, fromPin, toPin, toEdge, delayNs } of arcs) {
    const edge = arc.type === 'rising_edge' ? 'posedge' : arc.type === 'falling_edge' ? 'negedge' : undefined;
    const input = edge ? `(${edge} ${escaped(fromPin)})` : escaped(fromPin);
    const key = `${input} ${toPin}`;
    let path = found.get(key);
    if (!path) {
      path = { input, output: escaped(toPin) };
      found.set(key, path);
    }
    const off = arc.type === 'three_state_disable';
    const which = toEdge === 'rise' ? (off ? 'offRise' : 'rise') : off ? 'offFall' : 'fall';
    const range = path[which];
    path[which] = {
      least: Math.min(range?.least ?? delayNs, delayNs),
      most: Math.max(range?.most ?? delayNs, delayNs),
    };
  }
  return [...found.values()].map(({ input, output, rise, fall, offRise, offFall }) => {
    // 01, 10, 0z, z1, 1z, z0.
    const six = offRise || offFall ? [offRise, rise, offFall, fall] : [];
    return `(IOPATH ${input} ${output} ${[rise, fall, ...six].map(triple).join(' ')})`;
  });
}

const CHECKS = { setup: 'SETUP', hold: 'HOLD', recovery: 'RECOVERY', removal: 'REMOVAL' } as const;

function checkLines({ role, clockPin, clockEdge, dataPin, riseNs, fallNs }: ArcCheck): string[] {
  const clock = `(${clockEdge === 'rise' ? 'posedge' : 'negedge'} ${escaped(clockPin)})`;
  const line = (edge: string, value: number | null) =>
    value === null ? [] : [`(${CHECKS[role]} (${edge} ${escaped(dataPin)}) ${clock} (${number(value)}))`];
  return [...line('posedge', riseNs), ...line('negedge', fallNs)];
}

/** The shortest pulses that a pin may have. */
function widthLines({ name, minPulseHighNs, minPulseLowNs }: LibraryPin): string[] {
  const line = (edge: string, value: number | undefined) =>
    value === undefined ? [] : [`(WIDTH (${edge} ${escaped(name)}) (${number(value)}))`];
  return [...line('posedge', minPulseHighNs), ...line('negedge', minPulseLowNs)];
}

/** An edge that no arc makes keeps what it has. */
function triple(range: Range | undefined): string {
  return range ? `(${number(range.least)}:${number(range.most)}:${number(range.most)})` : '()';
}

function number(value: number): string {
  return value.toFixed(DIGITS);
}

/** Characters that are no letter, digit or underscore stand behind a backslash; so does the divider. */
function escaped(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '\\$&');
}
