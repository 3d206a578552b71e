/** Names that become nets because nobody declared them (IEEE 1364-2005 4.5): mostly names that were mistyped. */
import type { Problem } from '../../core/result.ts';
import type { Expr, ImportDecl, ModuleDecl, SourceUnit } from '../syntax/ast.ts';
import type { TokenStream } from '../syntax/tokens.ts';
import { type AnyNode, children, walk } from '../syntax/walk.ts';

/** Names that units declare outside of modules. */
export function declaredOutside(units: readonly SourceUnit[]): Set<string> {
  const names = new Set<string>();
  for (const unit of units) {
    for (const item of unit.items) {
      if (item.kind !== 'module' && item.kind !== 'primitive') walk(item, (inner) => declaredIn(inner, names));
    }
  }
  return names;
}

/**
 * From the syntax tree alone, so also while a design cannot be elaborated. A module that imports a whole package is left alone,
 * and so are names that are declared outside of modules, in this unit or another (`outside`).
 */
export function implicitNets(
  unit: SourceUnit,
  tokens: TokenStream,
  outside: ReadonlySet<string> = new Set(),
): Problem[] {
  const problems: Problem[] = [];
  const global = new Set([...outside, ...declaredOutside([unit])]);
  let wildcard = false;
  for (const item of unit.items) {
    if (item.kind === 'import' && isWildcard(item)) wildcard = true;
  }
  if (wildcard) return problems;
  walk(unit, (node) => {
    if (node.kind !== 'module') return node === (unit as AnyNode);
    const module = node as unknown as ModuleDecl;
    if (module.word === 'package' || module.defaultNetType === 'none') return true;
    const declared = new Set(global);
    let imports = false;
    walk(module, (inner) => {
      if (inner.kind === 'import' && isWildcard(inner as unknown as ImportDecl)) imports = true;
      if (inner !== node) declaredIn(inner, declared);
      return true;
    });
    if (imports) return true;
    const said = new Set<string>();
    for (const expr of netUses(module)) {
      if (declared.has(expr.name) || said.has(expr.name) || expr.name.startsWith('$')) continue;
      said.add(expr.name);
      problems.push({
        code: 'implicit-net',
        severity: 'warning',
        what: `'${expr.name}' is not declared, so it becomes a wire of one bit.`,
        where: {
          file: tokens.reported.get(expr.first) ?? tokens.files[tokens.file[expr.first]!]!.path,
          line: tokens.line[expr.first],
          column: tokens.column[expr.first],
        },
        remedy: `Declare it, or write \`default_nettype none to have such names refused.`,
      });
    }
    return true;
  });
  return problems;
}

function isWildcard(item: ImportDecl): boolean {
  return item.items.some(({ name }) => name === undefined);
}

/** All names that a node or its like declares, at any depth: rather too many than too few. */
function declaredIn(node: AnyNode | SourceUnit['items'][number], into: Set<string>): void {
  const record = node as unknown as Record<string, unknown>;
  const add = (value: unknown): void => {
    const name = (value as { name?: unknown } | undefined)?.name;
    if (typeof name === 'string') into.add(name);
    else if (typeof (name as { name?: unknown } | undefined)?.name === 'string')
      into.add((name as { name: string }).name);
  };
  switch (record.kind) {
    case 'name':
    case 'number':
    case 'binary':
      return;
    case 'enum':
      for (const member of record.members as { name: unknown }[]) add(member);
      return;
    case 'import':
      for (const { name } of record.items as { name?: { name: string } }[]) if (name) into.add(name.name);
      return;
    case 'generate-for':
      add(record.variable);
      return;
    case 'foreach':
      for (const variable of record.variables as unknown[]) add(variable);
      return;
    case 'instance':
    case 'gate':
      for (const instance of record.instances as unknown[]) add(instance);
      return;
    case 'net':
    case 'var':
    case 'param':
    case 'port-decl':
    case 'genvar':
      for (const name of record.names as unknown[]) add(name);
      for (const below of children(node)) if (below.kind === 'enum') declaredIn(below, into);
      return;
    case 'ansi':
      declaredIn(record.decl as AnyNode, into);
      return;
    case 'function':
    case 'task':
    case 'typedef':
    case 'ansi-named':
    case 'interface':
    case 'module':
    case 'block':
    case 'generate-block':
      add(record.name);
      return;
    default:
  }
}

/** Simple names where a name alone makes a net: terminals, connections, and the left of a continuous assignment. */
function netUses(module: ModuleDecl): Extract<Expr, { kind: 'name' }>[] {
  const found: Extract<Expr, { kind: 'name' }>[] = [];
  const names = (expr: Expr | undefined): void => {
    if (!expr) return;
    switch (expr.kind) {
      case 'name':
        found.push(expr);
        break;
      case 'concat':
      case 'replicate':
        for (const part of expr.parts) names(part);
        break;
      case 'unary':
        names(expr.operand);
        break;
      case 'binary':
        names(expr.left);
        names(expr.right);
        break;
      case 'conditional':
        for (const part of [expr.condition, expr.then, expr.else]) names(part);
        break;
      default:
    }
  };
  walk(module, (node) => {
    if (node !== (module as AnyNode) && node.kind === 'module') return false;
    switch (node.kind) {
      case 'process':
      case 'function':
      case 'task':
      case 'specify':
        return false;
      case 'assign': {
        const { assigns } = node as unknown as { assigns?: { left: Expr }[] };
        for (const { left } of assigns ?? []) names(left);
        return false;
      }
      case 'instance':
      case 'gate': {
        const { instances } = node as unknown as { instances: { ports: { value?: Expr; implicit?: boolean }[] }[] };
        for (const { ports } of instances) for (const { value } of ports) names(value);
        return false;
      }
      default:
        return true;
    }
  });
  return found;
}
