/** Items of modules, interfaces, packages, programs, generate blocks and of the compilation unit. */
import type {
  AliasItem,
  AssertItem,
  Attribute,
  ContinuousAssign,
  DefparamItem,
  Item,
  ModportItem,
  ProcessItem,
} from './ast.ts';
import { isGate } from './gates.ts';
import { assertStatement } from './parse-assertion.ts';
import { attributes } from './parse-attributes.ts';
import { genvarDecl, importDecl, isNetType, isVarDecl, netDecl, typedefDecl, varDecl } from './parse-declaration.ts';
import { expression, leftSide, mintypmax } from './parse-expression.ts';
import { generateBlock, generateCase, generateFor, generateIf, generateRegion } from './parse-generate.ts';
import { gateItem, instanceItem } from './parse-instance.ts';
import { timeValue } from './parse-literal.ts';
import { moduleDecl } from './parse-module.ts';
import { paramDecl } from './parse-parameter.ts';
import { portDecl } from './parse-port.ts';
import { hierarchicalName } from './parse-primary.ts';
import { specifyBlock } from './parse-specify.ts';
import { isAttributeStart, type ParseState, syntaxFailure } from './parse-state.ts';
import { statement } from './parse-statement.ts';
import { delay, driveStrength, isStrength } from './parse-strength.ts';
import { subprogram } from './parse-subprogram.ts';
import { isDirection, isNamedDeclaration, isSvWord } from './parse-type.ts';
import { unsupported, unsupportedHere } from './parse-unsupported.ts';

/** Where an item stands: what may stand there differs. */
export type Surroundings = 'module' | 'interface' | 'program' | 'package' | 'generate' | 'unit';

/** Items up to (without) the word `end`, or up to a word that shows that it is missing. */
export function itemList(p: ParseState, end: string, where: Surroundings): Item[] {
  const items: Item[] = [];
  for (;;) {
    const tag = p.tag;
    if (tag === end || tag === '$end') return items;
    const nested = tag === 'module' || tag === 'macromodule' || tag === 'program' || isInterfaceDecl(p);
    if (nested ? !p.isSv() || !isNestedModule(p, end) : p.isHardStop()) return items;
    const start = p.pos;
    const depth = p.depth;
    try {
      items.push(item(p, where));
    } catch (failure) {
      if (failure !== syntaxFailure) throw failure;
      p.depth = depth;
      p.recover(start, false);
      p.skipToItem(end);
      items.push({ kind: 'unsupported', what: 'error', first: start, last: Math.max(start, p.before) });
    }
    if (p.pos === start) {
      p.take();
      if (p.pos === start) return items;
    }
  }
}

function isInterfaceDecl(p: ParseState): boolean {
  return p.at('interface') && p.peek(1) !== 'class';
}

/**
 * A module inside a module, or the next module after a forgotten `endmodule`? It is inside where the ends that follow
 * are enough for both.
 */
function isNestedModule(p: ParseState, end: string): boolean {
  if (end !== 'endmodule' && end !== 'endinterface' && end !== 'endprogram') return true;
  let depth = 1;
  for (let i = p.pos; i < p.tokens.count; i++) {
    const tag = p.tags[i];
    if (tag === 'module' || tag === 'macromodule') depth++;
    else if (tag === 'endmodule' && --depth === 0) return true;
  }
  return end !== 'endmodule';
}

export function item(p: ParseState, where: Surroundings): Item {
  let attrs: Attribute[] | undefined;
  if (isAttributeStart(p)) attrs = attributes(p);
  const node = bareItem(p, where);
  if (attrs) node.attributes = attrs;
  return node;
}

