import { type Call, display, type SdcCommand } from './call.ts';
import { nearestNames } from './objects.ts';
import type { State } from './state.ts';

/** Powers of ten by the prefix of a unit. */
const PREFIXES: Record<string, number> = { f: 1e-15, p: 1e-12, n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6 };

/** Units that values are taken in: time in ns, capacitance in pF; the others occur in no value that is read. */
const UNITS: Record<string, { symbol: string; base?: number }> = {
  '-time': { symbol: 's', base: 1e-9 },
  '-capacitance': { symbol: 'F', base: 1e-12 },
  '-resistance': { symbol: 'Ohm' },
  '-voltage': { symbol: 'V' },
  '-current': { symbol: 'A' },
  '-power': { symbol: 'W' },
};

function setUnits(call: Call, state: State): string {
  for (const { name, arg } of call.options) {
    const unit = UNITS[name];
    if (!unit || !arg) continue;
    const match = /^(\d*\.?\d*)\s*([fpnumkM]?)(\w+)$/.exec(arg.text);
    const scale = match ? (match[1] === '' ? 1 : Number(match[1])) * PREFIXES[match[2]!]! : Number.NaN;
    if (!match || match[3]!.toLowerCase() !== unit.symbol.toLowerCase() || !(scale > 0))
      call.fail(
        'sdc-arguments',
        `'${display(arg.text)}' is no unit of ${name.slice(1)}.`,
        `Write ${name} n${unit.symbol}.`,
        arg.spot,
      );
    // Quotients of powers of ten are rounded back to the power they are.
    const factor = unit.base === undefined ? 1 : Number((scale / unit.base).toPrecision(12));
    if (name === '-time') state.units.timeNs = factor;
    if (name === '-capacitance') state.units.capacitancePf = factor;
  }
  return '';
}

function currentDesign(call: Call, state: State): string {
  const name = call.words[0];
  if (name && name.text !== state.design.top)
    call.fail(
      'sdc-no-object',
      `The design is ${state.design.top}, not '${display(name.text)}'.`,
      `Write current_design ${state.design.top}.`,
      name.spot,
    );
  return state.design.top;
}

function setWireLoadModel(call: Call, state: State): string {
  const arg = call.get('-name');
  if (!arg) call.fail('sdc-arguments', 'set_wire_load_model needs -name.', 'Write set_wire_load_model -name model.');
  const library = call.get('-library');
  if (library && library.text !== state.library.name)
    call.fail(
      'sdc-no-object',
      `There is no library '${display(library.text)}'; it is named '${state.library.name}'.`,
      undefined,
      library.spot,
    );
  const target = call.words[0];
  if (target && target.text !== state.design.top)
    call.fail('sdc-unsupported', 'One wire-load model serves the whole design.', 'Leave the objects out.', target.spot);
  const names = state.library.wireLoads.map((model) => model.name);
  if (!names.includes(arg.text)) {
    const near = nearestNames(arg.text, names);
    const known =
      names.length > 0 ? `It has ${(near.length > 0 ? near : names.slice(0, 5)).join(', ')}.` : 'It has none.';
    call.fail('sdc-no-object', `The library has no wire-load model '${display(arg.text)}'.`, known, arg.spot);
  }
  state.wireLoad = arg.text;
  return '';
}

