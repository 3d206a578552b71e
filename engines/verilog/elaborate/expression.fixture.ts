/**
 * An independent reference for the rules of widths and signs: random expressions, printed as Verilog and worked out
 * bit by bit from the text of the standard (1364-2005 5.1, 5.4, 5.5), without anything of the lowering.
 */
import fc from 'fast-check';

export type Tree =
  /** Bits with the leftmost first. */
  | { kind: 'literal'; signed: boolean; bits: string }
  | { kind: 'unary'; op: string; operand: Tree }
  | { kind: 'binary'; op: string; left: Tree; right: Tree }
  | { kind: 'conditional'; condition: Tree; then: Tree; else: Tree }
  | { kind: 'concat'; parts: Tree[] }
  | { kind: 'replicate'; count: number; part: Tree }
  | { kind: 'sign'; signed: boolean; operand: Tree };

export interface Value {
  signed: boolean;
  bits: string;
}

const reductions = ['&', '~&', '|', '~|', '^', '~^'];
const arithmetic = ['+', '-', '*', '/', '%', '&', '|', '^', '~^'];
const comparisons = ['==', '!=', '===', '!==', '<', '<=', '>', '>='];
const shifts = ['<<', '>>', '<<<', '>>>'];

const literal = fc.record({
  kind: fc.constant('literal' as const),
  signed: fc.boolean(),
  bits: fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom('0', '1'), minLength: 1, maxLength: 12 }) },
    { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom('0', '1'), minLength: 30, maxLength: 70 }) },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom('0', '1', 'x', 'z'), minLength: 1, maxLength: 10 }) },
  ),
});

export const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: literal },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('unary' as const),
        op: fc.constantFrom('+', '-', '~', '!', ...reductions),
        operand: tie('tree'),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('binary' as const),
        op: fc.constantFrom(...arithmetic, ...comparisons, ...shifts, '&&', '||', '**'),
        left: tie('tree'),
        right: tie('tree'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('conditional' as const),
        condition: tie('tree'),
        // biome-ignore lint/suspicious/noThenProperty: as the language calls it
        then: tie('tree'),
        else: tie('tree'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('concat' as const),
        parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('replicate' as const),
        count: fc.integer({ min: 1, max: 3 }),
        part: tie('tree'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('sign' as const), signed: fc.boolean(), operand: tie('tree') }),
    },
  ),
}));

/** As Verilog, every operand in parentheses. `leaf` may write something else for a literal: a variable. */
export function print(tree: Tree, leaf = literalText): string {
  const go = (inner: Tree) => print(inner, leaf);
  switch (tree.kind) {
    case 'literal':
      return leaf(tree);
    case 'unary':
      return `(${tree.op}(${go(tree.operand)}))`;
    case 'binary':
      return `((${go(tree.left)}) ${tree.op} (${go(tree.right)}))`;
    case 'conditional':
      return `((${go(tree.condition)}) ? (${go(tree.then)}) : (${go(tree.else)}))`;
    case 'concat':
      return `{${tree.parts.map(go).join(', ')}}`;
    case 'replicate':
      return `{${tree.count}{${go(tree.part)}}}`;
    case 'sign':
      return `${tree.signed ? '$signed' : '$unsigned'}(${go(tree.operand)})`;
  }
}

export function literalText(tree: Tree & { kind: 'literal' }): string {
  return `${tree.bits.length}'${tree.signed ? 's' : ''}b${tree.bits}`;
}

interface Shape {
  width: number;
  signed: boolean;
}

