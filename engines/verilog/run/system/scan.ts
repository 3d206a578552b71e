/** $fscanf and $sscanf (IEEE 1364-2005 section 17.2.4.3), as vvp reads. */
import type { BoundArg } from '../machine.ts';
import { fromBigInt, fromBits } from '../value/vector.ts';
import { isValueArg, valueFor } from './values.ts';

/** Characters from somewhere, one at a time. */
export interface Source {
  /** Undefined at the end. */
  next(): number | undefined;
  back(byte: number): void;
}

/** What a scan asks of its task. */
export interface ScanHost {
  /** A time in the units of $timeformat, brought to those of the scope. */
  time(value: number): number;
  /** For %m. */
  scope: string;
  /** The text ended within the words of %u or %z. */
  short(found: number, needed: number, code: string): void;
  /** A letter that is no conversion. */
  invalid(code: string): void;
}

const isSpace = (byte: number | undefined) => byte !== undefined && (byte === 32 || (byte >= 9 && byte <= 13));

const DIGITS: Record<string, RegExp> = {
  b: /[01xXzZ?_]/,
  o: /[0-7xXzZ?_]/,
  h: /[0-9a-fA-FxXzZ?_]/,
  d: /[0-9_]/,
};
const BITS: Record<string, number> = { b: 1, o: 3, h: 4 };

/**
 * Reads by the format and assigns what it finds. @returns how many items were assigned; -1 when the text was at its end before the first.
 */
export function scan(
  source: Source,
  format: string,
  args: readonly BoundArg[],
  frame: unknown,
  host: ScanHost,
): number {
  let count = 0;
  let used = 0;
  let consumed = false;
  let atEnd = false;
  const read = (): number | undefined => {
    const byte = source.next();
    if (byte === undefined) atEnd = true;
    else consumed = true;
    return byte;
  };
  const skipSpace = () => {
    let byte = source.next();
    while (isSpace(byte)) {
      consumed = true;
      byte = source.next();
    }
    if (byte === undefined) atEnd = true;
    else source.back(byte);
  };
  /** Characters that satisfy the test, up to a width. */
  const take = (test: RegExp, width: number): string => {
    let text = '';
    while (text.length < width) {
      const byte = read();
      if (byte === undefined) break;
      if (!test.test(String.fromCharCode(byte))) {
        source.back(byte);
        break;
      }
      text += String.fromCharCode(byte);
    }
    return text;
  };
  const finish = () => (count === 0 && atEnd && !consumed ? -1 : count);
  const assign = (suppressed: boolean, value: Parameters<typeof valueFor>[1], signed = false): boolean => {
    if (suppressed) return true;
    const arg = args[used++];
    if (!isValueArg(arg) || arg.kind !== 'lvalue') return false;
    arg.assign(frame, valueFor(arg.type, value, signed));
    count++;
    return true;
  };

  for (let at = 0; at < format.length; ) {
    const letter = format[at]!;
    if (isSpace(letter.charCodeAt(0))) {
      skipSpace();
      at++;
      continue;
    }
    if (letter !== '%') {
      const byte = read();
      if (byte !== letter.charCodeAt(0)) {
        if (byte !== undefined) source.back(byte);
        return finish();
      }
      at++;
      continue;
    }
    const match = /^%(\*?)(\d*)([a-zA-Z%])/.exec(format.slice(at));
    if (!match) return finish();
    at += match[0].length;
    const suppressed = match[1] === '*';
    const width = match[2] === '' ? Number.POSITIVE_INFINITY : Number(match[2]);
    const code = match[3]!.toLowerCase();
    switch (code) {
      case '%': {
        skipSpace();
        if (read() !== 37) return finish();
        break;
      }
      case 'c': {
        const byte = read();
        if (byte === undefined) return finish();
        if (!assign(suppressed, fromBigInt(8, BigInt(byte)))) return finish();
        break;
      }
      case 's': {
        skipSpace();
        const text = take(/\S/, width);
        if (text === '') return finish();
        if (!assign(suppressed, text)) return finish();
        break;
      }
      case 'b':
      case 'o':
      case 'h':
      case 'x': {
        skipSpace();
        const base = code === 'x' ? 'h' : code;
        const first = take(DIGITS[base]!, 1);
        if (first === '_') source.back(95);
        if (first === '' || first === '_') return finish();
        // Here ? is x: it is z in numbers of the source only.
        const text = (first + take(DIGITS[base]!, width - 1)).replaceAll('_', '').replaceAll('?', 'x');
        if (!assign(suppressed, fromBits(bitsOf(text, BITS[base]!)))) return finish();
        break;
      }
      case 'd': {
        skipSpace();
        const unknown = take(/[xXzZ?]/, 1);
        if (unknown !== '') {
          if (!assign(suppressed, fromBits((/[x?]/i.test(unknown) ? 'x' : 'z').repeat(64)), true)) return finish();
          break;
        }
        const sign = take(/[-+]/, 1);
        const text = take(DIGITS.d!, width - sign.length);
        const digits = text.replaceAll('_', '');
        if (digits === '' || text[0] === '_') return finish();
        const value = BigInt(digits) * (sign === '-' ? -1n : 1n);
        const bits = Math.max(64, digits.length * 4 + 1);
        if (!assign(suppressed, fromBigInt(bits, value), true)) return finish();
        break;
      }
      case 'e':
      case 'f':
      case 'g':
      case 't': {
        skipSpace();
        const text = take(/[-+0-9.eEinfaINFA]/, width);
        const value = text === '' ? Number.NaN : Number(text);
        if (Number.isNaN(value)) return finish();
        if (!assign(suppressed, code === 't' ? host.time(value) : value)) return finish();
        break;
      }
      case 'm': {
        if (!assign(suppressed, host.scope)) return finish();
        break;
      }
      case 'u':
      case 'z': {
        const arg = args[used];
        const own = isValueArg(arg) && arg.type.kind === 'vector' ? arg.type.width : 32;
        const bits = Number.isFinite(width) ? width : own;
        const needed = Math.ceil(bits / 32) * (code === 'z' ? 8 : 4);
        let found = 0;
        let [a, b] = [0n, 0n];
        for (let word = 0; word < Math.ceil(bits / 32); word++) {
          const planes = code === 'z' ? 2 : 1;
          for (let plane = 0; plane < planes; plane++) {
            for (let i = 0; i < 4; i++) {
              const byte = read();
              if (byte === undefined) {
                if (found > 0) host.short(found, needed, code);
                return count === 0 ? -1 : count;
              }
              found++;
              const moved = BigInt(byte) << BigInt(word * 32 + i * 8);
              if (plane === 0) a |= moved;
              else b |= moved;
            }
          }
        }
        if (!assign(suppressed, fromBigInt(bits, a, b))) return finish();
        break;
      }
      default:
        host.invalid(match[3]!);
        return finish();
    }
  }
  return finish();
}

/** "1f" by 4 is "00011111"; x and z stand for a whole digit. */
export function bitsOf(digits: string, bits: number): string {
  let text = '';
  for (const digit of digits) {
    if (/[xX]/.test(digit)) text += 'x'.repeat(bits);
    else if (/[zZ?]/.test(digit)) text += 'z'.repeat(bits);
    else text += Number.parseInt(digit, 16).toString(2).padStart(bits, '0');
  }
  return text;
}