function setSeparator(call: Call, state: State): string {
  const arg = call.words[0]!;
  if (!/^[/.@^#|]$/.test(arg.text))
    call.fail(
      'sdc-arguments',
      `'${display(arg.text)}' cannot part levels of hierarchy.`,
      'Write / or another of . @ ^ # |',
      arg.spot,
    );
  state.separator = arg.text;
  return '';
}

/** Commands that are read and change nothing here, and why. */
const NOTED: {
  name: string;
  usage: string;
  about: string;
  why: string;
  flags?: string[];
  values?: string[];
  words?: number;
}[] = [
  {
    name: 'group_path',
    usage: 'group_path -name name [-from objects] [-to objects]',
    about: 'Paths in groups, for reports and for the effort of synthesis.',
    why: 'paths are listed together',
    flags: ['-default'],
    values: [
      '-name',
      '-weight',
      '-from',
      '-rise_from',
      '-fall_from',
      '-to',
      '-rise_to',
      '-fall_to',
      '-through',
      '-rise_through',
      '-fall_through',
      '-critical_range',
    ],
    words: 0,
  },
  ...['fanout', 'transition', 'capacitance'].map((what) => ({
    name: `set_max_${what}`,
    usage: `set_max_${what} value objects`,
    about: `The greatest ${what} that is allowed.`,
    why: 'design rules are not checked',
    flags: ['-data_path', '-clock_path', '-rise', '-fall'],
  })),
  ...['fanout', 'capacitance'].map((what) => ({
    name: `set_min_${what}`,
    usage: `set_min_${what} value objects`,
    about: `The least ${what} that is allowed.`,
    why: 'design rules are not checked',
  })),
  {
    name: 'set_max_area',
    usage: 'set_max_area area',
    about: 'A limit for the area.',
    why: 'the mapping scripts strive for area by themselves',
    words: 1,
  },
  {
    name: 'set_fanout_load',
    usage: 'set_fanout_load value ports',
    about: 'Fanout that outputs count.',
    why: 'design rules are not checked',
  },
  {
    name: 'set_max_time_borrow',
    usage: 'set_max_time_borrow ns objects',
    about: 'How much time latches may borrow.',
    why: 'latches are reported and not timed',
  },
  {
    name: 'set_dont_touch',
    usage: 'set_dont_touch objects',
    about: 'Cells that synthesis leaves alone.',
    why: 'the netlist is mapped before constraints are read',
    words: 2,
  },
  {
    name: 'set_dont_use',
    usage: 'set_dont_use cells',
    about: 'Cells that synthesis must not use.',
    why: 'the netlist is mapped before constraints are read',
    words: 2,
  },
  {
    name: 'set_operating_conditions',
    usage: 'set_operating_conditions name',
    about: 'The corner.',
    why: 'the library read is the corner',
    values: ['-library', '-analysis_type', '-max', '-min', '-max_library', '-min_library'],
    words: 1,
  },
  {
    name: 'set_wire_load_mode',
    usage: 'set_wire_load_mode top',
    about: 'Which model a net takes in a hierarchy.',
    why: 'the netlist is flat',
    words: 1,
  },
  {
    name: 'puts',
    usage: 'puts text',
    about: 'Prints a text.',
    why: 'nothing is printed',
    flags: ['-nonewline'],
    words: 2,
  },
];

/** Commands about the file and the design as a whole, and those without an effect. */
export const OTHER_COMMANDS: SdcCommand[] = [
  {
    name: 'set_units',
    usage: 'set_units [-time ns] [-capacitance pF]',
    about: 'Units of the numbers that follow. Without it times are in ns and capacitances in pF.',
    options: Object.fromEntries(Object.keys(UNITS).map((name) => [name, 'value' as const])),
    words: [0, 0],
    run: setUnits,
  },
  {
    name: 'current_design',
    usage: 'current_design [name]',
    about: 'The top module.',
    options: {},
    words: [0, 1],
    run: currentDesign,
  },
  {
    name: 'set_hierarchy_separator',
    usage: 'set_hierarchy_separator /',
    about: 'What parts levels of hierarchy in names.',
    options: {},
    words: [1, 1],
    run: setSeparator,
  },
  {
    name: 'set_wire_load_model',
    usage: 'set_wire_load_model -name model',
    about: 'Loads of wires by a model of the library instead of the settings of the analysis.',
    options: {
      '-name': 'value',
      '-library': 'value',
      '-min': { refused: 'One model serves both.' },
      '-max': { refused: 'One model serves both.' },
    },
    words: [0, 1],
    run: setWireLoadModel,
  },
  ...NOTED.map(
    ({ name, usage, about, why, flags = [], values = [], words = 3 }): SdcCommand => ({
      name,
      usage,
      about,
      noted: why,
      options: {
        ...Object.fromEntries(flags.map((flag) => [flag, 'flag'])),
        ...Object.fromEntries(values.map((value) => [value, 'values'])),
      },
      words: [0, words],
    }),
  ),
];
