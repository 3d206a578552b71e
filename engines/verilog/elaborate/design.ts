/**
 * Elaboration: from parsed sources to a design (1364-2005 section 12, 1800-2012 section 3.12).
 *
 * 1. Modules, packages, primitives and the declarations of compilation units are entered.
 * 2. The tree of instances grows from the tops: instances first, then defparams, then generate constructs and arrays of instances, and so on with what
 *    those made. Names are entered with their scopes and resolved when first asked for.
 * 3. All names are resolved, nets declared by their use are made, scopes of blocks are made.
 * 4. Bodies are lowered: subprograms, initial values, then items (`emit.ts`).
 */
import type { Problem } from '../../core/result.ts';
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { TokenStream } from '../syntax/tokens.ts';
import { blockScope, declareBlocks } from './blocks.ts';
import {
  type Body,
  createContext,
  type ElaborateOptions,
  type Elaboration,
  makeScope,
  type ParsedUnit,
} from './context.ts';
import { declareNames, resolveAll } from './declare.ts';
import { applyDefparams, defparamsOf, type WaitingDefparam, warnNoScope } from './defparam.ts';
import { checkDrivenAndAssigned } from './drives.ts';
import { emitAll } from './emit.ts';
import { generate } from './generate.ts';
import { declareImplicit } from './implicit.ts';
import { lowerInitialValues } from './initial-values.ts';
import { addBody, instantiate, instantiateItems } from './instances.ts';
import { joinTokens, moved } from './join-tokens.ts';
import { flatten, reportTwice, summariseItems, summariseModule } from './names.ts';
import { lowerSubprogramBody } from './subprogram.ts';
import type { Scope } from './symbols.ts';
import { findTops, givenParameters } from './tops.ts';

export type { ElaborateOptions, ParsedUnit } from './context.ts';

export interface Elaborated {
  /** Undefined when there was an error. */
  design?: ir.Design;
  problems: Problem[];
  /** By `ir.Scope.id`: for the early warnings, which read names and nodes. */
  scopes: Scope[];
  /** Where the nodes of the scopes stand: that of the only unit, or all units joined. */
  tokens: TokenStream;
  /** Bodies of modules, generate blocks and packages, with their items. */
  bodies: { scope: Scope; items: readonly ast.Item[] }[];
  /** All that elaboration knew: for `lint`. */
  context: Elaboration;
}

/** Elaborates parsed sources. Never throws for what the sources say: problems are values. */
export function elaborate(units: readonly ParsedUnit[], options: ElaborateOptions): Elaborated {
  const ctx = createContext(undefined, options, blockScope);
  const own: ast.ModuleDecl[] = [];
  ctx.addUnit = (parsed, library) => {
    const modules = enterUnit(parsed, ctx);
    if (!library) own.push(...modules);
  };
  for (const parsed of units) ctx.addUnit(parsed, false);
  const tops = findTops(ctx, own);
  const scopes = grow(tops, ctx);
  if (!ctx.stopped) {
    resolveNames(ctx);
    for (let i = 0; i < ctx.subprograms.length; i++) lowerSubprogramBody(ctx.subprograms[i]!, ctx);
    lowerInitialValues(ctx);
    emitAll(scopes, ctx);
    lowerInitialValues(ctx);
    checkDrivenAndAssigned(ctx);
  }
  finish(scopes, ctx);
  const failed = ctx.problems.some((problem) => problem.severity === 'error');
  const result: Elaborated = {
    problems: ctx.problems,
    scopes: ctx.scopes,
    tokens: ctx.tokens,
    bodies: ctx.bodies.map(({ scope, items }) => ({ scope, items })),
    context: ctx,
  };
  if (!failed) result.design = ctx.design;
  return result;
}

