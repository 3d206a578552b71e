/** Expressions (IEEE 1364-2005 A.8, IEEE 1800-2012 A.8). */
import type { Argument, AssignOp, BinaryOp, Expr, UnaryExpr, ValueRange } from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { postfix } from './parse-primary.ts';
import { isAttributeStart, type ParseState } from './parse-state.ts';
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
  const operand = postfix(p, true);
  // A task may be called so, a function not.
  const { last } = operand;
  if (operand.kind === 'call' && operand.args.length === 0 && p.tags[last] === ')' && p.tags[last - 1] === '(') {
    p.needSv('An empty list of arguments', last);
  }
  return operand;
}

/** `(a, , .x(b))`; `types`: a type may stand for a value. */
export function argumentList(p: ParseState, types = true): Argument[] {
  p.expect('(', 'before the arguments');
  const args: Argument[] = [];
  if (p.accept(')')) return args;
  do args.push(argument(p, types));
  while (p.accept(','));
  p.expect(')', 'at the end of the arguments');
  return args;
}

function argument(p: ParseState, types: boolean): Argument {
  const first = p.pos;
  if (p.at('.') && p.peek(1) === '$identifier') {
    p.take();
    const name = p.name();
    p.expect('(', 'after the name of an argument');
    const value = p.at(')') ? undefined : types ? expressionOrType(p) : expression(p);
    p.expect(')', 'after the value of an argument');
    return { name, value, first, last: p.before };
  }
  if (p.at(',') || p.at(')')) return { first, last: first - 1 };
  const value = types ? expressionOrType(p, true) : expression(p);
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
export function castFollows(p: ParseState): boolean {
  if (p.tag === 'type') return castTick(p, p.skipBalanced(p.pos + 1));
  return castTick(p, p.pos + 1);
}

export function castTick(p: ParseState, at: number): boolean {
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

/** Attributes on operators change nothing and have no place in the tree. */
export function skipAttributes(p: ParseState): void {
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
