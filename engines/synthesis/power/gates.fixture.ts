import type { Result } from '../../core/result.ts';
import { type GateInstance, type GateNetlist, NET_0, NET_1, OPEN } from '../gates/types.ts';
import { parseFunction } from '../liberty/expression.ts';
import type { BoolExpr, InternalPower, Library, LibraryCell, LibraryPin, Table } from '../liberty/types.ts';
import type { Clock, Constraints } from '../timing/types.ts';
import type { PowerTiming } from './cell-power.ts';

const NO_EDGES = { minRise: 0, minFall: 0, maxRise: 0, maxFall: 0 };

export function func(text: string): BoolExpr {
  const found: Result<BoolExpr> | BoolExpr = parseFunction(text);
  if (!found.ok) throw new Error(text);
  return found.value;
}

export function constantTable(value: number): Table {
  return { variables: [], axes: [], values: Float64Array.of(value) };
}

/** Energy in pJ of a toggle, rise and fall alike unless given apart. */
export function energy(rise: number, of: { relatedPin?: string; when?: string; fall?: number } = {}): InternalPower {
  return {
    rise: constantTable(rise),
    fall: constantTable(of.fall ?? rise),
    ...(of.relatedPin !== undefined && { relatedPin: of.relatedPin }),
    ...(of.when !== undefined && { when: func(of.when) }),
  };
}

interface CellOptions {
  inputs?: string[];
  outputs?: Record<string, string | undefined>;
  capacitancePf?: number;
  leakageNw?: number;
  leakageStates?: Record<string, number>;
  power?: Record<string, InternalPower[]>;
  sequential?: LibraryCell['sequential'];
  clockGate?: { text: string; roles: Record<string, LibraryPin['clockGateRole']> };
  threeState?: string;
  areaUm2?: number;
}

export function cell(name: string, of: CellOptions): LibraryCell {
  const pin = (pinName: string, direction: LibraryPin['direction'], text?: string): LibraryPin => ({
    name: pinName,
    direction,
    capacitancePf: direction === 'input' ? (of.capacitancePf ?? 0.001) : 0,
    riseCapacitancePf: direction === 'input' ? (of.capacitancePf ?? 0.001) : 0,
    fallCapacitancePf: direction === 'input' ? (of.capacitancePf ?? 0.001) : 0,
    clock: false,
    arcs: [],
    power: of.power?.[pinName] ?? [],
    ...(text !== undefined && { function: func(text) }),
    ...(of.threeState !== undefined && direction === 'output' && { threeState: func(of.threeState) }),
    ...(of.clockGate?.roles[pinName] && { clockGateRole: of.clockGate.roles[pinName] }),
  });
  const pins = [
    ...(of.inputs ?? []).map((one) => pin(one, 'input')),
    ...Object.entries(of.outputs ?? {}).map(([one, text]) => pin(one, 'output', text)),
  ];
  return {
    name,
    areaUm2: of.areaUm2 ?? 1,
    leakageNw: of.leakageNw ?? 0,
    leakageStates: Object.entries(of.leakageStates ?? {}).map(([when, leakageNw]) => ({ when: func(when), leakageNw })),
    pins,
    pinIndex: new Map(pins.map((one, at) => [one.name, at])),
    ...(of.sequential && { sequential: of.sequential }),
    ...(of.clockGate && { clockGate: of.clockGate.text }),
    dontUse: false,
    dontTouch: false,
    unread: [],
    line: 1,
  };
}

export function flipFlop(next: string, of: { clear?: string; preset?: string } = {}): LibraryCell['sequential'] {
  return {
    kind: 'ff',
    state: 'IQ',
    inverse: 'IQN',
    clockedOn: func('CK'),
    nextState: func(next),
    ...(of.clear !== undefined && { clear: func(of.clear) }),
    ...(of.preset !== undefined && { preset: func(of.preset) }),
  };
}

export const CELLS = {
  INV: cell('INV', { inputs: ['A'], outputs: { Y: '!A' } }),
  BUF: cell('BUF', { inputs: ['A'], outputs: { Y: 'A' } }),
  NAND2: cell('NAND2', { inputs: ['A', 'B'], outputs: { Y: '!(A & B)' } }),
  AND2: cell('AND2', { inputs: ['A', 'B'], outputs: { Y: 'A & B' } }),
  OR2: cell('OR2', { inputs: ['A', 'B'], outputs: { Y: 'A | B' } }),
  XOR2: cell('XOR2', { inputs: ['A', 'B'], outputs: { Y: 'A ^ B' } }),
  MUX2: cell('MUX2', { inputs: ['A', 'B', 'S'], outputs: { Y: '(!S & A) | (S & B)' } }),
  TIE1: cell('TIE1', { outputs: { Y: '1' } }),
  TBUF: cell('TBUF', { inputs: ['A', 'EN'], outputs: { Y: 'A' }, threeState: '!EN' }),
  DFF: cell('DFF', { inputs: ['D', 'CK'], outputs: { Q: 'IQ', QN: 'IQN' }, sequential: flipFlop('D') }),
  DFFE: cell('DFFE', {
    inputs: ['D', 'EN', 'CK'],
    outputs: { Q: 'IQ' },
    sequential: flipFlop('(EN & D) | (!EN & IQ)'),
  }),
  DFFR: cell('DFFR', {
    inputs: ['D', 'RN', 'CK'],
    outputs: { Q: 'IQ' },
    sequential: flipFlop('D', { clear: '!RN' }),
  }),
  LATCH: cell('LATCH', {
    inputs: ['D', 'G'],
    outputs: { Q: 'IQ' },
    sequential: { kind: 'latch', state: 'IQ', inverse: 'IQN', enable: func('G'), dataIn: func('D') },
  }),
  ICG: cell('ICG', {
    inputs: ['CK', 'E'],
    outputs: { GCK: undefined },
    clockGate: { text: 'latch_posedge', roles: { CK: 'clock', E: 'enable', GCK: 'out' } },
  }),
} satisfies Record<string, LibraryCell>;

