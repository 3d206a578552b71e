import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Constraints } from '../timing/types.ts';
import { readSdc, SDC_COMMANDS } from './read.ts';
import { gates, smallLibrary } from './small.fixture.ts';

const library = smallLibrary();

/** Two clock domains, a divider, a clock behind an inverter, a module u1. */
const design = gates({
  inputs: 'clk clk2 rst a[3] a[2] a[1] a[0] b',
  outputs: 'y[1] y[0] z',
  cells: [
    'DFFSR r0 CLK=clk D=a[0] Q=y[0] R=rst S=rst',
    'DFFPOSX1 u1/r1 CLK=clk D=n1 Q=y[1]',
    'DFFPOSX1 u1/r2 CLK=clk2 D=b Q=z',
    'AND2X2 u1/g A=a[1] B=a[2] Y=n1',
    'DFFPOSX1 div CLK=clk D=nq Q=q',
    'INVX1 inv A=q Y=nq',
    'INVX1 ci A=clk Y=nclk',
    'DFFPOSX1 r3 CLK=nclk D=a[3] Q=n3',
  ],
  aliases: { n1: ['u1.sum[3]', 'u1.carry'] },
});

const CLK = 'create_clock -name c -period 10 [get_ports clk]\n';
const TWO = `${CLK}create_clock -name d -period 7 [get_ports clk2]\n`;

function read(text: string): Constraints {
  const result = readSdc(text, design, library);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  expect(result.value.problems).toEqual([]);
  return result.value.constraints;
}

/** Codes of what is said of a text, with lines: "2 sdc-no-object". */
function said(text: string): string[] {
  const result = readSdc(text, design, library);
  const problems = result.ok ? result.value.problems : result.problems;
  return problems.map(
    ({ code, where, severity }) => `${where?.line} ${code}${severity === 'error' ? '' : ` ${severity}`}`,
  );
}

/** Constraints of a text that is read with warnings or notes. */
function tolerated(text: string): Constraints {
  const result = readSdc(text, design, library);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  expect(result.value.problems).not.toEqual([]);
  return result.value.constraints;
}

const port = (name: string) => ({ kind: 'port', name });
const pin = (instance: string, at: string) => ({ kind: 'pin', instance, pin: at });
const all = (value: number) => ({ minRise: value, minFall: value, maxRise: value, maxFall: value });

