/** Declarations of the ports of modules (IEEE 1364-2005 A.2.1.2, IEEE 1800-2012 A.2.1.2). */
import type { Declarator, NetType, PortDecl } from './ast.ts';
import { declarators, isNetType, namedTypeCheck } from './parse-declaration.ts';
import type { ParseState } from './parse-state.ts';
import { dataTypeOrImplicit, isDirection } from './parse-type.ts';

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
