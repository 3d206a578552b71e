/** Assertions, and statements that are not supported. */
import type { AssertStmt, Stmt } from './ast.ts';
import { parenthesis } from './parse-control.ts';
import type { ParseState } from './parse-state.ts';
import { statement } from './parse-statement.ts';

/** Immediate assertions; concurrent ones are read, reported and dropped. */
export function assertStatement(p: ParseState): AssertStmt | Extract<Stmt, { kind: 'error' }> {
  const first = p.pos;
  const word = p.texts[p.take()] as AssertStmt['word'];
  if (p.at('property') || p.at('sequence') || (word as string) === 'restrict' || (word as string) === 'expect') {
    p.notSupported(`Concurrent assertions ('${word}${p.at('(') ? '' : ` ${p.text}`}') are`, first);
    if (!p.at('(')) p.take();
    if (p.at('(')) p.pos = p.skipBalanced(p.pos);
    actionBlock(p);
    return { kind: 'error', first, last: p.before };
  }
  let deferred: AssertStmt['deferred'];
  if (p.at('#')) {
    p.take();
    if (p.text !== '0') p.fail('0', 'in a deferred assertion');
    p.take();
    deferred = '#0';
  } else if (p.accept('final')) deferred = 'final';
  const condition = parenthesis(p, `after '${word}'`);
  const { pass, fail } = actionBlock(p);
  return { kind: 'assert', word, deferred, condition, pass, fail, first, last: p.before };
}

/** `;`, `pass`, `else fail`, `pass else fail`. */
function actionBlock(p: ParseState): { pass?: Stmt; fail?: Stmt } {
  let pass: Stmt | undefined;
  if (!p.at('else')) {
    const body = statement(p);
    if (body.kind !== 'null') pass = body;
    if (body.kind === 'null') return {};
  }
  const fail = p.accept('else') ? statement(p) : undefined;
  return { pass, fail };
}

export function unsupportedStatement(p: ParseState): Stmt {
  const first = p.take();
  const word = p.texts[first]!;
  p.notSupported(`'${word}' is`, first);
  const end = word === 'randcase' ? 'endcase' : word === 'randsequence' ? 'endsequence' : ';';
  while (!p.at(end) && !p.isHardStop()) p.take();
  if (!p.isHardStop()) p.take();
  return { kind: 'error', first, last: p.before };
}
