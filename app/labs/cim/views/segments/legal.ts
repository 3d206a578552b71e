import type { CimProblem } from '../../../../../engines/cim/types.ts';

/** Why operators cannot be one segment. */
export type Obstacle =
  | { kind: 'arrays'; needs: number; has: number; over: number }
  /** `operator`'s weights are the output of `producer`, which would be in the same segment. */
  | { kind: 'operand'; operator: number; producer: number };

/** Why the operators [first, end) cannot be resident together; undefined where they can. */
export function obstacleTo(
  { operators, hardware, rules }: CimProblem,
  first: number,
  end: number,
): Obstacle | undefined {
  let needs = 0;
  for (let each = first; each < end; each++) needs += operators[each]!.arrays;
  const has = hardware.arrays;
  if (needs > has) return { kind: 'arrays', needs, has, over: needs - has };
  if (rules.dynamicInSegment) return undefined;
  for (let each = first; each < end; each++) {
    const found = operators[each]!.weightsFrom.find(({ operator }) => operator >= first && operator < end);
    if (found) return { kind: 'operand', operator: each, producer: found.operator };
  }
  return undefined;
}
