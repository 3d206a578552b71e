/** Declarations of nets, variables, parameters, types, imports, ports and subprograms (IEEE 1364-2005 A.2, IEEE 1800-2012 A.2). */
import type {
  Declarator,
  Delay,
  DriveStrength,
  Expr,
  GenvarDecl,
  ImportDecl,
  Name,
  NetDecl,
  NetType,
  ParamDecl,
  PortDecl,
  Strength,
  SubprogramDecl,
  SubprogramPort,
  TypedefDecl,
  TypeRef,
  VarDecl,
} from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { expression, mintypmax, primary } from './parse-expression.ts';
import { type ParseState, syntaxFailure } from './parse-state.ts';
import { statementList } from './parse-statement.ts';
import {
  dataType,
  dataTypeOrImplicit,
  implicitType,
  isDirection,
  isNamedDeclaration,
  isSvWord,
  isTypeWord,
  unpackedDims,
} from './parse-type.ts';

const NET_TYPES = new Set([
  'wire',
  'tri',
  'wand',
  'triand',
  'wor',
  'trior',
  'tri0',
  'tri1',
  'supply0',
  'supply1',
  'trireg',
  'uwire',
]);

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

export function isNetType(tag: string): tag is NetType {
  return NET_TYPES.has(tag);
}

// ------------------------------------------------------------------------------------------- Strengths, delays

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

// ------------------------------------------------------------------------------------------------ Declarators

function declarator(p: ParseState, what: string): Declarator {
  const name = p.name(what);
  const dims = unpackedDims(p);
  const init = p.accept('=') ? expression(p) : undefined;
  return { name, dims, init, first: name.first, last: p.before };
}

function declarators(p: ParseState, what: string): Declarator[] {
  const names: Declarator[] = [];
  do names.push(declarator(p, what));
  while (p.accept(','));
  return names;
}

// ------------------------------------------------------------------------------------------------------- Nets

/** `wire (strong0, pull1) [3:0] #5 a = b, c;` */
export function netDecl(p: ParseState): NetDecl {
  const first = p.pos;
  const netType = p.tag as NetType;
  p.take();
  let strength: DriveStrength | undefined;
  let charge: NetDecl['charge'];
  if (isStrength(p)) strength = driveStrength(p);
  else if (p.at('(')) {
    p.take();
    if (!p.at('small') && !p.at('medium') && !p.at('large')) p.fail('a strength');
    const at = p.take();
    charge = p.texts[at] as 'small';
    if (netType !== 'trireg') p.report('strength', 'Only a trireg has a charge strength.', at);
    p.expect(')', 'after the charge strength');
  }
  let vectored: NetDecl['vectored'];
  if (p.at('vectored') || p.at('scalared')) vectored = p.texts[p.take()] as 'vectored';
  const type = dataTypeOrImplicit(p);
  const wait = p.at('#') ? delay(p) : undefined;
  const names = declarators(p, 'the name of a net');
  checkNet(p, type, names);
  p.expect(';', 'after the declaration of a net');
  return { kind: 'net', netType, type, strength, charge, vectored, delay: wait, names, first, last: p.before };
}

function checkNet(p: ParseState, type: TypeRef, names: readonly Declarator[]): void {
  if (type.kind === 'string' || type.kind === 'event' || type.kind === 'chandle' || type.kind === 'void') {
    p.report('net-type', `A net cannot have the type ${type.kind}.`, type.first, 'Declare a variable.');
  }
  for (const { name, dims } of names) {
    if (dims.some((dim) => dim.kind === 'dynamic' || dim.kind === 'queue' || dim.kind === 'associative')) {
      p.report(
        'net-type',
        `The net '${name.name}' cannot be a dynamic array, a queue or an associative array.`,
        name.first,
      );
    }
  }
}

// -------------------------------------------------------------------------------------------------- Variables

/** Whether a declaration of a variable begins here (in a block or a module). */
export function isVarDecl(p: ParseState): boolean {
  const tag = p.tag;
  if (tag === 'const' || tag === 'var' || tag === 'static' || tag === 'automatic') {
    const next = p.peek(1);
    return next !== "'" && next !== "'(";
  }
  if (isTypeWord(tag)) {
    const next = p.peek(1);
    return next !== "'" && next !== "'(" && next !== "'{" && tag !== 'void';
  }
  return isNamedDeclaration(p);
}

/** `const static int a = 1, b [3:0];`, up to and with the `;`. */
export function varDecl(p: ParseState): VarDecl {
  const decl = varDeclHead(p);
  decl.names = declarators(p, 'the name of a variable');
  p.expect(';', 'after the declaration of a variable');
  decl.last = p.before;
  return decl;
}

