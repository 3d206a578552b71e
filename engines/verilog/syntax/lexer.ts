/**
 * Tokens of a text, up to its end or the next backtick: the preprocessor takes over there and comes back with what a macro or
 * an included file holds.
 */
import type { Problem } from '../../core/result.ts';
import {
  CharClass,
  CLASS_OF,
  decodeString,
  isDigit,
  isInName,
  skipBlanks,
  skipName,
  skipString,
  skipToBlank,
  startsName,
} from './characters.ts';
import { operatorAt } from './operators.ts';
import type { TokenBuffer, TokenPlace } from './token-buffer.ts';
import { TokenKind, type TokenStream } from './tokens.ts';

/** A text being read: a file, or what a macro stands for. */
export interface Frame {
  text: string;
  pos: number;
  /** 1-based line of `pos`, and where that line begins. */
  line: number;
  lineStart: number;
  /** Index of the file; of a macro: where the outermost use stands. */
  file: number;
  /** What `` `line `` adds to lines. */
  lineDelta: number;
  /** What `` `line `` calls the file. */
  reported: string | undefined;
  /** Where the macro is used; undefined in a file. */
  use: TokenPlace | undefined;
}

export type Report = (problem: Problem) => void;

export class Lexer {
  frame!: Frame;
  words: ReadonlySet<string> = new Set();
  systemVerilog = false;
  readonly out: TokenBuffer;
  readonly comments: TokenStream['comments'] = [];
  /** Tokens `logic` that are no keyword of their generation. */
  readonly logicNames: number[] = [];
  /** The path of a file by its index. */
  pathOf: (file: number) => string = () => '';
  private readonly report: Report;
  /** Depth of parentheses inside `(* ... *)`; -1 outside. */
  private attribute = -1;
  /** The last token is a number whose digits have not come yet: `` 8'h`VALUE ``. */
  private wantsDigits = false;

  constructor(out: TokenBuffer, report: Report) {
    this.out = out;
    this.report = report;
  }

  /** Where an offset of the frame's current line is said to stand. */
  place(offset: number): TokenPlace {
    const { frame } = this;
    if (frame.use) return frame.use;
    return {
      file: frame.file,
      offset,
      length: 1,
      line: frame.line + frame.lineDelta,
      column: offset - frame.lineStart + 1,
      reported: frame.reported,
    };
  }

  /** Passes over text up to `end`, counting lines. */
  passTo(end: number): void {
    const { frame } = this;
    const { text } = frame;
    for (let at = frame.pos; at < end; at++) {
      if (text.charCodeAt(at) !== 10) continue;
      frame.line++;
      frame.lineStart = at + 1;
    }
    frame.pos = end;
  }

  /** Appends tokens; true where it stands at a backtick, false at the end of the text. */
  run(): boolean {
    const { frame } = this;
    const { text } = frame;
    const end = text.length;
    let pos = frame.pos;
    if (this.wantsDigits) {
      pos = this.readDigits(pos);
      if (this.wantsDigits) {
        if (pos < end && text.charCodeAt(pos) !== 96) this.wantsDigits = false;
        else {
          frame.pos = pos;
          return pos < end;
        }
      }
    }
    while (pos < end) {
      const code = text.charCodeAt(pos);
      switch (code < 128 ? CLASS_OF[code] : CharClass.bad) {
        case CharClass.blank:
          pos++;
          break;
        case CharClass.newline:
          pos++;
          frame.line++;
          frame.lineStart = pos;
          break;
        case CharClass.letter: {
          const start = pos++;
          while (isInName(text.charCodeAt(pos))) pos++;
          const word = text.slice(start, pos);
          const keyword = this.words.has(word);
          if (word === 'logic' && !keyword) this.logicNames.push(this.out.count);
          this.emit(keyword ? TokenKind.keyword : TokenKind.identifier, word, start, pos);
          break;
        }
        case CharClass.digit:
          pos = this.readNumber(pos);
          break;
        case CharClass.quote:
          pos = this.readString(pos);
          break;
        case CharClass.slash:
          pos = this.readSlash(pos);
          break;
        case CharClass.dollar: {
          const start = pos;
          pos = skipName(text, pos + 1);
          this.emit(pos > start + 1 ? TokenKind.system : TokenKind.symbol, text.slice(start, pos), start, pos);
          break;
        }
        case CharClass.backslash: {
          const start = pos;
          pos = skipToBlank(text, pos + 1);
          if (pos > start + 1) this.emit(TokenKind.identifier, text.slice(start + 1, pos), start, pos);
          else this.complain('bad-character', 'A backslash stands alone; it begins an escaped name.', start);
          break;
        }
        case CharClass.tick:
          pos = this.readTick(pos);
          break;
        case CharClass.backtick:
          frame.pos = pos;
          return true;
        case CharClass.symbol:
          pos = this.readSymbol(pos);
          break;
        default:
          pos = this.passBad(pos);
      }
    }
    frame.pos = end;
    return false;
  }

