/** Functions and tasks: their scopes, ports and variables (1364-2005 section 10, 1800-2012 section 13). Bodies are lowered later. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { declareBlocks, summaryOf } from './blocks.ts';
import { type Elaboration, makeScope } from './context.ts';
import { declareNames, resolveAll } from './declare.ts';
import { reportTwice, type Summary, summariseDecls } from './names.ts';
import { makeSignal, mergePort, wordOf } from './signals.ts';
import type { Symbol as Meaning, Scope } from './symbols.ts';
import { resolveType, vectorType, withDims } from './types.ts';

/** Makes the symbol of a function or task. */
export function declareSubprogram(decl: ast.SubprogramDecl, parent: Scope, ctx: Elaboration): Meaning {
  const lifetime = parent.unit.module?.lifetime;
  const automatic = decl.automatic ?? lifetime === 'automatic';
  const scope = makeScope(ctx, {
    name: decl.name.name,
    kind: decl.kind,
    parent,
    above: parent,
    node: decl.name,
    automatic,
  });
  const subprogram: ir.Subprogram = {
    id: ctx.design.subprograms.length,
    kind: decl.kind,
    name: decl.name.name,
    scope: scope.ir.id,
    automatic,
    ports: [],
    autos: [],
    body: { op: 'block', body: [], at: ctx.at(decl) },
    at: ctx.at(decl.name),
  };
  ctx.design.subprograms.push(subprogram);
  scope.subprogram = subprogram;
  const summary = summaryOf(decl, () => summaryOfSubprogram(decl, ctx));
  declareNames(summary, scope, ctx);
  const symbol: Extract<Meaning, { kind: 'subprogram' }> = {
    kind: 'subprogram',
    subprogram,
    returns: { kind: 'void' },
    decl,
    scope,
    node: decl.name,
  };
  // A body may call the subprogram itself, a range may not; the name is known from here on.
  parent.names.set(decl.name.name, symbol);
  ctx.subprograms.push(symbol);
  if (decl.kind === 'function') {
    symbol.returns = decl.returns ? resolveType(decl.returns, scope, ctx) : vectorType(1);
    if (symbol.returns.kind !== 'void') {
      const result = makeSignal(
        decl.name.name,
        symbol.returns,
        { kind: 'variable', word: decl.returns ? wordOf(decl.returns, 'reg') : 'reg', automatic },
        decl.name,
        scope,
        ctx,
      );
      scope.names.set(decl.name.name, result);
      if (result.kind === 'signal') subprogram.result = result.signal.id;
      else notSupported('return an unpacked struct', decl.name, ctx);
    }
  }
  for (const port of decl.ports) declarePort(port, decl, scope, subprogram, ctx);
  resolveAll(scope);
  for (const id of scope.ir.signals) if (ctx.design.signals[id]!.automatic) subprogram.autos.push(id);
  for (const stmt of decl.body) declareBlocks(stmt, scope, ctx);
  return symbol;
}

/** Declarations that are not also ports: those are merged. */
function summaryOfSubprogram(decl: ast.SubprogramDecl, ctx: Elaboration): Summary {
  const ports = new Set(decl.ports.map((port) => port.name.name));
  const summary = summariseDecls(decl.decls, ctx);
  for (const name of ports) {
    if (summary.names.get(name)?.kind === 'signal') summary.names.delete(name);
  }
  const seen = new Set<string>();
  for (const port of decl.ports) {
    if (seen.has(port.name.name)) {
      ctx.report(
        {
          code: 'declared-twice',
          severity: 'error',
          what: `The port "${port.name.name}" of ${decl.kind} "${decl.name.name}" is declared twice.`,
          remedy: 'Rename one of them.',
        },
        port.name,
      );
    }
    seen.add(port.name.name);
  }
  if (decl.kind === 'function' && (seen.has(decl.name.name) || summary.names.has(decl.name.name))) {
    ctx.report(
      {
        code: 'declared-twice',
        severity: 'error',
        what: `"${decl.name.name}" is the function's own name: nothing else in it can have it.`,
        remedy: 'Rename the port or variable.',
      },
      decl.name,
    );
    summary.names.delete(decl.name.name);
  }
  return summary;
}

function declarePort(
  port: ast.SubprogramPort,
  decl: ast.SubprogramDecl,
  scope: Scope,
  subprogram: ir.Subprogram,
  ctx: Elaboration,
): void {
  let ref = port.type;
  let { dims } = port;
  let type = resolveType(ref, scope, ctx);
  for (const other of decl.decls) {
    if (other.kind !== 'var') continue;
    const at = other.names.find((candidate) => candidate.name.name === port.name.name);
    if (!at) continue;
    // `input [7:0] a; reg [7:0] a;` or `input a; integer a;`: the port itself may have a range and a sign only.
    if (port.type.kind !== 'implicit') reportTwice(at.name, 'a port with a type', ctx);
    type = mergePort(port.name, resolveType(other.type, scope, ctx), type, other.type, port.type, ctx);
    ref = other.type;
    if (at.dims.length > 0) dims = at.dims;
  }
  type = withDims(type, dims, scope, ctx);
  const symbol = makeSignal(
    port.name.name,
    type,
    { kind: 'variable', word: wordOf(ref, 'reg'), automatic: subprogram.automatic, port: port.direction },
    port.name,
    scope,
    ctx,
  );
  scope.names.set(port.name.name, symbol);
  if (symbol.kind === 'signal') subprogram.ports.push({ signal: symbol.signal.id, direction: port.direction });
  else notSupported('take an unpacked struct', port.name, ctx);
}

function notSupported(what: string, node: ast.Node, ctx: Elaboration): void {
  ctx.report(
    {
      code: 'not-supported',
      severity: 'error',
      what: `Functions and tasks that ${what} are not supported.`,
      remedy: 'Make the struct a packed one.',
    },
    node,
  );
}
