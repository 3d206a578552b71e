/** Statements: from the syntax tree to the IR (IEEE 1364-2005 section 9, 1800-2012 sections 9 to 12). */
import type * as ir from '../ir/types.ts';
import { eventsOf, readsOf } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import { assignStatement, initialValue, opAssignment } from './assignment.ts';
import { checkFollowed, refuseAutomaticReads } from './automatic.ts';
import { bindArguments, calleeOf, unknownCallee } from './call.ts';
import { caseStatement } from './case.ts';
import { countOf, delayOf, eventItems, namedEvent } from './events.ts';
import { analyse, lowerTo } from './expression.ts';
import { foreachStatement } from './foreach.ts';
import { attempt, type Env, fail, pathOf, sourceText } from './lowering.ts';
import { procedureTarget } from './lvalue.ts';
import { asTruth } from './operators.ts';
import { checkProcess } from './process-delay.ts';
import { refer } from './reference.ts';
import { combinationalReads, starItems } from './sensitivity.ts';
import type { Context, Scope } from './symbols.ts';
import { systemArgs } from './system-function.ts';
import { systemFunction, systemTask } from './system-names.ts';

export { lowerDelays } from './events.ts';

/** A statement of a procedure or a subprogram. What is wrong in it is reported and left out. */
export function lowerStatement(stmt: ast.Stmt, scope: Scope, ctx: Context): ir.Stmt {
  return attempt(() => statement(stmt, { scope, ctx })) ?? empty(ctx.at(stmt));
}

/** The body of a procedure, with what always_comb and always_latch follow (1800-2012 9.2.2.2.1). */
export function lowerProcess(item: ast.ProcessItem, scope: Scope, ctx: Context): ir.Process {
  const body = lowerStatement(item.body, scope, ctx);
  const process: ir.Process = { kind: item.word, scope: scope.ir.id, at: ctx.at(item), body };
  if (item.word === 'always_comb' || item.word === 'always_latch') {
    process.sensitivity = combinationalReads(body, ctx);
  }
  checkProcess(process, item, { scope, ctx });
  return process;
}

function empty(at: ir.At): ir.Stmt {
  return { op: 'block', body: [], at };
}

/** A body that may be a lone semicolon. */
function optional(stmt: ast.Stmt | undefined, env: Env): ir.Stmt | undefined {
  return !stmt || stmt.kind === 'null' ? undefined : statementOf(stmt, env);
}

/** A statement in one: what is wrong in it does not spoil what is around it. */
export function statementOf(stmt: ast.Stmt, env: Env): ir.Stmt {
  return attempt(() => statement(stmt, env)) ?? empty(env.ctx.at(stmt));
}

/** The automatic variables of a block's own scope. */
function autosOf(scope: Scope, ctx: Context): ir.SignalId[] | undefined {
  const autos = scope.ir.signals.filter((id) => {
    const signal = ctx.design.signals[id]!;
    return signal.automatic && !signal.hidden;
  });
  return autos.length > 0 ? autos : undefined;
}

/** Assignments of the initial values of automatic variables; static ones have theirs before any process runs. */
export function initialised(decl: ast.VarDecl, scope: Scope, ctx: Context): ir.Stmt[] {
  return decl.names.flatMap((name) => {
    if (!name.init) return [];
    const { init } = name;
    return attempt(() => initialValue(name.name, init, { scope, ctx })) ?? [];
  });
}

