import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLiberty, readLiberty } from './read.ts';
import { lookup, lookupDelay } from './table.ts';
import type { Library, LibraryCell, LibraryPin } from './types.ts';

const HEAD = `library (hand) {
  delay_model : table_lookup;
  time_unit : "10ps";
  voltage_unit : "100mV";
  current_unit : "1uA";
  pulling_resistance_unit : "1ohm";
  leakage_power_unit : "100pW";
  capacitive_load_unit (5, ff);
  nom_process : 1; nom_voltage : 9; nom_temperature : -40;
  default_input_pin_cap : 2; default_cell_leakage_power : 30;
  lu_table_template (both) { variable_1 : total_output_net_capacitance; variable_2 : input_net_transition; index_1 ("1, 3"); index_2 ("0.5, 1.5, 2.5"); }
  lu_table_template (check) { variable_1 : constrained_pin_transition; variable_2 : related_pin_transition; index_1 ("1, 2"); index_2 ("3, 4"); }
  power_lut_template (energy) { variable_1 : input_transition_time; index_1 ("1, 2"); }
`;

function problems(cells: string, head = HEAD) {
  const read = parseLiberty(`${head}${cells}\n}`, 'hand.lib');
  return read.ok ? read.value.problems : read.problems;
}

function library(cells: string, head = HEAD): Library {
  const read = parseLiberty(`${head}${cells}\n}`, 'hand.lib');
  if (!read.ok) throw new Error(read.problems.map(({ what }) => what).join(' '));
  return read.value.library;
}

function cell(text: string): LibraryCell {
  return [...library(text).cells.values()][0] as LibraryCell;
}

function pin(of: LibraryCell, name: string): LibraryPin {
  const found = of.pins[of.pinIndex.get(name) ?? -1];
  if (!found) throw new Error(`no pin ${name}`);
  return found;
}

const INV = `cell (INV) { area : 1.5;
  pin (A) { direction : input; rise_capacitance : 1; fall_capacitance : 3; }
  pin (Y) { direction : output; function : "A'"; max_capacitance : 8; max_transition : 7;
    timing () { related_pin : "A";
      cell_rise (both) { values ("1, 2, 3", \\
        "4, 5, 6"); }
      cell_fall (scalar) { values ("12"); }
      rise_transition (both) { index_2 ("1, 2"); values ("1, 2", "3, 4"); } }
    internal_power () { related_pin : "A"; power (energy) { values ("4, -8"); } } } }`;