/** Enters the modules, packages, primitives and declarations of a compilation unit. Answers its modules. */
function enterUnit(parsed: ParsedUnit, ctx: Elaboration): ast.ModuleDecl[] {
  let { unit } = parsed;
  if (ctx.tokens.count === 0) ctx.tokens = parsed.tokens;
  else {
    unit = moved(unit, ctx.tokens.count);
    ctx.tokens = joinTokens(ctx.tokens, parsed.tokens);
  }
  const scope = makeScope(ctx, {
    name: '$unit',
    kind: 'unit',
    parent: undefined,
    above: undefined,
    node: unit,
    ownUnit: true,
  });
  scope.above = ctx.root;
  if (ctx.unit === ctx.root) ctx.unit = scope;
  const modules: ast.ModuleDecl[] = [];
  const items: ast.Item[] = [];
  const packages: ast.ModuleDecl[] = [];
  for (const item of unit.items) {
    if (item.kind === 'primitive') enterPrimitive(item, ctx);
    else if (item.kind === 'module') {
      ctx.unitOf.set(item, scope);
      if (item.word === 'package') {
        packages.push(item);
        continue;
      }
      const other = ctx.modules.get(item.name.name);
      if (other || ctx.primitives.has(item.name.name)) reportTwice(item.name, 'a module', ctx);
      else {
        ctx.modules.set(item.name.name, item);
        modules.push(item);
      }
    } else items.push(item);
  }
  for (const item of items) {
    if (item.kind !== 'time-units') continue;
    if (item.unit !== undefined) scope.ir.unit = item.unit;
    if (item.precision !== undefined) scope.ir.precision = item.precision;
  }
  for (const decl of packages) enterPackage(decl, scope, ctx);
  const flat = flatten(items);
  const body: Body = { scope, items: flat, overrides: new Map(), children: new Map(), depth: 0 };
  addBody(body, ctx, []);
  declareNames(summariseItems(flat, ctx), scope, ctx, body);
  return modules;
}

function enterPrimitive(decl: ast.PrimitiveDecl, ctx: Elaboration): void {
  if (ctx.primitives.has(decl.name.name) || ctx.modules.has(decl.name.name)) {
    reportTwice(decl.name, 'a primitive', ctx);
    return;
  }
  ctx.primitives.set(decl.name.name, decl);
}

function enterPackage(decl: ast.ModuleDecl, unit: Scope, ctx: Elaboration): void {
  if (ctx.packages.has(decl.name.name)) {
    reportTwice(decl.name, 'a package', ctx);
    return;
  }
  const scope = makeScope(ctx, {
    name: decl.name.name,
    kind: 'package',
    parent: unit,
    above: ctx.root,
    node: decl.name,
    module: decl,
    ownUnit: true,
    automatic: false,
  });
  if (decl.timescale) {
    scope.ir.unit = decl.timescale.unit;
    scope.ir.precision = decl.timescale.precision;
  }
  ctx.packages.set(decl.name.name, scope);
  const items = flatten(decl.items);
  const body: Body = { scope, items, overrides: new Map(), children: new Map(), depth: 0 };
  addBody(body, ctx, []);
  declareNames(summariseModule(decl, items, ctx), scope, ctx, body);
}

/** Makes the tree of instances. */
function grow(tops: readonly ast.ModuleDecl[], ctx: Elaboration): Scope[] {
  let fresh: Body[] = [];
  const scopes: Scope[] = [];
  for (const decl of tops) {
    const made = {
      decl,
      name: decl.name.name,
      above: ctx.root,
      node: decl.name,
      overrides: givenParameters(decl, ctx),
      depth: 0,
    };
    const scope = instantiate(made, ctx, fresh);
    if (!scope) continue;
    scopes.push(scope);
    ctx.root.names.set(decl.name.name, { kind: 'scope', scope, node: decl.name });
    ctx.design.tops.push(scope.ir.id);
  }
  let waiting: WaitingDefparam[] = [];
  while (fresh.length > 0 && !ctx.stopped) {
    const level = fresh;
    fresh = [];
    waiting = applyDefparams([...waiting, ...level.flatMap(defparamsOf)], ctx);
    for (const body of level) {
      instantiateItems(body, ctx, fresh, true);
      generate(body, ctx, fresh);
    }
  }
  warnNoScope(waiting, ctx);
  return scopes;
}

/** Resolves every name, and makes what only its use declares. */
function resolveNames(ctx: Elaboration): void {
  for (const { scope } of ctx.bodies) resolveAll(scope);
  for (const body of ctx.bodies) {
    declareImplicit(body, ctx);
    for (const item of body.items) if (item.kind === 'process') declareBlocks(item.body, body.scope, ctx);
  }
}

/** Time precision of the design: the finest of what is in it. */
function finish(tops: readonly Scope[], ctx: Elaboration): void {
  let precision = 0;
  let first = true;
  const visit = (scope: ir.Scope) => {
    if (scope.kind === 'module' || scope.kind === 'program' || scope.kind === 'interface') {
      precision = first ? scope.precision : Math.min(precision, scope.precision);
      first = false;
    }
    for (const child of scope.children) visit(ctx.design.scopes[child]!);
  };
  for (const top of tops) visit(top.ir);
  ctx.design.precision = precision;
}
