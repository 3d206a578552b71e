/**
 * Expressions as Verilog whose own rules of sizes and signs cannot change them: every operand is unsigned and has the width that the
 * elaborated design gives it; what is signed stands between `$signed(...)` and a concatenation; extensions are concatenations; cuts of
 * anything but a signal are calls of helper functions.
 */
import type * as ir from '../ir/types.ts';
import { isLValue, linearElement } from '../ir/walk.ts';
import { type Lowering, rangeText } from './lower-context.ts';

type Vector = ir.Expr & { type: ir.VectorType };

export function isVector(expr: ir.Expr): expr is Vector {
  return expr.type.kind === 'vector';
}

/** Bits of an expression; arrays count as all their elements side by side. */
export function widthOf(expr: ir.Expr): number {
  const { type } = expr;
  if (type.kind === 'vector') return type.width;
  if (type.kind === 'array' && type.element.kind === 'vector') return type.element.width * type.count;
  return 1;
}

export function constantText(width: number, a: bigint, b: bigint): string {
  if (b === 0n) return `${width}'h${a.toString(16)}`;
  let digits = '';
  for (let i = width - 1; i >= 0; i--) {
    const bit = BigInt(i);
    const at = Number((a >> bit) & 1n) | (Number((b >> bit) & 1n) << 1);
    digits += '01zx'[at];
  }
  return `${width}'b${digits}`;
}

export function unknownText(type: ir.IrType, width: number): string {
  const element = type.kind === 'array' ? type.element : type;
  return element.kind === 'vector' && !element.fourState ? `${width}'h0` : `{${width}{1'bx}}`;
}

function integer(value: number, width = 32): Vector {
  const a = BigInt.asUintN(width, BigInt(value));
  const type: ir.VectorType = { kind: 'vector', width, signed: true, fourState: true };
  return { op: 'const', type, value: { kind: 'vector', width, signed: true, a, b: 0n } };
}