function bareItem(p: ParseState, where: Surroundings): Item {
  const first = p.pos;
  const tag = p.tag;
  if (isNetType(tag)) return netDecl(p);
  if (isGate(tag)) return gateItem(p);
  const refused = unsupportedHere(p);
  if (refused !== undefined) return unsupported(p, refused);
  if (isDirection(tag)) {
    if (where === 'generate') misplaced(p, 'The declaration of a port', 'a generate block');
    return portDecl(p);
  }
  switch (tag) {
    case ';':
      p.take();
      p.needSv('An empty item', first);
      return { kind: 'empty', first, last: first };
    case 'assign':
      return continuousAssign(p);
    case 'always':
    case 'always_comb':
    case 'always_ff':
    case 'always_latch':
    case 'initial':
    case 'final': {
      if (where === 'package' || where === 'unit') {
        misplaced(p, `'${tag}'`, where === 'unit' ? 'no module' : 'a package');
        if (where === 'unit') throw syntaxFailure;
      }
      if (where === 'program' && tag.startsWith('always')) misplaced(p, `'${tag}'`, 'a program');
      const word = p.texts[p.take()] as ProcessItem['word'];
      const body = statement(p);
      return { kind: 'process', word, body, first, last: p.before };
    }
    case 'parameter':
    case 'localparam':
      if (tag === 'parameter' && where === 'generate') {
        p.report('misplaced', 'A parameter cannot be declared in a generate block.', first, 'Use localparam.');
      }
      return paramDecl(p);
    case 'specparam':
      if (where === 'generate') misplaced(p, 'A specparam', 'a generate block');
      return paramDecl(p);
    case 'genvar':
      return genvarDecl(p);
    case 'typedef':
      return typedefDecl(p);
    case 'import':
      return importDecl(p);
    case 'export':
      return exportDecl(p);
    case 'function':
    case 'task':
      return subprogram(p);
    case 'defparam':
      return defparam(p);
    case 'generate':
      if (where === 'generate') misplaced(p, "'generate'", 'a generate block');
      return generateRegion(p);
    case 'for':
      return nest(p, generateFor);
    case 'if':
      return nest(p, generateIf);
    case 'case':
      return nest(p, generateCase);
    case 'begin':
      if (where !== 'generate') {
        p.missing('an item of a module', "('begin' needs an always, an initial or a generate construct before it)");
        statement(p);
        throw syntaxFailure;
      }
      return generateBlock(p);
    case 'specify':
      if (where === 'generate') misplaced(p, 'A specify block', 'a generate block');
      return specifyBlock(p);
    case 'modport':
      return modport(p);
    case 'alias':
      return aliasItem(p);
    case 'assert':
    case 'assume':
    case 'cover':
    case 'restrict':
      return assertItem(p);
    case 'timeunit':
    case 'timeprecision':
      if (where === 'generate') misplaced(p, `'${tag}'`, 'a generate block');
      return timeUnits(p);
    case 'module':
    case 'macromodule':
    case 'interface':
    case 'program':
    case 'package':
      if (where === 'generate') misplaced(p, `A ${tag}`, 'a generate block');
      if (where === 'program') misplaced(p, `A ${tag}`, 'a program');
      return nest(p, moduleDecl);
    case '$system':
      if (p.text !== '$unit') return elaborationTask(p);
      break;
    case '$identifier':
      return byName(p, where);
  }
  if (isVarDecl(p)) return varDecl(p);
  return p.fail(where === 'unit' ? "'module' or another declaration" : 'an item of a module');
}

function nest<T>(p: ParseState, parse: (p: ParseState) => T): T {
  p.enter();
  const node = parse(p);
  p.leave();
  return node;
}

function misplaced(p: ParseState, what: string, where: string): void {
  p.report(
    'misplaced',
    where === 'no module' ? `${what} stands in no module.` : `${what} cannot stand in ${where}.`,
    p.pos,
  );
}

/**
 * What begins with a name: an instance where a `(` follows its name, else the declaration of a variable of a type by
 * name. Decided by looking ahead.
 */
