/** Generate constructs (IEEE 1364-2005 12.4, IEEE 1800-2012 clause 27). */
import type {
  AssignOp,
  Expr,
  GenerateBlock,
  GenerateCase,
  GenerateFor,
  GenerateIf,
  GenerateRegion,
  Item,
  Name,
} from './ast.ts';
import { expression, isAssignOp } from './parse-expression.ts';
import { item, itemList } from './parse-item.ts';
import type { ParseState } from './parse-state.ts';

export function generateRegion(p: ParseState): GenerateRegion {
  const first = p.expect('generate');
  const items = itemList(p, 'endgenerate', 'generate');
  p.expect('endgenerate', `for the 'generate' in line ${p.place(first).line}`);
  return { kind: 'generate-region', items, first, last: p.before };
}

/** `for (genvar i = 0; i < N; i = i + 1) begin : name ... end` */
export function generateFor(p: ParseState): GenerateFor {
  const first = p.expect('for');
  p.expect('(', "after 'for'");
  const declares = p.accept('genvar');
  const variable = p.name('the name of a genvar');
  p.expect('=', 'after the name of a genvar');
  const init = expression(p);
  p.expect(';', "after the beginning of 'for'");
  const condition = expression(p);
  p.expect(';', "after the condition of 'for'");
  const step = generateStep(p);
  p.expect(')', "at the end of the head of 'for'");
  const body = generateBlock(p);
  return { kind: 'generate-for', declares, variable, init, condition, step, body, first, last: p.before };
}

function generateStep(p: ParseState): Expr {
  const first = p.pos;
  if (p.at('++') || p.at('--')) return expression(p);
  const name = p.name('the name of a genvar');
  const left: Expr = { kind: 'name', name: name.name, first, last: first };
  if (p.at('++') || p.at('--')) {
    const op = p.tag as '++';
    p.needSv(`The operator '${op}'`);
    p.take();
    return { kind: 'increment', op, prefix: false, operand: left, first, last: p.before };
  }
  if (!isAssignOp(p.tag)) p.fail("'='", 'in the step of a generate loop');
  const op = p.tag as AssignOp;
  if (op !== '=') p.needSv(`The operator '${op}'`);
  p.take();
  const right = expression(p);
  return { kind: 'assign', op, left, right, first, last: p.before };
}

/** Chains of `else if` are read without recursion. */
export function generateIf(p: ParseState): GenerateIf {
  const chain: (GenerateIf | GenerateBlock)[] = [];
  const head = ifHead(p);
  chain.push(head);
  let node = head;
  while (p.accept('else')) {
    if (p.at('if')) {
      const next = ifHead(p);
      const wrapper: GenerateBlock = {
        kind: 'generate-block',
        bare: true,
        items: [next],
        first: next.first,
        last: next.last,
      };
      node.else = wrapper;
      chain.push(wrapper, next);
      node = next;
      continue;
    }
    node.else = p.accept(';') ? undefined : generateBlock(p);
    break;
  }
  for (const link of chain) link.last = p.before;
  return head;
}

function ifHead(p: ParseState): GenerateIf {
  const first = p.expect('if');
  p.expect('(', "after 'if'");
  const condition = expression(p);
  p.expect(')', 'at the end of the condition');
  const then = p.accept(';') ? undefined : generateBlock(p);
  return { kind: 'generate-if', condition, then, first, last: p.before };
}

export function generateCase(p: ParseState): GenerateCase {
  const first = p.expect('case');
  p.expect('(', "after 'case'");
  const subject = expression(p);
  p.expect(')', "after the value of 'case'");
  const items: GenerateCase['items'] = [];
  while (!p.at('endcase')) {
    let labels: Expr[] | undefined;
    if (p.accept('default')) p.accept(':');
    else {
      labels = [];
      do labels.push(expression(p));
      while (p.accept(','));
      p.expect(':', 'after the values of a case item');
    }
    const start = p.pos;
    const body: GenerateBlock = p.accept(';')
      ? { kind: 'generate-block', bare: true, items: [], first: start, last: start }
      : generateBlock(p);
    items.push({ labels, body });
  }
  p.expect('endcase');
  return { kind: 'generate-case', subject, items, first, last: p.before };
}

/** `begin : name ... end`, `name : begin ... end`, or one item. */
export function generateBlock(p: ParseState): GenerateBlock {
  const first = p.pos;
  let name: Name | undefined;
  if (p.at('$identifier') && p.peek(1) === ':' && p.peek(2) === 'begin') {
    p.needSv('A label before a block', first);
    name = p.name();
    p.take();
  }
  if (!p.at('begin')) {
    p.enter();
    const only = item(p, 'generate');
    p.leave();
    return { kind: 'generate-block', bare: true, items: [only], first, last: p.before };
  }
  p.take();
  if (p.accept(':')) name = p.name('the name of the block');
  p.enter();
  const items: Item[] = itemList(p, 'end', 'generate');
  p.leave();
  p.expect('end', `for the 'begin' in line ${p.place(first).line}`);
  p.endName(name, 'block');
  return { kind: 'generate-block', name, bare: false, items, first, last: p.before };
}
