/** Works out IR expressions while a design is elaborated: constant expressions and constant functions (1364-2005 section 10.4.5). */
import { math } from '../../core/index.ts';
import type * as ir from '../ir/types.ts';
import { isLValue } from '../ir/walk.ts';
import {
  applyBinary,
  applyUnary,
  converted,
  integerOf,
  maskOf,
  selected,
  toReal,
  truthOf,
  unknownOf,
  type VectorConstant,
  vectorOf,
} from './constant-ops.ts';
import { readySubprogram } from './subprogram.ts';
import type { Context } from './symbols.ts';

/** Thrown with the reason why something is not constant. */
export class NotConstant extends Error {}

/** A constant, or the elements of an array. */
type Value = ir.Constant | Value[];

type Frame = Map<ir.SignalId, Value>;

type Flow = 'next' | 'break' | 'continue' | 'return' | { disable: ir.ScopeId };

const MAX_STEPS = 4_000_000;
const MAX_DEPTH = 500;

const reals: Record<string, (x: number) => number> = {
  $sqrt: Math.sqrt,
  $floor: Math.floor,
  $ceil: Math.ceil,
  $ln: math.log,
  $log10: math.log10,
  $exp: math.exp,
  $sin: math.sin,
  $cos: math.cos,
  $tan: (x) => math.sin(x) / math.cos(x),
  $tanh: math.tanh,
  $abs: Math.abs,
};

/** The least n with 2^n >= value (1364-2005 17.11.1). */
export function clog2(value: bigint): number {
  return value <= 1n ? 0 : (value - 1n).toString(2).length;
}

export function defaultOf(type: ir.IrType): ir.Constant | Value[] {
  switch (type.kind) {
    case 'vector':
      return type.fourState ? unknownOf(type) : vectorOf(type, 0n);
    case 'real':
      return { kind: 'real', value: 0 };
    case 'string':
      return { kind: 'string', value: '' };
    case 'array':
      if (type.count > 1 << 20) throw new NotConstant('its array is too large.');
      return Array.from({ length: type.count }, () => defaultOf(type.element));
    default:
      throw new NotConstant(`it uses a ${type.kind}.`);
  }
}

export class Evaluation {
  private steps = 0;
  private readonly ctx: Context;
  private readonly calls: { subprogram: ir.Subprogram; frame: Frame }[] = [];

  constructor(ctx: Context) {
    this.ctx = ctx;
  }

  constant(expr: ir.Expr): ir.Constant {
    const value = this.value(expr);
    if (Array.isArray(value)) throw new NotConstant('it is a whole array.');
    return value;
  }

  private vector(expr: ir.Expr): VectorConstant {
    const value = this.constant(expr);
    if (value.kind !== 'vector') throw new NotConstant('it mixes kinds of values.');
    return value;
  }

