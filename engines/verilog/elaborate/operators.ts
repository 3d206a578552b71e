/** Operators: how wide and of what sign their operands and results are (IEEE 1364-2005 5.1, 5.4 and 5.5; 1800-2012 11.3 to 11.8). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import {
  binary,
  bitType,
  conditional,
  constant,
  convert,
  fitted,
  resize,
  type Shape,
  unary,
  vector,
  vectorTypeOf,
} from './build.ts';
import {
  articleType,
  capitalType,
  type Env,
  fail,
  type IntegralOperand,
  isIntegral,
  notSupported,
  type Operand,
  plain,
} from './lowering.ts';
import type { DataType } from './symbols.ts';

const real: DataType = { kind: 'real', short: false };
const irReal: ir.RealType = { kind: 'real' };

function wrongOperand(op: string, operand: Operand, env: Env): never {
  return fail(
    env,
    'operand-type',
    `The operand of '${op}' may not be ${articleType(operand.type)}.`,
    operand.node,
    operand.type.kind === 'real' ? 'Convert it with $rtoi.' : undefined,
  );
}

/** A number of whatever kind, as a real. */
export function asReal(operand: Operand, env: Env): ir.Expr {
  if (operand.type.kind === 'real') return operand.build();
  if (isIntegral(operand)) return convert(operand.build(), irReal);
  return wrongOperand('a real operation', operand, env);
}

/** What is only asked whether it is true. */
export function asTruth(operand: Operand, env: Env): ir.Expr {
  if (isIntegral(operand) || operand.type.kind === 'real') return operand.build();
  return fail(
    env,
    'condition-type',
    `${capitalType(operand.type)} is neither true nor false.`,
    operand.node,
    'Compare it with something.',
  );
}

function fourStateOf(...operands: Operand[]): boolean {
  return operands.some((operand) => operand.type.kind === 'integral' && operand.type.fourState);
}

/** A result of one bit. */
function truthValue(node: ast.Expr, make: () => ir.Expr): Operand {
  return {
    node,
    type: plain(1, false),
    build(to) {
      const made = make();
      return to ? fitted(made, to) : made;
    },
  };
}

const reductions: Partial<Record<ast.UnaryExpr['op'], ir.UnaryOp>> = {
  '&': 'and',
  '~&': 'nand',
  '|': 'or',
  '~|': 'nor',
  '^': 'xor',
  '~^': 'xnor',
  '^~': 'xnor',
};

export function unaryOperator(node: ast.UnaryExpr, operand: Operand, env: Env): Operand {
  const { op } = node;
  const { type } = operand;
  if (op === '!') {
    const truth = asTruth(operand, env);
    return truthValue(node, () => unary('lnot', truth, bitType));
  }
  const reduction = reductions[op];
  if (reduction) {
    if (!isIntegral(operand)) return wrongOperand(op, operand, env);
    return truthValue(node, () => unary(reduction, operand.build(), bitType));
  }
  if (type.kind === 'real' && op !== '~') {
    return { node, type: real, build: () => (op === '-' ? unary('neg', operand.build(), irReal) : operand.build()) };
  }
  if (!isIntegral(operand)) return wrongOperand(op, operand, env);
  const result = plain(operand.type.width, operand.type.signed, operand.type.fourState);
  return {
    node,
    type: result,
    unsized: operand.unsized,
    build(to) {
      const made = operand.build(to ?? result);
      if (op === '+') return made;
      return unary(op === '-' ? 'neg' : 'not', made, made.type);
    },
  };
}

