import { type CimPreset, type ConstantPath, preset, type Told } from './constants.ts';

/*
 * The four architectures that CIM-MLC ships, read as chips of switchable arrays. Theirs only compute: that an array could
 * be a memory too is our assumption, and so are all numbers that CIM-MLC, which counts latency alone and no writing of
 * weights, does not have. Its widths are bits; here they are bytes.
 */

interface Shipped {
  id: string;
  title: string;
  about: string;
  cores: number;
  each: number;
  columnsOfGrid: number;
  rows: number;
  columns: number;
  activeRows: number;
  cellBits: number;
  isResistive?: true;
  main: Told;
  external: Told;
  clockMhz: number;
  arrayMm2: number;
}

const FILE = 'CIM-MLC, its own architecture file';

function shipped(chip: Shipped): CimPreset {
  const { rows, columns, cellBits, isResistive } = chip;
  const arrays = chip.cores * chip.each;
  const cells = rows * columns;
  const rowBytes = (columns * cellBits) / 8;
  const told: Record<ConstantPath, Told> = {
    arrays: [
      arrays,
      'tool',
      `${FILE}: ${chip.cores} cores with ${chip.each} ${chip.each === 1 ? 'array' : 'arrays'} each.`,
    ],
    'grid.columns': [chip.columnsOfGrid, 'ours', 'For drawing only. Costs do not depend on where an array is.'],
    'array.rows': [rows, 'tool', `${FILE} (XBSize).`],
    'array.columns': [columns, 'tool', `${FILE} (XBSize).`],
    'array.cellBits': [cellBits, 'tool', `${FILE} (Precision).`],
    'array.activeRows':
      chip.activeRows < rows
        ? [chip.activeRows, 'tool', `${FILE} (MaxRC): a vector takes ${Math.ceil(rows / chip.activeRows)} turns a bit.`]
        : [rows, 'ours', 'No smaller number is known to us for this chip: all rows at once.', [1, rows]],
    'array.inputBits': [1, 'tool', 'CIM-MLC counts as many cycles a vector as its inputs have bits.'],
    'array.turnCycles': [1, 'tool', 'CIM-MLC counts one cycle a bit.'],
    'array.writeCycles': isResistive
      ? [
          rows * 100,
          'ours',
          `CIM-MLC charges none. ${rows} rows, 100 cycles each: resistive cells are set by pulses and read back.`,
          [rows, rows * 10_000],
        ]
      : [rows, 'ours', 'CIM-MLC charges none. One row a cycle, as memories are written.', [1, rows * 100]],
    'array.memoryBytesPerCycle': [
      rowBytes,
      'ours',
      'These arrays only compute in CIM-MLC. As memories: one row a cycle.',
      [1, rowBytes * 10],
    ],
    weightBits: [8, 'ours', 'As for the other chips, so that they can be compared.'],
    activationBits: [8, 'ours', 'As for the other chips, so that they can be compared.'],
    mainBytesPerCycle: chip.main,
    externalBytesPerCycle: chip.external,
    switchToComputeCycles: [1, 'ours', 'These arrays do not switch in CIM-MLC. As for DynaPlasia.'],
    switchToMemoryCycles: [1, 'ours', 'These arrays do not switch in CIM-MLC. As for DynaPlasia.'],
    clockMhz: [chip.clockMhz, 'ours', 'CIM-MLC counts cycles only; a round number for chips of this kind.', [1, 2000]],
    'energy.arrayTurnPj': isResistive
      ? [
          250,
          'ours',
          'CIM-MLC has no energy. 128 columns at 1.5 to 2 pJ a conversion, and the current through the cells.',
          [25, 2500],
        ]
      : [
          roundTo2(chip.activeRows * columns * 0.0018),
          'ours',
          `CIM-MLC has no energy. 1.8 fJ for each of ${chip.activeRows} x ${columns} cells, as DynaPlasia’s 183 pJ over 320 x 320 of them.`,
        ],
    'energy.memoryArrayPjPerByte': isResistive
      ? [2.5, 'ours', 'CIM-MLC has no energy. About 0.3 pJ a bit to read resistive cells.', [0.2, 20]]
      : [0.5, 'ours', 'CIM-MLC has no energy. As for DynaPlasia.', [0.05, 5]],
    'energy.mainPjPerByte': [1, 'ours', 'CIM-MLC has no energy. As for DynaPlasia.', [0.1, 20]],
    'energy.externalPjPerByte': [60, 'ours', 'CIM-MLC has no energy. As for DynaPlasia.', [10, 200]],
    'energy.arrayWritePj': isResistive
      ? [
          cells * 10,
          'ours',
          `CIM-MLC has no energy. ${rows} x ${columns} cells at 10 pJ: several pulses each.`,
          [cells, cells * 100],
        ]
      : [
          Math.round(cells * 0.05),
          'ours',
          `CIM-MLC has no energy. ${rows} x ${columns} cells at 0.05 pJ each.`,
          [cells * 0.005, cells * 0.5],
        ],
    'energy.arraySwitchPj': [
      roundTo2(rows * 0.03),
      'ours',
      `These arrays do not switch in CIM-MLC. Two lines for each of ${rows} rows at some 15 fJ.`,
    ],
    'energy.staticMw': [10, 'ours', 'CIM-MLC has no energy. A small chip’s leakage.', [0.1, 1000]],
    'area.arrayMm2': [
      chip.arrayMm2,
      'ours',
      `CIM-MLC has no area. ${((1e6 * chip.arrayMm2) / cells).toPrecision(2)} µm² for each cell, converters and drivers included.`,
      [chip.arrayMm2 / 10, chip.arrayMm2 * 10],
    ],
    'area.restMm2': [
      roundTo2((arrays * chip.arrayMm2) / 2),
      'ours',
      'CIM-MLC has no area. Half of what the arrays take, for buffers, bus and control.',
    ],
  };
  return preset(chip.id, chip.title, chip.about, told);
}

