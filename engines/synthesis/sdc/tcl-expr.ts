import { pow } from '../../core/math.ts';
import { type Part, SdcError, type Source, Splitter, spotOf } from './tcl-words.ts';

/** A value of an expression. Whole numbers and fractions are kept apart: 7/2 is 3, 7.0/2 is 3.5. */
type Value = { kind: 'int'; value: number } | { kind: 'double'; value: number } | { kind: 'text'; value: string };

/** Binary operators by how closely they bind. */
const LEVELS: string[][] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!=', 'eq', 'ne'],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const INT = /^[+-]?(?:0[xX][0-9a-fA-F]+|\d+)$/;
const DOUBLE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The value of a text in an expression: a number where it reads as one. */
function readValue(text: string): Value {
  const trimmed = text.trim();
  if (INT.test(trimmed)) {
    const negative = trimmed[0] === '-';
    const digits = trimmed.replace(/^[+-]/, '');
    // A leading zero means octal in Tcl: refused below, as nobody who writes 010 in constraints means 8.
    if (/^0\d/.test(digits)) return { kind: 'text', value: text };
    const value = Number(digits);
    return { kind: 'int', value: negative && value !== 0 ? -value : value };
  }
  return DOUBLE.test(trimmed) ? { kind: 'double', value: Number(trimmed) } : { kind: 'text', value: text };
}

/** A number as Tcl prints it: fractions keep a point ("2.0"). */
export function numberText(value: number, whole: boolean): string {
  if (whole || !Number.isInteger(value)) return String(value);
  const text = String(value);
  return text.includes('e') ? text : `${text}.0`;
}

/**
 * Evaluates an expression as Tcl's `expr` does. `substitute` gives the value of a `$name` or `[command]`; what a lazy operator skips is
 * not evaluated.
 */
export function evaluateExpression(
  source: Source,
  from: number,
  to: number,
  substitute: (part: Part) => string,
): string {
  return new Expression(source, from, to, substitute).run();
}

/** Whether a value is true, as `if` and `while` take it; undefined where it is no truth value. */
export function truth(text: string): boolean | undefined {
  const value = readValue(text);
  if (value.kind !== 'text') return value.value !== 0;
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === 'yes' || word === 'on') return true;
  return word === 'false' || word === 'no' || word === 'off' ? false : undefined;
}

class Expression {
  private readonly source: Source;
  private readonly text: string;
  private readonly end: number;
  private readonly substitute: (part: Part) => string;
  private at: number;
  private depth = 0;
  /** False in a branch that a lazy operator skips. */
  private live = true;

  constructor(source: Source, from: number, to: number, substitute: (part: Part) => string) {
    this.source = source;
    this.text = source.text;
    this.at = from;
    this.end = to;
    this.substitute = substitute;
  }

  run(): string {
    const value = this.choice();
    this.blanks();
    if (this.at < this.end) this.fail(`'${this.text.slice(this.at, this.at + 10)}' is not expected here.`);
    return value.kind === 'text' ? value.value : numberText(value.value, value.kind === 'int');
  }

  private fail(what: string, remedy?: string, at = this.at): never {
    const spot = spotOf(this.source, Math.min(at, this.text.length));
    throw new SdcError('sdc-expression', `In an expression, ${what}`, spot, remedy);
  }

  private blanks(): void {
    while (this.at < this.end && /[\s\\]/.test(this.text[this.at]!)) this.at++;
  }

  /** `a ? b : c`. */
  private choice(): Value {
    if (++this.depth > 100) this.fail('parentheses are nested more than 100 deep.');
    const condition = this.binary(0);
    this.blanks();
    let result = condition;
    if (this.text[this.at] === '?' && this.at < this.end) {
      this.at++;
      const live = this.live;
      const chosen = live && this.isTrue(condition);
      this.live = live && chosen;
      const yes = this.choice();
      this.blanks();
      if (this.text[this.at] !== ':') this.fail('a : is missing after ?.');
      this.at++;
      this.live = live && !chosen;
      const no = this.choice();
      this.live = live;
      result = chosen ? yes : no;
    }
    this.depth--;
    return result;
  }

  private operator(level: number): string | undefined {
    this.blanks();
    for (const name of LEVELS[level]!) {
      if (this.at + name.length > this.end || !this.text.startsWith(name, this.at)) continue;
      const after = this.text[this.at + name.length] ?? '';
      if (name === '|' && after === '|') continue;
      if (name === '&' && after === '&') continue;
      if (name === '*' && after === '*') continue;
      if ((name === '<' || name === '>') && (after === name || after === '=')) continue;
      if ((name === 'eq' || name === 'ne') && /\w/.test(after)) continue;
      return name;
    }
    return undefined;
  }

