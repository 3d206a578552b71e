/** Specify blocks (IEEE 1364-2005 clauses 14 and 15, A.7). */
import type { Expr, SpecifyItem, SpecifyOther, SpecifyPath } from './ast.ts';
import { expression, mintypmax } from './parse-expression.ts';
import { paramDecl } from './parse-parameter.ts';
import { hierarchicalName } from './parse-primary.ts';
import { type ParseState, syntaxFailure } from './parse-state.ts';

const STYLES = new Set(['pulsestyle_onevent', 'pulsestyle_ondetect', 'showcancelled', 'noshowcancelled']);

/** How many delays a path may have. */
const DELAY_COUNTS = new Set([1, 2, 3, 6, 12]);

export function specifyBlock(p: ParseState): SpecifyItem {
  const first = p.expect('specify');
  const items: SpecifyItem['items'] = [];
  while (!p.at('endspecify') && !p.isHardStop()) {
    const start = p.pos;
    const depth = p.depth;
    try {
      const item = specifyItem(p);
      if (item) items.push(item);
    } catch (failure) {
      if (failure !== syntaxFailure) throw failure;
      p.depth = depth;
      p.recover(start, false);
      if (p.pos === start) break;
    }
  }
  p.expect('endspecify', `at the end of the specify block in line ${p.place(first).line}`);
  return { kind: 'specify', items, first, last: p.before };
}

function specifyItem(p: ParseState): SpecifyPath | ReturnType<typeof paramDecl> | SpecifyOther | undefined {
  const first = p.pos;
  if (p.at('specparam')) return paramDecl(p);
  if (p.at('$system')) {
    const name = p.texts[p.take()]!;
    p.expect('(', 'after a timing check');
    p.pos = p.skipBalanced(p.before);
    p.expect(';', 'after a timing check');
    return { kind: 'timing-check', name, first, last: p.before };
  }
  if (STYLES.has(p.tag)) {
    const name = p.texts[p.take()]!;
    do terminal(p);
    while (p.accept(','));
    p.expect(';', `after '${name}'`);
    return { kind: 'pulse-style', name, first, last: p.before };
  }
  if (p.accept(';')) return undefined;
  let condition: SpecifyPath['condition'];
  if (p.accept('if')) {
    p.expect('(', "after 'if'");
    condition = expression(p);
    p.expect(')', 'at the end of the condition');
  } else if (p.accept('ifnone')) condition = 'none';
  if (!p.at('(')) p.fail('a path, a specparam or a timing check');
  return path(p, condition, first);
}

function terminal(p: ParseState): Expr {
  return hierarchicalName(p);
}

function terminals(p: ParseState): Expr[] {
  const all: Expr[] = [];
  do all.push(terminal(p));
  while (p.accept(','));
  return all;
}

/** `(posedge a, b *> (q +: d)) = (1, 2);` */
function path(p: ParseState, condition: SpecifyPath['condition'], first: number): SpecifyPath {
  p.expect('(');
  let edge: SpecifyPath['edge'];
  if (p.at('posedge') || p.at('negedge')) edge = p.texts[p.take()] as 'posedge';
  const inputs = terminals(p);
  const way = arrow(p);
  const { full } = way;
  let { polarity } = way;
  const outputs: Expr[] = [];
  let data: Expr | undefined;
  if (p.accept('(')) {
    outputs.push(...terminals(p));
    const sign = polarityOf(p);
    if (sign === '+:' || sign === '-:') polarity = sign[0] as '+';
    else {
      if (sign) polarity = sign as '+';
      p.expect(':', 'before the data source of a path');
    }
    data = expression(p);
    p.expect(')', 'after the data source of a path');
  } else outputs.push(...terminals(p));
  p.expect(')', 'at the end of a path');
  p.expect('=', 'before the delays of a path');
  const delays: Expr[] = [];
  const start = p.pos;
  const inBrackets = p.at('(') && p.tags[p.skipBalanced(start)] === ';';
  if (inBrackets) {
    p.take();
    do delays.push(mintypmax(p));
    while (p.accept(','));
    p.expect(')', 'at the end of the delays');
  } else {
    do delays.push(mintypmax(p));
    while (p.accept(','));
  }
  p.expect(';', 'after the delays of a path');
  if (!DELAY_COUNTS.has(delays.length)) {
    p.report('path-delays', `A path has 1, 2, 3, 6 or 12 delays, not ${delays.length}.`, start);
  }
  return { kind: 'path', condition, edge, inputs, full, polarity, outputs, data, delays, first, last: p.before };
}

/** `=>`, `*>`, `+=>`, `-*>`: one token or several. */
function arrow(p: ParseState): { full: boolean; polarity: '+' | '-' | undefined } {
  let polarity: '+' | '-' | undefined;
  let text = '';
  while (text.length < 3 && /^(?:[+-]?[=*]?>?|[+-]=)$/.test(text + p.tag)) {
    text += p.texts[p.take()];
    if (text.endsWith('>')) break;
  }
  if (text[0] === '+' || text[0] === '-') {
    polarity = text[0];
    text = text.slice(1);
  }
  if (text !== '=>' && text !== '*>') p.fail("'=>' or '*>'", 'in a path');
  return { full: text === '*>', polarity };
}

function polarityOf(p: ParseState): string | undefined {
  if (p.at('+') || p.at('-') || p.at('+:') || p.at('-:')) return p.texts[p.take()];
  return undefined;
}