/** A constant's number; undefined where it is none, or has x or z. */
export function numberOf(expr: ir.Expr): number | undefined {
  if (expr.op !== 'const' || expr.value.kind !== 'vector' || expr.value.b !== 0n) return undefined;
  const { a, width, signed } = expr.value;
  const value = Number(signed ? BigInt.asIntN(width, a) : a);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** An expression with the same number in fewer bits, where it is an extension. */
export function natural(expr: ir.Expr): ir.Expr {
  if (expr.op !== 'resize' || !isVector(expr) || !isVector(expr.operand)) return expr;
  const { operand } = expr;
  if (expr.type.width < operand.type.width) return expr;
  const inner = natural(operand);
  if (!isVector(inner)) return expr;
  const spare = expr.type.width - inner.type.width;
  const same = inner.type.signed ? expr.type.signed && operand.type.signed : !expr.type.signed || spare > 0;
  return same ? inner : expr;
}

/** The same bits below `width`, with narrower operators: those whose low bits need no more than the low bits of their operands. */
function narrowed(expr: Vector, width: number): ir.Expr {
  const type: ir.VectorType = { ...expr.type, width };
  const narrow = (inner: ir.Expr): ir.Expr => (isVector(inner) ? narrowed(inner, width) : inner);
  if (expr.type.width === width) return expr;
  if (expr.type.width < width) return { op: 'resize', operand: expr, type };
  switch (expr.op) {
    case 'const': {
      if (expr.value.kind !== 'vector') break;
      const { a, b, signed } = expr.value;
      const value = { a: BigInt.asUintN(width, a), b: BigInt.asUintN(width, b) };
      return { op: 'const', type, value: { kind: 'vector', width, signed, ...value } };
    }
    case 'resize':
      if (!isVector(expr.operand)) break;
      if (expr.operand.type.width >= width) return narrowed(expr.operand, width);
      return { ...expr, type };
    case 'unary':
      if (expr.operator !== 'neg' && expr.operator !== 'not') break;
      return { ...expr, operand: narrow(expr.operand), type };
    case 'binary':
      if (['add', 'sub', 'mul', 'and', 'or', 'xor', 'xnor'].includes(expr.operator)) {
        return { ...expr, left: narrow(expr.left), right: narrow(expr.right), type };
      }
      if (expr.operator === 'shl') return { ...expr, left: narrow(expr.left), type };
      break;
    case 'cond':
      // biome-ignore lint/suspicious/noThenProperty: the IR calls it so
      return { ...expr, then: narrow(expr.then), else: narrow(expr.else), type };
  }
  return { op: 'resize', operand: expr, type };
}

export function exprText(expr: ir.Expr, low: Lowering): string {
  switch (expr.op) {
    case 'const':
      return constText(expr, low);
    case 'signal':
      low.shape(expr.signal);
      return low.name(expr.signal);
    case 'element':
      return elementText(expr, low);
    case 'select':
      return selectText(expr, low);
    case 'concat':
      return `{${expr.parts.map((part) => exprText(part, low)).join(', ')}}`;
    case 'replicate':
      return `{${expr.count}{${exprText(expr.part, low)}}}`;
    case 'unary':
      return unaryText(expr, low);
    case 'binary':
      return binaryText(expr, low);
    case 'cond': {
      const [condition, then, other] = [expr.condition, expr.then, expr.else].map((part) => exprText(part, low));
      return `(${condition} ? ${then} : ${other})`;
    }
    case 'resize':
      return resizeText(expr, low);
    case 'convert':
      return convertText(expr, low);
    case 'call':
      return callText(expr, low);
    case 'syscall':
      return systemText(expr, low);
    case 'method':
      return methodText(expr, low);
    case 'items':
      // Element 0 is the lowest.
      return `{${expr.items
        .map((item) => exprText(item, low))
        .reverse()
        .join(', ')}}`;
    case 'assign':
      return refused(
        'An assignment within an expression has no form that synthesis reads.',
        low,
        'Write it as a statement.',
      );
    case 'triggered':
      return refused('Whether an event was triggered has no meaning for synthesis.', low);
    case 'item':
    case 'slice':
    case 'new-list':
      return refused('Queues, dynamic and associative arrays and strings have no meaning for synthesis.', low);
  }
}

function refused(what: string, low: Lowering, remedy?: string): string {
  low.refuse(what, remedy);
  return "1'bx";
}

function constText({ value }: ir.ExprOf<'const'>, low: Lowering): string {
  if (value.kind === 'vector') return constantText(value.width, value.a, value.b);
  return refused(`A ${value.kind === 'real' ? 'real number' : 'string'} has no meaning for synthesis.`, low);
}

function signedText(expr: ir.Expr, low: Lowering): string {
  return `$signed(${exprText(expr, low)})`;
}

function isSigned(expr: ir.Expr): boolean {
  return isVector(expr) && expr.type.signed;
}

const UNARY: Record<ir.UnaryOp, string> = {
  neg: '-',
  not: '~',
  lnot: '!',
  and: '&',
  nand: '~&',
  or: '|',
  nor: '~|',
  xor: '^',
  xnor: '~^',
};

function unaryText({ operator, operand }: ir.ExprOf<'unary'>, low: Lowering): string {
  return `(${UNARY[operator]}${exprText(operand, low)})`;
}

const BINARY: Partial<Record<ir.BinaryOp, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  and: '&',
  or: '|',
  xor: '^',
  xnor: '~^',
  shl: '<<',
  shr: '>>',
  eq: '==',
  ne: '!=',
  ceq: '===',
  cne: '!==',
  land: '&&',
  lor: '||',
};
/** Whose result depends on the sign of the operands. */
const SIGNED: Partial<Record<ir.BinaryOp, string>> = { div: '/', mod: '%', lt: '<', le: '<=', gt: '>', ge: '>=' };

