import { error, type Problem } from '../../core/result.ts';

/** Kinds of tokens; punctuation is its own character code. */
export const END = 0;
export const WORD = 1;
export const STRING = 2;

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const STAR = 42;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const BACKSLASH = 92;

export const OPEN = 40;
export const CLOSE = 41;
export const COMMA = 44;
export const COLON = 58;
export const SEMICOLON = 59;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

const PUNCTUATION = [OPEN, CLOSE, COMMA, COLON, SEMICOLON, OPEN_BRACE, CLOSE_BRACE];

/** By byte: 1 ends a word. */
const ENDS_WORD = new Uint8Array(256);
for (const code of [TAB, NEWLINE, RETURN, SPACE, QUOTE, ...PUNCTUATION]) ENDS_WORD[code] = 1;

const TENS = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
];

/** Places for strings that were made before: most names and values of a library repeat. A power of two. */
const KEPT = 1 << 14;

/** What stops a reading: the rest of the file has no meaning any more. */
export class LibertySyntaxError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.problem = problem;
  }
}

/** Walks over the bytes of a Liberty file. Texts are made only of what is asked for, numbers of tables never. */
export class Scanner {
  readonly bytes: Uint8Array;
  readonly file: string | undefined;
  at = 0;
  /** Line of `at`, from 1. */
  line = 1;
  /** The last token: bytes from `from` to before `to`, quotes left out, beginning at `tokenLine`. */
  from = 0;
  to = 0;
  tokenLine = 1;

  readonly #kept: (string | undefined)[] = new Array(KEPT);
  readonly #keptAt = new Int32Array(KEPT);
  #numbers = new Float64Array(256);
  #decoder = new TextDecoder();

  constructor(bytes: Uint8Array, file: string | undefined) {
    this.bytes = bytes;
    this.file = file;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3;
  }

  problem(code: string, what: string, remedy: string, line = this.tokenLine): Problem {
    return error(code, what, remedy, { file: this.file, line });
  }

  stop(code: string, what: string, remedy: string, line = this.tokenLine): never {
    throw new LibertySyntaxError(this.problem(code, what, remedy, line));
  }

  /** Passes blanks, comments and continued lines. */
  blanks(): void {
    const { bytes } = this;
    for (;;) {
      const code = bytes[this.at];
      if (code === NEWLINE) {
        this.line++;
        this.at++;
      } else if (code === SPACE || code === TAB || code === RETURN) this.at++;
      else if (code === BACKSLASH && this.#endsLine(this.at + 1)) this.at++;
      else if (code === SLASH && (bytes[this.at + 1] === STAR || bytes[this.at + 1] === SLASH)) this.#comment();
      else return;
    }
  }

  #endsLine(at: number): boolean {
    let place = at;
    while (this.bytes[place] === SPACE || this.bytes[place] === TAB || this.bytes[place] === RETURN) place++;
    return place >= this.bytes.length || this.bytes[place] === NEWLINE;
  }

