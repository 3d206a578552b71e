/** User-defined primitives (IEEE 1364-2005 clause 8, A.5). */
import type { Name, PrimitiveDecl, UdpRow } from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { type ParseState, syntaxFailure } from './parse-state.ts';

const LEVELS = '01x?b';

const EDGES = 'rfpn*';

/** `primitive name (out, in, ...); ... table ... endtable endprimitive`. */
export function primitiveDecl(p: ParseState): PrimitiveDecl {
  const first = p.expect('primitive');
  const name = p.name('the name of a primitive');
  const node: PrimitiveDecl = { kind: 'primitive', name, ports: [], sequential: false, rows: [], first, last: first };
  let registered: Name | undefined;
  let output: Name | undefined;
  const inputs = new Set<string>();
  let listed = false;

  const initial = (): void => {
    const text = (p.texts[p.pos] ?? '').toLowerCase();
    const match = /^(?:1'b)?([01x])$/.exec(text);
    if (!match) p.fail("0, 1 or 1'bx", 'as the initial value of a primitive');
    p.take();
    node.initial = match[1] as '0';
  };

  p.expect('(', 'after the name of a primitive');
  if (p.at('input') || p.at('output') || p.at('(*') || (p.at('(') && p.peek(1) === '*')) {
    listed = true;
    let direction = '';
    do {
      attributes(p);
      if (p.at('input') || p.at('output')) direction = p.texts[p.take()]!;
      const reg = direction === 'output' && p.accept('reg');
      const port = p.name('the name of a port');
      node.ports.push(port);
      if (direction === 'output') {
        if (output) p.report('udp', 'A primitive has one output only.', port.first);
        output = port;
        if (reg) registered = port;
        if (p.accept('=')) initial();
      } else inputs.add(port.name);
    } while (p.accept(','));
  } else {
    do node.ports.push(p.name('the name of a port'));
    while (p.accept(','));
  }
  p.expect(')', 'at the end of the ports');
  p.expect(';', 'after the ports');

  while (!p.at('table') && !p.at('endprimitive') && !p.isHardStop()) {
    const start = p.pos;
    try {
      attributes(p);
      if (p.accept('initial')) {
        const target = p.name('the output');
        if (target.name !== node.ports[0]?.name) {
          p.report('udp', `'${target.name}' is not the output of the primitive.`, target.first);
        }
        p.expect('=');
        initial();
        p.expect(';');
      } else if (p.at('input') || p.at('output') || p.at('reg')) {
        const word = p.texts[p.take()]!;
        const reg = word === 'reg' || (word === 'output' && p.accept('reg'));
        do {
          const port = p.name('the name of a port');
          if (word === 'input') inputs.add(port.name);
          if (word === 'output') output = port;
          if (reg) registered = port;
          if (p.at('=') && reg) {
            p.take();
            initial();
          }
        } while (p.accept(','));
        p.expect(';', 'after the declaration of ports');
      } else p.fail("'table'");
    } catch (failure) {
      if (failure !== syntaxFailure) throw failure;
      p.recover(start, false);
      if (p.pos === start) p.take();
    }
  }

  checkPorts(p, node, output, registered, inputs, listed);
  node.sequential = registered !== undefined;
  p.expect('table', `in the primitive '${name.name}'`);
  while (!p.at('endtable') && !p.isHardStop()) {
    const row = tableRow(p, node);
    if (row) node.rows.push(row);
  }
  if (node.rows.length === 0) p.report('udp', 'The table of this primitive is empty.', p.pos);
  p.expect('endtable', 'at the end of the table');
  p.expect('endprimitive', `at the end of the primitive '${name.name}'`);
  p.endName(name, 'primitive');
  node.last = p.before;
  return node;
}

function checkPorts(
  p: ParseState,
  node: PrimitiveDecl,
  output: Name | undefined,
  registered: Name | undefined,
  inputs: Set<string>,
  listed: boolean,
): void {
  const head = node.ports[0];
  if (head === undefined) return;
  if (output?.name !== head.name) {
    p.report('udp', `The first port of a primitive, here '${head.name}', must be its output.`, head.first);
  }
  if (registered && registered.name !== head.name) {
    p.report('udp', `Only the output of a primitive can be a reg, not '${registered.name}'.`, registered.first);
  }
  if (node.ports.length < 2) p.report('udp', 'A primitive needs at least one input.', head.first);
  if (listed) return;
  for (const port of node.ports.slice(1)) {
    if (!inputs.has(port.name)) {
      p.report('udp', `The port '${port.name}' of this primitive is not declared as an input.`, port.first);
    }
  }
}

/** One row up to its `;`. Tokens are taken apart into symbols, since the lexer may have joined some (`01`, `r0`). */
function tableRow(p: ParseState, node: PrimitiveDecl): UdpRow | undefined {
  const first = p.pos;
  let text = '';
  while (!p.at(';')) {
    if (p.at('endtable') || p.at('endprimitive') || p.isHardStop()) {
      p.report('syntax', `Syntax error: a ';' is missing at the end of a row of the table.`, first);
      return undefined;
    }
    text += p.texts[p.take()];
  }
  p.take();
  const last = p.before;
  const fields = text.toLowerCase().split(':');
  const wrong = (why: string): undefined => {
    p.report('udp', `The row of the table '${text}' ${why}.`, first);
    return undefined;
  };
  if (fields.length !== (node.sequential ? 3 : 2)) {
    return wrong(
      node.sequential
        ? 'must have inputs, the state before, and the output, divided by colons'
        : "must have inputs and the output, divided by a colon; a state before needs 'reg' for the output",
    );
  }
  const inputs = symbolsOf(fields[0]!);
  if (inputs === undefined) return wrong('has an input that is no level and no edge');
  if (inputs.length !== node.ports.length - 1) {
    return wrong(`has ${inputs.length} inputs where the primitive has ${node.ports.length - 1}`);
  }
  const edges = inputs.filter((input) => input.length > 1 || EDGES.includes(input)).length;
  if (edges > 1) return wrong('has more than one edge');
  if (edges === 1 && !node.sequential) return wrong("has an edge, which needs 'reg' for the output");
  const state = node.sequential ? fields[1]! : undefined;
  if (state !== undefined && (state.length !== 1 || !LEVELS.includes(state))) {
    return wrong('has a state before that is none of 0, 1, x, ? and b');
  }
  const output = fields[fields.length - 1]!;
  if (output.length !== 1 || !'01x-'.includes(output) || (output === '-' && !node.sequential)) {
    return wrong(`has an output that is none of 0, 1${node.sequential ? ', x and -' : ' and x'}`);
  }
  return { inputs, state, output, first, last };
}

function symbolsOf(text: string): string[] | undefined {
  const symbols: string[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (LEVELS.includes(c) || EDGES.includes(c)) symbols.push(c);
    else if (c === '(' && text[i + 3] === ')' && LEVELS.includes(text[i + 1]!) && LEVELS.includes(text[i + 2]!)) {
      symbols.push(text.slice(i, i + 4));
      i += 3;
    } else return undefined;
  }
  return symbols;
}
