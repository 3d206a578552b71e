/**
 * Initial values of static variables. In SystemVerilog they are given before any process runs (1800-2012 section 10.5); in Verilog by a procedure at
 * time 0, as if written in an `initial` (1364-2005 section 6.2.1): whoever waits already sees the change.
 */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import { isSystemVerilog } from './drives.ts';
import { lowerAssigned } from './expression.ts';
import type { DataType, Symbol as Meaning, Scope } from './symbols.ts';

export function lowerInitialValues(ctx: Elaboration): void {
  for (const given of ctx.inits) {
    const { symbol, init, scope } = given;
    if (symbol.kind === 'signal' && ctx.bodyOf.has(scope) && scope.ir.kind !== 'package' && !isSystemVerilog(scope)) {
      const list = ctx.initialProcesses.get(scope) ?? [];
      list.push(given);
      ctx.initialProcesses.set(scope, list);
    } else assignInit(symbol, init, scope, ctx);
  }
  ctx.inits.length = 0;
}

/** The procedure that gives the variables of a scope of Verilog their initial values; undefined: there are none. */
export function initialValuesAsProcess(scope: Scope, ctx: Elaboration): ir.Process | undefined {
  const body: ir.Stmt[] = [];
  for (const { symbol, init } of ctx.initialProcesses.get(scope) ?? []) {
    if (symbol.kind !== 'signal') continue;
    const value = lowerAssigned(init, symbol.type, scope, ctx);
    const { id, type } = symbol.signal;
    if (value)
      body.push({ op: 'assign', target: { kind: 'signal', signal: id, type }, value, at: ctx.at(symbol.node) });
  }
  const [first] = body;
  if (!first) return undefined;
  return { kind: 'initial', scope: scope.ir.id, at: first.at, body: { op: 'block', body, at: first.at } };
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
