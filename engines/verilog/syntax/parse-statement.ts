/** Statements (IEEE 1364-2005 A.6, IEEE 1800-2012 A.6). */
import type {
  AssertStmt,
  AssignOp,
  Attribute,
  BlockStmt,
  CaseStmt,
  EventControl,
  Expr,
  ForStmt,
  IfStmt,
  Name,
  Stmt,
  Timing,
  TypeRef,
  ValueRange,
  VarDecl,
} from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { blockDecl, delayValue, isBlockDecl, isVarDecl, varDeclHead } from './parse-declaration.ts';
import { expression, hierarchicalName, isAssignOp, leftSide, mintypmax, valueRange } from './parse-expression.ts';
import { numberLiteral } from './parse-literal.ts';
import { isAttributeStart, type ParseState, syntaxFailure } from './parse-state.ts';
import { isSvWord, isTypeWord } from './parse-type.ts';

/** A statement. After a syntax error in it, what comes next in its place: never throws. */
export function statement(p: ParseState): Stmt {
  const start = p.pos;
  const depth = p.depth;
  try {
    return statementOrNull(p);
  } catch (failure) {
    if (failure !== syntaxFailure) throw failure;
    p.depth = depth;
    p.recover(start, true);
    // The error was in the head (`if (a b) begin`): the statement that follows is its body.
    if (p.pos > start && BODY_WORDS.has(p.tag)) {
      const body = statement(p);
      if (p.accept('else')) statement(p);
      return body;
    }
    return { kind: 'error', first: start, last: Math.max(start, p.before) };
  }
}

const BODY_WORDS = new Set(['begin', 'fork', 'if', 'case', 'casez', 'casex', 'for', 'while', 'repeat', 'forever']);

function statementOrNull(p: ParseState): Stmt {
  let attrs: Attribute[] | undefined;
  if (isAttributeStart(p)) attrs = attributes(p);
  if (p.at('$identifier') && p.peek(1) === ':' && p.peek(2) !== ':') return labelled(p, attrs);
  p.enter();
  const node = bare(p);
  p.leave();
  if (attrs) node.attributes = attrs;
  return node;
}

/** `label : statement`. */
function labelled(p: ParseState, attrs: Attribute[] | undefined): Stmt {
  const label = p.name();
  p.needSv('A label before a statement', label.first);
  p.take();
  p.enter();
  const node = bare(p, label);
  p.leave();
  if (node.kind === 'block' && node.name !== undefined && node.name !== label) {
    p.report('label', `This block has a label and a name: '${label.name}' and '${node.name.name}'.`, node.name.first);
  }
  node.label = label;
  if (attrs) node.attributes = attrs;
  return node;
}

