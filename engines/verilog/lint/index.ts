import type { Problem } from '../../core/result.ts';
import type { Elaborated, ParsedUnit } from '../elaborate/design.ts';
import { declaredOutside, implicitNets } from './implicit-nets.ts';
import { inOrder, lintDesign } from './lint.ts';

/**
 * The early warnings on sources, in the order of the text: cheap, and certain. Implicit nets are found wherever the sources
 * parse; widths, drivers, latches and sensitivity lists where the design was elaborated without an error.
 */
export function lint(units: readonly ParsedUnit[], elaborated: Elaborated): Problem[] {
  const outside = declaredOutside(units.map(({ unit }) => unit));
  const problems = units.flatMap(({ unit, tokens }) => implicitNets(unit, tokens, outside));
  if (elaborated.design) problems.push(...lintDesign(elaborated.context));
  // Elaboration warns of ports by itself, as Icarus Verilog does.
  const key = ({ code, where }: Problem): string => `${code} ${where?.file}:${where?.line}`;
  const said = new Set(elaborated.problems.map(key));
  return inOrder(problems.filter((problem) => problem.code !== 'port-width' || !said.has(key(problem))));
}
