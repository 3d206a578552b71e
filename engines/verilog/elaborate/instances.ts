/** The tree of instances: modules, interfaces, programs (1364-2005 section 12.1, 1800-2012 sections 23.3 and 25). */
import type * as ast from '../syntax/ast.ts';
import { summaryOf } from './blocks.ts';
import { type Body, type Elaboration, makeScope, type Override } from './context.ts';
import { declareNames } from './declare.ts';
import { declareInterfacePorts } from './interface-ports.ts';
import { flatten, reportTwice, summariseModule } from './names.ts';
import type { Scope } from './symbols.ts';
import { rangeOf } from './types.ts';

/** Instances within each other before it is called a recursion without end. */
const maxDepth = 400;
const maxInstances = 1_000_000;

const flatItems = new WeakMap<ast.ModuleDecl, readonly ast.Item[]>();

export function itemsOf(decl: ast.ModuleDecl): readonly ast.Item[] {
  let items = flatItems.get(decl);
  if (!items) {
    items = flatten(decl.items);
    flatItems.set(decl, items);
  }
  return items;
}

/** Time unit and precision of a module: its own declarations, else the directive, else those of the compilation unit. */
function applyTimescale(scope: Scope, decl: ast.ModuleDecl): void {
  if (decl.timescale) {
    scope.ir.unit = decl.timescale.unit;
    scope.ir.precision = decl.timescale.precision;
  }
  for (const item of itemsOf(decl)) {
    if (item.kind !== 'time-units') continue;
    if (item.unit !== undefined) {
      scope.ir.unit = item.unit;
      if (item.precision === undefined && scope.ir.precision > item.unit) scope.ir.precision = item.unit;
    }
    if (item.precision !== undefined) scope.ir.precision = item.precision;
  }
}

/** Whether `above` is in more instances of the module than the limit allows. */
function isWithinTooOften(decl: ast.ModuleDecl, above: Scope, limit = Number.POSITIVE_INFINITY): boolean {
  let count = 0;
  for (let scope: Scope | undefined = above; scope && count <= limit; scope = scope.above ?? scope.parent) {
    if (scope.module === decl) count++;
  }
  return count > limit;
}

export interface NewInstance {
  decl: ast.ModuleDecl;
  name: string;
  above: Scope;
  node: ast.Node;
  overrides: Map<string, Override>;
  depth: number;
  connections?: { instance: ast.Instance; scope: Scope };
}

/** Makes the scope of an instance with its names, and the instances within it that no generate construct holds. Pushes the new bodies. */
export function instantiate(made: NewInstance, ctx: Elaboration, fresh: Body[]): Scope | undefined {
  if (ctx.stopped) return undefined;
  const { decl } = made;
  const tooDeep = made.depth > maxDepth || isWithinTooOften(decl, made.above, ctx.options.recursionLimit);
  if (tooDeep || ctx.bodies.length > maxInstances) {
    ctx.stopped = true;
    ctx.report(
      {
        code: 'recursion',
        severity: 'error',
        what: tooDeep
          ? `The module "${decl.name.name}" is instantiated within itself without end.`
          : `The design has more than ${maxInstances} instances.`,
        remedy: 'End the recursion with a generate-if on a parameter.',
      },
      made.node,
    );
    return undefined;
  }
  const unit = textualParent(decl, made.above, ctx);
  const scope = makeScope(ctx, {
    name: made.name,
    kind: decl.word === 'interface' || decl.word === 'program' || decl.word === 'package' ? decl.word : 'module',
    parent: unit,
    above: made.above,
    node: made.node,
    module: decl,
    ownUnit: true,
    automatic: false,
  });
  if (decl.cell) scope.ir.cell = true;
  applyTimescale(scope, decl);
  const body: Body = {
    scope,
    items: itemsOf(decl),
    overrides: made.overrides,
    children: new Map(),
    depth: made.depth,
  };
  if (made.connections) body.connections = made.connections;
  for (const item of body.items) {
    if (item.kind !== 'module') continue;
    ctx.nesting.add(decl);
    ctx.nestedIn.set(item, decl);
  }
  addBody(body, ctx, fresh);
  const summary = summaryOf(decl, () => summariseModule(decl, body.items, ctx));
  declareNames(summary, scope, ctx, body);
  declareInterfacePorts(body, ctx);
  instantiateItems(body, ctx, fresh, false);
  instantiateNested(body, ctx, fresh);
  return scope;
}

export function addBody(body: Body, ctx: Elaboration, fresh: Body[]): void {
  ctx.bodies.push(body);
  ctx.bodyOf.set(body.scope, body);
  fresh.push(body);
}

