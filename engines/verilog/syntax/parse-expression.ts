/** Expressions (IEEE 1364-2005 A.8, IEEE 1800-2012 A.8). */
import type {
  Argument,
  AssignOp,
  BinaryOp,
  CallExpr,
  Expr,
  MemberExpr,
  Name,
  NameExpr,
  PatternExpr,
  TypeRef,
  UnaryExpr,
  ValueRange,
} from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { numberLiteral, timeValue } from './parse-literal.ts';
import { isAttributeStart, type ParseState, syntaxFailure } from './parse-state.ts';
import { dataType, isTypeWord } from './parse-type.ts';

/** How tightly binary operators bind: larger binds tighter (IEEE 1800-2012 table 11-2). */
const BINDING: Record<string, number> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '~^': 4,
  '^~': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '===': 6,
  '!==': 6,
  '==?': 6,
  '!=?': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  inside: 7,
  '<<': 8,
  '>>': 8,
  '<<<': 8,
  '>>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  '**': 11,
};
const binding = new Map(Object.entries(BINDING));

const UNARY = new Set(['+', '-', '!', '~', '&', '~&', '|', '~|', '^', '~^', '^~']);
const ASSIGN_OPS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=', '<<<=', '>>>=']);

export function isAssignOp(tag: string): tag is AssignOp {
  return ASSIGN_OPS.has(tag);
}

/** Any expression; `->` and `<->` bind least and to the right. */
export function expression(p: ParseState): Expr {
  p.enter();
  const left = conditional(p);
  if ((p.at('->') || p.at('<->')) && p.isSv()) {
    const op = p.texts[p.take()] as BinaryOp;
    skipAttributes(p);
    const right = expression(p);
    p.leave();
    return { kind: 'binary', op, left, right, first: left.first, last: right.last };
  }
  p.leave();
  return left;
}

/** `c ? t : e`; chains `a ? b : c ? d : e` are read without recursion. */
function conditional(p: ParseState): Expr {
  let condition = binary(p, 1);
  if (!p.at('?')) return condition;
  const heads: { condition: Expr; then: Expr }[] = [];
  while (p.accept('?')) {
    skipAttributes(p);
    const then = expression(p);
    p.expect(':', 'between the alternatives of a conditional expression');
    skipAttributes(p);
    heads.push({ condition, then });
    condition = binary(p, 1);
  }
  let result = condition;
  const { last } = condition;
  for (let i = heads.length - 1; i >= 0; i--) {
    const { condition: chosen, then } = heads[i]!;
    result = { kind: 'conditional', condition: chosen, then, else: result, first: chosen.first, last };
  }
  return result;
}

/** Operators that bind at least as tightly as `least`. All are left-associative, so chains are a loop. */
function binary(p: ParseState, least: number): Expr {
  let left = unary(p);
  for (;;) {
    const tag = p.tag;
    const strength = binding.get(tag);
    if (strength === undefined || strength < least) return left;
    p.take();
    if (tag === 'inside') {
      const items = insideList(p);
      left = { kind: 'inside', operand: left, items, first: left.first, last: p.before };
      continue;
    }
    skipAttributes(p);
    const right = binary(p, strength + 1);
    left = { kind: 'binary', op: tag as BinaryOp, left, right, first: left.first, last: right.last };
  }
}

/** `{1, [2:5], x}` after `inside`. */
function insideList(p: ParseState): (Expr | ValueRange)[] {
  p.expect('{', "after 'inside'");
  const items: (Expr | ValueRange)[] = [];
  do items.push(valueRange(p));
  while (p.accept(','));
  p.expect('}', 'at the end of the list of values');
  return items;
}

export function valueRange(p: ParseState): Expr | ValueRange {
  if (!p.at('[')) return expression(p);
  const first = p.take();
  const left = expression(p);
  p.expect(':', 'in a range of values');
  const right = expression(p);
  p.expect(']', 'at the end of a range of values');
  return { kind: 'value-range', left, right, first, last: p.before };
}