  #comment(): void {
    const { bytes } = this;
    const begun = this.line;
    if (bytes[this.at + 1] === SLASH) {
      while (this.at < bytes.length && bytes[this.at] !== NEWLINE) this.at++;
      return;
    }
    this.at += 2;
    while (this.at < bytes.length) {
      const code = bytes[this.at++];
      if (code === NEWLINE) this.line++;
      else if (code === STAR && bytes[this.at] === SLASH) {
        this.at++;
        return;
      }
    }
    this.stop('liberty-comment', 'The comment that begins here has no end.', 'Close it by */.', begun);
  }

  /** The next token; `from`, `to` and `tokenLine` tell where it is. */
  next(): number {
    this.blanks();
    const { bytes } = this;
    this.tokenLine = this.line;
    const first = bytes[this.at];
    if (first === undefined) {
      this.from = this.to = this.at;
      return END;
    }
    if (first === QUOTE) {
      this.#string();
      return STRING;
    }
    this.from = this.at;
    if (ENDS_WORD[first] === 1) {
      this.to = ++this.at;
      return first;
    }
    let place = this.at + 1;
    while (place < bytes.length && ENDS_WORD[bytes[place] as number] === 0) place++;
    this.at = this.to = place;
    return WORD;
  }

  /** Looks at the next token without passing it. */
  peek(): number {
    const { at, line, from, to, tokenLine } = this;
    const kind = this.next();
    this.at = at;
    this.line = line;
    this.from = from;
    this.to = to;
    this.tokenLine = tokenLine;
    return kind;
  }

  #string(): void {
    const { bytes } = this;
    let place = this.at + 1;
    this.from = place;
    for (; place < bytes.length; place++) {
      const code = bytes[place];
      if (code === QUOTE) {
        this.to = place;
        this.at = place + 1;
        return;
      }
      if (code === BACKSLASH) {
        place++;
        while (bytes[place] === RETURN) place++;
        if (bytes[place] === NEWLINE) this.line++;
      } else if (code === NEWLINE) {
        // Not all files write the backslash before a line that goes on.
        if (this.#endsStatement(this.from, place)) break;
        this.line++;
      }
    }
    this.stop('liberty-string', 'The string that begins here has no closing quote.', 'Close it by ".');
  }

  /** What no string holds that is continued on the next line: its quote is lost. */
  #endsStatement(from: number, to: number): boolean {
    for (let place = from; place < to; place++) {
      const code = this.bytes[place];
      if (code === SEMICOLON || code === OPEN_BRACE || code === CLOSE_BRACE) return true;
    }
    return false;
  }

  /** Text of the last token: a string's escapes undone. */
  text(): string {
    return this.slice(this.from, this.to);
  }

  /** Text of a piece of the file. The same bytes give the same string object as long as it is kept. */
  slice(from: number, to: number): string {
    const { bytes } = this;
    let hash = 0x811c9dc5;
    let plain = true;
    for (let place = from; place < to; place++) {
      const code = bytes[place] as number;
      if (code === BACKSLASH || code > 126) plain = false;
      hash = Math.imul(hash ^ code, 0x01000193);
    }
    const slot = (hash ^ (hash >>> 15)) & (KEPT - 1);
    const kept = this.#kept[slot];
    if (kept !== undefined && kept.length === to - from) {
      const first = this.#keptAt[slot] as number;
      let same = 0;
      while (same < kept.length && bytes[first + same] === bytes[from + same]) same++;
      if (same === kept.length) return kept;
    }
    if (!plain) {
      const raw = this.#decoder.decode(bytes.subarray(from, to));
      return raw.replace(/\\[ \t\r]*\n/g, ' ').replace(/\\(.)/g, '$1');
    }
    let text = '';
    for (let place = from; place < to; place++) text += String.fromCharCode(bytes[place] as number);
    this.#kept[slot] = text;
    this.#keptAt[slot] = from;
    return text;
  }

  /**
   * The numbers of `("1, 2", "3, 4")`, after the opening parenthesis and through the closing one. What is not a number is told to `report`
   * and stands as NaN.
   */
  numbers(report: (problem: Problem) => void): Float64Array {
    const { bytes } = this;
    const begun = this.line;
    let count = 0;
    let quoted = false;
    for (;;) {
      const code = bytes[this.at];
      if (code === undefined)
        this.stop(
          'liberty-truncated',
          'The file ends within the list of numbers that begins here.',
          'The file was cut off: load it again in full.',
          begun,
        );
      else if (code === SPACE || code === COMMA || code === TAB || code === RETURN || code === BACKSLASH) this.at++;
      else if (code === NEWLINE) {
        this.line++;
        this.at++;
      } else if (code === QUOTE) {
        quoted = !quoted;
        this.at++;
      } else if (code === CLOSE && !quoted) {
        this.at++;
        return this.#numbers.slice(0, count);
      } else if (code === SLASH && bytes[this.at + 1] === STAR) this.#comment();
      else if (code === SEMICOLON || code === OPEN_BRACE || code === CLOSE_BRACE)
        this.stop(
          'liberty-list',
          `A list of numbers is broken off by "${String.fromCharCode(code)}".`,
          'Close the list by a quote and a parenthesis.',
          this.line,
        );
      else {
        if (count === this.#numbers.length) {
          const larger = new Float64Array(2 * count);
          larger.set(this.#numbers);
          this.#numbers = larger;
        }
        const from = this.at;
        const value = this.#number();
        this.#numbers[count++] = value;
        if (Number.isNaN(value))
          report(
            this.problem(
              'liberty-number',
              `"${this.slice(from, this.at)}" is no number.`,
              'Mend the number: digits, a point, an exponent.',
              this.line,
            ),
          );
      }
    }
  }

  /** Passes what stands up to the next separator; NaN when that is no number. Exact: what it cannot scale by one power of ten goes to Number. */
  #number(): number {
    const { bytes } = this;
    const from = this.at;
    let place = from;
    const negative = bytes[place] === MINUS;
    if (negative || bytes[place] === PLUS) place++;
    let mantissa = 0;
    let seen = 0;
    let digits = 0;
    let behindPoint = 0;
    let point = false;
    for (; ; place++) {
      const code = bytes[place] as number;
      if (code >= 48 && code <= 57) {
        mantissa = mantissa * 10 + (code - 48);
        seen++;
        if (mantissa > 0) digits++;
        if (point) behindPoint++;
      } else if (code === DOT && !point) point = true;
      else break;
    }
    let good = seen > 0;
    let exponent = 0;
    if (good && ((bytes[place] as number) | 32) === 101) {
      place++;
      const down = bytes[place] === MINUS;
      if (down || bytes[place] === PLUS) place++;
      const begun = place;
      for (let code = bytes[place] as number; code >= 48 && code <= 57; code = bytes[++place] as number)
        exponent = exponent * 10 + (code - 48);
      good = place > begun;
      if (down) exponent = -exponent;
    }
    const end = bytes[place];
    if (
      !good ||
      !(
        end === COMMA ||
        end === SPACE ||
        end === QUOTE ||
        end === CLOSE ||
        end === NEWLINE ||
        end === RETURN ||
        end === TAB ||
        end === BACKSLASH ||
        end === undefined
      )
    ) {
      while (place < bytes.length && ENDS_WORD[bytes[place] as number] === 0) place++;
      this.at = Math.max(place, from + 1);
      return Number.NaN;
    }
    this.at = place;
    const scale = exponent - behindPoint;
    let value: number;
    if (digits <= 15 && scale >= -22 && scale <= 22)
      value = scale < 0 ? mantissa / (TENS[-scale] as number) : mantissa * (TENS[scale] as number);
    else return Number(this.slice(from, place));
    return negative ? -value : value;
  }

  /** After an opening brace: passes everything through its closing one. False when the file ends before. */
  skipGroup(): boolean {
    const { bytes } = this;
    let depth = 1;
    while (this.at < bytes.length) {
      const code = bytes[this.at] as number;
      if (code === NEWLINE) {
        this.line++;
        this.at++;
      } else if (code === QUOTE) {
        this.tokenLine = this.line;
        this.#string();
      } else if (code === SLASH && bytes[this.at + 1] === STAR) this.#comment();
      else {
        this.at++;
        if (code === OPEN_BRACE) depth++;
        else if (code === CLOSE_BRACE && --depth === 0) return true;
      }
    }
    return false;
  }
}
