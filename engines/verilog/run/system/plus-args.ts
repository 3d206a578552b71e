import type { Vec } from '../machine.ts';
import { fromBigInt, fromBits } from '../value/vector.ts';
import { bitsOf } from './scan.ts';

/**
 * `$value$plusargs("NAME=%d", v)`: the value of the first argument that begins so; undefined when there is none. What cannot be read as
 * the format asks is x (numbers) or 0 (reals).
 */
export function plusArgValue(
  args: readonly string[],
  format: string,
): { value: Vec | number | string; signed: boolean } | undefined {
  const match = /^(.*?)%0?([a-zA-Z])/.exec(format);
  if (!match) return undefined;
  const [, name = '', letter = ''] = match;
  const found = args.find((arg) => arg.startsWith(name));
  if (found === undefined) return undefined;
  const text = found.slice(name.length);
  switch (letter.toLowerCase()) {
    case 's':
      return { value: text, signed: false };
    case 'e':
    case 'f':
    case 'g': {
      const value = Number.parseFloat(text.replace(/^inf$/i, 'Infinity'));
      return { value: Number.isNaN(value) ? 0 : value, signed: true };
    }
    case 'd': {
      const digits = /^[-+]?\d[\d_]*$/.exec(text);
      if (digits)
        return {
          value: fromBigInt(text.length * 4 + 32, BigInt(text.replaceAll('_', '').replace('+', ''))),
          signed: true,
        };
      const unknown = /^([xXzZ])_*$/.exec(text);
      return { value: fromBits((unknown?.[1] ?? 'x').toLowerCase().repeat(1024)), signed: true };
    }
    case 'b':
    case 'o':
    case 'h':
    case 'x': {
      const bits = { b: 1, o: 3, h: 4, x: 4 }[letter.toLowerCase() as 'b'];
      const negative = text.startsWith('-');
      const body = text.replace(/^[-+]/, '').replaceAll('_', '');
      const wrong = bits === 1 ? /[^01xz]/i : bits === 3 ? /[^0-7xz]/i : /[^0-9a-fxz]/i;
      if (body === '' || wrong.test(body)) return { value: fromBits('x'.repeat(1024)), signed: false };
      const value = fromBits(bitsOf(body, bits));
      return negative ? { value: fromBigInt(1024, -BigInt(`0x${body}`)), signed: true } : { value, signed: false };
    }
    default:
      return undefined;
  }
}
