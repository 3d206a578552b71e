/** What a product is made of: a name, or a rounding or choice that no polynomial can express. */
export type Factor =
  | { kind: 'name'; name: string }
  | { kind: 'floor'; numerator: Polynomial; denominator: Polynomial }
  | { kind: 'min' | 'max'; operands: Polynomial[] };

interface Term {
  coefficient: number;
  /** Sorted by their text; a power is a repetition. */
  factors: { text: string; factor: Factor }[];
  key: string;
}

function textOf(factor: Factor): string {
  if (factor.kind === 'name') return factor.name;
  if (factor.kind === 'floor') {
    const { numerator, denominator } = factor;
    return denominator.value === 1
      ? `floor(${numerator.text})`
      : `floor(${bracketed(numerator)} / ${bracketed(denominator)})`;
  }
  return `${factor.kind}(${factor.operands.map((operand) => operand.text).join(', ')})`;
}

function bracketed(polynomial: Polynomial): string {
  return polynomial.terms.length > 1 || /[ *]/.test(polynomial.text) ? `(${polynomial.text})` : polynomial.text;
}

function makeTerm(coefficient: number, factors: Term['factors']): Term {
  const sorted = [...factors].sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return { coefficient, factors: sorted, key: sorted.map(({ text }) => text).join('\n') };
}

/** Higher degree first, then by name; the constant last. Fixed, so that a polynomial has one text. */
function before(a: Term, b: Term): number {
  return b.factors.length - a.factors.length || (a.key < b.key ? -1 : 1);
}

/** A sum of products of names with numbers, in canonical order. Immutable. */
export class Polynomial {
  readonly terms: readonly Term[];
  readonly text: string;

  private constructor(terms: Term[]) {
    const byKey = new Map<string, Term>();
    for (const term of terms) {
      const other = byKey.get(term.key);
      byKey.set(term.key, other ? { ...term, coefficient: other.coefficient + term.coefficient } : term);
    }
    this.terms = [...byKey.values()].filter(({ coefficient }) => coefficient !== 0).sort(before);
    this.text = this.terms.map((term, index) => writeTerm(term, index === 0)).join('') || '0';
  }

  static constant(value: number): Polynomial {
    return new Polynomial([makeTerm(value, [])]);
  }

  static atom(factor: Factor): Polynomial {
    return new Polynomial([makeTerm(1, [{ text: textOf(factor), factor }])]);
  }

  /** The number that it is, if it is one. */
  get value(): number | undefined {
    const [first] = this.terms;
    if (!first) return 0;
    return this.terms.length === 1 && first.factors.length === 0 ? first.coefficient : undefined;
  }

  plus(other: Polynomial): Polynomial {
    return new Polynomial([...this.terms, ...other.terms]);
  }

  times(other: Polynomial): Polynomial {
    return new Polynomial(
      this.terms.flatMap((a) =>
        other.terms.map((b) => makeTerm(a.coefficient * b.coefficient, [...a.factors, ...b.factors])),
      ),
    );
  }

  /** Undefined where a rest would stay or the quotient is no polynomial. */
  exactlyDividedBy(divisor: Polynomial): Polynomial | undefined {
    const [leading] = divisor.terms;
    if (!leading) return undefined;
    let rest: Polynomial = this;
    let quotient = Polynomial.constant(0);
    for (let steps = 0; rest.terms[0] && steps < 40; steps += 1) {
      const factors = without(rest.terms[0].factors, leading.factors);
      if (!factors) return undefined;
      const part = new Polynomial([makeTerm(rest.terms[0].coefficient / leading.coefficient, factors)]);
      quotient = quotient.plus(part);
      rest = rest.plus(part.times(divisor).times(Polynomial.constant(-1)));
    }
    return rest.terms.length === 0 ? quotient : undefined;
  }

