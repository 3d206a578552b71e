/** Generate constructs (1364-2005 section 12.4, 1800-2012 section 27): which of their blocks there are, and under which names. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { summaryOf } from './blocks.ts';
import { constantInteger, constantOf } from './constant.ts';
import { type Body, type Elaboration, makeScope } from './context.ts';
import { declareNames } from './declare.ts';
import { addBody, instantiateItems } from './instances.ts';
import { declares } from './lookup.ts';
import { flatten, reportTwice, summariseItems } from './names.ts';
import type { Symbol as Meaning, Scope } from './symbols.ts';
import { atomType } from './types.ts';

const maxIterations = 1 << 20;
const flatBlocks = new WeakMap<ast.GenerateBlock, readonly ast.Item[]>();

function itemsOfBlock(block: ast.GenerateBlock): readonly ast.Item[] {
  let items = flatBlocks.get(block);
  if (!items) {
    items = flatten(block.items);
    flatBlocks.set(block, items);
  }
  return items;
}

type Conditional = ast.GenerateIf | ast.GenerateCase;

/** Evaluates the generate constructs of a body; what they make is pushed. */
export function generate(body: Body, ctx: Elaboration, fresh: Body[]): void {
  let number = 0;
  for (const item of body.items) {
    switch (item.kind) {
      case 'generate-for':
        number += 1;
        generateFor(item, number, body, ctx, fresh);
        break;
      case 'generate-if':
      case 'generate-case':
        number += 1;
        conditional(item, item, number, body, ctx, fresh);
        break;
      case 'generate-block':
        number += 1;
        makeBlock(item, item, nameOf(item, number, body.scope), body, ctx, fresh);
        break;
      default:
        break;
    }
  }
}

/** The name of a block: its own, or genblk with the number of its construct in the scope, with zeros where that is taken (12.4.3). */
function nameOf(block: ast.GenerateBlock, number: number, scope: Scope): string {
  if (block.name) return block.name.name;
  let name = `genblk${number}`;
  for (let zeros = '0'; declares(scope, name); zeros += '0') name = `genblk${zeros}${number}`;
  return name;
}

/** Whether a constant counts as true. */
function truth(value: ir.Constant): boolean {
  if (value.kind === 'vector') return (value.a & ~value.b) !== 0n;
  if (value.kind === 'real') return value.value !== 0;
  return value.value !== '';
}

/** `construct`: the outermost of directly nested ones: they count as one (12.4.2). */
function conditional(
  item: Conditional,
  construct: Conditional,
  number: number,
  body: Body,
  ctx: Elaboration,
  fresh: Body[],
): void {
  const chosen = item.kind === 'generate-if' ? chooseIf(item, body.scope, ctx) : chooseCase(item, body.scope, ctx);
  if (!chosen) return;
  const only = chosen.bare && !chosen.name && chosen.items.length === 1 ? chosen.items[0] : undefined;
  if (only && (only.kind === 'generate-if' || only.kind === 'generate-case')) {
    conditional(only, construct, number, body, ctx, fresh);
    return;
  }
  if (chosen.bare && chosen.items.every((inner) => inner.kind === 'empty')) return;
  makeBlock(chosen, construct, nameOf(chosen, number, body.scope), body, ctx, fresh);
}

function chooseIf(item: ast.GenerateIf, scope: Scope, ctx: Elaboration): ast.GenerateBlock | undefined {
  const value = constantOf(item.condition, scope, ctx);
  return value && (truth(value) ? item.then : item.else);
}

function chooseCase(item: ast.GenerateCase, scope: Scope, ctx: Elaboration): ast.GenerateBlock | undefined {
  const subject = constantOf(item.subject, scope, ctx);
  if (!subject) return undefined;
  for (const { labels, body } of item.items) {
    for (const label of labels ?? []) {
      const value = constantOf(label, scope, ctx);
      if (value && same(subject, value)) return body;
    }
  }
  return item.items.find((candidate) => !candidate.labels)?.body;
}

/** Case equality, as wide as the wider; signed only when both are. */
function same(left: ir.Constant, right: ir.Constant): boolean {
  if (left.kind !== 'vector' || right.kind !== 'vector') {
    if (left.kind === 'string' && right.kind === 'string') return left.value === right.value;
    const number = (value: ir.Constant) =>
      value.kind === 'vector'
        ? Number(value.signed ? BigInt.asIntN(value.width, value.a) : value.a)
        : value.kind === 'real'
          ? value.value
          : Number.NaN;
    return number(left) === number(right);
  }
  const signed = left.signed && right.signed;
  const width = Math.max(left.width, right.width);
  const extend = (plane: bigint, own: number) => (signed ? BigInt.asUintN(width, BigInt.asIntN(own, plane)) : plane);
  return (
    extend(left.a, left.width) === extend(right.a, right.width) &&
    extend(left.b, left.width) === extend(right.b, right.width)
  );
}

