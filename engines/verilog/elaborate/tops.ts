/** Which modules stand at the top, and what the command line gives their parameters. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { decodeNumber } from '../syntax/number.ts';
import type { Elaboration, Override } from './context.ts';
import { parameterNames } from './instances.ts';

/** Names that items instantiate, in branches of generate constructs, too, whether taken or not. */
function instantiated(items: readonly ast.Item[], into: Set<string>): void {
  for (const item of items) {
    switch (item.kind) {
      case 'instance':
        into.add(item.module.name);
        break;
      case 'generate-region':
      case 'generate-block':
        instantiated(item.items, into);
        break;
      case 'generate-for':
        instantiated(item.body.items, into);
        break;
      case 'generate-if':
        if (item.then) instantiated(item.then.items, into);
        if (item.else) instantiated(item.else.items, into);
        break;
      case 'module':
        instantiated(item.items, into);
        break;
      case 'generate-case':
        for (const { body } of item.items) instantiated(body.items, into);
        break;
      default:
        break;
    }
  }
}

/** A module with a parameter that has no value is not one for the top. */
function hasDefaults(decl: ast.ModuleDecl): boolean {
  return decl.params.every((param) => param.word !== 'parameter' || param.names.every((at) => at.value !== undefined));
}

/** Modules and programs that no module instantiates, in the order of their names, as Icarus has them; or those asked for. */
export function findTops(ctx: Elaboration, own: readonly ast.ModuleDecl[]): ast.ModuleDecl[] {
  const nowhere: ast.Node = { first: 0, last: 0 };
  if (ctx.options.tops.length > 0) {
    const tops: ast.ModuleDecl[] = [];
    for (const name of ctx.options.tops) {
      const decl = ctx.modules.get(name);
      if (decl && decl.word !== 'package') tops.push(decl);
      else {
        ctx.report(
          {
            code: 'no-top',
            severity: 'error',
            what: `There is no module "${name}" to stand at the top.`,
            remedy: 'Check the name of the top module.',
          },
          nowhere,
        );
      }
    }
    return tops;
  }
  const used = new Set<string>();
  for (const decl of own) instantiated(decl.items, used);
  const tops = own.filter(
    (decl) => decl.word !== 'package' && decl.word !== 'interface' && !used.has(decl.name.name) && hasDefaults(decl),
  );
  tops.sort((a, b) => (a.name.name < b.name.name ? -1 : a.name.name > b.name.name ? 1 : 0));
  if (tops.length === 0) {
    ctx.report(
      {
        code: 'no-top',
        severity: 'error',
        what: 'There is no module at the top: every module is instantiated by another, or there is none.',
        remedy: 'Name the top module.',
      },
      nowhere,
    );
  }
  return tops;
}

/** Values for parameters of a top, from `top.N` texts. */
export function givenParameters(decl: ast.ModuleDecl, ctx: Elaboration): Map<string, Override> {
  const overrides = new Map<string, Override>();
  const names = parameterNames(decl);
  for (const [path, text] of Object.entries(ctx.options.parameters)) {
    const dot = path.indexOf('.');
    if (dot < 0 || path.slice(0, dot) !== decl.name.name) continue;
    const name = path.slice(dot + 1);
    const report = (what: string, remedy: string) =>
      ctx.report({ code: 'no-parameter', severity: 'warning', what, remedy }, decl.name);
    if (!names.includes(name)) {
      report(`"${name}" is not a parameter of "${decl.name.name}" that can be set.`, 'Check the name.');
      continue;
    }
    const constant = constantText(text);
    if (typeof constant === 'string') {
      ctx.report(
        { code: 'parameter-value', severity: 'error', what: constant, remedy: 'Write a number or a text in quotes.' },
        decl.name,
      );
    } else overrides.set(name, { scope: ctx.root, node: decl.name, constant });
  }
  return overrides;
}

/** A number, a real or a text in quotes; a sentence when it is none. */
function constantText(text: string): ir.Constant | string {
  const trimmed = text.trim();
  if (/^".*"$/s.test(trimmed)) return { kind: 'string', value: trimmed.slice(1, -1) };
  if (/^[-+]?[0-9][0-9_]*(?:\.[0-9_]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)$/.test(trimmed)) {
    return { kind: 'real', value: Number(trimmed.replaceAll('_', '')) };
  }
  const negative = trimmed.startsWith('-');
  const number = decodeNumber(trimmed.replace(/^[-+]\s*/, '').replace(/\s/g, ''));
  if (typeof number === 'string') return number;
  const width = number.width ?? 32;
  const mask = (1n << BigInt(width)) - 1n;
  return {
    kind: 'vector',
    width,
    signed: number.signed,
    a: (negative ? -number.a : number.a) & mask,
    b: number.b & mask,
  };
}