function roundTo2(value: number): number {
  return Number(value.toPrecision(2));
}

const PORT: Told = [64, 'ours', 'CIM-MLC has no external memory. As for DynaPlasia.', [1, 400]];

export const cimMlcPresets: readonly CimPreset[] = [
  shipped({
    id: 'cim-mlc-example',
    title: 'CIM-MLC example',
    about: 'The example that CIM-MLC ships: 16 cores of 16 arrays of 128 x 128, of which 64 rows compute at once.',
    cores: 16,
    each: 16,
    columnsOfGrid: 16,
    rows: 128,
    columns: 128,
    activeRows: 64,
    cellBits: 1,
    main: [
      10,
      'tool',
      `${FILE}: a local buffer of 32 bits a cycle and a core bus of 48 bits are 4 + 6 bytes. That they add up is our reading.`,
      [1, 400],
    ],
    external: [4, 'tool', `${FILE}: the global buffer, its outermost memory, gives 32 bits a cycle.`, [1, 400]],
    clockMhz: 100,
    arrayMm2: 0.03,
  }),
  shipped({
    id: 'puma',
    title: 'PUMA (in CIM-MLC)',
    about: 'PUMA as CIM-MLC ships it: 138 cores of two ReRAM arrays of 128 x 128, two bits a cell.',
    cores: 138,
    each: 2,
    columnsOfGrid: 23,
    rows: 128,
    columns: 128,
    activeRows: 128,
    cellBits: 2,
    isResistive: true,
    main: [
      48,
      'tool',
      `${FILE}: a core bus of 384 bits is 48 bytes a cycle. The width of the local buffer is not known to us and not added.`,
      [1, 400],
    ],
    external: PORT,
    clockMhz: 10,
    arrayMm2: 0.01,
  }),
  shipped({
    id: 'isscc21-15.1',
    title: 'ISSCC’21 15.1 (in CIM-MLC)',
    about: 'An SRAM chip as CIM-MLC ships it: 16 cores, each one large array of 1152 x 256.',
    cores: 16,
    each: 1,
    columnsOfGrid: 4,
    rows: 1152,
    columns: 256,
    activeRows: 1152,
    cellBits: 1,
    main: [36, 'ours', 'Not known to us. As for DynaPlasia: a row of an array, 32 bytes, and a 32-bit bus.', [1, 400]],
    external: PORT,
    clockMhz: 100,
    arrayMm2: 0.6,
  }),
  shipped({
    id: 'jain21',
    title: 'Jain’21 (in CIM-MLC)',
    about:
      'A small SRAM chip as CIM-MLC ships it: four cores of two arrays of 256 x 64, of which 32 rows compute at once.',
    cores: 4,
    each: 2,
    columnsOfGrid: 4,
    rows: 256,
    columns: 64,
    activeRows: 32,
    cellBits: 1,
    main: [12, 'ours', 'Not known to us. As for DynaPlasia: a row of an array, 8 bytes, and a 32-bit bus.', [1, 400]],
    external: PORT,
    clockMhz: 100,
    arrayMm2: 0.05,
  }),
];
