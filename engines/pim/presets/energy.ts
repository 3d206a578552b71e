import type { EnergyTable } from '../hardware.ts';
import { productEnergyPj, SHIPPED_CIRCUIT } from './circuit.ts';

/** Powers of DAC'23, Table I (PUMA at 32 nm), in mW: the source of every entry below except that of the product. */
const TABLE_I = {
  crossbars64: 1221.76,
  vectorUnits12: 22.8,
  localMemory64kB: 18,
  control: 8,
  router: 43.13,
  globalMemory4MB: 257.72,
  hyperTransport: 10_400,
};

/** Ours: Table I gives powers at full activity and does not part them; a fifth is taken as leakage (facts 1.9). */
export const STATIC_SHARE = 0.2;

export interface ArrayShape {
  perCore: number;
  rows: number;
  columns: number;
  /** A cell of a logical array holds a whole weight: it stands for as many cells as one weight takes. */
  cellsPerWeight: number;
  activationBits: number;
  dacBits: number;
}

/**
 * Default energies of a chip. Product: PIMSIM-NN's formula with the shipped constants, one DAC a row, 16 ADCs, and a read
 * power that grows with the cells (ours); a logical array counts as one, as the simulator counts it. All others: power of
 * Table I divided by the rate at which the released clock lets the part work, the static share taken off.
 */
export function defaultEnergy(shape: ArrayShape): EnergyTable {
  const { perCore, rows, columns, cellsPerWeight, activationBits, dacBits } = shape;
  const active = 1 - STATIC_SHARE;
  const cells = (rows * columns) / (SHIPPED_CIRCUIT.rows * SHIPPED_CIRCUIT.columns);
  const product = productEnergyPj({
    ...SHIPPED_CIRCUIT,
    rows,
    columns,
    dacs: rows,
    dacBits,
    inputBits: activationBits,
    readMw: SHIPPED_CIRCUIT.readMw * cells,
  });
  // Table I's crossbars are logical: 16-bit weights on 2-bit cells, eight cells each.
  const arrayMw = (TABLE_I.crossbars64 / 64) * cells * (cellsPerWeight / 8);
  const rest = TABLE_I.vectorUnits12 + TABLE_I.localMemory64kB + TABLE_I.control;
  return {
    mvmPjPerCrossbar: round(product),
    // 32 elements of 2 bytes in 10 ns.
    vectorPjPerElement: round((active * TABLE_I.vectorUnits12 * 10) / 32),
    // 25.6, 64, 8 and 6.4 GB/s, and 1 GB/s is 1 byte a ns.
    localMemoryPjPerByte: round((active * TABLE_I.localMemory64kB) / 25.6),
    globalMemoryPjPerByte: round((active * TABLE_I.globalMemory4MB) / 64),
    networkPjPerByteHop: round((active * TABLE_I.router) / 8),
    linkPjPerByte: round((active * TABLE_I.hyperTransport) / 6.4),
    staticMwPerCore: round(STATIC_SHARE * (perCore * arrayMw + rest + TABLE_I.router)),
    staticMwPerChip: round(STATIC_SHARE * (TABLE_I.globalMemory4MB + TABLE_I.hyperTransport)),
  };
}

/** Four significant digits: more would claim a precision that the tables do not have. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
