/** The periphery of one crossbar as PIMSIM-NN's configuration describes it. Powers in mW, times in cycles of `periodNs`. */
export interface CrossbarCircuit {
  rows: number;
  columns: number;
  inputBits: number;
  periodNs: number;
  /** Digital-to-analogue converters: resolution and how many a crossbar has (rows are served in turns). */
  dacBits: number;
  dacs: number;
  dacMw: number;
  dacCycles: number;
  inputBufferMw: number;
  inputBufferCycles: number;
  readMw: number;
  readNs: number;
  sampleHoldMw: number;
  sampleHoldCycles: number;
  /** Analogue-to-digital converters that serve the columns in turns. */
  adcs: number;
  adcMw: number;
  adcCycles: number;
  shiftAddMw: number;
  shiftAddCycles: number;
  outputBufferMw: number;
  outputBufferCycles: number;
  /** Whether the front (input, array) of one step overlaps with the back (conversion) of the step before. */
  pipelined: boolean;
}

/**
 * The constants of the configuration that PIMCOMP-NN ships (config.json, facts 1.8): 1-bit DACs, one a row; 16 ADCs of
 * 20 cycles at 1.135 mW; read 22.24 mW for 7 ns; all powers that it does not give are 0, as in the simulator.
 */
export const SHIPPED_CIRCUIT: CrossbarCircuit = {
  rows: 128,
  columns: 128,
  inputBits: 16,
  periodNs: 1,
  dacBits: 1,
  dacs: 128,
  dacMw: 0,
  dacCycles: 0,
  inputBufferMw: 0,
  inputBufferCycles: 0,
  readMw: 22.24,
  readNs: 7,
  sampleHoldMw: 0,
  sampleHoldCycles: 1,
  adcs: 16,
  adcMw: 1.135,
  adcCycles: 20,
  shiftAddMw: 0,
  shiftAddCycles: 1,
  outputBufferMw: 0,
  outputBufferCycles: 1,
  pipelined: true,
};

/** How often the array is read for one product, and how often each reading's columns pass the converters. */
function steps(circuit: CrossbarCircuit): { reads: number; conversions: number } {
  const { inputBits, dacBits, rows, dacs, columns, adcs } = circuit;
  return { reads: Math.ceil(inputBits / dacBits) * Math.ceil(rows / dacs), conversions: Math.ceil(columns / adcs) };
}

/** Energy of one product of one crossbar in pJ (PIMSIM-NN's formula, facts 1.8). */
export function productEnergyPj(circuit: CrossbarCircuit): number {
  const { reads, conversions } = steps(circuit);
  const it = circuit;
  const input = it.periodNs * (it.inputBufferMw * it.inputBufferCycles + it.dacMw * it.dacCycles * it.dacs);
  const array = it.readMw * it.readNs + it.periodNs * it.sampleHoldMw * it.sampleHoldCycles * it.columns;
  const output =
    conversions *
    it.periodNs *
    (it.adcMw * it.adcCycles * it.adcs + it.shiftAddMw * it.shiftAddCycles + it.outputBufferMw * it.outputBufferCycles);
  return reads * (input + array + output);
}

/** Latency of one product of one crossbar in ns (PIMSIM-NN's formula, facts 1.8). */
export function productLatencyNs(circuit: CrossbarCircuit): number {
  const { reads, conversions } = steps(circuit);
  const it = circuit;
  const front = it.inputBufferCycles + it.dacCycles + Math.ceil(it.readNs / it.periodNs) + it.sampleHoldCycles;
  const drain = it.shiftAddCycles + it.outputBufferCycles;
  const back = it.adcCycles + drain + (conversions - 1) * Math.max(it.adcCycles, drain);
  const cycles = it.pipelined ? front + back + (reads - 1) * Math.max(front, back) : (front + back) * reads;
  return cycles * it.periodNs;
}
