/** Enters the names of a scope: each is resolved when it is first asked for, so that their order in the source does not matter. */
import type * as ast from '../syntax/ast.ts';
import type { Body, Elaboration } from './context.ts';
import { enumNames } from './enums.ts';
import { lookupDeclared } from './lookup.ts';
import type { Declaration, Summary } from './names.ts';
import { packageOf } from './packages.ts';
import { declareParam } from './parameters.ts';
import { declareSignal } from './signals.ts';
import { declareSubprogram } from './subprograms.ts';
import type { Symbol as Meaning, PendingNames, Scope } from './symbols.ts';
import { resolveType, vectorType, withDims } from './types.ts';

/** The names of one scope: what all instances of a module share, and what this one has besides. */
class Pending implements PendingNames {
  private extra: Map<string, () => Meaning | undefined> | undefined;
  private readonly summary: Summary;
  private readonly scope: Scope;
  private readonly ctx: Elaboration;
  private readonly body: Body | undefined;

  constructor(summary: Summary, scope: Scope, ctx: Elaboration, body: Body | undefined) {
    this.summary = summary;
    this.scope = scope;
    this.ctx = ctx;
    this.body = body;
  }

  has(name: string): boolean {
    return this.summary.names.has(name) || (this.extra?.has(name) ?? false);
  }

  resolve(name: string): Meaning | undefined {
    const own = this.extra?.get(name);
    if (own) return own();
    const entry = this.summary.names.get(name);
    return entry && resolve(entry, this.scope, this.ctx, this.body);
  }

  set(name: string, meaning: () => Meaning | undefined): void {
    this.extra ??= new Map();
    this.extra.set(name, meaning);
  }

  *names(): Iterable<string> {
    yield* this.summary.names.keys();
    if (this.extra) yield* this.extra.keys();
  }
}

/** Makes the names of a summary known in a scope. */
export function declareNames(summary: Summary, scope: Scope, ctx: Elaboration, body?: Body): void {
  if (summary.names.size > 0 || summary.enums.length > 0 || !scope.pending) {
    scope.pending = new Pending(summary, scope, ctx, body);
  }
  for (const from of summary.wildcards) {
    const found = packageOf(from, ctx);
    if (found) scope.wildcards.push(found);
  }
  if (summary.imports.size > 0) scope.imported = summary.imports;
  for (const ref of summary.enums) declareEnum(ref, scope, ctx);
  for (const item of summary.modports) {
    scope.modports ??= new Map();
    for (const modport of item.modports) scope.modports.set(modport.name.name, modport);
  }
}

/** Resolves all names of a scope, in the order of their declarations. */
export function resolveAll(scope: Scope): void {
  if (!scope.pending) return;
  for (const name of [...scope.pending.names()]) lookupDeclared(scope, name);
  // Names that could not be resolved have been reported.
  scope.pending = undefined;
}

function resolve(entry: Declaration, scope: Scope, ctx: Elaboration, body: Body | undefined): Meaning | undefined {
  const known = scope.names.get(entry.name.name);
  if (known) return known;
  // One entry is shared by all instances of a module; the circle is one of this instance.
  const key = `${scope.ir.id} ${entry.name.name}`;
  if (ctx.resolving.has(key)) {
    ctx.report(
      {
        code: 'circular',
        severity: 'error',
        what: `The declaration of "${entry.name.name}" depends on itself.`,
        remedy: 'Break the circle of parameters, types or ranges.',
      },
      entry.name,
    );
    return undefined;
  }
  ctx.resolving.add(key);
  const symbol = resolveEntry(entry, scope, ctx, body);
  ctx.resolving.delete(key);
  return symbol;
}

function resolveEntry(entry: Declaration, scope: Scope, ctx: Elaboration, body: Body | undefined): Meaning | undefined {
  switch (entry.kind) {
    case 'signal':
      return declareSignal(entry, scope, ctx);
    case 'param':
      return declareParam(entry, scope, ctx, body);
    case 'genvar':
      return { kind: 'genvar', node: entry.name };
    case 'typedef':
      return declareTypedef(entry.decl, scope, ctx);
    case 'subprogram':
      return declareSubprogram(entry.decl, scope, ctx);
    case 'import':
      return declareImport(entry.package, entry.name, ctx);
    case 'interface-port':
      return undefined;
  }
}

function declareTypedef(decl: ast.TypedefDecl, scope: Scope, ctx: Elaboration): Meaning {
  if (!decl.type) {
    ctx.report(
      {
        code: 'no-type',
        severity: 'error',
        what: `The type "${decl.name.name}" is announced and never defined.`,
        remedy: 'Write the whole typedef.',
      },
      decl.name,
    );
    return { kind: 'type', type: vectorType(1), node: decl.name };
  }
  const base = resolveType(decl.type, scope, ctx);
  const type = withDims(base, decl.dims, scope, ctx);
  if (type.kind === 'integral') {
    const { name } = decl.name;
    if (type.enum && decl.type.kind === 'enum') ctx.design.enums[type.enum.id]!.name ||= name;
    if (type.struct !== undefined && decl.type.kind === 'struct') ctx.design.structs[type.struct]!.name ||= name;
    return { kind: 'type', type: { ...type, name }, node: decl.name };
  }
  if (type.kind === 'unpacked-struct')
    return { kind: 'type', type: { ...type, name: decl.name.name }, node: decl.name };
  return { kind: 'type', type, node: decl.name };
}

function declareImport(from: ast.Name, name: ast.Name, ctx: Elaboration): Meaning | undefined {
  const scope = packageOf(from, ctx);
  if (!scope) return undefined;
  const symbol = lookupDeclared(scope, name.name);
  if (!symbol) {
    ctx.report(
      {
        code: 'no-import',
        severity: 'error',
        what: `The package "${from.name}" has no "${name.name}".`,
        remedy: 'Check the name.',
      },
      name,
    );
  }
  return symbol;
}

/** Members of an enumeration are names of the scope that it is written in. */
function declareEnum(ref: ast.TypeRef & { kind: 'enum' }, scope: Scope, ctx: Elaboration): void {
  const { pending } = scope;
  if (!pending) return;
  for (const { name, node } of enumNames(ref, scope, ctx)) {
    if (pending.has(name)) {
      ctx.report(
        {
          code: 'declared-twice',
          severity: 'error',
          what: `"${name}" has already been declared in this scope.`,
          remedy: 'Rename the enumeration name.',
        },
        node,
      );
      continue;
    }
    pending.set(name, () => {
      const type = resolveType(ref, scope, ctx);
      const base = type.kind === 'integral' ? (type.enum ? type : type.atom) : undefined;
      const member = base?.enum?.members.find((candidate) => candidate.name === name);
      if (!base || !member) return undefined;
      return {
        kind: 'enum-member',
        type: base,
        value: { kind: 'vector', width: base.width, signed: base.signed, a: member.a, b: member.b },
        node,
      };
    });
  }
}
