import type { Hardware } from '../hardware.ts';
import { defaultEnergy } from './energy.ts';

/** Where a preset's figures come from: shown beside it. */
export interface Preset {
  hardware: Hardware;
  /** One line for the list. */
  about: string;
  /** What the source says, and what is ours. */
  source: string;
}

interface Shape {
  chips?: [number, number];
  cores: [number, number];
  perCore: number;
  rows: number;
  columns: number;
  cellBits: number;
  /** 16 unless said. */
  bits?: number;
  logical?: boolean;
  mesh?: boolean;
  localBytes?: number;
  globalBytes?: number;
}

/** Bandwidths and times of the released program (evaluation constants, facts 1.7) on an array of the given shape. */
function chip(name: string, shape: Shape): Hardware {
  const bits = shape.bits ?? 16;
  const [chipsX, chipsY] = shape.chips ?? [1, 1];
  const dacBits = 1;
  return {
    name,
    chips: { x: chipsX, y: chipsY, linkGBps: 6.4 },
    cores: { x: shape.cores[0], y: shape.cores[1] },
    crossbar: {
      perCore: shape.perCore,
      rows: shape.rows,
      columns: shape.columns,
      cells: shape.logical ? 'logical' : 'physical',
      cellBits: shape.cellBits,
      signed: 'offset',
      dacBits,
      adcBits: 8,
    },
    // (4 + bits) * 200 ns: 4,000 at 16 bit, as the released program intends.
    mvmLatencyNs: 200 * (4 + bits),
    mvmIntervalNs: 200,
    activationBits: bits,
    weightBits: bits,
    vector: { bytesPerStep: 64, stepNs: 10 },
    localMemory: { bytes: shape.localBytes ?? 64 * 1024, gbps: 25.6 },
    globalMemory: { bytes: shape.globalBytes ?? 4 * 1024 * 1024, gbps: 64 },
    network: { kind: shape.mesh ? 'mesh' : 'bus', busGBps: 25.6, linkGBps: 8, hopNs: 4 },
    execution: 'out-of-order',
    communication: 'synchronous',
    energy: defaultEnergy({
      perCore: shape.perCore,
      rows: shape.rows,
      columns: shape.columns,
      cellsPerWeight: shape.logical ? Math.ceil(bits / shape.cellBits) : 1,
      activationBits: bits,
      dacBits,
    }),
  };
}

const CLOCK =
  'bandwidths and product times of the released PIMCOMP-NN; energies by DAC’23, Table I, and PIMSIM-NN’s formula';
const SHAPE = `shape as listed by PIMCOMP-NN’s README; grid, precision, and ${CLOCK}, are ours`;

const RELEASED: Partial<Shape> = { localBytes: 256 * 1024 * 1024, globalBytes: 4 * 1024 ** 3 };

/** The released program's default chip with arrays of another size: it bounds neither local nor global memory. */
function released(name: string, side: number): Hardware {
  const shape: Shape = { cores: [12, 12], perCore: 64, rows: side, columns: side, cellBits: 2, logical: true };
  return chip(name, { ...shape, ...RELEASED });
}