function binaryText(expr: ir.ExprOf<'binary'>, low: Lowering): string {
  const { operator, left, right } = expr;
  if (!isVector(left) || !isVector(right)) {
    return refused('Real numbers, strings and arrays cannot be compared or computed with in synthesis.', low);
  }
  if (left.type.signed && (operator === 'add' || operator === 'sub' || operator === 'mul')) {
    // The same bits either way; but tools take the copies of a sign for what they are.
    return `{${signedText(left, low)} ${BINARY[operator]} ${signedText(right, low)}}`;
  }
  const plain = BINARY[operator];
  if (plain !== undefined) return `(${exprText(left, low)} ${plain} ${exprText(right, low)})`;
  const signed = SIGNED[operator];
  if (signed !== undefined) {
    if (!left.type.signed) return `(${exprText(left, low)} ${signed} ${exprText(right, low)})`;
    return `{${signedText(left, low)} ${signed} ${signedText(right, low)}}`;
  }
  switch (operator) {
    case 'sshr':
      if (!left.type.signed) return `(${exprText(left, low)} >> ${exprText(right, low)})`;
      return `{${signedText(left, low)} >>> ${exprText(right, low)}}`;
    case 'pow': {
      const exponent = isSigned(right) ? signedText(right, low) : exprText(right, low);
      const base = left.type.signed ? signedText(left, low) : exprText(left, low);
      return `{${base} ** ${exponent}}`;
    }
    case 'implies':
      return `((!${exprText(left, low)}) || ${exprText(right, low)})`;
    case 'equiv':
      return `((!${exprText(left, low)}) == (!${exprText(right, low)}))`;
    case 'weq':
    case 'wne':
    case 'casez-eq':
    case 'casex-eq': {
      const same = matchText(left, right, operator === 'casez-eq' ? 'z' : 'xz', low);
      return operator === 'wne' ? `(!${same})` : same;
    }
    default:
      return refused(`The operator "${operator}" has no form that synthesis reads.`, low);
  }
}

/** Equal but for the bits of a constant that are `wild`. */
export function matchText(left: ir.Expr, right: ir.Expr, wild: 'z' | 'xz', low: Lowering): string {
  if (right.op !== 'const' || right.value.kind !== 'vector') {
    return refused(
      'A comparison with a pattern that is not constant has no form that synthesis reads.',
      low,
      'Write the pattern as a constant.',
    );
  }
  const { width, a, b } = right.value;
  const open = wild === 'xz' ? b : b & ~a;
  if (open === 0n) return `(${exprText(left, low)} == ${constantText(width, a, b)})`;
  const mask = BigInt.asUintN(width, ~open);
  return `((${exprText(left, low)} & ${constantText(width, mask, 0n)}) == ${constantText(width, a & mask, b & mask)})`;
}

// ------------------------------------------------------------------------------------------------ Widths and parts

function resizeText(expr: ir.ExprOf<'resize'>, low: Lowering): string {
  const { operand } = expr;
  if (!isVector(expr) || !isVector(operand)) {
    if (widthOf(expr) === widthOf(operand) && expr.type.kind === operand.type.kind) return exprText(operand, low);
    return refused('This conversion has no meaning for synthesis.', low);
  }
  const [to, from] = [expr.type.width, operand.type.width];
  if (to === from) return exprText(operand, low);
  if (to < from) {
    const narrow = narrowed(operand, to);
    if (narrow.op !== 'resize' || !isVector(narrow.operand) || narrow.operand.type.width < to)
      return exprText(narrow, low);
    return partText(narrow.operand, 0, to, low);
  }
  if (operand.op === 'const' && operand.value.kind === 'vector') {
    const { a, b, signed } = operand.value;
    const extend = (plane: bigint) =>
      operand.type.signed && signed ? BigInt.asUintN(to, BigInt.asIntN(from, plane)) : plane;
    return constantText(to, extend(a), extend(b));
  }
  const text = exprText(operand, low);
  if (!operand.type.signed) return `{${to - from}'h0, ${text}}`;
  if (from === 1) return `{${to}{${text}}}`;
  const name = low.helper(`extend.${from}.${to}`, (own) => [
    `function ${rangeText(to)}${own};`,
    `  input signed ${rangeText(from)}value;`,
    `  ${own} = value;`,
    'endfunction',
  ]);
  return `${name}(${text})`;
}

