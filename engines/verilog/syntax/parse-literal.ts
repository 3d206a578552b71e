/** Values of number and time tokens in the tree. */
import type { NumberExpr, TimeExpr } from './ast.ts';
import { decodeNumber } from './number.ts';
import type { ParseState } from './parse-state.ts';

const TIME_UNITS: Record<string, number> = { s: 0, ms: -3, us: -6, ns: -9, ps: -12, fs: -15 };

/** The number at the token, whose text `text` is or is part of; what is wrong with it is reported, and it is then 0. */
export function numberLiteral(p: ParseState, token: number, text = p.texts[token]!): NumberExpr {
  let value = p.numbers.get(text);
  if (value === undefined) {
    value = decodeNumber(text);
    p.numbers.set(text, value);
  }
  if (typeof value === 'string') {
    p.report('number', value, token);
    return { kind: 'number', signed: true, a: 0n, b: 0n, first: token, last: token };
  }
  const { width, signed, a, b, fill, extend, truncated } = value;
  if (fill !== undefined && !p.isSv(token)) {
    p.report('fill-literal', `The literal ${text} is SystemVerilog.`, token, 'Write its width and base.', 'warning');
  }
  if (truncated) {
    p.report(
      'number-truncated',
      `The number ${text} has more digits than its ${width} bits: those on the left are dropped.`,
      token,
      'Give it a larger width, or fewer digits.',
      'warning',
    );
  }
  return { kind: 'number', width, signed, a, b, fill, extend, first: token, last: token };
}

/** `1.5ns`: the number and the power of ten of its unit. */
export function timeValue(text: string): Pick<TimeExpr, 'value' | 'unit'> {
  const match = /^([0-9._]+)\s*(s|ms|us|ns|ps|fs)$/.exec(text);
  if (!match) return { value: 0, unit: 0 };
  return { value: Number(match[1]!.replaceAll('_', '')), unit: TIME_UNITS[match[2]!]! };
}
