/** Strengths and delays of nets, gates and assignments (IEEE 1364-2005 A.2.2.2, A.2.2.3). */
import type { Delay, DriveStrength, Expr, Strength } from './ast.ts';
import { mintypmax } from './parse-expression.ts';
import { primary } from './parse-primary.ts';
import type { ParseState } from './parse-state.ts';

const STRENGTHS: Record<string, { value: 0 | 1; strength: Strength }> = {
  supply0: { value: 0, strength: 'supply' },
  strong0: { value: 0, strength: 'strong' },
  pull0: { value: 0, strength: 'pull' },
  weak0: { value: 0, strength: 'weak' },
  highz0: { value: 0, strength: 'highz' },
  supply1: { value: 1, strength: 'supply' },
  strong1: { value: 1, strength: 'strong' },
  pull1: { value: 1, strength: 'pull' },
  weak1: { value: 1, strength: 'weak' },
  highz1: { value: 1, strength: 'highz' },
};

/** Whether `(strong0, ...)` begins here. */
export function isStrength(p: ParseState): boolean {
  return p.at('(') && STRENGTHS[p.peek(1)] !== undefined;
}

/** `(strong0, pull1)` in any order; `single`: `(supply1)` of a pull gate. */
export function driveStrength(p: ParseState, single = false): DriveStrength {
  const first = p.expect('(');
  const result: DriveStrength = { zero: 'strong', one: 'strong' };
  let seen = 0;
  do {
    const found = STRENGTHS[p.tag];
    if (!found) p.fail('a strength');
    p.take();
    if (found.value === 0) result.zero = found.strength;
    else result.one = found.strength;
    seen |= found.value === 0 ? 1 : 2;
  } while (p.accept(','));
  p.expect(')', 'after the strengths');
  if (seen !== 3 && !single) {
    p.report(
      'strength',
      'A drive strength needs one strength for 0 and one for 1.',
      first,
      'Write (strong0, strong1).',
    );
  } else if (result.zero === 'highz' && result.one === 'highz') {
    p.report('strength', 'A driver cannot have the strength highz for both 0 and 1.', first);
  }
  return result;
}

/** `#5`, `#(1, 2, 3)`, each min:typ:max; at most `most` values. */
export function delay(p: ParseState, most = 3): Delay {
  const first = p.expect('#');
  const values: Expr[] = [];
  if (p.accept('(')) {
    do values.push(mintypmax(p));
    while (p.accept(','));
    p.expect(')', 'at the end of the delays');
    if (values.length > most) {
      p.report('delay', `${values.length} delays stand where at most ${most} are possible.`, first);
    }
  } else values.push(delayValue(p));
  return { values, first, last: p.before };
}

/** What may follow `#` without parentheses: a number or a name. */
export function delayValue(p: ParseState): Expr {
  const first = p.pos;
  switch (p.tag) {
    case '$number':
    case '$real':
    case '$time':
    case '$identifier':
      return simpleValue(p);
    case '-':
      return p.fail('a delay without a sign');
    default:
      p.pos = first;
      return p.fail("a delay: a number, a name, or an expression in parentheses, after '#'");
  }
}

function simpleValue(p: ParseState): Expr {
  if (!p.at('$identifier')) return primary(p);
  const at = p.take();
  const name = p.texts[at]!;
  if (p.at('::') && p.peek(1) === '$identifier') {
    p.take();
    const member = p.name();
    return { kind: 'scoped', scope: { name, first: at, last: at }, name: member, first: at, last: p.before };
  }
  let left: Expr = { kind: 'name', name, first: at, last: at };
  while (p.at('.') && p.peek(1) === '$identifier') {
    p.take();
    const member = p.name();
    left = { kind: 'member', object: left, member, first: at, last: p.before };
  }
  return left;
}