/** `width` bits from the constant `offset` on, all of them there. */
export function partText(base: ir.Expr, offset: number, width: number, low: Lowering): string {
  const whole = widthOf(base);
  if (offset === 0 && width === whole) return exprText(base, low);
  const range = width === 1 ? `[${offset}]` : `[${offset + width - 1}:${offset}]`;
  if (base.op === 'signal') return `${exprText(base, low)}${range}`;
  if (base.op === 'element' && low.shape(base.signal) === 'memory' && !isGuarded(base)) {
    return `${exprText(base, low)}${range}`;
  }
  const inner = base.op === 'select' ? numberOf(base.offset) : undefined;
  if (base.op === 'select' && inner !== undefined && inner >= 0 && inner + base.width <= widthOf(base.base)) {
    return partText(base.base, inner + offset, width, low);
  }
  if (base.op === 'element' && low.shape(base.signal) === 'flat') {
    const element = linearElement(base.indices);
    if (typeof element === 'number') return partText(flatSignal(base, low), element * whole + offset, width, low);
  }
  if (base.op === 'const' && base.value.kind === 'vector') {
    const cut = (plane: bigint) => BigInt.asUintN(width, plane >> BigInt(offset));
    return constantText(width, cut(base.value.a), cut(base.value.b));
  }
  const name = low.helper(`part.${whole}.${offset}.${width}`, (own) => [
    `function ${rangeText(width)}${own};`,
    `  input ${rangeText(whole)}value;`,
    `  ${own} = value${range};`,
    'endfunction',
  ]);
  return `${name}(${exprText(base, low)})`;
}

function selectText(expr: ir.ExprOf<'select'>, low: Lowering): string {
  const { base, width } = expr;
  if (!isVector(base) && base.type.kind !== 'array')
    return refused('Parts of strings have no meaning for synthesis.', low);
  const whole = widthOf(base);
  const offset = numberOf(expr.offset);
  const outside = (bits: number) => (bits > 0 ? [unknownText(base.type, bits)] : []);
  if (offset !== undefined) {
    const [from, to] = [Math.max(0, offset), Math.min(whole, offset + width)];
    if (from >= to) return unknownText(base.type, width);
    const parts = [
      ...outside(offset + width - Math.max(to, offset)),
      partText(base, from, to - from, low),
      ...outside(Math.min(from - offset, width)),
    ];
    return parts.length === 1 ? parts[0]! : `{${parts.join(', ')}}`;
  }
  if (expr.offset.op === 'const') return unknownText(base.type, width);
  const { text, signed, bits } = indexText(expr.offset, low, isMultiple(expr.offset, width) ? whole : undefined);
  const twoState = base.type.kind === 'vector' && !base.type.fourState;
  const direct =
    (base.op === 'signal' && whole > 1) ||
    (base.op === 'element' && whole > 1 && low.shape(base.signal) === 'memory' && !isGuarded(base));
  if (direct && !twoState) {
    return width === 1 ? `${exprText(base, low)}[${text}]` : `${exprText(base, low)}[${text} +: ${width}]`;
  }
  // Outside of a two-state value there are zeros, and shifts bring in zeros.
  const name = low.helper(`select.${whole}.${width}.${signed ? 's' : 'u'}${bits}${twoState ? '.0' : ''}`, (own) => {
    const head = [
      `function ${rangeText(width)}${own};`,
      `  input ${rangeText(whole)}value;`,
      `  input ${signed ? 'signed ' : ''}${rangeText(bits)}at;`,
    ];
    if (whole === 1 || twoState) {
      const wide = Math.max(whole, width);
      const fill = twoState ? `${wide}'h0` : `{${wide}{1'bx}}`;
      const inside = twoState ? 'value >> at' : `at == 0 ? {${wide}'bx, value} : ${fill}`;
      head.push(`  reg ${rangeText(wide)}wide;`, '  begin');
      if (!signed) head.push(`    wide = ${inside};`);
      else
        head.push(
          `    if (at < 0) wide = ${twoState ? `{${wide - whole === 0 ? '' : `${wide - whole}'h0, `}value} << -at` : fill};`,
          `    else wide = ${inside};`,
        );
      head.push(`    ${own} = wide;`, '  end');
    } else head.push(`  ${own} = value[at +: ${width}];`);
    return [...head, 'endfunction'];
  });
  return `${name}(${exprText(base, low)}, ${text})`;
}