/** The words and the type of a variable's declaration. */
export function varDeclHead(p: ParseState): VarDecl {
  const first = p.pos;
  let constant = false;
  let lifetime: VarDecl['lifetime'];
  let word = false;
  for (;;) {
    if (p.at('const')) constant = true;
    else if (p.at('static') || p.at('automatic')) {
      lifetime = p.text as 'static';
      p.needSv(`A variable declared '${lifetime}'`);
    } else if (p.at('var')) word = true;
    else break;
    p.take();
  }
  const start = p.pos;
  const type = word || constant || lifetime ? dataTypeOrImplicit(p) : dataType(p);
  if (type.kind === 'implicit' && type.first > type.last && !word && lifetime === undefined) p.fail('a data type');
  if (type.kind === 'named') namedTypeCheck(p, type, start);
  return { kind: 'var', constant, lifetime, type, names: [], first, last: p.before };
}

/** Types by name are SystemVerilog; a word of SystemVerilog that was read as a name is called by its name. */
export function namedTypeCheck(p: ParseState, type: TypeRef & { kind: 'named' }, at: number): void {
  if (p.isSv(at)) return;
  const { name } = type.name;
  p.needSv(isSvWord(name) ? `The word '${name}'` : `A declaration with the type '${name}'`, at);
}

// ------------------------------------------------------------------------------------------------- Parameters

/** `parameter signed [3:0] A = 1, B = 2;`, up to and with the `;`. */
export function paramDecl(p: ParseState): ParamDecl {
  const decl = paramHead(p);
  do decl.names.push(paramName(p, decl));
  while (p.accept(','));
  p.expect(';', `after the declaration of a ${decl.word}`);
  decl.last = p.before;
  return decl;
}

function paramHead(p: ParseState): ParamDecl {
  const first = p.pos;
  const word = p.texts[p.take()] as ParamDecl['word'];
  return paramType(p, word, first);
}

function paramType(p: ParseState, word: ParamDecl['word'], first: number): ParamDecl {
  if (p.at('type') && p.peek(1) !== '(') {
    p.take();
    return { kind: 'param', word, isType: true, names: [], first, last: p.before };
  }
  const start = p.pos;
  const type = dataTypeOrImplicit(p);
  if (type.kind === 'named') namedTypeCheck(p, type, start);
  return { kind: 'param', word, type, isType: false, names: [], first, last: p.before };
}

function paramName(p: ParseState, decl: ParamDecl, inHeader = false): ParamDecl['names'][number] {
  const name = p.name(`the name of a ${decl.word}`);
  const dims = unpackedDims(p);
  let value: Expr | undefined;
  if (p.accept('=')) {
    if (decl.isType) value = typeValue(p);
    else value = mintypmax(p);
  } else if (decl.word !== 'parameter' || !inHeader) {
    p.fail("'='", `after the name of a ${decl.word}, which needs a value`);
  }
  return { name, dims, value, first: name.first, last: p.before };
}

/** A data type as a value, in a TypeExpr even where it is a name alone. */
function typeValue(p: ParseState): Expr {
  const type = dataType(p);
  return { kind: 'type', type, first: type.first, last: type.last };
}

/** `#(parameter A = 1, B = 2, parameter type T = int, localparam C = A)`. */
export function paramPortList(p: ParseState): ParamDecl[] {
  p.expect('#');
  p.expect('(', "after '#'");
  const all: ParamDecl[] = [];
  if (p.at(')')) {
    p.needSv('An empty list of parameters');
    p.take();
    return all;
  }
  let current: ParamDecl | undefined;
  do {
    const first = p.pos;
    if (p.at('parameter') || p.at('localparam')) {
      if (p.at('localparam')) p.needSv('A localparam in the header of a module');
      current = paramHead(p);
      all.push(current);
    } else if (current === undefined || isTypeWord(p.tag) || p.at('[') || p.at('signed') || isNamedDeclaration(p)) {
      p.needSv("A parameter without the word 'parameter'", first);
      if (current?.word === 'localparam') p.fail("'parameter' or 'localparam'", 'before a type after a localparam');
      current = paramType(p, current?.word ?? 'parameter', first);
      all.push(current);
    }
    const name = paramName(p, current, true);
    current.names.push(name);
    current.last = p.before;
    if (name.value === undefined) p.needSv('A parameter without a value', name.first);
  } while (p.accept(','));
  p.expect(')', 'at the end of the parameters');
  return all;
}

// --------------------------------------------------------------------------------- Genvars, types, imports

export function genvarDecl(p: ParseState): GenvarDecl {
  const first = p.expect('genvar');
  const names: Name[] = [];
  do names.push(p.name('the name of a genvar'));
  while (p.accept(','));
  p.expect(';', 'after the declaration of a genvar');
  return { kind: 'genvar', names, first, last: p.before };
}

