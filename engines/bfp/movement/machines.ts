import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import { nearest } from '../../document/nearest.ts';
import { INDICES } from './loops.ts';
import type { Machine, MemoryLevel } from './types.ts';

const KIB = 8 * 1024;
const MIB = 1024 * KIB;

export const LEVELS: readonly MemoryLevel[] = ['registers', 'l1', 'l2', 'memory'];

const ENERGY = {
  id: 'movement-energy',
  what: 'Energy of data movement: 640 pJ for 32 bits from the large memory, 5 pJ inside the chip, charged for each 32 bits moved.',
  reason:
    'The released program has the constants 640 and 5 without a unit; they are the known figures of 45 nm for 32 bits.',
};
const OPERATION = {
  id: 'compute-energy',
  what: 'Energy of one multiply-accumulate: 0.23, 0.95 and 4.00 pJ at 8, 16 and 32 bits; other widths by the power of the width through both, two widths by their geometric mean.',
  reason: 'The released program has these three figures only; stored bits count, shared exponents included.',
};
const FULLY = {
  id: 'movement-matrices',
  what: 'A fully connected layer is a 1x1 convolution of a 1x1 image, its rows the batch; its inputs are one wide.',
  reason:
    'The released program knows convolutions only; its sum of tile and window would count such inputs four times.',
};
const WHOLE = {
  id: 'movement-whole-tiles',
  what: 'Tiles are whole numbers that cut a layer into equal parts, each a multiple of the next inner one; the smallest costs, largest first, are found exactly.',
  reason: 'The released program solves for real numbers with a commercial solver and rounds down.',
};
const SPLIT = {
  id: 'movement-threads',
  what: 'The tile in memory is split among threads by output channels, width and height, as it costs least; fewer threads work where a layer has too few tiles.',
  reason:
    'The released program splits output channels first and has no answer where a layer is too small for all threads.',
};
const OWN_BANDWIDTH = {
  id: 'movement-bandwidths',
  what: 'Bandwidths between the levels are relative weights of our own.',
  reason: 'Makers publish no such figures for all levels; only their ratios choose which level is the bottleneck.',
};
const SHARED = [ENERGY, OPERATION, FULLY, WHOLE, SPLIT];

/** Register tile, capacities, weights and threads of the released program. */
const desktop: Machine = {
  id: 'bitq-desktop',
  title: 'Desktop CPU of the paper (i7-10700F)',
  levels: [
    { level: 'registers', capacityBits: 128 * 32, bandwidth: 65 },
    { level: 'l1', capacityBits: 32 * KIB, bandwidth: 57 },
    { level: 'l2', capacityBits: 256 * KIB, bandwidth: 28 },
    { level: 'memory', capacityBits: 16 * MIB, bandwidth: 16 },
  ],
  threads: 8,
  registerTile: { y: 6, f: 16 },
  inputSpan: 'published',
  dramPjPerWord: 640,
  sramPjPerWord: 5,
  assumptions: SHARED,
};

const embedded: Machine = {
  ...desktop,
  id: 'embedded-cpu',
  title: 'Embedded CPU (four Cortex-A76)',
  levels: [
    { level: 'registers', capacityBits: 128 * 32, bandwidth: 77 },
    { level: 'l1', capacityBits: 64 * KIB, bandwidth: 38 },
    { level: 'l2', capacityBits: 512 * KIB, bandwidth: 19 },
    { level: 'memory', capacityBits: 2 * MIB, bandwidth: 12 },
  ],
  threads: 4,
  assumptions: [
    ...SHARED,
    {
      id: 'movement-embedded',
      what: 'The embedded CPU has 32 vector registers of 128 bits, 64 KiB of L1, 512 KiB of L2 a core, 2 MiB of shared L3, four cores.',
      reason: 'The caches of a Raspberry Pi 5 (BCM2712); the paper names no embedded machine with its figures.',
    },
    OWN_BANDWIDTH,
  ],
};