/** Whether a position is surely a multiple of a number. */
export function isMultiple(expr: ir.Expr, of: number): boolean {
  if (of === 1) return true;
  if (expr.op === 'resize') return isMultiple(expr.operand, of);
  if (expr.op === 'binary' && expr.operator === 'mul') {
    return [expr.left, expr.right].some((side) => (numberOf(side) ?? 1) % of === 0);
  }
  return (numberOf(expr) ?? 1) % of === 0;
}

/**
 * An index with its own sign, in as few bits as it has by itself. `end`: places from here on are out of range, and one below 0 is so as a whole,
 * so that its sign may be dropped where it is then past the end.
 */
export function indexText(expr: ir.Expr, low: Lowering, end?: number): { text: string; signed: boolean; bits: number } {
  const inner = natural(expr);
  const signed = isSigned(inner) && !(end !== undefined && 2 ** (widthOf(inner) - 1) >= end);
  return { text: signed ? signedText(inner, low) : exprText(inner, low), signed, bits: widthOf(inner) };
}

// -------------------------------------------------------------------------------------------------------- Arrays

/** The vector of all elements of an array that is lowered to one. */
function flatSignal({ signal, type }: { signal: ir.SignalId; type: ir.IrType }, low: Lowering): Vector {
  const array = low.signal(signal).type as ir.ArrayType;
  const fourState = type.kind !== 'vector' || type.fourState;
  const width = widthOf({ op: 'signal', signal, type: array });
  return { op: 'signal', signal, type: { kind: 'vector', width, signed: false, fourState } };
}

/** Whether an index can be out of range; then the condition that it is not. */
export function rangeGuard({ value, size }: ir.Index): ir.Expr | undefined {
  const known = numberOf(value);
  if (known !== undefined) return known >= 0 && known < size ? undefined : integer(0, 1);
  const inner = natural(value);
  if (!isVector(inner)) return undefined;
  const { width } = inner.type;
  const unsigned: ir.VectorType = { kind: 'vector', width, signed: false, fourState: true };
  if (2 ** width <= size && !inner.type.signed) return undefined;
  // Seen as unsigned, what is below 0 is past the end, too.
  if (2 ** width <= size) return undefined;
  return {
    op: 'binary',
    operator: 'lt',
    left: { op: 'resize', operand: inner, type: unsigned },
    right: { op: 'const', type: unsigned, value: { kind: 'vector', width, signed: false, a: BigInt(size), b: 0n } },
    type: { kind: 'vector', width: 1, signed: false, fourState: true },
  };
}

/** Row-major position of an element, in `scale` bits; at least 32 bits and signed. */
export function linearIndex(indices: readonly ir.Index[], scale: number): ir.Expr {
  const first = indices[0]!;
  if (indices.length === 1 && scale === 1) return first.value;
  const reach = Math.max(...indices.map(({ value }) => widthOf(natural(value))));
  const count = indices.reduce((product, { size }) => product * size, scale);
  const width = Math.max(32, reach + count.toString(2).length + 2);
  const type: ir.VectorType = { kind: 'vector', width, signed: true, fourState: true };
  const wide = (expr: ir.Expr): ir.Expr => {
    const inner = natural(expr);
    return { op: 'resize', operand: inner, type: { ...type, signed: isSigned(inner) } };
  };
  let at: ir.Expr = wide(first.value);
  for (const { value, size } of indices.slice(1)) {
    at = { op: 'binary', operator: 'mul', left: at, right: integer(size, width), type };
    at = { op: 'binary', operator: 'add', left: at, right: wide(value), type };
  }
  if (scale !== 1) at = { op: 'binary', operator: 'mul', left: at, right: integer(scale, width), type };
  return { op: 'resize', operand: at, type };
}