describe('a Liberty library', () => {
  it('gives its quantities in ns, pF, pJ, nW, kOhm and V', () => {
    const read =
      library(`${INV} wire_load (small) { capacitance : 0.2; resistance : 50; slope : 3; fanout_length (2, 8); fanout_length (1, 4); }
      default_wire_load : small; default_max_transition : 40; default_max_fanout : 16;`);
    expect(read.name).toBe('hand');
    expect(read.conditions).toEqual({ name: undefined, process: 1, voltageV: 0.9, temperatureC: -40 });
    expect(read.wireLoad).toBe('small');
    expect(read.wireLoads).toEqual([
      {
        name: 'small',
        capacitancePfPerUnit: 0.001,
        resistanceKohmPerUnit: 0.05,
        lengths: [
          { fanout: 1, length: 4 },
          { fanout: 2, length: 8 },
        ],
        slope: 3,
      },
    ]);
    expect(read.defaults).toEqual({ maxTransitionNs: 0.4, maxCapacitancePf: undefined, maxFanout: 16, leakageNw: 3 });
    const inverter = read.cells.get('INV') as LibraryCell;
    expect([inverter.areaUm2, inverter.leakageNw]).toEqual([1.5, 3]);
    // The greater of the two where the file gives no common one.
    expect(pin(inverter, 'A')).toMatchObject({
      capacitancePf: 0.015,
      riseCapacitancePf: 0.005,
      fallCapacitancePf: 0.015,
    });
    const output = pin(inverter, 'Y');
    expect(output).toMatchObject({ maxCapacitancePf: 0.04, maxTransitionNs: 0.07 });
    const [arc] = output.arcs;
    expect(arc).toMatchObject({ relatedPin: 'A', type: 'combinational', sense: 'negative' });
    expect(arc?.cellRise).toEqual({
      variables: ['output-load', 'input-slew'],
      axes: [Float64Array.of(0.005, 0.015), Float64Array.of(0.005, 0.015, 0.025)],
      values: Float64Array.of(0.01, 0.02, 0.03, 0.04, 0.05, 0.06),
    });
    expect(lookup(arc?.cellFall as never)).toBe(0.12);
    expect(arc?.riseTransition?.axes[1]).toEqual(Float64Array.of(0.01, 0.02));
    // (100 mV)^2 times 5 fF are 0.05 fJ.
    const [power] = output.power;
    expect(power?.rise?.values).toEqual(Float64Array.of(0.0002, -0.0004));
    expect(power?.fall).toBe(power?.rise);
  });

  it('has the thresholds of Liberty where it gives none, and its own where it does', () => {
    expect(library(INV).thresholds).toMatchObject({
      inputRise: 0.5,
      slewLowerRise: 0.2,
      slewUpperFall: 0.8,
      slewDerate: 1,
    });
    const own = library(`${INV} slew_upper_threshold_pct_rise : 90.0; slew_derate_from_library : 0.5;`).thresholds;
    expect([own.slewUpperRise, own.slewDerate]).toEqual([0.9, 0.5]);
  });

  it('takes its default operating conditions', () => {
    const conditions =
      'operating_conditions (hot) { process : 1.1; voltage : 8; temperature : 125; } default_operating_conditions : hot;';
    expect(library(`${conditions} ${INV}`).conditions).toEqual({
      name: 'hot',
      process: 1.1,
      voltageV: 0.8,
      temperatureC: 125,
    });
    expect(problems(`${conditions} k_temp_cell_rise : 0.001; ${INV}`).map(({ code }) => code)).toEqual([
      'liberty-conditions-not-scaled',
    ]);
  });

  it('has buses and bundles as their bits', () => {
    const read = cell(`cell (RAM) { type (two) { bit_from : 1; bit_to : 0; }
      bus (A) { bus_type : two; direction : input; capacitance : 4; pin (A[0]) { capacitance : 6; } }
      pin (C) { direction : input; clock : true; }
      bus (Y) { bus_type : two; direction : output; function : "A";
        timing () { related_pin : "A"; cell_rise (scalar) { values ("1"); } }
        timing () { related_pin : "C"; timing_type : rising_edge; cell_rise (scalar) { values ("2"); } } }
      bundle (Q) { members (Q1, "Q2"); direction : output; function : "A[1]"; } }`);
    expect(read.pins.map(({ name }) => name)).toEqual(['A[1]', 'A[0]', 'C', 'Y[1]', 'Y[0]', 'Q1', 'Q2']);
    expect([pin(read, 'A[1]').capacitancePf, pin(read, 'A[0]').capacitancePf]).toEqual([0.02, 0.03]);
    expect(pin(read, 'Y[0]').function).toEqual({ kind: 'pin', name: 'A[0]' });
    expect(pin(read, 'Y[1]').arcs.map(({ relatedPin, type }) => [relatedPin, type])).toEqual([
      ['A[1]', 'combinational'],
      ['C', 'rising_edge'],
    ]);
    expect(pin(read, 'C').clock).toBe(true);
  });

  it('splits several related pins, and infers senses from functions', () => {
    const read = cell(`cell (X) { ff (IQ, IQN) { clocked_on : "C"; next_state : "D"; clear : "R'"; preset : "S"; }
      pin (C, D, R, S, A, B) { direction : input; }
      pin (Y) { direction : output; function : "A ^ B + R"; timing () { related_pin : "A B  R"; when : "C D'"; } }
      pin (QN) { direction : output; function : "IQN";
        timing () { related_pin : "C"; timing_type : rising_edge; }
        timing () { related_pin : "R"; timing_type : clear; }
        timing () { related_pin : "S"; timing_type : preset; } } }`);
    expect(pin(read, 'Y').arcs.map(({ relatedPin, sense }) => `${relatedPin} ${sense}`)).toEqual([
      'A non-unate',
      'B non-unate',
      'R positive',
    ]);
    expect(pin(read, 'Y').arcs[0]?.condition).toBe("C D'");
    // Falling R clears: QN rises. Rising S presets: QN falls.
    expect(pin(read, 'QN').arcs.map(({ sense }) => sense)).toEqual(['non-unate', 'negative', 'negative']);
  });

  it('adds up what several supplies take, and leaves supplies out of the pins', () => {
    const read = cell(`cell (X) { pg_pin (VDD) { pg_type : primary_power; } pg_pin (VSS) { pg_type : primary_ground; }
      leakage_power () { related_pg_pin : VDD; when : "A & VDD"; value : 10; }
      leakage_power () { related_pg_pin : VSS; when : "A & VDD"; value : 20; }
      leakage_power () { when : "!A"; value : 50; }
      pin (A) { direction : input;
        internal_power () { related_pg_pin : VDD; rise_power (energy) { values ("100, 200"); } fall_power (scalar) { values ("40"); } }
        internal_power () { related_pg_pin : VSS; rise_power (energy) { index_1 ("1, 3"); values ("0, 200"); } } } }`);
    expect(read.pins.map(({ name }) => name)).toEqual(['A']);
    expect(read.leakageStates.map(({ leakageNw }) => leakageNw)).toEqual([3, 5]);
    expect(read.leakageNw).toBe(4);
    const { power } = pin(read, 'A');
    expect(power).toHaveLength(1);
    // 100 + 0 at 1, 200 + 100 at 2 (halfway between 0 and 200), times 0.05 fJ.
    const [low, high] = power[0]?.rise?.values ?? [];
    expect(low).toBeCloseTo(0.005, 12);
    expect(high).toBeCloseTo(0.015, 12);
    expect(lookupDelay(power[0]?.fall as never, 1, 1)).toBe(0.002);
  });

  it('knows checks, states, clock gates, and cells that are not for use', () => {
    const read =
      cell(`cell (G) { dont_use : true; clock_gating_integrated_cell : "latch_posedge"; latch (IQ) { enable : "!C"; data_in : "E"; }
      pin (C) { direction : input; clock : true; clock_gate_clock_pin : true; min_pulse_width_low : 12; }
      pin (E) { direction : input; clock_gate_enable_pin : true;
        timing () { related_pin : "C"; timing_type : setup_rising; rise_constraint (check) { values ("1, 2", "3, 4"); } } }
      pin (Z) { direction : output; clock_gate_out_pin : true; function : "C IQ"; } }`);
    expect(read).toMatchObject({
      dontUse: true,
      clockGate: 'latch_posedge',
      unread: [],
      sequential: { kind: 'latch', state: 'IQ' },
    });
    expect(read.pins.map(({ clockGateRole }) => clockGateRole)).toEqual(['clock', 'enable', 'out']);
    expect(pin(read, 'C').minPulseLowNs).toBe(0.12);
    expect(pin(read, 'E').arcs[0]?.riseConstraint?.variables).toEqual(['constrained-slew', 'related-slew']);
  });

  it('tells what it passes over, and marks cells that it cannot time', () => {
    const text = `cell (X) { statetable ("A", "Q") { table : "L : - : L"; } scribble () { deep (1) { note : "}"; } } scribble () { }
      pin (A) { direction : input; } pin (Y) { direction : output;
      timing () { related_pin : "A"; mode (m, "on"); cell_rise (scalar) { values ("1"); } output_current_rise () { vector (v) { values ("1"); } } }
      timing () { timing_type : min_pulse_width; related_pin : "A"; } } }`;
    expect(cell(text).unread).toEqual(['statetable', 'mode']);
    const notes = problems(text);
    expect(notes.map(({ code, severity }) => [code, severity])).toEqual([
      ['liberty-skipped', 'note'],
      ['liberty-unread', 'note'],
    ]);
    expect(notes[0]?.what).toBe(
      '2 kinds of groups are not read and were passed over, 3 in all: scribble (2), output_current_rise.',
    );
    expect(notes[1]?.what).toContain('timing_type min_pulse_width');
  });

  it('passes comments, continued lines, missing semicolons and definitions', () => {
    const read = library(
      `/* a { brace " in a comment */ // and { another
      define (mine, cell, string) ; cell (A) { mine : "x; y { z"
        area : 2 /* two */
        pin (a) { direction : in\\
put } } `.replace('in\\\nput', 'input'),
    );
    expect(read.cells.get('A')?.areaUm2).toBe(2);
  });
});