const arithmeticOps: Partial<Record<ast.BinaryOp, ir.BinaryOp>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '~^': 'xnor',
  '^~': 'xnor',
};
const realOps = new Set<ast.BinaryOp>(['+', '-', '*', '/', '%', '**']);
const comparisons: Partial<Record<ast.BinaryOp, ir.BinaryOp>> = {
  '==': 'eq',
  '!=': 'ne',
  '===': 'ceq',
  '!==': 'cne',
  '==?': 'weq',
  '!=?': 'wne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};
const shifts = new Set<ast.BinaryOp>(['<<', '>>', '<<<', '>>>']);
const logicals: Partial<Record<ast.BinaryOp, ir.BinaryOp>> = {
  '&&': 'land',
  '||': 'lor',
  '->': 'implies',
  '<->': 'equiv',
};

export function binaryOperator(node: ast.Expr, op: ast.BinaryOp, left: Operand, right: Operand, env: Env): Operand {
  const logical = logicals[op];
  if (logical) {
    const l = asTruth(left, env);
    const r = asTruth(right, env);
    return truthValue(node, () => binary(logical, l, r, bitType));
  }
  const comparison = comparisons[op];
  if (comparison) return compared(node, op, comparison, left, right, env);
  if (left.type.kind === 'real' || right.type.kind === 'real') {
    if (!realOps.has(op)) return wrongOperand(op, left.type.kind === 'real' ? left : right, env);
    const operator = op === '**' ? 'pow' : arithmeticOps[op]!;
    const l = asReal(left, env);
    const r = asReal(right, env);
    return { node, type: real, build: () => binary(operator, l, r, irReal) };
  }
  if (!isIntegral(left)) return wrongOperand(op, left, env);
  if (!isIntegral(right)) return wrongOperand(op, right, env);
  if (shifts.has(op)) return shift(node, op, left, right);
  if (op === '**') return power(node, left, right);
  const operator = arithmeticOps[op]!;
  const fourState = fourStateOf(left, right) || op === '/' || op === '%';
  const type = plain(Math.max(left.type.width, right.type.width), left.type.signed && right.type.signed, fourState);
  return {
    node,
    type,
    unsized: left.unsized || right.unsized,
    build(to) {
      const shape: Shape = to ?? type;
      return binary(operator, left.build(shape), right.build(shape), vector(shape.width, shape.signed, fourState));
    },
  };
}

function shift(node: ast.Expr, op: ast.BinaryOp, left: IntegralOperand, right: IntegralOperand): Operand {
  const fourState = fourStateOf(left, right);
  const type = plain(left.type.width, left.type.signed, fourState);
  return {
    node,
    type,
    unsized: left.unsized,
    build(to) {
      const shape: Shape = to ?? type;
      const operator = op === '<<' || op === '<<<' ? 'shl' : op === '>>>' && shape.signed ? 'sshr' : 'shr';
      const amount = right.build();
      const unsigned = fitted(amount, { width: vectorTypeOf(amount).width, signed: false });
      return binary(operator, left.build(shape), unsigned, vector(shape.width, shape.signed, fourState));
    },
  };
}

function power(node: ast.Expr, left: IntegralOperand, right: IntegralOperand): Operand {
  const type = plain(left.type.width, left.type.signed);
  return {
    node,
    type,
    unsized: left.unsized,
    build(to) {
      const shape: Shape = to ?? type;
      return binary('pow', left.build(shape), right.build(), vector(shape.width, shape.signed));
    },
  };
}

/** Operands of one kind that are compared or chosen from: both of the wider width, signed when all are, or all real, or all strings. */
export interface Matched {
  type: DataType;
  values: ir.Expr[];
}

export function matched(operands: readonly Operand[], env: Env): Matched {
  if (operands.some((operand) => operand.type.kind === 'string')) {
    return { type: { kind: 'string' }, values: operands.map((operand) => asString(operand, env)) };
  }
  if (operands.some((operand) => operand.type.kind === 'real')) {
    return { type: real, values: operands.map((operand) => asReal(operand, env)) };
  }
  const vectors = operands.map((operand) => {
    if (isIntegral(operand)) return operand;
    return fail(
      env,
      'operand-type',
      `${capitalType(operand.type)} cannot be compared.`,
      operand.node,
      'Compare its elements.',
    );
  });
  const width = Math.max(...vectors.map((operand) => operand.type.width));
  const signed = vectors.every((operand) => operand.type.signed);
  const type = plain(width, signed, fourStateOf(...vectors));
  return { type, values: vectors.map((operand) => operand.build({ width, signed })) };
}

export function asString(operand: Operand, env: Env): ir.Expr {
  if (operand.text !== undefined) return constant({ kind: 'string', value: operand.text.replaceAll('\0', '') });
  if (operand.type.kind === 'string') return operand.build();
  if (isIntegral(operand)) return convert(operand.build(), { kind: 'string' });
  return wrongOperand('a string operation', operand, env);
}

function compared(
  node: ast.Expr,
  op: ast.BinaryOp,
  operator: ir.BinaryOp,
  left: Operand,
  right: Operand,
  env: Env,
): Operand {
  if (left.type.kind === 'array' || left.type.kind === 'list' || left.type.kind === 'map') {
    return notSupported(env, 'Comparing whole arrays', node, 'Compare their elements.');
  }
  const { type, values } = matched([left, right], env);
  const known = operator === 'ceq' || operator === 'cne' || operator === 'weq' || operator === 'wne';
  if (type.kind === 'real' && known) {
    const which = left.type.kind === 'real' ? left : right;
    return wrongOperand(op, which, env);
  }
  const simple: ir.BinaryOp =
    type.kind === 'string' && known ? (operator === 'ceq' || operator === 'weq' ? 'eq' : 'ne') : operator;
  return truthValue(node, () => binary(simple, values[0]!, values[1]!, bitType));
}

export function conditionalOperator(
  node: ast.Expr,
  condition: Operand,
  then: Operand,
  otherwise: Operand,
  env: Env,
): Operand {
  const truth = asTruth(condition, env);
  if (isIntegral(then) && isIntegral(otherwise)) {
    const same = then.type.enum && then.type.enum.id === otherwise.type.enum?.id;
    const struct = then.type.struct !== undefined && then.type.struct === otherwise.type.struct;
    const width = Math.max(then.type.width, otherwise.type.width);
    const type =
      same || struct
        ? then.type
        : plain(width, then.type.signed && otherwise.type.signed, fourStateOf(condition, then, otherwise));
    return {
      node,
      type,
      text: undefined,
      unsized: then.unsized || otherwise.unsized,
      build(to) {
        const shape: Shape = to ?? type;
        const yes = then.build(shape);
        const no = otherwise.build(shape);
        const fourState = type.fourState || vectorTypeOf(yes).fourState || vectorTypeOf(no).fourState;
        return conditional(truth, yes, no, vector(shape.width, shape.signed, fourState));
      },
    };
  }
  if (then.type.kind === otherwise.type.kind && (then.type.kind === 'list' || then.type.kind === 'array')) {
    const yes = then.build();
    const no = otherwise.build();
    return { node, type: then.type, build: () => conditional(truth, yes, no, yes.type) };
  }
  const { type, values } = matched([then, otherwise], env);
  const [yes, no] = values as [ir.Expr, ir.Expr];
  return { node, type, build: () => conditional(truth, yes, no, yes.type) };
}

/** `e inside { ... }`: x where an equality is, unless another item matches (1800-2012 11.4.13). */
export function insideOperator(
  node: ast.InsideExpr,
  subject: Operand,
  items: (Operand | [Operand | undefined, Operand | undefined])[],
  env: Env,
): Operand {
  const all = [subject, ...items.flat().filter((item) => item !== undefined)];
  const { type, values } = matched(all, env);
  let next = 1;
  const value = values[0]!;
  const equality: ir.BinaryOp = type.kind === 'integral' ? 'weq' : 'eq';
  let result: ir.Expr | undefined;
  for (const item of items) {
    let test: ir.Expr;
    if (Array.isArray(item)) {
      const low = item[0] && binary('ge', value, values[next++]!, bitType);
      const high = item[1] && binary('le', value, values[next++]!, bitType);
      test =
        low && high
          ? binary('land', low, high, bitType)
          : (low ?? high ?? fail(env, 'range', 'A range from $ to $ holds everything.', node));
    } else test = binary(equality, value, values[next++]!, bitType);
    result = result ? binary('lor', result, test, bitType) : test;
  }
  const made = result ?? fail(env, 'inside', "'inside' needs at least one value.", node);
  return truthValue(node, () => made);
}

/** To another width, keeping the sign: `8'(e)`. The operand stands for itself. */
export function sizeCast(node: ast.Expr, operand: Operand, width: number, env: Env): Operand {
  if (operand.type.kind === 'real') {
    const type = plain(width, true);
    return castValue(node, type, () => convert(operand.build(), vector(width, true)));
  }
  if (operand.type.kind === 'string') {
    return castValue(node, plain(width, false), () => convert(operand.build(), vector(width, false)));
  }
  if (!isIntegral(operand)) return wrongOperand('a size cast', operand, env);
  const type = plain(width, operand.type.signed, operand.type.fourState);
  return castValue(node, type, () =>
    resize(
      operand.build({ width: Math.max(width, operand.type.width), signed: operand.type.signed }),
      vector(width, type.signed, type.fourState),
    ),
  );
}

export function signCast(node: ast.Expr, operand: Operand, signed: boolean, env: Env): Operand {
  if (!isIntegral(operand)) return wrongOperand(signed ? '$signed' : '$unsigned', operand, env);
  const { width, fourState } = operand.type;
  return castValue(node, plain(width, signed, fourState), () => fitted(operand.build(), { width, signed }));
}

export function castValue(node: ast.Expr, type: DataType, make: () => ir.Expr): Operand {
  return {
    node,
    type,
    build(to) {
      const made = make();
      return to ? fitted(made, to) : made;
    },
  };
}