/** Makes the scope of a generate block, with a genvar's value in it. */
function makeScopeOf(
  block: ast.GenerateBlock,
  name: string,
  body: Body,
  ctx: Elaboration,
  fresh: Body[],
  genvar?: { name: ast.Name; value: number },
): Scope {
  const scope = makeScope(ctx, {
    name,
    kind: 'generate',
    parent: body.scope,
    above: body.scope,
    node: block.name ?? block,
    automatic: false,
  });
  const inner: Body = {
    scope,
    items: itemsOfBlock(block),
    overrides: new Map(),
    children: new Map(),
    depth: body.depth,
  };
  addBody(inner, ctx, fresh);
  if (genvar) {
    const symbol = genvarValue(genvar.name, genvar.value);
    scope.names.set(genvar.name.name, symbol);
    scope.ir.parameters.push({ name: genvar.name.name, value: symbol.value, local: true, at: ctx.at(genvar.name) });
  }
  declareNames(
    summaryOf(block, () => summariseItems(inner.items, ctx)),
    scope,
    ctx,
    inner,
  );
  instantiateItems(inner, ctx, fresh, false);
  return scope;
}

function genvarValue(name: ast.Name, value: number): Extract<Meaning, { kind: 'param' }> {
  return {
    kind: 'param',
    value: { kind: 'vector', width: 32, signed: true, a: BigInt.asUintN(32, BigInt(value)), b: 0n },
    type: atomType('integer'),
    node: name,
    local: true,
    isPort: false,
  };
}

function makeBlock(
  block: ast.GenerateBlock,
  construct: ast.Item,
  name: string,
  body: Body,
  ctx: Elaboration,
  fresh: Body[],
): void {
  if (declares(body.scope, name)) {
    if (block.name) reportTwice(block.name, 'something else', ctx);
    return;
  }
  const scope = makeScopeOf(block, name, body, ctx, fresh);
  body.scope.names.set(name, { kind: 'scope', scope, node: block });
  body.children.set(construct, [scope]);
}

function generateFor(item: ast.GenerateFor, number: number, body: Body, ctx: Elaboration, fresh: Body[]): void {
  const name = nameOf(item.body, number, body.scope);
  if (declares(body.scope, name)) {
    if (item.body.name) reportTwice(item.body.name, 'something else', ctx);
    return;
  }
  if (!item.declares && !isGenvar(item.variable, body.scope)) {
    ctx.report(
      {
        code: 'no-genvar',
        severity: 'error',
        what: `The generate loop's variable "${item.variable.name}" is not a genvar.`,
        remedy: `Declare it with "genvar ${item.variable.name};".`,
      },
      item.variable,
    );
    return;
  }
  const first = constantInteger(item.init, body.scope, ctx);
  if (first === undefined) return;
  let value: number = first;
  // The loop's own view of the genvar: the blocks get copies.
  const loop: Scope = { ...body.scope, parent: body.scope, names: new Map(), pending: undefined, wildcards: [] };
  const scopes = new Map<number, Scope>();
  const ordered: Scope[] = [];
  for (let count = 0; ; count++) {
    loop.names.set(item.variable.name, genvarValue(item.variable, value));
    const condition = constantOf(item.condition, loop, ctx);
    if (!condition) return;
    if (!truth(condition)) break;
    if (scopes.has(value) || count >= maxIterations) {
      ctx.report(
        {
          code: 'generate-loop',
          severity: 'error',
          what: scopes.has(value)
            ? `The generate loop comes to ${item.variable.name} = ${value} a second time: it would never end.`
            : `The generate loop makes more than ${maxIterations} blocks.`,
          remedy: 'Check its condition and step.',
        },
        item,
      );
      return;
    }
    const scope = makeScopeOf(item.body, `${name}[${value}]`, body, ctx, fresh, { name: item.variable, value });
    if (ctx.stopped) return;
    scopes.set(value, scope);
    ordered.push(scope);
    const next = step(item, value, loop, ctx);
    if (next === undefined) return;
    value = next;
  }
  const left = ordered.length > 0 ? first : 0;
  const right = ordered.length > 0 ? [...scopes.keys()].at(-1)! : -1;
  body.scope.names.set(name, { kind: 'scopes', scopes, left, right, node: item.body });
  body.children.set(item, ordered);
}

function isGenvar(name: ast.Name, scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    if (!declares(at, name.name)) continue;
    const symbol = at.names.get(name.name) ?? at.pending?.resolve(name.name);
    // Within a loop over the same genvar it is that loop's constant.
    return symbol?.kind === 'genvar';
  }
  return false;
}

/** The genvar after a step: `i = i + 1`, `i += 2`, `i++`. */
function step(item: ast.GenerateFor, value: number, loop: Scope, ctx: Elaboration): number | undefined {
  const { step: by } = item;
  if (by.kind === 'increment') return by.op === '++' ? value + 1 : value - 1;
  if (by.kind !== 'assign') {
    ctx.report(
      {
        code: 'generate-step',
        severity: 'error',
        what: 'The step of a generate loop does not assign to its genvar.',
        remedy: 'Write i = i + 1.',
      },
      by,
    );
    return undefined;
  }
  if (by.left.kind !== 'name' || by.left.name !== item.variable.name) {
    ctx.report(
      {
        code: 'generate-step',
        severity: 'error',
        what: `The step of the generate loop assigns to something else than "${item.variable.name}".`,
        remedy: 'Use one genvar in all three parts of the loop.',
      },
      by.left,
    );
    return undefined;
  }
  if (by.op === '=') return constantInteger(by.right, loop, ctx);
  const op = by.op.slice(0, -1) as ast.BinaryOp;
  return constantInteger(
    { kind: 'binary', op, left: by.left, right: by.right, first: by.first, last: by.last },
    loop,
    ctx,
  );
}