const edge: Machine = {
  ...desktop,
  id: 'edge-accelerator',
  title: 'Edge accelerator (two 16 x 16 arrays)',
  levels: [
    { level: 'registers', capacityBits: 2 * KIB, bandwidth: 128 },
    { level: 'l1', capacityBits: 16 * KIB, bandwidth: 64 },
    { level: 'l2', capacityBits: 128 * KIB, bandwidth: 32 },
    { level: 'memory', capacityBits: 512 * KIB, bandwidth: 8 },
  ],
  threads: 2,
  registerTile: { x: 4, y: 4, f: 16 },
  inputSpan: 'exact',
  assumptions: [
    ...SHARED,
    {
      id: 'movement-edge',
      what: 'The edge accelerator holds 4 x 4 pixels of 16 channels in 2 KiB at the arrays, with 16 KiB and 128 KiB of buffers and 512 KiB in all on the chip; the width of its inputs regards stride.',
      reason: 'A machine of our own, of the size of small published accelerators, without a cache of a processor.',
    },
    OWN_BANDWIDTH,
  ],
};

export const MACHINES: readonly Machine[] = [desktop, embedded, edge];

/** What a design says of its machine: a preset, or a preset with other numbers. */
export type MachineChoice = string | ({ base: string } & Partial<Omit<Machine, 'id' | 'assumptions'>>);

/**
 * The machine that a design names. Levels that it changes are named by `level`; the others stay.
 * Problems: an unknown preset, numbers that no machine has.
 */
export function resolveMachine(choice: MachineChoice): Result<Machine> {
  const { base, levels, registerTile, ...rest } = typeof choice === 'string' ? { base: choice } : choice;
  const preset = MACHINES.find(({ id }) => id === base);
  if (!preset) return fail(unknownMachine(base));
  const changed = new Map((levels ?? []).map((level) => [level.level, level]));
  const machine: Machine = {
    ...preset,
    ...defined(rest),
    levels: preset.levels.map((level) => ({ ...level, ...changed.get(level.level) })),
    registerTile: registerTile ?? preset.registerTile,
  };
  const [first, ...others] = machineProblems(machine);
  return first ? fail(first, ...others) : ok(machine);
}

function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function unknownMachine(name: string): Problem {
  const ids = MACHINES.map(({ id }) => id);
  const near = nearest(name, ids);
  const known = `There are ${ids.join(', ')}.`;
  return error(
    'bfp.machine.unknown',
    `There is no machine "${name}".`,
    near ? `Did you mean "${near}"? ${known}` : known,
    { path: 'slices.bfp.machine' },
  );
}

function machineProblems({ levels, threads, registerTile, dramPjPerWord, sramPjPerWord }: Machine): Problem[] {
  const problems: Problem[] = [];
  const wrong = (what: string, remedy: string, field: string) =>
    problems.push(error('bfp.machine.value', what, remedy, { path: `slices.bfp.machine.${field}` }));
  for (const [at, { level, capacityBits, bandwidth }] of levels.entries()) {
    if (!(capacityBits > 0) || capacityBits === Infinity) {
      wrong(
        `The capacity of ${level} is ${capacityBits} bits.`,
        'Give it more than 0 bits.',
        `levels.${at}.capacityBits`,
      );
    }
    if (!(bandwidth > 0) || bandwidth === Infinity) {
      wrong(`The bandwidth of ${level} is ${bandwidth}.`, 'Give it a number above 0.', `levels.${at}.bandwidth`);
    }
  }
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    wrong(`The machine has ${threads} threads.`, `Give it a whole number from 1 to ${MOST_THREADS}.`, 'threads');
  }
  for (const [index, size] of Object.entries(registerTile)) {
    if (!INDICES.some((it) => it === index) || !Number.isInteger(size) || size! < 1) {
      wrong(
        `The register tile has ${size} of ${index}.`,
        `Give whole numbers of at least 1 for ${INDICES.join(', ')}.`,
        'registerTile',
      );
    }
  }
  for (const [field, value] of Object.entries({ dramPjPerWord, sramPjPerWord })) {
    if (!(value >= 0) || value === Infinity) {
      wrong(`The energy ${field} is ${value} pJ.`, 'Give it a number of at least 0.', field);
    }
  }
  return problems;
}

const MOST_THREADS = 256;