/** Whether reading an element needs a condition around it: what is out of range is x by itself, but not 0. */
function isGuarded(expr: ir.ExprOf<'element'>): boolean {
  const twoState = expr.type.kind === 'vector' && !expr.type.fourState;
  const doubtful = expr.indices.map((index) => rangeGuard(index) !== undefined);
  return twoState ? doubtful.includes(true) : doubtful.slice(1).includes(true);
}

function elementText(expr: ir.ExprOf<'element'>, low: Lowering): string {
  const width = widthOf(expr);
  const shape = low.shape(expr.signal);
  const known = linearElement(expr.indices);
  if (known === null) return unknownText(expr.type, width);
  if (known === undefined && isGuarded(expr)) {
    const guards = expr.indices.flatMap((index) => {
      const guard = rangeGuard(index);
      return guard ? [exprText(guard, low)] : [];
    });
    const unguarded: ir.Expr = { ...expr, type: { ...(expr.type as ir.VectorType), fourState: true } };
    const inner = elementBody(unguarded, shape, low);
    return `(${guards.join(' && ')} ? ${inner} : ${unknownText(expr.type, width)})`;
  }
  return elementBody(expr, shape, low);
}

function elementBody(expr: ir.ExprOf<'element'>, shape: string, low: Lowering): string {
  const width = widthOf(expr);
  if (shape === 'memory') return `${low.name(expr.signal)}[${memoryIndex(expr.signal, expr.indices, low)}]`;
  const offset = linearIndex(expr.indices, width);
  const known = linearElement(expr.indices);
  const base = flatSignal({ signal: expr.signal, type: expr.type }, low);
  if (typeof known === 'number') return partText(base, known * width, width, low);
  return selectText(
    { op: 'select', base: { ...base, type: { ...base.type, fourState: true } }, offset, width, type: expr.type },
    low,
  );
}

/** The index of a memory as it is declared: from its own left bound. */
export function memoryIndex(signal: ir.SignalId, indices: readonly ir.Index[], low: Lowering): string {
  const { dims } = low.signal(signal).type as ir.ArrayType;
  const [dim] = dims;
  const index = linearIndex(indices, 1);
  const known = linearElement(indices);
  if (dims.length > 1 || !dim) {
    const count = dims.reduce((product, { left, right }) => product * (Math.abs(left - right) + 1), 1);
    return typeof known === 'number' ? String(known) : indexText(index, low, count).text;
  }
  const end = Math.min(dim.left, dim.right) < 0 ? undefined : Math.max(dim.left, dim.right) + 1;
  const upward = dim.left <= dim.right;
  if (typeof known === 'number') return String(upward ? dim.left + known : dim.left - known);
  if (upward && dim.left === 0) return indexText(index, low, end).text;
  // Elaboration took the bound off; it is put back.
  if (index.op === 'binary' && index.operator === 'sub') {
    const [bound, other] = upward ? [index.right, index.left] : [index.left, index.right];
    if (numberOf(bound) === dim.left) return indexText(other, low, end).text;
  }
  const { text, signed } = indexText(index, low);
  const at = signed ? text : `$signed({1'b0, ${text}})`;
  return upward ? `$signed(${dim.left}) + ${at}` : `$signed(${dim.left}) - ${at}`;
}

// ------------------------------------------------------------------------------------------------ Calls and others

function convertText(expr: ir.ExprOf<'convert'>, low: Lowering): string {
  const { operand } = expr;
  if (isVector(expr) && operand.op === 'const' && operand.value.kind === 'string') {
    let a = 0n;
    for (const character of operand.value.value) a = (a << 8n) | BigInt(character.charCodeAt(0) & 255);
    return constantText(expr.type.width, BigInt.asUintN(expr.type.width, a), 0n);
  }
  return refused('Real numbers and strings have no meaning for synthesis.', low);
}