  private value(expr: ir.Expr): Value {
    this.step();
    switch (expr.op) {
      case 'const':
        return expr.value;
      case 'signal':
        return this.read(expr.signal);
      case 'element': {
        const at = this.linear(expr.indices);
        const array = this.read(expr.signal);
        const element = at === undefined ? undefined : (array as Value[])[at];
        return element ?? defaultOf(expr.type);
      }
      case 'select': {
        const type = expr.base.type as ir.VectorType;
        return selected(this.vector(expr.base), this.vector(expr.offset), expr.width, type.fourState);
      }
      case 'concat':
        if (expr.type.kind === 'string') {
          return { kind: 'string', value: expr.parts.map((part) => this.text(part)).join('') };
        }
        return this.joined(
          expr.parts.map((part) => this.vector(part)),
          expr.type as ir.VectorType,
        );
      case 'replicate': {
        if (expr.type.kind === 'string') return { kind: 'string', value: this.text(expr.part).repeat(expr.count) };
        const part = this.vector(expr.part);
        return this.joined(
          Array.from({ length: expr.count }, () => part),
          expr.type as ir.VectorType,
        );
      }
      case 'unary':
        return this.applied(applyUnary(expr.operator, this.constant(expr.operand), expr.type));
      case 'binary': {
        const left = this.constant(expr.left);
        if (expr.operator === 'land' && truthOf(left) === false) return vectorOf({ width: 1, signed: false }, 0n);
        if (expr.operator === 'lor' && truthOf(left)) return vectorOf({ width: 1, signed: false }, 1n);
        return this.applied(applyBinary(expr.operator, left, this.constant(expr.right), expr.type));
      }
      case 'cond':
        return this.conditional(expr);
      case 'resize':
      case 'convert':
        return this.applied(converted(this.constant(expr.operand), expr.type));
      case 'call':
        return this.call(expr.subprogram, expr.args);
      case 'syscall':
        return this.systemCall(expr);
      case 'assign': {
        const before = expr.post ? this.fetch(expr.target) : undefined;
        const value = this.value(expr.value);
        this.store(expr.target, value);
        return before ?? value;
      }
      case 'items':
        return expr.items.map((item) => this.value(item));
      case 'item': {
        const text = this.text(expr.object);
        const at = this.vector(expr.index);
        const code = at.b === 0n ? text.charCodeAt(Number(integerOf(at))) : Number.NaN;
        return vectorOf({ width: 8, signed: false }, BigInt(Number.isNaN(code) ? 0 : code));
      }
      case 'method':
        if (expr.method === 'len' && !isLValue(expr.object)) {
          return vectorOf({ width: 32, signed: true }, BigInt(this.text(expr.object).length));
        }
        throw new NotConstant(`it calls the method ${expr.method}.`);
      default:
        throw new NotConstant('it depends on what happens in a simulation.');
    }
  }

  private text(expr: ir.Expr): string {
    const value = this.constant(expr);
    if (value.kind !== 'string') throw new NotConstant('it mixes kinds of values.');
    return value.value;
  }

  private applied(value: ir.Constant | undefined): ir.Constant {
    if (!value) throw new NotConstant('it applies an operator to a value that has none.');
    return value;
  }

  private joined(parts: VectorConstant[], type: ir.VectorType): VectorConstant {
    let a = 0n;
    let b = 0n;
    for (const part of parts) {
      a = (a << BigInt(part.width)) | part.a;
      b = (b << BigInt(part.width)) | part.b;
    }
    return vectorOf(type, a, b);
  }

  private conditional(expr: ir.ExprOf<'cond'>): Value {
    const truth = truthOf(this.constant(expr.condition));
    if (truth !== undefined) return this.value(truth ? expr.then : expr.else);
    return mergedValues(this.value(expr.then), this.value(expr.else), expr.type);
  }

  // ----------------------------------------------------------------------------------------------------- Storage

  private frameOf(signal: ir.SignalId): Frame {
    const current = this.calls.at(-1);
    const { signals, scopes } = this.ctx.design;
    const record = signals[signal]!;
    for (let at: ir.ScopeId | undefined = current && record.scope; at !== undefined; at = scopes[at]?.parent) {
      if (at === current!.subprogram.scope) return current!.frame;
    }
    throw new NotConstant(`it reads or writes "${record.name}", which is no constant.`);
  }

  private read(signal: ir.SignalId): Value {
    const frame = this.frameOf(signal);
    const known = frame.get(signal);
    if (known !== undefined) return known;
    const { init, type } = this.ctx.design.signals[signal]!;
    const value = init ? this.value(init) : defaultOf(type);
    frame.set(signal, value);
    return value;
  }

  /** The linear index of an element; undefined: there is none. */
  private linear(indices: readonly ir.Index[]): number | undefined {
    let linear = 0;
    for (const { value, size } of indices) {
      const index = this.vector(value);
      const at = index.b === 0n ? Number(integerOf(index)) : -1;
      if (at < 0 || at >= size) return undefined;
      linear = linear * size + at;
    }
    return linear;
  }

