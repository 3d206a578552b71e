/** Signals of the design: made from what declarations say. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import type { SignalDeclaration } from './names.ts';
import { lowerDelays } from './statement.ts';
import type { Context, DataType, IntegralType, Symbol as Meaning, Scope } from './symbols.ts';
import { resolveType, toIr, vectorType, withDims } from './types.ts';

/** What a signal is besides its name and type. */
export interface SignalTraits {
  kind: 'net' | 'variable';
  word: string;
  net?: ir.Signal['net'];
  port?: ir.Signal['port'];
  automatic?: boolean;
  constant?: boolean;
  hidden?: boolean;
}

function elementOf(type: DataType): DataType {
  let at = type;
  while (at.kind === 'array' || at.kind === 'list' || at.kind === 'map') at = at.element;
  return at;
}

/** Ranges as waves show them: those declared, else the whole width. */
function packedRanges(type: IntegralType): { left: number; right: number }[] {
  if (type.dims.length === 0) return type.width > 1 ? [{ left: type.width - 1, right: 0 }] : [];
  if (!type.atom || type.atom.width === 1) return [...type.dims];
  return [...type.dims, ...packedRanges(type.atom)];
}

/** Makes a signal (or one for each field of an unpacked struct) and its symbol. The symbol is not entered into the scope. */
export function makeSignal(
  name: string,
  type: DataType,
  traits: SignalTraits,
  node: ast.Node,
  scope: Scope,
  ctx: Context,
): Meaning {
  if (type.kind === 'unpacked-struct') {
    const fields = new Map<string, Meaning>();
    for (const field of type.fields) {
      fields.set(field.name, makeSignal(`${name}.${field.name}`, field.type, traits, node, scope, ctx));
    }
    return { kind: 'fields', fields, type, node };
  }
  let stored = toIr(type);
  let shown = type;
  if (!stored) {
    ctx.report(
      {
        code: 'not-supported',
        severity: 'error',
        what: `The type of "${name}" is not supported: ${unsupported(type)}.`,
        remedy: 'Use vectors, packed structs, arrays of them, or queues.',
      },
      node,
    );
    shown = vectorType(1);
    stored = { kind: 'vector', width: 1, signed: false, fourState: true };
  }
  const signal: ir.Signal = {
    id: ctx.design.signals.length,
    name,
    scope: scope.ir.id,
    at: ctx.at(node),
    kind: traits.kind,
    type: stored,
    packed: [],
    word: traits.word,
    automatic: traits.automatic ?? false,
  };
  const element = elementOf(shown);
  if (element.kind === 'integral') {
    signal.packed = packedRanges(element);
    if (element.enum) signal.enumType = element.enum.id;
    if (element.struct !== undefined) signal.structType = element.struct;
  }
  if (traits.net) signal.net = traits.net;
  if (traits.port) signal.port = traits.port;
  if (traits.constant) signal.constant = true;
  if (traits.hidden) signal.hidden = true;
  ctx.design.signals.push(signal);
  scope.ir.signals.push(signal.id);
  return { kind: 'signal', signal, type: shown, node };
}

function unsupported(type: DataType): string {
  const element = elementOf(type);
  switch (element.kind) {
    case 'unsupported':
      return element.what;
    case 'unpacked-struct':
      return 'an array of unpacked structs';
    case 'void':
      return 'void is for functions only';
    case 'chandle':
      return 'chandle';
    default:
      return 'such a combination of arrays, queues and maps';
  }
}

const netKinds: Record<ast.NetType, ir.NetKind> = {
  wire: 'wire',
  tri: 'wire',
  wand: 'wand',
  triand: 'wand',
  wor: 'wor',
  trior: 'wor',
  tri0: 'tri0',
  tri1: 'tri1',
  supply0: 'supply0',
  supply1: 'supply1',
  trireg: 'trireg',
  uwire: 'uwire',
};

export function netKindOf(type: ast.NetType): ir.NetKind {
  return netKinds[type];
}

/** The word that a variable's type was declared with. */
export function wordOf(type: ast.TypeRef, whenNone: string): string {
  switch (type.kind) {
    case 'integer':
    case 'real':
      return type.name;
    case 'implicit':
      return whenNone;
    case 'named':
      return 'logic';
    case 'enum':
    case 'struct':
      return 'logic';
    default:
      return type.kind;
  }
}

function isBare(type: ast.TypeRef): boolean {
  return type.kind === 'implicit' && type.packed.length === 0;
}

function isTwoStateOrOther(type: DataType): boolean {
  const element = elementOf(type);
  return element.kind !== 'integral' || !element.fourState;
}

/** A type that a range of a port declaration cannot be merged with. */
export function isWhole(ref: ast.TypeRef, type: DataType): boolean {
  if (type.kind !== 'integral') return true;
  return (
    (type.width > 1 && type.dims.length === 0) ||
    type.atom !== undefined ||
    (ref.kind === 'integer' && type.width > 1 && ref.packed.length === 0)
  );
}

export function sameRange(a: DataType, b: DataType): boolean {
  if (a.kind !== 'integral' || b.kind !== 'integral') return a.kind === b.kind;
  if (a.width !== b.width || a.dims.length !== b.dims.length)
    return a.width === b.width && a.dims.length * b.dims.length === 0;
  return a.dims.every((dim, i) => dim.left === b.dims[i]!.left && dim.right === b.dims[i]!.right);
}

