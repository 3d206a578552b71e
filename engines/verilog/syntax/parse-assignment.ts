/** Assignments and calls as statements (IEEE 1364-2005 A.6.2 and A.6.9). */
import type { AssignOp, Expr, Stmt, TypeRef } from './ast.ts';
import { expression, isAssignOp, leftSide } from './parse-expression.ts';
import { type ParseState, syntaxFailure } from './parse-state.ts';
import { timedValue } from './parse-timing.ts';
import { isSvWord } from './parse-type.ts';

export function simpleStatement(p: ParseState): Stmt {
  const node = assignmentOrCall(p);
  p.expect(';', endOf(node));
  node.last = p.before;
  return node;
}

function endOf(node: Stmt): string {
  return node.kind === 'expr' ? 'after a call' : 'at the end of an assignment';
}

/** `a = b`, `a += b`, `a <= #1 b`, `a++`, `f(x)`, without the `;`. */
export function assignmentOrCall(p: ParseState): Stmt {
  const first = p.pos;
  const left = p.at('++') || p.at('--') ? expression(p) : leftSide(p);
  const tag = p.tag;
  if ((tag === '<=' || isAssignOp(tag)) && !isTarget(left)) p.fail("';'", 'after a call');
  if (tag === '<=') {
    p.take();
    const { wait, right } = timedValue(p);
    return { kind: 'nonblocking', left, timing: wait, right, first, last: p.before };
  }
  if (isAssignOp(tag)) {
    const op = tag as AssignOp;
    p.take();
    const { wait, right } = op === '=' ? timedValue(p) : { wait: undefined, right: expression(p) };
    return { kind: 'blocking', op, left, timing: wait, right, first, last: p.before };
  }
  switch (left.kind) {
    case 'name':
      if (p.at('$identifier') && isSvWord(left.name)) {
        p.needSv(`The word '${left.name}'`, first);
        throw syntaxFailure;
      }
      return { kind: 'expr', expr: left, first, last: p.before };
    case 'call':
    case 'increment':
    case 'member':
    case 'scoped':
      return { kind: 'expr', expr: left, first, last: p.before };
    default:
      return p.fail("'=' or '<='", 'after what is assigned to');
  }
}

/** Whether an assignment can have it on its left. */
function isTarget(left: Expr): boolean {
  switch (left.kind) {
    case 'name':
    case 'member':
    case 'scoped':
    case 'index':
    case 'range':
    case 'concat':
    case 'pattern':
    case 'stream':
      return true;
    default:
      return false;
  }
}

/** `void'(f(x));` */
export function voidCast(p: ParseState): Stmt {
  const first = p.take();
  if (!p.accept("'(")) {
    p.expect("'", "after 'void'");
    p.expect('(', "after 'void'");
  }
  const operand = expression(p);
  p.expect(')', "at the end of 'void'");
  if (operand.kind !== 'call' && operand.kind !== 'name' && operand.kind !== 'member' && operand.kind !== 'scoped') {
    p.report('void-cast', 'Only the call of a function can be cast to void.', operand.first);
  }
  const type: TypeRef = { kind: 'void', packed: [], first, last: first };
  const last = p.before;
  p.expect(';', "after 'void'");
  return {
    kind: 'expr',
    expr: { kind: 'cast', to: { kind: 'type', type }, operand, first, last },
    first,
    last: p.before,
  };
}
