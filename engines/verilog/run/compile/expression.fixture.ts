/** Random expressions of the IR, and what they are worth by the value library. */
import fc from 'fast-check';
import type { BinaryOp, Expr, UnaryOp, VectorType } from '../../ir/types.ts';
import type { Vec } from '../machine.ts';
import { binary, concat, merge, replicate, resize, select, truth, twoState, unary } from '../value/ops.ts';
import { fromBigInt, fromConstant, toInteger } from '../value/vector.ts';

export interface Variable {
  width: number;
  signed: boolean;
  fourState: boolean;
  a: bigint;
  b: bigint;
}

export const vector = (width: number, signed = false, fourState = true): VectorType => ({
  kind: 'vector',
  width,
  signed,
  fourState,
});

const bits = (width: number): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n }),
    fc.constantFrom(0n, (1n << BigInt(width)) - 1n, 1n << BigInt(width - 1)),
    fc.integer({ min: 0, max: 70 }).map((it) => BigInt.asUintN(width, BigInt(it))),
  );
const planeB = (width: number): fc.Arbitrary<bigint> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(0n) }, bits(width));
const widths = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.constantFrom(1, 1, 4, 8, 16, 31, 32, 33, 64, 65),
  fc.integer({ min: 1, max: 32 }),
);

export const variables: fc.Arbitrary<Variable[]> = fc.array(
  fc.tuple(widths, fc.boolean(), fc.boolean()).chain(([width, signed, two]) =>
    fc.record({
      width: fc.constant(width),
      signed: fc.constant(signed),
      fourState: fc.constant(!two),
      a: bits(width),
      b: two ? fc.constant(0n) : planeB(width),
    }),
  ),
  { minLength: 1, maxLength: 4 },
);

const unaries: UnaryOp[] = ['neg', 'not', 'lnot', 'and', 'nand', 'or', 'nor', 'xor', 'xnor'];
const parallel: BinaryOp[] = ['add', 'sub', 'mul', 'div', 'mod', 'and', 'or', 'xor', 'xnor'];
const comparisons: BinaryOp[] = [
  'eq',
  'ne',
  'ceq',
  'cne',
  'weq',
  'wne',
  'casez-eq',
  'casex-eq',
  'lt',
  'le',
  'gt',
  'ge',
];
const logical: BinaryOp[] = ['land', 'lor', 'implies', 'equiv'];