/** Table 5-22: self-determined. */
export function shapeOf(tree: Tree): Shape {
  switch (tree.kind) {
    case 'literal':
      return { width: tree.bits.length, signed: tree.signed };
    case 'unary':
      return ['+', '-', '~'].includes(tree.op) ? shapeOf(tree.operand) : { width: 1, signed: false };
    case 'binary': {
      if (comparisons.includes(tree.op) || tree.op === '&&' || tree.op === '||') return { width: 1, signed: false };
      const left = shapeOf(tree.left);
      if (shifts.includes(tree.op) || tree.op === '**') return left;
      return common(left, shapeOf(tree.right));
    }
    case 'conditional':
      return common(shapeOf(tree.then), shapeOf(tree.else));
    case 'concat':
      return { width: tree.parts.reduce((sum, part) => sum + shapeOf(part).width, 0), signed: false };
    case 'replicate':
      return { width: tree.count * shapeOf(tree.part).width, signed: false };
    case 'sign':
      return { width: shapeOf(tree.operand).width, signed: tree.signed };
  }
}

function common(left: Shape, right: Shape): Shape {
  return { width: Math.max(left.width, right.width), signed: left.signed && right.signed };
}

/** The value of a tree by itself. */
export function treeValue(tree: Tree): Value {
  const shape = shapeOf(tree);
  return { signed: shape.signed, bits: inContext(tree, shape) };
}

function extend(bits: string, from: Shape, to: Shape): string {
  // 5.5.2: the sign of the whole expression decides how an operand is extended.
  const fill = to.signed && from.signed ? bits[0]! : '0';
  return bits.padStart(to.width, fill);
}

const unknown = (width: number) => 'x'.repeat(width);
const hasUnknown = (bits: string) => /[xz]/.test(bits);
const number = (bits: string, signed: boolean) => {
  const value = BigInt(`0b${bits}`);
  return signed && bits[0] === '1' ? value - (1n << BigInt(bits.length)) : value;
};
const toBits = (value: bigint, width: number) => BigInt.asUintN(width, value).toString(2).padStart(width, '0');

function inContext(tree: Tree, to: Shape): string {
  const own = shapeOf(tree);
  const done = (bits: string) => extend(bits, own, to);
  switch (tree.kind) {
    case 'literal':
      return done(tree.bits);
    case 'unary':
      return unaryValue(tree, to, done);
    case 'binary':
      return binaryValue(tree, to, done);
    case 'conditional': {
      const then = inContext(tree.then, to);
      const otherwise = inContext(tree.else, to);
      const truth = truthOf(treeValue(tree.condition).bits);
      if (truth === '1') return then;
      if (truth === '0') return otherwise;
      // Table 5-21.
      return [...then].map((bit, i) => (bit === otherwise[i] && (bit === '0' || bit === '1') ? bit : 'x')).join('');
    }
    case 'concat':
      return done(tree.parts.map((part) => treeValue(part).bits).join(''));
    case 'replicate':
      return done(treeValue(tree.part).bits.repeat(tree.count));
    case 'sign':
      return done(treeValue(tree.operand).bits);
  }
}

function truthOf(bits: string): '0' | '1' | 'x' {
  if (bits.includes('1')) return '1';
  return hasUnknown(bits) ? 'x' : '0';
}

function invert(bit: string): string {
  return bit === '0' ? '1' : bit === '1' ? '0' : 'x';
}

function andBits(l: string, r: string): string {
  if (l === '0' || r === '0') return '0';
  return l === '1' && r === '1' ? '1' : 'x';
}

function orBits(l: string, r: string): string {
  return invert(andBits(invert(l), invert(r)));
}

function xorBits(l: string, r: string): string {
  return hasUnknown(l + r) ? 'x' : l === r ? '0' : '1';
}

function unaryValue(tree: Tree & { kind: 'unary' }, to: Shape, done: (bits: string) => string): string {
  const { op, operand } = tree;
  switch (op) {
    case '+':
      return inContext(operand, to);
    case '-': {
      const bits = inContext(operand, to);
      return hasUnknown(bits) ? unknown(to.width) : toBits(-number(bits, false), to.width);
    }
    case '~':
      return [...inContext(operand, to)].map(invert).join('');
  }
  const { bits } = treeValue(operand);
  if (op === '!') return done(invert(truthOf(bits)));
  const fold = { '&': andBits, '|': orBits, '^': xorBits }[op.at(-1)!]!;
  const reduced = [...bits].reduce(fold);
  return done(op[0] === '~' ? invert(reduced) : hasUnknown(reduced) ? 'x' : reduced);
}