function statement(stmt: ast.Stmt, env: Env): ir.Stmt {
  const { ctx } = env;
  const at = ctx.at(stmt);
  switch (stmt.kind) {
    case 'null':
    case 'error':
    case 'decl':
      return empty(at);
    case 'block':
      return block(stmt, env, at);
    case 'blocking':
    case 'nonblocking':
      return stmt.kind === 'blocking' && stmt.op !== '=' ? opAssignment(stmt, env) : assignStatement(stmt, env);
    case 'expr':
      return expressionStatement(stmt.expr, env, at);
    case 'if': {
      const made: ir.Stmt = { op: 'if', condition: truth(stmt.condition, env), at };
      // biome-ignore lint/suspicious/noThenProperty: the IR calls it so
      made.then = optional(stmt.then, env);
      made.else = optional(stmt.else, env);
      if (stmt.check) made.check = stmt.check;
      return made;
    }
    case 'case':
      return caseStatement(stmt, env, at);
    case 'for':
      return forStatement(stmt, env, at);
    case 'foreach':
      return foreachStatement(stmt, env, at);
    case 'while':
    case 'do':
      return { op: stmt.kind, condition: truth(stmt.condition, env), body: optional(stmt.body, env), at };
    case 'repeat':
      return { op: 'repeat', count: countOf(stmt.count, env), body: optional(stmt.body, env), at };
    case 'forever':
      return { op: 'forever', body: optional(stmt.body, env), at };
    case 'delay':
      return { op: 'delay', delay: delayOf(stmt.delay, env), body: optional(stmt.body, env), at };
    case 'event': {
      const body = optional(stmt.body, env);
      if (!stmt.control.star) return { op: 'wait-event', items: eventItems(stmt.control, env), body, at };
      return { op: 'wait-event', items: starItems(body, stmt.control, env), star: true, body, at };
    }
    case 'wait': {
      const condition = truth(stmt.condition, env);
      return {
        op: 'wait',
        condition,
        reads: readsOf(condition),
        events: eventsOf(condition),
        body: optional(stmt.body, env),
        at,
      };
    }
    case 'wait-fork':
      return { op: 'wait-fork', at };
    case 'trigger': {
      const made: ir.Stmt = { op: 'trigger', event: namedEvent(stmt.event, env), nonBlocking: stmt.nonBlocking, at };
      if (stmt.timing) made.timing = timingOf(stmt.timing, env);
      return made;
    }
    case 'disable':
      return disable(stmt, env, at);
    case 'force': {
      const procedural = stmt.word === 'assign';
      const { target, type } = procedureTarget(stmt.left, env, procedural ? 'procedural' : 'force');
      checkFollowed(target, stmt.word, stmt.left, env);
      const value = lowerTo(stmt.right, type, env);
      refuseAutomaticReads(value, `followed by '${stmt.word}'`, stmt.right, env);
      return { op: 'force', procedural, target, value, reads: readsOf(value), at };
    }
    case 'release': {
      const procedural = stmt.word === 'deassign';
      const { target } = procedureTarget(stmt.left, env, procedural ? 'procedural' : 'force');
      checkFollowed(target, stmt.word, stmt.left, env);
      return { op: 'release', procedural, target, at };
    }
    case 'return':
      return returnStatement(stmt, env, at);
    case 'break':
    case 'continue':
      return { op: stmt.kind, at };
    case 'assert': {
      if (!env.ctx.assertions) return empty(at);
      const made: ir.Stmt = {
        op: 'assert',
        word: stmt.word,
        condition: truth(stmt.condition, env),
        pass: optional(stmt.pass, env),
        fail: optional(stmt.fail, env),
        deferred: stmt.deferred !== undefined,
        scope: env.scope.ir.id,
        at,
      };
      if (stmt.label) made.label = stmt.label.name;
      return made;
    }
  }
}

function truth(expr: ast.Expr, env: Env): ir.Expr {
  return asTruth(analyse(expr, env), env);
}

/** The timing inside an assignment. */
export function timingOf(timing: ast.Timing, env: Env): ir.StmtTiming {
  if (timing.kind === 'delay') return { kind: 'delay', delay: delayOf(timing.delay, env) };
  if (timing.control.star) {
    return fail(env, 'star', '@* has no meaning inside an assignment.', timing.control, 'Name what is waited for.');
  }
  const made: ir.StmtTiming = { kind: 'event', items: eventItems(timing.control, env) };
  if (timing.repeat) made.repeat = countOf(timing.repeat, env);
  return made;
}

function block(stmt: ast.BlockStmt, env: Env, at: ir.At): ir.Stmt {
  const { ctx } = env;
  const own = ctx.blockScope(stmt, env.scope);
  const inner: Env = own ? { ...env, scope: own } : env;
  const before = stmt.decls.flatMap((decl) => (decl.kind === 'var' ? initialised(decl, inner.scope, ctx) : []));
  const body = stmt.body.filter((part) => part.kind !== 'null' || stmt.fork).map((part) => statementOf(part, inner));
  const autos = own && autosOf(own, ctx);
  const made: ir.Stmt = stmt.fork
    ? { op: 'fork', mode: stmt.fork, branches: body, at }
    : { op: 'block', body: [...before, ...body], at };
  if (own) made.scope = own.ir.id;
  if (autos) made.autos = autos;
  if (!stmt.fork || before.length === 0) return made;
  // Variables of a fork have their values before its branches start.
  const around: ir.Stmt = { op: 'block', body: [...before, made], at };
  if (autos) {
    around.autos = autos;
    delete made.autos;
  }
  return around;
}

function forStatement(stmt: ast.ForStmt, env: Env, at: ir.At): ir.Stmt {
  const { ctx } = env;
  const own = ctx.blockScope(stmt, env.scope);
  const inner: Env = own ? { ...env, scope: own } : env;
  const init = stmt.init.flatMap((part) => {
    if (part.kind !== 'var') return [statementOf(part, inner)];
    return part.names.flatMap((name) => {
      const { init } = name;
      return init ? (attempt(() => initialValue(name.name, init, inner, true)) ?? []) : [];
    });
  });
  const made: ir.Stmt = {
    op: 'for',
    init,
    step: stmt.step.map((part) => statementOf(part, inner)),
    body: optional(stmt.body, inner),
    at,
  };
  if (stmt.condition) made.condition = truth(stmt.condition, inner);
  const autos = own && autosOf(own, ctx);
  if (autos) made.autos = autos;
  return made;
}

