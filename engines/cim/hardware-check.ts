import { error, type Problem } from '../core/result.ts';
import type { CimHardware } from './hardware.ts';
import { type ConstantPath, constantAt, FORMS, PATHS } from './presets/constants.ts';

/** 'whole': 1, 2, 3 ...; 'positive': more than 0; 'zero-up': 0 or more. */
type Must = 'whole' | 'positive' | 'zero-up';

const MUST: Record<ConstantPath, Must> = {
  arrays: 'whole',
  'grid.columns': 'whole',
  'array.rows': 'whole',
  'array.columns': 'whole',
  'array.cellBits': 'whole',
  'array.activeRows': 'whole',
  'array.inputBits': 'whole',
  'array.turnCycles': 'positive',
  'array.writeCycles': 'zero-up',
  'array.memoryBytesPerCycle': 'positive',
  weightBits: 'whole',
  activationBits: 'whole',
  mainBytesPerCycle: 'positive',
  externalBytesPerCycle: 'positive',
  switchToComputeCycles: 'zero-up',
  switchToMemoryCycles: 'zero-up',
  clockMhz: 'positive',
  'energy.arrayTurnPj': 'zero-up',
  'energy.memoryArrayPjPerByte': 'zero-up',
  'energy.mainPjPerByte': 'zero-up',
  'energy.externalPjPerByte': 'zero-up',
  'energy.arrayWritePj': 'zero-up',
  'energy.arraySwitchPj': 'zero-up',
  'energy.staticMw': 'zero-up',
  'area.arrayMm2': 'zero-up',
  'area.restMm2': 'zero-up',
};

/** What happens without it, where that is more than a number out of range. */
const WHY: Partial<Record<ConstantPath, string>> = {
  mainBytesPerCycle: 'an operator without memory arrays would never be fed',
  externalBytesPerCycle: 'what leaves the chip would never arrive',
  'array.memoryBytesPerCycle': 'memory arrays would feed nothing',
  arrays: 'there would be nothing to compute on',
  clockMhz: 'cycles would have no time',
};

/** More arrays than this no chip of today has, and no screen shows. */
const MOST_ARRAYS = 65_536;

/** What keeps a chip from being one: each problem names the constant by its path in the document. */
export function checkHardware(hardware: CimHardware): Problem[] {
  const problems = PATHS.flatMap((path) => ofNumber(path, constantAt(hardware, path)));
  if (problems.length > 0) return problems;
  const { arrays, array } = hardware;
  if (arrays > MOST_ARRAYS) {
    const what = `The chip has ${arrays} arrays; more than ${MOST_ARRAYS} are not supported.`;
    problems.push(problem('arrays', what, 'Take fewer and larger arrays.'));
  }
  if (array.activeRows > array.rows) {
    const what = `${array.activeRows} rows are to be active at once, but an array has ${array.rows}.`;
    problems.push(problem('array.activeRows', what, `Set the rows active at once to ${array.rows} or fewer.`));
  }
  if (array.rows * array.columns * array.cellBits < 8) {
    const what = `An array of ${array.rows} x ${array.columns} cells of ${array.cellBits} bit holds not even one byte.`;
    problems.push(problem('array.columns', what, 'Give the arrays more rows or columns.'));
  }
  return problems;
}

function ofNumber(path: ConstantPath, value: number): Problem[] {
  const must = MUST[path];
  const isRight =
    Number.isFinite(value) &&
    (must === 'zero-up' ? value >= 0 : value > 0 && (must === 'positive' || Number.isInteger(value)));
  if (isRight) return [];
  const { label, unit } = FORMS[path];
  const why = WHY[path];
  const needs = { whole: 'a whole number from 1 up', positive: 'more than 0', 'zero-up': '0 or more' }[must];
  const what = `"${label}" is ${value}${unit ? ` ${unit}` : ''}; it must be ${needs}${why ? `: otherwise ${why}` : ''}.`;
  return [problem(path, what, `Set it to ${needs}, or leave it out for the preset’s own.`)];
}

function problem(path: ConstantPath, what: string, remedy: string): Problem {
  return error('cim.hardware', what, remedy, { path: `slices.cim.hardware.${path}` });
}
