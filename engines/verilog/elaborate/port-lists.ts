/** The ports of a module, and which expression an instance connects to each (1364-2005 section 12.3, 1800-2012 section 23.3.2). */
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import { interfacePort } from './interface-ports.ts';
import { lookup, lookupDeclared } from './lookup.ts';
import type { Scope } from './symbols.ts';

/** A port of a module, as its header has it. */
export interface PortOf {
  /** What a named connection says; undefined: it has none. */
  name?: string;
  /** What it is within the module: a name, or an expression of names. Undefined: nothing. */
  expr?: ast.Expr;
  node: ast.Node;
  isInterface: boolean;
  init?: ast.Expr;
}

const portLists = new WeakMap<ast.ModuleDecl, PortOf[]>();

function nameExpr(name: ast.Name): ast.Expr {
  return { kind: 'name', name: name.name, first: name.first, last: name.last };
}

function portsOf(decl: ast.ModuleDecl, ctx: Elaboration): PortOf[] {
  let list = portLists.get(decl);
  if (list) return list;
  list = [];
  for (const port of decl.ports) {
    if (interfacePort(port, ctx)) {
      const name = port.kind === 'interface' ? port.name : port.kind === 'ansi' ? port.decl.names[0]!.name : undefined;
      list.push({ name: name!.name, node: port, isInterface: true });
      continue;
    }
    switch (port.kind) {
      case 'ansi':
        for (const at of port.decl.names) {
          const made: PortOf = { name: at.name.name, expr: nameExpr(at.name), node: at.name, isInterface: false };
          if (at.init) made.init = at.init;
          list.push(made);
        }
        break;
      case 'ansi-named': {
        const made: PortOf = { name: port.name.name, node: port, isInterface: false };
        if (port.expr) made.expr = port.expr;
        list.push(made);
        break;
      }
      case 'plain': {
        const made: PortOf = { node: port, isInterface: false };
        const name = port.name?.name ?? (port.expr?.kind === 'name' ? port.expr.name : undefined);
        if (name !== undefined) made.name = name;
        const bare =
          port.expr ?? (port.name && !port.expr && declaredIn(decl, port.name.name) ? nameExpr(port.name) : undefined);
        if (bare) made.expr = bare;
        list.push(made);
        break;
      }
      default:
        break;
    }
  }
  portLists.set(decl, list);
  return list;
}

/** `.x()` in a header has a name and no expression; `x` alone is its own expression. */
function declaredIn(decl: ast.ModuleDecl, name: string): boolean {
  return decl.items.some((item) => item.kind === 'port-decl' && item.names.some((at) => at.name.name === name));
}

/** Reports ports that the header names and the body does not declare: once for a module. */
export function checkPorts(scope: Scope, ctx: Elaboration): void {
  const decl = scope.module;
  if (!decl) return;
  for (const port of decl.ports) {
    if (port.kind !== 'plain') continue;
    for (const name of namesIn(port.expr ?? (port.name && nameExpr(port.name)))) {
      const symbol = lookupDeclared(scope, name);
      if (symbol?.kind === 'signal' && symbol.signal.port) continue;
      if (symbol?.kind === 'fields' || symbol?.kind === 'scope' || symbol?.kind === 'scopes') continue;
      ctx.report(
        {
          code: 'port-not-declared',
          severity: 'error',
          what: `The port "${name}" of module "${decl.name.name}" is not declared within the module.`,
          remedy: `Declare it: input, output or inout ${name}.`,
        },
        port,
      );
    }
  }
  for (const item of decl.items) {
    if (item.kind !== 'port-decl') continue;
    for (const at of item.names) {
      const listed = decl.ports.some(
        (port) =>
          port.kind !== 'plain' || namesIn(port.expr ?? (port.name && nameExpr(port.name))).includes(at.name.name),
      );
      if (listed) continue;
      ctx.report(
        {
          code: 'port-not-listed',
          severity: 'error',
          what: `"${at.name.name}" is declared as a port, but the header of "${decl.name.name}" does not list it.`,
          remedy: 'Add it to the header, or make it a net.',
        },
        at.name,
      );
    }
  }
}

function namesIn(expr: ast.Expr | undefined): string[] {
  if (!expr) return [];
  if (expr.kind === 'name') return [expr.name];
  if (expr.kind === 'concat') return expr.parts.flatMap(namesIn);
  if (expr.kind === 'index' || expr.kind === 'range') return namesIn(expr.object);
  return [];
}

export interface Connected {
  port: PortOf;
  value?: ast.Expr;
  node: ast.Node;
  /** `.*` and `.name`: a name that must be there as it is. */
  implicit?: boolean;
  position: number;
}

/** Which expression goes to which port. */
export function match(instance: ast.Instance, decl: ast.ModuleDecl, scope: Scope, ctx: Elaboration): Connected[] {
  const ports = portsOf(decl, ctx);
  const connected: Connected[] = ports.map((port, position) => ({ port, node: instance, position }));
  const given = instance.ports;
  const byName = given.some((connection) => connection.kind !== 'ordered');
  if (!byName) {
    const none = given.length === 0 || (given.length === 1 && given[0]!.kind === 'ordered' && !given[0]!.value);
    if (!none && given.length !== ports.length) {
      ctx.report(
        {
          code: 'port-count',
          severity: 'error',
          what: `Wrong number of ports. Expecting ${ports.length}, got ${given.length}.`,
          remedy: 'Connect by name: .port(net).',
        },
        instance,
      );
    }
    given.forEach((connection, i) => {
      const at = connected[i];
      if (!at || connection.kind !== 'ordered') return;
      at.node = connection;
      if (connection.value) at.value = connection.value;
    });
    return connected;
  }
  const bound = new Set<string>();
  const wildcard = given.some((connection) => connection.kind === 'wildcard');
  for (const connection of given) {
    if (connection.kind === 'ordered') {
      ctx.report(
        {
          code: 'mixed-ports',
          severity: 'error',
          what: 'Ports are connected by order or by name, not both.',
          remedy: 'Write .port(net) for all of them.',
        },
        connection,
      );
      continue;
    }
    if (connection.kind === 'wildcard') continue;
    const { name } = connection.name;
    const at = connected.find((candidate) => candidate.port.name === name);
    if (!at) {
      ctx.report(
        {
          code: 'no-port',
          severity: 'error',
          what: `Port "${name}" is not a port of "${decl.name.name}".`,
          remedy: `It has: ${ports.map((port) => port.name ?? '(unnamed)').join(', ') || 'no ports'}.`,
        },
        connection,
      );
      continue;
    }
    if (bound.has(name)) {
      ctx.report(
        {
          code: 'port-twice',
          severity: 'error',
          what: `Port "${name}" is connected twice.`,
          remedy: 'Remove one of the connections.',
        },
        connection,
      );
      continue;
    }
    bound.add(name);
    at.node = connection;
    if (connection.implicit) {
      at.value = nameExpr(connection.name);
      at.implicit = true;
    } else if (connection.value) at.value = connection.value;
  }
  if (wildcard) {
    for (const at of connected) {
      const { name } = at.port;
      if (name === undefined || bound.has(name)) continue;
      if (!lookup(scope, name)) {
        if (at.port.init) continue;
        ctx.report(
          {
            code: 'no-implicit-net',
            severity: 'error',
            what: `There is no "${name}" here for .* to connect the port of that name to.`,
            remedy: `Declare it, or write .${name}() to leave the port open.`,
          },
          instance,
        );
        continue;
      }
      at.value = { kind: 'name', name, first: instance.first, last: instance.last };
      at.implicit = true;
    }
  }
  return connected;
}
