/** Conditions and loops (IEEE 1364-2005 A.6.6 to A.6.8, IEEE 1800-2012 A.6.6 to A.6.8). */
import type { CaseStmt, Expr, ForStmt, IfStmt, Name, Stmt, ValueRange, VarDecl } from './ast.ts';
import { assignmentOrCall } from './parse-assignment.ts';
import { LIST_STOPS, missingEnd } from './parse-block.ts';
import { isVarDecl, varDeclHead } from './parse-declaration.ts';
import { expression, valueRange } from './parse-expression.ts';
import { type ParseState, syntaxFailure } from './parse-state.ts';
import { BODY_WORDS, statement } from './parse-statement.ts';

export function parenthesis(p: ParseState, after: string): Expr {
  p.expect('(', after);
  const condition = expression(p);
  if (p.at('matches') || p.at('&&&')) p.notSupported('Pattern matching is', p.pos);
  p.expect(')', 'at the end of the condition');
  return condition;
}

export function ifOrCase(p: ParseState): Stmt {
  const first = p.pos;
  let check: IfStmt['check'];
  if (!p.at('if')) {
    check = p.texts[p.take()] as 'unique';
    if (p.at('case') || p.at('casez') || p.at('casex')) return caseStatement(p, check, first);
    if (!p.at('if')) p.fail("'if' or 'case'", `after '${check}'`);
  }
  return ifStatement(p, check, first);
}

/** Chains of `else if` are read without recursion. */
function ifStatement(p: ParseState, check: IfStmt['check'], first: number): IfStmt {
  const chain: IfStmt[] = [];
  let node = ifHead(p, check, first);
  chain.push(node);
  while (p.at('else')) {
    p.take();
    if (p.at('if')) {
      const next = ifHead(p, undefined, p.pos);
      node.else = next;
      node = next;
      chain.push(node);
      continue;
    }
    node.else = statement(p);
    break;
  }
  for (const link of chain) link.last = p.before;
  return chain[0]!;
}

function ifHead(p: ParseState, check: IfStmt['check'], first: number): IfStmt {
  p.expect('if');
  const condition = parenthesis(p, "after 'if'");
  const then = statement(p);
  return { kind: 'if', check, condition, then, first, last: p.before };
}

export function caseStatement(p: ParseState, check: CaseStmt['check'], first: number): CaseStmt {
  const word = p.texts[p.take()] as CaseStmt['word'];
  const subject = parenthesis(p, `after '${word}'`);
  const inside = p.accept('inside');
  if (p.at('matches')) {
    p.notSupported('Pattern matching is', p.pos);
    p.take();
  }
  const items: CaseStmt['items'] = [];
  let ended = false;
  while (!ended) {
    if (p.at('endcase')) break;
    if (p.isItemStop() || LIST_STOPS.has(p.tag)) break;
    const start = p.pos;
    const { depth, cases } = p;
    p.cases++;
    try {
      items.push(caseItem(p, inside));
    } catch (failure) {
      if (failure !== syntaxFailure) throw failure;
      p.depth = depth;
      p.recover(start, true);
      if (p.pos === start) ended = true;
      // A body that was left behind is read, so that its errors and its end are not taken for those of the case.
      else if (BODY_WORDS.has(p.tag)) statement(p);
    }
    p.cases = cases;
  }
  if (items.length === 0 && p.at('endcase')) p.report('syntax', 'Syntax error: this case has no items.', first);
  if (p.at('endcase')) p.take();
  else missingEnd(p, 'endcase', first);
  return { kind: 'case', word, inside, check, subject, items, first, last: p.before };
}

function caseItem(p: ParseState, inside: boolean): CaseStmt['items'][number] {
  const first = p.pos;
  if (p.accept('default')) {
    p.accept(':');
    const body = statement(p);
    return { body, first, last: p.before };
  }
  const labels: (Expr | ValueRange)[] = [];
  do labels.push(inside ? valueRange(p) : expression(p));
  while (p.accept(','));
  p.expect(':', 'after the values of a case item');
  const body = statement(p);
  return { labels, body, first, last: p.before };
}

export function forStatement(p: ParseState): ForStmt {
  const first = p.take();
  p.expect('(', "after 'for'");
  const init: ForStmt['init'] = [];
  if (p.at(';')) p.needSv("A 'for' without a beginning");
  else forInit(p, init);
  p.expect(';', "after the beginning of 'for'");
  let condition: Expr | undefined;
  if (p.at(';')) p.needSv("A 'for' without a condition");
  else condition = expression(p);
  p.expect(';', "after the condition of 'for'");
  const step: Stmt[] = [];
  if (p.at(')')) p.needSv("A 'for' without a step");
  else {
    do step.push(assignmentOrCall(p));
    while (p.accept(','));
    if (step.length > 1) p.needSv("A 'for' with several steps", step[1]!.first);
  }
  p.expect(')', "at the end of the head of 'for'");
  const body = statement(p);
  return { kind: 'for', init, condition, step, body, first, last: p.before };
}

/** `int i = 0, j = 1`, `int i = 0, byte k = 2`, `i = 0, j = 1`. */
function forInit(p: ParseState, init: ForStmt['init']): void {
  let decl: VarDecl | undefined;
  do {
    if (isVarDecl(p)) {
      decl = varDeclHead(p);
      if (decl.type.kind === 'implicit') p.fail('a data type', "of the variable declared in 'for'");
      init.push(decl);
    }
    if (decl !== undefined) {
      const name = p.name('the name of a variable');
      p.expect('=', "after a variable declared in 'for'");
      decl.names.push({ name, dims: [], init: expression(p), first: name.first, last: p.before });
      decl.last = p.before;
    } else {
      if (init.length === 1) p.needSv("A 'for' with several beginnings");
      init.push(assignmentOrCall(p));
    }
  } while (p.accept(','));
}

/** `foreach (a.b[i, , k])`. */
export function foreachStatement(p: ParseState): Stmt {
  const first = p.take();
  p.expect('(', "after 'foreach'");
  const array = foreachArray(p);
  p.expect('[', 'before the indices of foreach');
  const variables: (Name | undefined)[] = [];
  do {
    if (p.at(',') || p.at(']')) variables.push(undefined);
    else variables.push(p.name('the name of an index'));
  } while (p.accept(','));
  p.expect(']', 'after the indices of foreach');
  p.expect(')', "at the end of the head of 'foreach'");
  const body = statement(p);
  return { kind: 'foreach', array, variables, body, first, last: p.before };
}

function foreachArray(p: ParseState): Expr {
  const name = p.name('the name of an array');
  let array: Expr = { kind: 'name', name: name.name, first: name.first, last: name.last };
  if (p.accept('::')) {
    const member = p.name();
    array = { kind: 'scoped', scope: name, name: member, first: name.first, last: p.before };
  }
  while (p.accept('.')) {
    const member = p.name();
    array = { kind: 'member', object: array, member, first: name.first, last: p.before };
  }
  return array;
}
