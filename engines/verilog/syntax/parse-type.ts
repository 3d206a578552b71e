/** Data types and dimensions (IEEE 1800-2012 A.2.2, A.2.5). */
import type { Direction, EnumMember, Expr, Name, PackedRange, StructField, TypeRef, UnpackedDim } from './ast.ts';
import { attributes } from './parse-attributes.ts';
import { argumentList, expression, expressionOrType } from './parse-expression.ts';
import type { ParseState } from './parse-state.ts';

const VECTOR_WORDS = new Set(['bit', 'logic', 'reg']);

const ATOM_WORDS = new Set(['byte', 'shortint', 'int', 'longint', 'integer', 'time']);

const REAL_WORDS = new Set(['real', 'shortreal', 'realtime']);

const OTHER_WORDS = new Set(['string', 'event', 'chandle', 'void', 'enum', 'struct', 'union', 'type', 'virtual']);

const DIRECTIONS = new Set(['input', 'output', 'inout', 'ref']);

/** Whether a data type can begin with this word. */
export function isTypeWord(tag: string): boolean {
  return VECTOR_WORDS.has(tag) || ATOM_WORDS.has(tag) || REAL_WORDS.has(tag) || OTHER_WORDS.has(tag);
}

export function isDirection(tag: string): tag is Direction {
  return DIRECTIONS.has(tag);
}

/** Words of SystemVerilog that often begin what an older generation, where they are names, cannot read. */
const SV_WORDS = new Set(
  (
    'logic bit byte int shortint longint string enum struct union typedef always_comb always_ff always_latch package ' +
    'import interface program class const var static chandle final return break continue foreach do unique priority ' +
    'assert shortreal void timeunit timeprecision'
  ).split(' '),
);

export function isSvWord(name: string): boolean {
  return SV_WORDS.has(name);
}

/**
 * Whether a type by name and then a name begin at the token `at`: `foo_t x`, `foo_t [3:0] x`, `pkg::t x`. Decided by
 * looking ahead, without knowing what `foo_t` is.
 */
export function isNamedDeclaration(p: ParseState, at = p.pos): boolean {
  const { tags } = p;
  if (tags[at] === '$system' && p.texts[at] === '$unit' && tags[at + 1] === '::') at += 2;
  if (tags[at] !== '$identifier') return false;
  if (!p.isSv(at) && !SV_WORDS.has(p.texts[at]!)) return false;
  let next = at + 1;
  if (tags[next] === '$identifier') return true;
  if (tags[next] === '::' && tags[next + 1] === '$identifier') next += 2;
  if (tags[next] === '#' && tags[next + 1] === '(' && p.isSv(at)) {
    next = p.skipBalanced(next + 1);
    while (tags[next] === '::' && tags[next + 1] === '$identifier') next += 2;
  }
  if (tags[next] === '[') next = p.skipDims(next);
  return tags[next] === '$identifier' && next > at;
}

function signing(p: ParseState): boolean | undefined {
  if (p.accept('signed')) return true;
  if (p.accept('unsigned')) {
    p.needSv("The word 'unsigned'", p.before);
    return false;
  }
  return undefined;
}

/** `[7:0][3:0]`, outermost first. `[N]` is `[0:N-1]` (IEEE 1800-2012 7.4.2 has it for unpacked ones; Icarus Verilog for these too). */
export function packedRanges(p: ParseState): PackedRange[] {
  const ranges: PackedRange[] = [];
  while (p.at('[')) {
    const first = p.take();
    if (p.at(']')) p.fail('the bounds of a packed dimension');
    const left = expression(p);
    if (p.at(']') && p.isSv()) {
      p.take();
      ranges.push({ ...zeroTo(left), first, last: p.before });
      continue;
    }
    p.expect(':', 'in a packed dimension, which has two bounds');
    const right = expression(p);
    p.expect(']', 'at the end of a dimension');
    ranges.push({ left, right, first, last: p.before });
  }
  return ranges;
}