function disable(stmt: ast.DisableStmt, env: Env, at: ir.At): ir.Stmt {
  if (!stmt.target) return { op: 'disable-fork', at };
  const callee = calleeOf(stmt.target, { ...env, quiet: true });
  if (callee?.kind === 'subprogram') return { op: 'disable', scope: callee.symbol.subprogram.scope, at };
  const { target } = stmt;
  const reference = attempt(() => refer(target, { ...env, quiet: true }));
  if (reference?.kind === 'symbol' && reference.symbol.kind === 'scope') {
    return { op: 'disable', scope: reference.symbol.scope.ir.id, at };
  }
  return fail(
    env,
    'disable',
    `Cannot find the scope "${sourceText(stmt.target, env.ctx)}" in ${pathOf(env.scope, env.ctx)}.`,
    stmt.target,
    'Name a block, fork or task.',
  );
}

function returnStatement(stmt: ast.ReturnStmt, env: Env, at: ir.At): ir.Stmt {
  const { subprogram } = env.scope;
  if (!subprogram) return fail(env, 'return', "'return' can stand in a function or task only.", stmt);
  const { result } = subprogram;
  if (result === undefined) {
    if (stmt.value) return fail(env, 'return-value', `"${subprogram.name}" returns no value.`, stmt.value);
    return { op: 'return', at };
  }
  if (!stmt.value) return { op: 'return', at };
  let scope: Scope | undefined = env.scope;
  while (scope && scope.ir.id !== subprogram.scope) scope = scope.parent;
  const symbol = scope?.names.get(subprogram.name);
  if (symbol?.kind !== 'signal') return fail(env, 'return', 'This function has no result here.', stmt);
  const value = lowerTo(stmt.value, symbol.type, env);
  const target: ir.LValue = { kind: 'signal', signal: result, type: symbol.signal.type };
  return {
    op: 'block',
    body: [
      { op: 'assign', target, value, at },
      { op: 'return', at },
    ],
    at,
  };
}

function expressionStatement(expr: ast.Expr, env: Env, at: ir.At): ir.Stmt {
  switch (expr.kind) {
    case 'increment':
      return opAssignment(expr, env);
    case 'assign':
      return { op: 'eval', expr: analyse(expr, env).build(), at };
    case 'cast':
      if (expr.to.kind === 'type' && expr.to.type.kind === 'void') return discarded(expr.operand, env, at);
      return fail(env, 'statement', 'This is not a statement.', expr);
    case 'call':
      return callStatement(expr, expr.callee, expr.args, env, at);
    case 'name':
    case 'member':
    case 'scoped':
      return callStatement(expr, expr, [], env, at);
    default:
      return fail(env, 'statement', 'This is not a statement.', expr);
  }
}

/** `void'(f(x))`. */
function discarded(expr: ast.Expr, env: Env, at: ir.At): ir.Stmt {
  if (expr.kind === 'call' && expr.callee.kind !== 'system') {
    const callee = calleeOf(expr.callee, env);
    if (callee?.kind === 'subprogram') {
      const { symbol } = callee;
      if (symbol.subprogram.kind === 'task' || symbol.returns.kind === 'void') {
        return fail(env, 'void-cast', `"${symbol.subprogram.name}" has no value that could be cast to void.`, expr);
      }
      return callStatement(expr, expr.callee, expr.args, env, at);
    }
  }
  return { op: 'eval', expr: analyse(expr, env).build(), at };
}

function callStatement(
  expr: ast.Expr,
  callee: ast.CallExpr['callee'],
  args: readonly ast.Argument[],
  env: Env,
  at: ir.At,
): ir.Stmt {
  if (callee.kind === 'system') return systemStatement(expr, callee.name, args, env, at);
  const found = calleeOf(callee, env);
  if (!found) return unknownCallee(callee, 'task', env);
  if (found.kind === 'method') {
    const operand = analyse(expr, env);
    return { op: 'eval', expr: operand.build(), at };
  }
  const { subprogram } = found.symbol;
  const bound = bindArguments(found.symbol, args, expr, env);
  const call: ir.Stmt = { op: 'call', subprogram: subprogram.id, args: bound.args, at };
  if (bound.before.length + bound.after.length === 0) return call;
  return { op: 'block', body: [...bound.before, call, ...bound.after], at };
}

function systemStatement(expr: ast.Expr, name: string, args: readonly ast.Argument[], env: Env, at: ir.At): ir.Stmt {
  const task = systemTask(name);
  if (task) return { op: 'systask', name, args: systemArgs(args, task, env), scope: env.scope.ir.id, at };
  if (systemFunction(name) || name === '$cast') return { op: 'eval', expr: analyse(expr, env).build(), at };
  return fail(
    env,
    'unknown-system',
    `System task ${name}() is not defined.`,
    expr,
    'Mend its name; tasks of one simulator alone are not known here.',
  );
}
