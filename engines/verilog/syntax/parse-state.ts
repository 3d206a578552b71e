/**
 * What all parts of the parser share: the place in the token stream, looking ahead, reporting, and recovery.
 *
 * The parser is a recursive descent over `tags`: a token's tag is its text for keywords and symbols, and a class that
 * begins with `$` for the rest, so that an escaped identifier `\begin ` is never taken for the word.
 */
import type { Problem } from '../../core/result.ts';
import type { Name, NetType } from './ast.ts';
import { generationOfPath, isSystemVerilog } from './keywords.ts';
import type { DecodedNumber } from './number.ts';
import {
  CLASS_TAGS,
  CLOSING,
  DECLARATION_STOPS,
  GENERATION_NAMES,
  HARD_STOPS,
  ITEM_STOPS,
  MAX_DEPTH,
  MAX_PROBLEMS,
  OPENING,
  STATEMENT_STOPS,
} from './parse-words.ts';
import { type Generation, TokenKind, type TokenStream } from './tokens.ts';

/** Thrown at a syntax error that has been reported, caught where the parser recovers. Never leaves `parse`. */
export const syntaxFailure = { syntaxFailure: true } as const;

/** Thrown where something is nested too deep; caught by `parse` alone, which goes on with the next module. */
export const depthFailure = { depthFailure: true } as const;

export interface ParseOptions {
  /** For each file; undefined: by the name (`.sv`: 2012, else 2005). */
  generation?: Generation;
}

export class ParseState {
  readonly tokens: TokenStream;
  readonly tags: string[];
  readonly texts: readonly string[];
  readonly problems: Problem[] = [];
  /** The token that is looked at. */
  pos = 0;
  /** Names declared by `interface NAME` in the unit: tells interface ports from ports of a user's type. */
  readonly interfaces = new Set<string>();
  /** What numbers already read say, by their text. */
  readonly numbers = new Map<string, DecodedNumber | string>();
  private readonly generations: Generation[];
  private readonly sv: boolean[];
  /** Where `begin_keywords and `end_keywords stand. */
  private readonly keywords: { token: number; generation: Generation | undefined }[];
  depth = 0;
  /** How many case statements are being read. */
  cases = 0;
  /** Errors before this token belong to a region that is being recovered from. */
  private quietBefore = -1;
  /** Where the last syntax error was reported. */
  private lastLine = -1;
  private lastFile = -1;
  private nextDirective = 0;
  private timescale: { unit: number; precision: number } | undefined;
  private netType: NetType | 'none' = 'wire';
  private pull: 'pull0' | 'pull1' | undefined;
  private cell = false;

  constructor(tokens: TokenStream, options: ParseOptions) {
    this.tokens = tokens;
    this.texts = tokens.texts;
    this.generations = tokens.files.map(
      ({ generation, path }) => generation ?? options.generation ?? generationOfPath(path),
    );
    this.keywords = tokens.directives.filter((directive) => directive.kind === 'keywords');
    this.sv = this.generations.map(isSystemVerilog);
    const words = new Map<string, string>();
    const tags: string[] = new Array(tokens.count + 8);
    for (let i = 0; i < tokens.count; i++) {
      const known = CLASS_TAGS[tokens.kinds[i]!];
      if (known !== undefined) {
        tags[i] = known;
        continue;
      }
      const text = tokens.texts[i]!;
      let word = words.get(text);
      if (word === undefined) {
        words.set(text, text);
        word = text;
      }
      tags[i] = word;
      if (word === 'interface') {
        const j = tokens.kinds[i + 1] === TokenKind.keyword ? i + 2 : i + 1;
        if (tokens.kinds[j] === TokenKind.identifier) this.interfaces.add(tokens.texts[j]!);
      }
    }
    for (let i = tokens.count; i < tags.length; i++) tags[i] = '$end';
    this.tags = tags;
  }

  // ------------------------------------------------------------------------------------------------ Looking

  get tag(): string {
    return this.tags[this.pos]!;
  }

  peek(ahead: number): string {
    return this.tags[this.pos + ahead] ?? '$end';
  }

  get text(): string {
    return this.texts[this.pos] ?? '';
  }

  at(tag: string): boolean {
    return this.tags[this.pos] === tag;
  }

  /** The last token taken. */
  get before(): number {
    return this.pos - 1;
  }

  /** True where two tokens stand side by side in the text, without a blank. */
  adjacent(token: number): boolean {
    const { file, offset, length } = this.tokens;
    return file[token] === file[token + 1] && offset[token]! + length[token]! === offset[token + 1]!;
  }

  /** The token after the bracket that closes the one at `token`; the end of the unit where none does. */
  skipBalanced(token: number): number {
    let depth = 0;
    for (let i = token; i < this.tokens.count; i++) {
      const tag = this.tags[i]!;
      if (OPENING[tag] !== undefined) depth++;
      else if (CLOSING.has(tag)) {
        depth--;
        if (depth <= 0) return i + 1;
      } else if (tag === ';' || tag === 'begin' || tag === 'end' || HARD_STOPS.has(tag)) return i;
    }
    return this.tokens.count;
  }

