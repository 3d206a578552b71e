import type { Problem } from '../../core/result.ts';

/** Text of a script. `fixed`: where all of it counts as standing, for text that was put together at run time. */
export interface Source {
  text: string;
  fixed?: Spot;
}

/** 1-based. */
export interface Spot {
  line: number;
  column: number;
}

/** What stops a command. It never leaves this folder: `readSdc` turns it into a problem. */
export class SdcError extends Error {
  readonly code: string;
  readonly spot: Spot;
  readonly remedy?: string;

  constructor(code: string, what: string, spot: Spot, remedy?: string) {
    super(what);
    this.code = code;
    this.spot = spot;
    this.remedy = remedy;
  }
}

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'variable'; name: string; from: number }
  | { kind: 'command'; commands: Command[] };

export interface Word {
  from: number;
  parts: Part[];
  /** `{*}`: the word's elements become words. */
  expand: boolean;
  /** A word in braces: where its text lies between them. */
  literal?: { from: number; to: number };
}

export interface Command {
  from: number;
  words: Word[];
}

const MAX_DEPTH = 100;
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };
/** What stands in `a[3]`, `a[*]` and `a[7:0]`: an index of a bus, not a command. */
const BUS_INDEX = /\[(\d+|\*|\d+:\d+)\]/y;
const VARIABLE = /\$(?:\{([^}]*)\}|((?:[A-Za-z0-9_]|::)+)(\(?))/y;

const starts = new WeakMap<Source, number[]>();

/** Line and column of a place in a text. */
export function spotOf(source: Source, offset: number): Spot {
  if (source.fixed) return source.fixed;
  let lines = starts.get(source);
  if (!lines) {
    lines = [0];
    for (let i = source.text.indexOf('\n'); i >= 0; i = source.text.indexOf('\n', i + 1)) lines.push(i + 1);
    starts.set(source, lines);
  }
  let low = 0;
  let high = lines.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (lines[middle]! <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - lines[low]! + 1 };
}

/** Splits a script of Tcl into commands and words. Nothing is evaluated; commands in brackets are split along. */
export class Splitter {
  readonly source: Source;
  private readonly text: string;
  private readonly end: number;
  private at: number;
  private depth = 0;

  constructor(source: Source, from = 0, to = source.text.length) {
    this.source = source;
    this.text = source.text;
    this.at = from;
    this.end = to;
  }

  /** The next command, or undefined at the end of the script. */
  next(): Command | undefined {
    return this.command(false);
  }

  /** The value of an expression's `$name` or `[command]` at `offset`, and where it ends; undefined where there is none. */
  partAt(offset: number): { part: Part; to: number } | undefined {
    this.at = offset;
    const part = this.text[offset] === '$' ? this.variable() : this.text[offset] === '[' ? this.bracket() : undefined;
    return part && { part, to: this.at };
  }

  /** Parts of a text in quotes that begins at `offset`, and where it ends. */
  quotedAt(offset: number): { parts: Part[]; to: number } {
    this.at = offset;
    const parts = this.quoted();
    return { parts, to: this.at };
  }

  fail(what: string, offset: number, remedy?: string): never {
    throw new SdcError('sdc-syntax', what, spotOf(this.source, offset), remedy);
  }

  /** Skips what separates commands, and comments. */
  private command(inBracket: boolean): Command | undefined {
    for (;;) {
      this.blanks();
      const c = this.text[this.at];
      if (this.at >= this.end || (inBracket && c === ']')) return undefined;
      if (c === '\n' || c === ';' || c === '\r') this.at++;
      else if (c === '#') this.comment();
      else break;
    }
    const from = this.at;
    const words: Word[] = [];
    for (;;) {
      this.blanks();
      const c = this.text[this.at];
      if (this.at >= this.end || c === '\n' || c === ';' || (inBracket && c === ']')) break;
      words.push(this.word(inBracket));
    }
    return { from, words };
  }

