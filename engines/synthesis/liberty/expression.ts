import { error, fail, ok, type Place, type Result } from '../../core/result.ts';
import type { BoolExpr } from './types.ts';

/** Names of pins run up to one of these. */
const OPERATORS = '!\'^*&+|() \t\r\n"\\';

class FunctionReader {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  whole(): BoolExpr | string {
    const expr = this.#or();
    if (typeof expr === 'string') return expr;
    return this.#peek() === '' ? expr : `"${this.#peek()}" stands where an operator or the end was expected`;
  }

  #peek(): string {
    while (this.#at < this.#text.length && ' \t\r\n\\'.includes(this.#text[this.#at] as string)) this.#at++;
    return this.#text[this.#at] ?? '';
  }

  #chain(
    kind: 'and' | 'or' | 'xor',
    operand: () => BoolExpr | string,
    goesOn: (next: string) => 'operator' | 'operand' | 'end',
  ): BoolExpr | string {
    let left = operand();
    while (typeof left !== 'string') {
      const next = goesOn(this.#peek());
      if (next === 'end') return left;
      if (next === 'operator') this.#at++;
      const right = operand();
      if (typeof right === 'string') return right;
      left = { kind, of: [left, right] };
    }
    return left;
  }

  #or(): BoolExpr | string {
    return this.#chain(
      'or',
      () => this.#and(),
      (next) => (next === '+' || next === '|' ? 'operator' : 'end'),
    );
  }

  /** Two operands side by side are an `and` too. */
  #and(): BoolExpr | string {
    return this.#chain(
      'and',
      () => this.#xor(),
      (next) => {
        if (next === '*' || next === '&') return 'operator';
        return next === '' || next === ')' || next === '+' || next === '|' ? 'end' : 'operand';
      },
    );
  }

  #xor(): BoolExpr | string {
    return this.#chain(
      'xor',
      () => this.#not(),
      (next) => (next === '^' ? 'operator' : 'end'),
    );
  }

  #not(): BoolExpr | string {
    if (this.#peek() === '!') {
      this.#at++;
      const of = this.#not();
      return typeof of === 'string' ? of : { kind: 'not', of };
    }
    let expr = this.#operand();
    while (typeof expr !== 'string' && this.#peek() === "'") {
      this.#at++;
      expr = { kind: 'not', of: expr };
    }
    return expr;
  }

  #operand(): BoolExpr | string {
    const first = this.#peek();
    if (first === '(') {
      this.#at++;
      const inner = this.#or();
      if (typeof inner === 'string') return inner;
      if (this.#peek() !== ')') return 'a closing parenthesis is missing';
      this.#at++;
      return inner;
    }
    if (first === '"') {
      const end = this.#text.indexOf('"', this.#at + 1);
      if (end < 0) return 'a closing quote is missing';
      const name = this.#text.slice(this.#at + 1, end);
      this.#at = end + 1;
      return { kind: 'pin', name };
    }
    const from = this.#at;
    while (this.#at < this.#text.length && !OPERATORS.includes(this.#text[this.#at] as string)) this.#at++;
    const name = this.#text.slice(from, this.#at);
    if (name === '')
      return first === '' ? 'it ends where a pin was expected' : `"${first}" stands where a pin was expected`;
    if (name === '0' || name === '1') return { kind: 'constant', value: name === '1' ? 1 : 0 };
    return { kind: 'pin', name };
  }
}

/**
 * Reads a function as Liberty writes it: `!` before and `'` behind for not, `^`, `*` or `&` or a space, `+` or `|`; inversion
 * binds closest, then `^`, then and, then or (Liberty User Guide, "function"). A name that begins with a digit may stand in quotes.
 * An error (`liberty-function`) when it cannot be read.
 */
export function parseFunction(text: string, where?: Place): Result<BoolExpr> {
  const expr = new FunctionReader(text).whole();
  if (typeof expr !== 'string') return ok(expr);
  return fail(
    error(
      'liberty-function',
      `The function "${text}" cannot be read: ${expr}.`,
      "Write it with the pins' names, !, ', ^, *, &, +, | and parentheses.",
      where,
    ),
  );
}

