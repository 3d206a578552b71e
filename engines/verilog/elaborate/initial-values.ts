/** Initial values of static variables (1800-2012 section 10.5): given before any process runs. */
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import { lowerAssigned } from './expression.ts';
import type { DataType, Symbol as Meaning, Scope } from './symbols.ts';

export function lowerInitialValues(ctx: Elaboration): void {
  for (const { symbol, init, scope } of ctx.inits) assignInit(symbol, init, scope, ctx);
  ctx.inits.length = 0;
}

function assignInit(symbol: Meaning, init: ast.Expr, scope: Scope, ctx: Elaboration): void {
  if (symbol.kind === 'signal') {
    const value = lowerAssigned(init, symbol.type, scope, ctx);
    if (value) symbol.signal.init = value;
    return;
  }
  if (symbol.kind !== 'fields') return;
  const values = fieldValues(init, symbol.type, symbol.fields);
  if (!values) {
    ctx.report(
      {
        code: 'not-supported',
        severity: 'error',
        what: "The initial value of an unpacked struct is supported as '{...} only.",
        remedy: 'Assign it in an initial block.',
      },
      init,
    );
    return;
  }
  for (const [name, value] of values) {
    const field = symbol.fields.get(name);
    if (field) assignInit(field, value, scope, ctx);
  }
}

/** What each field of a struct gets from a pattern. */
function fieldValues(
  init: ast.Expr,
  type: DataType,
  fields: ReadonlyMap<string, Meaning>,
): Map<string, ast.Expr> | undefined {
  if (init.kind !== 'pattern' || init.repeat || type.kind !== 'unpacked-struct') return undefined;
  const values = new Map<string, ast.Expr>();
  const names = [...fields.keys()];
  if (init.items.every((item) => item.key === undefined)) {
    if (init.items.length !== names.length) return undefined;
    for (const [i, item] of init.items.entries()) values.set(names[i]!, item.value);
    return values;
  }
  const rest = init.items.find((item) => item.key === 'default');
  for (const name of names) {
    const item = init.items.find(
      ({ key }) => key !== undefined && key !== 'default' && key.kind === 'name' && key.name === name,
    );
    const value = item?.value ?? rest?.value;
    if (!value) return undefined;
    values.set(name, value);
  }
  return values;
}