  /** Rounded down; whole multiples leave the rounding: floor((4*H - 1) / 2) is 2*H - 1. */
  floorDividedBy(divisor: Polynomial): Polynomial {
    const by = divisor.value;
    if (by === undefined) {
      const exact = this.exactlyDividedBy(divisor);
      if (exact?.terms.every(({ coefficient }) => Number.isInteger(coefficient))) return exact;
      return Polynomial.atom({ kind: 'floor', numerator: this, denominator: divisor });
    }
    if (by < 0) return this.times(Polynomial.constant(-1)).floorDividedBy(Polynomial.constant(-by));
    const whole: Term[] = [];
    const rest: Term[] = [];
    for (const term of this.terms) {
      const share = term.factors.length === 0 ? Math.floor(term.coefficient / by) : term.coefficient / by;
      if (!Number.isInteger(share)) {
        rest.push(term);
        continue;
      }
      whole.push(makeTerm(share, term.factors));
      if (term.factors.length === 0) rest.push(makeTerm(term.coefficient - share * by, []));
    }
    const outside = new Polynomial(whole);
    const inside = new Polynomial(rest);
    if (inside.value !== undefined) return outside.plus(Polynomial.constant(Math.floor(inside.value / by)));
    return outside.plus(inside.#innermostFloor(by));
  }

  floored(): Polynomial {
    return this.floorDividedBy(Polynomial.constant(1));
  }

  /** floor((floor(p / k) + c) / m) = floor((p + c k) / (k m)) for whole p, c and k, m > 0. */
  #innermostFloor(by: number): Polynomial {
    const [first, constant] = this.terms;
    const factor = first?.factors.length === 1 && first.coefficient === 1 ? first.factors[0]?.factor : undefined;
    if (factor?.kind === 'floor' && this.terms.length <= 2 && (!constant || constant.factors.length === 0)) {
      const inner = factor.denominator.value;
      const add = constant?.coefficient ?? 0;
      if (
        inner !== undefined &&
        inner > 0 &&
        Number.isInteger(inner) &&
        Number.isInteger(by) &&
        Number.isInteger(add)
      ) {
        return factor.numerator.plus(Polynomial.constant(add * inner)).floorDividedBy(Polynomial.constant(inner * by));
      }
    }
    return Polynomial.atom({ kind: 'floor', numerator: this, denominator: Polynomial.constant(by) });
  }

  /** 1 or -1 where it is surely positive or negative for names that are not negative; undefined otherwise. */
  sign(): number | undefined {
    const last = this.terms.at(-1);
    if (!last || last.factors.length > 0) return undefined;
    const sign = Math.sign(last.coefficient);
    const agree = this.terms.every(
      ({ coefficient, factors }) =>
        Math.sign(coefficient) === sign && factors.every(({ factor }) => isNotNegative(factor)),
    );
    return agree ? sign : undefined;
  }

  names(): string[] {
    const found = new Set<string>();
    for (const { factors } of this.terms) {
      for (const { factor } of factors) {
        if (factor.kind === 'name') found.add(factor.name);
        else {
          const parts = factor.kind === 'floor' ? [factor.numerator, factor.denominator] : factor.operands;
          for (const part of parts) for (const name of part.names()) found.add(name);
        }
      }
    }
    return [...found];
  }
}

function isNotNegative(factor: Factor): boolean {
  if (factor.kind === 'name') return true;
  const parts = factor.kind === 'floor' ? [factor.numerator, factor.denominator] : factor.operands;
  const clean = (part: Polynomial): boolean =>
    part.terms.every((term) => term.coefficient >= 0 && term.factors.every((inner) => isNotNegative(inner.factor)));
  return factor.kind === 'max' ? parts.some(clean) : parts.every(clean);
}

function writeTerm({ coefficient, factors }: Term, first: boolean): string {
  const sign = first ? '' : coefficient < 0 ? ' - ' : ' + ';
  const size = first ? coefficient : Math.abs(coefficient);
  const names = factors.map(({ text }) => text).join('*');
  if (!names) return `${sign}${size}`;
  return size === 1 ? `${sign}${names}` : `${sign}${size}*${names}`;
}

/** The factors that stay when others are taken away; undefined where one of those is missing. */
function without(factors: Term['factors'], taken: Term['factors']): Term['factors'] | undefined {
  const left = [...factors];
  for (const { text } of taken) {
    const index = left.findIndex((factor) => factor.text === text);
    if (index < 0) return undefined;
    left.splice(index, 1);
  }
  return left;
}