  private binary(level: number): Value {
    if (level === LEVELS.length) return this.power();
    let left = this.binary(level + 1);
    for (let name = this.operator(level); name !== undefined; name = this.operator(level)) {
      this.at += name.length;
      if (name === '&&' || name === '||') {
        const live = this.live;
        const decided = live && this.isTrue(left) === (name === '||');
        this.live = live && !decided;
        const right = this.binary(level + 1);
        const value = decided ? name === '||' : live && this.isTrue(right);
        this.live = live;
        left = { kind: 'int', value: value ? 1 : 0 };
      } else {
        const right = this.binary(level + 1);
        left = this.live ? this.apply(name, left, right) : left;
      }
    }
    return left;
  }

  /** `**` binds more closely than any other and to the right. */
  private power(): Value {
    const base = this.unary();
    this.blanks();
    if (!this.text.startsWith('**', this.at) || this.at >= this.end) return base;
    this.at += 2;
    if (++this.depth > 100) this.fail('powers are nested more than 100 deep.');
    const exponent = this.power();
    this.depth--;
    return this.live ? this.raise(this.number(base), this.number(exponent)) : base;
  }

  private unary(): Value {
    this.blanks();
    const sign = this.text[this.at];
    if (this.at < this.end && (sign === '-' || sign === '+' || sign === '!')) {
      this.at++;
      if (++this.depth > 100) this.fail('signs are nested more than 100 deep.');
      const value = this.unary();
      this.depth--;
      if (!this.live) return value;
      if (sign === '!') return { kind: 'int', value: this.isTrue(value) ? 0 : 1 };
      const of = this.number(value);
      return sign === '-' && of.value !== 0 ? { kind: of.kind, value: -of.value } : of;
    }
    return this.operand();
  }

  private operand(): Value {
    const c = this.at < this.end ? this.text[this.at]! : '';
    if (c === '') this.fail('an operand is missing.');
    if (c === '(') {
      this.at++;
      const value = this.choice();
      this.close();
      return value;
    }
    if (c === '$' || c === '[') {
      const found = new Splitter(this.source, this.at, this.end).partAt(this.at)!;
      if (found.part.kind === 'text') this.fail(`'${found.part.text}' is not expected here.`);
      this.at = found.to;
      return this.live ? readValue(this.substitute(found.part)) : { kind: 'int', value: 0 };
    }
    if (c === '"') {
      const { parts, to } = new Splitter(this.source, this.at, this.end).quotedAt(this.at);
      this.at = to;
      if (!this.live) return { kind: 'int', value: 0 };
      return readValue(parts.map((part) => (part.kind === 'text' ? part.text : this.substitute(part))).join(''));
    }
    if (c === '{') {
      const close = this.text.indexOf('}', this.at);
      if (close < 0 || close >= this.end) this.fail('a { is never closed.');
      const text = this.text.slice(this.at + 1, close);
      this.at = close + 1;
      return readValue(text);
    }
    NUMBER.lastIndex = this.at;
    const number = NUMBER.exec(this.text);
    if (number && NUMBER.lastIndex <= this.end) {
      if (/^0\d/.test(number[0]))
        this.fail(`${number[0]} begins with a 0, which would make it octal.`, 'Leave the 0 out.');
      this.at = NUMBER.lastIndex;
      if (/\w/.test(this.text[this.at] ?? '') && this.at < this.end)
        this.fail(`'${number[0]}${this.text[this.at]}' is no number.`, 'Write numbers without a unit.');
      return readValue(number[0]);
    }
    const word = /^[A-Za-z_]\w*/.exec(this.text.slice(this.at, Math.min(this.end, this.at + 40)))?.[0];
    if (word === undefined) this.fail(`'${c}' is not expected here.`);
    const from = this.at;
    this.at += word.length;
    this.blanks();
    if (this.text[this.at] === '(' && this.at < this.end) return this.call(word);
    const known = truth(word);
    if (known === undefined)
      this.fail(
        `'${word}' is neither a number nor a function.`,
        `A variable is written $${word}; a text in quotes.`,
        from,
      );
    return { kind: 'int', value: known ? 1 : 0 };
  }

  private close(): void {
    this.blanks();
    if (this.text[this.at] !== ')' || this.at >= this.end) this.fail('a ) is missing.');
    this.at++;
  }

