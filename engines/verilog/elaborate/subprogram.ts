/** Bodies of functions and tasks. */
import type { Context, Symbol as Meaning } from './symbols.ts';

export type SubprogramSymbol = Extract<Meaning, { kind: 'subprogram' }>;

/** Lowers the body into `symbol.subprogram.body`, once: also called early by what evaluates constant functions. */
export function lowerSubprogramBody(symbol: SubprogramSymbol, ctx: Context): void {
  throw new Error(`not yet: ${symbol.kind} ${ctx.delays}`);
}
