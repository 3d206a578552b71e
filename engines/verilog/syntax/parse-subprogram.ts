/** Functions and tasks (IEEE 1364-2005 A.2.6 and A.2.7, IEEE 1800-2012 A.2.6 and A.2.7). */
import type { Expr, Name, SubprogramDecl, SubprogramPort, TypeRef } from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { statementList } from './parse-block.ts';
import { blockDecl, isBlockDecl, namedTypeCheck } from './parse-declaration.ts';
import { expression } from './parse-expression.ts';
import { type ParseState, syntaxFailure } from './parse-state.ts';
import {
  dataTypeOrImplicit,
  implicitType,
  isDirection,
  isNamedDeclaration,
  isTypeWord,
  unpackedDims,
} from './parse-type.ts';

/** `function automatic [3:0] f(input a); ... endfunction`, and tasks. */
export function subprogram(p: ParseState): SubprogramDecl {
  const first = p.pos;
  const kind = p.texts[p.take()] as 'function' | 'task';
  let automatic: boolean | undefined;
  if (p.accept('automatic')) automatic = true;
  else if (p.accept('static')) automatic = false;
  const returns = kind === 'function' ? returnType(p) : undefined;
  let name = p.at('new') ? constructorName(p) : p.name(`the name of a ${kind}`);
  let of: Name | undefined;
  if (p.at('::') || p.at('.')) {
    const sign = p.take();
    of = name;
    name = p.name();
    p.notSupported(p.tags[sign] === '.' ? 'Subprograms of an interface elsewhere are' : 'Classes are', sign);
  }
  const node: SubprogramDecl = {
    kind,
    name,
    of,
    automatic,
    returns,
    ports: [],
    decls: [],
    body: [],
    first,
    last: first,
  };
  let listed = false;
  if (p.at('(')) {
    listed = true;
    if (p.peek(1) === ')' && kind === 'function') p.needSv('A function with an empty list of ports');
    try {
      node.ports = subprogramPorts(p);
    } catch (failure) {
      if (failure !== syntaxFailure) throw failure;
      p.recover(first, false);
      if (p.tags[p.before] === ';') p.pos--;
    }
  }
  p.expect(';', `after the header of the ${kind}`);
  subprogramBody(p, node, listed);
  const end = `end${kind}`;
  p.expect(end, `at the end of the ${kind} '${name.name}'`);
  p.endName(name, kind);
  if (kind === 'function' && node.ports.length === 0 && !listed && !p.isSv(first)) {
    p.report(
      'needs-systemverilog',
      `The function '${name.name}' has no inputs, which Verilog does not allow.`,
      name.first,
      'Give it an input, or read the file as SystemVerilog.',
    );
  }
  node.last = p.before;
  return node;
}

function constructorName(p: ParseState): Name {
  const at = p.take();
  return { name: 'new', first: at, last: at };
}

function returnType(p: ParseState): TypeRef {
  const start = p.pos;
  const type = dataTypeOrImplicit(p);
  if (type.kind === 'void') p.needSv('A void function', start);
  else if (type.kind === 'named') namedTypeCheck(p, type, start);
  return type;
}

/** `(input [3:0] a, b, output reg c, integer d = 3)`. */
function subprogramPorts(p: ParseState): SubprogramPort[] {
  p.expect('(');
  const ports: SubprogramPort[] = [];
  if (p.accept(')')) return ports;
  let direction: SubprogramPort['direction'] = 'input';
  let constant = false;
  let type: TypeRef | undefined;
  do {
    attributes(p);
    const first = p.pos;
    let given = false;
    if (p.at('const') || isDirection(p.tag)) {
      constant = p.accept('const');
      if (!isDirection(p.tag)) p.fail("'ref'", "after 'const'");
      direction = p.tag;
      if (direction === 'ref') p.needSv('A port by reference');
      p.take();
      given = true;
    } else if (ports.length === 0) p.needSv('A port without a direction', first);
    const word = p.accept('var');
    if (!given && ports.length > 0 && (word || isTypeWord(p.tag))) p.needSv('A port without a direction', first);
    if (isTypeWord(p.tag) || p.at('[') || p.at('signed') || p.at('unsigned') || isNamedDeclaration(p)) {
      type = dataTypeOrImplicit(p);
    } else if (given || word || type === undefined) type = implicitType(p);
    const name = p.name('the name of a port');
    const dims = unpackedDims(p);
    if (dims.length > 0) p.needSv('An array as a port', name.first);
    let init: Expr | undefined;
    if (p.accept('=')) {
      p.needSv('A default value for a port', p.before);
      init = expression(p);
    }
    ports.push({ direction, constant, type, name, dims, default: init, first, last: p.before });
  } while (p.accept(','));
  p.expect(')', 'at the end of the ports');
  return ports;
}

/** Declarations, ports of the old style among them, and statements. */
function subprogramBody(p: ParseState, node: SubprogramDecl, listed: boolean): void {
  const end = `end${node.kind}`;
  for (;;) {
    const start = p.pos;
    const depth = p.depth;
    try {
      attributes(p);
      if (isDirection(p.tag)) {
        if (listed) {
          p.report('port', `The ports of '${node.name.name}' are declared in its header already.`, p.pos);
        }
        oldStylePorts(p, node);
      } else if (isBlockDecl(p)) node.decls.push(blockDecl(p));
      else {
        p.pos = start;
        break;
      }
    } catch (failure) {
      if (failure !== syntaxFailure) throw failure;
      p.depth = depth;
      p.recover(start, true);
    }
    if (p.at(end) || p.isHardStop()) break;
  }
  const start = p.pos;
  node.body = statementList(p, end);
  if (node.body.length > 1) {
    p.needSv(`A ${node.kind} with several statements outside of begin and end`, node.body[1]?.first ?? start);
  } else if (node.body.length === 0) p.needSv(`A ${node.kind} without a statement`, start);
}

function oldStylePorts(p: ParseState, node: SubprogramDecl): void {
  const first = p.pos;
  const direction = p.tag as SubprogramPort['direction'];
  p.take();
  p.accept('var');
  const type = dataTypeOrImplicit(p);
  do {
    const name = p.name('the name of a port');
    const dims = unpackedDims(p);
    if (dims.length > 0) p.needSv('An array as a port', name.first);
    const init = p.accept('=') ? expression(p) : undefined;
    if (init) p.needSv('A default value for a port', init.first);
    node.ports.push({ direction, constant: false, type, name, dims, default: init, first, last: p.before });
  } while (p.accept(','));
  p.expect(';', 'after the declaration of a port');
}
