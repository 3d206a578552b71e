import type { BlobRef } from '../document/types.ts';

/*
 * The abstract accelerator of PIMCOMP (TCAD, section III and Table II; DAC'23, section III): chips of cores, each with
 * crossbars (the matrix unit), a vector unit and a local memory; one global memory a chip.
 */

export interface Hardware {
  /** Name of the preset that it started from, or the user's own. */
  name: string;
  chips: { x: number; y: number; linkGBps: number };
  cores: { x: number; y: number };
  crossbar: {
    perCore: number;
    rows: number;
    columns: number;
    /**
     * 'logical': a cell holds a whole signed weight (the released program). 'physical': a weight takes
     * ceil(weightBits / cellBits) columns, and two arrays where `signed` is 'pair'.
     */
    cells: 'logical' | 'physical';
    cellBits: number;
    signed: 'offset' | 'pair';
    dacBits: number;
    adcBits: number;
  };
  /** A whole product of a full array at `activationBits`; 800 in reference mode (facts 1.7), 4,000 as intended. */
  mvmLatencyNs: number;
  /** Least time between the starts of two products in one core. */
  mvmIntervalNs: number;
  activationBits: number;
  weightBits: number;
  vector: { bytesPerStep: number; stepNs: number };
  localMemory: { bytes: number; gbps: number };
  /** One a chip, shared by its cores. */
  globalMemory: { bytes: number; gbps: number };
  network: {
    kind: 'bus' | 'mesh';
    busGBps: number;
    linkGBps: number;
    hopNs: number;
  };
  execution: 'in-order' | 'out-of-order';
  communication: 'synchronous' | 'asynchronous';
  energy: EnergyTable;
}

/** Dynamic energy per event and static power per part; every value editable. Sources in `presets/energy.ts`, entry by entry. */
export interface EnergyTable {
  /** One product of one physical or logical array at full activation precision. */
  mvmPjPerCrossbar: number;
  vectorPjPerElement: number;
  localMemoryPjPerByte: number;
  globalMemoryPjPerByte: number;
  networkPjPerByteHop: number;
  linkPjPerByte: number;
  staticMwPerCore: number;
  staticMwPerChip: number;
}

/** What a document says: a preset, a preset with changes, or a configuration file of PIMCOMP-NN (as text, or a blob). */
export type HardwareChoice = string | ({ base: string } & DeepPartial<Hardware>) | { pimcompConfig: string | BlobRef };

export type DeepPartial<T> = { [K in keyof T]?: T[K] extends object ? DeepPartial<T[K]> : T[K] };

export function coreCount(hardware: Hardware): number {
  return hardware.chips.x * hardware.chips.y * hardware.cores.x * hardware.cores.y;
}
