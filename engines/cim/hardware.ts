/*
 * The dual-mode hardware abstraction of CMSwitch (section 4.1): a chip of arrays of one kind, each of which either computes
 * products with the weights in its cells or stands as a memory.
 */

export interface CimHardware {
  /** Name of the preset that it started from, or the user's own. */
  name: string;
  /** Switchable arrays of the chip, in a grid for drawing: `grid.columns` a row. */
  arrays: number;
  grid: { columns: number };
  array: {
    rows: number;
    columns: number;
    /** Bits of a weight that a cell holds. */
    cellBits: number;
    /** Rows that can be active at once; fewer than `rows`: a vector takes several turns. */
    activeRows: number;
    /** Input bits of a vector that enter at once: a vector takes ceil(activationBits / inputBits) turns. */
    inputBits: number;
    /** Cycles of a turn. */
    turnCycles: number;
    /** Cycles to write one array anew. */
    writeCycles: number;
    /** A memory array's bandwidth (D_cim). */
    memoryBytesPerCycle: number;
  };
  weightBits: number;
  activationBits: number;
  /** Main memory and the original buffers, for each operator (D_main). */
  mainBytesPerCycle: number;
  /** Write-back, and reload where bytes are counted. */
  externalBytesPerCycle: number;
  /** L_MC and L_CM of Eq. 1, of one array. */
  switchToComputeCycles: number;
  switchToMemoryCycles: number;
  clockMhz: number;
  energy: CimEnergy;
  area: CimArea;
}

/** Energy per event; static power of the whole chip. */
export interface CimEnergy {
  /** One turn of one array. */
  arrayTurnPj: number;
  /** Reading a memory array; main memory and buffers; external memory, either way. */
  memoryArrayPjPerByte: number;
  mainPjPerByte: number;
  externalPjPerByte: number;
  /** Writing one array anew, beside the bytes that come from outside. */
  arrayWritePj: number;
  arraySwitchPj: number;
  staticMw: number;
}

export interface CimArea {
  arrayMm2: number;
  /** Buffers, interconnect, control. */
  restMm2: number;
}

export type DeepPartial<T> = { [K in keyof T]?: T[K] extends object ? DeepPartial<T[K]> : T[K] };

/** What a document says: a preset, or a preset with changes. */
export type HardwareChoice = string | ({ base: string } & DeepPartial<CimHardware>);

/** Where a constant comes from, and between what bounds its slider goes. By its path: "array.writeCycles". */
export interface ConstantSource {
  path: string;
  label: string;
  unit: string;
  source: 'paper' | 'ours' | 'tool';
  reason: string;
  /** Bounds of the slider; `log`: by ratio. */
  low: number;
  high: number;
  log?: boolean;
}

/** What a memory array holds. */
export function arrayBytes({ array }: CimHardware): number {
  return Math.floor((array.rows * array.columns * array.cellBits) / 8);
}

/** Columns that one weight takes. */
export function columnsPerWeight({ array, weightBits }: CimHardware): number {
  return Math.ceil(weightBits / array.cellBits);
}

/** Cycles of one input vector through an array. */
export function vectorCycles({ array, activationBits }: CimHardware): number {
  return Math.ceil(activationBits / array.inputBits) * Math.ceil(array.rows / array.activeRows) * array.turnCycles;
}
