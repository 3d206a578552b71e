/** What the lowering of expressions and statements shares: where names are looked up, how it stops at an error, what values are before their context is known. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { TokenKind } from '../syntax/tokens.ts';
import { fitted, type Shape } from './build.ts';
import type { Context, DataType, IntegralType, Scope } from './symbols.ts';
import { describeType } from './types.ts';

/** Where an expression stands. */
export interface Env {
  scope: Scope;
  ctx: Context;
  /** Nothing is reported: it is only tried. */
  quiet?: boolean;
  /** What `$` means: the last index of the queue around. */
  dollar?: ir.Expr;
}

/** Thrown when an expression or statement cannot be lowered, after it was reported; caught at the faces. */
export const stopped: unique symbol = Symbol('lowering stopped');

/** Runs a lowering; undefined when it stopped at an error. */
export function attempt<T>(lower: () => T): T | undefined {
  try {
    return lower();
  } catch (thrown) {
    if (thrown !== stopped) throw thrown;
    return undefined;
  }
}

export function fail(env: Env, code: string, what: string, node: ast.Node, remedy?: string): never {
  if (!env.quiet) env.ctx.report({ code, severity: 'error', what, remedy }, node);
  throw stopped;
}

/** Refuses what is Verilog but not read here. `what` is a phrase: 'A class object'. */
export function notSupported(env: Env, what: string, node: ast.Node, remedy?: string): never {
  return fail(env, 'not-supported', `${what} is not supported.`, node, remedy);
}

export function warn(env: Env, code: string, what: string, node: ast.Node, remedy?: string): void {
  if (!env.quiet) env.ctx.report({ code, severity: 'warning', what, remedy }, node);
}

/** An expression whose own type is known, and which can be made for a context. */
export interface Operand {
  node: ast.Expr;
  type: DataType;
  /** Vectors: of the context's width and sign, or of its own without one. Others: as they are. */
  build(to?: Shape): ir.Expr;
  /** A string literal's characters. */
  text?: string;
  /** A number without a size: not for concatenations. */
  unsized?: boolean;
}

export type IntegralOperand = Operand & { type: IntegralType };

export function isIntegral(operand: Operand): operand is IntegralOperand {
  return operand.type.kind === 'integral';
}

/** An operand that stands for itself, and is cut or extended to its context. */
export function leaf(node: ast.Expr, type: DataType, make: () => ir.Expr): Operand {
  return {
    node,
    type,
    build(to) {
      const made = make();
      return to ? fitted(made, to) : made;
    },
  };
}

/** A plain vector type, for results of operators. */
export function plain(width: number, signed: boolean, fourState = true): IntegralType {
  return {
    kind: 'integral',
    width,
    signed,
    fourState,
    dims: width === 1 ? [] : [{ left: width - 1, right: 0 }],
  };
}

/** A type as a sentence has it: 'an array of int'. */
export function articleType(type: DataType): string {
  const text = describeType(type);
  return `${/^[aeiou]/.test(text) ? 'an' : 'a'} ${text}`;
}

/** The same at the start of a sentence. */
export function capitalType(type: DataType): string {
  return `A${articleType(type).slice(1)}`;
}

/** Full name of a scope: `top.u1`. */
export function pathOf(scope: Scope, ctx: Context): string {
  const names: string[] = [];
  for (
    let at: ir.Scope | undefined = scope.ir;
    at;
    at = at.parent === undefined ? undefined : ctx.design.scopes[at.parent]
  ) {
    names.unshift(at.name);
  }
  return names.join('.');
}

/** What the source writes from the node's first to its last token. */
export function sourceText(node: ast.Node, ctx: Context): string {
  const { tokens } = ctx;
  const { first, last } = node;
  if (last < first || tokens.count === 0) return '';
  const file = tokens.file[first];
  if (file === tokens.file[last] && !tokens.fromMacro[first] && !tokens.fromMacro[last]) {
    const text = tokens.files[file!]?.text;
    const from = tokens.offset[first]!;
    const to = tokens.offset[last]! + tokens.length[last]!;
    if (text !== undefined && to > from) return text.slice(from, to);
  }
  // Out of a macro: its tokens.
  const written: string[] = [];
  for (let at = first; at <= last; at++) {
    const text = tokens.texts[at]!;
    written.push(tokens.kinds[at] === TokenKind.string ? `"${text}"` : text);
  }
  return written.join(' ');
}

/** Whether SystemVerilog is in force where the scope's module stands. */
export function isSystemVerilog(scope: Scope): boolean {
  const generation = scope.unit.module?.generation;
  return generation === undefined || generation === '2005-sv' || generation === '2009' || generation === '2012';
}

/** A variable of elaboration's own, hidden from the user: for loops and for values in between. */
export function hiddenVariable(env: Env, name: string, type: ir.IrType, node: ast.Node): ir.Signal {
  const { scope, ctx } = env;
  const owner = scope.subprogram;
  const signal: ir.Signal = {
    id: ctx.design.signals.length,
    name: `${name}$${ctx.design.signals.length}`,
    scope: scope.ir.id,
    at: ctx.at(node),
    kind: 'variable',
    type,
    packed: type.kind === 'vector' && type.width > 1 ? [{ left: type.width - 1, right: 0 }] : [],
    word: type.kind === 'vector' ? 'logic' : type.kind,
    automatic: owner !== undefined && scope.automatic,
    hidden: true,
  };
  ctx.design.signals.push(signal);
  scope.ir.signals.push(signal.id);
  if (signal.automatic) owner!.autos.push(signal.id);
  return signal;
}

export function readSignal(signal: ir.Signal): ir.Expr {
  return { op: 'signal', signal: signal.id, type: signal.type };
}

export function wholeSignal(signal: ir.Signal): ir.LValue {
  return { kind: 'signal', signal: signal.id, type: signal.type };
}