  private comment(): void {
    while (this.at < this.end && this.text[this.at] !== '\n') this.at += this.text[this.at] === '\\' ? 2 : 1;
  }

  /** Blanks, and line ends after a backslash. */
  private blanks(): void {
    for (;;) {
      const c = this.text[this.at];
      if (this.at >= this.end) return;
      if (c === ' ' || c === '\t' || c === '\r') this.at++;
      else if (c === '\\' && this.continuation(this.at) > 0) this.at += this.continuation(this.at);
      else return;
    }
  }

  /** Length of a backslash and line end at `offset`, or 0. */
  private continuation(offset: number): number {
    if (this.text[offset] !== '\\') return 0;
    if (this.text[offset + 1] === '\n') return 2;
    return this.text[offset + 1] === '\r' && this.text[offset + 2] === '\n' ? 3 : 0;
  }

  private word(inBracket: boolean): Word {
    let expand = false;
    const from = this.at;
    if (this.text.startsWith('{*}', this.at) && !/[\s;]/.test(this.text[this.at + 3] ?? ' ')) {
      expand = true;
      this.at += 3;
    }
    const c = this.text[this.at];
    if (c === '{') {
      const braced = this.braced();
      this.wordEnd('}', inBracket);
      return { from, expand, ...braced };
    }
    if (c === '"') {
      const parts = this.quoted();
      this.wordEnd('"', inBracket);
      return { from, expand, parts };
    }
    return { from, expand, parts: this.bare(inBracket) };
  }

  private wordEnd(closed: string, inBracket: boolean): void {
    const c = this.text[this.at];
    if (this.at >= this.end || /[\s;]/.test(c!) || (inBracket && c === ']') || this.continuation(this.at) > 0) return;
    this.fail(`A word ends at ${closed}, but more text follows it.`, this.at, 'Put a blank after it.');
  }

  private braced(): { parts: Part[]; literal: { from: number; to: number } } {
    const from = this.at + 1;
    let depth = 0;
    let text = '';
    for (let i = this.at; i < this.end; i++) {
      const c = this.text[i]!;
      if (c === '\\') {
        const skip = this.continuation(i);
        if (skip > 0) {
          text += ' ';
          i += skip - 1;
          while (this.text[i + 1] === ' ' || this.text[i + 1] === '\t') i++;
        } else {
          text += c + (i + 1 < this.end ? this.text[i + 1] : '');
          i++;
        }
        continue;
      }
      if (c === '{') depth++;
      else if (c === '}' && --depth === 0) {
        this.at = i + 1;
        return { parts: [{ kind: 'text', text: text.slice(1) }], literal: { from, to: i } };
      }
      text += c;
    }
    this.fail('This { is never closed.', from - 1, 'Add the closing }.');
  }

  private quoted(): Part[] {
    const from = this.at++;
    const parts = this.partsUntil((c) => c === '"');
    if (this.at >= this.end) this.fail('This " is never closed.', from, 'Add the closing ".');
    this.at++;
    return parts;
  }

  private bare(inBracket: boolean): Part[] {
    return this.partsUntil((c) => /[\s;]/.test(c) || (inBracket && c === ']') || this.continuation(this.at) > 0);
  }

  /** Texts and what is put into them, up to a character that ends them, or to the end. */
  private partsUntil(ends: (character: string) => boolean): Part[] {
    const parts: Part[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
    };
    while (this.at < this.end) {
      const c = this.text[this.at]!;
      if (ends(c)) break;
      const part = c === '$' || c === '[' ? this.substitution() : undefined;
      if (part?.kind === 'text') text += part.text;
      else if (part) {
        flush();
        parts.push(part);
      } else if (c === '\\') text += this.escape();
      else {
        text += c;
        this.at++;
      }
    }
    flush();
    return parts;
  }

  private substitution(): Part {
    return this.text[this.at] === '$' ? this.variable() : this.bracket();
  }