function binaryValue(tree: Tree & { kind: 'binary' }, to: Shape, done: (bits: string) => string): string {
  const { op, left, right } = tree;
  if (op === '&&' || op === '||') {
    const l = truthOf(treeValue(left).bits);
    const r = truthOf(treeValue(right).bits);
    return done(op === '&&' ? andBits(l, r) : orBits(l, r));
  }
  if (comparisons.includes(op)) {
    const shape = common(shapeOf(left), shapeOf(right));
    return done(compare(op, inContext(left, shape), inContext(right, shape), shape.signed));
  }
  if (shifts.includes(op)) return shifted(op, inContext(left, to), treeValue(right).bits, to);
  if (op === '**') return power(inContext(left, to), treeValue(right), to);
  const l = inContext(left, to);
  const r = inContext(right, to);
  switch (op) {
    case '&':
      return [...l].map((bit, i) => andBits(bit, r[i]!)).join('');
    case '|':
      return [...l].map((bit, i) => orBits(bit, r[i]!)).join('');
    case '^':
      return [...l].map((bit, i) => xorBits(bit, r[i]!)).join('');
    case '~^':
      return [...l].map((bit, i) => invert(xorBits(bit, r[i]!))).join('');
  }
  if (hasUnknown(l + r)) return unknown(to.width);
  const x = number(l, to.signed);
  const y = number(r, to.signed);
  switch (op) {
    case '+':
      return toBits(x + y, to.width);
    case '-':
      return toBits(x - y, to.width);
    case '*':
      return toBits(x * y, to.width);
  }
  if (y === 0n) return unknown(to.width);
  return toBits(op === '/' ? x / y : x % y, to.width);
}

function compare(op: string, l: string, r: string, signed: boolean): string {
  if (op === '===') return l === r ? '1' : '0';
  if (op === '!==') return l !== r ? '1' : '0';
  if (op === '==' || op === '!=') {
    const differs = [...l].some((bit, i) => xorBits(bit, r[i]!) === '1');
    const equal = differs ? '0' : hasUnknown(l + r) ? 'x' : '1';
    return op === '==' ? equal : invert(equal);
  }
  if (hasUnknown(l + r)) return 'x';
  const x = number(l, signed);
  const y = number(r, signed);
  const holds = op === '<' ? x < y : op === '<=' ? x <= y : op === '>' ? x > y : x >= y;
  return holds ? '1' : '0';
}

function shifted(op: string, bits: string, amount: string, to: Shape): string {
  if (hasUnknown(amount)) return unknown(to.width);
  const by = number(amount, false);
  const count = by > BigInt(to.width) ? to.width : Number(by);
  if (op === '<<' || op === '<<<') return bits.slice(count) + '0'.repeat(count);
  const fill = op === '>>>' && to.signed ? bits[0]! : '0';
  return (fill.repeat(count) + bits).slice(0, to.width);
}

/** Table 5-6. */
function power(bits: string, exponent: Value, to: Shape): string {
  if (hasUnknown(bits + exponent.bits)) return unknown(to.width);
  const base = number(bits, to.signed);
  const times = number(exponent.bits, exponent.signed);
  if (times < 0n) {
    if (base === 0n) return unknown(to.width);
    if (base === 1n) return toBits(1n, to.width);
    if (base === -1n) return toBits(times % 2n === 0n ? 1n : -1n, to.width);
    return toBits(0n, to.width);
  }
  let result = 1n;
  let factor = base;
  const modulus = 1n << BigInt(to.width);
  for (let left = times; left > 0n; left /= 2n) {
    if (left % 2n === 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return toBits(result, to.width);
}