/** The instances directly in a body. `arrays`: those with ranges, that need parameters; else those without. */
export function instantiateItems(body: Body, ctx: Elaboration, fresh: Body[], arrays: boolean): void {
  for (const item of body.items) {
    if (item.kind !== 'instance') continue;
    const { name } = item.module;
    if (ctx.primitives.has(name)) continue;
    let decl = moduleOf(name, body.scope, ctx);
    if (!decl) decl = fromLibrary(name, ctx);
    if (!decl) {
      if (ctx.primitives.has(name)) continue;
      if (!arrays) reportUnknown(item, ctx);
      continue;
    }
    for (const instance of item.instances) {
      if (instance.dims.length > 0 !== arrays) continue;
      if (
        instance.name &&
        body.scope.names.has(instance.name.name) &&
        body.scope.names.get(instance.name.name)?.kind !== 'type'
      ) {
        reportTwice(instance.name, 'something else', ctx);
        continue;
      }
      if (instance.name && body.scope.pending?.has(instance.name.name)) {
        reportTwice(instance.name, 'something else', ctx);
        continue;
      }
      if (arrays) instantiateArray(item, instance, decl, body, ctx, fresh);
      else instantiateOne(item, instance, decl, body, ctx, fresh);
    }
  }
}

/** A module by name, as seen from a scope: those within the modules around it come first. */
export function moduleOf(name: string, scope: Scope, ctx: Elaboration): ast.ModuleDecl | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    if (!at.module || !ctx.nesting.has(at.module)) continue;
    const found = at.module.items.find((item) => item.kind === 'module' && item.name.name === name);
    if (found?.kind === 'module') return found;
  }
  return ctx.modules.get(name);
}

/** Modules and programs within a module that have no ports and that nothing instantiates are there by themselves (1800-2012 section 23.4). */
function instantiateNested(body: Body, ctx: Elaboration, fresh: Body[]): void {
  const within = body.scope.module;
  if (!within || !ctx.nesting.has(within)) return;
  const used = new Set<string>();
  for (const item of body.items) if (item.kind === 'instance') used.add(item.module.name);
  for (const item of body.items) {
    if (item.kind !== 'module' || item.ports.length > 0 || used.has(item.name.name) || item.word === 'interface')
      continue;
    const { name } = item.name;
    const scope = instantiate(
      { decl: item, name, above: body.scope, node: item.name, overrides: new Map(), depth: body.depth + 1 },
      ctx,
      fresh,
    );
    if (!scope) return;
    body.scope.names.set(name, { kind: 'scope', scope, node: item.name });
    body.children.set(item, [scope]);
  }
}

/** The scope around a module in the text: of a nested one, that of the instance it is declared in. */
function textualParent(decl: ast.ModuleDecl, from: Scope, ctx: Elaboration): Scope {
  const outer = ctx.nestedIn.get(decl);
  if (outer) {
    for (let at: Scope | undefined = from; at; at = at.parent) if (at.module === outer) return at;
  }
  return ctx.unitOf.get(decl) ?? ctx.unit;
}

function nameOf(instance: ast.Instance, ctx: Elaboration): string {
  if (instance.name) return instance.name.name;
  ctx.report(
    {
      code: 'no-instance-name',
      severity: 'error',
      what: 'An instance of a module needs a name.',
      remedy: 'Write a name before the parenthesis.',
    },
    instance,
  );
  return '$unnamed';
}

function instantiateOne(
  item: ast.InstanceItem,
  instance: ast.Instance,
  decl: ast.ModuleDecl,
  body: Body,
  ctx: Elaboration,
  fresh: Body[],
): void {
  const name = nameOf(instance, ctx);
  const scope = instantiate(
    {
      decl,
      name,
      above: body.scope,
      node: instance,
      overrides: overridesOf(item, decl, body.scope, ctx),
      depth: body.depth + 1,
      connections: { instance, scope: body.scope },
    },
    ctx,
    fresh,
  );
  if (!scope) return;
  body.scope.names.set(name, { kind: 'scope', scope, node: instance });
  body.children.set(instance, [scope]);
}

function instantiateArray(
  item: ast.InstanceItem,
  instance: ast.Instance,
  decl: ast.ModuleDecl,
  body: Body,
  ctx: Elaboration,
  fresh: Body[],
): void {
  const name = nameOf(instance, ctx);
  const range = instanceRange(instance, body.scope, ctx);
  if (!range) return;
  const scopes = new Map<number, Scope>();
  const ordered: Scope[] = [];
  const step = range.left <= range.right ? 1 : -1;
  for (let i = range.left; step > 0 ? i <= range.right : i >= range.right; i += step) {
    const scope = instantiate(
      {
        decl,
        name: `${name}[${i}]`,
        above: body.scope,
        node: instance,
        overrides: overridesOf(item, decl, body.scope, ctx),
        depth: body.depth + 1,
        connections: { instance, scope: body.scope },
      },
      ctx,
      fresh,
    );
    if (!scope) return;
    scopes.set(i, scope);
    ordered.push(scope);
  }
  body.scope.names.set(name, { kind: 'scopes', scopes, left: range.left, right: range.right, node: instance });
  body.children.set(instance, ordered);
}

