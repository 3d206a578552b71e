import { preset } from './constants.ts';

/**
 * DynaPlasia (ISSCC 2023, JSSC 2024), the target of CMSwitch's evaluation (Table 2). What Table 2 does not give was fixed
 * before anything was tuned, so that the published picture of VGG-16 comes out; every such number has its slider.
 */
export const dynaplasia = preset(
  'dynaplasia',
  'DynaPlasia',
  'The eDRAM chip that CMSwitch is evaluated on: 96 arrays of 320 x 320. What no paper gives is an assumption with a slider.',
  {
    arrays: [96, 'paper', 'CMSwitch, Table 2.'],
    'grid.columns': [12, 'ours', 'For drawing only: 8 rows of 12. Costs do not depend on where an array is.'],
    'array.rows': [320, 'paper', 'CMSwitch, Table 2.'],
    'array.columns': [320, 'paper', 'CMSwitch, Table 2.'],
    'array.cellBits': [
      1,
      'ours',
      'The chip holds 9.6 Mb in 96 x 320 x 320 cells, so one bit a cell; and only then do the published segments of VGG-16 come out. An 8-bit weight takes 8 columns.',
    ],
    'array.activeRows': [320, 'ours', 'No paper says that fewer rows than all are active at once.', [16, 320]],
    'array.inputBits': [1, 'ours', 'CMSwitch calls its arrays bit-serial: 8 turns for an 8-bit input.'],
    'array.turnCycles': [1, 'ours', 'A turn is the cycle of this model; the latency of a turn is not published.'],
    'array.writeCycles': [
      320,
      'ours',
      'Not published. One row a cycle, as memories are written. Results hang on this number: see Sensitivity.',
      [1, 10_000],
    ],
    'array.memoryBytesPerCycle': [40, 'ours', 'Not published. One row of 320 cells of one bit a cycle.', [4, 400]],
    weightBits: [8, 'paper', 'CMSwitch, its evaluation: 8-bit weights and activations.'],
    activationBits: [8, 'paper', 'CMSwitch, its evaluation: 8-bit weights and activations.'],
    mainBytesPerCycle: [
      44,
      'ours',
      'Not published. The buffers give a row of 40 bytes, as an array does, and the internal bus 32 bits (Table 2). With it, the gains of convolutional networks fall in the published range. Results hang on this number: see Sensitivity.',
      [4, 400],
    ],
    externalBytesPerCycle: [64, 'ours', 'Not published. A 512-bit port.', [4, 400]],
    switchToComputeCycles: [1, 'paper', 'CMSwitch, Table 2.'],
    switchToMemoryCycles: [1, 'paper', 'CMSwitch, Table 2.'],
    clockMhz: [
      20,
      'ours',
      'The rate of turns at which this model’s peak is the published one: 96 arrays x 320 inputs of 4 bits x 64 weights of 5 bits in 4 turns are 983,040 operations a cycle, and 19.5 TOPS are 19.8 million times that. Times in seconds rest on it; cycles and speed-ups do not.',
      [1, 500],
    ],
    'energy.arrayTurnPj': [
      183,
      'ours',
      'From the published efficiency: 56.0 TOPS/W at 4-bit inputs and 5-bit weights are 17.9 fJ an operation, and a turn of an array is 320 x 64 x 2 / 4 = 10,240 of them. Buffers and control are in it too, so it is high rather than low.',
      [20, 1000],
    ],
    'energy.memoryArrayPjPerByte': [
      0.5,
      'ours',
      'Not published. About 0.06 pJ a bit: bit lines of 320 cells and sense amplifiers in 28 nm.',
      [0.05, 5],
    ],
    'energy.mainPjPerByte': [
      1,
      'ours',
      'Not published. A buffer of 10 KB read over a bus across the chip, in 28 nm.',
      [0.1, 20],
    ],
    'energy.externalPjPerByte': [
      60,
      'ours',
      'Not published. Low-power DRAM with its interface takes 5 to 10 pJ a bit.',
      [10, 200],
    ],
    'energy.arrayWritePj': [5000, 'ours', 'Not published. 320 x 320 cells of one bit at 0.05 pJ each.', [500, 50_000]],
    'energy.arraySwitchPj': [
      10,
      'ours',
      'Not published. A switch drives both global input lines of 320 rows: 640 lines at some 15 fJ.',
      [1, 100],
    ],
    'energy.staticMw': [
      35,
      'ours',
      'Not published. A tenth of the power at peak, 19.5 TOPS over 56.0 TOPS/W = 348 mW: leakage and refresh.',
      [1, 200],
    ],
    'area.arrayMm2': [
      0.15,
      'ours',
      'The chip has 20.25 mm² (published). How much of it the arrays take is not: 14.4 mm², with their converters, is taken.',
      [0.05, 0.21],
    ],
    'area.restMm2': [
      5.85,
      'ours',
      'What is left of the published 20.25 mm² when 96 arrays have 0.15 mm² each.',
      [0.1, 15],
    ],
  },
);
