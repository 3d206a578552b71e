/** Parameters (IEEE 1364-2005 A.2.1.1, IEEE 1800-2012 A.2.1.1). */
import type { Expr, ParamDecl } from './ast.ts';
import { namedTypeCheck } from './parse-declaration.ts';
import { mintypmax } from './parse-expression.ts';
import type { ParseState } from './parse-state.ts';
import { dataType, dataTypeOrImplicit, isNamedDeclaration, isTypeWord, unpackedDims } from './parse-type.ts';

/** `parameter signed [3:0] A = 1, B = 2;`, up to and with the `;`. */
export function paramDecl(p: ParseState): ParamDecl {
  const decl = paramHead(p);
  do decl.names.push(paramName(p, decl));
  while (p.accept(','));
  p.expect(';', `after the declaration of a ${decl.word}`);
  decl.last = p.before;
  return decl;
}

function paramHead(p: ParseState): ParamDecl {
  const first = p.pos;
  const word = p.texts[p.take()] as ParamDecl['word'];
  return paramType(p, word, first);
}

function paramType(p: ParseState, word: ParamDecl['word'], first: number): ParamDecl {
  if (p.at('type') && p.peek(1) !== '(') {
    p.take();
    return { kind: 'param', word, isType: true, names: [], first, last: p.before };
  }
  const start = p.pos;
  const type = dataTypeOrImplicit(p);
  if (type.kind === 'named') namedTypeCheck(p, type, start);
  return { kind: 'param', word, type, isType: false, names: [], first, last: p.before };
}

function paramName(p: ParseState, decl: ParamDecl, inHeader = false): ParamDecl['names'][number] {
  const name = p.name(`the name of a ${decl.word}`);
  const dims = unpackedDims(p);
  let value: Expr | undefined;
  if (p.accept('=')) {
    if (decl.isType) value = typeValue(p);
    else value = mintypmax(p);
  } else if (decl.word !== 'parameter' || !inHeader) {
    p.fail("'='", `after the name of a ${decl.word}, which needs a value`);
  }
  return { name, dims, value, first: name.first, last: p.before };
}

/** A data type as a value, in a TypeExpr even where it is a name alone. */
function typeValue(p: ParseState): Expr {
  const type = dataType(p);
  return { kind: 'type', type, first: type.first, last: type.last };
}

/** `#(parameter A = 1, B = 2, parameter type T = int, localparam C = A)`. */
export function paramPortList(p: ParseState): ParamDecl[] {
  p.expect('#');
  p.expect('(', "after '#'");
  const all: ParamDecl[] = [];
  if (p.at(')')) {
    p.needSv('An empty list of parameters');
    p.take();
    return all;
  }
  let current: ParamDecl | undefined;
  do {
    const first = p.pos;
    if (p.at('parameter') || p.at('localparam')) {
      if (p.at('localparam')) p.needSv('A localparam in the header of a module');
      current = paramHead(p);
      all.push(current);
    } else if (current === undefined || isTypeWord(p.tag) || p.at('[') || p.at('signed') || isNamedDeclaration(p)) {
      p.needSv("A parameter without the word 'parameter'", first);
      if (current?.word === 'localparam') p.fail("'parameter' or 'localparam'", 'before a type after a localparam');
      current = paramType(p, current?.word ?? 'parameter', first);
      all.push(current);
    }
    const name = paramName(p, current, true);
    current.names.push(name);
    current.last = p.before;
    if (name.value === undefined) p.needSv('A parameter without a value', name.first);
  } while (p.accept(','));
  p.expect(')', 'at the end of the parameters');
  return all;
}