describe('a library as others write it', () => {
  it('with quoted names, strings over lines, a statetable of a standard clock gate', () => {
    const read = library(`voltage_map ("VPWR", 1.8); library_features (report_delay_calculation);
      lu_table_template ("del_1") { variable_1 : "input_net_transition"; index_1 ("1, 2"); }
      cell ("lib__dlclkp_1") { clock_gating_integrated_cell : "latch_posedge"; area : 17.5;
        statetable ("CLK GATE", "M0") { table : "L L : - : L,
          L H : - : H,
          H - : - : N"; }
        pg_pin ("VPWR") { pg_type : "primary_power"; voltage_name : "VPWR"; }
        leakage_power () { value : 3; when : ""; }
        pin ("CLK") { clock : "true"; clock_gate_clock_pin : "true"; direction : "input"; }
        pin ("GATE") { clock_gate_enable_pin : "true"; direction : "input"; }
        pin ("M0") { direction : "internal"; internal_node : "M0"; }
        pin ("GCLK") { clock_gate_out_pin : "true"; direction : "output"; state_function : "CLK & M0";
          timing () { related_pin : "CLK"; timing_sense : "positive_unate"; cell_rise ("del_1") { values ("1,
            2"); } } } }`);
    const gate = read.cells.get('lib__dlclkp_1') as LibraryCell;
    expect(gate).toMatchObject({ unread: [], clockGate: 'latch_posedge', sequential: { kind: 'latch', state: 'M0' } });
    expect(gate.leakageNw).toBeCloseTo(0.3, 12);
    expect(pin(gate, 'GCLK').function).toMatchObject({ kind: 'and' });
    expect(pin(gate, 'GCLK').arcs[0]?.cellRise?.values).toEqual(Float64Array.of(0.01, 0.02));
  });
});