/**
 * Builds a netlist from lines like "u1 INV A=a Y=n1"; nets are made as they are named, `0`, `1` and `-` are constants and open pins.
 * Ports: names, outputs after `:`, as in "a b : y".
 */
export function netlist(
  ports: string,
  lines: readonly string[],
  cells: Record<string, LibraryCell> = CELLS,
): GateNetlist {
  const nets: GateNetlist['nets'] = [];
  const index = new Map<string, number>();
  const net = (name: string): number => {
    if (name === '0') return NET_0;
    if (name === '1') return NET_1;
    if (name === '-') return OPEN;
    let at = index.get(name);
    if (at === undefined) {
      at = nets.push({ name, aliases: [name] }) - 1;
      index.set(name, at);
    }
    return at;
  };
  const [inputs, outputs = ''] = ports.split(':');
  const names = (text: string) => text.split(/\s+/).filter((one) => one !== '');
  const design: GateNetlist = {
    top: 'top',
    nets,
    ports: [
      ...names(inputs!).map((name) => ({ name, direction: 'input' as const, net: net(name) })),
      ...names(outputs).map((name) => ({ name, direction: 'output' as const, net: net(name) })),
    ],
    instances: [],
  };
  lines.forEach((text, line) => {
    const [name, type, ...pins] = text.split(/\s+/);
    const of = cells[type!]!;
    const wired: GateInstance['pins'] = new Int32Array(of.pins.length).fill(OPEN);
    for (const pin of pins) {
      const [pinName, netName] = pin.split('=');
      wired[of.pinIndex.get(pinName!)!] = net(netName!);
    }
    const slash = name!.lastIndexOf('/');
    const scope = slash < 0 ? '' : name!.slice(0, slash).replaceAll('/', '.');
    design.instances.push({
      name: name!,
      cell: of,
      pins: wired,
      module: scope === '' ? 'top' : scope,
      scope,
      where: { file: 'top.v', line: line + 1 },
    });
  });
  return design;
}

export function netOf(design: GateNetlist, name: string): number {
  return design.nets.findIndex((net) => net.name === name);
}

export function library(cells: Record<string, LibraryCell>, voltageV = 1): Library {
  return {
    name: 'by-hand',
    conditions: { process: 1, voltageV, temperatureC: 25 },
    thresholds: {
      inputRise: 0.5,
      inputFall: 0.5,
      outputRise: 0.5,
      outputFall: 0.5,
      slewLowerRise: 0.2,
      slewUpperRise: 0.8,
      slewLowerFall: 0.2,
      slewUpperFall: 0.8,
      slewDerate: 1,
    },
    defaults: { leakageNw: 0 },
    wireLoads: [],
    cells: new Map(Object.entries(cells)),
  };
}

export function clock(name: string, periodNs: number, of: Partial<Clock> = {}): Clock {
  return {
    name,
    periodNs,
    waveformNs: [0, periodNs / 2],
    sources: [{ kind: 'port', name }],
    sourceLatencyNs: NO_EDGES,
    networkLatencyNs: NO_EDGES,
    transitionNs: NO_EDGES,
    uncertaintyNs: { setup: 0, hold: 0 },
    propagated: false,
    ...of,
  };
}

export function constraints(clocks: Clock[], of: Partial<Constraints> = {}): Constraints {
  return {
    clocks,
    clockGroups: [],
    interClockUncertaintyNs: [],
    inputDelays: [],
    outputDelays: [],
    inputTransitionNs: {},
    drivingCells: {},
    loadsPf: {},
    exceptions: [],
    caseValues: {},
    ...of,
  };
}

/** Loads of pins alone, and one for output ports; one slew everywhere. */
export function plainTiming(design: GateNetlist, of: { outputPf?: number; slewNs?: number } = {}): PowerTiming {
  const loadsPf = new Float64Array(design.nets.length);
  for (const { cell: of, pins } of design.instances) {
    of.pins.forEach((pin, at) => {
      if (pin.direction === 'input' && pins[at]! >= 0) loadsPf[pins[at]!]! += pin.capacitancePf;
    });
  }
  for (const { direction, net } of design.ports)
    if (direction === 'output' && net >= 0) loadsPf[net]! += of.outputPf ?? 0;
  const slews = () => new Float64Array(design.nets.length).fill(of.slewNs ?? 0.05);
  return { loadsPf, slewNs: { rise: slews(), fall: slews() } };
}
