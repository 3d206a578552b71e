import { Polynomial } from './polynomial.ts';
import type { Dim } from './types.ts';

/** Longer expressions help no reader and cost memory: they become a name of their own. */
const longest = 240;
const deepest = 20;

/**
 * Arithmetic on dimensions of which some are names: sums and products stay exact expressions ("2*H + 1",
 * "floor((W - 1) / 4) + 1"), written in one canonical way, so that equal expressions are equal strings. Names that were
 * given a size are numbers from the start.
 */
export class Symbols {
  readonly #given: Record<string, number>;
  readonly #parsed = new Map<string, Polynomial>();
  readonly #used = new Set<string>();
  #madeUp = 0;

  constructor(given: Record<string, number> = {}) {
    this.#given = given;
  }

  /** Names that were given and met. */
  get used(): ReadonlySet<string> {
    return this.#used;
  }

  /** A dimension of a file: the sizes given are put in; "past + sequence" is read as a sum. */
  resolve(dim: Dim): Dim {
    return typeof dim === 'number' ? dim : this.#write(this.#read(dim));
  }

  /** A name for a size that nothing tells, taken as it is, whatever its characters. */
  named(name: string): Dim {
    const given = this.#lookUp(name);
    if (given !== undefined) return given;
    this.#parsed.set(name, Polynomial.atom({ kind: 'name', name }));
    return name;
  }

  /** Names in the expression that have no size yet, those inside floor, min and max included. */
  namesIn(dim: Dim): string[] {
    return typeof dim === 'number' ? [] : this.#read(dim).names();
  }

  add(a: Dim, b: Dim): Dim {
    if (typeof a === 'number' && typeof b === 'number') return a + b;
    return this.#write(this.#read(a).plus(this.#read(b)));
  }

  subtract(a: Dim, b: Dim): Dim {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    return this.#write(this.#read(a).plus(this.#read(b).times(Polynomial.constant(-1))));
  }

  multiply(a: Dim, b: Dim): Dim {
    // Adding 0 makes a negative zero a plain one.
    if (typeof a === 'number' && typeof b === 'number') return a * b + 0;
    return this.#write(this.#read(a).times(this.#read(b)));
  }

  product(dims: readonly Dim[]): Dim {
    return dims.reduce<Dim>((sum, dim) => this.multiply(sum, dim), 1);
  }

  /** a / b rounded towards minus infinity; a division by zero is zero. */
  floorDivide(a: Dim, b: Dim): Dim {
    if (b === 0) return 0;
    if (typeof a === 'number' && typeof b === 'number') return Math.floor(a / b) + 0;
    return this.#write(this.#read(a).floorDividedBy(this.#read(b)));
  }

  ceilDivide(a: Dim, b: Dim): Dim {
    if (b === 1) return a;
    return this.multiply(-1, this.floorDivide(this.multiply(-1, a), b));
  }

  /** a / b without rounding, as floating-point shape arithmetic has it; undefined where it is no expression. */
  divideExactly(a: Dim, b: Dim): Dim | undefined {
    if (b === 0) return undefined;
    if (typeof a === 'number' && typeof b === 'number') return a / b;
    const quotient =
      typeof b === 'number'
        ? this.#read(a).times(Polynomial.constant(1 / b))
        : this.#read(a).exactlyDividedBy(this.#read(b));
    return quotient && this.#write(quotient);
  }

  max(a: Dim, b: Dim): Dim {
    return this.#extreme('max', a, b);
  }

  min(a: Dim, b: Dim): Dim {
    return this.#extreme('min', a, b);
  }

  /** Whether two sizes are the same whatever the names stand for. */
  same(a: Dim, b: Dim): boolean {
    return a === b || this.subtract(a, b) === 0;
  }

  /** Whether they differ whatever the names stand for. */
  differ(a: Dim, b: Dim): boolean {
    const difference = this.subtract(a, b);
    return typeof difference === 'number' ? difference !== 0 : this.#read(difference).sign() !== undefined;
  }

  /**
   * 1, 0 or -1 where a is greater than, equal to or less than b whatever the names stand for; undefined where that depends.
   * Sizes are not negative, so that H + 1 > 0 and H >= 0 > -1.
   */
  compare(a: Dim, b: Dim): number | undefined {
    const difference = this.subtract(a, b);
    if (typeof difference === 'number') return Math.sign(difference);
    return this.#read(difference).sign();
  }

