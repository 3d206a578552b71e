/** Bodies of functions and tasks: lowered once, when they are first needed. */
import type * as ir from '../ir/types.ts';
import { initialised, lowerStatement } from './statement.ts';
import type { Context, Symbol as Meaning } from './symbols.ts';

export type SubprogramSymbol = Extract<Meaning, { kind: 'subprogram' }>;

const lowered = new WeakSet<ir.Subprogram>();
const known = new WeakMap<ir.Design, Map<ir.SubprogramId, SubprogramSymbol>>();

/** Lowers the body into `symbol.subprogram.body`, once: also called early by what evaluates constant functions. */
export function lowerSubprogramBody(symbol: SubprogramSymbol, ctx: Context): void {
  const { subprogram, decl, scope } = symbol;
  if (lowered.has(subprogram)) return;
  lowered.add(subprogram);
  const at = ctx.at(decl);
  const body: ir.Stmt[] = [];
  for (const declaration of decl.decls) {
    if (declaration.kind === 'var') body.push(...initialised(declaration, scope, ctx));
  }
  for (const stmt of decl.body) body.push(lowerStatement(stmt, scope, ctx));
  subprogram.body = { op: 'block', body, at };
}

/** Keeps the symbol for `readySubprogram`: calls in the IR have its number alone. */
export function rememberSubprogram(symbol: SubprogramSymbol, ctx: Context): void {
  let byId = known.get(ctx.design);
  if (!byId) {
    byId = new Map();
    known.set(ctx.design, byId);
  }
  byId.set(symbol.subprogram.id, symbol);
}

/** The subprogram with its body lowered. Undefined: it was never called. */
export function readySubprogram(id: ir.SubprogramId, ctx: Context): ir.Subprogram | undefined {
  const symbol = known.get(ctx.design)?.get(id);
  if (symbol) lowerSubprogramBody(symbol, ctx);
  return symbol?.subprogram;
}
