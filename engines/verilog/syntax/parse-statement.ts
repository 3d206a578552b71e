/** Statements (IEEE 1364-2005 A.6, IEEE 1800-2012 A.6). */
import type { Attribute, Name, Stmt } from './ast.ts';
import { assertStatement, unsupportedStatement } from './parse-assertion.ts';
import { simpleStatement, voidCast } from './parse-assignment.ts';
import { attributes } from './parse-attributes.ts';
import { block, forkBlock } from './parse-block.ts';
import { caseStatement, foreachStatement, forStatement, ifOrCase, parenthesis } from './parse-control.ts';
import { expression, leftSide } from './parse-expression.ts';
import { isAttributeStart, type ParseState, syntaxFailure } from './parse-state.ts';
import { delayAmount, disableStatement, eventControl, triggerStatement, waitStatement } from './parse-timing.ts';
import { isTypeWord } from './parse-type.ts';

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

export const BODY_WORDS = new Set([
  'begin',
  'fork',
  'if',
  'case',
  'casez',
  'casex',
  'for',
  'while',
  'repeat',
  'forever',
]);

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