describe('clocks', () => {
  it('creates them at ports and pins, or virtual ones', () => {
    const { clocks } = read(
      `${CLK}create_clock -period 8 -waveform {2 5} clk2\ncreate_clock -name v -period 5\ncreate_clock -name p -period 3 [get_pins inv/Y]`,
    );
    expect(
      clocks.map(({ name, periodNs, waveformNs, sources, line }) => ({ name, periodNs, waveformNs, sources, line })),
    ).toEqual([
      { name: 'c', periodNs: 10, waveformNs: [0, 5], sources: [port('clk')], line: 1 },
      { name: 'clk2', periodNs: 8, waveformNs: [2, 5], sources: [port('clk2')], line: 2 },
      { name: 'v', periodNs: 5, waveformNs: [0, 2.5], sources: [], line: 3 },
      { name: 'p', periodNs: 3, waveformNs: [0, 1.5], sources: [pin('inv', 'Y')], line: 4 },
    ]);
  });

  it.each([
    'create_clock -name x -period 0 clk',
    'create_clock -name x clk',
    'create_clock -period 3',
    'create_clock -name x -period 3 -waveform {0 1 2} clk',
    'create_clock -name x -period 3 -waveform {2 1} clk',
    'create_clock -name x -period 3 -waveform {0 3} clk',
    'create_clock -name x -period 3 [get_ports nothing*]',
    'create_clock -name x -period 3 y',
    'create_clock -name x -period 3ns clk',
    'create_clock -name x -period 3 -add',
    'create_clock -name x -period 3 -perod 4 clk',
    'create_clock -name x -period 3 clk clk2',
  ])('refuses %s', (text) => {
    const result = readSdc(`\n${text}`, design, library);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.problems[0]!.where).toMatchObject({ file: 'constraints.sdc', line: 2 });
  });

  it('replaces a clock on its port unless -add is given, and drops what was said of it', () => {
    const replaced = tolerated(
      `${CLK}set_input_delay 1 -clock c b\nset_false_path -from [get_clocks c]\ncreate_clock -name e -period 4 clk`,
    );
    expect(replaced.clocks.map((clock) => clock.name)).toEqual(['e']);
    expect(replaced.inputDelays).toEqual([]);
    expect(replaced.exceptions).toEqual([]);
    expect(said(`${CLK}create_clock -name e -period 4 clk`)).toEqual(['2 sdc-clock-replaced warning']);
    expect(read(`${CLK}create_clock -add -name e -period 4 clk`).clocks.map((clock) => clock.name)).toEqual(['c', 'e']);
  });

  it('redefines a clock of the same name and keeps its latency', () => {
    const { clocks } = tolerated(`${CLK}set_clock_latency 1 c\ncreate_clock -name c -period 4 clk2`);
    expect(clocks).toHaveLength(1);
    expect(clocks[0]).toMatchObject({ periodNs: 4, sources: [port('clk2')], networkLatencyNs: all(1), line: 3 });
  });

  it('says latency, transition, uncertainty, propagation', () => {
    const { clocks, interClockUncertaintyNs } = read(
      `${TWO}set_clock_latency -source -early 1 c
set_clock_latency -source -late 3 [get_ports clk]
set_clock_latency -max -rise 0.5 [get_clocks d]
set_clock_transition 0.2 [all_clocks]
set_clock_uncertainty -setup 0.3 c
set_clock_uncertainty 0.1 [get_clocks d]
set_clock_uncertainty -from c -to d -hold 0.05
set_clock_uncertainty -from c -to d -setup 0.4
set_propagated_clock d`,
    );
    expect(clocks[0]).toMatchObject({
      sourceLatencyNs: { minRise: 1, minFall: 1, maxRise: 3, maxFall: 3 },
      networkLatencyNs: all(0),
      transitionNs: all(0.2),
      uncertaintyNs: { setup: 0.3, hold: 0 },
      propagated: false,
    });
    expect(clocks[1]).toMatchObject({
      networkLatencyNs: { minRise: 0, minFall: 0, maxRise: 0.5, maxFall: 0 },
      uncertaintyNs: { setup: 0.1, hold: 0.1 },
      propagated: true,
    });
    expect(interClockUncertaintyNs).toEqual([{ from: 'c', to: 'd', setup: 0.4, hold: 0.05 }]);
  });

  it('refuses what it would misread about clocks', () => {
    expect(said(`${TWO}set_clock_uncertainty -rise_from c -to d 0.1`)).toEqual(['3 sdc-unsupported']);
    expect(said(`${TWO}set_clock_latency 1 [get_pins r0/CLK]`)).toEqual(['3 sdc-unsupported']);
    expect(said(`${TWO}set_clock_latency -early 1 c`)).toEqual(['3 sdc-option']);
    expect(said(`${TWO}set_clock_uncertainty 1 [get_clocks x]`)).toEqual(['3 sdc-no-object']);
    expect(said(`${TWO}set_clock_groups -asynchronous -group c -group {c d}`)).toEqual(['3 sdc-arguments']);
  });

  it('groups clocks; one group alone stands against all others, later ones too', () => {
    expect(read(`${TWO}set_clock_groups -asynchronous -group c -group [get_clocks d]`).clockGroups).toEqual([
      { relation: 'asynchronous', groups: [['c'], ['d']] },
    ]);
    expect(
      read(`${CLK}set_clock_groups -logically_exclusive -name g -group c\ncreate_clock -name v -period 3`).clockGroups,
    ).toEqual([{ relation: 'exclusive', groups: [['c'], ['v']] }]);
  });
});

