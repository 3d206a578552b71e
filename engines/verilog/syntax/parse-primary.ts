/** What operators apply to: names with their selects, calls, literals, casts (IEEE 1364-2005 A.8.4, IEEE 1800-2012 A.8.4). */
import type { AssignOp, CallExpr, Expr, MemberExpr, Name, NameExpr, TypeRef } from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { braces, pattern } from './parse-braces.ts';
import { argumentList, castTick, expression, isAssignOp, mintypmax, skipAttributes } from './parse-expression.ts';
import { numberLiteral, timeValue } from './parse-literal.ts';
import { isAttributeStart, type ParseState, syntaxFailure } from './parse-state.ts';
import { dataType, isTypeWord } from './parse-type.ts';

/** A primary with its selects, members, calls, casts; `increments`: `++` and `--` after it too. */
export function postfix(p: ParseState, increments: boolean): Expr {
  const bracketed = p.at('(');
  let left = primary(p);
  if (bracketed) return p.at("'(") || (p.at("'") && p.peek(1) === '(') ? sizeCast(p, left) : left;
  for (;;) {
    switch (p.tag) {
      case '.': {
        if (isLiteral(left)) return left;
        if (p.peek(1) !== '$identifier' && !isMethodWord(p.peek(1))) {
          p.take();
          p.fail('a name', "after '.'");
        }
        p.take();
        const at = p.take();
        const member: Name = { name: p.texts[at]!, first: at, last: at };
        left = { kind: 'member', object: left, member, first: left.first, last: at };
        break;
      }
      case '[':
        if (isLiteral(left)) return left;
        left = select(p, left);
        break;
      case '(':
      case '(*':
        if (!isCallable(left)) return left;
        if (isAttributeStart(p)) attributes(p);
        if (!p.at('(')) return left;
        left = call(p, left);
        break;
      case 'with':
        if (left.kind !== 'call' && left.kind !== 'member') return left;
        left = withClause(p, left);
        break;
      case "'(":
        left = cast(p, left);
        break;
      case "'":
        if (p.peek(1) !== '(') return left;
        left = cast(p, left);
        break;
      case "'{":
        if (left.kind !== 'name' && left.kind !== 'scoped') return left;
        left = pattern(p, namedType(left));
        break;
      case '++':
      case '--': {
        if (!increments || !isVariableLike(left)) return left;
        const at = p.take();
        const op = p.tags[at] as '++' | '--';
        return { kind: 'increment', op, prefix: false, operand: left, first: left.first, last: at };
      }
      default:
        return left;
    }
  }
}

function isLiteral(expr: Expr): boolean {
  return expr.kind === 'number' || expr.kind === 'real' || expr.kind === 'string' || expr.kind === 'time';
}

/** Words that are also names of methods: `q.unique`, `a.and with (...)`. */
function isMethodWord(tag: string): boolean {
  return tag === 'unique' || tag === 'and' || tag === 'or' || tag === 'xor' || tag === 'new';
}

function isCallable(expr: Expr): expr is NameExpr | MemberExpr | Extract<Expr, { kind: 'scoped' }> {
  return expr.kind === 'name' || expr.kind === 'member' || expr.kind === 'scoped';
}

function isVariableLike(expr: Expr): boolean {
  return (
    expr.kind === 'name' ||
    expr.kind === 'member' ||
    expr.kind === 'scoped' ||
    expr.kind === 'index' ||
    expr.kind === 'range' ||
    expr.kind === 'concat'
  );
}

function namedType(expr: Expr): TypeRef {
  if (expr.kind === 'scoped') {
    return { kind: 'named', name: expr.name, scope: expr.scope, packed: [], first: expr.first, last: expr.last };
  }
  const name = expr as NameExpr;
  const { first, last } = name;
  return { kind: 'named', name: { name: name.name, first, last }, packed: [], first, last };
}

