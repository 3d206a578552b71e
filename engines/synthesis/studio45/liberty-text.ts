import type { CellSpec } from './cells.ts';
import type { CharacterisedCell } from './characterise.ts';
import type { Corner } from './corners.ts';
import { SLEW_HIGH, SLEW_LOW } from './device.ts';
import {
  type Arc,
  CELL_LIMITS,
  ENERGY_LOADS,
  type Energy,
  type Grid,
  LOAD_SHARES,
  type Pin,
  SLEWS_PS,
} from './measure.ts';

/** Wire-load models that constraints may name; none is the default. */
const WIRE_LOADS = [
  { name: 'wires_short', umPerPin: 4 },
  { name: 'wires_long', umPerPin: 12 },
];
export const WIRE_FF_PER_UM = 0.2;
export const WIRE_KOHM_PER_UM = 0.003;

/** At most so many decimals, without trailing zeros: 1 as and 1 aF, 1 aJ are all finer than the model. */
function decimal(value: number, digits = 6): string {
  const text = value.toFixed(digits);
  const short = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return short === '-0' ? '0' : short;
}

const nanoseconds = (ps: number) => decimal(ps / 1000);
const picofarads = (ff: number) => decimal(ff / 1000);
const picojoules = (fj: number) => decimal(fj / 1000, 7);

function table(indent: string, group: string, template: string, indices: string[][], rows: string[][]): string[] {
  const inner = `${indent}  `;
  return [
    `${indent}${group} (${template}) {`,
    ...indices.map((index, at) => `${inner}index_${at + 1} ("${index.join(', ')}");`),
    `${inner}values (${rows.map((row) => `"${row.join(', ')}"`).join(`, \\\n${inner}        `)});`,
    `${indent}}`,
  ];
}

const SLEW_INDEX = SLEWS_PS.map(nanoseconds);

function timing(arc: Arc, maxLoadFf: number): string[] {
  const loads = LOAD_SHARES.map((share) => picofarads(share * maxLoadFf));
  const grid = (group: string, template: string, columns: string[], values: Grid | undefined) =>
    values
      ? table(
          '        ',
          group,
          template,
          [SLEW_INDEX, columns],
          values.map((row) => row.map(nanoseconds)),
        )
      : [];
  return [
    '      timing () {',
    `        related_pin : "${arc.relatedPin}";`,
    ...(arc.sense ? [`        timing_sense : ${arc.sense};`] : []),
    `        timing_type : ${arc.type};`,
    ...grid('cell_rise', 'delay_7x7', loads, arc.cellRise),
    ...grid('rise_transition', 'delay_7x7', loads, arc.riseTransition),
    ...grid('cell_fall', 'delay_7x7', loads, arc.cellFall),
    ...grid('fall_transition', 'delay_7x7', loads, arc.fallTransition),
    ...grid('rise_constraint', 'check_7x7', SLEW_INDEX, arc.riseConstraint),
    ...grid('fall_constraint', 'check_7x7', SLEW_INDEX, arc.fallConstraint),
    '      }',
  ];
}

function internalPower(energy: Energy, maxLoadFf: number): string[] {
  const loads = ENERGY_LOADS.map((column) => picofarads((LOAD_SHARES[column] ?? 0) * maxLoadFf));
  const group = (name: string, grid: Grid) =>
    energy.relatedPin
      ? table(
          '        ',
          name,
          'energy_7x3',
          [SLEW_INDEX, loads],
          grid.map((row) => row.map(picojoules)),
        )
      : table('        ', name, 'energy_7', [SLEW_INDEX], [grid.map((row) => picojoules(row[0] ?? 0))]);
  return [
    '      internal_power () {',
    ...(energy.relatedPin ? [`        related_pin : "${energy.relatedPin}";`] : []),
    ...(energy.when ? [`        when : "${energy.when}";`] : []),
    ...group('rise_power', energy.rise),
    ...group('fall_power', energy.fall),
    '      }',
  ];
}

function pinText(pin: Pin, spec: CellSpec): string[] {
  const { sequential, threeState } = spec;
  const isClock = sequential?.clock === pin.name;
  const attributes: string[] = [`direction : ${pin.direction};`];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined) attributes.push(`${name} : ${value};`);
  };
  if (pin.direction === 'input' || threeState) {
    add('capacitance', picofarads(pin.capacitanceFf));
    add('rise_capacitance', picofarads(pin.capacitanceFf));
    add('fall_capacitance', picofarads(pin.capacitanceFf));
  }
  if (pin.direction === 'output') {
    add('max_capacitance', picofarads(pin.maxLoadFf ?? 0));
    add('function', `"${spec.outputs[pin.name]}"`);
    if (threeState?.pin === pin.name) add('three_state', `"${threeState.when}"`);
  }
  add('max_transition', nanoseconds(CELL_LIMITS.slewPs));
  if (isClock) add('clock', 'true');
  if (sequential?.kind === 'clock-gate') {
    if (isClock) add('clock_gate_clock_pin', 'true');
    else if (sequential.data.includes(pin.name)) add('clock_gate_enable_pin', 'true');
    else add('clock_gate_out_pin', 'true');
  }
  if (pin.minWidthLowPs !== undefined) add('min_pulse_width_low', nanoseconds(pin.minWidthLowPs));
  if (pin.minWidthHighPs !== undefined) add('min_pulse_width_high', nanoseconds(pin.minWidthHighPs));
  const load = pin.maxLoadFf ?? 0;
  return [
    `    pin (${pin.name}) {`,
    ...attributes.map((line) => `      ${line}`),
    ...pin.arcs.flatMap((arc) => timing(arc, load)),
    ...pin.energies.flatMap((energy) => internalPower(energy, load)),
    '    }',
  ];
}

