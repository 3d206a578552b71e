/** Constant expressions: parameters, ranges, generate conditions (IEEE 1364-2005 section 5 and 10.4.5). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { integerOf } from './constant-ops.ts';
import { Evaluation, NotConstant } from './evaluate.ts';
import { analyse, lowerTo } from './expression.ts';
import { attempt, type Env, fail, sourceText } from './lowering.ts';
import type { Context, DataType, Scope } from './symbols.ts';

/**
 * The value of a constant expression: by itself, or as assigned to something of type `target`. Undefined: it is none,
 * which was reported.
 */
export function constantOf(expr: ast.Expr, scope: Scope, ctx: Context, target?: DataType): ir.Constant | undefined {
  return attempt(() => constantValue(expr, { scope, ctx }, target));
}

/** A constant that has to be a known whole number: bounds, sizes, counts. Undefined: it is none, which was reported. */
export function constantInteger(expr: ast.Expr, scope: Scope, ctx: Context): number | undefined {
  return attempt(() => constantIndex(expr, { scope, ctx }));
}

/** Like `constantOf`, within a lowering. */
export function constantValue(expr: ast.Expr, env: Env, target?: DataType): ir.Constant {
  if (target) return evaluated(lowerTo(expr, target, env), expr, env);
  const operand = analyse(expr, env);
  const value = evaluated(operand.build(), expr, env);
  if (operand.text === undefined || value.kind !== 'vector') return value;
  const literal = { ...value };
  texts.set(literal, operand.text);
  return literal;
}

/** Constants that were made of string literals: where text is printed they are text still. */
const texts = new WeakMap<ir.Constant, string>();

/** The characters of a constant that was made of string literals alone. */
export function textOf(value: ir.Constant): string | undefined {
  return texts.get(value);
}

function evaluated(lowered: ir.Expr, expr: ast.Expr, env: Env): ir.Constant {
  if (lowered.op === 'const') return lowered.value;
  try {
    return new Evaluation(env.ctx).constant(lowered);
  } catch (thrown) {
    if (!(thrown instanceof NotConstant)) throw thrown;
    return fail(
      env,
      'not-constant',
      `A constant is needed here, but "${sourceText(expr, env.ctx)}" is none: ${thrown.message}`,
      expr,
    );
  }
}

/** Like `constantInteger`, within a lowering. */
export function constantIndex(expr: ast.Expr, env: Env): number {
  const value = constantValue(expr, env);
  if (value.kind !== 'vector') {
    return fail(env, 'whole-number', `A whole number is needed here, not a ${value.kind}.`, expr);
  }
  if (value.b !== 0n) {
    return fail(env, 'unknown-bits', 'A known whole number is needed here, this has bits that are x or z.', expr);
  }
  const number = Number(integerOf(value));
  if (Number.isSafeInteger(number)) return number;
  return fail(env, 'whole-number', `The number ${integerOf(value)} is too large here.`, expr);
}
