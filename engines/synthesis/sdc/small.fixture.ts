import type { GateInstance, GateNetlist } from '../gates/types.ts';
import { OPEN } from '../gates/types.ts';
import type { ArcType, BoolExpr, Library, LibraryCell, LibraryPin, TimingArc } from '../liberty/types.ts';

const pinOf = (name: string): BoolExpr => ({ kind: 'pin', name });

function arc(relatedPin: string, type: ArcType, sense: TimingArc['sense'] = 'positive'): TimingArc {
  return { relatedPin, type, sense };
}

function pin(
  name: string,
  direction: LibraryPin['direction'],
  arcs: TimingArc[] = [],
  more: Partial<LibraryPin> = {},
): LibraryPin {
  const capacitances = { capacitancePf: 0.002, riseCapacitancePf: 0.002, fallCapacitancePf: 0.002 };
  return { name, direction, ...capacitances, clock: false, arcs, power: [], ...more };
}

function cell(name: string, pins: LibraryPin[], more: Partial<LibraryCell> = {}): LibraryCell {
  return {
    name,
    areaUm2: 1,
    leakageNw: 1,
    leakageStates: [],
    pins,
    pinIndex: new Map(pins.map((each, i) => [each.name, i])),
    dontUse: false,
    dontTouch: false,
    unread: [],
    line: 1,
    ...more,
  };
}

const through = (sense: TimingArc['sense'], ...from: string[]) => from.map((name) => arc(name, 'combinational', sense));

/** Cells with what constraints look at: directions, arcs, clocks. Named as in the OSU libraries, so that OpenSTA can time the same netlists. */
const CELLS: LibraryCell[] = [
  cell('INVX1', [pin('A', 'input'), pin('Y', 'output', through('negative', 'A'))]),
  cell('BUFX2', [pin('A', 'input'), pin('Y', 'output', through('positive', 'A'))]),
  cell('AND2X2', [pin('A', 'input'), pin('B', 'input'), pin('Y', 'output', through('positive', 'A', 'B'))]),
  cell('XOR2X1', [pin('A', 'input'), pin('B', 'input'), pin('Y', 'output', through('non-unate', 'A', 'B'))]),
  cell('HAX1', [
    pin('A', 'input'),
    pin('B', 'input'),
    pin('YC', 'output', through('positive', 'A', 'B')),
    pin('YS', 'output', through('non-unate', 'A', 'B')),
  ]),
  cell(
    'DFFPOSX1',
    [
      pin('CLK', 'input', [], { clock: true }),
      pin('D', 'input', [arc('CLK', 'setup_rising'), arc('CLK', 'hold_rising')]),
      pin('Q', 'output', [arc('CLK', 'rising_edge', 'non-unate')]),
    ],
    { sequential: { kind: 'ff', state: 'IQ', inverse: 'IQN', clockedOn: pinOf('CLK'), nextState: pinOf('D') } },
  ),
  cell(
    'LATCH',
    [
      pin('CLK', 'input', [], { clock: true }),
      pin('D', 'input', [arc('CLK', 'setup_falling'), arc('CLK', 'hold_falling')]),
      pin('Q', 'output', [arc('CLK', 'rising_edge', 'non-unate'), arc('D', 'combinational')]),
    ],
    { sequential: { kind: 'latch', state: 'IQ', inverse: 'IQN', enable: pinOf('CLK'), dataIn: pinOf('D') } },
  ),
  cell(
    'DFFSR',
    [
      pin('R', 'input', [arc('CLK', 'recovery_rising'), arc('CLK', 'removal_rising')]),
      pin('S', 'input', [arc('CLK', 'recovery_rising'), arc('CLK', 'removal_rising')]),
      pin('D', 'input', [arc('CLK', 'setup_rising'), arc('CLK', 'hold_rising')]),
      pin('CLK', 'input', [], { clock: true }),
      pin('Q', 'output', [arc('CLK', 'rising_edge', 'non-unate'), arc('R', 'clear'), arc('S', 'preset', 'negative')]),
    ],
    {
      sequential: {
        kind: 'ff',
        state: 'P0002',
        inverse: 'P0003',
        clockedOn: pinOf('CLK'),
        nextState: pinOf('D'),
        clear: { kind: 'not', of: pinOf('R') },
        preset: { kind: 'not', of: pinOf('S') },
      },
    },
  ),
  cell(
    'CKGATE',
    [
      pin('CLK', 'input', [], { clock: true, clockGateRole: 'clock' }),
      pin('EN', 'input', [arc('CLK', 'setup_rising'), arc('CLK', 'hold_rising')], { clockGateRole: 'enable' }),
      pin('GCLK', 'output', [arc('CLK', 'combinational')], { clockGateRole: 'out' }),
    ],
    { clockGate: 'latch_posedge' },
  ),
];

/** A library of a few cells without delays. */
export function smallLibrary(): Library {
  const half = { inputRise: 0.5, inputFall: 0.5, outputRise: 0.5, outputFall: 0.5 };
  const slew = { slewLowerRise: 0.2, slewUpperRise: 0.8, slewLowerFall: 0.2, slewUpperFall: 0.8, slewDerate: 1 };
  return {
    name: 'small',
    conditions: { process: 1, voltageV: 1.8, temperatureC: 25 },
    thresholds: { ...half, ...slew },
    defaults: { leakageNw: 0 },
    wireLoads: ['wl10', 'wl20'].map((name) => ({
      name,
      capacitancePfPerUnit: 0.001,
      resistanceKohmPerUnit: 0,
      lengths: [],
      slope: 1,
    })),
    cells: new Map(CELLS.map((each) => [each.name, each])),
  };
}

/**
 * A netlist from lines like "DFFPOSX1 u1/r0 CLK=clk D=n1 Q=q": cell, instance, nets by pin. Ports: "clk a[0]"; nets of the same names.
 * `aliases`: further names of nets.
 */
export function gates(of: {
  inputs: string;
  outputs?: string;
  cells?: string[];
  aliases?: Record<string, string[]>;
}): GateNetlist {
  const library = smallLibrary();
  const nets: GateNetlist['nets'] = [];
  const places = new Map<string, number>();
  const net = (name: string): number => {
    let place = places.get(name);
    if (place === undefined) {
      place = nets.length;
      places.set(name, place);
      nets.push({ name, aliases: [name, ...(of.aliases?.[name] ?? [])] });
    }
    return place;
  };
  const words = (text = '') => text.split(' ').filter((each) => each !== '');
  const ports = [
    ...words(of.inputs).map((name) => ({ name, direction: 'input' as const, net: net(name) })),
    ...words(of.outputs).map((name) => ({ name, direction: 'output' as const, net: net(name) })),
  ];
  const instances = (of.cells ?? []).map((line): GateInstance => {
    const [type, name, ...pins] = words(line);
    const of = library.cells.get(type!)!;
    const nets = new Int32Array(of.pins.length).fill(OPEN);
    for (const each of pins) {
      const [at, to] = each.split('=');
      nets[of.pinIndex.get(at!)!] = net(to!);
    }
    return { name: name!, cell: of, pins: nets, module: 'top', scope: '' };
  });
  return { top: 'top', nets, ports, instances };
}