function bare(p: ParseState, label?: Name): Stmt {
  const first = p.pos;
  switch (p.tag) {
    case ';':
      p.take();
      return { kind: 'null', first, last: first };
    case 'begin':
      return block(p, label);
    case 'fork':
      return forkBlock(p, label);
    case 'if':
    case 'unique':
    case 'unique0':
    case 'priority':
      return ifOrCase(p);
    case 'case':
    case 'casez':
    case 'casex':
      return caseStatement(p, undefined, first);
    case 'for':
      return forStatement(p);
    case 'foreach':
      return foreachStatement(p);
    case 'while': {
      p.take();
      const condition = parenthesis(p, "after 'while'");
      const body = statement(p);
      return { kind: 'while', condition, body, first, last: p.before };
    }
    case 'repeat': {
      p.take();
      const count = parenthesis(p, "after 'repeat'");
      const body = statement(p);
      return { kind: 'repeat', count, body, first, last: p.before };
    }
    case 'forever': {
      p.take();
      const body = statement(p);
      return { kind: 'forever', body, first, last: p.before };
    }
    case 'do': {
      p.take();
      const body = statement(p);
      p.expect('while', "after the body of 'do'");
      const condition = parenthesis(p, "after 'while'");
      p.expect(';', 'after do ... while');
      return { kind: 'do', condition, body, first, last: p.before };
    }
    case '#': {
      p.take();
      const delay = delayAmount(p);
      const body = statement(p);
      return { kind: 'delay', delay, body, first, last: p.before };
    }
    case '@': {
      const control = eventControl(p);
      const body = statement(p);
      return { kind: 'event', control, body, first, last: p.before };
    }
    case 'wait':
      return waitStatement(p);
    case 'disable':
      return disableStatement(p);
    case '->':
    case '->>':
      return triggerStatement(p);
    case 'force':
    case 'assign': {
      const word = p.texts[p.take()] as 'force';
      const left = leftSide(p);
      p.expect('=', `after what is ${word === 'force' ? 'forced' : 'assigned'}`);
      const right = expression(p);
      p.expect(';', `at the end of '${word}'`);
      return { kind: 'force', word, left, right, first, last: p.before };
    }
    case 'release':
    case 'deassign': {
      const word = p.texts[p.take()] as 'release';
      const left = leftSide(p);
      p.expect(';', `at the end of '${word}'`);
      return { kind: 'release', word, left, first, last: p.before };
    }
    case 'return': {
      p.take();
      const value = p.at(';') ? undefined : expression(p);
      p.expect(';', "at the end of 'return'");
      return { kind: 'return', value, first, last: p.before };
    }
    case 'break':
    case 'continue': {
      const kind = p.texts[p.take()] as 'break';
      p.expect(';', `after '${kind}'`);
      return { kind, first, last: p.before };
    }
    case 'assert':
    case 'assume':
    case 'cover':
    case 'restrict':
    case 'expect':
      return assertStatement(p);
    case 'void':
      return voidCast(p);
    case 'randcase':
    case 'randsequence':
    case 'wait_order':
      return unsupportedStatement(p);
    case '$identifier':
    case '$system':
    case '{':
    case "'{":
    case "'":
    case '++':
    case '--':
    case 'this':
    case 'super':
      return simpleStatement(p);
    default:
      if (isTypeWord(p.tag) && (p.peek(1) === "'{" || (p.peek(1) === "'" && p.peek(2) === '{'))) {
        return simpleStatement(p);
      }
      return p.fail('a statement');
  }
}

// ------------------------------------------------------------------------------------------------------ Blocks

/**
 * Statements up to (without) the word `end`, or up to a word that shows that it is missing. Declarations here are
 * reported and kept.
 */
export function statementList(p: ParseState, end: string, also?: string, third?: string): Stmt[] {
  const list: Stmt[] = [];
  for (;;) {
    const tag = p.tag;
    if (tag === end || tag === also || tag === third || p.isItemStop() || LIST_STOPS.has(tag)) return list;
    // The next item of a case around this block.
    if (p.cases > 0 && (tag === '$number' || tag === 'default')) return list;
    const start = p.pos;
    if (isBlockDecl(p)) {
      list.push(lateDecl(p));
    } else if (tag === 'else') {
      p.report(
        'syntax',
        "Syntax error: this 'else' belongs to no 'if'.",
        start,
        "Is an 'end' or a ';' too much before it?",
      );
      p.take();
      list.push(statement(p));
    } else list.push(statement(p));
    if (p.pos === start) {
      p.take();
      if (p.pos === start) return list;
    }
  }
}

const LIST_STOPS = new Set(['end', 'join', 'join_any', 'join_none', 'endcase', 'endfunction', 'endtask']);

function lateDecl(p: ParseState): Stmt {
  const start = p.pos;
  const depth = p.depth;
  try {
    const decl = blockDecl(p);
    p.report(
      'late-declaration',
      'A declaration stands after a statement.',
      start,
      'Move it to the start of the block, or begin a block of its own.',
    );
    if (decl.kind === 'import') return { kind: 'error', first: start, last: p.before };
    return { kind: 'decl', decl, first: start, last: p.before };
  } catch (failure) {
    if (failure !== syntaxFailure) throw failure;
    p.depth = depth;
    p.recover(start, true);
    return { kind: 'error', first: start, last: Math.max(start, p.before) };
  }
}