function byName(p: ParseState, where: Surroundings): Item {
  const next = p.peek(1);
  if (next === '$identifier') {
    const after = p.tags[p.skipDims(p.pos + 2)];
    if (after === '(') {
      if (where === 'program') misplaced(p, 'An instance', 'a program');
      if (where === 'package') misplaced(p, 'An instance', 'a package');
      return instanceItem(p);
    }
    return isNamedDeclaration(p) ? varDecl(p) : incomplete(p);
  }
  if (next === '#' || next === '(') {
    if (next === '#' && p.isSv() && isNamedDeclaration(p)) {
      const name = p.skipBalanced(p.pos + 2);
      if (p.tags[name] === '$identifier' && p.tags[p.skipDims(name + 1)] !== '(') return varDecl(p);
    }
    return instanceItem(p);
  }
  if (next === ':' && p.peek(2) !== ':') {
    const label = p.peek(2);
    if (label === 'begin') return generateBlock(p);
    if (label === 'assert' || label === 'assume' || label === 'cover' || label === 'restrict') {
      const name = p.name();
      p.take();
      const node = assertItem(p);
      if (node.kind === 'assert-item') node.label = name;
      return node;
    }
  }
  if (isNamedDeclaration(p)) return varDecl(p);
  return incomplete(p, where);
}

/** A name that begins no item: what it may have been meant for is said. */
function incomplete(p: ParseState, where?: Surroundings): never {
  const { text } = p;
  if (!p.isSv() && isSvWord(text)) {
    p.needSv(`The word '${text}'`);
    throw syntaxFailure;
  }
  if (p.peek(1) === '=' || p.peek(1) === '<=') {
    p.fail('an item of a module', '(an assignment needs an always, an initial or an assign before it)');
  }
  if (p.peek(1) === '$identifier') {
    p.take();
    p.take();
    p.fail("'('", `before the connections of the instance '${p.texts[p.before]}'`);
  }
  p.fail(where === 'unit' ? "'module' or another declaration" : 'an item of a module');
}

/** `assign (strong0, pull1) #5 a = b, c = d;` */
function continuousAssign(p: ParseState): ContinuousAssign {
  const first = p.take();
  const strength = isStrength(p) ? driveStrength(p) : undefined;
  const wait = p.at('#') ? delay(p) : undefined;
  const assigns: ContinuousAssign['assigns'] = [];
  do {
    const left = leftSide(p);
    p.expect('=', 'after what is assigned to');
    const right = expression(p);
    assigns.push({ left, right, first: left.first, last: p.before });
  } while (p.accept(','));
  p.expect(';', 'at the end of an assignment');
  return { kind: 'assign', strength, delay: wait, assigns, first, last: p.before };
}

/** `defparam a.b.C = 1, d.E = 2;` */
function defparam(p: ParseState): DefparamItem {
  const first = p.take();
  const assigns: DefparamItem['assigns'] = [];
  // `defparam [3:0] a.b = 1` is not in the standard.
  do {
    const target = hierarchicalName(p);
    p.expect('=', 'after the name of a parameter');
    assigns.push({ target, value: mintypmax(p) });
  } while (p.accept(','));
  p.expect(';', "at the end of 'defparam'");
  return { kind: 'defparam', assigns, first, last: p.before };
}

/** `export a::*, b::c;`, `export *::*;` of a package. */
function exportDecl(p: ParseState): Item {
  const first = p.take();
  const items: { package?: import('./ast.ts').Name; name?: import('./ast.ts').Name }[] = [];
  do {
    if (p.accept('*')) {
      p.expect('::', "after '*'");
      p.expect('*', "after '*::'");
      items.push({});
      continue;
    }
    const of = p.name('the name of a package');
    p.expect('::', 'after the name of a package');
    if (p.accept('*')) items.push({ package: of });
    else items.push({ package: of, name: p.name("a name or '*'") });
  } while (p.accept(','));
  p.expect(';', 'after an export');
  return { kind: 'export', items, first, last: p.before };
}