/** The range of an array of instances or gates; undefined: it was reported. */
export function instanceRange(
  instance: ast.Instance,
  scope: Scope,
  ctx: Elaboration,
): { left: number; right: number } | undefined {
  const [dim, more] = instance.dims;
  if (!dim) return undefined;
  if (more || (dim.kind !== 'range' && dim.kind !== 'size')) {
    ctx.report(
      {
        code: 'not-supported',
        severity: 'error',
        what: 'Arrays of instances have one range.',
        remedy: 'Use a generate loop.',
      },
      instance,
    );
    return undefined;
  }
  const range =
    dim.kind === 'range'
      ? rangeOf(dim, scope, ctx)
      : rangeOf(
          { left: { kind: 'number', signed: true, a: 0n, b: 0n, first: dim.first, last: dim.last }, right: dim.size },
          scope,
          ctx,
        );
  if (!range) return undefined;
  const found = dim.kind === 'size' ? { left: 0, right: range.right - 1 } : range;
  if (dim.kind === 'size' && range.right < 1) {
    ctx.report(
      {
        code: 'array-size',
        severity: 'error',
        what: 'An array of instances has at least one.',
        remedy: 'Write a size of 1 or more.',
      },
      dim,
    );
    return undefined;
  }
  if (Math.abs(found.left - found.right) >= maxInstances) {
    ctx.report(
      {
        code: 'too-large',
        severity: 'error',
        what: `An array of ${Math.abs(found.left - found.right) + 1} instances is too large.`,
        remedy: 'Use a smaller range.',
      },
      instance,
    );
    return undefined;
  }
  return found;
}

/** Values of parameters that an instance gives: by order or by name. */
function overridesOf(
  item: ast.InstanceItem,
  decl: ast.ModuleDecl,
  scope: Scope,
  ctx: Elaboration,
): Map<string, Override> {
  const overrides = new Map<string, Override>();
  if (item.params.length === 0) return overrides;
  const names = parameterNames(decl);
  const named = item.params.some((param) => param.name);
  let position = 0;
  for (const param of item.params) {
    if (named !== (param.name !== undefined)) {
      ctx.report(
        {
          code: 'mixed-parameters',
          severity: 'error',
          what: 'Parameters are given by order or by name, not both.',
          remedy: 'Write .name(value) for all of them.',
        },
        param,
      );
      break;
    }
    const name = param.name?.name ?? names[position];
    position += 1;
    if (name === undefined || (named && !names.includes(name))) {
      if (named && param.name) warnUnknown(param.name, decl, ctx);
      else if (!named) {
        ctx.report(
          {
            code: 'too-many-parameters',
            severity: 'warning',
            what: `"${decl.name.name}" has ${names.length} parameters, more are given.`,
            remedy: 'Remove those too many.',
          },
          param,
        );
        break;
      }
      continue;
    }
    if (overrides.has(name) && param.name) {
      ctx.report(
        {
          code: 'parameter-twice',
          severity: 'error',
          what: `The parameter "${name}" is given twice.`,
          remedy: 'Remove one of them.',
        },
        param,
      );
    }
    if (param.value) overrides.set(name, { value: param.value, scope, node: param });
  }
  return overrides;
}

function warnUnknown(name: ast.Name, decl: ast.ModuleDecl, ctx: Elaboration): void {
  ctx.report(
    {
      code: 'no-parameter',
      severity: 'error',
      what: `"${name.name}" is not a parameter of "${decl.name.name}" that can be set.`,
      remedy: 'Check the name; local parameters cannot be set from outside.',
    },
    name,
  );
}

/** Parameters that an instance can set, in order. */
export function parameterNames(decl: ast.ModuleDecl): string[] {
  const from = (params: readonly ast.ParamDecl[]) =>
    params.filter((param) => param.word === 'parameter').flatMap((param) => param.names.map((at) => at.name.name));
  if (decl.hasParamList) return from(decl.params);
  return from([...decl.params, ...itemsOf(decl).filter((item): item is ast.ParamDecl => item.kind === 'param')]);
}

function reportUnknown(item: ast.InstanceItem, ctx: Elaboration): void {
  ctx.report(
    {
      code: 'unknown-module',
      severity: ctx.options.ignoreMissing ? 'warning' : 'error',
      what: `Unknown module type: ${item.module.name}.`,
      remedy: 'Add the file that defines it, or check the name.',
    },
    item.module,
  );
}

/** Asks the library for a module; its file's modules are then known. */
export function fromLibrary(name: string, ctx: Elaboration): ast.ModuleDecl | undefined {
  if (ctx.asked.has(name)) return ctx.modules.get(name);
  ctx.asked.add(name);
  const parsed = ctx.options.library?.(name);
  if (parsed) ctx.addUnit(parsed, true);
  return ctx.modules.get(name);
}