/** `typedef type name dims;`, `typedef enum name;` (forward). */
export function typedefDecl(p: ParseState): TypedefDecl {
  const first = p.expect('typedef');
  const forward = p.at('enum') || p.at('struct') || p.at('union') || p.at('class');
  if (forward && p.peek(1) === '$identifier' && p.peek(2) === ';') {
    if (p.at('class')) p.notSupported('Classes are', p.pos);
    p.take();
    const name = p.name();
    p.take();
    return { kind: 'typedef', name, dims: [], first, last: p.before };
  }
  if (p.at('$identifier') && p.peek(1) === ';') {
    const name = p.name();
    p.take();
    return { kind: 'typedef', name, dims: [], first, last: p.before };
  }
  if (p.at('interface') && p.peek(1) === 'class') p.notSupported('Classes are', p.pos);
  const type = dataType(p);
  const name = p.name('the name of the new type');
  const dims = unpackedDims(p);
  p.expect(';', 'after a typedef');
  return { kind: 'typedef', name, type, dims, first, last: p.before };
}

/** `import a::*, b::c;` */
export function importDecl(p: ParseState): ImportDecl {
  const first = p.expect('import');
  const items: ImportDecl['items'] = [];
  do {
    const of = p.name('the name of a package');
    p.expect('::', 'after the name of a package');
    if (p.accept('*')) items.push({ package: of });
    else items.push({ package: of, name: p.name("a name or '*'") });
  } while (p.accept(','));
  p.expect(';', 'after an import');
  return { kind: 'import', items, first, last: p.before };
}

// ------------------------------------------------------------------------------------------------------ Ports

/** Direction, net type and data type of a port: all but its name. */
export function portHead(p: ParseState): PortDecl {
  const first = p.pos;
  const tag = p.tag;
  if (!isDirection(tag)) p.fail('the direction of a port');
  p.take();
  if (tag === 'ref') p.needSv('A port by reference', first);
  const head = portType(p, first);
  checkPortKind(p, tag, head);
  return { ...head, direction: tag };
}

/** Inputs are nets before SystemVerilog, inouts always. */
function checkPortKind(p: ParseState, direction: PortDecl['direction'], head: PortDecl): void {
  const { type } = head;
  const word = p.tags[head.first + 1] === 'var';
  const integer = type.kind === 'integer' && type.name !== 'logic' && type.name !== 'bit';
  if (direction === 'inout' && (word || (head.variable && integer))) {
    p.report('port-kind', 'An inout port must be a net; a variable cannot be driven from both sides.', head.first);
  } else if (direction === 'input' && integer && !p.isSv(head.first)) {
    p.report('port-kind', `An input port must be a net, not a ${type.name}.`, head.first, `Leave out '${type.name}'.`);
  }
}

/** What follows the direction, or stands without one: `wire signed [3:0]`, `reg [1:0]`, `var foo_t`. */
export function portType(p: ParseState, first: number): PortDecl {
  let netType: NetType | undefined;
  let variable = false;
  if (isNetType(p.tag)) {
    netType = p.tag;
    p.take();
  } else if (p.accept('var')) variable = true;
  const start = p.pos;
  const type = dataTypeOrImplicit(p);
  if (type.kind === 'named') namedTypeCheck(p, type, start);
  if (netType === undefined && type.kind !== 'implicit' && type.kind !== 'named') variable = true;
  return { kind: 'port-decl', direction: 'inout', netType, variable, type, names: [], first, last: p.before };
}

/** `output reg [3:0] a, b = 0;` in the body of a module. */
export function portDecl(p: ParseState): PortDecl {
  const decl = portHead(p);
  decl.names = declarators(p, 'the name of a port');
  for (const name of decl.names) {
    checkPortDefault(p, decl, name);
    if (name.init && !decl.variable && !p.isSv(name.first)) {
      p.report(
        'port-default',
        `The output '${name.name.name}' is a net and cannot have an initial value.`,
        name.first,
        'Declare it as output reg.',
      );
    }
  }
  p.expect(';', 'after the declaration of a port');
  decl.last = p.before;
  return decl;
}

/** Where a port may have a value: variables that are driven out, and inputs in SystemVerilog. */
export function checkPortDefault(p: ParseState, decl: PortDecl, name: Declarator): void {
  if (name.init === undefined) return;
  if (decl.direction === 'input') p.needSv('A default value for an input', name.first);
  else if (decl.direction === 'inout' || decl.direction === 'ref') {
    p.report('port-default', `The ${decl.direction} port '${name.name.name}' cannot have a default value.`, name.first);
  }
}

// ------------------------------------------------------------------------------------------------ Subprograms

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

/** Whether a declaration that may stand at the start of a block begins here. */
export function isBlockDecl(p: ParseState): boolean {
  switch (p.tag) {
    case 'parameter':
    case 'localparam':
    case 'typedef':
      return true;
    case 'import':
      return p.peek(1) !== '$string';
    default:
      return isVarDecl(p);
  }
}

export function blockDecl(p: ParseState): VarDecl | ParamDecl | TypedefDecl | ImportDecl {
  switch (p.tag) {
    case 'parameter':
    case 'localparam':
      return paramDecl(p);
    case 'typedef':
      return typedefDecl(p);
    case 'import':
      return importDecl(p);
    default:
      return varDecl(p);
  }
}
