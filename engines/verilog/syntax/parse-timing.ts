/** Delays, events, waiting, triggering (IEEE 1364-2005 A.6.5). */
import type { EventControl, Expr, Stmt, Timing } from './ast.ts';
import { parenthesis } from './parse-control.ts';
import { expression, mintypmax } from './parse-expression.ts';
import { numberLiteral } from './parse-literal.ts';
import { hierarchicalName } from './parse-primary.ts';
import type { ParseState } from './parse-state.ts';
import { statement } from './parse-statement.ts';
import { delayValue } from './parse-strength.ts';

/** After `#`: a value, or min:typ:max in parentheses. */
export function delayAmount(p: ParseState): Expr {
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
export function timing(p: ParseState): Timing | undefined {
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
export function timedValue(p: ParseState): { wait?: Timing; right: Expr } {
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

export function waitStatement(p: ParseState): Stmt {
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

export function disableStatement(p: ParseState): Stmt {
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

export function triggerStatement(p: ParseState): Stmt {
  const first = p.take();
  const nonBlocking = p.tags[first] === '->>';
  if (nonBlocking) p.needSv("'->>'", first);
  const wait = nonBlocking ? timing(p) : undefined;
  const event = hierarchicalName(p);
  p.expect(';', 'after the name of the event');
  return { kind: 'trigger', nonBlocking, timing: wait, event, first, last: p.before };
}
