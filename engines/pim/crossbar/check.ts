import { error, type Problem } from '../../core/result.ts';
import { weightRange } from './coding.ts';
import type { CrossbarSpec } from './types.ts';

const PATH = 'slices.pim.crossbar';
const MOST_SIDE = 32;
const MOST_BITS = 16;

/** What is wrong with a spec: sentences with the field's place and a remedy. */
export function checkSpec(spec: CrossbarSpec): Problem[] {
  const found: Problem[] = [];
  const say = (field: string, what: string, remedy: string) =>
    found.push(error(`crossbar-${field}`, what, remedy, { path: `${PATH}.${field}` }));
  const whole = (
    field: 'rows' | 'columns' | 'weightBits' | 'inputBits' | 'cellBits' | 'dacBits' | 'adcBits',
    most: number,
    least = 1,
  ) => {
    const value = spec[field];
    if (!Number.isInteger(value) || value < least || value > most) {
      say(field, `The crossbar's "${field}" is ${value}.`, `Choose a whole number from ${least} to ${most}.`);
    }
  };
  whole('rows', MOST_SIDE);
  whole('columns', MOST_SIDE);
  whole('weightBits', MOST_BITS, 2);
  for (const field of ['inputBits', 'cellBits', 'dacBits'] as const) whole(field, MOST_BITS);
  whole('adcBits', MOST_BITS, spec.signed === 'pair' ? 2 : 1);

  const notNegative = [
    'gMinUs',
    'variationPercent',
    'readNoisePercent',
    'wireOhm',
    'driftExponent',
    'driftSeconds',
  ] as const;
  for (const field of notNegative) {
    if (!(spec[field] >= 0 && Number.isFinite(spec[field]))) {
      say(field, `The crossbar's "${field}" is ${spec[field]}.`, 'Choose a number that is not below 0.');
    }
  }
  for (const field of ['adcRangePercent', 'readVolts'] as const) {
    if (!(spec[field] > 0 && Number.isFinite(spec[field]))) {
      say(field, `The crossbar's "${field}" is ${spec[field]}.`, 'Choose a number above 0.');
    }
  }
  if (!(spec.gMaxUs > spec.gMinUs && Number.isFinite(spec.gMaxUs))) {
    say(
      'gMaxUs',
      `The greatest conductance, ${spec.gMaxUs} µS, is not above the least, ${spec.gMinUs} µS.`,
      'Levels lie between the two: raise the greatest or lower the least conductance.',
    );
  }
  return found;
}

/** Whole numbers of the user's, brought into range and size; a problem says what was changed. */
export function fitWeights(
  values: readonly (readonly number[])[],
  spec: CrossbarSpec,
): { weights: number[][]; problem?: Problem } {
  const { least, most } = weightRange(spec);
  let outside = 0;
  const weights = Array.from({ length: spec.rows }, (_, row) =>
    Array.from({ length: spec.columns }, (_, column) => {
      const value = Math.round(values[row]?.[column] ?? 0);
      if (value < least || value > most) outside++;
      return Math.min(most, Math.max(least, value)) + 0;
    }),
  );
  return { weights, problem: outside > 0 ? cutOff('weights', outside, least, most) : undefined };
}

export function fitInputs(values: readonly number[], spec: CrossbarSpec): { inputs: number[]; problem?: Problem } {
  const most = 2 ** spec.inputBits - 1;
  let outside = 0;
  const inputs = Array.from({ length: spec.rows }, (_, row) => {
    const value = Math.round(values[row] ?? 0);
    if (value < 0 || value > most) outside++;
    return Math.min(most, Math.max(0, value));
  });
  return { inputs, problem: outside > 0 ? cutOff('inputs', outside, 0, most) : undefined };
}

function cutOff(field: 'weights' | 'inputs', count: number, least: number, most: number): Problem {
  const thing = field === 'weights' ? 'weight' : 'input';
  return {
    code: `crossbar-${field}-cut`,
    severity: 'warning',
    what: `${count} ${thing}${count === 1 ? ' is' : 's are'} outside ${least} to ${most} and ${count === 1 ? 'was' : 'were'} cut off there.`,
    where: { path: `${PATH}.${field}` },
    remedy: `Give the ${field} more bits, or smaller values.`,
  };
}