function select(p: ParseState, object: Expr): Expr {
  p.take();
  const left = expression(p);
  const tag = p.tag;
  if (tag === ':' || tag === '+:' || tag === '-:') {
    p.take();
    const right = expression(p);
    p.expect(']', 'at the end of a part select');
    return { kind: 'range', object, mode: tag, left, right, first: object.first, last: p.before };
  }
  p.expect(']', 'at the end of an index');
  return { kind: 'index', object, index: left, first: object.first, last: p.before };
}

function call(p: ParseState, callee: CallExpr['callee']): CallExpr {
  const args = argumentList(p, false);
  const node: CallExpr = { kind: 'call', callee, args, first: callee.first, last: p.before };
  return node;
}

/** `q.find with (item > 3)`, `q.sum() with (int'(item))`. */
function withClause(p: ParseState, left: CallExpr | MemberExpr): CallExpr {
  p.take();
  p.expect('(', "after 'with'");
  const condition = expression(p);
  p.expect(')', "at the end of 'with'");
  if (left.kind === 'call') return { ...left, with: condition, last: p.before };
  return { kind: 'call', callee: left, args: [], with: condition, first: left.first, last: p.before };
}

function cast(p: ParseState, prefix: Expr): Expr {
  p.needSv('A cast');
  castOpen(p);
  const operand = expression(p);
  p.expect(')', 'at the end of a cast');
  const { first } = prefix;
  const last = p.before;
  // `foo'(x)`: a type or a constant size. Only elaboration can tell; a name is given as a type.
  if (prefix.kind === 'name' || prefix.kind === 'scoped') {
    return { kind: 'cast', to: { kind: 'type', type: namedType(prefix) }, operand, first, last };
  }
  return { kind: 'cast', to: { kind: 'size', size: prefix }, operand, first, last };
}

/** `(W + 1)'(x)`: what stands in parentheses is a size. */
function sizeCast(p: ParseState, size: Expr): Expr {
  p.needSv('A cast');
  castOpen(p);
  const operand = expression(p);
  p.expect(')', 'at the end of a cast');
  return { kind: 'cast', to: { kind: 'size', size }, operand, first: size.first, last: p.before };
}

function castOpen(p: ParseState): void {
  if (p.accept("'(")) return;
  p.expect("'");
  p.expect('(', 'in a cast');
}

/** What operators and selects apply to. */
export function primary(p: ParseState): Expr {
  const first = p.pos;
  switch (p.tag) {
    case '$identifier':
      return identifier(p);
    case '$number':
      p.take();
      return numberLiteral(p, first);
    case '$real':
      p.take();
      return { kind: 'real', value: Number(p.texts[first]!.replaceAll('_', '')), first, last: first };
    case '$time':
      p.take();
      p.needSv('A time with a unit', first);
      return { kind: 'time', ...timeValue(p.texts[first]!), first, last: first };
    case '$string':
      p.take();
      return { kind: 'string', value: p.texts[first]!, first, last: first };
    case '$system':
      return systemName(p);
    case '(':
      return parenthesised(p);
    case '{':
      return braces(p);
    case "'{":
      return pattern(p, undefined);
    case "'":
      if (p.peek(1) === '{') return pattern(p, undefined);
      break;
    case '$':
      p.take();
      return { kind: 'dollar', first, last: first };
    case 'null':
      p.take();
      return { kind: 'null', first, last: first };
    case 'this':
    case 'super': {
      const name = p.texts[p.take()]!;
      return { kind: 'name', name, first, last: first };
    }
    case 'new':
      return newExpression(p);
    case 'signed':
    case 'unsigned':
    case 'const':
      if (castTick(p, p.pos + 1)) {
        const word = p.texts[p.take()]!;
        p.needSv('A cast', first);
        castOpen(p);
        const operand = expression(p);
        p.expect(')', 'at the end of a cast');
        return {
          kind: 'cast',
          to: word === 'const' ? { kind: 'const' } : { kind: 'sign', signed: word === 'signed' },
          operand,
          first,
          last: p.before,
        };
      }
      break;
    case 'tagged':
      p.notSupported('Tagged unions are', first);
      break;
  }
  if (isTypeWord(p.tag)) {
    const type = dataType(p);
    if (p.at("'{") || (p.at("'") && p.peek(1) === '{')) return pattern(p, type);
    if (p.at("'(") || (p.at("'") && p.peek(1) === '(')) {
      p.needSv('A cast', first);
      castOpen(p);
      const operand = expression(p);
      p.expect(')', 'at the end of a cast');
      return { kind: 'cast', to: { kind: 'type', type }, operand, first, last: p.before };
    }
    // `type(a) == type(b)`
    if (type.kind === 'type-of') return { kind: 'type', type, first, last: p.before };
    p.pos = first;
  }
  return p.fail('an expression');
}

