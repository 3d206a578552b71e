import { error, type Problem } from '../core/result.ts';
import type { Hardware } from './hardware.ts';
import { weightsPerRow } from './presets/geometry.ts';

interface Rule {
  /** Path inside `Hardware`, as in the document. */
  path: string;
  what: string;
  value(hardware: Hardware): number;
  /** 'whole': 1, 2, 3 ...; 'positive': more than 0; 'zero-up': 0 or more. */
  must: 'whole' | 'positive' | 'zero-up';
  most?: number;
}

/** Cores that a program can name: their numbers are 16-bit. */
const MOST_CORES = 32_767;

const RULES: Rule[] = [
  { path: 'chips.x', what: 'The number of chips across', value: (it) => it.chips.x, must: 'whole' },
  { path: 'chips.y', what: 'The number of chips down', value: (it) => it.chips.y, must: 'whole' },
  { path: 'chips.linkGBps', what: 'The bandwidth between chips', value: (it) => it.chips.linkGBps, must: 'positive' },
  { path: 'cores.x', what: 'The number of cores across', value: (it) => it.cores.x, must: 'whole' },
  { path: 'cores.y', what: 'The number of cores down', value: (it) => it.cores.y, must: 'whole' },
  {
    path: 'crossbar.perCore',
    what: 'The number of crossbars in a core',
    value: (it) => it.crossbar.perCore,
    must: 'whole',
  },
  { path: 'crossbar.rows', what: 'The number of rows of a crossbar', value: (it) => it.crossbar.rows, must: 'whole' },
  {
    path: 'crossbar.columns',
    what: 'The number of columns of a crossbar',
    value: (it) => it.crossbar.columns,
    must: 'whole',
  },
  {
    path: 'crossbar.cellBits',
    what: 'The precision of a cell',
    value: (it) => it.crossbar.cellBits,
    must: 'whole',
    most: 32,
  },
  {
    path: 'crossbar.dacBits',
    what: 'The resolution of the DACs',
    value: (it) => it.crossbar.dacBits,
    must: 'whole',
    most: 32,
  },
  {
    path: 'crossbar.adcBits',
    what: 'The resolution of the ADCs',
    value: (it) => it.crossbar.adcBits,
    must: 'whole',
    most: 32,
  },
  { path: 'mvmLatencyNs', what: 'The time of a product', value: (it) => it.mvmLatencyNs, must: 'positive' },
  {
    path: 'mvmIntervalNs',
    what: 'The time between two starts of products',
    value: (it) => it.mvmIntervalNs,
    must: 'zero-up',
  },
  {
    path: 'activationBits',
    what: 'The precision of activations',
    value: (it) => it.activationBits,
    must: 'whole',
    most: 32,
  },
  { path: 'weightBits', what: 'The precision of weights', value: (it) => it.weightBits, must: 'whole', most: 32 },
  {
    path: 'vector.bytesPerStep',
    what: 'The width of the vector unit',
    value: (it) => it.vector.bytesPerStep,
    must: 'positive',
  },
  {
    path: 'vector.stepNs',
    what: 'The time of a step of the vector unit',
    value: (it) => it.vector.stepNs,
    must: 'positive',
  },
  {
    path: 'localMemory.bytes',
    what: 'The size of the local memory',
    value: (it) => it.localMemory.bytes,
    must: 'positive',
  },
  {
    path: 'localMemory.gbps',
    what: 'The bandwidth of the local memory',
    value: (it) => it.localMemory.gbps,
    must: 'positive',
  },
  {
    path: 'globalMemory.bytes',
    what: 'The size of the global memory',
    value: (it) => it.globalMemory.bytes,
    must: 'positive',
  },
  {
    path: 'globalMemory.gbps',
    what: 'The bandwidth of the global memory',
    value: (it) => it.globalMemory.gbps,
    must: 'positive',
  },
  { path: 'network.busGBps', what: 'The bandwidth of the bus', value: (it) => it.network.busGBps, must: 'positive' },
  {
    path: 'network.linkGBps',
    what: 'The bandwidth of a link of the mesh',
    value: (it) => it.network.linkGBps,
    must: 'positive',
  },
  { path: 'network.hopNs', what: 'The time of a hop of the mesh', value: (it) => it.network.hopNs, must: 'zero-up' },
  ...(
    [
      'mvmPjPerCrossbar',
      'vectorPjPerElement',
      'localMemoryPjPerByte',
      'globalMemoryPjPerByte',
      'networkPjPerByteHop',
      'linkPjPerByte',
      'staticMwPerCore',
      'staticMwPerChip',
    ] as const
  ).map((key): Rule => {
    return { path: `energy.${key}`, what: `The energy entry ${key}`, value: (it) => it.energy[key], must: 'zero-up' };
  }),
];

const DEMANDS: Record<Rule['must'], { holds(value: number): boolean; words: string }> = {
  whole: { holds: (value) => Number.isInteger(value) && value >= 1, words: 'a whole number of at least 1' },
  positive: { holds: (value) => value > 0, words: 'more than 0' },
  'zero-up': { holds: (value) => value >= 0, words: '0 or more' },
};

/** What is wrong with a chip, every finding with the path of the value in the document. Empty where it can be used. */
export function checkHardware(hardware: Hardware, path = 'slices.pim.hardware'): Problem[] {
  const problems: Problem[] = [];
  for (const rule of RULES) {
    const value = rule.value(hardware);
    const { holds, words } = DEMANDS[rule.must];
    const where = { path: `${path}.${rule.path}` };
    if (!Number.isFinite(value) || !holds(value))
      problems.push(
        error(
          'bad-hardware',
          `${rule.what} is ${value}, but must be ${words}.`,
          `Set ${rule.path} to ${words}.`,
          where,
        ),
      );
    else if (rule.most !== undefined && value > rule.most)
      problems.push(
        error(
          'bad-hardware',
          `${rule.what} is ${value} bits, but at most ${rule.most} are possible.`,
          `Lower ${rule.path}.`,
          where,
        ),
      );
  }
  if (problems.length > 0) return problems;
  const cores = hardware.chips.x * hardware.chips.y * hardware.cores.x * hardware.cores.y;
  if (cores > MOST_CORES)
    problems.push(
      error(
        'too-many-cores',
        `The chip has ${cores} cores, but programs can name at most ${MOST_CORES}.`,
        'Take fewer chips or fewer cores.',
        { path: `${path}.cores` },
      ),
    );
  if (weightsPerRow(hardware, hardware.weightBits) === 0)
    problems.push(
      error(
        'weight-too-wide',
        `A weight of ${hardware.weightBits} bits takes ${Math.ceil(hardware.weightBits / hardware.crossbar.cellBits)} cells of ` +
          `${hardware.crossbar.cellBits} bits, but a crossbar has only ${hardware.crossbar.columns} columns.`,
        'Take wider crossbars, cells of more bits, or weights of fewer.',
        { path: `${path}.weightBits` },
      ),
    );
  return problems;
}