/** `[0 : size - 1]`. */
function zeroTo(size: Expr): { left: Expr; right: Expr } {
  const { first, last } = size;
  const constant = (a: bigint): Expr => ({ kind: 'number', signed: true, a, b: 0n, first, last });
  return { left: constant(0n), right: { kind: 'binary', op: '-', left: size, right: constant(1n), first, last } };
}

/** `[signed] [range]`, or nothing at all. */
export function implicitType(p: ParseState): TypeRef {
  const first = p.pos;
  const signed = signing(p);
  const packed = packedRanges(p);
  return { kind: 'implicit', signed, packed, first, last: p.before };
}

/** A type if one begins here (by a word, or by lookahead a name), else an implicit one. */
export function dataTypeOrImplicit(p: ParseState): TypeRef {
  if (isTypeWord(p.tag) || isNamedDeclaration(p)) return dataType(p);
  return implicitType(p);
}

/** A data type with its packed dimensions; it must be there. */
export function dataType(p: ParseState): TypeRef {
  const first = p.pos;
  const tag = p.tag;
  if (VECTOR_WORDS.has(tag)) {
    p.take();
    const signed = signing(p);
    const packed = packedRanges(p);
    return { kind: 'integer', name: tag as 'reg', signed, packed, first, last: p.before };
  }
  if (ATOM_WORDS.has(tag)) {
    p.take();
    const signed = signing(p);
    return { kind: 'integer', name: tag as 'int', signed, packed: [], first, last: p.before };
  }
  if (REAL_WORDS.has(tag)) {
    p.take();
    return { kind: 'real', name: tag as 'real', packed: [], first, last: p.before };
  }
  switch (tag) {
    case 'string':
    case 'event':
    case 'chandle':
    case 'void':
      p.take();
      return { kind: tag, packed: [], first, last: p.before };
    case 'enum':
      return enumType(p);
    case 'struct':
    case 'union':
      return structType(p);
    case 'type': {
      p.take();
      p.expect('(', "after 'type'");
      const operand = expressionOrType(p);
      p.expect(')', "at the end of 'type'");
      return { kind: 'type-of', operand, packed: packedRanges(p), first, last: p.before };
    }
    case 'virtual': {
      p.notSupported('Virtual interfaces are', first);
      p.take();
      p.accept('interface');
      return { ...namedType(p), first };
    }
  }
  return namedType(p);
}

function namedType(p: ParseState): TypeRef {
  const first = p.pos;
  let name: Name;
  let scope: Name | undefined;
  if (p.at('$system') && p.text === '$unit') {
    const at = p.take();
    name = { name: '$unit', first: at, last: at };
  } else name = p.name('a data type');
  if (p.at('::')) {
    p.needSv("'::'");
    p.take();
    scope = name;
    name = p.name('the name of a type');
  }
  let params: ReturnType<typeof argumentList> | undefined;
  if (p.at('#') && p.peek(1) === '(') {
    p.take();
    params = argumentList(p);
  }
  const packed = packedRanges(p);
  return { kind: 'named', name, scope, params, packed, first, last: p.before };
}

/** `enum logic [1:0] { A, B = 2, C[3] }`. */
function enumType(p: ParseState): TypeRef {
  const first = p.take();
  const base = p.at('{') ? undefined : p.at('[') || p.at('signed') ? implicitType(p) : dataType(p);
  if (base) checkEnumBase(p, base);
  p.expect('{', 'before the names of an enum');
  const members: EnumMember[] = [];
  do {
    const name = p.name('the name of an enum value');
    let range: EnumMember['range'];
    if (p.accept('[')) {
      const left = expression(p);
      const right = p.accept(':') ? expression(p) : undefined;
      p.expect(']');
      range = { left, right };
    }
    const value: Expr | undefined = p.accept('=') ? expression(p) : undefined;
    members.push({ name, range, value, first: name.first, last: p.before });
  } while (p.accept(','));
  p.expect('}', 'at the end of an enum');
  return { kind: 'enum', base, members, packed: packedRanges(p), first, last: p.before };
}

