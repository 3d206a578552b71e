import type { Hardware } from '../hardware.ts';

/**
 * Columns of one array that one weight takes: 1 where a cell holds a whole weight ('logical'), otherwise
 * ceil(weightBits / cellBits) (facts of DAC'23 and TCAD: weights are cut over cells of `cellBits`).
 */
export function columnsPerWeight(hardware: Hardware, weightBits: number): number {
  const { cells, cellBits } = hardware.crossbar;
  return cells === 'logical' ? 1 : Math.ceil(weightBits / cellBits);
}

/** Arrays that together stand for one crossbar of signed weights: two where each sign has an array of its own. */
export function arraysPerCrossbar(hardware: Hardware): number {
  return hardware.crossbar.cells === 'physical' && hardware.crossbar.signed === 'pair' ? 2 : 1;
}

/**
 * Weights side by side in one row of one array (of a pair of arrays, where signs have arrays of their own). 0 where an
 * array is too narrow for a single weight; the partition has to refuse that.
 */
export function weightsPerRow(hardware: Hardware, weightBits: number): number {
  return Math.floor(hardware.crossbar.columns / columnsPerWeight(hardware, weightBits));
}

/**
 * Arrays, out of the `crossbar.perCore` of a core, that an array group of `width` weights across takes.
 * Infinity where an array is too narrow for a single weight.
 */
export function crossbarsForWidth(hardware: Hardware, width: number, weightBits: number): number {
  const across = weightsPerRow(hardware, weightBits);
  return across === 0 ? Number.POSITIVE_INFINITY : Math.ceil(width / across) * arraysPerCrossbar(hardware);
}
