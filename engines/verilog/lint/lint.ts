/** The early warnings: cheap, and certain. What may be meant as it stands is never warned of. */
import type { Problem } from '../../core/result.ts';
import type { Elaboration } from '../elaborate/context.ts';
import { multipleDrivers } from './drivers.ts';
import { inferredLatches } from './latches.ts';
import { incompleteSensitivity } from './sensitivity.ts';
import { usageOf } from './usage.ts';
import { widthProblems } from './widths.ts';

/**
 * Warnings on an elaborated design: widths of assignments and ports, several drivers, inferred latches, incomplete sensitivity
 * lists; in the order of the text, each place once however often its module is instantiated. Implicit nets are found in the
 * syntax tree (`implicit-nets.ts`), so also where elaboration fails.
 */
export function lint(ctx: Elaboration): Problem[] {
  const { design } = ctx;
  const usage = usageOf(design);
  return inOrder([
    ...widthProblems(ctx),
    ...multipleDrivers(design),
    ...inferredLatches(design, usage),
    ...incompleteSensitivity(design, usage),
  ]);
}

function inOrder(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  const unique = problems.filter(({ code, what, where }) => {
    const key = `${code} ${where?.file}:${where?.line}:${where?.column} ${what}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const compare = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);
  return unique.sort(
    (x, y) =>
      compare(x.where?.file ?? '', y.where?.file ?? '') ||
      (x.where?.line ?? 0) - (y.where?.line ?? 0) ||
      (x.where?.column ?? 0) - (y.where?.column ?? 0),
  );
}