function blockDecls(p: ParseState, named: boolean): BlockStmt['decls'] {
  const decls: BlockStmt['decls'] = [];
  for (;;) {
    const start = p.pos;
    const depth = p.depth;
    try {
      if (isAttributeStart(p)) attributes(p);
      if (!isBlockDecl(p)) {
        p.pos = start;
        return decls;
      }
      if (!named && decls.length === 0) p.needSv('A declaration in a block without a name');
      decls.push(blockDecl(p));
    } catch (failure) {
      if (failure !== syntaxFailure) throw failure;
      p.depth = depth;
      p.recover(start, true);
    }
  }
}

function block(p: ParseState, label?: Name): BlockStmt {
  const first = p.take();
  const name = p.accept(':') ? p.name('the name of the block') : label;
  const decls = blockDecls(p, name !== undefined);
  const body = statementList(p, 'end');
  if (p.at('end')) p.take();
  else missingEnd(p, 'end', first);
  p.endName(name, 'block');
  return { kind: 'block', name, decls, body, first, last: p.before };
}

function forkBlock(p: ParseState, label?: Name): BlockStmt {
  const first = p.take();
  const name = p.accept(':') ? p.name('the name of the block') : label;
  const decls = blockDecls(p, name !== undefined);
  const body = statementList(p, 'join', 'join_any', 'join_none');
  const tag = p.tag;
  const closed = tag === 'join' || tag === 'join_any' || tag === 'join_none';
  if (closed) p.take();
  else missingEnd(p, 'join', first);
  p.endName(name, 'fork');
  return { kind: 'block', fork: closed ? tag : 'join', name, decls, body, first, last: p.before };
}

/** The end of a block is not there: said, and the block is taken to end here. */
function missingEnd(p: ParseState, word: string, opening: number): void {
  p.missing(`'${word}'`, `for the '${p.texts[opening]}' in line ${p.place(opening).line}`);
}

// ------------------------------------------------------------------------------------------------- Conditions

function parenthesis(p: ParseState, after: string): Expr {
  p.expect('(', after);
  const condition = expression(p);
  if (p.at('matches') || p.at('&&&')) p.notSupported('Pattern matching is', p.pos);
  p.expect(')', 'at the end of the condition');
  return condition;
}

