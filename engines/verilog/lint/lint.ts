/** The early warnings on an elaborated design. What may be meant as it stands is never warned of. */
import type { Problem } from '../../core/result.ts';
import type { Elaboration } from '../elaborate/context.ts';
import type { At } from '../ir/types.ts';
import type { Attribute } from '../syntax/ast.ts';
import { walk } from '../syntax/walk.ts';
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
export function lintDesign(ctx: Elaboration): Problem[] {
  const { design } = ctx;
  const usage = usageOf(design);
  return inOrder([
    ...widthProblems(ctx),
    ...multipleDrivers(design),
    ...inferredLatches(design, usage, fullCases(ctx)),
    ...incompleteSensitivity(design, usage),
  ]);
}

/** Cases with the attribute full_case, or with the comment that older tools want. */
function fullCases(ctx: Elaboration): (at: At) => boolean {
  const { tokens } = ctx;
  const places = new Set<string>();
  const key = ({ file, line }: At): string => `${file}:${line}`;
  for (const { file, offset, length, before } of tokens.comments) {
    if (!/full_case/.test(tokens.files[file]!.text.slice(offset, offset + length))) continue;
    // The comment follows the head of its case.
    for (let token = before - 1; token >= 0 && token > before - 200; token--) {
      if (!/^case[xz]?$/.test(tokens.texts[token]!)) continue;
      places.add(key(ctx.at({ first: token, last: token })));
      break;
    }
  }
  const lists = new Set(ctx.bodies.map(({ items }) => items));
  for (const items of lists) {
    for (const item of items) {
      if (item.kind !== 'process') continue;
      walk(item, (node) => {
        const { attributes } = node as { attributes?: Attribute[] };
        if (node.kind === 'case' && attributes?.some(({ name }) => name.name === 'full_case'))
          places.add(key(ctx.at(node)));
      });
    }
  }
  return (at) => places.has(key(at));
}

/** Sorted by place, each once. */
export function inOrder(problems: readonly Problem[]): Problem[] {
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