  emit(kind: TokenKind, text: string, start: number, end: number): void {
    const { frame, out } = this;
    const { use } = frame;
    if (use) this.emitAt(kind, text, use, 1);
    else {
      if (frame.reported !== undefined) out.reported.set(out.count, frame.reported);
      const column = start - frame.lineStart + 1;
      out.push(kind, text, frame.file, start, end - start, frame.line + frame.lineDelta, column, 0);
    }
  }

  emitAt(kind: TokenKind, text: string, place: TokenPlace, fromMacro: number): void {
    const { out } = this;
    if (place.reported !== undefined) out.reported.set(out.count, place.reported);
    out.push(kind, text, place.file, place.offset, place.length, place.line, place.column, fromMacro);
  }

  private complain(code: string, what: string, offset: number, remedy?: string): void {
    const { line, column, reported, file } = this.place(offset);
    const where = { file: reported ?? this.pathOf(file), line, column };
    this.report({ code, severity: 'error', what, where, remedy });
  }

  // -------------------------------------------------------------------------------------------------- Numbers

  private readNumber(start: number): number {
    const { text } = this.frame;
    let pos = skipDigits(text, start + 1);
    let kind: TokenKind = TokenKind.number;
    if (text.charCodeAt(pos) === 46 && isDigit(text.charCodeAt(pos + 1))) {
      pos = skipDigits(text, pos + 2);
      kind = TokenKind.real;
    }
    const exponent = text.charCodeAt(pos);
    if (exponent === 101 || exponent === 69) {
      const sign = text.charCodeAt(pos + 1);
      const digits = sign === 43 || sign === 45 ? pos + 2 : pos + 1;
      if (isDigit(text.charCodeAt(digits))) {
        pos = skipDigits(text, digits + 1);
        kind = TokenKind.real;
      }
    }
    if (startsName(text.charCodeAt(pos))) {
      const unitEnd = skipName(text, pos);
      if (unitEnd - pos <= 2 && /^(?:[munpf]?s)$/.test(text.slice(pos, unitEnd))) {
        pos = unitEnd;
        kind = TokenKind.time;
      }
    }
    this.emit(kind, text.slice(start, pos), start, pos);
    return pos;
  }

  /** `'h..`, `'0`, `'{`, `'(`, or `'` alone. */
  private readTick(start: number): number {
    const { text } = this.frame;
    const next = text.charCodeAt(start + 1) | 32;
    const base = next === 115 ? text.charCodeAt(start + 2) | 32 : next;
    if (base === 98 || base === 111 || base === 100 || base === 104) {
      return this.readBased(start, next === 115 ? start + 3 : start + 2);
    }
    const digit = text.charCodeAt(start + 1);
    if (digit === 48 || digit === 49 || next === 120 || next === 122) {
      if (!isInName(text.charCodeAt(start + 2))) {
        this.emit(TokenKind.number, text.slice(start, start + 2), start, start + 2);
        return start + 2;
      }
    }
    const bracket = skipBlanks(text, start + 1);
    const code = text.charCodeAt(bracket);
    if (code === 123 || code === 40) {
      if (code === 40 && this.attribute >= 0) this.attribute++;
      this.emit(TokenKind.symbol, code === 123 ? "'{" : "'(", start, bracket + 1);
      return bracket + 1;
    }
    this.emit(TokenKind.symbol, "'", start, start + 1);
    return start + 1;
  }

  /** A base and its digits; they join the size that stands before. */
  private readBased(start: number, afterBase: number): number {
    const { frame, out } = this;
    const prefix = frame.text.slice(start, afterBase);
    const before = out.count - 1;
    if (before >= 0 && out.kinds[before] === TokenKind.number && /^[0-9_]+$/.test(out.texts[before]!)) {
      out.texts[before] += prefix;
      this.lengthen(before, afterBase);
    } else {
      this.emit(TokenKind.number, prefix, start, afterBase);
    }
    this.wantsDigits = true;
    const end = this.readDigits(afterBase);
    if (this.wantsDigits && end < frame.text.length && frame.text.charCodeAt(end) !== 96) this.wantsDigits = false;
    return this.wantsDigits ? end : Math.max(end, afterBase);
  }

  /** Takes the digits of the number that is the last token, if they stand here; says so in `wantsDigits`. */
  private readDigits(from: number): number {
    const { frame, out } = this;
    const { text } = frame;
    const number = out.count - 1;
    const written = out.texts[number]!;
    const start = skipBlanks(text, from, true);
    if (start === text.length || text.charCodeAt(start) === 96) {
      frame.pos = from;
      this.passTo(start);
      return start;
    }
    const base = written.charCodeAt(written.length - 1) | 32;
    const first = text.charCodeAt(start);
    let end = start;
    if (isInName(first) || first === 63) {
      if (base === 100) {
        // `x == 4'd1?a:b`: a question mark is a digit only where it is the whole of a decimal number.
        end++;
        while (isInName(text.charCodeAt(end))) end++;
      } else {
        while (isInName(text.charCodeAt(end)) || text.charCodeAt(end) === 63) end++;
      }
      while (text.charCodeAt(end - 1) === 36) end--;
    }
    if (end === start) return from;
    this.wantsDigits = false;
    frame.pos = from;
    this.passTo(end);
    out.texts[number] = written + text.slice(start, end);
    this.lengthen(number, end);
    return end;
  }

