import { error, type Problem } from '../../core/result.ts';
import type { CimProblem } from '../types.ts';

/** Whether operators can be resident together at all. */
export function fits({ operators, hardware, rules }: CimProblem, chosen: readonly number[]): boolean {
  let arrays = 0;
  for (const each of chosen) arrays += operators[each]!.arrays;
  if (arrays > hardware.arrays) return false;
  if (rules.dynamicInSegment) return true;
  return !chosen.some((each) => operators[each]!.weightsFrom.some(({ operator }) => chosen.includes(operator)));
}

/** Says which operator has not arrays enough by itself. */
export function tooLarge({ operators, hardware }: CimProblem): Problem | undefined {
  const found = operators.find(({ arrays }) => arrays > hardware.arrays);
  if (!found) return undefined;
  return error(
    'cim.fit',
    `"${found.name}" takes ${found.arrays} arrays, and the chip has ${hardware.arrays}.`,
    'Give the chip more arrays, or larger ones.',
    { path: 'slices.cim.hardware' },
  );
}
