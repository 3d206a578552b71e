import type { Problem } from '../../core/result.ts';
import type { Constant } from '../ir/types.ts';
import type { ModuleDecl, ParamDecl } from '../syntax/ast.ts';
import { parseText } from '../syntax/parse.fixture.ts';
import { blockScope } from './blocks.ts';
import { constantOf } from './constant.ts';
import { createContext, makeScope } from './context.ts';

/** "u4 10x1": a constant as text. */
export function describeConstant(value: Constant): string {
  if (value.kind !== 'vector') return `${value.kind} ${value.value}`;
  let bits = '';
  for (let i = value.width - 1; i >= 0; i--) {
    const a = (value.a >> BigInt(i)) & 1n;
    const b = (value.b >> BigInt(i)) & 1n;
    bits += b ? (a ? 'x' : 'z') : String(a);
  }
  return `${value.signed ? 's' : 'u'}${value.width} ${bits}`;
}

/** Works out constant expressions, each in an empty module. */
export function constantsOf(texts: readonly string[]): { values: (Constant | undefined)[]; problems: Problem[] } {
  const body = texts.map((text, i) => `parameter p${i} = ${text};\n`).join('');
  const { unit, tokens, problems } = parseText(`module m;\n${body}endmodule\n`);
  const wrong = problems.find((problem) => problem.severity === 'error');
  if (wrong) throw new Error(wrong.what);
  const options = { tops: [], parameters: {}, delays: 'typ', specify: false } as const;
  const ctx = createContext(tokens, options, blockScope);
  const decl = unit.items[0] as ModuleDecl;
  const scope = makeScope(ctx, {
    name: 'm',
    kind: 'module',
    parent: ctx.root,
    above: ctx.root,
    module: decl,
    ownUnit: true,
  });
  const values = decl.items.map((item) => {
    const { value } = (item as ParamDecl).names[0]!;
    return value && constantOf(value, scope, ctx);
  });
  return { values, problems: ctx.problems };
}

export function constantText(text: string): string {
  const { values, problems } = constantsOf([text]);
  const value = values[0];
  return value ? describeConstant(value) : `error: ${problems[0]?.what}`;
}