function ifOrCase(p: ParseState): Stmt {
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

function caseStatement(p: ParseState, check: CaseStmt['check'], first: number): CaseStmt {
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

// ------------------------------------------------------------------------------------------------------- Loops

function forStatement(p: ParseState): ForStmt {
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
function foreachStatement(p: ParseState): Stmt {
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

// ---------------------------------------------------------------------------------------------- Timing, events

/** After `#`: a value, or min:typ:max in parentheses. */
function delayAmount(p: ParseState): Expr {
  if (p.at('#')) {
    p.notSupported('Cycle delays (##) are', p.pos);
    p.take();
  }
  if (!p.accept('(')) return delayValue(p);
  const delay = mintypmax(p);
  p.expect(')', 'at the end of a delay');
  return delay;
}

/** `@*`, `@(posedge a or b, c iff d)`, `@name`. */
export function eventControl(p: ParseState): EventControl {
  const first = p.expect('@');
  if (p.accept('*')) return { star: true, items: [], first, last: p.before };
  if (p.at('(*') || (p.at('(') && (p.peek(1) === '*' || p.peek(1) === '*)'))) {
    const two = p.at('(*') || p.peek(1) === '*)';
    p.take();
    p.take();
    if (!two) p.expect(')', "after '@(*'");
    return { star: true, items: [], first, last: p.before };
  }
  const items: EventControl['items'] = [];
  if (!p.accept('(')) {
    const expr = hierarchicalName(p);
    items.push({ expr });
    return { star: false, items, first, last: p.before };
  }
  do items.push(eventItem(p));
  while (p.accept('or') || p.accept(','));
  p.expect(')', "at the end of the events after '@'");
  return { star: false, items, first, last: p.before };
}

function eventItem(p: ParseState): EventControl['items'][number] {
  const tag = p.tag;
  let edge: EventControl['items'][number]['edge'];
  if (tag === 'posedge' || tag === 'negedge' || tag === 'edge') {
    edge = tag;
    if (tag === 'edge') p.needSv("The event 'edge'");
    p.take();
  }
  const expr = expression(p);
  const iff = p.accept('iff') ? expression(p) : undefined;
  return { edge, expr, iff };
}

/** The timing inside an assignment: `#5`, `@(e)`, `repeat (3) @(e)`. */
function timing(p: ParseState): Timing | undefined {
  switch (p.tag) {
    case '#':
      p.take();
      return { kind: 'delay', delay: delayAmount(p) };
    case '@':
      return { kind: 'event', control: eventControl(p) };
    case 'repeat': {
      p.take();
      const repeat = parenthesis(p, "after 'repeat'");
      return { kind: 'event', repeat, control: eventControl(p) };
    }
    default:
      return undefined;
  }
}

/** What stands on the right of an assignment. `#1 'h3;` is a delay and a value, though the lexer makes one number of them. */
function timedValue(p: ParseState): { wait?: Timing; right: Expr } {
  const joined =
    p.at('#') && p.peek(1) === '$number' && p.peek(2) === ';' ? /^([0-9_]+)('.+)$/.exec(p.texts[p.pos + 1]!) : null;
  if (!joined) return { wait: timing(p), right: expression(p) };
  p.take();
  const at = p.take();
  return {
    wait: { kind: 'delay', delay: numberLiteral(p, at, joined[1]) },
    right: numberLiteral(p, at, joined[2]),
  };
}

function waitStatement(p: ParseState): Stmt {
  const first = p.take();
  if (p.accept('fork')) {
    p.needSv("'wait fork'", first);
    p.expect(';', "after 'wait fork'");
    return { kind: 'wait-fork', first, last: p.before };
  }
  const condition = parenthesis(p, "after 'wait'");
  const body = statement(p);
  return { kind: 'wait', condition, body, first, last: p.before };
}

function disableStatement(p: ParseState): Stmt {
  const first = p.take();
  if (p.accept('fork')) {
    p.needSv("'disable fork'", first);
    p.expect(';', "after 'disable fork'");
    return { kind: 'disable', first, last: p.before };
  }
  const target = hierarchicalName(p);
  p.expect(';', "at the end of 'disable'");
  return { kind: 'disable', target, first, last: p.before };
}

function triggerStatement(p: ParseState): Stmt {
  const first = p.take();
  const nonBlocking = p.tags[first] === '->>';
  if (nonBlocking) p.needSv("'->>'", first);
  const wait = nonBlocking ? timing(p) : undefined;
  const event = hierarchicalName(p);
  p.expect(';', 'after the name of the event');
  return { kind: 'trigger', nonBlocking, timing: wait, event, first, last: p.before };
}

// ------------------------------------------------------------------------------------------------- Assignments

function simpleStatement(p: ParseState): Stmt {
  const node = assignmentOrCall(p);
  p.expect(';', endOf(node));
  node.last = p.before;
  return node;
}

function endOf(node: Stmt): string {
  return node.kind === 'expr' ? 'after a call' : 'at the end of an assignment';
}

/** `a = b`, `a += b`, `a <= #1 b`, `a++`, `f(x)`, without the `;`. */
function assignmentOrCall(p: ParseState): Stmt {
  const first = p.pos;
  const left = p.at('++') || p.at('--') ? expression(p) : leftSide(p);
  const tag = p.tag;
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

/** `void'(f(x));` */
function voidCast(p: ParseState): Stmt {
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

// -------------------------------------------------------------------------------------------------- Assertions

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

function unsupportedStatement(p: ParseState): Stmt {
  const first = p.take();
  const word = p.texts[first]!;
  p.notSupported(`'${word}' is`, first);
  const end = word === 'randcase' ? 'endcase' : word === 'randsequence' ? 'endsequence' : ';';
  while (!p.at(end) && !p.isHardStop()) p.take();
  if (!p.isHardStop()) p.take();
  return { kind: 'error', first, last: p.before };
}
