/**
 * Bits that an assignment or a port certainly loses. Numbers without a size, parameters, integers and what functions answer count
 * with the bits that they need, or not at all: `i = i + 1` loses nothing that anyone means.
 */
import type { Problem } from '../../core/result.ts';
import type { Body, Elaboration } from '../elaborate/context.ts';
import { analyse } from '../elaborate/expression.ts';
import { lookup } from '../elaborate/lookup.ts';
import { attempt, sourceText } from '../elaborate/lowering.ts';
import type { DataType, Scope } from '../elaborate/symbols.ts';
import type * as ast from '../syntax/ast.ts';

export function widthProblems(ctx: Elaboration): Problem[] {
  const finder = new WidthFinder(ctx);
  // Instances with the same parameters have the same widths: one of them is enough.
  const seen = new Map<readonly ast.Item[], Set<string>>();
  for (const body of ctx.bodies) {
    const known = seen.get(body.items) ?? new Set();
    seen.set(body.items, known);
    const values = parametersOf(body.scope);
    if (known.has(values)) continue;
    known.add(values);
    finder.body(body);
  }
  return finder.problems;
}

/** The parameters and genvars that a scope sees, with their values. */
function parametersOf(scope: Scope): string {
  const values: string[] = [];
  for (let at: Scope | undefined = scope; at; at = at === at.unit ? undefined : at.parent) {
    for (const [name, symbol] of at.names) {
      if (symbol.kind === 'param') {
        const { value } = symbol;
        values.push(
          value.kind === 'vector' ? `${name}=${value.width},${value.a},${value.b}` : `${name}=${value.value}`,
        );
      } else if (symbol.kind === 'type' && symbol.type.kind === 'integral') values.push(`${name}:${symbol.type.width}`);
    }
  }
  return values.join(' ');
}

/** How many bits a value needs at most, as far as its text tells; undefined: nothing certain. */
type Bits = number | undefined;

const most = (x: Bits, y: Bits): Bits => (x === undefined || y === undefined ? undefined : Math.max(x, y));

class WidthFinder {
  readonly problems: Problem[] = [];
  private readonly said = new Set<string>();
  private readonly ctx: Elaboration;

  constructor(ctx: Elaboration) {
    this.ctx = ctx;
  }

  body(body: Body): void {
    for (const item of body.items) {
      switch (item.kind) {
        case 'assign':
          for (const { left, right } of item.assigns) this.assignment(left, right, body.scope);
          break;
        case 'net':
          for (const { name, dims, init } of item.names) {
            if (!init || dims.length > 0) continue;
            const left: ast.Expr = { kind: 'name', name: name.name, first: name.first, last: name.last };
            this.assignment(left, init, body.scope);
          }
          break;
        case 'process':
          this.statement(item.body, body.scope);
          break;
        case 'instance':
          for (const instance of item.instances) this.instance(instance, item.module, body);
          break;
        default:
      }
    }
  }

  // ------------------------------------------------------------------------------------------------- Statements

  private statement(stmt: ast.Stmt | undefined, scope: Scope): void {
    // Chains of else are long: no recursion for them.
    for (let at = stmt; at; ) {
      if (at.kind !== 'if') {
        this.other(at, scope);
        return;
      }
      const truth = this.truth(at.condition, scope);
      if (truth !== false) this.statement(at.then, scope);
      if (truth === true) return;
      at = at.else;
    }
  }

  private other(stmt: ast.Stmt, scope: Scope): void {
    switch (stmt.kind) {
      case 'block': {
        const own = this.ctx.blockScope(stmt, scope) ?? scope;
        for (const inner of stmt.body) this.statement(inner, own);
        break;
      }
      case 'blocking':
        if (stmt.op === '=') this.assignment(stmt.left, stmt.right, scope);
        break;
      case 'nonblocking':
        this.assignment(stmt.left, stmt.right, scope);
        break;
      case 'case':
        for (const item of stmt.items) this.statement(item.body, scope);
        break;
      case 'for':
      case 'foreach':
        this.statement(stmt.body, this.ctx.blockScope(stmt, scope) ?? scope);
        break;
      case 'while':
      case 'do':
      case 'repeat':
      case 'forever':
      case 'delay':
      case 'event':
      case 'wait':
        this.statement(stmt.body, scope);
        break;
      default:
    }
  }

  /** Of a condition on parameters alone. */
  private truth(condition: ast.Expr, scope: Scope): boolean | undefined {
    if (!this.isConstant(condition, scope)) return undefined;
    const value = attempt(() => analyse(condition, { scope, ctx: this.ctx, quiet: true }).build());
    if (value?.op !== 'const' || value.value.kind !== 'vector') return undefined;
    if ((value.value.a & ~value.value.b) !== 0n) return true;
    return value.value.b === 0n ? false : undefined;
  }

