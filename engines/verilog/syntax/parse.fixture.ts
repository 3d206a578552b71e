import type { Problem } from '../../core/result.ts';
import type { Expr, Item, ModuleDecl, SourceUnit, Stmt } from './ast.ts';
import { parse } from './parse.ts';
import { preprocess } from './preprocess.ts';
import type { Generation, TokenStream } from './tokens.ts';

export interface Parsed {
  unit: SourceUnit;
  tokens: TokenStream;
  problems: Problem[];
}

/** Parses a text as the file `a.sv` (or `a.v` where an older generation is asked for). */
export function parseText(text: string, generation: Generation = '2012'): Parsed {
  const path = generation.startsWith('20') && generation > '2005' ? 'a.sv' : 'a.v';
  const { tokens, problems } = preprocess([path], {
    generation,
    defines: {},
    includeDirs: [],
    read: (asked) => (asked === path ? text : undefined),
  });
  const { unit, problems: more } = parse(tokens, { generation });
  return { unit, tokens, problems: [...problems, ...more] };
}

/** "line: what" of all errors. */
export function errorsOf(text: string, generation?: Generation): string[] {
  return parseText(text, generation)
    .problems.filter((problem) => problem.severity === 'error')
    .map((problem) => `${problem.where?.line}: ${problem.what}`);
}

/** The items of a module around `body`; there must be no error. */
export function itemsOf(body: string, generation?: Generation): Item[] {
  const parsed = parseText(`module m;\n${body}\nendmodule`, generation);
  const wrong = parsed.problems.filter((problem) => problem.severity === 'error');
  if (wrong.length > 0) throw new Error(wrong.map((problem) => problem.what).join('\n'));
  return (parsed.unit.items[0] as ModuleDecl).items;
}

export function statementOf(text: string, generation?: Generation): Stmt {
  const item = itemsOf(`initial ${text}`, generation)[0]!;
  if (item.kind !== 'process') throw new Error('no process');
  return item.body;
}

export function expressionOf(text: string, generation?: Generation): Expr {
  const item = itemsOf(`assign x = ${text};`, generation)[0]!;
  if (item.kind !== 'assign') throw new Error('no assignment');
  return item.assigns[0]!.right;
}

/** An expression with all its parentheses, for comparing structure. */
export function show(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return expr.fill ? `'${expr.fill}` : String(expr.a);
    case 'name':
      return expr.name;
    case 'member':
      return `${show(expr.object)}.${expr.member.name}`;
    case 'scoped':
      return `${expr.scope.name}::${expr.name.name}`;
    case 'index':
      return `${show(expr.object)}[${show(expr.index)}]`;
    case 'range':
      return `${show(expr.object)}[${show(expr.left)}${expr.mode}${show(expr.right)}]`;
    case 'unary':
      return `(${expr.op}${show(expr.operand)})`;
    case 'binary':
      return `(${show(expr.left)}${expr.op}${show(expr.right)})`;
    case 'conditional':
      return `(${show(expr.condition)}?${show(expr.then)}:${show(expr.else)})`;
    case 'concat':
      return `{${expr.parts.map(show).join(',')}}`;
    case 'replicate':
      return `{${show(expr.count)}{${expr.parts.map(show).join(',')}}}`;
    default:
      return `<${expr.kind}>`;
  }
}
