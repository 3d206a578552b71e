/** User-defined primitives (1364-2005 section 8): their tables and instances. The parser has checked the rows. */
import type * as ir from '../ir/types.ts';
import { readsOf } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import { strengthOf } from './gates.ts';
import { lowerDelays } from './statement.ts';
import type { Scope } from './symbols.ts';
import { expand, inputBits, outputBits, terminalsOf } from './terminals.ts';

function tableOf(decl: ast.PrimitiveDecl, ctx: Elaboration): number {
  const known = ctx.tables.get(decl);
  if (known !== undefined) return known;
  const id = ctx.design.udps.length;
  ctx.tables.set(decl, id);
  const initial = decl.initial === '0' ? 0 : decl.initial === '1' ? 1 : 2;
  ctx.design.udps.push({
    name: decl.name.name,
    inputs: decl.ports.length - 1,
    sequential: decl.sequential,
    initial,
    rows: decl.rows.map(({ inputs, state, output }) =>
      state === undefined ? { inputs, output } : { inputs, state, output },
    ),
  });
  return id;
}

/** Elaborates the instances of a primitive. */
export function lowerPrimitives(item: ast.InstanceItem, decl: ast.PrimitiveDecl, scope: Scope, ctx: Elaboration): void {
  const table = tableOf(decl, ctx);
  const delay = delayOf(item, scope, ctx);
  const strength = strengthOf(item.strength);
  for (const instance of item.instances) {
    const terminals = terminalsOf(instance, ctx, decl);
    if (!terminals) continue;
    if (terminals.length !== decl.ports.length) {
      ctx.report(
        {
          code: 'udp-terminals',
          severity: 'error',
          what: `The primitive "${decl.name.name}" has ${decl.ports.length} terminals, not ${terminals.length}.`,
          remedy: 'Connect one net for each.',
        },
        instance,
      );
      continue;
    }
    const names = expand(instance, scope, ctx);
    if (!names) continue;
    const output = outputBits(terminals[0], names.length, 0, instance, scope, ctx);
    const inputs = terminals
      .slice(1)
      .map((terminal, i) => inputBits(terminal, names.length, i + 1, instance.dims.length > 0, scope, ctx));
    if (!output) continue;
    const at = ctx.at(instance);
    names.forEach((_, i) => {
      const own: ir.Expr[] = [];
      for (const bits of inputs) if (bits) own.push(bits[i]!);
      if (own.length !== inputs.length) return;
      const made: ir.UdpInstance = {
        table,
        output: output[i]!,
        inputs: own,
        reads: own.flatMap((expr) => readsOf(expr)),
        scope: scope.ir.id,
        at,
      };
      if (delay) made.delay = delay;
      if (strength) made.strength = strength;
      ctx.design.udpInstances.push(made);
    });
  }
}

/** A delay is read as parameters. */
function delayOf(item: ast.InstanceItem, scope: Scope, ctx: Elaboration): ir.DelayTriple | undefined {
  const [first] = item.params;
  if (!first) return undefined;
  const values: ast.Expr[] = [];
  for (const param of item.params) if (param.value && !param.name) values.push(param.value);
  if (values.length !== item.params.length || values.length > 2) {
    ctx.report(
      {
        code: 'udp-delay',
        severity: 'error',
        what: 'A primitive takes one or two delays and no parameters.',
        remedy: 'Write #(rise, fall).',
      },
      first,
    );
    return undefined;
  }
  return lowerDelays({ values, first: first.first, last: item.params.at(-1)!.last }, scope, ctx);
}