  #extreme(which: 'min' | 'max', a: Dim, b: Dim): Dim {
    if (typeof a === 'number' && typeof b === 'number') return Math[which](a, b);
    const difference = this.subtract(a, b);
    if (typeof difference === 'number') return difference > 0 === (which === 'max') ? a : b;
    const operands = [this.#read(a), this.#read(b)].sort((x, y) => (x.text < y.text ? -1 : 1));
    return this.#write(Polynomial.atom({ kind: which, operands }));
  }

  #lookUp(name: string): number | undefined {
    if (!Object.hasOwn(this.#given, name)) return undefined;
    this.#used.add(name);
    return this.#given[name];
  }

  #write(polynomial: Polynomial): Dim {
    if (polynomial.value !== undefined) return polynomial.value + 0;
    const { text } = polynomial;
    if (text.length > longest) {
      this.#madeUp += 1;
      return this.named(`long expression ${this.#madeUp}`);
    }
    this.#parsed.set(text, polynomial);
    return text;
  }

  #read(dim: Dim): Polynomial {
    if (typeof dim === 'number') return Polynomial.constant(dim);
    const known = this.#parsed.get(dim);
    if (known) return known;
    const whole = this.#lookUp(dim);
    const read =
      whole !== undefined
        ? Polynomial.constant(whole)
        : (this.#parse(dim) ?? Polynomial.atom({ kind: 'name', name: dim }));
    this.#parsed.set(dim, read);
    return read;
  }

  /**
   * Sums, products, floor, min and max over names. Exporters put slashes, dots and dashes into names, so "-" and "/" are
   * operators only with spaces around them.
   */
  #parse(text: string): Polynomial | undefined {
    if (text.length > 4 * longest) return undefined;
    const tokens = text.match(/\/\/|[*(),+]|(?:(?!\/\/)[^\s*(),+])+/g) ?? [];
    let at = 0;
    const sum = (depth: number): Polynomial | undefined => {
      let left = product(depth);
      while (left && (tokens[at] === '+' || tokens[at] === '-')) {
        const sign = tokens[at] === '+' ? 1 : -1;
        at += 1;
        const right = product(depth);
        left = right && left.plus(right.times(Polynomial.constant(sign)));
      }
      return left;
    };
    const product = (depth: number): Polynomial | undefined => {
      let left = factor(depth);
      while (left && (tokens[at] === '*' || tokens[at] === '/' || tokens[at] === '//')) {
        const times = tokens[at] === '*';
        at += 1;
        const right = factor(depth);
        if (!right || (!times && right.value === 0)) return undefined;
        left = times ? left.times(right) : left.floorDividedBy(right);
      }
      return left;
    };
    const factor = (depth: number): Polynomial | undefined => {
      const token = tokens[at];
      at += 1;
      if (token === undefined || depth > deepest) return undefined;
      if (token === '(') return closed(sum(depth + 1));
      if (/^-?\d+(\.\d+)?$/.test(token)) return Polynomial.constant(Number(token));
      if (/^([*),+]|-|\/|\/\/)$/.test(token)) return undefined;
      if (tokens[at] === '(') {
        at += 1;
        const first = sum(depth + 1);
        if (!first) return undefined;
        if (token === 'floor') return closed(first.floored());
        if ((token !== 'max' && token !== 'min') || tokens[at] !== ',') return undefined;
        at += 1;
        const second = sum(depth + 1);
        return second && closed(this.#read(this.#extreme(token, this.#write(first), this.#write(second))));
      }
      if (/^-[A-Za-z_]/.test(token)) return name(token.slice(1)).times(Polynomial.constant(-1));
      return name(token);
    };
    const name = (token: string): Polynomial => {
      const given = this.#lookUp(token);
      return given === undefined ? Polynomial.atom({ kind: 'name', name: token }) : Polynomial.constant(given);
    };
    const closed = (inner: Polynomial | undefined): Polynomial | undefined => {
      if (tokens[at] !== ')') return undefined;
      at += 1;
      return inner;
    };
    const read = sum(0);
    return at === tokens.length ? read : undefined;
  }
}
