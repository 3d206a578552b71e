import type { GateNetlist } from '../gates/types.ts';
import { netPrefix } from '../gates/verilog.ts';
import type { Constraints, MinMaxEdges, TimingOptions } from '../timing/types.ts';
import { writeSdc } from './write.ts';

/** Names of the files that a script for OpenSTA reads. */
export interface StaFiles {
  liberty: string;
  /** Written by `gateVerilog`. */
  netlist: string;
  /** Name of its module. */
  top: string;
  /** What `staConstraints` gives. */
  sdc: string;
}

/**
 * The constraints as they were used: what the file says, and what the analysis takes for the slew of inputs and the load of outputs where it
 * says nothing.
 */
export function staConstraints(design: GateNetlist, constraints: Constraints, options: TimingOptions): string {
  const inputTransitionNs: Record<string, MinMaxEdges> = Object.create(null);
  const loadsPf: Record<string, number> = Object.create(null);
  for (const { name, direction } of design.ports) {
    if (direction !== 'output' && !Object.hasOwn(constraints.drivingCells, name)) {
      const given = Object.hasOwn(constraints.inputTransitionNs, name)
        ? constraints.inputTransitionNs[name]
        : undefined;
      const or = (value: number | undefined) =>
        value === undefined || Number.isNaN(value) ? options.inputSlewNs : value;
      inputTransitionNs[name] = {
        minRise: or(given?.minRise),
        minFall: or(given?.minFall),
        maxRise: or(given?.maxRise),
        maxFall: or(given?.maxFall),
      };
    }
    if (direction !== 'input')
      loadsPf[name] = Object.hasOwn(constraints.loadsPf, name) ? constraints.loadsPf[name]! : options.outputLoadPf;
  }
  return writeSdc({ ...constraints, inputTransitionNs, loadsPf }, design);
}

/** A script for OpenSTA that times the mapped netlist as the studio does: same library, netlist, constraints, slews and loads. */
export function staScript(
  design: GateNetlist,
  constraints: Constraints,
  options: TimingOptions,
  files: StaFiles,
): string {
  const lines = [
    '# Static timing with OpenSTA: sta -exit sta.tcl',
    `read_liberty ${files.liberty}`,
    `read_verilog ${files.netlist}`,
    `link_design ${files.top}`,
    '',
    '# Numbers below and in the constraints are in these units, whatever those of the library.',
    'set_cmd_units -time ns -capacitance pF',
    `read_sdc ${files.sdc}`,
    '',
    ...wireLines(design, constraints, options),
    'puts "---- setup"',
    `report_checks -path_delay max -group_count ${options.paths} -fields {slew capacitance} -digits 4`,
    'puts "---- hold"',
    `report_checks -path_delay min -group_count ${options.paths} -fields {slew capacitance} -digits 4`,
    'puts "---- summary"',
    'report_worst_slack -digits 4',
    'report_tns -digits 4',
    'report_wns -digits 4',
    'puts "---- power at the activities that OpenSTA assumes by itself: not those of the studio"',
    'report_power -digits 4',
  ];
  return `${lines.join('\n')}\n`;
}

/** Loads of wires: a model of the library is in the constraints; else every net has its own. */
function wireLines(design: GateNetlist, constraints: Constraints, { wire }: TimingOptions): string[] {
  if (constraints.wireLoad !== undefined)
    return ['# Wires: the model of the library that the constraints name.', 'set_wire_load_mode top', ''];
  const fed = new Int32Array(design.nets.length);
  const count = (net: number) => {
    if (net >= 0) fed[net]! += 1;
  };
  for (const port of design.ports) if (port.direction !== 'input') count(port.net);
  for (const { cell, pins } of design.instances)
    for (const [i, pin] of cell.pins.entries())
      if (pin.direction === 'input' || pin.direction === 'inout') count(pins[i]!);
  const byFanout = new Map<number, number[]>();
  for (const [net, fanout] of fed.entries()) {
    const nets = byFanout.get(fanout);
    if (nets) nets.push(net);
    else byFanout.set(fanout, [net]);
  }
  const prefix = netPrefix(design);
  const lines = [`# Wires: ${wire.basePf} pF for each net and ${wire.perFanoutPf} pF for each pin that it feeds.`];
  for (const [fanout, nets] of [...byFanout].sort(([a], [b]) => a - b)) {
    const load = fanout === 0 ? 0 : wire.basePf + wire.perFanoutPf * fanout;
    lines.push(
      `set_load ${Number(load.toPrecision(12))} [get_nets {${wrapped(nets.map((net) => `${prefix}${net}`))}}]`,
    );
  }
  return [...lines, ''];
}

/** Names in lines of a readable length. */
function wrapped(names: readonly string[]): string {
  if (names.length <= 16) return names.join(' ');
  const lines: string[] = [];
  for (let i = 0; i < names.length; i += 16) lines.push(`  ${names.slice(i, i + 16).join(' ')}`);
  return `\n${lines.join('\n')}\n`;
}
