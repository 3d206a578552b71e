/** Modules, interfaces, programs and packages: the header, and the items to the end word. */
import type { Direction, Expr, HeaderPort, ImportDecl, ModuleDecl, PortDecl } from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { importDecl, isNetType } from './parse-declaration.ts';
import { expression } from './parse-expression.ts';
import { itemList, type Surroundings } from './parse-item.ts';
import { paramPortList } from './parse-parameter.ts';
import { checkPortDefault, portHead, portType } from './parse-port.ts';
import { isAttributeStart, type ParseState, syntaxFailure } from './parse-state.ts';
import { isDirection, isNamedDeclaration, isTypeWord, unpackedDims } from './parse-type.ts';

const ENDS: Record<ModuleDecl['word'], string> = {
  module: 'endmodule',
  macromodule: 'endmodule',
  interface: 'endinterface',
  program: 'endprogram',
  package: 'endpackage',
};

export function moduleDecl(p: ParseState): ModuleDecl {
  const first = p.pos;
  const word = p.texts[p.take()] as ModuleDecl['word'];
  let lifetime: ModuleDecl['lifetime'];
  if (p.at('automatic') || p.at('static')) lifetime = p.texts[p.take()] as 'static';
  const inForce = p.directivesAt(first);
  const node: ModuleDecl = {
    kind: 'module',
    word,
    name: programName(p, word),
    lifetime,
    imports: [],
    params: [],
    hasParamList: false,
    portStyle: 'none',
    ports: [],
    items: [],
    ...inForce,
    generation: p.generation(first),
    first,
    last: first,
  };
  header(p, node);
  const where: Surroundings = word === 'macromodule' ? 'module' : word;
  node.items = itemList(p, ENDS[word], where);
  if (p.at(ENDS[word])) p.take();
  else
    p.missing(
      `'${ENDS[word]}'`,
      `at the end of the ${word} '${node.name.name}' that begins in line ${p.place(first).line}`,
    );
  p.endName(node.name, word);
  node.last = p.before;
  p.timescaleInside(first, node.last);
  return node;
}

/** A program may do without a name: `program; ... endprogram`. */
function programName(p: ParseState, word: string): ModuleDecl['name'] {
  if (word === 'program' && p.at(';')) return { name: '', first: p.pos, last: p.before };
  return p.name(`the name of a ${word}`);
}

/** Imports, parameters, ports and the `;`. After an error here, the items of the body are read all the same. */
function header(p: ParseState, node: ModuleDecl): void {
  const depth = p.depth;
  const start = p.pos;
  try {
    while (p.at('import')) node.imports.push(headerImport(p));
    if (p.at('#')) {
      node.hasParamList = true;
      node.params = paramPortList(p);
    }
    if (p.at('(')) ports(p, node);
    p.expect(';', `after the header of the ${node.word}`);
  } catch (failure) {
    if (failure !== syntaxFailure) throw failure;
    p.depth = depth;
    p.recover(start, false);
  }
}

function headerImport(p: ParseState): ImportDecl {
  p.needSv('An import in the header of a module');
  return importDecl(p);
}

function ports(p: ParseState, node: ModuleDecl): void {
  p.expect('(');
  if (p.accept(')')) return;
  let sticky: PortDecl | undefined;
  let ansi = false;
  do {
    const attrs = isAttributeStart(p) ? attributes(p) : undefined;
    const first = p.pos;
    const port = headerPort(p, sticky, ansi, first);
    if (port.kind === 'ansi') {
      sticky = port.decl;
      if (attrs) port.decl.attributes = attrs;
    }
    if (port.kind !== 'plain') ansi = true;
    node.ports.push(port);
  } while (p.accept(','));
  p.expect(')', 'at the end of the ports');
  if (!ansi) node.portStyle = 'plain';
  else {
    node.portStyle = 'ansi';
    for (const port of node.ports) {
      if (port.kind !== 'plain') continue;
      p.report(
        'mixed-ports',
        port.name === undefined
          ? 'A place without a port stands among ports that are declared in the header.'
          : `The port '${port.name.name}' has no direction, but other ports are declared in the header.`,
        port.name?.first ?? port.first,
      );
      break;
    }
  }
}