  private isConstant(expr: ast.Expr, scope: Scope): boolean {
    switch (expr.kind) {
      case 'number':
        return true;
      case 'name': {
        const kind = lookup(scope, expr.name)?.kind;
        return kind === 'param' || kind === 'enum-member';
      }
      case 'unary':
        return this.isConstant(expr.operand, scope);
      case 'binary':
        return this.isConstant(expr.left, scope) && this.isConstant(expr.right, scope);
      default:
        return false;
    }
  }

  // ------------------------------------------------------------------------------------------------ Assignments

  private assignment(left: ast.Expr, right: ast.Expr, scope: Scope): void {
    const width = this.widthOf(left, scope);
    if (width === undefined) return;
    const bits = this.bits(right, scope);
    if (bits === undefined || bits <= width) return;
    this.say(
      'width-truncated',
      `'${sourceText(left, this.ctx)}' has ${count(width)}, and what is assigned to it has ${bits}: the upper ${bits - width === 1 ? 'one is' : `${bits - width} are`} lost.`,
      right,
      'Select the bits that are meant, or make the left side wider.',
    );
  }

  private instance(instance: ast.Instance, module: ast.Name, body: Body): void {
    const decl = this.ctx.modules.get(module.name);
    const [inside] = body.children.get(instance) ?? [];
    if (!decl || !inside || instance.dims.length > 0) return;
    for (const [index, connection] of instance.ports.entries()) {
      if (connection.kind === 'wildcard' || !connection.value) continue;
      const header = decl.ports[index];
      const name = connection.kind === 'named' ? connection.name.name : header && portName(header);
      const port = name === undefined ? undefined : inside.names.get(name);
      if (port?.kind !== 'signal' || port.type.kind !== 'integral') continue;
      // `.x(expr)` in a header: the port is not the signal of its name.
      if (!decl.ports.some((one) => one.kind !== 'ansi-named' && portName(one) === name)) continue;
      const { width } = port.type;
      const { value } = connection;
      const exact = isPlain(value) ? this.exactWidth(value, body.scope) : undefined;
      if (exact !== undefined && exact !== width) {
        this.say(
          'port-width',
          `The port '${name}' of '${module.name}' has ${count(width)}, and ${count(exact)} ${exact === 1 ? 'is' : 'are'} connected to it.`,
          value,
          'Connect as many bits as the port has.',
        );
        continue;
      }
      if (exact !== undefined || port.signal.port !== 'input') continue;
      const bits = this.bits(value, body.scope);
      if (bits !== undefined && bits > width) {
        this.say(
          'port-width',
          `The port '${name}' of '${module.name}' has ${count(width)}, and a value of ${bits} is connected to it: the upper bits are lost.`,
          value,
          'Connect as many bits as the port has.',
        );
      }
    }
  }

  private say(code: string, what: string, node: ast.Node, remedy: string): void {
    const where = this.ctx.at(node);
    const key = `${code} ${where.file}:${where.line}:${where.column} ${what}`;
    if (this.said.has(key)) return;
    this.said.add(key);
    this.problems.push({ code, severity: 'warning', what, where, remedy });
  }

  // ----------------------------------------------------------------------------------------------------- Widths

  /** The type of a name with its selects, without reporting anything. */
  private typeOf(expr: ast.Expr, scope: Scope): DataType | undefined {
    return attempt(() => analyse(expr, { scope, ctx: this.ctx, quiet: true }).type);
  }

  /** Of the left of an assignment. */
  private widthOf(left: ast.Expr, scope: Scope): number | undefined {
    if (left.kind === 'concat') {
      let width = 0;
      for (const part of left.parts) {
        const one = this.widthOf(part, scope);
        if (one === undefined) return undefined;
        width += one;
      }
      return width;
    }
    if (!isName(left)) return undefined;
    const type = this.typeOf(left, scope);
    return type?.kind === 'integral' ? type.width : undefined;
  }

  /** Of names, sized numbers and what is put together of them; undefined where the width is not meant to be exact. */
  private exactWidth(expr: ast.Expr, scope: Scope): number | undefined {
    switch (expr.kind) {
      case 'number':
        return expr.fill
          ? undefined
          : expr.width !== undefined && /'/.test(this.ctx.tokens.texts[expr.first] ?? '')
            ? expr.width
            : undefined;
      case 'concat': {
        let width = 0;
        for (const part of expr.parts) {
          const one = this.exactWidth(part, scope);
          if (one === undefined) return undefined;
          width += one;
        }
        return width;
      }
      default: {
        if (!isName(expr) || this.isParameter(expr, scope)) return undefined;
        const type = this.typeOf(expr, scope);
        return type?.kind === 'integral' && !isAtom(type) ? type.width : undefined;
      }
    }
  }