function unary(p: ParseState): Expr {
  const tag = p.tag;
  if (UNARY.has(tag)) {
    const heads: { op: UnaryExpr['op']; at: number }[] = [];
    while (UNARY.has(p.tag)) {
      const at = p.take();
      if (heads.length === 1) {
        p.report(
          'unary-operand',
          `The operator '${tag}' stands before another operator; its operand needs parentheses.`,
          at,
          `Write ${tag}(${p.tags[at]} ...).`,
        );
      }
      heads.push({ op: p.tags[at] as UnaryExpr['op'], at });
      skipAttributes(p);
    }
    let operand = unary(p);
    for (let i = heads.length - 1; i >= 0; i--) {
      const { op, at } = heads[i]!;
      operand = { kind: 'unary', op, operand, first: at, last: operand.last };
    }
    return operand;
  }
  if (tag === '++' || tag === '--') {
    const first = p.take();
    const operand = postfix(p, false);
    return { kind: 'increment', op: tag, prefix: true, operand, first, last: p.before };
  }
  return postfix(p, true);
}

/** A primary with its selects, members, calls, casts; `increments`: `++` and `--` after it too. */
export function postfix(p: ParseState, increments: boolean): Expr {
  const bracketed = p.at('(');
  let left = primary(p);
  if (bracketed) return p.at("'(") || (p.at("'") && p.peek(1) === '(') ? sizeCast(p, left) : left;
  for (;;) {
    switch (p.tag) {
      case '.': {
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
        if (left.kind === 'number' || left.kind === 'real' || left.kind === 'string') return left;
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
  const args = argumentList(p);
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

/** `(a, , .x(b))`; a type may stand for a value. */
export function argumentList(p: ParseState): Argument[] {
  p.expect('(', 'before the arguments');
  const args: Argument[] = [];
  if (p.accept(')')) return args;
  do args.push(argument(p));
  while (p.accept(','));
  p.expect(')', 'at the end of the arguments');
  return args;
}

function argument(p: ParseState): Argument {
  const first = p.pos;
  if (p.at('.') && p.peek(1) === '$identifier') {
    p.take();
    const name = p.name();
    p.expect('(', 'after the name of an argument');
    const value = p.at(')') ? undefined : expressionOrType(p);
    p.expect(')', 'after the value of an argument');
    return { name, value, first, last: p.before };
  }
  if (p.at(',') || p.at(')')) return { first, last: first - 1 };
  const value = expressionOrType(p, true);
  return { value, first, last: p.before };
}

/** An expression, or a data type where one is named by a word: `$bits(logic [3:0])`. */
export function expressionOrType(p: ParseState, events = false): Expr {
  if (isTypeWord(p.tag) && !castFollows(p)) {
    const type = dataType(p);
    return { kind: 'type', type, first: type.first, last: type.last };
  }
  // Arguments of $past and the like: `@(posedge clk)` is for assertions alone.
  if (events && p.at('@')) {
    p.notSupported('A clocking event as an argument is', p.pos);
    p.take();
    if (p.at('(')) p.pos = p.skipBalanced(p.pos);
    return { kind: 'error', first: p.before, last: p.before };
  }
  return expression(p);
}

/** Whether the type word here is the prefix of a cast or of a pattern: `int'(x)`. */
function castFollows(p: ParseState): boolean {
  if (p.tag === 'type') return castTick(p, p.skipBalanced(p.pos + 1));
  return castTick(p, p.pos + 1);
}

function castTick(p: ParseState, at: number): boolean {
  const tag = p.tags[at];
  return tag === "'" || tag === "'(" || tag === "'{";
}

/** `a` or `a:b:c`. */
export function mintypmax(p: ParseState): Expr {
  const min = expression(p);
  if (!p.at(':')) return min;
  p.take();
  const typ = expression(p);
  p.expect(':', 'in min:typ:max');
  const max = expression(p);
  return { kind: 'mintypmax', min, typ, max, first: min.first, last: max.last };
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

/** `{a, b}`, `{n{a, b}}`, `{<<8{a}}`, `{}`. */
function braces(p: ParseState): Expr {
  const first = p.take();
  if (p.at('<<') || p.at('>>')) return stream(p, first);
  if (p.at('}') && p.isSv()) {
    p.take();
    return { kind: 'concat', parts: [], first, last: p.before };
  }
  skipAttributes(p);
  const head = expression(p);
  if (p.at('{')) {
    p.take();
    const parts = expressionList(p, '}');
    p.expect('}', 'at the end of a replication');
    p.expect('}', 'at the end of a replication');
    return { kind: 'replicate', count: head, parts, first, last: p.before };
  }
  const parts = [head];
  while (p.accept(',')) parts.push(expression(p));
  p.expect('}', 'at the end of a concatenation');
  return { kind: 'concat', parts, first, last: p.before };
}

function expressionList(p: ParseState, end: string): Expr[] {
  const parts: Expr[] = [];
  if (p.at(end)) return parts;
  do parts.push(expression(p));
  while (p.accept(','));
  return parts;
}

function stream(p: ParseState, first: number): Expr {
  p.needSv('A streaming concatenation', first);
  const direction = p.texts[p.take()] as '<<' | '>>';
  let slice: Expr | TypeRef | undefined;
  if (!p.at('{')) slice = isTypeWord(p.tag) ? dataType(p) : expression(p);
  p.expect('{', 'in a streaming concatenation');
  const parts: Expr[] = [];
  do {
    parts.push(expression(p));
    if (p.at('with')) {
      p.notSupported("'with' in a streaming concatenation is", p.pos);
      p.take();
      if (p.at('[')) p.pos = p.skipBalanced(p.pos);
    }
  } while (p.accept(','));
  p.expect('}', 'at the end of a streaming concatenation');
  p.expect('}', 'at the end of a streaming concatenation');
  return { kind: 'stream', direction, slice, parts, first, last: p.before };
}

/** `'{a, b}`, `'{x: 1, default: 0}`, `'{4{0}}`; `type` is the prefix. */
function pattern(p: ParseState, type: TypeRef | undefined): PatternExpr {
  const first = type?.first ?? p.pos;
  p.needSv('An assignment pattern');
  if (!p.accept("'{")) {
    p.expect("'");
    p.expect('{');
  }
  const items: PatternExpr['items'] = [];
  if (p.accept('}')) return { kind: 'pattern', type, items, first, last: p.before };
  const head = patternItem(p);
  if (p.at('{') && head.key === undefined) {
    p.take();
    for (const value of expressionList(p, '}')) items.push({ value });
    p.expect('}', 'at the end of a replication');
    p.expect('}', 'at the end of an assignment pattern');
    return { kind: 'pattern', type, repeat: head.value, items, first, last: p.before };
  }
  items.push(head);
  while (p.accept(',')) items.push(patternItem(p));
  p.expect('}', 'at the end of an assignment pattern');
  return { kind: 'pattern', type, items, first, last: p.before };
}

function patternItem(p: ParseState): PatternExpr['items'][number] {
  if (p.at('default')) {
    p.take();
    p.expect(':', "after 'default'");
    return { key: 'default', value: expression(p) };
  }
  if (isTypeWord(p.tag) && !castFollows(p)) {
    const key = dataType(p);
    p.expect(':', 'after the type in an assignment pattern');
    return { key, value: expression(p) };
  }
  const value = expression(p);
  if (!p.accept(':')) return { value };
  return { key: value, value: expression(p) };
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
  const args = p.at('(') ? argumentList(p) : [];
  return { kind: 'new', size, args, first, last: p.before };
}

/** Attributes on operators change nothing and have no place in the tree. */
function skipAttributes(p: ParseState): void {
  if (isAttributeStart(p)) attributes(p);
}

/**
 * What an assignment may have on its left, and what a call as a statement is made of: a postfix expression, a
 * concatenation, a pattern. `<=` is not taken for a comparison.
 */
export function leftSide(p: ParseState): Expr {
  p.enter();
  const left = postfix(p, true);
  p.leave();
  return left;
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
