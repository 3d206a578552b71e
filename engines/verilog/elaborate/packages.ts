/** Packages and compilation units (1800-2012 sections 26 and 3.12.1). */
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import type { Scope } from './symbols.ts';

/** The scope of a package; that there is none is reported. */
export function packageOf(name: ast.Name, ctx: Elaboration): Scope | undefined {
  const scope = name.name === '$unit' ? ctx.unit : ctx.packages.get(name.name);
  if (!scope) {
    ctx.report(
      {
        code: 'no-package',
        severity: 'error',
        what: `There is no package "${name.name}".`,
        remedy: 'Check the name, and that the file with the package is compiled, before its use.',
      },
      name,
    );
  }
  return scope;
}