  private isParameter(expr: ast.Expr, scope: Scope): boolean {
    let at = expr;
    while (at.kind === 'index' || at.kind === 'range' || at.kind === 'member') at = at.object;
    if (at.kind !== 'name') return true;
    const kind = lookup(scope, at.name)?.kind;
    return kind !== 'signal' && kind !== 'fields' && kind !== 'scope' && kind !== 'scopes';
  }

  /** The most bits that a value has which matter. Carries of additions do not: who wants them makes room for them. */
  private bits(expr: ast.Expr, scope: Scope): Bits {
    switch (expr.kind) {
      case 'number':
        return expr.fill || expr.b !== 0n ? undefined : bitLength(expr.a);
      case 'name':
      case 'member':
      case 'scoped':
      case 'index':
      case 'range':
        return this.nameBits(expr, scope);
      case 'concat':
        return this.sum(expr.parts, scope);
      case 'replicate': {
        const part = this.sum(expr.parts, scope);
        const times = expr.count.kind === 'number' && expr.count.b === 0n ? Number(expr.count.a) : undefined;
        return part === undefined || times === undefined ? undefined : part * times;
      }
      case 'unary':
        return expr.op === '~' || expr.op === '-' || expr.op === '+' ? this.bits(expr.operand, scope) : 1;
      case 'binary':
        return this.binaryBits(expr, scope);
      case 'conditional': {
        const truth = this.truth(expr.condition, scope);
        if (truth !== undefined) return this.bits(truth ? expr.then : expr.else, scope);
        return most(this.bits(expr.then, scope), this.bits(expr.else, scope));
      }
      case 'inside':
        return 1;
      case 'call':
        if (expr.callee.kind !== 'system' || !/^\$(?:un)?signed$/.test(expr.callee.name)) return undefined;
        return expr.args[0]?.value && this.bits(expr.args[0].value, scope);
      default:
        return undefined;
    }
  }

  private nameBits(expr: ast.Expr, scope: Scope): Bits {
    if (expr.kind === 'name') {
      const symbol = lookup(scope, expr.name);
      if (symbol?.kind === 'param' || symbol?.kind === 'enum-member') {
        const { value } = symbol;
        return value.kind === 'vector' && value.b === 0n && !isNegative(value) ? bitLength(value.a) : undefined;
      }
    }
    if (this.isParameter(expr, scope)) return undefined;
    const type = this.typeOf(expr, scope);
    return type?.kind === 'integral' && !isAtom(type) ? type.width : undefined;
  }

  private sum(parts: readonly ast.Expr[], scope: Scope): Bits {
    let width = 0;
    for (const part of parts) {
      const one = this.exactWidth(part, scope);
      if (one === undefined) return undefined;
      width += one;
    }
    return width;
  }

  private binaryBits(expr: ast.BinaryExpr, scope: Scope): Bits {
    switch (expr.op) {
      case '+':
      case '-':
      case '*':
      case '|':
      case '^':
      case '~^':
      case '^~':
        return most(this.bits(expr.left, scope), this.bits(expr.right, scope));
      case '&': {
        const [left, right] = [this.bits(expr.left, scope), this.bits(expr.right, scope)];
        return left === undefined || right === undefined ? undefined : Math.min(left, right);
      }
      case '<<':
      case '<<<':
        return this.bits(expr.left, scope);
      case '>>':
      case '>>>': {
        const { right } = expr;
        const left = this.bits(expr.left, scope);
        if (left === undefined || right.kind !== 'number' || right.b !== 0n) return undefined;
        return Math.max(1, left - Number(right.a));
      }
      case '/':
      case '%':
      case '**':
        return undefined;
      default:
        return 1;
    }
  }
}

function count(bits: number): string {
  return bits === 1 ? '1 bit' : `${bits} bits`;
}

function bitLength(value: bigint): number {
  return value === 0n ? 1 : value.toString(2).length;
}

function isNegative(value: { width: number; signed: boolean; a: bigint }): boolean {
  return value.signed && ((value.a >> BigInt(value.width - 1)) & 1n) === 1n;
}

/** `integer`, `int`, `time` and the like: used for counting, cut without harm. */
function isAtom(type: DataType & { kind: 'integral' }): boolean {
  return type.dims.length === 0 && type.width > 1 && !type.enum && !type.fields;
}

function isName(expr: ast.Expr): boolean {
  return (
    expr.kind === 'name' ||
    expr.kind === 'member' ||
    expr.kind === 'scoped' ||
    expr.kind === 'index' ||
    expr.kind === 'range'
  );
}

function isPlain(expr: ast.Expr): boolean {
  return isName(expr) || expr.kind === 'number' || expr.kind === 'concat';
}

function portName(port: ast.HeaderPort): string | undefined {
  switch (port.kind) {
    case 'ansi':
      return port.decl.names[0]?.name.name;
    case 'plain':
      return port.expr?.kind === 'name' && port.expr.name === port.name?.name ? port.name.name : undefined;
    default:
      return port.name.name;
  }
}