/** An enum is based on an integer type with at most one packed dimension. */
function checkEnumBase(p: ParseState, base: TypeRef): void {
  const good = base.kind === 'integer' || base.kind === 'implicit' || base.kind === 'named';
  if (good && base.packed.length <= 1) return;
  p.report('enum-base', 'An enum must be based on an integer type with at most one dimension.', base.first);
}

/** `struct packed signed { logic [3:0] a; int b, c; }`. */
function structType(p: ParseState): TypeRef {
  const first = p.pos;
  const union = p.text === 'union';
  p.take();
  const tagged = p.accept('tagged');
  if (tagged) p.notSupported('Tagged unions are', p.before);
  const packedStruct = p.accept('packed');
  const signed = (packedStruct && signing(p)) === true;
  p.expect('{', `before the fields of a ${union ? 'union' : 'struct'}`);
  const fields: StructField[] = [];
  do {
    attributes(p);
    if (p.at('rand') || p.at('randc')) {
      p.notSupported('Random variables are', p.pos);
      p.take();
    }
    const start = p.pos;
    p.enter();
    const type = dataTypeOrImplicit(p);
    p.leave();
    if (type.first > type.last) p.fail('the type of a field');
    const names: StructField['names'] = [];
    do {
      const name = p.name('the name of a field');
      const dims = unpackedDims(p);
      const init = p.accept('=') ? expression(p) : undefined;
      if (packedStruct && (dims.length > 0 || init)) {
        p.report(
          'packed-field',
          `The field '${name.name}' of a packed ${union ? 'union' : 'struct'} cannot ${init ? 'have a default value' : 'be an unpacked array'}.`,
          name.first,
        );
      }
      names.push({ name, dims, init });
    } while (p.accept(','));
    p.expect(';', 'after a field');
    fields.push({ type, names, first: start, last: p.before });
  } while (!p.at('}'));
  p.take();
  const packed = packedRanges(p);
  return { kind: 'struct', union, packedStruct, tagged, signed, fields, packed, first, last: p.before };
}

/** `[3:0]`, `[8]`, `[]`, `[$:7]`, `[string]`, `[*]` after a name. */
export function unpackedDims(p: ParseState): UnpackedDim[] {
  if (!p.at('[')) return [];
  const dims: UnpackedDim[] = [];
  while (p.at('[')) dims.push(unpackedDim(p));
  return dims;
}

function unpackedDim(p: ParseState): UnpackedDim {
  const first = p.take();
  switch (p.tag) {
    case ']':
      p.take();
      return { kind: 'dynamic', first, last: p.before };
    case '$': {
      p.take();
      const bound = p.accept(':') ? expression(p) : undefined;
      p.expect(']', 'at the end of a dimension');
      return { kind: 'queue', bound, first, last: p.before };
    }
    case '*':
      if (p.peek(1) !== ']') break;
      p.take();
      p.take();
      return { kind: 'associative', first, last: p.before };
  }
  if (isTypeWord(p.tag)) {
    const index = dataType(p);
    p.expect(']', 'at the end of a dimension');
    return { kind: 'associative', index, first, last: p.before };
  }
  const left = expression(p);
  if (p.accept(':')) {
    const right = expression(p);
    p.expect(']', 'at the end of a dimension');
    return { kind: 'range', left, right, first, last: p.before };
  }
  p.expect(']', 'at the end of a dimension');
  if (!p.isSv(first)) {
    p.report(
      'size-dimension',
      'A dimension with a size alone is SystemVerilog.',
      first,
      'Write both bounds, as in [0:7].',
      'warning',
    );
  }
  return { kind: 'size', size: left, first, last: p.before };
}
