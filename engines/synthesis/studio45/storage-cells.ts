import type { CellSpec, Sequential } from './cells.ts';
import { DEVICE } from './device.ts';
import { dual, gate, type Network, parallel, type Shape, type Stage, series, sized } from './network.ts';

/**
 * A node that takes `data` (inverted) while `open` is 1 and `shut` 0, and else keeps its value by `back`, the inverse that a
 * later stage makes of it. `clear` at 0 lifts the node to 1; else `set` at 1 pulls it to 0.
 */
function store(
  output: string,
  data: Shape,
  [open, shut]: readonly [string, string],
  back: string,
  clear?: string,
  set?: string,
): Stage {
  const { n, p } = DEVICE.fingerUm;
  const keeper = DEVICE.keeperUm;
  const down: Network = {
    parallel: [
      { series: [sized(open, n), sized(data, n)] },
      { series: [sized(shut, keeper.n), sized(back, keeper.n)] },
      ...(set ? [sized(set, n)] : []),
    ],
  };
  const held: Network = {
    parallel: [
      { series: [sized(shut, p), sized(dual(data), p)] },
      { series: [sized(open, keeper.p), sized(back, keeper.p)] },
    ],
  };
  const up: Network = set ? { series: [held, sized(set, p)] } : held;
  if (!clear) return { output, pullDown: down, pullUp: up };
  return {
    output,
    pullDown: { series: [down, sized(clear, n)] },
    pullUp: { parallel: [up, sized(clear, p)] },
  };
}

/** Inverts, or, with `preset`, is 1 while that pin is 0. */
const back = (output: string, input: string, preset?: string) => gate(output, preset ? series(input, preset) : input);

interface Options {
  clear?: string;
  preset?: string;
  enable?: string;
  /** The clock edge, or the level at which a latch is open, is the falling one. */
  falling?: boolean;
}

function asynchronous({ clear, preset }: Options): [string, string][] {
  return [
    ...(clear ? ([['clear', `!${clear}`]] as [string, string][]) : []),
    ...(preset ? ([['preset', `!${preset}`]] as [string, string][]) : []),
    // The pull-down of both latches is cut by the clear: it wins.
    ...(clear && preset
      ? ([
          ['clear_preset_var1', 'L'],
          ['clear_preset_var2', 'H'],
        ] as [string, string][])
      : []),
  ];
}

const resets = ({ clear, preset }: Options) => [clear, preset].filter((pin) => pin !== undefined);

/** Two latches in a row, each a tri-state inverter with a kept node behind. */
function flipFlop(name: string, what: string, options: Options): CellSpec {
  const { clear, preset, enable, falling } = options;
  const clock = falling ? 'CKN' : 'CK';
  // `c1` is the clock inverted, `c2` inverted again. `first` opens the first latch, `second` the other.
  const onLow = ['c1', 'c2'] as const;
  const onHigh = ['c2', 'c1'] as const;
  const [first, second] = falling ? [onHigh, onLow] : [onLow, onHigh];
  const data: Shape = enable ? parallel(series('D', enable), series('sk', 'hold')) : 'D';
  const next = enable ? `(${enable} & D) | (!${enable} & IQ)` : 'D';
  const sequential: Sequential = {
    kind: 'ff',
    clock,
    openAt: falling ? 1 : 0,
    group: [['clocked_on', falling ? `!${clock}` : clock], ['next_state', next], ...asynchronous(options)],
    data: ['D', ...(enable ? [enable] : [])],
    clear,
    preset,
    stored: 'mk',
    passed: 'sk',
    entered: 'm',
    closing: 'c1',
    closed: 'c2',
  };
  return {
    name,
    what,
    inputs: ['D', ...(enable ? [enable] : []), ...resets(options), clock],
    outputs: { Q: 'IQ' },
    sequential,
    stages: [
      ...(enable ? [gate('hold', enable)] : []),
      gate('c1', clock),
      gate('c2', 'c1'),
      store('m', data, first, 'mk', clear),
      back('mk', 'm', preset),
      store('s', 'mk', second, 'sk', clear),
      back('sk', 's', preset),
      gate('Q', 's'),
    ],
  };
}

function latch(name: string, what: string, options: Options): CellSpec {
  const { clear, preset, falling } = options;
  const clock = falling ? 'GN' : 'G';
  const open = falling ? (['c1', 'c2'] as const) : (['c2', 'c1'] as const);
  return {
    name,
    what,
    inputs: ['D', ...resets(options), clock],
    outputs: { Q: 'IQ' },
    sequential: {
      kind: 'latch',
      clock,
      openAt: falling ? 0 : 1,
      group: [['enable', falling ? `!${clock}` : clock], ['data_in', 'D'], ...asynchronous(options)],
      data: ['D'],
      clear,
      preset,
      stored: 'mk',
      entered: 'm',
      closing: 'c1',
      closed: 'c2',
    },
    stages: [
      gate('c1', clock),
      gate('c2', 'c1'),
      // An open latch has no second one that the preset could hold: the pin acts on the node that data drives.
      ...(preset ? [gate('set', preset)] : []),
      store('m', 'D', open, 'mk', clear, preset ? 'set' : undefined),
      back('mk', 'm'),
      gate('Q', 'm'),
    ],
  };
}

const CLOCK_GATE: CellSpec = {
  name: 'CLKGATE_X1',
  what: 'Clock gate: a latch open while the clock is low, and an AND',
  inputs: ['E', 'CK'],
  outputs: { GCK: 'CK & IQ' },
  sequential: {
    kind: 'clock-gate',
    clock: 'CK',
    openAt: 0,
    group: [
      ['enable', '!CK'],
      ['data_in', 'E'],
    ],
    data: ['E'],
    stored: 'mk',
    entered: 'm',
    // The clock itself meets the stored value at the AND.
    closing: 'CK',
    closed: 'c2',
  },
  stages: [
    gate('c1', 'CK'),
    gate('c2', 'c1'),
    store('m', 'E', ['c1', 'c2'], 'mk'),
    back('mk', 'm'),
    gate('g', series('mk', 'CK')),
    gate('GCK', 'g', 2),
  ],
};

const RN = 'RN';
const SN = 'SN';

export const STORAGE: CellSpec[] = [
  flipFlop('DFF_X1', 'Flip-flop', {}),
  flipFlop('DFFN_X1', 'Flip-flop, falling edge', { falling: true }),
  flipFlop('DFFR_X1', 'Flip-flop with reset', { clear: RN }),
  flipFlop('DFFS_X1', 'Flip-flop with set', { preset: SN }),
  flipFlop('DFFSR_X1', 'Flip-flop with set and reset; reset wins', { clear: RN, preset: SN }),
  flipFlop('DFFE_X1', 'Flip-flop with enable', { enable: 'E' }),
  latch('LATCH_X1', 'Latch, open while G is 1', {}),
  latch('LATCHN_X1', 'Latch, open while GN is 0', { falling: true }),
  latch('LATCHSR_X1', 'Latch with set and reset; reset wins', { clear: RN, preset: SN }),
  CLOCK_GATE,
];
