/**
 * What the items of the tree become in the design: continuous assignments, processes, gates, connections.
 *
 * Order of `design.processes`, which is the order in which Icarus 11 starts its threads at time 0 (measured with the native tool):
 * a scope's generate blocks come first, in the order of their constructs, then its instances in order (arrays of them from the right of the range to
 * the left), then, in Verilog, one procedure that gives its variables their initial values, then its own procedures in order. Tops are in the order of
 * their names, or in the order in which they are asked for. In the list so made, `always` procedures whose first statement is an event control of levels alone, `always_comb` and `always_latch`
 * are put at the front, the last one first: they wait before any other procedure assigns. (always_comb and always_latch then wait, too; that they run once
 * at time 0 happens in the inactive region, after all that was started.) `always_ff` stands among the others, as in Icarus. `final` procedures come last.
 */
import type * as ir from '../ir/types.ts';
import { readsOf } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import type { Body, Elaboration } from './context.ts';
import { checkDriven } from './drives.ts';
import { lowerAssigned } from './expression.ts';
import { lowerGates, strengthOf } from './gates.ts';
import { initialValuesAsProcess } from './initial-values.ts';
import { moduleOf } from './instances.ts';
import { isNet, isRealPart, pairParts, partsOfExpr, partsOfSignal, readPart, widthOfParts } from './links.ts';
import { lookupDeclared } from './lookup.ts';
import { lowerNetParts } from './lvalue.ts';
import { checkPorts } from './port-lists.ts';
import { connectInstance } from './ports.ts';
import { lowerSpecify } from './specify.ts';
import { lowerDelays, lowerProcess } from './statement.ts';
import type { Scope } from './symbols.ts';
import { lowerPrimitives } from './udp.ts';

interface Started {
  /** Wait before others run. */
  waiting: ir.Process[];
  running: ir.Process[];
  finals: ir.Process[];
}

/** Lowers the items of all bodies, and orders the processes. */
export function emitAll(tops: readonly Scope[], ctx: Elaboration): void {
  const started: Started = { waiting: [], running: [], finals: [] };
  for (const scope of ctx.packages.values()) emitScope(scope, ctx, started);
  for (const scope of tops) emitScope(scope, ctx, started);
  ctx.design.processes.push(...started.waiting.toReversed(), ...started.running, ...started.finals);
}

function emitScope(scope: Scope, ctx: Elaboration, started: Started): void {
  const body = ctx.bodyOf.get(scope);
  if (!body) return;
  // Connections and assignments in the order of the source, processes of children before those of the scope.
  for (const item of body.items) emitStructure(item, body, ctx);
  for (const item of body.items) {
    if (!item.kind.startsWith('generate-')) continue;
    for (const child of body.children.get(item) ?? []) emitScope(child, ctx, started);
  }
  for (const item of body.items) {
    if (item.kind !== 'instance') continue;
    for (const instance of item.instances) {
      // Of an array, the one at the right of its range comes first.
      for (const child of (body.children.get(instance) ?? []).toReversed()) emitScope(child, ctx, started);
    }
  }
  for (const item of body.items) {
    if (item.kind !== 'module') continue;
    for (const child of body.children.get(item) ?? []) emitScope(child, ctx, started);
  }
  const initial = initialValuesAsProcess(scope, ctx);
  if (initial) started.running.push(initial);
  for (const item of body.items) {
    if (item.kind === 'process') emitProcess(item, scope, ctx, started);
    if (item.kind === 'assert-item' && ctx.assertions) {
      const process: ast.ProcessItem = {
        kind: 'process',
        word: 'always_comb',
        body: item.label ? { ...item.statement, label: item.label } : item.statement,
        first: item.first,
        last: item.last,
      };
      emitProcess(process, scope, ctx, started);
    }
  }
}

function emitProcess(item: ast.ProcessItem, scope: Scope, ctx: Elaboration, started: Started): void {
  if (scope.ir.kind === 'package') {
    ctx.report(
      {
        code: 'package-item',
        severity: 'error',
        what: 'A package has no procedures.',
        remedy: 'Move it into a module.',
      },
      item,
    );
    return;
  }
  const process = lowerProcess(item, scope, ctx);
  if (item.word === 'final') started.finals.push(process);
  else if (item.word === 'always_comb' || item.word === 'always_latch') started.waiting.push(process);
  else if (item.word === 'always' && waitsForLevels(process.body)) started.waiting.push(process);
  else started.running.push(process);
}

/** Whether a statement begins with an event control without edges and named events. */
function waitsForLevels(stmt: ir.Stmt): boolean {
  if (stmt.op === 'wait-event') {
    return stmt.items.every((item) => item.edge === undefined && item.what.kind === 'expr' && item.iff === undefined);
  }
  if (stmt.op !== 'block' || stmt.scope !== undefined) return false;
  const [first] = stmt.body;
  return first !== undefined && waitsForLevels(first);
}