describe('a broken Liberty library is told with its line', () => {
  const cases: [name: string, text: string, code: string, line: number][] = [
    ['an empty file', '', 'liberty-empty', 1],
    ['another language', '\nmodule x;', 'liberty-start', 2],
    ['a file that is cut off', `${HEAD}cell (A) { pin (x) { direction : input;\n`, 'liberty-truncated', 15],
    ['a list that is cut off', `${HEAD}cell (A) { index_1 ("1, 2`, 'liberty-truncated', 14],
    ['a missing brace', `${HEAD}cell (A) { pin (x) { direction : input; \n }\n cell (B) { } }`, 'liberty-brace', 16],
    ['a brace too many', `${HEAD}cell (A) { } } }`, 'liberty-after-end', 14],
    ['a lost quote', `${HEAD}\ncell (A) { pin (x) { direction : "input;\n function : "y"; } } }`, 'liberty-string', 15],
    ['an open comment', `${HEAD}\n/* cell (A) { }`, 'liberty-comment', 15],
    ['a name alone', `${HEAD}cell (A) {\n area }}`, 'liberty-syntax', 15],
    ['a missing value', `${HEAD}cell (A) {\n area : ; }}`, 'liberty-syntax', 15],
    ['two values', `${HEAD}cell (A) {\n mine : "a" "b"; }}`, 'liberty-syntax', 15],
    ['an include', `${HEAD}\ninclude_file ("x");\n}`, 'liberty-include', 15],
    ['a bad number', `${HEAD}cell (A) {\n area : 3x; }}`, 'liberty-number', 15],
    ['a bad flag', `${HEAD}cell (A) {\n dont_use : maybe; }}`, 'liberty-flag', 15],
    ['a bad unit', 'library (x) {\n time_unit : "1 parsec"; cell (A) { } }', 'liberty-unit', 2],
    ['a unit too late', 'library (x) { cell (A) { }\n time_unit : "1ps"; }', 'liberty-order', 2],
    ['another delay model', 'library (x) {\n delay_model : polynomial; cell (A) { } }', 'liberty-delay-model', 2],
    ['no cells', `${HEAD}}`, 'liberty-no-cells', 1],
    ['no direction', `${HEAD}cell (A) {\n pin (x) { } }}`, 'liberty-direction', 15],
    [
      'a pin twice',
      `${HEAD}cell (A) { pin (x) { direction : input; }\n pin (x) { direction : input; } }}`,
      'liberty-pin-twice',
      15,
    ],
    [
      'a bad function',
      `${HEAD}cell (A) { pin (x) { direction : output;\n function : "x +"; } }}`,
      'liberty-function',
      15,
    ],
    [
      'an unknown pin',
      `${HEAD}cell (A) { pin (x) { direction : output;\n function : "y"; } }}`,
      'liberty-unknown-pin',
      15,
    ],
    [
      'an unknown related pin',
      `${HEAD}cell (A) { pin (x) { direction : output;\n timing () { related_pin : "y"; } } }}`,
      'liberty-related-pin',
      15,
    ],
    [
      'no related pin',
      `${HEAD}cell (A) { pin (x) { direction : output;\n timing () { } } }}`,
      'liberty-related-pin',
      15,
    ],
    [
      'an unknown bus type',
      `${HEAD}cell (A) {\n bus (x) { bus_type : t; direction : input; } }}`,
      'liberty-bus-type',
      15,
    ],
    ['a flip-flop without a clock', `${HEAD}cell (A) {\n ff (IQ) { next_state : "1"; } }}`, 'liberty-state', 15],
  ];
  it.each(cases)('%s', (_, text, code, line) => {
    const read = parseLiberty(text, 'x.lib');
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.problems[0]).toMatchObject({ code, severity: 'error', where: { file: 'x.lib', line } });
    expect(read.problems[0]?.remedy).toBeTruthy();
  });

  const inTable = (table: string) =>
    `cell (A) { pin (x) { direction : inout; timing () { related_pin : "x";\n ${table} } } }`;
  it.each([
    [
      'a bad number',
      'cell_rise (both) { values ("1, 2, 3", "4, 5..5, 6"); }',
      'liberty-number',
      /"5\.\.5" is no number/,
    ],
    [
      'a size that does not fit',
      'cell_rise (both) { values ("1, 2"); }',
      'liberty-table',
      /has 2 values where its indices make 2 x 3/,
    ],
    ['an unknown template', 'cell_rise (none) { values ("1"); }', 'liberty-table', /"none" that is not defined/],
    ['no values', 'cell_rise (both) { }', 'liberty-table', /has no values/],
    [
      'a falling axis',
      'cell_rise (both) { index_1 ("2, 1"); values ("1, 2, 3", "4, 5, 6"); }',
      'liberty-table',
      /does not ascend/,
    ],
  ])('a table with %s', (_, table, code, what) => {
    const [first] = problems(inTable(table));
    expect(first).toMatchObject({ code, severity: 'error', where: { file: 'hand.lib', line: 15 } });
    expect(first?.what).toMatch(what);
  });

  it('with all its errors, up to fifty', () => {
    const cells = Array.from({ length: 70 }, (_, place) => `cell (C${place}) { area : x; }`).join('\n');
    const found = problems(cells);
    expect(found).toHaveLength(51);
    expect(found.at(-1)?.code).toBe('liberty-many-errors');
  });
});

