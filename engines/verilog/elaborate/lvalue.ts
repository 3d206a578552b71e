/** Places that are written to: left sides of assignments, outputs, the targets of continuous assignments and ports. */

import type * as ir from '../ir/types.ts';
import { linearElement } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import { nameText } from './call.ts';
import { integerOf } from './constant-ops.ts';
import { attempt, type Env, fail, hiddenVariable, notSupported, pathOf, plain, sourceText, warn } from './lowering.ts';
import { elementPlaces, type Place, placeTarget } from './place.ts';
import { refer } from './reference.ts';
import type { Context, DataType, Scope } from './symbols.ts';

/** `procedural`: nets are refused. `force`: nets may be forced, indices are constant. */
export type WriteMode = 'procedural' | 'force';

export interface Target {
  target: ir.LValue;
  type: DataType;
}

/** The place that a name with its selects stands for, whatever may be done with it. */
export function placeOf(expr: ast.Expr, env: Env): Place {
  const reference = refer(expr, env);
  if (reference?.kind === 'place' && !reference.method) return reference.place;
  return fail(
    env,
    'not-a-target',
    `"${nameText(expr)}" is not a valid l-value in ${pathOf(env.scope, env.ctx)}.`,
    expr,
  );
}

/** The signal that a place is in. */
export function signalOf(place: Place): ir.Signal | undefined {
  if (place.root.kind === 'signal') return place.root.symbol.signal;
  return place.root.kind === 'item' ? signalOf(place.root.object) : undefined;
}

function checkWritable(place: Place, env: Env, mode: WriteMode): void {
  const { root, node } = place;
  if (root.kind === 'value') {
    fail(
      env,
      'not-a-target',
      root.constant
        ? `"${nameText(node)}" is a constant: nothing can be assigned to it.`
        : 'This is not something that can be assigned to.',
      node,
    );
  }
  const signal = signalOf(place);
  if (!signal) return;
  if (signal.constant)
    fail(env, 'constant-write', `"${signal.name}" is declared const: nothing can be assigned to it.`, node);
  if (mode === 'procedural' && signal.kind === 'net') {
    fail(
      env,
      'net-in-procedure',
      `"${signal.name}" is not a valid l-value in ${pathOf(env.scope, env.ctx)}: it is a net, declared in ${signal.at.file}:${signal.at.line}.`,
      node,
      'Declare it as reg (or logic), or drive it with a continuous assignment.',
    );
  }
  if (place.type.kind === 'event') {
    fail(
      env,
      'event-write',
      `The named event "${signal.name}" is triggered, not assigned to.`,
      node,
      'Write -> before it.',
    );
  }
}

/** Like `lowerLValue`, within a lowering. */
export function procedureTarget(expr: ast.Expr, env: Env, mode: WriteMode): Target {
  if (expr.kind === 'concat' || (expr.kind === 'pattern' && expr.items.every((item) => item.key === undefined))) {
    const parts = expr.kind === 'concat' ? expr.parts : expr.items.map((item) => item.value);
    if (parts.length === 0) return fail(env, 'not-a-target', 'An empty concatenation cannot be assigned to.', expr);
    const targets = parts.map((part) => procedureTarget(part, env, mode));
    let width = 0;
    for (const [i, part] of targets.entries()) {
      if (part.type.kind !== 'integral') {
        return fail(env, 'concat-type', 'Only vectors can be parts of a concatenation that is assigned to.', parts[i]!);
      }
      width += part.type.width;
    }
    return {
      target: {
        kind: 'concat',
        parts: targets.map((part) => part.target),
        type: { kind: 'vector', width, signed: false, fourState: true },
      },
      type: plain(width, false),
    };
  }
  if (expr.kind === 'stream') return notSupported(env, 'A streaming concatenation on the left of an assignment', expr);
  const place = placeOf(expr, env);
  checkWritable(place, env, mode);
  return { target: placeTarget(place, env), type: place.type };
}

