/** The names that a list of items declares, found once for all instances: nets and variables merged with their port declarations. */
import type * as ast from '../syntax/ast.ts';
import type { Context } from './symbols.ts';

export interface SignalDeclaration {
  kind: 'signal';
  name: ast.Name;
  port?: { decl: ast.PortDecl; at: ast.Declarator; ansi: boolean };
  net?: { decl: ast.NetDecl; at: ast.Declarator };
  variable?: { decl: ast.VarDecl; at: ast.Declarator };
}

export type Declaration =
  | SignalDeclaration
  | {
      kind: 'param';
      name: ast.Name;
      decl: ast.ParamDecl;
      at: ast.ParamDecl['names'][number];
      local: boolean /** Written in the header or, without one, in the body: what an instance can set by position. */;
    }
  | { kind: 'genvar'; name: ast.Name }
  | { kind: 'typedef'; name: ast.Name; decl: ast.TypedefDecl }
  | { kind: 'subprogram'; name: ast.Name; decl: ast.SubprogramDecl }
  | { kind: 'import'; name: ast.Name; package: ast.Name }
  | { kind: 'interface-port'; name: ast.Name; port: ast.HeaderPort & { kind: 'interface' } };

export interface Summary {
  names: Map<string, Declaration>;
  wildcards: ast.Name[];
  /** Enumerations written anywhere in the declarations: their members are names of the scope. */
  enums: (ast.TypeRef & { kind: 'enum' })[];
  modports: ast.ModportItem[];
  /** Names that are imported one by one. */
  imports: Set<string>;
}

/** Opens generate regions: they have no scope of their own. */
export function flatten(items: readonly ast.Item[]): ast.Item[] {
  const flat: ast.Item[] = [];
  for (const item of items) {
    if (item.kind === 'generate-region') flat.push(...flatten(item.items));
    else flat.push(item);
  }
  return flat;
}

function previous(decl: Declaration): string {
  switch (decl.kind) {
    case 'signal':
      return decl.net ? 'a net' : decl.variable ? 'a variable' : 'a port';
    case 'param':
      return 'a parameter';
    case 'genvar':
      return 'a genvar';
    case 'typedef':
      return 'a type';
    case 'subprogram':
      return `a ${decl.decl.kind}`;
    case 'import':
      return 'an imported name';
    case 'interface-port':
      return 'an interface port';
  }
}

export function reportTwice(name: ast.Name, was: string, ctx: Context): void {
  ctx.report(
    {
      code: 'declared-twice',
      severity: 'error',
      what: `"${name.name}" has already been declared in this scope, as ${was}.`,
      remedy: 'Remove or rename one of the two.',
    },
    name,
  );
}

/** Finds enumerations in a type, and in the types of its fields. */
function collectEnums(ref: ast.TypeRef | undefined, into: Summary['enums']): void {
  if (!ref) return;
  if (ref.kind === 'enum') into.push(ref);
  else if (ref.kind === 'struct') for (const field of ref.fields) collectEnums(field.type, into);
}

class Collector {
  readonly summary: Summary = { names: new Map(), wildcards: [], enums: [], modports: [], imports: new Set() };
  readonly ctx: Context;
  constructor(ctx: Context) {
    this.ctx = ctx;
  }

  add(decl: Declaration): void {
    const was = this.summary.names.get(decl.name.name);
    if (was && !(was.kind === 'import' && decl.kind === 'import')) {
      if (was.kind === 'typedef' && decl.kind === 'typedef' && !was.decl.type) was.decl = decl.decl;
      else if (was.kind === 'typedef' && decl.kind === 'typedef' && !decl.decl.type) return;
      else reportTwice(decl.name, previous(was), this.ctx);
      return;
    }
    this.summary.names.set(decl.name.name, decl);
  }

  signal(at: ast.Declarator, part: 'port' | 'net' | 'variable', entry: Partial<SignalDeclaration>): void {
    const was = this.summary.names.get(at.name.name);
    if (was?.kind === 'signal') {
      const other = part === 'port' ? was.port : (was.net ?? was.variable);
      // `output reg q` and `input integer i` say all there is to say.
      const port = part === 'port' ? entry.port : was.port;
      const complete = port && (port.decl.variable || port.decl.netType || port.decl.type.kind !== 'implicit');
      if (!other && !complete && (part === 'port' || was.port)) {
        Object.assign(was, entry);
        return;
      }
    }
    this.add({ kind: 'signal', name: at.name, ...entry });
  }

  param(decl: ast.ParamDecl, local: boolean): void {
    collectEnums(decl.type, this.summary.enums);
    for (const at of decl.names) {
      this.add({ kind: 'param', name: at.name, decl, at, local: local || decl.word !== 'parameter' });
    }
  }

  item(item: ast.Item, localParams: boolean): void {
    switch (item.kind) {
      case 'net':
        collectEnums(item.type, this.summary.enums);
        for (const at of item.names) this.signal(at, 'net', { net: { decl: item, at } });
        break;
      case 'var':
        collectEnums(item.type, this.summary.enums);
        for (const at of item.names) this.signal(at, 'variable', { variable: { decl: item, at } });
        break;
      case 'port-decl':
        collectEnums(item.type, this.summary.enums);
        for (const at of item.names) this.signal(at, 'port', { port: { decl: item, at, ansi: false } });
        break;
      case 'param':
        this.param(item, localParams);
        break;
      case 'genvar':
        for (const name of item.names) this.add({ kind: 'genvar', name });
        break;
      case 'typedef':
        collectEnums(item.type, this.summary.enums);
        this.add({ kind: 'typedef', name: item.name, decl: item });
        break;
      case 'function':
      case 'task':
        if (!item.of) this.add({ kind: 'subprogram', name: item.name, decl: item });
        break;
      case 'import':
        this.import(item);
        break;
      case 'modport':
        this.summary.modports.push(item);
        break;
      case 'specify':
        for (const inner of item.items) if (inner.kind === 'param') this.param(inner, true);
        break;
      default:
        break;
    }
  }

  import(decl: ast.ImportDecl): void {
    for (const { package: from, name } of decl.items) {
      if (name) {
        this.add({ kind: 'import', name, package: from });
        this.summary.imports.add(name.name);
      } else this.summary.wildcards.push(from);
    }
  }
}

/** The names of a module, with its header. */
export function summariseModule(decl: ast.ModuleDecl, items: readonly ast.Item[], ctx: Context): Summary {
  const collector = new Collector(ctx);
  for (const item of decl.imports) collector.import(item);
  for (const item of decl.params) collector.param(item, false);
  for (const port of decl.ports) {
    if (port.kind === 'interface') collector.add({ kind: 'interface-port', name: port.name, port });
    if (port.kind !== 'ansi') continue;
    collectEnums(port.decl.type, collector.summary.enums);
    for (const at of port.decl.names) collector.signal(at, 'port', { port: { decl: port.decl, at, ansi: true } });
  }
  for (const item of items) collector.item(item, decl.hasParamList || decl.word === 'package');
  return collector.summary;
}

/** The names of a generate block, a package's or compilation unit's items: parameters there are local. */
export function summariseItems(items: readonly ast.Item[], ctx: Context): Summary {
  const collector = new Collector(ctx);
  for (const item of items) collector.item(item, true);
  return collector.summary;
}

/** The names of a block's or subprogram's declarations. */
export function summariseDecls(
  decls: readonly (ast.VarDecl | ast.ParamDecl | ast.TypedefDecl | ast.ImportDecl)[],
  ctx: Context,
): Summary {
  return summariseItems(decls, ctx);
}
