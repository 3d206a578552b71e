/** What a name means where it stands: simple names (1364-2005 section 12.7, 1800-2012 sections 23.9 and 26.3) and hierarchical ones (12.4 to 12.6). */
import type { Symbol as Meaning, Scope } from './symbols.ts';

/** A name of this very scope, or one that it imports; not of the scopes around it. */
export function lookupLocal(scope: Scope, name: string): Meaning | undefined {
  return lookupDeclared(scope, name) ?? lookupWildcards(scope, name);
}

/** A name that this very scope declares or imports by name. Resolves it when it was not asked for before. */
export function lookupDeclared(scope: Scope, name: string): Meaning | undefined {
  const known = scope.names.get(name);
  if (known) return known;
  if (!scope.pending?.has(name)) return undefined;
  const symbol = scope.pending.resolve(name);
  if (symbol && !scope.names.has(name)) scope.names.set(name, symbol);
  return scope.names.get(name);
}

/** Whether the scope declares the name, without resolving it. */
export function declares(scope: Scope, name: string): boolean {
  return scope.names.has(name) || (scope.pending?.has(name) ?? false);
}

function lookupWildcards(scope: Scope, name: string): Meaning | undefined {
  for (const from of scope.wildcards) {
    const symbol = lookupDeclared(from, name);
    if (symbol) return symbol;
  }
  return undefined;
}

/** What a simple name means: looked for in the scope, then in those around it in the text, up to the compilation unit. */
export function lookup(scope: Scope, name: string): Meaning | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const symbol = lookupLocal(at, name);
    if (symbol) return symbol;
  }
  return undefined;
}

/** One step of a hierarchical name: `gen[3]`. */
export interface PathPart {
  name: string;
  indices?: number[];
}

export interface Resolved {
  symbol: Meaning;
  /** Parts that the symbol took; what is left names fields, members or methods of it. The indices of the last part are left to the caller unless the symbol is a scope. */
  used: number;
  /** Where the symbol was found. */
  scope: Scope;
}

/** The scope that a symbol with an index stands for, where it stands for one. */
function scopeOf(symbol: Meaning, indices: number[] | undefined): Scope | undefined {
  if (symbol.kind === 'scope') return indices?.length ? undefined : symbol.scope;
  if (symbol.kind === 'subprogram') return indices?.length ? undefined : symbol.scope;
  if (symbol.kind === 'scopes') return indices?.length === 1 ? symbol.scopes.get(indices[0]!) : undefined;
  return undefined;
}

/** Follows `parts` from `from` on, whose first name is looked for in `scope` alone. */
function descend(scope: Scope, parts: readonly PathPart[], from: number): Resolved | undefined {
  let at = scope;
  for (let i = from; i < parts.length; i++) {
    const part = parts[i]!;
    const own = from === 0 && i === 0;
    if (!own && at.imported?.has(part.name)) return undefined;
    const symbol = own ? lookupLocal(at, part.name) : lookupDeclared(at, part.name);
    if (!symbol) return undefined;
    const below = scopeOf(symbol, part.indices);
    if (i === parts.length - 1) {
      if (symbol.kind === 'scopes' && below) {
        return { symbol: { kind: 'scope', scope: below, node: symbol.node }, used: i + 1, scope: at };
      }
      return { symbol, used: i + 1, scope: at };
    }
    if (!below)
      return symbol.kind === 'scope' || symbol.kind === 'scopes' ? undefined : { symbol, used: i + 1, scope: at };
    at = below;
  }
  return undefined;
}

/** The scope around it in the tree of instances. */
export function above(scope: Scope): Scope | undefined {
  return scope.above ?? scope.parent;
}

/** Instances at the top of the tree that a scope belongs to: the scope that has them as its children. */
export function rootOf(scope: Scope): Scope {
  let at = scope;
  for (let next = above(at); next; next = above(at)) at = next;
  return at;
}

/**
 * What a hierarchical name means: downward from the scope where its first part is found, that being looked for upward through the instances; a part
 * may also be the name of the module or instance around (1364-2005 section 12.5). `$root` starts at the top, `$unit` at the compilation unit.
 * Undefined: there is nothing of that name.
 */
export function resolvePath(scope: Scope, parts: readonly PathPart[]): Resolved | undefined {
  const first = parts[0];
  if (!first) return undefined;
  const root = rootOf(scope);
  if (first.name === '$root') return descend(root, parts, 1);
  if (first.name === '$unit') return descend(scope.unit.parent ?? scope.unit, parts, 1);
  const simple = parts.length === 1;
  for (let at: Scope | undefined = scope; at; at = above(at)) {
    const found = descend(at, parts, 0);
    if (
      found &&
      (!simple || isLexical(scope, at) || found.symbol.kind === 'subprogram' || found.symbol.kind === 'scope')
    ) {
      return found;
    }
    if (!simple && !first.indices?.length && isNamed(at, first.name)) {
      const below = descend(at, parts, 1);
      if (below) return below;
    }
  }
  // The compilation unit is around the module in the text, not in the tree.
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = descend(at, parts, 0);
    if (found) return found;
  }
  return descend(root, parts, 0);
}

function isLexical(scope: Scope, outer: Scope): boolean {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at === outer) return true;
  return false;
}

/** Whether the scope is a module of that name or an instance of that name. */
function isNamed(scope: Scope, name: string): boolean {
  return scope.ir.name === name || (scope.ir.module === name && scope.module !== undefined);
}