/** A place that is written to, when it is not a concatenation: also whole arrays and structs. */
export function writtenPlace(expr: ast.Expr, env: Env, mode: WriteMode): Place {
  const place = placeOf(expr, env);
  checkWritable(place, env, mode);
  return place;
}

/**
 * A place that is driven all the time: constant parts of nets (or variables), most significant first. A whole array
 * comes as its elements in order. Undefined: it was reported.
 */
export function lowerNetParts(
  expr: ast.Expr,
  scope: Scope,
  ctx: Context,
): { parts: ir.NetPart[]; type: DataType } | undefined {
  return attempt(() => netParts(expr, { scope, ctx }));
}

function netParts(expr: ast.Expr, env: Env): { parts: ir.NetPart[]; type: DataType } {
  if (expr.kind === 'concat') {
    const parts: ir.NetPart[] = [];
    let width = 0;
    for (const part of expr.parts) {
      const inner = netParts(part, env);
      if (inner.type.kind !== 'integral') {
        return fail(env, 'concat-type', 'Only vectors can be parts of a concatenation that is driven.', part);
      }
      parts.push(...inner.parts);
      width += inner.type.width;
    }
    return { parts, type: plain(width, false) };
  }
  const place = placeOf(expr, env);
  if (place.root.kind === 'value') {
    return fail(env, 'not-a-target', `"${nameText(expr)}" is not a net: nothing can drive it.`, expr);
  }
  const parts = elementPlaces(place, env, true).flatMap((element) => placeParts(element, env));
  return { parts, type: place.type };
}

/** The parts that a place of one element is; what selects outside of what is declared goes to a net of no one. */
function placeParts(place: Place, env: Env): ir.NetPart[] {
  const { root } = place;
  if (root.kind !== 'signal') return notSupported(env, 'Driving an element of a list, or a whole struct,', place.node);
  const target = placeTarget(place, env);
  if (target.kind !== 'signal') return [];
  const width = place.type.kind === 'integral' ? place.type.width : 1;
  const part: ir.NetPart = { signal: target.signal, offset: 0, width };
  if (target.indices) {
    const element = linearElement(target.indices);
    if (element === undefined) return notConstant(place, env);
    if (element === null) return [outside(place, width, env)];
    part.element = element;
  }
  if (!target.part) return [part];
  const { offset } = target.part;
  if (offset.op !== 'const' || offset.value.kind !== 'vector') return notConstant(place, env);
  const stored = place.stored.kind === 'integral' ? place.stored.width : 1;
  if (offset.value.b !== 0n) return [outside(place, width, env)];
  const from = Number(integerOf(offset.value));
  const low = Math.max(from, 0);
  const high = Math.min(from + width, stored);
  if (high <= low) return [outside(place, width, env)];
  const parts: ir.NetPart[] = [{ ...part, offset: low, width: high - low }];
  if (from + width > high) parts.unshift(outside(place, from + width - high, env));
  if (low > from) parts.push(outside(place, low - from, env));
  return parts;
}

function notConstant(place: Place, env: Env): never {
  return fail(
    env,
    'variable-drive',
    'What is driven all the time needs constant indices.',
    place.node,
    'Use an always block, or a generate loop.',
  );
}

function outside(place: Place, width: number, env: Env): ir.NetPart {
  warn(
    env,
    'outside',
    `"${sourceText(place.node, env.ctx)}" selects outside of what is declared: nothing is driven there.`,
    place.node,
  );
  const type: ir.IrType =
    place.type.kind === 'real' ? { kind: 'real' } : { kind: 'vector', width, signed: false, fourState: true };
  const net = hiddenVariable(env, 'outside', type, place.node);
  net.kind = 'net';
  net.net = { kind: 'wire' };
  net.word = 'wire';
  net.automatic = false;
  return { signal: net.id, offset: 0, width };
}