describe('generated clocks', () => {
  // Periods and waveforms as OpenSTA's report_clock_properties gives them.
  it.each([
    ['-divide_by 1', 10, [1, 4]],
    ['-divide_by 2', 20, [1, 11]],
    ['-divide_by 3', 30, [3, 12]],
    ['-divide_by 4 -invert', 40, [21, 41]],
    ['-multiply_by 2', 5, [0.5, 2]],
    ['-multiply_by 4 -duty_cycle 20', 2.5, [0.25, 0.75]],
    ['-edges {1 3 5}', 20, [1, 11]],
    ['-edges {2 3 6} -edge_shift {0.5 0.25 1}', 20.5, [4.5, 11.25]],
    ['-combinational -invert', 10, [4, 11]],
  ])('derives %s', (options, periodNs, waveformNs) => {
    const { clocks } = read(
      `create_clock -name m -period 10 -waveform {1 4} clk\ncreate_generated_clock -name g -source [get_ports clk] ${options} [get_pins div/Q]`,
    );
    expect(clocks[1]).toMatchObject({
      name: 'g',
      periodNs,
      waveformNs,
      sources: [pin('div', 'Q')],
      generated: { master: 'm', source: port('clk') },
    });
  });

  it('finds the master where -source is reached from, through other generated clocks too', () => {
    const { clocks } = read(
      `${CLK}create_generated_clock -name h -source div/Q -divide_by 2 r3/Q\ncreate_generated_clock -name g -source div/CLK -divide_by 2 div/Q`,
    );
    expect(clocks.map(({ name, periodNs, generated }) => [name, periodNs, generated?.master])).toEqual([
      ['c', 10, undefined],
      ['h', 40, 'g'],
      ['g', 20, 'c'],
    ]);
  });

  it('tells of an inversion on the way, of cycles, of missing and of several masters', () => {
    expect(said(`${CLK}create_generated_clock -name g -source r3/CLK -divide_by 2 r3/Q`)).toEqual([
      '2 sdc-inverted-source warning',
    ]);
    expect(said('create_generated_clock -name g -source div/Q -divide_by 2 div/Q')).toEqual(['1 sdc-clock-cycle']);
    expect(
      said(
        'create_generated_clock -name g -source r3/Q -divide_by 2 div/Q\ncreate_generated_clock -name h -source div/Q -divide_by 2 r3/Q',
      ),
    ).toEqual(['1 sdc-clock-cycle']);
    expect(said('create_generated_clock -name g -source clk -divide_by 2 div/Q')).toEqual(['1 sdc-no-master']);
    const two = `${CLK}create_clock -add -name e -period 4 clk\ncreate_generated_clock -name g -source clk -divide_by 2`;
    expect(said(`${two} div/Q`)).toEqual(['3 sdc-no-master']);
    expect(read(`${two} -master_clock e div/Q`).clocks[2]).toMatchObject({ periodNs: 8, generated: { master: 'e' } });
    expect(said(`${CLK}create_generated_clock -name g -source clk div/Q`)).toEqual(['2 sdc-arguments']);
    expect(said(`${CLK}create_generated_clock -name g -source clk -divide_by 2 -duty_cycle 30 div/Q`)).toEqual([
      '2 sdc-option',
    ]);
    expect(said(`${CLK}create_generated_clock -name g -source clk -edges {1 2} div/Q`)).toEqual(['2 sdc-waveform']);
  });
});