function emitStructure(item: ast.Item, body: Body, ctx: Elaboration): void {
  const { scope } = body;
  switch (item.kind) {
    case 'assign':
      emitAssign(item, scope, ctx);
      break;
    case 'net':
      emitNetValues(item, scope, ctx);
      break;
    case 'gate':
      lowerGates(item, scope, ctx);
      break;
    case 'instance': {
      const primitive = ctx.primitives.get(item.module.name);
      if (primitive) {
        lowerPrimitives(item, primitive, scope, ctx);
        break;
      }
      const decl = moduleOf(item.module.name, scope, ctx);
      if (!decl) break;
      for (const instance of item.instances) {
        const children = body.children.get(instance);
        const [first] = children ?? [];
        if (!children || !first) continue;
        checkPorts(first, ctx);
        connectInstance(instance, children, decl, scope, ctx);
      }
      break;
    }
    case 'specify':
      if (ctx.options.specify) lowerSpecify(item, scope, ctx);
      break;
    case 'alias':
      emitAlias(item, scope, ctx);
      break;
    default:
      break;
  }
}

function emitAssign(item: ast.ContinuousAssign, scope: Scope, ctx: Elaboration): void {
  const delay = item.delay && lowerDelays(item.delay, scope, ctx);
  const strength = strengthOf(item.strength);
  for (const assign of item.assigns) {
    const target = lowerNetParts(assign.left, scope, ctx);
    if (!target) {
      // What is wrong on the right is worth knowing, too.
      continue;
    }
    const value = lowerAssigned(assign.right, target.type, scope, ctx);
    if (!value || !checkDriven(target.parts, assign, scope, ctx)) continue;
    pushAssign({ target: target.parts, value, delay, strength, origin: 'assign', node: assign }, scope, ctx);
  }
}

interface NewAssign {
  target: ir.NetPart[];
  value: ir.Expr;
  delay: ir.DelayTriple | undefined;
  strength: ir.DriveStrength | undefined;
  origin: 'assign' | 'declaration';
  node: ast.Node;
}

function pushAssign(made: NewAssign, scope: Scope, ctx: Elaboration): void {
  const { value, target } = made;
  const push = (to: ir.NetPart[], from: ir.Expr) => {
    const assign: ir.ContinuousAssign = {
      target: to,
      value: from,
      reads: readsOf(from),
      scope: scope.ir.id,
      at: ctx.at(made.node),
      origin: made.origin,
    };
    if (made.delay) assign.delay = made.delay;
    if (made.strength) assign.strength = made.strength;
    ctx.design.assigns.push(assign);
  };
  if (value.type.kind !== 'array') {
    push(target, value);
    return;
  }
  // A whole array: element by element.
  const sources = value.op === 'items' ? undefined : partsOfExpr(value, ctx);
  if (value.op === 'items' && value.items.length === target.length) {
    target.forEach((part, i) => {
      push([part], value.items[i]!);
    });
  } else if (sources && sources.length === target.length) {
    const plain = !made.delay && !made.strength;
    for (const { left, right } of pairParts(target, sources)) {
      // As Icarus does, the words of a variable are tied to the nets that follow them.
      if (plain && isNet(left, ctx) && !isNet(right, ctx) && !isRealPart(left, ctx)) {
        ctx.design.links.push({ left, right, driver: 'right', at: ctx.at(made.node) });
      } else push([left], readPart(right, ctx));
    }
  } else {
    ctx.report(
      {
        code: 'not-supported',
        severity: 'error',
        what: 'A continuous assignment of such an array is not supported.',
        remedy: 'Assign its elements one by one, or use always_comb.',
      },
      made.node,
    );
  }
}

/** `wire a = b;` */
function emitNetValues(item: ast.NetDecl, scope: Scope, ctx: Elaboration): void {
  let delay: ir.DelayTriple | undefined;
  let known = false;
  for (const at of item.names) {
    if (!at.init) continue;
    const symbol = lookupDeclared(scope, at.name.name);
    if (symbol?.kind !== 'signal') continue;
    const target = partsOfSignal(symbol.signal);
    const value = lowerAssigned(at.init, symbol.type, scope, ctx);
    if (!target || !value || !checkDriven(target, at, scope, ctx)) continue;
    if (!known) {
      delay = item.delay && lowerDelays(item.delay, scope, ctx);
      known = true;
    }
    pushAssign(
      { target, value, delay, strength: strengthOf(item.strength), origin: 'declaration', node: at },
      scope,
      ctx,
    );
  }
}

function emitAlias(item: ast.AliasItem, scope: Scope, ctx: Elaboration): void {
  const sides = item.nets.map((net) => ({ net, lowered: lowerNetParts(net, scope, ctx) }));
  const [first, ...others] = sides;
  if (!first?.lowered) return;
  for (const { net, lowered } of others) {
    if (!lowered) continue;
    const parts = [...first.lowered.parts, ...lowered.parts];
    if (widthOfParts(lowered.parts) !== widthOfParts(first.lowered.parts) || !parts.every((part) => isNet(part, ctx))) {
      ctx.report(
        {
          code: 'alias',
          severity: 'error',
          what: 'The members of an alias must be nets of the same width.',
          remedy: 'Use equally wide nets.',
        },
        net,
      );
      continue;
    }
    const at = ctx.at(item);
    for (const { left, right } of pairParts(first.lowered.parts, lowered.parts)) {
      ctx.design.links.push({ left, right, at });
    }
  }
}