/** Of exactly this type. */
export function expressions(known: readonly Variable[], type: VectorType, depth: number): fc.Arbitrary<Expr> {
  const leaf = fc.oneof(
    { weight: 4, arbitrary: fc.nat({ max: known.length - 1 }).map((signal) => fitted(known, signal, type)) },
    {
      weight: 1,
      arbitrary: fc.tuple(bits(type.width), planeB(type.width)).map(
        ([a, b]): Expr => ({
          op: 'const',
          type,
          value: { kind: 'vector', width: type.width, signed: type.signed, a, b },
        }),
      ),
    },
  );
  if (depth === 0) return leaf;
  const sub = (of: VectorType) => expressions(known, of, depth - 1);
  const any = fc.tuple(widths, fc.boolean()).map(([width, signed]) => vector(width, signed));
  const ones: fc.Arbitrary<Expr> = fc.oneof(
    fc
      .tuple(fc.constantFrom(...comparisons), any)
      .chain(([operator, of]) =>
        fc
          .tuple(sub(of), sub(of))
          .map(([left, right]): Expr => ({ op: 'binary', operator, left, right, type: vector(1) })),
      ),
    fc
      .tuple(fc.constantFrom(...logical), any, any)
      .chain(([operator, p, q]) =>
        fc
          .tuple(sub(p), sub(q))
          .map(([left, right]): Expr => ({ op: 'binary', operator, left, right, type: vector(1) })),
      ),
    fc
      .tuple(fc.constantFrom(...unaries.slice(2)), any)
      .chain(([operator, of]) => sub(of).map((operand): Expr => ({ op: 'unary', operator, operand, type: vector(1) }))),
  );
  const options: fc.Arbitrary<Expr>[] = [
    leaf,
    fc
      .tuple(fc.constantFrom(...parallel), sub(type), sub(type))
      .map(([operator, left, right]): Expr => ({ op: 'binary', operator, left, right, type })),
    fc
      .tuple(fc.constantFrom('neg' as const, 'not' as const), sub(type))
      .map(([operator, operand]): Expr => ({ op: 'unary', operator, operand, type })),
    fc
      .tuple(
        fc.constantFrom('shl' as const, 'shr' as const, 'sshr' as const),
        sub(type),
        fc.constantFrom(1, 3, 5, 6, 7, 32, 40).chain((w) => sub(vector(w))),
      )
      .map(([operator, left, right]): Expr => ({ op: 'binary', operator, left, right, type })),
    fc.tuple(any.chain(sub), sub(type), sub(type)).map(
      ([condition, yes, no]): Expr => ({
        op: 'cond',
        condition,
        // biome-ignore lint/suspicious/noThenProperty: the IR calls it so
        then: yes,
        else: no,
        type,
      }),
    ),
    any.chain(sub).map((operand): Expr => ({ op: 'resize', operand, type })),
    fc
      .tuple(
        any.chain(sub),
        fc.constantFrom(3, 6, 8, 32, 40).chain((w) => fc.boolean().chain((signed) => sub(vector(w, signed)))),
      )
      .map(
        ([base, offset]): Expr =>
          unsigned({ op: 'select', base, offset, width: type.width, type: vector(type.width) }, type),
      ),
    fc.tuple(any.chain(sub), fc.integer({ min: -5, max: 110 })).map(
      ([base, at]): Expr =>
        unsigned(
          {
            op: 'select',
            base,
            offset: {
              op: 'const',
              type: vector(32, true),
              value: { kind: 'vector', width: 32, signed: true, a: BigInt.asUintN(32, BigInt(at)), b: 0n },
            },
            width: type.width,
            type: vector(type.width),
          },
          type,
        ),
    ),
  ];
  if (type.width >= 2) {
    options.push(
      fc
        .integer({ min: 1, max: type.width - 1 })
        .chain((cut) => fc.tuple(sub(vector(type.width - cut)), sub(vector(cut))))
        .map((parts): Expr => unsigned({ op: 'concat', parts, type: vector(type.width) }, type)),
    );
    const factors = [1, 2, 3, 4, 5, 8].filter((it) => type.width % it === 0);
    options.push(
      fc
        .constantFrom(...factors)
        .chain((part) =>
          sub(vector(part)).map(
            (it): Expr =>
              unsigned({ op: 'replicate', count: type.width / part, part: it, type: vector(type.width) }, type),
          ),
        ),
    );
  }
  if (type.width === 1) options.push(ones, ones);
  else options.push(ones.map((operand): Expr => ({ op: 'resize', operand, type })));
  return fc.oneof(...options);
}

const unsigned = (e: Expr, type: VectorType): Expr =>
  type.signed || !type.fourState ? { op: 'resize', operand: e, type } : e;

function fitted(known: readonly Variable[], signal: number, type: VectorType): Expr {
  const it = known[signal]!;
  const own: Expr = { op: 'signal', signal, type: vector(it.width, it.signed, it.fourState) };
  return { op: 'resize', operand: own, type };
}

export function reference(e: Expr, values: readonly Vec[]): Vec {
  const at = (it: Expr) => reference(it, values);
  const type = e.type as VectorType;
  switch (e.op) {
    case 'const':
      return fromConstant(e.value) as Vec;
    case 'signal':
      return values[e.signal]!;
    case 'select': {
      const offset = toInteger(at(e.offset), (e.offset.type as VectorType).signed);
      return select(at(e.base), offset, e.width, (e.base.type as VectorType).fourState);
    }
    case 'concat':
      return concat(e.parts.map(at));
    case 'replicate':
      return replicate(e.count, at(e.part));
    case 'unary':
      return unary(e.operator, at(e.operand));
    case 'binary':
      return binary(
        e.operator,
        at(e.left),
        at(e.right),
        (e.left.type as VectorType).signed,
        (e.right.type as VectorType).signed,
      );
    case 'cond': {
      const t = truth(at(e.condition));
      if (t === undefined) return merge(at(e.then), at(e.else));
      return t ? at(e.then) : at(e.else);
    }
    case 'resize': {
      const v = resize(at(e.operand), type.width, (e.operand.type as VectorType).signed);
      return type.fourState ? v : twoState(v);
    }
    default:
      throw new Error(e.op);
  }
}

export const vecOf = (it: Variable): Vec => fromBigInt(it.width, it.a, it.b);