  private fetch(target: ir.LValue): Value {
    switch (target.kind) {
      case 'concat':
        return this.joined(
          target.parts.map((part) => this.fetch(part) as VectorConstant),
          target.type,
        );
      case 'signal': {
        let value = this.read(target.signal);
        if (target.indices) {
          const at = this.linear(target.indices);
          value = (at === undefined ? undefined : (value as Value[])[at]) ?? defaultOf(target.type);
        }
        if (!target.part) return value;
        return selected(value as VectorConstant, this.vector(target.part.offset), target.part.width, true);
      }
      default:
        throw new NotConstant('it uses a list.');
    }
  }

  private store(target: ir.LValue, value: Value): void {
    if (target.kind === 'concat') {
      let rest = value as VectorConstant;
      for (const part of target.parts.toReversed()) {
        const { width } = part.type as ir.VectorType;
        this.store(part, vectorOf({ width, signed: false }, rest.a, rest.b));
        rest = { ...rest, a: rest.a >> BigInt(width), b: rest.b >> BigInt(width) };
      }
      return;
    }
    if (target.kind !== 'signal') throw new NotConstant('it uses a list.');
    const frame = this.frameOf(target.signal);
    const whole = this.read(target.signal);
    if (!target.indices) {
      frame.set(target.signal, target.part ? this.patched(whole, target.part, value) : this.kept(value, target.type));
      return;
    }
    const at = this.linear(target.indices);
    if (at === undefined) return;
    const list = whole as Value[];
    list[at] = target.part ? this.patched(list[at]!, target.part, value) : this.kept(value, target.type);
  }

  /** With the sign and the states of what keeps it. */
  private kept(value: Value, type: ir.IrType): Value {
    if (Array.isArray(value)) return value.slice();
    return (
      (type.kind === 'vector' && value.kind === 'vector' && converted({ ...value, signed: type.signed }, type)) || value
    );
  }

  private patched(whole: Value, part: { offset: ir.Expr; width: number }, value: Value): Value {
    const base = whole as VectorConstant;
    const given = value as VectorConstant;
    const offset = this.vector(part.offset);
    if (offset.b !== 0n) return whole;
    const from = integerOf(offset);
    if (from >= BigInt(base.width) || from <= -BigInt(part.width)) return whole;
    const shift = (bits: bigint) => (from >= 0n ? bits << from : bits >> -from) & maskOf(base.width);
    const mask = shift(maskOf(part.width));
    return { ...base, a: (base.a & ~mask) | shift(given.a), b: (base.b & ~mask) | shift(given.b) };
  }

  // ------------------------------------------------------------------------------------------------------- Calls

  private call(id: ir.SubprogramId, args: readonly (ir.Expr | ir.LValue)[]): Value {
    const subprogram = readySubprogram(id, this.ctx);
    if (!subprogram || subprogram.kind === 'task') throw new NotConstant('it calls what is no constant function.');
    if (this.calls.length >= MAX_DEPTH)
      throw new NotConstant(`its function "${subprogram.name}" calls itself without end.`);
    const frame: Frame = new Map();
    subprogram.ports.forEach((port, i) => {
      const arg = args[i]!;
      if (port.direction === 'input' || port.direction === 'inout') {
        frame.set(port.signal, isLValue(arg) ? this.fetch(arg) : this.value(arg));
      }
    });
    this.calls.push({ subprogram, frame });
    let result: Value | undefined;
    let outputs: Value[];
    try {
      const flow = this.run(subprogram.body);
      if (typeof flow === 'object' && flow.disable !== subprogram.scope) {
        throw new NotConstant(`its function "${subprogram.name}" disables a block outside.`);
      }
      if (subprogram.result !== undefined) result = this.read(subprogram.result);
      outputs = subprogram.ports.map((port) => (port.direction === 'input' ? [] : this.read(port.signal)));
    } finally {
      this.calls.pop();
    }
    subprogram.ports.forEach((port, i) => {
      const arg = args[i]!;
      if (port.direction !== 'input' && isLValue(arg)) this.store(arg, outputs[i]!);
    });
    return result ?? vectorOf({ width: 1, signed: false }, 0n);
  }

