/** Declarations of nets, variables, parameters, types, imports, ports and subprograms (IEEE 1364-2005 A.2, IEEE 1800-2012 A.2). */
import type {
  Declarator,
  DriveStrength,
  GenvarDecl,
  ImportDecl,
  Name,
  NetDecl,
  NetType,
  ParamDecl,
  TypedefDecl,
  TypeRef,
  VarDecl,
} from './ast.ts';
import { expression } from './parse-expression.ts';
import { paramDecl } from './parse-parameter.ts';
import type { ParseState } from './parse-state.ts';
import { delay, driveStrength, isStrength } from './parse-strength.ts';
import { dataType, dataTypeOrImplicit, isNamedDeclaration, isSvWord, isTypeWord, unpackedDims } from './parse-type.ts';

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

export function isNetType(tag: string): tag is NetType {
  return NET_TYPES.has(tag);
}

function declarator(p: ParseState, what: string): Declarator {
  const name = p.name(what);
  const dims = unpackedDims(p);
  const init = p.accept('=') ? expression(p) : undefined;
  return { name, dims, init, first: name.first, last: p.before };
}

export function declarators(p: ParseState, what: string): Declarator[] {
  const names: Declarator[] = [];
  do names.push(declarator(p, what));
  while (p.accept(','));
  return names;
}

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
  if (type.kind === 'implicit' && !word) p.fail('a data type');
  if (type.kind === 'named') namedTypeCheck(p, type, start);
  return { kind: 'var', constant, lifetime, type, names: [], first, last: p.before };
}

/** Types by name are SystemVerilog; a word of SystemVerilog that was read as a name is called by its name. */
export function namedTypeCheck(p: ParseState, type: TypeRef & { kind: 'named' }, at: number): void {
  if (p.isSv(at)) return;
  const { name } = type.name;
  p.needSv(isSvWord(name) ? `The word '${name}'` : `A declaration with the type '${name}'`, at);
}

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