describe('ports', () => {
  const nan = Number.NaN;

  it('delays inputs and outputs; the last holds', () => {
    const { inputDelays, outputDelays } = read(`${TWO}set_input_delay 1 -clock c -max a[0]
set_input_delay 2 -clock c -max {a[0]}
set_input_delay -0.5 -clock c -min -rise {a[0]}
set_output_delay 3 -clock c y
set_output_delay 4 -clock d -clock_fall y[1]
set_output_delay 5 z`);
    expect(inputDelays).toEqual([
      {
        port: 'a[0]',
        clock: 'c',
        clockEdge: 'rise',
        delayNs: { minRise: -0.5, minFall: nan, maxRise: 2, maxFall: 2 },
        line: 5,
      },
    ]);
    expect(outputDelays).toEqual([
      { port: 'y[0]', clock: 'c', clockEdge: 'rise', delayNs: all(3), line: 6 },
      { port: 'y[1]', clock: 'd', clockEdge: 'fall', delayNs: all(4), line: 7 },
      { port: 'z', clockEdge: 'rise', delayNs: all(5), line: 8 },
    ]);
  });

  it('keeps several with -add_delay, the stricter of those against one edge', () => {
    const { inputDelays } = read(`${TWO}set_input_delay 1 -clock c b
set_input_delay 2 -clock d -add_delay b
set_input_delay 0.5 -clock c -add_delay b
set_input_delay 3 -clock c -clock_fall -add_delay b`);
    expect(inputDelays.map(({ clock, clockEdge, delayNs }) => [clock, clockEdge, delayNs])).toEqual([
      ['c', 'rise', { minRise: 0.5, minFall: 0.5, maxRise: 1, maxFall: 1 }],
      ['d', 'rise', all(2)],
      ['c', 'fall', all(3)],
    ]);
  });

  it('leaves out the port of the clock, and ports of the other direction', () => {
    const { inputDelays } = tolerated(`${CLK}set_input_delay 1 -clock c [all_inputs]`);
    expect(inputDelays.map((delay) => delay.port)).toEqual(['clk2', 'rst', 'a[3]', 'a[2]', 'a[1]', 'a[0]', 'b']);
    expect(said(`${CLK}set_input_delay 1 -clock c {clk b}`)).toEqual(['2 sdc-clock-port note']);
    expect(said(`${CLK}set_input_delay 1 -clock c {b y}`)).toEqual(['2 sdc-direction warning']);
    expect(said(`${CLK}set_load 1 a`)).toEqual(['2 sdc-direction warning']);
  });

  it('sets slews, drivers and loads', () => {
    const read1 = read(`set_input_transition 0.3 b
set_input_transition -max 0.4 b
set_input_transition -rise 0.1 rst
set_driving_cell -lib_cell INVX1 -input_transition_rise 0.2 [get_ports a]
set_driving_cell -lib_cell HAX1 -pin YS -from_pin A a[0]
set_load 0.05 [all_outputs]
set_load -pin_load 0.1 z`);
    expect(read1.inputTransitionNs).toEqual({
      b: { minRise: 0.3, minFall: 0.3, maxRise: 0.4, maxFall: 0.4 },
      rst: { minRise: 0.1, minFall: nan, maxRise: 0.1, maxFall: nan },
    });
    expect(Object.keys(read1.drivingCells)).toEqual(['a[3]', 'a[2]', 'a[1]', 'a[0]']);
    expect(read1.drivingCells['a[1]']).toEqual({ cell: 'INVX1', inputTransitionNs: { rise: 0.2, fall: 0 } });
    expect(read1.drivingCells['a[0]']).toEqual({
      cell: 'HAX1',
      pin: 'YS',
      fromPin: 'A',
      inputTransitionNs: { rise: 0, fall: 0 },
    });
    expect(read1.loadsPf).toEqual({ 'y[1]': 0.05, 'y[0]': 0.05, z: 0.1 });
  });

  it('lets a driving cell stand before a transition, whichever comes first', () => {
    for (const text of [
      'set_input_transition 1 b\nset_driving_cell -lib_cell INVX1 b',
      'set_driving_cell -lib_cell INVX1 b\nset_input_transition 1 b',
    ]) {
      expect(said(text)).toEqual(['2 sdc-overridden warning']);
      expect(tolerated(text)).toMatchObject({ inputTransitionNs: {}, drivingCells: { b: { cell: 'INVX1' } } });
    }
  });

  it.each([
    ['set_driving_cell -lib_cell HAX1 b', 'sdc-arguments'],
    ['set_driving_cell -lib_cell INVX3 b', 'sdc-no-object'],
    ['set_driving_cell -lib_cell INVX1 -pin Z b', 'sdc-no-object'],
    ['set_driving_cell -lib_cell other/INVX1 b', 'sdc-no-object'],
    ['set_driving_cell -lib_cell INVX1 -rise b', 'sdc-unsupported'],
    ['set_load -wire_load 1 y', 'sdc-unsupported'],
    ['set_load -min 1 y', 'sdc-unsupported'],
    ['set_load -1 y', 'sdc-number'],
    ['set_input_delay 1 -clock [get_clocks c*] b', 'sdc-no-match warning'],
    ['set_input_delay 1 -reference_pin r0/Q b', 'sdc-unsupported'],
    ['set_case_analysis rising b', 'sdc-unsupported'],
    ['set_case_analysis 2 b', 'sdc-arguments'],
    ['set_drive 1 b', 'sdc-unsupported'],
    ['set_disable_timing r0', 'sdc-unsupported'],
    ['set_input_delay 1 n1', 'sdc-no-object'],
    ['set_input_delay 1 [get_pins r0/D]', 'sdc-object-kind'],
  ])('does not misread %s', (text, code) => {
    expect(said(text)).toContain(`1 ${code}`);
  });

  it('holds values', () => {
    expect(
      read('set_case_analysis 1 b\nset_case_analysis zero [get_pins u1/g/A]\nset_logic_one rst').caseValues,
    ).toEqual({
      b: 1,
      'u1/g/A': 0,
      rst: 1,
    });
  });

  it('keeps ports named as parts of objects', () => {
    const odd = gates({ inputs: '__proto__ constructor', outputs: 'toString' });
    const result = readSdc(
      'set_input_transition 1 [all_inputs]\nset_load 1 toString\nset_case_analysis 1 __proto__',
      odd,
      library,
    );
    expect(result.ok && Object.keys(result.value.constraints.inputTransitionNs)).toEqual(['__proto__', 'constructor']);
    expect(result.ok && result.value.constraints.loadsPf.toString).toBe(1);
    expect(result.ok && Object.entries(result.value.constraints.caseValues)).toEqual([['__proto__', 1]]);
  });
});