  private systemCall(expr: ir.ExprOf<'syscall'>): ir.Constant {
    const args = expr.args.map((arg) => {
      if (arg.kind !== 'expr') throw new NotConstant(`it calls ${expr.name}.`);
      return this.constant(arg.expr);
    });
    const value = constantSystemCall(expr.name, args, expr.type);
    if (!value) throw new NotConstant(`it calls ${expr.name}.`);
    return value;
  }

  // -------------------------------------------------------------------------------------------------- Statements

  private step(): void {
    if (++this.steps > MAX_STEPS) throw new NotConstant('it takes too many steps; a loop may have no end.');
  }

  private isTrue(expr: ir.Expr): boolean {
    return truthOf(this.constant(expr)) === true;
  }

  private runAll(list: readonly ir.Stmt[]): Flow {
    for (const stmt of list) {
      const flow = this.run(stmt);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  private fresh(autos: readonly ir.SignalId[] | undefined): void {
    for (const id of autos ?? []) this.calls.at(-1)?.frame.delete(id);
  }

  /** One run of a loop's body: whether the loop goes on. */
  private turn(body: ir.Stmt | undefined): Flow {
    this.step();
    const flow = body ? this.run(body) : 'next';
    return flow === 'continue' ? 'next' : flow;
  }

  private run(stmt: ir.Stmt): Flow {
    this.step();
    switch (stmt.op) {
      case 'block': {
        this.fresh(stmt.autos);
        const flow = this.runAll(stmt.body);
        return typeof flow === 'object' && flow.disable === stmt.scope ? 'next' : flow;
      }
      case 'assign':
        if (stmt.timing) break;
        this.store(stmt.target, this.value(stmt.value));
        return 'next';
      case 'eval':
        this.value(stmt.expr);
        return 'next';
      case 'call':
        this.call(stmt.subprogram, stmt.args);
        return 'next';
      case 'systask':
        // 1364-2005 10.4.5: system tasks in constant functions are passed over.
        return 'next';
      case 'if': {
        const branch = this.isTrue(stmt.condition) ? stmt.then : stmt.else;
        return branch ? this.run(branch) : 'next';
      }
      case 'case':
        return this.runCase(stmt);
      case 'for': {
        this.fresh(stmt.autos);
        this.runAll(stmt.init);
        while (!stmt.condition || this.isTrue(stmt.condition)) {
          const flow = this.turn(stmt.body);
          if (flow === 'break') break;
          if (flow !== 'next') return flow;
          this.runAll(stmt.step);
        }
        return 'next';
      }
      case 'while':
        while (this.isTrue(stmt.condition)) {
          const flow = this.turn(stmt.body);
          if (flow === 'break') break;
          if (flow !== 'next') return flow;
        }
        return 'next';
      case 'do':
        do {
          const flow = this.turn(stmt.body);
          if (flow === 'break') break;
          if (flow !== 'next') return flow;
        } while (this.isTrue(stmt.condition));
        return 'next';
      case 'repeat': {
        const count = this.constant(stmt.count);
        let left = count.kind === 'vector' ? (count.b === 0n ? integerOf(count) : 0n) : 0n;
        for (; left > 0n; left--) {
          const flow = this.turn(stmt.body);
          if (flow === 'break') break;
          if (flow !== 'next') return flow;
        }
        return 'next';
      }
      case 'forever':
        for (;;) {
          const flow = this.turn(stmt.body);
          if (flow === 'break') return 'next';
          if (flow !== 'next') return flow;
        }
      case 'disable':
        return { disable: stmt.scope };
      case 'return':
      case 'break':
      case 'continue':
        return stmt.op;
      case 'assert':
        return 'next';
    }
    throw new NotConstant(
      `its function has a statement in line ${stmt.at.line} that takes time or has effects outside.`,
    );
  }

  private runCase(stmt: ir.StmtOf<'case'>): Flow {
    const subject = this.constant(stmt.subject);
    for (const item of stmt.items) {
      for (const label of item.labels) {
        let hit: boolean;
        if (label.kind === 'value') {
          const match = applyBinary(stmt.match, subject, this.constant(label.value), {
            kind: 'vector',
            width: 1,
            signed: false,
            fourState: true,
          });
          hit = match !== undefined && truthOf(match) === true;
        } else {
          const inside = (op: ir.BinaryOp, limit: ir.Expr) => {
            const match = applyBinary(op, subject, this.constant(limit), label.low.type);
            return match !== undefined && truthOf(match) === true;
          };
          hit = inside('ge', label.low) && inside('le', label.high);
        }
        if (hit) return item.body ? this.run(item.body) : 'next';
      }
    }
    return stmt.default ? this.run(stmt.default) : 'next';
  }
}

/** Where the condition is unknown: bits that agree, x elsewhere (1364-2005 5.1.13). */
function mergedValues(then: Value, otherwise: Value, type: ir.IrType): Value {
  if (Array.isArray(then) || Array.isArray(otherwise)) throw new NotConstant('its condition is unknown.');
  if (then.kind === 'vector' && otherwise.kind === 'vector') {
    const differ = (then.a ^ otherwise.a) | (then.b ^ otherwise.b) | then.b | otherwise.b;
    return vectorOf(then, then.a | differ, differ);
  }
  return defaultOf(type);
}

/** System functions that have a value without a simulation. */
export function constantSystemCall(
  name: string,
  args: readonly ir.Constant[],
  type: ir.IrType,
): ir.Constant | undefined {
  const first = args[0];
  if (!first) return undefined;
  const real = reals[name];
  if (real && args.length === 1) return { kind: 'real', value: real(toReal(first)) };
  const whole = (value: number | bigint): ir.Constant | undefined =>
    type.kind === 'vector' ? vectorOf(type, BigInt(value)) : undefined;
  switch (name) {
    case '$pow':
      return args[1] && { kind: 'real', value: math.pow(toReal(first), toReal(args[1])) };
    case '$hypot': {
      const x = toReal(first);
      const y = args[1] ? toReal(args[1]) : 0;
      return { kind: 'real', value: Math.sqrt(x * x + y * y) };
    }
    case '$itor':
      return first.kind === 'vector' ? { kind: 'real', value: toReal(first) } : undefined;
    case '$rtoi':
      return first.kind === 'real' && Number.isFinite(first.value) ? whole(BigInt(Math.trunc(first.value))) : undefined;
    case '$realtobits':
      return whole(new BigUint64Array(new Float64Array([toReal(first)]).buffer)[0]!);
    case '$bitstoreal':
      return first.kind === 'vector'
        ? { kind: 'real', value: new Float64Array(new BigUint64Array([first.a & ~first.b]).buffer)[0]! }
        : undefined;
  }
  if (first.kind !== 'vector') return undefined;
  const ones = first.a & ~first.b;
  const count = () => [...ones.toString(2)].filter((digit) => digit === '1').length;
  switch (name) {
    case '$clog2':
      return first.b !== 0n ? (type.kind === 'vector' ? unknownOf(type) : undefined) : whole(clog2(first.a));
    case '$countones':
      return whole(count());
    case '$onehot':
      return whole(count() === 1 ? 1 : 0);
    case '$onehot0':
      return whole(count() <= 1 ? 1 : 0);
    case '$isunknown':
      return whole(first.b !== 0n ? 1 : 0);
    default:
      return undefined;
  }
}