  private variable(): Part {
    const from = this.at;
    VARIABLE.lastIndex = from;
    const match = VARIABLE.exec(this.text);
    if (!match || VARIABLE.lastIndex > this.end) {
      this.at++;
      return { kind: 'text', text: '$' };
    }
    if (match[3] === '(') this.fail('Arrays are not read here.', from, 'Use a plain variable, one for each value.');
    this.at = VARIABLE.lastIndex;
    return { kind: 'variable', name: match[1] ?? match[2]!, from };
  }

  private bracket(): Part {
    const from = this.at;
    BUS_INDEX.lastIndex = from;
    const index = BUS_INDEX.exec(this.text);
    if (index && BUS_INDEX.lastIndex <= this.end) {
      this.at = BUS_INDEX.lastIndex;
      return { kind: 'text', text: index[0] };
    }
    if (++this.depth > MAX_DEPTH) this.fail(`Brackets are nested more than ${MAX_DEPTH} deep.`, from);
    this.at++;
    const commands: Command[] = [];
    for (let command = this.command(true); command; command = this.command(true)) commands.push(command);
    if (this.text[this.at] !== ']' || this.at >= this.end)
      this.fail('This [ is never closed.', from, 'Add the closing ].');
    this.at++;
    this.depth--;
    return { kind: 'command', commands };
  }

  private escape(): string {
    const skip = this.continuation(this.at);
    if (skip > 0) {
      this.at += skip;
      while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
      return ' ';
    }
    const c = this.text[this.at + 1] ?? '\\';
    if (c === 'x' || c === 'u' || /[0-7]/.test(c))
      this.fail(`The escape \\${c} is not read here.`, this.at, 'Write the character itself.');
    this.at += 2;
    return ESCAPES[c] ?? c;
  }
}

/** Elements of a Tcl list. Throws an Error whose message says what is wrong with it. */
export function splitList(text: string): string[] {
  const out: string[] = [];
  let i = 0;
  const blank = (c: string | undefined) => c === ' ' || c === '\t' || c === '\n' || c === '\r';
  while (i < text.length) {
    if (blank(text[i])) {
      i++;
      continue;
    }
    let element = '';
    const closer = text[i] === '{' ? '}' : text[i] === '"' ? '"' : undefined;
    if (closer === '}') {
      let depth = 0;
      const from = i + 1;
      for (; i < text.length; i++) {
        if (text[i] === '\\') i++;
        else if (text[i] === '{') depth++;
        else if (text[i] === '}' && --depth === 0) break;
      }
      if (i >= text.length) throw new Error('a { is not closed');
      element = text.slice(from, i++);
    } else {
      if (closer) i++;
      for (; i < text.length && (closer ? text[i] !== closer : !blank(text[i])); i++) {
        if (text[i] !== '\\') element += text[i];
        else element += ESCAPES[text[++i] ?? ''] ?? text[i] ?? '\\';
      }
      if (closer && i++ >= text.length) throw new Error('a " is not closed');
    }
    if (closer && i < text.length && !blank(text[i])) throw new Error(`${closer} is followed by more text`);
    out.push(element);
  }
  return out;
}

/** A text as an element of a Tcl list. */
export function listElement(text: string): string {
  if (text === '') return '{}';
  if (!/[\s{}[\]"\\$;]/.test(text) && text[0] !== '#') return text;
  let depth = 0;
  let balanced = true;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') balanced = false;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth < 0) balanced = false;
  }
  if (balanced && depth === 0) return `{${text}}`;
  return text.replace(/[\s{}[\]"\\$;]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`)).replace(/^#/, '\\#');
}

export function joinList(elements: readonly string[]): string {
  return elements.map(listElement).join(' ');
}

/** A problem of the constraint file. */
export function problemOf(cause: SdcError, file: string): Problem {
  return {
    code: cause.code,
    severity: 'error',
    what: cause.message,
    where: { file, ...cause.spot },
    ...(cause.remedy === undefined ? {} : { remedy: cause.remedy }),
  };
}
