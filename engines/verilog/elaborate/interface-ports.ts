/** Ports that are interfaces (1800-2012 section 25.3): other names for the instances that they are connected to. */
import type * as ast from '../syntax/ast.ts';
import type { Body, Elaboration } from './context.ts';
import { pathOf } from './defparam.ts';
import { resolvePath } from './lookup.ts';
import type { Symbol as Meaning } from './symbols.ts';

/** Interface ports are other names for the interfaces that they are connected to: found when first asked for. */
export function declareInterfacePorts(body: Body, ctx: Elaboration): void {
  const { scope } = body;
  const decl = scope.module;
  if (!decl) return;
  decl.ports.forEach((port, index) => {
    const wanted = interfacePort(port, ctx);
    if (!wanted) return;
    scope.names.delete(wanted.name.name);
    scope.pending?.set(wanted.name.name, () => connectInterface(wanted, index, body, ctx));
  });
}

export interface InterfacePort {
  name: ast.Name;
  /** Undefined: any interface. */
  interface?: string;
  modport?: string;
  dims: readonly ast.UnpackedDim[];
}

/** A port that is an interface: said so, or by a type name that is one. */
export function interfacePort(port: ast.HeaderPort, ctx: Elaboration): InterfacePort | undefined {
  if (port.kind === 'interface') {
    const found: InterfacePort = { name: port.name, dims: port.dims };
    if (port.interface) found.interface = port.interface.name;
    if (port.modport) found.modport = port.modport.name;
    return found;
  }
  if (port.kind !== 'ansi' || port.decl.type.kind !== 'named') return undefined;
  const { type, names } = port.decl;
  if (ctx.modules.get(type.name.name)?.word !== 'interface' || !names[0]) return undefined;
  const found: InterfacePort = { name: names[0].name, interface: type.name.name, dims: names[0].dims };
  if (type.modport) found.modport = type.modport.name;
  return found;
}

function connectInterface(port: InterfacePort, index: number, body: Body, ctx: Elaboration): Meaning | undefined {
  const wrong = (what: string, node: ast.Node) => {
    ctx.report(
      { code: 'interface-port', severity: 'error', what, remedy: 'Connect an instance of the interface.' },
      node,
    );
    return undefined;
  };
  const { connections } = body;
  if (!connections)
    return wrong(`The interface port "${port.name.name}" of a module at the top has no interface.`, port.name);
  const { instance, scope } = connections;
  const expr = connectionOf(instance, port.name, index);
  if (!expr) return wrong(`The interface port "${port.name.name}" is not connected.`, instance);
  const path = pathOf(expr, scope, ctx);
  let found = path && resolvePath(scope, path);
  // `u(bus.master)`: the modport is named at the instance.
  let given: string | undefined;
  if (path && !found && path.length > 1) {
    given = path.at(-1)?.name;
    found = resolvePath(scope, path.slice(0, -1));
  }
  if (!found) return wrong(`The interface port "${port.name.name}" is not connected to an interface.`, expr);
  let { symbol } = found;
  let modport = port.modport;
  if (symbol.kind === 'scopes' && body.scope.ir.name.endsWith(']')) {
    const at = Number(body.scope.ir.name.slice(body.scope.ir.name.lastIndexOf('[') + 1, -1));
    const one = symbol.scopes.get(at);
    if (one) symbol = { kind: 'scope', scope: one, node: symbol.node };
  }
  if (symbol.kind === 'scopes' && port.dims.length > 0) return symbol;
  if (symbol.kind !== 'scope' || symbol.scope.ir.kind !== 'interface') {
    return wrong(`The interface port "${port.name.name}" is not connected to an interface.`, expr);
  }
  if (port.interface !== undefined && symbol.scope.ir.module !== port.interface) {
    return wrong(
      `The port "${port.name.name}" takes the interface "${port.interface}", not "${symbol.scope.ir.module}".`,
      expr,
    );
  }
  if (given !== undefined) modport = given;
  if (modport !== undefined && !symbol.scope.modports?.has(modport)) {
    return wrong(`The interface "${symbol.scope.ir.module}" has no modport "${modport}".`, port.name);
  }
  if (modport === undefined) return symbol;
  return { kind: 'scope', scope: { ...symbol.scope, modport }, node: symbol.node };
}

/** What an instance connects to a port; undefined: nothing. */
function connectionOf(instance: ast.Instance, name: ast.Name, index: number): ast.Expr | undefined {
  const here = (at: ast.Node): ast.Expr => ({ kind: 'name', name: name.name, first: at.first, last: at.last });
  for (const [i, connection] of instance.ports.entries()) {
    if (connection.kind === 'ordered' && i === index) return connection.value;
    if (connection.kind === 'named' && connection.name.name === name.name) {
      return connection.implicit ? here(connection) : connection.value;
    }
  }
  const wildcard = instance.ports.find((connection) => connection.kind === 'wildcard');
  return wildcard && here(wildcard);
}