  private lengthen(token: number, end: number): void {
    const { frame, out } = this;
    if (frame.use === undefined && out.file[token] === frame.file && out.offset[token]! < end) {
      out.length[token] = end - out.offset[token]!;
    } else if (frame.use !== undefined) {
      out.fromMacro[token] = 1;
    }
  }

  // ------------------------------------------------------------------------------------- Strings and comments

  private readString(start: number): number {
    const { frame } = this;
    const { text } = frame;
    const end = skipString(text, start);
    const closed = end > start + 1 && text.charCodeAt(end - 1) === 34 && !isEscaped(text, start, end - 1);
    if (!closed) {
      this.complain(
        'open-string',
        'The string that begins here is not closed in its line.',
        start,
        'Close it with a quotation mark; \\" stands for one inside a string.',
      );
    }
    const inner = text.slice(start + 1, closed ? end - 1 : end).replace(/\r$/, '');
    this.emit(TokenKind.string, decodeString(inner, this.systemVerilog), start, end);
    frame.pos = start;
    this.passTo(end);
    return end;
  }

  /** A comment, or an operator that begins with `/`. */
  private readSlash(start: number): number {
    const { frame } = this;
    const { text } = frame;
    const next = text.charCodeAt(start + 1);
    let end: number;
    if (next === 47) {
      end = text.indexOf('\n', start);
      if (end === -1) end = text.length;
    } else if (next === 42) {
      end = text.indexOf('*/', start + 2);
      if (end === -1) {
        this.complain('open-comment', 'The comment that begins here is not closed.', start, 'Close it with */.');
        end = text.length;
      } else {
        end += 2;
      }
    } else {
      return this.readSymbol(start);
    }
    if (frame.use === undefined) {
      this.comments.push({ file: frame.file, offset: start, length: end - start, before: this.out.count });
    }
    if (next === 42) {
      frame.pos = start;
      this.passTo(end);
    }
    return end;
  }

  // -------------------------------------------------------------------------------------------------- Symbols

  private readSymbol(start: number): number {
    const { text } = this.frame;
    const code = text.charCodeAt(start);
    let symbol: string;
    if (code === 40) {
      symbol = '(';
      if (text.charCodeAt(start + 1) === 42 && this.beginsAttribute(start + 2)) {
        symbol = '(*';
        this.attribute = 0;
      } else if (this.attribute >= 0) this.attribute++;
    } else if (code === 41) {
      symbol = ')';
      if (this.attribute > 0) this.attribute--;
    } else if (code === 42 && this.attribute === 0 && text.charCodeAt(start + 1) === 41) {
      symbol = '*)';
      this.attribute = -1;
    } else {
      symbol = operatorAt(text, start, this.systemVerilog, this.out.texts[this.out.count - 1]);
      if (code === 59) this.attribute = -1;
    }
    const end = start + symbol.length;
    this.emit(TokenKind.symbol, symbol, start, end);
    return end;
  }

  /** After `(*`: not the `(*)` of an event control. */
  private beginsAttribute(after: number): boolean {
    const { text } = this.frame;
    return text.charCodeAt(skipBlanks(text, after, true)) !== 41;
  }

  private passBad(start: number): number {
    const { text } = this.frame;
    let end = start;
    while (end < text.length) {
      const code = text.charCodeAt(end);
      if (code < 128 && CLASS_OF[code] !== CharClass.bad) break;
      end++;
    }
    const shown = text.codePointAt(start)!;
    const what =
      shown > 32 && shown !== 127
        ? `'${String.fromCodePoint(shown)}' (U+${shown.toString(16).toUpperCase().padStart(4, '0')})`
        : `with the code ${shown}`;
    this.complain(
      'bad-character',
      `The character ${what} can stand only in strings and comments.`,
      start,
      'Remove it, or write a name with it as an escaped name.',
    );
    return end;
  }
}

function skipDigits(text: string, at: number): number {
  let end = at;
  for (;;) {
    const code = text.charCodeAt(end);
    if (!isDigit(code) && code !== 95) return end;
    end++;
  }
}

/** Whether the character at `at` has an odd number of backslashes before it. */
function isEscaped(text: string, from: number, at: number): boolean {
  let start = at;
  while (start - 1 > from && text.charCodeAt(start - 1) === 92) start--;
  return (at - start) % 2 === 1;
}
