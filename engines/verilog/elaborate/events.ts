/** Named events, event controls and delays (1364-2005 section 9.7, 1800-2012 sections 9.4 and 15.5). */
import type * as ir from '../ir/types.ts';
import { readsOf } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import { convert } from './build.ts';
import { nameText } from './call.ts';
import { analyse } from './expression.ts';
import { articleType, attempt, type Env, fail, isIntegral, notSupported } from './lowering.ts';
import { asTruth } from './operators.ts';
import { type Place, placeTarget } from './place.ts';
import { refer } from './reference.ts';
import type { Context, Scope } from './symbols.ts';
import { describeType } from './types.ts';

/** The named event at a place. */
export function eventOf(place: Place, env: Env): ir.EventRef {
  const target = placeTarget(place, env);
  if (place.type.kind !== 'event' || target.kind !== 'signal') {
    return fail(env, 'event', `"${nameText(place.node)}" is not a named event.`, place.node, 'Declare it as event.');
  }
  const event: ir.EventRef = { signal: target.signal };
  if (target.indices) event.indices = target.indices;
  return event;
}

export function namedEvent(expr: ast.Expr, env: Env): ir.EventRef {
  const reference = refer(expr, env);
  if (reference?.kind === 'place' && !reference.method) return eventOf(reference.place, env);
  return fail(env, 'event', `"${nameText(expr)}" is not a named event.`, expr, 'Declare it as event.');
}

/** What is waited for after `@`. */
export function eventItems(control: ast.EventControl, env: Env): ir.EventItem[] {
  return control.items.map((item) => eventItem(item, env));
}

function eventItem(item: ast.EventControl['items'][number], env: Env): ir.EventItem {
  const made: ir.EventItem = { what: eventSource(item.expr, env) };
  if (item.edge) {
    if (made.what.kind === 'event') {
      return fail(env, 'event-edge', 'A named event has no edges.', item.expr, `Leave out '${item.edge}'.`);
    }
    if (made.what.expr.type.kind !== 'vector') {
      return fail(env, 'event-edge', `A ${made.what.expr.type.kind} has no edges.`, item.expr);
    }
    made.edge = item.edge;
  }
  if (item.iff) made.iff = asTruth(analyse(item.iff, env), env);
  return made;
}

function eventSource(expr: ast.Expr, env: Env): ir.EventItem['what'] {
  if (expr.kind === 'name' || expr.kind === 'member' || expr.kind === 'index' || expr.kind === 'scoped') {
    const reference = refer(expr, env);
    if (reference?.kind === 'place' && !reference.method && reference.place.type.kind === 'event') {
      return { kind: 'event', event: eventOf(reference.place, env) };
    }
  }
  const operand = analyse(expr, env);
  if (operand.type.kind === 'array' || operand.type.kind === 'list' || operand.type.kind === 'map') {
    return notSupported(env, `Waiting for a change of a whole ${describeType(operand.type)}`, expr);
  }
  const made = operand.build();
  return { kind: 'expr', expr: made, reads: readsOf(made) };
}

export function delayOf(expr: ast.Expr, env: Env): ir.DelayExpr {
  const operand = analyse(expr, env);
  if (operand.type.kind !== 'real' && !isIntegral(operand)) {
    return fail(env, 'delay-type', `A delay must be a number, not ${articleType(operand.type)}.`, expr);
  }
  return { value: operand.build(), scope: env.scope.ir.id };
}

/** `#3`, `#(1, 2, 3)` of gates, nets and continuous assignments. Undefined: it was reported. */
export function lowerDelays(delay: ast.Delay, scope: Scope, ctx: Context): ir.DelayTriple | undefined {
  const env: Env = { scope, ctx };
  return attempt(() => {
    const [rise, fall, off] = delay.values.map((value) => delayOf(value, env));
    if (!rise || delay.values.length > 3) return fail(env, 'delay-count', 'There are one to three delays here.', delay);
    const triple: ir.DelayTriple = { rise };
    if (fall) triple.fall = fall;
    if (off) triple.off = off;
    return triple;
  });
}

/** A number as a count of repetitions. */
export function countOf(expr: ast.Expr, env: Env): ir.Expr {
  const operand = analyse(expr, env);
  if (operand.type.kind === 'real') {
    return convert(operand.build(), { kind: 'vector', width: 32, signed: true, fourState: true });
  }
  if (isIntegral(operand)) return operand.build();
  return fail(env, 'count-type', `A count must be a number, not ${articleType(operand.type)}.`, expr);
}