/** The signal of a module-level declaration: a net, a variable or a port, merged from up to two declarations (1364-2005 section 12.3.3). */
export function declareSignal(entry: SignalDeclaration, scope: Scope, ctx: Elaboration): Meaning {
  const { port, net, variable } = entry;
  const own = net ?? variable;
  const node = own?.at ?? port?.at ?? entry.name;
  let type: DataType | undefined;
  let portType: DataType | undefined;
  if (own) type = withDims(resolveType(own.decl.type, scope, ctx), own.at.dims, scope, ctx);
  if (port) portType = withDims(resolveType(port.decl.type, scope, ctx), port.at.dims, scope, ctx);
  if (type && portType && port && own) {
    type = mergePort(entry.name, type, portType, own.decl.type, port.decl.type, ctx);
  }
  type ??= portType ?? vectorType(1);
  const traits = traitsOf(entry, type, scope, ctx);
  const symbol = makeSignal(entry.name.name, type, traits, node, scope, ctx);
  const init = variable?.at.init ?? (traits.kind === 'variable' && port ? port.at.init : undefined);
  if (init && !traits.automatic) ctx.inits.push({ symbol, init, scope });
  else if (!traits.automatic) pushFieldValues(symbol, scope, ctx);
  return symbol;
}

/** Values that the type of an unpacked struct gives its fields. */
function pushFieldValues(symbol: Meaning, scope: Scope, ctx: Elaboration): void {
  if (symbol.kind !== 'fields' || symbol.type.kind !== 'unpacked-struct') return;
  for (const { name, init } of symbol.type.fields) {
    const field = symbol.fields.get(name);
    if (field && init) ctx.inits.push({ symbol: field, init, scope });
    else if (field) pushFieldValues(field, scope, ctx);
  }
}

/** The type of a port that is also declared as a net or variable: both must say the same range (1364-2005 section 12.3.3). */
export function mergePort(
  name: ast.Name,
  type: DataType,
  portType: DataType,
  ref: ast.TypeRef,
  portRef: ast.TypeRef,
  ctx: Elaboration,
): DataType {
  const portBare = isBare(portRef);
  if (!portBare && isWhole(ref, type)) {
    ctx.report(
      {
        code: 'port-range',
        severity: 'error',
        what: `The port "${name.name}" has a range, its declaration as a variable has a type with a width of its own.`,
        remedy: 'Write the type in the port declaration.',
      },
      name,
    );
    return type;
  }
  const bare =
    isBare(ref) || (ref.kind === 'integer' && ref.packed.length === 0 && type.kind === 'integral' && type.width === 1);
  let merged = type;
  const differ = (what: string, severity: 'error' | 'warning') => {
    ctx.report({ code: 'port-range', severity, what, remedy: 'Give both the same range.' }, name);
  };
  const lenient = ctx.options.ioRangeError === false ? 'warning' : 'error';
  if (!portBare && bare) {
    // `input [3:0] a; reg a;`: scalar and vector do not go together.
    if (portType.kind === 'integral' && portType.width > 1) {
      differ(`The port "${name.name}" has a range, its declaration as a net or variable has none.`, lenient);
    }
    merged = portType;
  } else if (!portBare && !sameRange(type, portType)) {
    differ(`The ranges of "${name.name}" as a port and as a net or variable differ.`, 'error');
  } else if (portBare && type.kind === 'integral' && type.width > 1 && ref.kind !== 'named' && ref.packed.length > 0) {
    differ(`The port "${name.name}" has no range, its declaration as a net or variable has one.`, lenient);
  }
  if (merged.kind === 'integral' && portType.kind === 'integral' && type.kind === 'integral') {
    const signed = portType.signed || type.signed;
    if (signed !== merged.signed) merged = { ...merged, signed };
  }
  return merged;
}

function traitsOf(entry: SignalDeclaration, type: DataType, scope: Scope, ctx: Context): SignalTraits {
  const { port, net, variable } = entry;
  const direction = port?.decl.direction;
  const traits: SignalTraits = { kind: 'variable', word: 'reg' };
  if (direction) traits.port = direction;
  if (variable) {
    traits.word = wordOf(variable.decl.type, 'reg');
    if (variable.decl.constant) traits.constant = true;
    const { lifetime } = variable.decl;
    traits.automatic = lifetime === 'automatic' || (scope.automatic && lifetime !== 'static');
    if (direction === 'input' || direction === 'inout') {
      ctx.report(
        {
          code: 'port-variable',
          severity: 'error',
          what: `The ${direction} port "${entry.name.name}" cannot be a variable.`,
          remedy: 'Declare it as a wire.',
        },
        entry.name,
      );
    }
    return traits;
  }
  if (!net && port) {
    const { decl } = port;
    // 1800-2012 section 23.2.2.3: outputs with a data type are variables, inputs and inouts nets. What a net cannot hold is a variable, too.
    const said = ctx.tokens.texts[decl.type.first - 1] === 'var';
    const asVariable =
      said ||
      (!decl.netType &&
        (direction === 'output' || direction === 'ref'
          ? decl.variable || decl.type.kind !== 'implicit'
          : isTwoStateOrOther(type)));
    if (asVariable || (!decl.netType && isTwoStateOrOther(type))) {
      traits.word = wordOf(decl.type, 'reg');
      return traits;
    }
  }
  traits.kind = 'net';
  const netType: ast.NetType =
    net?.decl.netType ?? port?.decl.netType ?? (scope.defaultNetType === 'none' ? 'wire' : scope.defaultNetType);
  traits.word = netType;
  traits.net = { kind: netKinds[netType] };
  if (net) {
    if (netType === 'trireg') traits.net.charge = net.decl.charge ?? 'medium';
    if (net.decl.delay && !net.at.init) {
      const delay = lowerDelays(net.decl.delay, scope, ctx);
      if (delay) traits.net.delay = delay;
    }
  } else if (netType === 'trireg') traits.net.charge = 'medium';
  return traits;
}
