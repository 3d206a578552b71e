/** Gates and switches (1364-2005 section 7): arrays of them are many of one bit. */
import type * as ir from '../ir/types.ts';
import { readsOf } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import { isNet } from './links.ts';
import { lowerDelays } from './statement.ts';
import type { Scope } from './symbols.ts';
import { expand, inputBits, outputBits, terminalsOf } from './terminals.ts';

const levels: Record<ast.Strength, number> = { supply: 7, strong: 6, pull: 5, weak: 3, highz: 0 };

export function strengthOf(strength: ast.DriveStrength | undefined): ir.DriveStrength | undefined {
  return strength && { zero: levels[strength.zero], one: levels[strength.one] };
}

type Shape = 'many-inputs' | 'many-outputs' | 'fixed' | 'pull' | 'switch';

const shapes: Record<ast.GateType, [shape: Shape, least: number, most: number, delays: number]> = {
  and: ['many-inputs', 2, Number.POSITIVE_INFINITY, 2],
  nand: ['many-inputs', 2, Number.POSITIVE_INFINITY, 2],
  or: ['many-inputs', 2, Number.POSITIVE_INFINITY, 2],
  nor: ['many-inputs', 2, Number.POSITIVE_INFINITY, 2],
  xor: ['many-inputs', 2, Number.POSITIVE_INFINITY, 2],
  xnor: ['many-inputs', 2, Number.POSITIVE_INFINITY, 2],
  buf: ['many-outputs', 2, Number.POSITIVE_INFINITY, 2],
  not: ['many-outputs', 2, Number.POSITIVE_INFINITY, 2],
  bufif0: ['fixed', 3, 3, 3],
  bufif1: ['fixed', 3, 3, 3],
  notif0: ['fixed', 3, 3, 3],
  notif1: ['fixed', 3, 3, 3],
  nmos: ['fixed', 3, 3, 3],
  pmos: ['fixed', 3, 3, 3],
  rnmos: ['fixed', 3, 3, 3],
  rpmos: ['fixed', 3, 3, 3],
  cmos: ['fixed', 4, 4, 3],
  rcmos: ['fixed', 4, 4, 3],
  pullup: ['pull', 1, Number.POSITIVE_INFINITY, 0],
  pulldown: ['pull', 1, Number.POSITIVE_INFINITY, 0],
  tran: ['switch', 2, 2, 0],
  rtran: ['switch', 2, 2, 0],
  tranif0: ['switch', 3, 3, 2],
  tranif1: ['switch', 3, 3, 2],
  rtranif0: ['switch', 3, 3, 2],
  rtranif1: ['switch', 3, 3, 2],
};

/** Elaborates the gates of an item. */
export function lowerGates(item: ast.GateItem, scope: Scope, ctx: Elaboration): void {
  const [shape, least, most, delays] = shapes[item.gate];
  if (item.delay && item.delay.values.length > delays) {
    ctx.report(
      {
        code: 'gate-delays',
        severity: 'error',
        what: `A ${item.gate} takes ${delays === 0 ? 'no delay' : `at most ${delays} delays`}, not ${item.delay.values.length}.`,
        remedy: 'Remove those too many.',
      },
      item.delay,
    );
  }
  const delay = item.delay && lowerDelays(item.delay, scope, ctx);
  for (const instance of item.instances) {
    const terminals = terminalsOf(instance, ctx);
    if (!terminals) continue;
    if (terminals.length < least || terminals.length > most) {
      ctx.report(
        {
          code: 'gate-terminals',
          severity: 'error',
          what: `A ${item.gate} has ${least === most ? least : `at least ${least}`} terminals, not ${terminals.length}.`,
          remedy: 'Connect as many nets.',
        },
        instance,
      );
      continue;
    }
    const names = expand(instance, scope, ctx);
    if (!names) continue;
    if (shape === 'switch') lowerSwitch(item, instance, terminals, names, delay, scope, ctx);
    else lowerGate(item, shape, instance, terminals, names, delay, scope, ctx);
  }
}

function lowerGate(
  item: ast.GateItem,
  shape: Shape,
  instance: ast.Instance,
  terminals: readonly (ast.Expr | undefined)[],
  names: readonly (string | undefined)[],
  delay: ir.DelayTriple | undefined,
  scope: Scope,
  ctx: Elaboration,
): void {
  const outs = shape === 'many-outputs' ? terminals.length - 1 : shape === 'pull' ? terminals.length : 1;
  const outputs: ir.NetPart[][] = [];
  const inputs: ir.Expr[][] = [];
  for (const [i, terminal] of terminals.entries()) {
    if (i < outs) {
      const bits = outputBits(terminal, names.length, i, instance, scope, ctx);
      if (!bits) return;
      outputs.push(bits);
    } else {
      const bits = inputBits(terminal, names.length, i, instance.dims.length > 0, scope, ctx);
      if (!bits) return;
      inputs.push(bits);
    }
  }
  const at = ctx.at(instance);
  const strength = strengthOf(item.strength);
  names.forEach((name, i) => {
    const own = inputs.map((bits) => bits[i]!);
    const gate: ir.Gate = {
      gate: item.gate as ir.GateKind,
      outputs: outputs.map((bits) => bits[i]!),
      inputs: own,
      reads: own.flatMap((expr) => readsOf(expr)),
      scope: scope.ir.id,
      at,
    };
    if (delay) gate.delay = delay;
    if (strength) gate.strength = strength;
    if (name !== undefined) gate.name = name;
    ctx.design.gates.push(gate);
  });
}

function lowerSwitch(
  item: ast.GateItem,
  instance: ast.Instance,
  terminals: readonly (ast.Expr | undefined)[],
  names: readonly (string | undefined)[],
  delay: ir.DelayTriple | undefined,
  scope: Scope,
  ctx: Elaboration,
): void {
  const left = outputBits(terminals[0], names.length, 0, instance, scope, ctx);
  const right = outputBits(terminals[1], names.length, 1, instance, scope, ctx);
  const control =
    terminals.length > 2 ? inputBits(terminals[2], names.length, 2, instance.dims.length > 0, scope, ctx) : undefined;
  if (!left || !right || (terminals.length > 2 && !control)) return;
  if (![...left, ...right].every((part) => isNet(part, ctx))) {
    ctx.report(
      {
        code: 'switch-variable',
        severity: 'error',
        what: `Both sides of a ${item.gate} must be nets.`,
        remedy: 'Use wires.',
      },
      instance,
    );
    return;
  }
  const at = ctx.at(instance);
  names.forEach((_, i) => {
    const made: ir.Switch = {
      kind: item.gate as ir.Switch['kind'],
      left: left[i]!,
      right: right[i]!,
      scope: scope.ir.id,
      at,
    };
    const by = control?.[i];
    if (by) made.control = { expr: by, reads: readsOf(by) };
    if (delay) made.delay = delay;
    ctx.design.switches.push(made);
  });
}