describe('exceptions', () => {
  it('takes every kind of end, in the order of -through', () => {
    const { exceptions } = read(`${TWO}set_false_path -from [get_clocks c] -to d
set_max_delay 3 -from a -through u1/g -through [get_nets n1] -to [get_pins u1/r1/D]
set_min_delay 0.2 -rise_from [get_cells r0] -fall_to y
set_false_path -hold -rise_through u1/g/Y`);
    const none = { points: [], clocks: [], instances: [] };
    expect(exceptions).toEqual([
      {
        kind: 'false-path',
        setup: true,
        hold: true,
        value: 0,
        from: { ...none, clocks: ['c'] },
        through: [],
        to: { ...none, clocks: ['d'] },
        line: 3,
      },
      {
        kind: 'max-delay',
        setup: true,
        hold: false,
        value: 3,
        from: { ...none, points: [port('a[3]'), port('a[2]'), port('a[1]'), port('a[0]')] },
        through: [
          { ...none, instances: ['u1/g'] },
          { ...none, points: [pin('u1/g', 'Y')] },
        ],
        to: { ...none, points: [pin('u1/r1', 'D')] },
        line: 4,
      },
      {
        kind: 'min-delay',
        setup: false,
        hold: true,
        value: 0.2,
        from: { ...none, instances: ['r0'], edge: 'rise' },
        through: [],
        to: { ...none, points: [port('y[1]'), port('y[0]')], edge: 'fall' },
        line: 5,
      },
      {
        kind: 'false-path',
        setup: false,
        hold: true,
        value: 0,
        through: [{ ...none, points: [pin('u1/g', 'Y')], edge: 'rise' }],
        line: 6,
      },
    ]);
  });

  it('reads multicycle paths: setup at the end, hold at the start, unless said otherwise', () => {
    const of = (text: string) =>
      read(`${CLK}set_multicycle_path ${text} -to u1/r1`).exceptions.map(({ setup, hold, value, start }) => ({
        setup,
        hold,
        value,
        start,
      }));
    expect(of('3 -setup')).toEqual([{ setup: true, hold: false, value: 3, start: false }]);
    expect(of('2 -hold')).toEqual([{ setup: false, hold: true, value: 2, start: true }]);
    expect(of('2 -hold -end')).toEqual([{ setup: false, hold: true, value: 2, start: false }]);
    expect(of('3')).toEqual([
      { setup: true, hold: false, value: 3, start: false },
      { setup: false, hold: true, value: 0, start: false },
    ]);
    expect(said(`${CLK}set_multicycle_path 1.5 -to u1/r1`)).toEqual(['2 sdc-number']);
  });

  it('lets a later exception for the same paths take the place of the earlier', () => {
    const { exceptions } = read(`${CLK}set_multicycle_path 2 -setup -to {r0 u1/r1}
set_multicycle_path 1 -hold -to {r0 u1/r1}
set_multicycle_path 3 -setup -to {u1/r1 r0}
set_max_delay 2 -to r0
set_max_delay 4 -to r0`);
    expect(exceptions.map(({ kind, setup, value, line }) => [kind, setup, value, line])).toEqual([
      ['multicycle', false, 1, 3],
      ['multicycle', true, 3, 4],
      ['max-delay', true, 4, 6],
    ]);
  });

  it('does nothing, and says so, when a pattern fits nothing', () => {
    expect(tolerated('set_false_path -from [get_ports q*] -to r0').exceptions).toEqual([]);
    expect(said('set_false_path -from [get_ports q*] -to r0')).toEqual([
      '1 sdc-no-match warning',
      '1 sdc-empty warning',
    ]);
    expect(said('set_false_path -from nothere')).toEqual(['1 sdc-no-object']);
    expect(said('set_false_path')).toEqual(['1 sdc-arguments']);
    expect(said('set_false_path -from a -rise_from b')).toEqual(['1 sdc-option']);
  });

  it('warns of points where no path begins or ends', () => {
    expect(said('set_false_path -from r0/Q -to r0/Q')).toEqual(['1 sdc-no-path warning', '1 sdc-no-path warning']);
    expect(said('set_false_path -from y -to u1/g')).toEqual([
      '1 sdc-no-path warning',
      '1 sdc-no-path warning',
      '1 sdc-no-path warning',
    ]);
    expect(said('set_false_path -from r0/CLK -to r0/R')).toEqual([]);
  });
});