describe('numbers of tables', () => {
  it('are the nearest doubles, as JavaScript reads them', () => {
    const texts = [
      '0.1',
      '-1.5e-3',
      '+2',
      '1e22',
      '123456789012345678',
      '4.9e-324',
      '.5',
      '5.',
      '1.7976931348623157E308',
      '0.0746794',
      '6.66e-1',
      '0',
    ];
    const head =
      'library (n) { capacitive_load_unit (1, pf); nom_voltage : 1; lu_table_template (t) { variable_1 : input_net_transition; } ';
    const axis = texts.map((_, place) => place).join(' ');
    const text = `cell (A) { pin (x) { direction : inout; timing () { related_pin : "x"; cell_rise (t) { index_1 ("${axis}"); values ("${texts.join(', ')}"); } } } }`;
    const read = library(text, head);
    expect(read.cells.get('A')?.pins[0]?.arcs[0]?.cellRise?.values).toEqual(Float64Array.from(texts.map(Number)));
  });
});

describe('reading in pieces', () => {
  it('gives the same, tells progress, and can be cancelled', async () => {
    const cells = Array.from({ length: 900 }, (_, place) => INV.replace('INV', `INV${place}`)).join('\n');
    const text = `${HEAD}${cells}}`;
    const bytes = new TextEncoder().encode(text);
    const told: number[] = [];
    const read = await readLiberty(bytes, {
      signal: new AbortController().signal,
      progress: (part) => told.push(part),
    });
    expect(read).toEqual(parseLiberty(text));
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    const abort = new AbortController();
    await expect(readLiberty(bytes, { signal: abort.signal, progress: () => abort.abort() })).rejects.toThrow();
  });

  it('refuses a compressed file', async () => {
    const read = await readLiberty(Uint8Array.of(0x1f, 0x8b, 8), {
      file: 'x.lib.gz',
      signal: new AbortController().signal,
    });
    expect(read.ok ? '' : read.problems[0]?.code).toBe('liberty-packed');
  });
});

