/** Instances of modules, of user-defined primitives, and of gates and switches (IEEE 1364-2005 A.3, A.4.1). */
import type { Argument, DriveStrength, GateItem, GateType, Instance, InstanceItem, PortConnection } from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { expression, expressionOrType, mintypmax } from './parse-expression.ts';
import type { ParseState } from './parse-state.ts';
import { delay, delayValue, driveStrength, isStrength } from './parse-strength.ts';
import { unpackedDims } from './parse-type.ts';

/** How many delays a gate may have. */
function delaysOf(gate: GateType): number {
  if (gate === 'pullup' || gate === 'pulldown' || gate === 'tran' || gate === 'rtran') return 0;
  if (/^r?tranif/.test(gate)) return 2;
  return /^(?:and|nand|or|nor|xor|xnor|buf|not)$/.test(gate) ? 2 : 3;
}

/** `and (strong0, pull1) #(1, 2) g1 (y, a, b), g2 [3:0] (...);` */
export function gateItem(p: ParseState): GateItem {
  const first = p.pos;
  const gate = p.tag as GateType;
  p.take();
  const pull = gate === 'pullup' || gate === 'pulldown';
  let strength: DriveStrength | undefined;
  if (isStrength(p)) {
    if (/mos$|tran/.test(gate)) p.report('strength', `A ${gate} has no drive strength.`, p.pos);
    strength = driveStrength(p, pull);
  }
  let wait: GateItem['delay'];
  if (p.at('#')) {
    const most = delaysOf(gate);
    if (most === 0) p.report('delay', `A ${gate} has no delay.`, p.pos);
    wait = delay(p, Math.max(most, 1));
  }
  const instances: Instance[] = [];
  do {
    const made = instance(p, true);
    checkTerminals(p, gate, made);
    instances.push(made);
  } while (p.accept(','));
  p.expect(';', 'after the instances of a gate');
  return { kind: 'gate', gate, strength, delay: wait, instances, first, last: p.before };
}

/** How many terminals each kind of gate has: the least, and the most. */
function terminalsOf(gate: GateType): [number, number] {
  if (/^(?:and|nand|or|nor|xor|xnor|buf|not)$/.test(gate)) return [2, Number.POSITIVE_INFINITY];
  if (gate === 'pullup' || gate === 'pulldown') return [1, Number.POSITIVE_INFINITY];
  if (gate === 'tran' || gate === 'rtran') return [2, 2];
  return gate.endsWith('cmos') ? [4, 4] : [3, 3];
}

function checkTerminals(p: ParseState, gate: GateType, made: Instance): void {
  const [least, most] = terminalsOf(gate);
  const count = made.ports.length;
  if (count < least || count > most) {
    const wanted = least === most ? `${least}` : `at least ${least}`;
    p.report('gate-terminals', `This ${gate} has ${count} terminals; it needs ${wanted}.`, made.first);
  }
  for (const port of made.ports) {
    if (port.kind !== 'ordered') {
      p.report('gate-terminals', `The terminals of a ${gate} have no names.`, port.first);
      return;
    }
    if (port.value === undefined) {
      p.report('gate-terminals', `A terminal of this ${gate} is left open.`, made.first);
      return;
    }
  }
}

/** `m #(.W(8)) u1 (.a(b)), u2 (...);` The name of the module has been looked at, not taken. */
export function instanceItem(p: ParseState): InstanceItem {
  const first = p.pos;
  const module = p.name('the name of a module');
  const strength = isStrength(p) ? driveStrength(p) : undefined;
  const params = p.at('#') ? paramValues(p) : [];
  const instances: Instance[] = [];
  do instances.push(instance(p, strength !== undefined || (p.at('(') && instances.length === 0) || params.length > 0));
  while (p.accept(','));
  p.expect(';', 'after the instances of a module');
  return { kind: 'instance', module, params, strength, instances, first, last: p.before };
}

/** `#5`, `#(1, 2)`, `#(.W(8), .T(int), .X())`. */
function paramValues(p: ParseState): Argument[] {
  p.expect('#');
  if (!p.at('(')) {
    const value = delayValue(p);
    return [{ value, first: value.first, last: value.last }];
  }
  p.take();
  const all: Argument[] = [];
  if (p.accept(')')) return all;
  do {
    const first = p.pos;
    if (p.accept('.')) {
      const name = p.name('the name of a parameter');
      p.expect('(', 'after the name of a parameter');
      const value = p.at(')') ? undefined : expressionOrType(p);
      p.expect(')', 'after the value of a parameter');
      all.push({ name, value, first, last: p.before });
    } else {
      const value = p.at(',') || p.at(')') ? undefined : expressionOrType(p);
      all.push({ value, first, last: p.before });
    }
  } while (p.accept(','));
  p.expect(')', 'at the end of the values of parameters');
  const named = all.find((value) => value.name !== undefined);
  if (named && all.some((value) => value.name === undefined)) {
    p.report(
      'mixed-parameters',
      'Parameters are given by name and by order at once.',
      named.first,
      'Give all by name.',
    );
  }
  return all;
}

function instance(p: ParseState, mayBeUnnamed: boolean): Instance {
  const first = p.pos;
  let name: Instance['name'];
  if (p.at('$identifier') || !mayBeUnnamed) name = p.name('the name of an instance');
  const dims = unpackedDims(p);
  const ports = connections(p);
  return { name, dims, ports, first, last: p.before };
}

/** `(a, , b)`, `(.a(x), .b, .*)`. */
function connections(p: ParseState): PortConnection[] {
  p.expect('(', 'before the connections of an instance');
  const ports: PortConnection[] = [];
  if (p.accept(')')) return ports;
  do ports.push(connection(p));
  while (p.accept(','));
  p.expect(')', 'at the end of the connections');
  const named = ports.find((port) => port.kind !== 'ordered');
  if (named && ports.some((port) => port.kind === 'ordered')) {
    p.report(
      'mixed-connections',
      'Ports are connected by name and by order at once.',
      named.first,
      'Connect all by name.',
    );
  }
  return ports;
}

function connection(p: ParseState): PortConnection {
  attributes(p);
  const first = p.pos;
  if (p.at('.*') || (p.at('.') && p.peek(1) === '*')) {
    if (p.texts[p.take()] === '.') p.take();
    return { kind: 'wildcard', first, last: p.before };
  }
  if (p.accept('.')) {
    const name = p.name('the name of a port');
    if (!p.at('(')) {
      return { kind: 'named', name, implicit: true, first, last: p.before };
    }
    p.take();
    const value = p.at(')') ? undefined : mintypmax(p);
    p.expect(')', 'after what is connected to a port');
    return { kind: 'named', name, value, implicit: false, first, last: p.before };
  }
  if (p.at(',') || p.at(')')) return { kind: 'ordered', first, last: first - 1 };
  const value = expression(p);
  return { kind: 'ordered', value, first, last: p.before };
}
