import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpr, parseFunction, pinsOf, unateness, verilogOf } from './expression.ts';
import type { BoolExpr } from './types.ts';

function read(text: string): BoolExpr {
  const result = parseFunction(text);
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return result.value;
}

/** Values over all assignments, the first pin the lowest bit. */
function truth(text: string, pins: string[]): string {
  const expr = read(text);
  let values = '';
  for (let state = 0; state < 1 << pins.length; state++)
    values += evaluateExpr(expr, (name) => ((state >> pins.indexOf(name)) & 1) as 0 | 1);
  return values;
}

const PINS = ['A', 'B', 'C'];

const expressions: fc.Arbitrary<BoolExpr> = fc.letrec<{ expr: BoolExpr }>((tie) => ({
  expr: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<BoolExpr>(...PINS.map((name): BoolExpr => ({ kind: 'pin', name }))),
    fc.constantFrom<BoolExpr>({ kind: 'constant', value: 0 }, { kind: 'constant', value: 1 }),
    tie('expr').map((of): BoolExpr => ({ kind: 'not', of })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const, 'xor' as const), tie('expr'), tie('expr'))
      .map(([kind, first, second]): BoolExpr => ({ kind, of: [first, second] })),
  ),
})).expr;

/** With as few parentheses as Liberty's precedences allow. */
function print(expr: BoolExpr, above = 0): string {
  if (expr.kind === 'constant') return String(expr.value);
  if (expr.kind === 'pin') return expr.name;
  if (expr.kind === 'not') return expr.of.kind === 'pin' ? `${expr.of.name}'` : `!${print(expr.of, 4)}`;
  const [level, sign] = { or: [1, ' + '], and: [2, ' '], xor: [3, '^'] }[expr.kind] as [number, string];
  const text = `${print(expr.of[0], level)}${sign}${print(expr.of[1], level)}`;
  return level < above ? `(${text})` : text;
}

describe('functions of Liberty', () => {
  it('bind not, then ^, then and, then or', () => {
    expect(truth("A + B C'", PINS)).toBe(truth('A | (B & (!C))', PINS));
    expect(truth('A B ^ C', PINS)).toBe(truth('A & (B ^ C)', PINS));
    expect(truth('A ^ B + C', PINS)).toBe(truth('(A ^ B) | C', PINS));
    expect(truth('!A B', ['A', 'B'])).toBe('0010');
    expect(truth("(A+B)'", ['A', 'B'])).toBe('1000');
    expect(truth('A*B+!(C)', PINS)).toBe('11110001');
    expect(truth("!A'", ['A'])).toBe('01');
  });

  it('know constants, bits of buses, and quoted names', () => {
    expect(read('1')).toEqual({ kind: 'constant', value: 1 });
    expect(pinsOf(read('A[0] & "1B" | A[1] A[0]'))).toEqual(['A[0]', '1B', 'A[1]']);
  });

  it('that are broken are reported', () => {
    for (const text of ['', 'A +', '(A', 'A)', '* B', '"A', 'A + + B']) {
      const result = parseFunction(text, { file: 'x.lib', line: 3 });
      expect(result.ok, text).toBe(false);
      if (!result.ok)
        expect(result.problems[0]).toMatchObject({ code: 'liberty-function', where: { file: 'x.lib', line: 3 } });
    }
  });

  it('printed and read again mean the same', () => {
    fc.assert(
      fc.property(expressions, (expr) => {
        const again = read(print(expr));
        for (let state = 0; state < 8; state++) {
          const bitOf = (name: string) => ((state >> PINS.indexOf(name)) & 1) as 0 | 1;
          expect(evaluateExpr(again, bitOf)).toBe(evaluateExpr(expr, bitOf));
        }
      }),
    );
  });

  it('tell how they follow a pin', () => {
    expect(unateness(read("(A B)'"), 'A')).toBe('negative');
    expect(unateness(read('A + B'), 'B')).toBe('positive');
    expect(unateness(read('A ^ B'), 'A')).toBe('non-unate');
    expect(unateness(read("A B + A' B"), 'A')).toBe('none');
    expect(unateness(read('A'), 'B')).toBe('none');
    // A multiplexer: each data pin one way, the select both.
    expect(['S', 'A', 'B'].map((pin) => unateness(read("S A + S' B"), pin))).toEqual([
      'non-unate',
      'positive',
      'positive',
    ]);
  });

  it('are written in Verilog', () => {
    expect(verilogOf(read("A B + C'"))).toBe('(A & B) | ~C');
    expect(verilogOf(read('A + B + C'))).toBe('A | B | C');
    expect(verilogOf(read('0'))).toBe("1'b0");
  });
});