  /** The token after any `[...]` that begin at `token`. */
  skipDims(token: number): number {
    let at = token;
    while (this.tags[at] === '[') at = this.skipBalanced(at);
    return at;
  }

  // ------------------------------------------------------------------------------------------------- Taking

  /** Takes the token; returns its index. Never passes the end. */
  take(): number {
    const at = this.pos;
    if (this.tags[at] !== '$end') this.pos = at + 1;
    return at;
  }

  accept(tag: string): boolean {
    if (this.tags[this.pos] !== tag) return false;
    this.take();
    return true;
  }

  expect(tag: string, after?: string): number {
    if (this.tags[this.pos] !== tag) this.fail(`'${tag}'`, after);
    return this.take();
  }

  name(what = 'a name'): Name {
    if (this.tags[this.pos] !== '$identifier') this.fail(what);
    const at = this.take();
    return { name: this.texts[at]!, first: at, last: at };
  }

  /** One level deeper; refuses what is nested too deep. Who catches a failure restores `depth`. */
  enter(): void {
    if (this.depth >= MAX_DEPTH) {
      this.report('too-deep', `This is nested more than ${MAX_DEPTH} levels deep.`, this.pos, 'Divide it into parts.');
      this.silence(this.pos + 1);
      throw depthFailure;
    }
    this.depth++;
  }

  leave(): void {
    this.depth--;
  }

  // --------------------------------------------------------------------------------------------- Generations

  generation(token = this.pos): Generation {
    if (this.keywords.length > 0) {
      const held = this.keywords.findLast((each) => each.token <= token)?.generation;
      if (held !== undefined) return held;
    }
    return this.generations[this.tokens.file[token] ?? 0] ?? '2005';
  }

  isSv(token = this.pos): boolean {
    if (this.keywords.length > 0) return isSystemVerilog(this.generation(token));
    return this.sv[this.tokens.file[Math.min(token, this.tokens.count - 1)] ?? 0] ?? false;
  }

  /** Reports where the file's generation does not have `what`; the parser reads it all the same. */
  needSv(what: string, token = this.pos): void {
    if (this.isSv(token)) return;
    this.report(
      'needs-systemverilog',
      `${what} is SystemVerilog, and this file is read as ${GENERATION_NAMES[this.generation(token)]}.`,
      token,
      'Read the file as SystemVerilog: give it the ending .sv, or choose the generation 2009 or 2012.',
    );
  }

  // ----------------------------------------------------------------------------------------------- Reporting

  /** What a message calls a token. */
  found(token: number): string {
    const kind = this.tokens.kinds[token];
    if (token >= this.tokens.count || kind === TokenKind.end) return 'the end of the file';
    const text = this.texts[token] ?? '';
    switch (kind) {
      case TokenKind.keyword:
        return `the word '${text}'`;
      case TokenKind.string:
        return text.length > 24 ? `the string "${text.slice(0, 24)}..."` : `the string "${text}"`;
      case TokenKind.number:
      case TokenKind.real:
      case TokenKind.time:
        return `the number ${text}`;
      default:
        return `'${text}'`;
    }
  }

  place(token: number): { file: string; line: number; column: number } {
    const { tokens } = this;
    const at = Math.max(0, Math.min(token, tokens.count - 1));
    return {
      file: tokens.reported.get(at) ?? tokens.files[tokens.file[at] ?? 0]?.path ?? '',
      line: tokens.line[at] ?? 1,
      column: tokens.column[at] ?? 1,
    };
  }