function headerPort(p: ParseState, sticky: PortDecl | undefined, ansi: boolean, first: number): HeaderPort {
  const tag = p.tag;
  if (tag === ',' || tag === ')') return { kind: 'plain', first, last: first - 1 };
  if (tag === 'interface') return interfacePort(p, first);
  if (tag === '$identifier') {
    const next = p.peek(1);
    const isModport = next === '.' && p.peek(2) === '$identifier' && p.peek(3) === '$identifier';
    if (isModport || (next === '$identifier' && p.interfaces.has(p.text))) return interfacePort(p, first);
  }
  if (isDirection(tag)) {
    if (p.peek(1) === '.') {
      p.take();
      return namedPort(p, first, tag);
    }
    const decl = portHead(p);
    return ansiPort(p, decl);
  }
  if (tag === '.' && ansi) return namedPort(p, first, sticky?.direction ?? 'inout');
  if (isNetType(tag) || tag === 'var' || isTypeWord(tag) || isNamedDeclaration(p)) {
    p.needSv('A port without a direction', first);
    return ansiPort(p, { ...portType(p, first), direction: sticky?.direction ?? 'inout' });
  }
  if (ansi && sticky && (tag === '[' || tag === 'signed')) {
    p.needSv('A port without a direction', first);
    return ansiPort(p, { ...portType(p, first), direction: sticky.direction });
  }
  if (ansi && sticky && tag === '$identifier') {
    const { direction, netType, variable, type } = sticky;
    return ansiPort(p, { kind: 'port-decl', direction, netType, variable, type, names: [], first, last: first });
  }
  return plainPort(p, first);
}

/** The name, dimensions and value of a port whose type has been read. */
function ansiPort(p: ParseState, decl: PortDecl): HeaderPort {
  const name = p.name('the name of a port');
  const dims = unpackedDims(p);
  const init = p.accept('=') ? expression(p) : undefined;
  const declarator = { name, dims, init, first: name.first, last: p.before };
  checkPortDefault(p, decl, declarator);
  const made: PortDecl = { ...decl, names: [declarator], last: p.before };
  return { kind: 'ansi', decl: made, first: decl.first, last: p.before };
}

/** `input .name(expr)`. */
function namedPort(p: ParseState, first: number, direction: Direction): HeaderPort {
  p.expect('.');
  const name = p.name('the name of a port');
  p.expect('(', 'after the name of a port');
  const expr = p.at(')') ? undefined : expression(p);
  p.expect(')', 'after what a port stands for');
  return { kind: 'ansi-named', direction, name, expr, first, last: p.before };
}

/** `bus.slave x`, `bus x`, `interface x`, `interface.slave x`. */
function interfacePort(p: ParseState, first: number): HeaderPort {
  const of = p.accept('interface') ? undefined : p.name();
  const modport = p.accept('.') ? p.name('the name of a modport') : undefined;
  const name = p.name('the name of a port');
  const dims = unpackedDims(p);
  return { kind: 'interface', interface: of, modport, name, dims, first, last: p.before };
}

/** `a`, `a[3:0]`, `{a, b}`, `.x(a)`, `.x()`. */
function plainPort(p: ParseState, first: number): HeaderPort {
  if (p.accept('.')) {
    const name = p.name('the name of a port');
    p.expect('(', 'after the name of a port');
    const expr = p.at(')') ? undefined : portExpression(p);
    p.expect(')', 'after what a port stands for');
    return { kind: 'plain', name, expr, first, last: p.before };
  }
  const expr = portExpression(p);
  if (expr.kind === 'name') {
    return { kind: 'plain', name: { name: expr.name, first, last: first }, expr, first, last: p.before };
  }
  return { kind: 'plain', expr, first, last: p.before };
}

function portExpression(p: ParseState): Expr {
  if (!p.at('$identifier') && !p.at('{')) p.fail('a port');
  return expression(p);
}