describe('objects', () => {
  /** Names that a query gives. */
  const names = (query: string): string[] => {
    const result = readSdc(`${TWO}set_false_path -through [${query}]`, design, library);
    const through = result.ok ? (result.value.constraints.exceptions[0]?.through ?? []) : [];
    return through.flatMap(({ points, instances }) => [
      ...instances,
      ...points.map((point) => (point.kind === 'port' ? point.name : `${point.instance}/${point.pin}`)),
    ]);
  };

  it('names objects', () => {
    const { inputDelays } = read('foreach n [get_object_name [get_ports {a[1] b}]] {set_input_delay 1 $n}');
    expect(inputDelays.map((delay) => delay.port)).toEqual(['a[1]', 'b']);
    expect(said('set_multicycle_path [sizeof_collection [get_ports a]] -to r0')).toEqual([]);
  });

  it.each([
    ['get_ports a', 'a[3] a[2] a[1] a[0]'],
    ['get_ports a[*]', 'a[3] a[2] a[1] a[0]'],
    ['get_ports {a[?]}', 'a[3] a[2] a[1] a[0]'],
    ['get_ports {a[0] b}', 'a[0] b'],
    ['get_ports "a\\[1\\]"', 'a[1]'],
    ['get_ports ?', 'a[3] a[2] a[1] a[0] b y[1] y[0] z'],
    ['get_ports clk*', 'clk clk2'],
    ['get_cells *', 'r0 div inv ci r3'],
    ['get_cells u1/*', 'u1/r1 u1/r2 u1/g'],
    ['get_cells -hierarchical r?', 'r0 u1/r1 u1/r2 r3'],
    ['get_cells -hier u1*', 'NONE'],
    ['get_cells -hierarchical u*/r*', 'u1/r1 u1/r2'],
    ['get_pins r0/*', 'r0/R r0/S r0/D r0/CLK r0/Q'],
    ['get_pins */Q', 'r0/Q div/Q r3/Q'],
    ['get_pins -hierarchical */Q', 'r0/Q u1/r1/Q u1/r2/Q div/Q r3/Q'],
    ['get_pins -of_objects [get_nets u1/sum[3]]', 'u1/r1/D u1/g/Y'],
    ['get_pins -of_objects [get_cells u1/g]', 'u1/g/A u1/g/B u1/g/Y'],
    ['get_cells -of_objects [get_nets u1.carry]', 'u1/r1 u1/g'],
    ['get_ports -of_objects [get_nets b]', 'b'],
    ['get_pins -hsc . u1.g.Y', 'u1/g/Y'],
    ['all_inputs -no_clocks', 'rst a[3] a[2] a[1] a[0] b'],
    ['all_outputs', 'y[1] y[0] z'],
    ['all_registers', 'r0 u1/r1 u1/r2 div r3'],
    ['all_registers -clock d', 'u1/r2'],
    ['all_registers -clock c -clock_pins', 'r0/CLK u1/r1/CLK div/CLK r3/CLK'],
    ['all_registers -data_pins -clock d', 'u1/r2/D'],
    ['all_registers -async_pins', 'r0/R r0/S'],
    ['all_registers -level_sensitive', 'NONE'],
    ['remove_from_collection [all_inputs] [get_ports {clk* a}]', 'rst b'],
    ['add_to_collection [get_ports b] [get_ports {b z}]', 'b z'],
    ['lindex [get_ports a] 1', 'a[2]'],
  ])('%s', (query, expected) => {
    expect(names(query).join(' ') || 'NONE').toBe(expected);
  });

  it('leaves the port of a clock out in the ways people write it', () => {
    const others = ['clk2', 'rst', 'a[3]', 'a[2]', 'a[1]', 'a[0]', 'b'];
    for (const inputs of [
      '[remove_from_collection [all_inputs] clk]',
      '[lsearch -inline -all -not -exact [all_inputs] $port]',
      '[lreplace [all_inputs] [lsearch [all_inputs] $port] [lsearch [all_inputs] $port]]',
    ]) {
      const text = `set port [get_ports clk]\ncreate_clock -name clk -period 10 $port\nset_input_delay 1 -clock clk ${inputs}`;
      expect(read(text).inputDelays.map((delay) => delay.port)).toEqual(others);
    }
  });

  it('takes the cells of a module, with a note', () => {
    expect(said('set_false_path -to [get_cells u1]')).toContain('1 sdc-module-instance note');
  });

  it('proposes names', () => {
    const result = readSdc('set_load 1 [get_ports clkk]', design, library);
    expect(!result.ok && result.problems[0]).toMatchObject({
      what: "The design has no port named 'clkk'.",
      remedy: 'Names like it: clk, clk2.',
    });
    const pinned = readSdc('set_false_path -to [get_pins r0/DD]', design, library);
    expect(!pinned.ok && pinned.problems[0]!.remedy).toContain('r0/D');
  });

  it('takes a name that a clock shares with its port as the clock, with a note', () => {
    const text = 'create_clock -period 3 clk\nset_false_path -from clk';
    expect(said(text)).toEqual(['2 sdc-clock-name note']);
    expect(tolerated(text).exceptions[0]!.from!.clocks).toEqual(['clk']);
    expect(said('create_clock -name b -period 3 clk\nset_false_path -from b')).toEqual(['2 sdc-ambiguous']);
  });
});