  report(code: string, what: string, token: number, remedy?: string, severity: Problem['severity'] = 'error'): void {
    if (token < this.quietBefore || this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push({ code, severity, what, where: this.place(token), remedy });
  }

  notSupported(what: string, token: number, remedy?: string): void {
    this.report('not-supported', `${what} not supported.`, token, remedy);
  }

  /** Reports that something else was expected here, and gives up on what is being parsed. */
  fail(expected: string, after?: string): never {
    this.missing(expected, after);
    throw syntaxFailure;
  }

  /** Reports that something else was expected here; one such error a line is enough. */
  missing(expected: string, after?: string): void {
    const token = this.pos;
    const { line, file } = this.tokens;
    const at = Math.min(token, this.tokens.count - 1);
    if (line[at] === this.lastLine && file[at] === this.lastFile) {
      this.silence(token + 1);
      return;
    }
    if (token >= this.quietBefore) {
      this.lastLine = line[at] ?? -1;
      this.lastFile = file[at] ?? -1;
    }
    const tail = after === undefined ? '' : ` ${after}`;
    const word = this.texts[token] ?? '';
    const reserved =
      expected.startsWith('a name') && this.tokens.kinds[token] === TokenKind.keyword
        ? `'${word}' is a reserved word; another name is needed.`
        : undefined;
    this.report(
      'syntax',
      `Syntax error: ${this.found(token)} stands where ${expected} was expected${tail}.`,
      token,
      reserved,
    );
    this.silence(token + 1);
  }

  /** Errors before `token` are not reported: they follow from one that was. */
  private silence(token: number): void {
    if (token > this.quietBefore) this.quietBefore = token;
  }

  // ------------------------------------------------------------------------------------------------ Recovery

  /**
   * After a failure in what began at `start`: goes on to where a statement or an item can begin. A `;` at the level of
   * brackets of `start`, or one that ends its line, is passed over; structure words are not. Always leaves `pos` after
   * `start`, or at a hard stop.
   */
  recover(start: number, inStatement: boolean): void {
    const { tags, tokens } = this;
    let depth = 0;
    for (let i = start; i < this.pos; i++) {
      const tag = tags[i]!;
      if (OPENING[tag] !== undefined) depth++;
      else if (CLOSING.has(tag) && depth > 0) depth--;
    }
    let at = this.pos;
    for (;;) {
      const tag = tags[at]!;
      if (HARD_STOPS.has(tag)) break;
      if (at > start) {
        if (ITEM_STOPS.has(tag) && !(tag === 'interface' && depth > 0)) break;
        if (inStatement && STATEMENT_STOPS.has(tag)) break;
        if (DECLARATION_STOPS.has(tag) && tokens.line[at] !== tokens.line[at - 1] && depth === 0) break;
      }
      if (tag === ';') {
        if (depth === 0 || tokens.line[at] !== tokens.line[at + 1] || HARD_STOPS.has(tags[at + 1]!)) {
          this.pos = at + 1;
          this.silence(this.pos);
          return;
        }
      } else if (OPENING[tag] !== undefined) depth++;
      else if (CLOSING.has(tag) && depth > 0) depth--;
      at++;
    }
    this.pos = at;
    // What follows a structure word may still suffer: two more tokens must be read before an error is believed.
    this.silence(HARD_STOPS.has(tags[at]!) ? at : at + 2);
  }

  /** Passes silently over what cannot begin an item, after an error among items. */
  skipToItem(end: string): void {
    while (!this.at(end) && !this.isItemStop() && !DECLARATION_STOPS.has(this.tag) && !this.isInstanceAhead())
      this.take();
    this.silence(this.pos);
  }

  /** `foo bar (`, `foo #(`. */
  private isInstanceAhead(): boolean {
    if (!this.at('$identifier')) return false;
    if (this.peek(1) === '#') return this.peek(2) === '(';
    return this.peek(1) === '$identifier' && (this.peek(2) === '(' || this.peek(2) === '[');
  }

  isHardStop(): boolean {
    return HARD_STOPS.has(this.tag);
  }

  isItemStop(): boolean {
    return HARD_STOPS.has(this.tag) || ITEM_STOPS.has(this.tag);
  }

  // ---------------------------------------------------------------------------------------------- Directives

  /** Directives in force at a token; tokens must be asked in order. */
  directivesAt(token: number): {
    timescale?: { unit: number; precision: number };
    defaultNetType: NetType | 'none';
    unconnected?: 'pull0' | 'pull1';
    cell: boolean;
  } {
    const all = this.tokens.directives;
    for (; this.nextDirective < all.length; this.nextDirective++) {
      const directive = all[this.nextDirective]!;
      if (directive.token > token) break;
      switch (directive.kind) {
        case 'timescale':
          this.timescale = { unit: directive.unit, precision: directive.precision };
          break;
        case 'default_nettype':
          this.netType = directive.netType as NetType | 'none';
          break;
        case 'celldefine':
          this.cell = directive.on;
          break;
        case 'unconnected_drive':
          this.pull = directive.pull;
          break;
        case 'resetall':
          this.timescale = undefined;
          this.netType = 'wire';
          this.pull = undefined;
          this.cell = false;
          break;
      }
    }
    return {
      timescale: this.timescale,
      defaultNetType: this.netType,
      unconnected: this.pull,
      cell: this.cell,
    };
  }

  /** A `timescale inside a module is an error. */
  timescaleInside(first: number, last: number): void {
    for (const directive of this.tokens.directives) {
      if (directive.kind !== 'timescale' || directive.token <= first || directive.token > last) continue;
      this.report(
        'directive-inside',
        'The directive `timescale stands inside a module.',
        directive.token,
        'Move it before the module.',
      );
    }
  }

  /** `: name` after an end word: it must be the name of what ends. */
  endName(name: Name | undefined, what: string): void {
    if (!this.at(':')) return;
    if (this.peek(1) !== '$identifier' && this.peek(1) !== 'new') return;
    this.needSv(`A name after the end of a ${what}`);
    this.take();
    const at = this.take();
    const text = this.texts[at]!;
    if (name === undefined) {
      this.report(
        'end-name',
        `The ${what} that ends here has no name, but the name '${text}' is given at its end.`,
        at,
      );
    } else if (name.name !== text) {
      this.report(
        'end-name',
        `The ${what} '${name.name}' ends here with the name '${text}'.`,
        at,
        `Write ': ${name.name}', or leave the name out.`,
      );
    }
  }
}

export function isAttributeStart(p: ParseState): boolean {
  return p.at('(*') || (p.at('(') && p.peek(1) === '*' && p.peek(2) !== ')' && p.adjacent(p.pos));
}
