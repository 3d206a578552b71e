import { texts } from '../texts.ts';

const words = texts.chip.groups;

const SENSITIVE = ['mainBytesPerCycle', 'array.writeCycles'];
const SIZE = [
  'arrays',
  'grid.columns',
  'array.rows',
  'array.columns',
  'array.cellBits',
  'weightBits',
  'activationBits',
];
const group = (path: string) => path.split('.')[0];

/** Every constant of the chip in one group, by its path: the last takes what is left. */
export const CONSTANT_GROUPS: readonly { id: string; title: string; open: boolean; holds(path: string): boolean }[] = [
  { id: 'sensitive', title: words.sensitive, open: true, holds: (path) => SENSITIVE.includes(path) },
  { id: 'size', title: words.size, open: false, holds: (path) => SIZE.includes(path) },
  {
    id: 'time',
    title: words.time,
    open: false,
    holds: (path) => ![...SENSITIVE, ...SIZE].includes(path) && !['energy', 'area'].includes(group(path) ?? ''),
  },
  { id: 'energy', title: words.energy, open: false, holds: (path) => ['energy', 'area'].includes(group(path) ?? '') },
];
