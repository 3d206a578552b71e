/** What a character can begin, for the lexer's dispatch. */
export const CharClass = {
  bad: 0,
  blank: 1,
  newline: 2,
  letter: 3,
  digit: 4,
  quote: 5,
  slash: 6,
  dollar: 7,
  backslash: 8,
  tick: 9,
  backtick: 10,
  symbol: 11,
} as const;

/** Class of each ASCII character. */
export const CLASS_OF: Uint8Array = (() => {
  const table = new Uint8Array(128);
  const set = (characters: string, value: number) => {
    for (const character of characters) table[character.charCodeAt(0)] = value;
  };
  set(' \t\r\f\v', CharClass.blank);
  set('\n', CharClass.newline);
  set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_', CharClass.letter);
  set('0123456789', CharClass.digit);
  set('"', CharClass.quote);
  set('/', CharClass.slash);
  set('$', CharClass.dollar);
  set('\\', CharClass.backslash);
  set("'", CharClass.tick);
  set('`', CharClass.backtick);
  set('!#%&()*+,-.:;<=>?@[]^{|}~', CharClass.symbol);
  return table;
})();

/** 1: may stand inside a name (letters, digits, `_`, `$`). */
const IN_NAME: Uint8Array = (() => {
  const table = new Uint8Array(128);
  for (let c = 0; c < 128; c++) {
    const value = CLASS_OF[c];
    if (value === CharClass.letter || value === CharClass.digit || value === CharClass.dollar) table[c] = 1;
  }
  return table;
})();

export function startsName(code: number): boolean {
  return code < 128 && CLASS_OF[code] === CharClass.letter;
}

/** Also for the NaN that stands after the end of a text. */
export function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isInName(code: number): boolean {
  return code < 128 && IN_NAME[code] === 1;
}

/** The offset after the name that begins at `at`; `at` itself where none does. */
export function skipName(text: string, at: number): number {
  if (!startsName(text.charCodeAt(at))) return at;
  let end = at + 1;
  while (isInName(text.charCodeAt(end))) end++;
  return end;
}

/** The offset of the next character that is no blank; stays in the line unless `acrossLines`. */
export function skipBlanks(text: string, at: number, acrossLines = false): number {
  let end = at;
  for (;;) {
    const code = text.charCodeAt(end);
    if (!isBlank(code) || (code === 10 && !acrossLines)) return end;
    end++;
  }
}

/** The offset after the last character that is not white space: the end of an escaped name that begins at `at`. */
export function skipToBlank(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isBlank(text.charCodeAt(end))) end++;
  return end;
}

/**
 * The offset after the string that begins (with its quote) at `at`: after the closing quote, or the end of its line where
 * it is not closed. `\` with an end of line goes on.
 */
export function skipString(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === 34) return end + 1;
    if (code === 10) return end;
    if (code === 92) {
      if (text.charCodeAt(end + 1) === 13 && text.charCodeAt(end + 2) === 10) end++;
      end++;
    }
    end++;
  }
  return Math.min(end, text.length);
}

/** The offset after the comment that begins at `at` (before the end of its line for a `//` comment); `at` where none does. */
export function skipComment(text: string, at: number): number {
  if (text.charCodeAt(at) !== 47) return at;
  const next = text.charCodeAt(at + 1);
  if (next === 47) {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end;
  }
  if (next === 42) {
    const end = text.indexOf('*/', at + 2);
    return end === -1 ? text.length : end + 2;
  }
  return at;
}

const SIMPLE_ESCAPES: Record<string, string> = { n: '\n', t: '\t' };
const SV_ESCAPES: Record<string, string> = { ...SIMPLE_ESCAPES, v: '\v', f: '\f', a: '\x07' };

/**
 * The bytes of what stands between a string's quotes, one UTF-16 unit each (IEEE 1364-2005 3.6.3, IEEE 1800-2012 5.9.1):
 * escapes are resolved, other characters are coded in UTF-8. Before SystemVerilog `\v`, `\f`, `\a` and `\x41` are letters.
 */
export function decodeString(inner: string, systemVerilog: boolean): string {
  const resolved = inner.includes('\\') ? resolveEscapes(inner, systemVerilog) : inner;
  return toBytes(resolved);
}

function resolveEscapes(inner: string, systemVerilog: boolean): string {
  const named = systemVerilog ? SV_ESCAPES : SIMPLE_ESCAPES;
  return inner.replace(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(\r?\n)|([\s\S]))/g, (whole, octal, hex, line, other) => {
    if (octal !== undefined) return byteMark(Number.parseInt(octal, 8) & 255);
    if (hex !== undefined) return systemVerilog ? byteMark(Number.parseInt(hex, 16)) : whole.slice(1);
    if (line !== undefined) return '';
    return named[other as string] ?? (other as string);
  });
}

/** Added to bytes above 127 that are no letters, to tell them from letters of that code until text is coded in UTF-8. */
export const BYTE_MARK = 0xdf00;
const byteMark = (byte: number) => String.fromCharCode(byte < 128 ? byte : BYTE_MARK + byte);

/** Text in UTF-8, a byte a character. */
export function toBytes(text: string): string {
  let plain = true;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) {
      plain = false;
      break;
    }
  }
  if (plain) return text;
  let bytes = '';
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 128) {
      bytes += text[i];
      continue;
    }
    const next = text.charCodeAt(i + 1);
    if (code >= 0xd800 && code < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
      i++;
    } else if (code >= BYTE_MARK && code < BYTE_MARK + 256) {
      bytes += String.fromCharCode(code - BYTE_MARK);
      continue;
    }
    if (code < 0x800) bytes += String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) {
      bytes += String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    } else {
      bytes += String.fromCharCode(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
    }
  }
  return bytes;
}