/** The value of an expression; `valueIn` gives that of each pin or state variable. */
export function evaluateExpr(expr: BoolExpr, valueIn: (name: string) => 0 | 1): 0 | 1 {
  switch (expr.kind) {
    case 'constant':
      return expr.value;
    case 'pin':
      return valueIn(expr.name);
    case 'not':
      return evaluateExpr(expr.of, valueIn) === 1 ? 0 : 1;
    case 'and':
      return evaluateExpr(expr.of[0], valueIn) === 1 ? evaluateExpr(expr.of[1], valueIn) : 0;
    case 'or':
      return evaluateExpr(expr.of[0], valueIn) === 1 ? 1 : evaluateExpr(expr.of[1], valueIn);
    case 'xor':
      return evaluateExpr(expr.of[0], valueIn) === evaluateExpr(expr.of[1], valueIn) ? 0 : 1;
  }
}

/** Names of the pins and state variables of an expression, each once, in the order of their first appearance. */
export function pinsOf(expr: BoolExpr): string[] {
  const names = new Set<string>();
  const visit = (part: BoolExpr): void => {
    if (part.kind === 'pin') names.add(part.name);
    else if (part.kind === 'not') visit(part.of);
    else if (part.kind !== 'constant') for (const of of part.of) visit(of);
  };
  visit(expr);
  return [...names];
}

/** The expression with its names replaced. */
export function mapPins(expr: BoolExpr, replace: (name: string) => BoolExpr): BoolExpr {
  switch (expr.kind) {
    case 'constant':
      return expr;
    case 'pin':
      return replace(expr.name);
    case 'not':
      return { kind: 'not', of: mapPins(expr.of, replace) };
    default:
      return { kind: expr.kind, of: [mapPins(expr.of[0], replace), mapPins(expr.of[1], replace)] };
  }
}

/** Up to this many variables, every assignment is tried; 4096 evaluations take no time that would show. */
const TRIED_VARIABLES = 12;

/**
 * How the value of `expr` follows `pin`: 'positive' when a rising pin can only make it rise, 'negative' when it can only make it fall,
 * 'non-unate' when both happen, 'none' when the pin has no effect. Past 12 variables by the signs under which the pin stands in the text,
 * which may say 'non-unate' of a function that is not.
 */
export function unateness(expr: BoolExpr, pin: string): 'positive' | 'negative' | 'non-unate' | 'none' {
  const others = pinsOf(expr).filter((name) => name !== pin);
  let rises = false;
  let falls = false;
  if (others.length < TRIED_VARIABLES) {
    for (let state = 0; state < 1 << others.length; state++) {
      const withPin = (of: 0 | 1) => (name: string) =>
        name === pin ? of : (((state >> others.indexOf(name)) & 1) as 0 | 1);
      const low = evaluateExpr(expr, withPin(0));
      const high = evaluateExpr(expr, withPin(1));
      if (low < high) rises = true;
      if (low > high) falls = true;
    }
  } else {
    const visit = (part: BoolExpr, inverted: boolean): void => {
      if (part.kind === 'pin') {
        if (part.name !== pin) return;
        if (inverted) falls = true;
        else rises = true;
      } else if (part.kind === 'not') visit(part.of, !inverted);
      else if (part.kind !== 'constant')
        for (const of of part.of) {
          visit(of, inverted);
          if (part.kind === 'xor') visit(of, !inverted);
        }
    };
    visit(expr, false);
  }
  if (rises && falls) return 'non-unate';
  if (rises) return 'positive';
  return falls ? 'negative' : 'none';
}

const VERILOG_OPERATOR = { and: ' & ', or: ' | ', xor: ' ^ ' };

/** The expression in Verilog; `nameOf` writes the pins. Fully parenthesised where operators mix. */
export function verilogOf(expr: BoolExpr, nameOf: (name: string) => string = (name) => name): string {
  const part = (of: BoolExpr, within: 'and' | 'or' | 'xor' | 'not'): string => {
    switch (of.kind) {
      case 'constant':
        return `1'b${of.value}`;
      case 'pin':
        return nameOf(of.name);
      case 'not':
        return `~${part(of.of, 'not')}`;
      default: {
        const text = `${part(of.of[0], of.kind)}${VERILOG_OPERATOR[of.kind]}${part(of.of[1], of.kind)}`;
        return of.kind === within ? text : `(${text})`;
      }
    }
  };
  return expr.kind === 'constant' || expr.kind === 'pin' || expr.kind === 'not'
    ? part(expr, 'not')
    : part(expr, expr.kind);
}