function cellText({ spec, areaUm2, leakageNw, leakages, pins }: CharacterisedCell): string[] {
  const { sequential } = spec;
  const group = sequential
    ? [
        `    ${sequential.kind === 'ff' ? 'ff' : 'latch'} (IQ, IQN) {`,
        ...sequential.group.map(([name, value]) => `      ${name} : "${value}";`),
        '    }',
      ]
    : [];
  return [
    `  /* ${spec.what} */`,
    `  cell (${spec.name}) {`,
    `    area : ${decimal(areaUm2, 3)};`,
    `    cell_leakage_power : ${decimal(leakageNw)};`,
    ...(sequential?.kind === 'clock-gate' ? ['    clock_gating_integrated_cell : "latch_posedge";'] : []),
    ...group,
    ...leakages.map(
      ({ when, nw }) => `    leakage_power () {\n      when : "${when}";\n      value : ${decimal(nw)};\n    }`,
    ),
    ...pins.flatMap((pin) => pinText(pin, spec)),
    '  }',
  ];
}

const template = (kind: string, name: string, variables: string[], sizes: string[][]) => [
  `  ${kind} (${name}) {`,
  ...variables.map((variable, at) => `    variable_${at + 1} : ${variable};`),
  ...sizes.map((size, at) => `    index_${at + 1} ("${size.join(', ')}");`),
  '  }',
];

/** The whole library file of a corner. Times in ns, capacitances in pF, leakage in nW, energies in pJ, areas in um2. */
export function libertyText(corner: Corner, cells: readonly CharacterisedCell[]): string {
  const name = `studio45_${corner.id}`;
  const percent = (share: number) => decimal(share * 100);
  const slews = [['low', SLEW_LOW] as const, ['high', SLEW_HIGH] as const];
  const ladder = (count: number) => Array.from({ length: count }, (_, at) => decimal((at + 1) / 1000));
  const head = [
    `/* Studio45, ${corner.id} corner: ${corner.label.replace('°C', 'C').replace('−', '-')}.`,
    '   A model of a 45 nm class process: written from a stated transistor model, of no foundry and from no other library.',
    '   Pre-layout. Delays of a pin are those of its slowest state, energies the mean of its states. */',
    `library (${name}) {`,
    '  technology (cmos);',
    '  delay_model : table_lookup;',
    '  time_unit : "1ns";',
    '  voltage_unit : "1V";',
    '  current_unit : "1mA";',
    '  pulling_resistance_unit : "1kohm";',
    '  leakage_power_unit : "1nW";',
    '  capacitive_load_unit (1, pf);',
    `  nom_process : 1;`,
    `  nom_voltage : ${decimal(corner.voltageV)};`,
    `  nom_temperature : ${decimal(corner.temperatureC)};`,
    `  operating_conditions (${corner.id}) {`,
    '    process : 1;',
    `    voltage : ${decimal(corner.voltageV)};`,
    `    temperature : ${decimal(corner.temperatureC)};`,
    '  }',
    `  default_operating_conditions : ${corner.id};`,
    ...['rise', 'fall'].flatMap((edge) => [
      `  input_threshold_pct_${edge} : 50;`,
      `  output_threshold_pct_${edge} : 50;`,
      ...slews.map(
        ([end, share]) => `  slew_${end === 'low' ? 'lower' : 'upper'}_threshold_pct_${edge} : ${percent(share)};`,
      ),
    ]),
    '  slew_derate_from_library : 1;',
    `  default_max_transition : ${nanoseconds(CELL_LIMITS.slewPs)};`,
    '  default_cell_leakage_power : 0;',
    '  default_leakage_power_density : 0;',
    '  default_fanout_load : 1;',
    '  default_inout_pin_cap : 0;',
    '  default_input_pin_cap : 0;',
    '  default_output_pin_cap : 0;',
    ...WIRE_LOADS.flatMap(({ name: wires, umPerPin }) => [
      `  wire_load ("${wires}") {`,
      `    capacitance : ${picofarads(WIRE_FF_PER_UM)};`,
      `    resistance : ${decimal(WIRE_KOHM_PER_UM)};`,
      '    area : 0;',
      `    slope : ${umPerPin};`,
      ...[1, 2, 4, 8].map((fanout) => `    fanout_length (${fanout}, ${umPerPin * fanout});`),
      '  }',
    ]),
    ...template(
      'lu_table_template',
      'delay_7x7',
      ['input_net_transition', 'total_output_net_capacitance'],
      [ladder(7), ladder(7)],
    ),
    ...template(
      'lu_table_template',
      'check_7x7',
      ['related_pin_transition', 'constrained_pin_transition'],
      [ladder(7), ladder(7)],
    ),
    ...template(
      'power_lut_template',
      'energy_7x3',
      ['input_transition_time', 'total_output_net_capacitance'],
      [ladder(7), ladder(3)],
    ),
    ...template('power_lut_template', 'energy_7', ['input_transition_time'], [ladder(7)]),
  ];
  return `${[...head, ...cells.flatMap(cellText), '}'].join('\n')}\n`;
}
