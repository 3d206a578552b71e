/** Terminals of gates, switches and primitives: one bit for each of an array. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import { checkDriven } from './drives.ts';
import { lowerExpr } from './expression.ts';
import { instanceRange } from './instances.ts';
import { fitTo, selectBits, sliceParts, unknown, widthOfParts } from './links.ts';
import { lowerNetParts } from './lvalue.ts';
import type { Scope } from './symbols.ts';

/** How many there are, and their names, the one at the left of the range first. */
export function expand(instance: ast.Instance, scope: Scope, ctx: Elaboration): (string | undefined)[] | undefined {
  const name = instance.name?.name;
  if (instance.dims.length === 0) return [name];
  const range = instanceRange(instance, scope, ctx);
  if (!range) return undefined;
  const names: string[] = [];
  const step = range.left <= range.right ? 1 : -1;
  for (let i = range.left; step > 0 ? i <= range.right : i >= range.right; i += step) names.push(`${name ?? ''}[${i}]`);
  return names;
}

/** The expressions of the terminals; connections by name are for primitives only. */
export function terminalsOf(
  instance: ast.Instance,
  ctx: Elaboration,
  primitive?: ast.PrimitiveDecl,
): (ast.Expr | undefined)[] | undefined {
  if (primitive && instance.ports.length > 0 && instance.ports.every((port) => port.kind === 'named')) {
    const values: (ast.Expr | undefined)[] = primitive.ports.map(() => undefined);
    for (const port of instance.ports) {
      const at = primitive.ports.findIndex(({ name }) => port.kind === 'named' && name === port.name.name);
      if (at >= 0 && port.kind === 'named') values[at] = port.value;
      else {
        ctx.report(
          {
            code: 'no-port',
            severity: 'error',
            what: `The primitive "${primitive.name.name}" has no such terminal.`,
            remedy: `It has: ${primitive.ports.map(({ name }) => name).join(', ')}.`,
          },
          port,
        );
      }
    }
    return values;
  }
  const terminals: (ast.Expr | undefined)[] = [];
  for (const port of instance.ports) {
    if (port.kind !== 'ordered') {
      ctx.report(
        {
          code: 'named-terminal',
          severity: 'error',
          what: 'Terminals of gates and primitives are connected by order.',
          remedy: 'Write the nets without names.',
        },
        port,
      );
      return undefined;
    }
    terminals.push(port.value);
  }
  return terminals;
}

function refuse(node: ast.Node, width: number, count: number, terminal: number, ctx: Elaboration): undefined {
  ctx.report(
    {
      code: 'terminal-width',
      severity: 'error',
      what: `Expression width ${width} does not match width ${count} of logic gate array port ${terminal + 1}.`,
      remedy: 'Give each gate of the array its bit, or all of them the same one.',
    },
    node,
  );
  return undefined;
}

/** What each of `count` drives. */
export function outputBits(
  expr: ast.Expr | undefined,
  count: number,
  terminal: number,
  instance: ast.Node,
  scope: Scope,
  ctx: Elaboration,
): ir.NetPart[] | undefined {
  if (!expr) {
    ctx.report(
      {
        code: 'no-terminal',
        severity: 'error',
        what: `Terminal ${terminal + 1}, an output, is not connected.`,
        remedy: 'Connect a net.',
      },
      instance,
    );
    return undefined;
  }
  const lowered = lowerNetParts(expr, scope, ctx);
  if (!lowered || !checkDriven(lowered.parts, expr, scope, ctx)) return undefined;
  const width = widthOfParts(lowered.parts);
  if (width !== count && width !== 1) return refuse(expr, width, count, terminal, ctx);
  return Array.from({ length: count }, (_, i) => sliceParts(lowered.parts, width === 1 ? 0 : count - 1 - i, 1)[0]!);
}

/** What each of `count` reads; nothing connected is z. */
export function inputBits(
  expr: ast.Expr | undefined,
  count: number,
  terminal: number,
  array: boolean,
  scope: Scope,
  ctx: Elaboration,
): ir.Expr[] | undefined {
  if (!expr) return Array.from({ length: count }, () => unknown(1, 'z'));
  const lowered = lowerExpr(expr, scope, ctx);
  if (!lowered) return undefined;
  if (lowered.type.kind === 'real') {
    // A real is as true as its whole number's lowest bit.
    const whole = fitTo(lowered, { kind: 'vector', width: count, signed: true, fourState: false });
    return Array.from({ length: count }, (_, i) => selectBits(whole, count - 1 - i, 1));
  }
  if (lowered.type.kind !== 'vector') {
    ctx.report(
      {
        code: 'terminal-type',
        severity: 'error',
        what: `Terminal ${terminal + 1} is not a vector.`,
        remedy: 'Connect a net or a vector expression.',
      },
      expr,
    );
    return undefined;
  }
  const { width } = lowered.type;
  if (array && width !== count && width !== 1) return refuse(expr, width, count, terminal, ctx);
  const shared = width === 1 || count === 1;
  return Array.from({ length: count }, (_, i) => selectBits(lowered, shared ? 0 : count - 1 - i, 1));
}