function identifier(p: ParseState): Expr {
  const at = p.take();
  const name = p.texts[at]!;
  if (!p.at('::')) return { kind: 'name', name, first: at, last: at };
  p.needSv("'::'");
  p.take();
  if (p.at('new')) {
    p.notSupported('Classes are', p.pos);
    throw syntaxFailure;
  }
  const member = p.name('a name');
  if (p.at('::')) {
    p.notSupported('A name in two scopes is', p.pos);
    p.fail("a name without '::'");
  }
  return { kind: 'scoped', scope: { name, first: at, last: at }, name: member, first: at, last: p.before };
}

function systemName(p: ParseState): Expr {
  const at = p.take();
  const name = p.texts[at]!;
  if (name === '$root' || name === '$unit') {
    if (name === '$unit' && p.accept('::')) {
      const member = p.name();
      return { kind: 'scoped', scope: { name, first: at, last: at }, name: member, first: at, last: p.before };
    }
    return { kind: 'name', name, first: at, last: at };
  }
  const callee = { kind: 'system' as const, name, first: at, last: at };
  const args = p.at('(') && !isAttributeStart(p) ? argumentList(p) : [];
  return { kind: 'call', callee, args, first: at, last: p.before };
}

/** `(e)`, `(min:typ:max)`, `(a = b)`. */
function parenthesised(p: ParseState): Expr {
  const first = p.take();
  skipAttributes(p);
  const inner = mintypmax(p);
  if (isAssignOp(p.tag)) {
    const op = p.tag as AssignOp;
    p.needSv('An assignment inside an expression');
    p.take();
    const right = expression(p);
    p.expect(')', 'at the end of the assignment');
    return { kind: 'assign', op, left: inner, right, first, last: p.before };
  }
  p.expect(')', 'to close the parenthesis');
  return { ...inner, first, last: p.before };
}

/** `new`, `new[n]`, `new[n](old)`, `new(args)`. */
function newExpression(p: ParseState): Expr {
  const first = p.take();
  let size: Expr | undefined;
  if (p.accept('[')) {
    size = expression(p);
    p.expect(']', "after the size in 'new'");
  }
  if (p.at('$identifier')) {
    p.notSupported('Classes are', first);
    throw syntaxFailure;
  }
  const args = p.at('(') ? argumentList(p, false) : [];
  return { kind: 'new', size, args, first, last: p.before };
}

/** A name with members and indices, without calls: events, `disable`, `defparam`. */
export function hierarchicalName(p: ParseState): Expr {
  if (p.tag !== '$identifier' && p.text !== '$root') p.fail('a name');
  let left = p.at('$identifier') ? identifier(p) : systemName(p);
  for (;;) {
    if (p.at('.') && p.peek(1) === '$identifier') {
      p.take();
      const member = p.name();
      left = { kind: 'member', object: left, member, first: left.first, last: member.last };
    } else if (p.at('[')) left = select(p, left);
    else return left;
  }
}