const OSU = '/usr/share/qflow/tech';

describe.each([
  ['osu018/osu018_stdcells.lib', 32, 1.8],
  ['osu035/osu035_stdcells.lib', 39, 3.3],
  ['osu050/osu05_stdcells.lib', 39, 5],
] as const)('%s', (path, count, voltageV) => {
  it.skipIf(!existsSync(`${OSU}/${path}`))('is read in full', () => {
    const read = parseLiberty(readFileSync(`${OSU}/${path}`, 'utf8'), path);
    if (!read.ok) throw new Error(read.problems[0]?.what);
    const { library: osu, problems: found } = read.value;
    expect(found).toEqual([]);
    expect(osu.cells.size).toBe(count);
    expect(osu.conditions).toEqual({ name: 'typical', process: 1, voltageV, temperatureC: 25 });
    expect([...osu.cells.values()].flatMap(({ unread }) => unread)).toEqual([]);
  });
});

describe('delays of the OSU 0.18 um library', () => {
  // As OpenSTA 2.0 reports them (report_dcalc -digits 7): within the tables, and past them in slew and load.
  it.skipIf(!existsSync(`${OSU}/osu018/osu018_stdcells.lib`))('are those of OpenSTA', () => {
    const read = parseLiberty(readFileSync(`${OSU}/osu018/osu018_stdcells.lib`, 'utf8'));
    if (!read.ok) throw new Error(read.problems[0]?.what);
    const { cells } = read.value.library;
    const figures = (name: string, from: string, slewNs: number, loadPf: number) => {
      const arc = pin(cells.get(name) as LibraryCell, 'Y').arcs.find(({ relatedPin }) => relatedPin === from);
      return (['cellFall', 'fallTransition', 'cellRise', 'riseTransition'] as const).map((key) =>
        lookupDelay(arc?.[key] as never, slewNs, loadPf),
      );
    };
    // OpenSTA computes in single precision: some seven digits in all.
    const near = (...values: number[]) => values.map((value) => expect.closeTo(value, 5));
    expect(figures('INVX1', 'A', 0.1, 0.03)).toEqual(near(0.0810333, 0.07768, 0.0954102, 0.09082));
    expect(figures('NAND2X1', 'B', 2, 0.03)).toEqual(near(0.1002635, 0.33394, 0.4716291, 0.31124));
    expect(figures('INVX1', 'A', 2, 1.5)).toEqual(near(5.1818438, 3.9544013, 5.6963038, 4.4556022));
  });
});
