/** Concatenations, replications, streams and assignment patterns (IEEE 1800-2012 A.8.1, 10.9, 11.4.12, 11.4.14). */
import type { Expr, PatternExpr, TypeRef } from './ast.ts';
import { castFollows, expression, skipAttributes } from './parse-expression.ts';
import type { ParseState } from './parse-state.ts';
import { dataType, isTypeWord } from './parse-type.ts';

/** `{a, b}`, `{n{a, b}}`, `{<<8{a}}`, `{}`. */
export function braces(p: ParseState): Expr {
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
export function pattern(p: ParseState, type: TypeRef | undefined): PatternExpr {
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
