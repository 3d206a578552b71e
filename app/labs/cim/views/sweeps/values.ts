import type { SweepAxis } from '../../../../../engines/cim/sweep.ts';

/** Where a sweep over an axis starts from. */
export const START_VALUES: Record<SweepAxis, number[]> = {
  sequence: [32, 64, 128, 256, 512, 1024, 2048],
  batch: [1, 2, 4, 8, 16],
  output: [32, 64, 128, 256, 512, 1024, 2048],
  input: [32, 64, 128, 256, 512, 1024, 2048],
  arrays: [48, 64, 96, 128, 192, 256, 384],
  mainBytesPerCycle: [10, 20, 44, 84, 160, 320, 640],
  'array.writeCycles': [10, 32, 100, 320, 1000, 3200],
};

/** Axes that a network without tokens does not have. */
export const OF_TOKENS: readonly SweepAxis[] = ['sequence', 'output', 'input'];

/** Numbers that were typed, ascending and each once; undefined where one is none. */
export function readValues(text: string): number[] | undefined {
  const parts = text.split(/[,;]/).map((part) => part.trim().replace(/[\s_\u202f]/g, ''));
  const values = parts.filter((part) => part !== '').map(Number);
  if (values.length === 0 || values.length > 64) return undefined;
  if (!values.every((value) => Number.isInteger(value) && value >= 1 && value <= 1_000_000)) return undefined;
  return [...new Set(values)].sort((a, b) => a - b);
}
