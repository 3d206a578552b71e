import { preset } from './constants.ts';

/**
 * A ReRAM chip after PRIME, as CMSwitch's section 5.5 has one besides DynaPlasia. Its configuration is not published: more
 * and smaller arrays than DynaPlasia's, and slow writes. All of it is ours.
 */
export const primeLike = preset(
  'prime-like',
  'PRIME-like ReRAM',
  'Many arrays whose cells are slow to write. CMSwitch names such a target and publishes none of its numbers: all are assumptions.',
  {
    arrays: [1024, 'ours', 'Not published. ReRAM arrays are dense, so a chip has many.', [64, 4096]],
    'grid.columns': [32, 'ours', 'For drawing only: 32 rows of 32. Costs do not depend on where an array is.'],
    'array.rows': [256, 'ours', 'Not published. PRIME’s own arrays are of this size.', [64, 1024]],
    'array.columns': [256, 'ours', 'Not published. PRIME’s own arrays are of this size.', [64, 1024]],
    'array.cellBits': [
      2,
      'ours',
      'Not published. Two bits a cell is what ReRAM accelerators commonly count on.',
      [1, 4],
    ],
    'array.activeRows': [256, 'ours', 'Not published. All rows at once, as crossbars are described.', [16, 256]],
    'array.inputBits': [1, 'ours', 'Not published. Bit-serial, as the other target.', [1, 8]],
    'array.turnCycles': [1, 'ours', 'A turn is the cycle of this model.', [1, 20]],
    'array.writeCycles': [
      25_600,
      'ours',
      'Not published. 256 rows, 100 cycles each: cells are set by pulses and read back until they are right.',
      [256, 256_000],
    ],
    'array.memoryBytesPerCycle': [64, 'ours', 'Not published. One row of 256 cells of two bits a cycle.', [4, 400]],
    weightBits: [8, 'paper', 'CMSwitch, its evaluation: 8-bit weights and activations.'],
    activationBits: [8, 'paper', 'CMSwitch, its evaluation: 8-bit weights and activations.'],
    mainBytesPerCycle: [68, 'ours', 'Not published. As for DynaPlasia: a row of an array, and a 32-bit bus.', [4, 400]],
    externalBytesPerCycle: [64, 'ours', 'Not published. As for DynaPlasia.', [4, 400]],
    switchToComputeCycles: [
      1,
      'ours',
      'Not published. The drivers of the word lines change their voltage; as for DynaPlasia.',
      [0, 1000],
    ],
    switchToMemoryCycles: [
      1,
      'ours',
      'Not published. The drivers of the word lines change their voltage; as for DynaPlasia.',
      [0, 1000],
    ],
    clockMhz: [
      10,
      'ours',
      'Not published. 100 ns for a turn: the crossbar settles and its columns share converters.',
      [1, 200],
    ],
    'energy.arrayTurnPj': [
      500,
      'ours',
      'Not published. 256 columns at 1.5 to 2 pJ a conversion, and the current through the cells.',
      [50, 5000],
    ],
    'energy.memoryArrayPjPerByte': [2.5, 'ours', 'Not published. About 0.3 pJ a bit to read ReRAM.', [0.2, 20]],
    'energy.mainPjPerByte': [1, 'ours', 'Not published. As for DynaPlasia.', [0.1, 20]],
    'energy.externalPjPerByte': [60, 'ours', 'Not published. As for DynaPlasia.', [10, 200]],
    'energy.arrayWritePj': [
      655_360,
      'ours',
      'Not published. 256 x 256 cells at 10 pJ: several pulses each.',
      [65_536, 6_553_600],
    ],
    'energy.arraySwitchPj': [20, 'ours', 'Not published. 256 word-line drivers at some 80 fJ.', [2, 200]],
    'energy.staticMw': [
      100,
      'ours',
      'Not published. The cells themselves need none; drivers and converters leak.',
      [1, 1000],
    ],
    'area.arrayMm2': [
      0.01,
      'ours',
      'Not published. The cells are small; converters and drivers take nearly all of it.',
      [0.001, 0.1],
    ],
    'area.restMm2': [10, 'ours', 'Not published. As much again as the arrays, for buffers, bus and control.', [1, 100]],
  },
);