  private call(name: string): Value {
    this.at++;
    const values: Value[] = [];
    this.blanks();
    if (this.text[this.at] !== ')') {
      for (;;) {
        values.push(this.choice());
        this.blanks();
        if (this.text[this.at] !== ',' || this.at >= this.end) break;
        this.at++;
      }
    }
    this.close();
    if (!this.live) return { kind: 'int', value: 0 };
    const numbers = values.map((value) => this.number(value));
    const takes = (count: number) => {
      if (numbers.length !== count) this.fail(`${name} takes ${count} value${count === 1 ? '' : 's'}.`);
    };
    const first = numbers[0] ?? { kind: 'int' as const, value: 0 };
    const double = (value: number): Value => ({ kind: 'double', value: this.finite(value) });
    const int = (value: number): Value => ({ kind: 'int', value: this.whole(value) });
    if (name === 'min' || name === 'max') {
      if (numbers.length === 0) this.fail(`${name} takes at least 1 value.`);
      return numbers.reduce((a, b) => ((name === 'min' ? b.value < a.value : b.value > a.value) ? b : a));
    }
    if (name === 'pow' || name === 'fmod' || name === 'hypot') {
      takes(2);
      const [x, y] = [first.value, numbers[1]!.value];
      if (name === 'hypot') return double(Math.sqrt(x * x + y * y));
      return double(name === 'pow' ? pow(x, y) : x % y);
    }
    takes(1);
    switch (name) {
      case 'abs':
        return { kind: first.kind, value: Math.abs(first.value) };
      case 'ceil':
        return double(Math.ceil(first.value));
      case 'floor':
        return double(Math.floor(first.value));
      case 'round':
        return int(first.value < 0 ? -Math.floor(0.5 - first.value) : Math.floor(first.value + 0.5));
      case 'int':
        return int(Math.trunc(first.value));
      case 'double':
        return double(first.value);
      case 'sqrt':
        return double(Math.sqrt(first.value));
      default:
        this.fail(
          `there is no function ${name}.`,
          'Known are abs, ceil, double, floor, fmod, hypot, int, max, min, pow, round and sqrt.',
        );
    }
  }

  private isTrue(value: Value): boolean {
    const known = value.kind === 'text' ? truth(value.value) : value.value !== 0;
    if (known === undefined) this.fail(`'${String(value.value)}' is neither true nor false.`);
    return known;
  }

  private number(value: Value): Exclude<Value, { kind: 'text' }> {
    if (value.kind === 'text') this.fail(`'${value.value}' is no number.`);
    return value;
  }

  private finite(value: number): number {
    if (!Number.isFinite(value)) this.fail('a result is no finite number.');
    return value;
  }

  private whole(value: number): number {
    if (!Number.isSafeInteger(value)) this.fail('a whole number is too large.', 'Write it with a point: 1.0e20.');
    return value === 0 ? 0 : value;
  }

  private raise(base: { kind: string; value: number }, exponent: { kind: string; value: number }): Value {
    if (base.kind === 'int' && exponent.kind === 'int' && exponent.value >= 0) {
      let value = 1;
      for (let i = 0; i < exponent.value; i++) {
        value = this.whole(value * base.value);
        if (value === 0 || (value === 1 && base.value === 1)) break;
        if (base.value === -1) return { kind: 'int', value: exponent.value % 2 === 0 ? 1 : -1 };
      }
      return { kind: 'int', value };
    }
    return { kind: 'double', value: this.finite(pow(base.value, exponent.value)) };
  }

  private apply(name: string, left: Value, right: Value): Value {
    const flag = (value: boolean): Value => ({ kind: 'int', value: value ? 1 : 0 });
    const texts = name === 'eq' || name === 'ne' || left.kind === 'text' || right.kind === 'text';
    if (texts && ['==', '!=', 'eq', 'ne', '<', '>', '<=', '>='].includes(name)) {
      const [a, b] = [String(left.value), String(right.value)];
      return flag(compare(name, a < b ? -1 : a > b ? 1 : 0));
    }
    const [a, b] = [this.number(left), this.number(right)];
    const whole = a.kind === 'int' && b.kind === 'int';
    const number = (value: number): Value =>
      whole ? { kind: 'int', value: this.whole(value) } : { kind: 'double', value: this.finite(value) };
    switch (name) {
      case '+':
        return number(a.value + b.value);
      case '-':
        return number(a.value - b.value);
      case '*':
        return number(a.value * b.value);
      case '/':
        if (b.value === 0) this.fail('something is divided by 0.');
        return number(whole ? Math.floor(a.value / b.value) : a.value / b.value);
      case '<':
      case '>':
      case '<=':
      case '>=':
      case '==':
      case '!=':
        return flag(compare(name, a.value - b.value));
    }
    if (!whole) this.fail(`${name} works on whole numbers only.`);
    switch (name) {
      case '%':
        if (b.value === 0) this.fail('something is divided by 0.');
        return number(a.value - b.value * Math.floor(a.value / b.value));
      case '<<':
      case '>>': {
        if (b.value < 0 || b.value > 52) this.fail(`${name} shifts by 0 to 52 places.`);
        const factor = pow(2, b.value);
        return number(name === '<<' ? a.value * factor : Math.floor(a.value / factor));
      }
      default: {
        const [x, y] = [BigInt(a.value), BigInt(b.value)];
        return number(Number(name === '|' ? x | y : name === '^' ? x ^ y : x & y));
      }
    }
  }
}

function compare(name: string, sign: number): boolean {
  switch (name) {
    case '==':
    case 'eq':
      return sign === 0;
    case '!=':
    case 'ne':
      return sign !== 0;
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    default:
      return sign >= 0;
  }
}