describe('the rest', () => {
  it('converts units', () => {
    const { clocks, loadsPf } = read(
      'set_units -time ps -capacitance fF -resistance kOhm\ncreate_clock -period 500 clk\nset_load 20 z',
    );
    expect(clocks[0]!.periodNs).toBe(0.5);
    expect(loadsPf.z).toBe(0.02);
    expect(read('set_units -time 1ns\ncreate_clock -period 0.1 clk').clocks[0]!.periodNs).toBe(0.1);
    expect(read('set_units -time 100ps\ncreate_clock -period 3 clk').clocks[0]!.periodNs).toBeCloseTo(0.3, 12);
    expect(said('set_units -time pF')).toEqual(['1 sdc-arguments']);
  });

  it('knows wire-load models, the design and its separator', () => {
    expect(read('set_wire_load_model -name wl20').wireLoad).toBe('wl20');
    expect(said('set_wire_load_model -name wl30')).toEqual(['1 sdc-no-object']);
    expect(read('current_design top\nset_case_analysis 1 [get_ports b]').caseValues).toEqual({ b: 1 });
    expect(said('current_design other')).toEqual(['1 sdc-no-object']);
    expect(read('set_hierarchy_separator .\nset_false_path -to u1.r1.D').exceptions[0]!.to!.points).toEqual([
      pin('u1/r1', 'D'),
    ]);
  });

  it('notes what has no effect', () => {
    expect(
      said('set_max_fanout 5 [current_design]\nset_max_area 0\ngroup_path -name g -from a -to y\nputs "x y"'),
    ).toEqual(['1 sdc-no-effect note', '2 sdc-no-effect note', '3 sdc-no-effect note', '4 sdc-no-effect note']);
  });

  it('goes through the whole file before it answers', () => {
    expect(said('foo 1\ncreate_clock -perid 3 clk\n\nset_load x z\nset_false_path -from [get_ports c')).toEqual([
      '1 sdc-unknown-command',
      '2 sdc-unknown-option',
      '4 sdc-number',
      '5 sdc-syntax',
    ]);
    expect(said('set_load \u0001P1 z')).toEqual(['1 sdc-syntax']);
  });

  it('ends scripts that never end', () => {
    expect(said('while 1 {get_cells -hierarchical *}')).toContain('1 sdc-endless');
  });

  it('answers whatever it is given', () => {
    const names = SDC_COMMANDS.map((command) => command.name);
    const options = SDC_COMMANDS.flatMap(({ usage }) => usage.match(/-[a-z_]+/g) ?? []);
    const token = fc.oneof(
      fc.constantFrom(...names),
      fc.constantFrom(...options),
      fc.constantFrom(
        'clk',
        'a',
        'a[0]',
        'y',
        'r0',
        'r0/D',
        'u1/*',
        'n1',
        'c',
        '1',
        '0.5',
        '-1',
        '{1 3 5}',
        '*',
        '$x',
        '{$i < 3}',
        'i',
      ),
      fc.constantFrom(
        '[',
        ']',
        '{',
        '}',
        '"',
        ';',
        '\n',
        '\\',
        '#',
        '$',
        '[get_ports a]',
        '[get_clocks *]',
        '{*}',
        '[all_inputs]',
      ),
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        const result = readSdc(`${CLK}${tokens.join(' ')}`, design, library);
        const problems = result.ok ? result.value.problems : result.problems;
        for (const { what, where } of problems) {
          expect(what).toMatch(/[.]$/);
          expect(what).not.toContain('\u0001');
          expect(where?.line).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('lists every command once, with usage', () => {
    const names = SDC_COMMANDS.map((command) => command.name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, usage, about } of SDC_COMMANDS) {
      expect(usage.startsWith(name), name).toBe(true);
      expect(about, name).toMatch(/\.$/);
    }
  });
});
