import type { GateInstance, GateNet, GateNetlist, GatePort } from '../gates/types.ts';
import { parseLiberty } from '../liberty/read.ts';
import type { Library } from '../liberty/types.ts';

/** `base + bySlew * slew + byLoad * load`, as a table whose corners lie at 0 and 1 ns, 0 and 0.1 pF. */
function linear(base: number, bySlew: number, byLoad: number): string {
  const at = (slew: number, load: number) => (base + bySlew * slew + byLoad * load).toFixed(6);
  return `(d) { values ("${at(0, 0)}, ${at(0, 0.1)}", "${at(1, 0)}, ${at(1, 0.1)}"); }`;
}

function arc(from: string, rest: string, rise: number, fall: number, bySlew = 0.1): string {
  return `timing () { related_pin : "${from}"; ${rest}
    cell_rise ${linear(rise, bySlew, 1)} cell_fall ${linear(fall, bySlew, 1)}
    rise_transition ${linear(0.01, 0, 2)} fall_transition ${linear(0.02, 0, 2)} }`;
}

function check(from: string, type: string, rise: number, fall: number, byData: number): string {
  const table = (base: number) =>
    `(c) { values ("${base.toFixed(6)}, ${(base + byData).toFixed(6)}", "${base.toFixed(6)}, ${(base + byData).toFixed(6)}"); }`;
  return `timing () { related_pin : "${from}"; timing_type : ${type};
    rise_constraint ${table(rise)} fall_constraint ${table(fall)} }`;
}

const input = (name: string, more = '') => `pin (${name}) { direction : input; capacitance : 0.01; ${more} }`;
const output = (name: string, means: string, more: string) =>
  `pin (${name}) { direction : output; function : "${means}"; ${more} }`;
const data = (clock: string, edge = 'rising') =>
  check(clock, `setup_${edge}`, 0.05, 0.06, 0.1) + check(clock, `hold_${edge}`, 0.02, 0.02, 0);

/** Delays that a person can add up: INV rises in 0.02 + 0.1 slew + load, falls in 0.03 + 0.1 slew + load; pins load 0.01 pF. */
export const HAND_LIBERTY = `library (hand) {
  time_unit : "1ns"; capacitive_load_unit (1, pf); voltage_unit : "1V"; current_unit : "1mA";
  leakage_power_unit : "1nW"; pulling_resistance_unit : "1kohm";
  lu_table_template (d) { variable_1 : input_net_transition; variable_2 : total_output_net_capacitance;
    index_1 ("0, 1"); index_2 ("0, 0.1"); }
  lu_table_template (c) { variable_1 : related_pin_transition; variable_2 : constrained_pin_transition;
    index_1 ("0, 1"); index_2 ("0, 1"); }
  wire_load (trees) { capacitance : 0.001; resistance : 0.5; slope : 4; fanout_length (1, 2); fanout_length (3, 6); }
  cell (INV) { area : 1; ${input('A')} ${output('Y', '!A', arc('A', 'timing_sense : negative_unate;', 0.02, 0.03))} }
  cell (BUF) { area : 1; ${input('A')} ${output('Y', 'A', arc('A', 'timing_sense : positive_unate;', 0.04, 0.04))} }
  cell (NAND2) { area : 1; ${input('A')} ${input('B')} ${output(
    'Y',
    '!(A & B)',
    arc('A', 'timing_sense : negative_unate;', 0.03, 0.04) + arc('B', 'timing_sense : negative_unate;', 0.05, 0.06),
  )} }
  cell (XOR2) { area : 1; ${input('A')} ${input('B')} ${output(
    'Y',
    'A ^ B',
    arc('A', 'timing_sense : non_unate;', 0.05, 0.06) + arc('B', 'timing_sense : non_unate;', 0.05, 0.06),
  )} }
  cell (MUX2) { area : 1; ${input('A')} ${input('B')} ${input('S')} ${output(
    'Y',
    '(A & !S) | (B & S)',
    arc('A', 'timing_sense : positive_unate;', 0.05, 0.05) +
      arc('B', 'timing_sense : positive_unate;', 0.07, 0.07) +
      arc('S', 'timing_sense : non_unate;', 0.09, 0.09),
  )} }
  cell (DFF) { area : 4; ff (IQ, IQN) { clocked_on : "CK"; next_state : "D"; }
    ${input('D', data('CK'))} ${input('CK', 'clock : true;')} ${output('Q', 'IQ', arc('CK', 'timing_type : rising_edge;', 0.1, 0.12, 0))} }
  cell (DFFN) { area : 4; ff (IQ, IQN) { clocked_on : "!CK"; next_state : "D"; }
    ${input('D', data('CK', 'falling'))} ${input('CK', 'clock : true;')} ${output('Q', 'IQ', arc('CK', 'timing_type : falling_edge;', 0.1, 0.12, 0))} }
  cell (DFFR) { area : 5; ff (IQ, IQN) { clocked_on : "CK"; next_state : "D"; clear : "!R"; }
    ${input('D', data('CK'))} ${input('CK', 'clock : true;')}
    ${input('R', check('CK', 'recovery_rising', 0.07, 0.07, 0).replace(/fall_constraint[^}]*}/, '') + check('CK', 'removal_rising', 0.04, 0.04, 0).replace(/fall_constraint[^}]*}/, ''))}
    ${output('Q', 'IQ', arc('CK', 'timing_type : rising_edge;', 0.1, 0.12, 0) + arc('R', 'timing_type : clear; timing_sense : positive_unate;', 0.2, 0.2))} }
  cell (LAT) { area : 3; latch (IQ, IQN) { enable : "G"; data_in : "D"; }
    ${input('D', data('G', 'falling'))} ${input('G', 'clock : true;')}
    ${output('Q', 'IQ', arc('G', 'timing_type : rising_edge;', 0.1, 0.1, 0) + arc('D', 'timing_sense : positive_unate;', 0.1, 0.1))} }
}
`;

export function handLibrary(): Library {
  const read = parseLiberty(HAND_LIBERTY, 'hand.lib');
  if (!read.ok) throw new Error(read.problems.map(({ what }) => what).join('\n'));
  return read.value.library;
}

/**
 * A design from its ports and instances: `['u1', 'INV', { A: 'n1', Y: 'n2' }]`. Nets are made as they are named; '0' and '1' are the
 * constants, and a pin that is not named is open.
 */
export function handDesign(
  library: Library,
  inputs: string[],
  outputs: string[],
  parts: [string, string, Record<string, string>][],
): GateNetlist {
  const nets: GateNet[] = [];
  const known = new Map<string, number>([
    ['0', -1],
    ['1', -2],
  ]);
  const net = (name: string): number => {
    let number = known.get(name);
    if (number === undefined) {
      number = nets.push({ name, aliases: [name] }) - 1;
      known.set(name, number);
    }
    return number;
  };
  const ports: GatePort[] = [
    ...inputs.map((name): GatePort => ({ name, direction: 'input', net: net(name) })),
    ...outputs.map((name): GatePort => ({ name, direction: 'output', net: net(name) })),
  ];
  const instances = parts.map(([name, type, connections], i): GateInstance => {
    const cell = library.cells.get(type);
    if (!cell) throw new Error(`No cell ${type}.`);
    const pins = Int32Array.from(cell.pins, (pin) => {
      const to = connections[pin.name];
      return to === undefined ? -3 : net(to);
    });
    return { name, cell, pins, module: 'top', scope: '', where: { file: 'top.v', line: i + 1 } };
  });
  return { top: 'top', nets, ports, instances };
}