/** In the order of the list on the screen. */
export const PRESETS: Record<string, Preset> = {
  'pimcomp-default': {
    hardware: released('pimcomp-default', 128),
    about: 'PIMCOMP-NN’s defaults: 144 cores of 64 logical arrays, 128 x 128',
    source: `PIMCOMP-NN, config.json and evaluation constants (the local memory limit is its 128 M elements); ${CLOCK}`,
  },
  'pimcomp-256': {
    hardware: released('pimcomp-256', 256),
    about: 'The same with arrays of 256 x 256: 144 cores of 64 logical arrays',
    source: `PIMCOMP-NN with another size of array; ${CLOCK}`,
  },
  'puma-dac23': {
    hardware: chip('puma-dac23', {
      cores: [6, 6],
      perCore: 64,
      rows: 128,
      columns: 128,
      cellBits: 2,
      logical: true,
      mesh: true,
    }),
    about: 'DAC’23: PUMA’s chip, 36 cores of 64 logical arrays, 64 kB a core, 4 MB a chip',
    source: `DAC’23, Table I (cores, arrays, memories, powers); ${CLOCK}`,
  },
  'arch-a': {
    hardware: chip('arch-a', { cores: [14, 12], perCore: 96, rows: 128, columns: 128, cellBits: 2, mesh: true }),
    about: 'TCAD Arch-A, after ISAAC: 168 cores of 96 arrays, 128 x 128, 63 MB',
    source: `TCAD, Table V; the grid of 14 x 12, and ${CLOCK}, are ours`,
  },
  'arch-b': {
    hardware: chip('arch-b', { cores: [23, 6], perCore: 128, rows: 128, columns: 128, cellBits: 2, mesh: true }),
    about: 'TCAD Arch-B, after PUMA: 138 cores of 128 arrays, 128 x 128, 69 MB',
    source: `TCAD, Table V; the grid of 23 x 6, and ${CLOCK}, are ours`,
  },
  'arch-c': {
    hardware: chip('arch-c', {
      chips: [4, 4],
      cores: [2, 2],
      perCore: 8,
      rows: 512,
      columns: 1024,
      cellBits: 2,
      mesh: true,
    }),
    about: 'TCAD Arch-C, after an ISSCC’23 macro: 16 chips of 4 cores of 8 arrays, 512 x 1024, 64 MB',
    source: `TCAD, Table V; the grids, and ${CLOCK}, are ours`,
  },
  isaac: {
    hardware: chip('isaac', { cores: [14, 12], perCore: 96, rows: 128, columns: 128, cellBits: 2, mesh: true }),
    about: 'ISAAC: 168 cores of 12 x 8 arrays, 128 x 128',
    source: SHAPE,
  },
  puma: {
    hardware: chip('puma', { cores: [23, 6], perCore: 128, rows: 128, columns: 128, cellBits: 2, mesh: true }),
    about: 'PUMA: 138 cores of 8 x 16 arrays, 128 x 128',
    source: SHAPE,
  },
  sre: {
    hardware: chip('sre', { cores: [14, 12], perCore: 96, rows: 128, columns: 128, cellBits: 2, mesh: true }),
    about: 'SRE: 168 cores of 12 x 8 arrays, 128 x 128 (its skipping of zeros is not modelled)',
    source: SHAPE,
  },
  'isscc20-15.4': {
    hardware: chip('isscc20-15.4', { cores: [1, 1], perCore: 8, rows: 512, columns: 512, cellBits: 1, bits: 8 }),
    about: 'ISSCC’20 15.4, 2 Mb macro: 1 core of 8 arrays, 512 x 512, 1-bit cells',
    source: `${SHAPE}; 1-bit cells give its 2 Mb`,
  },
  'isscc21-16.1': {
    hardware: chip('isscc21-16.1', { cores: [1, 1], perCore: 8, rows: 1024, columns: 512, cellBits: 1, bits: 8 }),
    about: 'ISSCC’21 16.1, 4 Mb macro: 1 core of 8 arrays, 1024 x 512, 1-bit cells',
    source: `${SHAPE}; 1-bit cells give its 4 Mb`,
  },
  forms: {
    hardware: chip('forms', { cores: [14, 12], perCore: 96, rows: 128, columns: 128, cellBits: 2, mesh: true }),
    about: 'FORMS: 168 cores of 12 x 8 arrays, 128 x 128 (its polarised fragments are not modelled)',
    source: SHAPE,
  },
  'isscc22-11.4': {
    hardware: chip('isscc22-11.4', { cores: [1, 1], perCore: 32, rows: 1024, columns: 256, cellBits: 1, bits: 8 }),
    about: 'ISSCC’22 11.4, 8 Mb macro: 1 core of 32 arrays, 1024 x 256, 1-bit cells',
    source: `${SHAPE}; 1-bit cells give its 8 Mb`,
  },
  'isscc23-16.6': {
    hardware: chip('isscc23-16.6', { cores: [2, 2], perCore: 8, rows: 512, columns: 1024, cellBits: 2, bits: 8 }),
    about: 'ISSCC’23 16.6, 4 MB processor: 4 cores of 8 arrays, 512 x 1024, 2-bit cells',
    source: `${SHAPE}; 2-bit cells give its 4 MB`,
  },
};