/** Arguments of a function or task, as texts. `undefined`: one of them cannot be written. */
export function callText(expr: ir.ExprOf<'call'>, low: Lowering): string {
  const subprogram = low.design.subprograms[expr.subprogram]!;
  low.called.add(subprogram.id);
  if (subprogram.ports.some(({ direction }) => direction !== 'input')) {
    low.at = expr.at;
    return refused(
      `The function "${subprogram.name}" gives values back through its arguments, which synthesis reads of tasks only.`,
      low,
      'Make it a task, or return a struct.',
    );
  }
  const args = expr.args.map((arg) => (isLValue(arg) ? "1'bx" : exprText(arg, low)));
  return `${low.subprogramName(subprogram.id)}(${args.length === 0 ? "1'b0" : args.join(', ')})`;
}

function systemText(expr: ir.ExprOf<'syscall'>, low: Lowering): string {
  const [first] = expr.args;
  const operand = first?.kind === 'expr' || first?.kind === 'lvalue' ? first.expr : undefined;
  const width = operand ? widthOf(operand) : 0;
  const to = widthOf(expr);
  const bitFunction = (name: string, body: (own: string) => string[], result = rangeText(to)) => {
    const helper = low.helper(`${name}.${width}`, (own) => [
      `function ${result}${own};`,
      `  input ${rangeText(width)}value;`,
      ...body(own),
      'endfunction',
    ]);
    return `${helper}(${exprText(operand!, low)})`;
  };
  const bit = (i: number) => (width === 1 ? 'value' : `value[${i}]`);
  const sum = Array.from({ length: width }, (_, i) => `{${to - 1}'h0, ${bit(i)}}`).join(' + ');
  if (operand && isVector(operand)) {
    switch (expr.name) {
      case '$countones':
        return bitFunction('countones', (own) => [`  ${own} = ${sum};`]);
      case '$onehot':
        return bitFunction('onehot', (own) => [`  ${own} = (|value) && !(|(value & (value - ${width}'h1)));`]);
      case '$onehot0':
        return bitFunction('onehot0', (own) => [`  ${own} = !(|(value & (value - ${width}'h1)));`]);
      case '$isunknown':
        return `((^${exprText(operand, low)}) === 1'bx)`;
      case '$clog2':
        return bitFunction('clog2', (own) => [
          `  ${own} = ${Array.from({ length: width }, (_, i) => i)
            .reverse()
            .map((i) => `value > (${width + 1}'h1 << ${i}) ? ${to}'d${i + 1} : `)
            .join('')}${to}'d0;`,
        ]);
    }
  }
  low.at = expr.at;
  return refused(`"${expr.name}" has no meaning for synthesis.`, low);
}

function methodText(expr: ir.ExprOf<'method'>, low: Lowering): string {
  const { method, object, enumType } = expr;
  const [step] = expr.args;
  const steps = step === undefined ? 1 : numberOf(step);
  if (enumType !== undefined && (method === 'next' || method === 'prev') && !isLValue(object) && steps !== undefined) {
    const { name, members } = low.design.enums[enumType]!;
    const width = widthOf(object);
    const by = method === 'next' ? steps : -steps;
    const helper = low.helper(`${name}.${enumType}.${method}.${steps}`, (own) => [
      `function ${rangeText(width)}${own};`,
      `  input ${rangeText(width)}value;`,
      '  case (value)',
      ...members.map(({ a, b }, i) => {
        const at = (((i + by) % members.length) + members.length) % members.length;
        const to = members[at]!;
        return `    ${constantText(width, a, b)}: ${own} = ${constantText(width, to.a, to.b)};`;
      }),
      `    default: ${own} = ${unknownText(expr.type, width)};`,
      '  endcase',
      'endfunction',
    ]);
    return `${helper}(${exprText(object, low)})`;
  }
  low.at = expr.at;
  return refused(`The method "${method}" has no meaning for synthesis.`, low);
}