/** `modport m (input a, b, output .c(d), import task), s (...);` */
function modport(p: ParseState): ModportItem {
  const first = p.take();
  const modports: ModportItem['modports'] = [];
  do {
    const name = p.name('the name of a modport');
    p.expect('(', 'after the name of a modport');
    const ports: ModportItem['modports'][number]['ports'] = [];
    let direction: (typeof ports)[number]['direction'] | undefined;
    do {
      if (isAttributeStart(p)) attributes(p);
      if (isDirection(p.tag) || p.at('import') || p.at('export')) {
        direction = p.texts[p.take()] as 'import';
        // A prototype (`import task t(input a)`): its name alone counts.
        if (p.at('task') || p.at('function')) {
          ports.push({ direction, name: prototype(p) });
          continue;
        }
      } else if (p.at('clocking')) {
        p.notSupported('Clocking blocks are', p.pos);
        p.take();
        p.name();
        continue;
      }
      if (direction === undefined) p.fail('a direction', 'in a modport');
      if (p.accept('.')) {
        const port = p.name('the name of a port');
        p.expect('(');
        const expr = p.at(')') ? undefined : expression(p);
        p.expect(')');
        ports.push({ direction, name: port, expr });
      } else ports.push({ direction, name: p.name('the name of a port') });
    } while (p.accept(','));
    p.expect(')', 'at the end of a modport');
    modports.push({ name, ports });
  } while (p.accept(','));
  p.expect(';', 'after a modport');
  return { kind: 'modport', modports, first, last: p.before };
}

function prototype(p: ParseState): import('./ast.ts').Name {
  p.take();
  let at = p.pos;
  while (p.tags[at] !== '(' && p.tags[at] !== ',' && p.tags[at] !== ')' && p.tags[at] !== ';' && p.tags[at] !== '$end')
    at++;
  p.pos = at - 1;
  const name = p.name('the name of a subprogram');
  if (p.at('(')) p.pos = p.skipBalanced(p.pos);
  return name;
}

/** `alias a = b = c;` */
function aliasItem(p: ParseState): AliasItem {
  const first = p.take();
  const nets = [leftSide(p)];
  do {
    p.expect('=', "between the nets of 'alias'");
    nets.push(leftSide(p));
  } while (p.at('='));
  p.expect(';', "at the end of 'alias'");
  return { kind: 'alias', nets, first, last: p.before };
}

function assertItem(p: ParseState): AssertItem | Extract<Item, { kind: 'unsupported' }> {
  const first = p.pos;
  const node = assertStatement(p);
  if (node.kind === 'error') return { kind: 'unsupported', what: 'Concurrent assertions', first, last: p.before };
  return { kind: 'assert-item', statement: node, first, last: p.before };
}

/** `timeunit 1ns / 1ps;`, `timeprecision 1ps;` */
function timeUnits(p: ParseState): Item {
  const first = p.pos;
  const word = p.texts[p.take()]!;
  const one = timeStep(p);
  let unit: number | undefined;
  let precision: number | undefined;
  if (word === 'timeunit') unit = one;
  else precision = one;
  if (word === 'timeunit' && p.accept('/')) precision = timeStep(p);
  p.expect(';', `at the end of '${word}'`);
  return { kind: 'time-units', unit, precision, first, last: p.before };
}

/** `10ns` as a power of ten of seconds. */
function timeStep(p: ParseState): number {
  if (!p.at('$time')) p.fail('a time such as 1ns');
  const at = p.take();
  const { value, unit } = timeValue(p.texts[at]!);
  if (value !== 1 && value !== 10 && value !== 100) {
    p.report('time-unit', `A unit of time is 1, 10 or 100 of s, ms, us, ns, ps or fs, not ${p.texts[at]}.`, at);
    return unit;
  }
  return unit + (value === 1 ? 0 : value === 10 ? 1 : 2);
}

/** `$error("...");` as an item: said at elaboration. */
function elaborationTask(p: ParseState): Item {
  const first = p.pos;
  const { text } = p;
  if (text !== '$fatal' && text !== '$error' && text !== '$warning' && text !== '$info') p.fail('an item of a module');
  p.needSv(`'${text}' outside of a process`);
  const body = statement(p);
  if (body.kind !== 'expr') throw syntaxFailure;
  return { kind: 'elaboration-task', statement: body, first, last: p.before };
}
