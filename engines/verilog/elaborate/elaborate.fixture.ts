import type * as ir from '../ir/types.ts';
import { parse } from '../syntax/parse.ts';
import { preprocess } from '../syntax/preprocess.ts';
import type { Generation } from '../syntax/tokens.ts';
import { type Elaborated, type ElaborateOptions, elaborate, type ParsedUnit } from './design.ts';

/** A source text as a compilation unit. */
export function parsed(text: string, generation: Generation = '2012', path = 't.v'): ParsedUnit {
  const { tokens } = preprocess([path], { generation, defines: {}, includeDirs: [], read: () => text });
  const { unit, problems } = parse(tokens, { generation });
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.what).join('\n'));
  return { unit, tokens };
}

export function elaborated(
  text: string,
  options: Partial<ElaborateOptions> & { generation?: Generation } = {},
): Elaborated {
  const { generation, ...rest } = options;
  return elaborate([parsed(text, generation)], { tops: [], parameters: {}, delays: 'typ', specify: true, ...rest });
}

/** The design of a source that must be right. */
export function designOf(
  text: string,
  options: Partial<ElaborateOptions> & { generation?: Generation } = {},
): ir.Design {
  const { design, problems } = elaborated(text, options);
  if (!design) throw new Error(problems.map((problem) => problem.what).join('\n'));
  return design;
}

/** `top.u1.blk`. */
export function pathOf(design: ir.Design, id: ir.ScopeId): string {
  const scope = design.scopes[id]!;
  return scope.parent === undefined ? scope.name : `${pathOf(design, scope.parent)}.${scope.name}`;
}

export function scopeNamed(design: ir.Design, path: string): ir.Scope {
  const scope = design.scopes.find((candidate) => pathOf(design, candidate.id) === path);
  if (!scope) throw new Error(`no scope ${path}: ${design.scopes.map((one) => pathOf(design, one.id)).join(' ')}`);
  return scope;
}

export function signalNamed(design: ir.Design, path: string): ir.Signal {
  const dot = path.lastIndexOf('.');
  const scope = scopeNamed(design, path.slice(0, dot));
  const id = scope.signals.find((candidate) => design.signals[candidate]!.name === path.slice(dot + 1));
  if (id === undefined) throw new Error(`no signal ${path}`);
  return design.signals[id]!;
}

/** Value of a parameter as a number or text. */
export function parameterOf(design: ir.Design, path: string): number | string | undefined {
  const dot = path.lastIndexOf('.');
  const found = scopeNamed(design, path.slice(0, dot)).parameters.find(({ name }) => name === path.slice(dot + 1));
  if (!found) return undefined;
  const { value } = found;
  if (value.kind !== 'vector') return value.value;
  return Number(value.signed ? BigInt.asIntN(value.width, value.a) : value.a);
}
