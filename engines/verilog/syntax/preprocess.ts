/** The preprocessor: files in, the tokens of a compilation unit out (IEEE 1364-2005 19, IEEE 1800-2012 22). */
import type { Problem } from '../../core/result.ts';
import { skipName, skipToBlank, toBytes } from './characters.ts';
import { type ConditionalSite, Conditionals, findConditional } from './conditionals.ts';
import { DIRECTIVES, type DirectiveSite } from './directives.ts';
import { generationOfPath, isSystemVerilog, keywordsOf } from './keywords.ts';
import { type Frame, Lexer } from './lexer.ts';
import { type ExpansionSite, MacroTable, PREDEFINED, TEXT_DIRECTIVES } from './macro-table.ts';
import { type Macro, readArguments, readBody, readParameters, skipGaps } from './macros.ts';
import { includeCandidates } from './paths.ts';
import { promoteLogic } from './promote-logic.ts';
import { TokenBuffer, type TokenPlace } from './token-buffer.ts';
import {
  type Directive,
  type Generation,
  type Preprocessed,
  type PreprocessOptions,
  type SourceFileText,
  TokenKind,
} from './tokens.ts';

const MAX_PROBLEMS = 100;
const MAX_INCLUDE_DEPTH = 100;

/**
 * Reads files one after the other as one compilation unit: macros and directives carry on from file to file.
 * What is wrong is reported with its place, and reading goes on.
 */
export function preprocess(paths: readonly string[], options: PreprocessOptions): Preprocessed {
  return new Preprocessor(options).run(paths);
}

/** As `preprocess`; with `separate` each file is a unit of its own and takes nothing over from those before it. */
export function preprocessUnits(
  paths: readonly string[],
  options: PreprocessOptions,
  separate: boolean,
): Preprocessed[] {
  return separate ? paths.map((path) => preprocess([path], options)) : [preprocess(paths, options)];
}

interface FileFrame extends Frame {
  path: string;
  generation: Generation;
  /** What `Conditionals.leaveFile` is to be given. */
  outerConditionals: number;
}

interface MacroFrame extends Frame {
  macro: Macro;
  use: TokenPlace;
}

type AnyFrame = FileFrame | MacroFrame;

const NAME = /[ \t]*(?:([A-Za-z_][\w$]*)|\\(\S+))/y;

class Preprocessor implements DirectiveSite, ConditionalSite, ExpansionSite {
  private readonly options: PreprocessOptions;
  private readonly files: SourceFileText[] = [];
  private readonly fileIndex = new Map<string, number>();
  private readonly problems: Problem[] = [];
  private readonly out = new TokenBuffer();
  private readonly directives: Directive[] = [];
  private readonly macros = new MacroTable(this);
  private readonly lexer: Lexer;
  private readonly frames: AnyFrame[] = [];
  private readonly conditionals = new Conditionals(this);
  private readonly keywords: Generation[] = [];
  /** Where the directive or macro use that is being read begins. */
  site: TokenPlace = { file: 0, offset: 0, length: 1, line: 1, column: 1 };

  constructor(options: PreprocessOptions) {
    this.options = options;
    this.lexer = new Lexer(this.out, (problem) => this.report(problem));
    this.lexer.pathOf = (file) => this.files[file]!.path;
    this.goOn();
  }

  /** Sets out from the macros and directives of the options. */
  private goOn(): void {
    const { after, defines, timescale } = this.options;
    if (after) {
      const held = new Map<string, Directive>();
      for (const directive of after.directives) {
        if (directive.kind === 'resetall') held.clear();
        if (directive.kind !== 'keywords') held.set(directive.kind, { ...directive, token: 0 });
      }
      this.directives.push(...held.values());
      this.macros.takeOver(after.macros);
      return;
    }
    if (timescale) this.directives.push({ token: 0, kind: 'timescale', ...timescale });
    this.macros.predefine(PREDEFINED);
    this.macros.predefine(defines);
  }

  run(paths: readonly string[]): Preprocessed {
    for (const path of paths) {
      const text = this.options.read(path);
      if (text === undefined) {
        this.report({
          code: 'no-such-file',
          severity: 'error',
          what: `The file '${path}' was not found.`,
          where: { file: path },
          remedy: 'Check its name, or add it to the project.',
        });
        continue;
      }
      this.openFile(path, text, this.options.generation ?? generationOfPath(path));
      this.readFrames();
    }
    const last = this.files.length - 1;
    const { text } = this.files[last] ?? { text: '' };
    const { line, column } = this.endPlace;
    this.out.push(TokenKind.end, '', Math.max(0, last), text.length, 0, line, column, 0);
    promoteLogic(this.out, this.lexer.logicNames);
    const macros = this.macros.definitions();
    const { directives, files, problems } = this;
    return { tokens: this.out.finish(files, { directives, comments: this.lexer.comments, macros }), problems };
  }

  private endPlace = { line: 1, column: 1 };

  /** Reads the file on top, and all that it takes in, to its end. */
  private readFrames(): void {
    const { frames, lexer } = this;
    while (frames.length > 0) {
      if (lexer.run()) this.readBacktick();
      else this.closeFrame();
    }
  }

  // --------------------------------------------------------------------------------------------------- Frames

  private get frame(): AnyFrame {
    return this.frames.at(-1)!;
  }

  private openFile(path: string, text: string, generation: Generation): void {
    const key = `${generation} ${path}`;
    let file = this.fileIndex.get(key);
    if (file === undefined) {
      file = this.files.push({ path, text, generation }) - 1;
      this.fileIndex.set(key, file);
    }
    const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.frames.push({
      text,
      pos: start,
      line: 1,
      lineStart: start,
      file,
      lineDelta: 0,
      reported: undefined,
      use: undefined,
      path,
      generation,
      outerConditionals: this.conditionals.enterFile(),
    });
    this.enterFrame();
  }

  private openMacro(macro: Macro, text: string, use: TokenPlace): void {
    macro.active++;
    const { file } = use;
    const none = { pos: 0, line: 1, lineStart: 0, lineDelta: 0, reported: undefined };
    this.frames.push({ ...none, text, file, use, macro });
    this.enterFrame();
  }

  private closeFrame(): void {
    const frame = this.frames.pop()!;
    if ('macro' in frame) frame.macro.active--;
    else {
      this.endPlace = { line: frame.line + frame.lineDelta, column: frame.pos - frame.lineStart + 1 };
      this.conditionals.leaveFile(frame.outerConditionals);
    }
    if (this.frames.length > 0) this.enterFrame();
  }

  private enterFrame(): void {
    const { frame } = this;
    this.lexer.frame = frame;
    if ('generation' in frame) this.setWords();
  }

  private setWords(): void {
    const file = this.frames.findLast((frame): frame is FileFrame => 'generation' in frame);
    const generation = this.keywords.at(-1) ?? file!.generation;
    this.lexer.words = keywordsOf(generation);
    this.lexer.systemVerilog = isSystemVerilog(generation);
  }

  // ---------------------------------------------------------------------------------- What a backtick begins

  private readBacktick(): void {
    const { frame } = this;
    const { text, pos } = frame;
    const next = text.charCodeAt(pos + 1);
    let end = skipName(text, pos + 1);
    let name = text.slice(pos + 1, end);
    if (next === 92) {
      end = skipToBlank(text, pos + 1);
      name = text.slice(pos + 2, end);
    }
    this.site = this.lexer.place(pos);
    if (frame.use === undefined) this.site.length = Math.max(1, end - pos);
    if (name === '') this.readLoneBacktick(next);
    else if (next === 92) this.openUse(name, end);
    else if (name === '__LINE__' || name === '__FILE__') {
      frame.pos = end;
      const { line, path } = this.here();
      const isLine = name === '__LINE__';
      const value = isLine ? `${line}` : toBytes(path);
      this.lexer.emitAt(isLine ? TokenKind.number : TokenKind.string, value, this.site, 1);
    } else if (TEXT_DIRECTIVES.has(name)) {
      frame.pos = end;
      this.readTextDirective(name);
    } else if (Object.hasOwn(DIRECTIVES, name)) {
      frame.pos = end;
      DIRECTIVES[name]!(this);
    } else {
      this.openUse(name, end);
    }
  }

  private readLoneBacktick(next: number): void {
    const { frame } = this;
    const { text, pos } = frame;
    const end = skipName(text, pos + 2);
    if (next === 96 && end > pos + 2) {
      this.quoteUse(text.slice(pos + 2, end), end);
      return;
    }
    frame.pos += next === 96 || next === 34 ? 2 : 1;
    this.complain(
      'bad-character',
      next === 96 || next === 34
        ? `\`${text[pos + 1]} has a meaning only inside the text of a macro.`
        : 'A backtick stands alone; it begins a directive or the use of a macro.',
    );
  }

  private readTextDirective(name: string): void {
    switch (name) {
      case 'define':
        this.define();
        break;
      case 'undef': {
        const target = this.takeName();
        if (target === undefined) this.complain('bad-directive', 'The directive `undef wants the name of a macro.');
        else this.macros.undefine(target);
        break;
      }
      case 'undefineall':
        this.macros.undefineAll();
        break;
      case 'include':
        this.include();
        break;
      default:
        this.conditionals.read(name);
    }
  }

  takeName(): string | undefined {
    const match = this.take(NAME);
    return match?.[1] ?? match?.[2];
  }

  // ------------------------------------------------------------------------------------------------- Macros

  private define(): void {
    const { frame, lexer } = this;
    const match = this.take(NAME);
    const name = match?.[1] ?? match?.[2];
    if (name === undefined) {
      this.complain('bad-directive', 'The directive `define wants the name of a macro.');
      this.takeLine();
      return;
    }
    const { text } = frame;
    // The blank after an escaped name is its end.
    const at = frame.pos + (match?.[2] !== undefined && text.charCodeAt(frame.pos) === 32 ? 1 : 0);
    let bodyStart = at;
    let parameters: Macro['definition']['parameters'];
    if (text.charCodeAt(at) === 40) {
      const read = readParameters(text, at);
      if (read === undefined) {
        this.complain(
          'bad-directive',
          `The parameters of the macro '${name}' are not a list of names in brackets.`,
          'Where the text of the macro itself is to begin with a bracket, put a blank before it.',
        );
        lexer.passTo(readBody(text, at).end);
        return;
      }
      parameters = read.parameters;
      bodyStart = read.end;
    }
    const { body, end, openComment } = readBody(text, bodyStart);
    const { file, offset, line } = this.site;
    lexer.passTo(end);
    if (openComment) this.complain('open-comment', `A comment in the text of the macro '${name}' is not closed.`);
    this.macros.define({ name, parameters, body, file, offset, line });
  }

  private openUse(name: string, nameEnd: number): void {
    const { frame } = this;
    const macro = this.macros.get(name);
    frame.pos = nameEnd;
    if (macro === undefined) {
      this.macros.complainUndefined(name);
      return;
    }
    let args: readonly string[] = [];
    const { parameters } = macro.definition;
    if (parameters) {
      const given = this.takeArguments(name);
      const matched = given && this.macros.matchArguments(macro, given);
      if (matched === undefined) return;
      args = matched;
    }
    const top = this.frame;
    const use = top.use ?? { ...this.site, length: top.pos - this.site.offset };
    const text = this.macros.textOf(macro, args);
    if (text !== undefined) this.openMacro(macro, text, use);
  }

  /** Icarus Verilog makes of ` ``NAME ` outside of macros a string with what the macro stands for, as it is. */
  private quoteUse(name: string, nameEnd: number): void {
    const { frame } = this;
    frame.pos = nameEnd;
    const macro = this.macros.get(name);
    let text = `\`${name}`;
    if (macro) {
      const given = macro.definition.parameters ? this.takeArguments(name) : [];
      if (given === undefined) return;
      text = this.macros.expand(given.length > 0 ? `${text}(${given.join(',')})` : text);
    }
    const top = this.frame;
    const use = top.use ?? { ...this.site, length: top.pos - this.site.offset };
    this.lexer.emitAt(TokenKind.string, toBytes(text), use, 1);
  }

  /** The arguments after a macro's name; they may follow the end of the macro that named it. */
  private takeArguments(name: string): string[] | undefined {
    const { lexer } = this;
    for (;;) {
      const { frame } = this;
      const open = skipGaps(frame.text, frame.pos);
      if (open === frame.text.length && 'macro' in frame) {
        this.closeFrame();
        continue;
      }
      const code = frame.text.charCodeAt(open);
      const read = code === 40 ? readArguments(frame.text, open) : undefined;
      if (read === undefined) {
        this.complain(
          'macro-arguments',
          code === 40
            ? `The list of arguments of the macro '${name}' is not closed.`
            : `The macro '${name}' wants arguments in brackets.`,
        );
        return undefined;
      }
      lexer.passTo(read.end);
      return read.args;
    }
  }

  // ------------------------------------------------------------------------------------------------ Including

  private include(): void {
    const { frame } = this;
    const match =
      this.take(/[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/y) ?? /^\s*(?:"([^"\n]+)"|<([^>\n]+)>)/.exec(this.takeLine());
    const name = match?.[1] ?? match?.[2];
    if (name === undefined) {
      this.complain('bad-directive', 'The directive `include wants the name of a file in quotation marks.');
      return;
    }
    const includer = this.frames.findLast((each): each is FileFrame => 'generation' in each)!;
    const { includeDirs, relativeIncludes = true } = this.options;
    const candidates = includeCandidates(name, includer.path, includeDirs, match?.[2] === undefined, relativeIncludes);
    for (const path of candidates) {
      const text = this.options.read(path);
      if (text === undefined) continue;
      const open = this.frames.filter((each) => 'generation' in each && each.path === path).length;
      if (open >= 8 || this.frames.length > MAX_INCLUDE_DEPTH) {
        this.complain(
          'include-loop',
          `The file '${path}' includes itself without end.`,
          'Put `ifndef NAME, `define NAME ... `endif around what it holds.',
        );
        this.leaveLoop(path);
        return;
      }
      this.openFile(path, text, includer.generation);
      return;
    }
    this.complain(
      'no-such-file',
      `The file '${name}' that is included here was not found.`,
      `Looked for: ${candidates.join(', ')}. Add it to the project, or name its folder as an include folder.`,
    );
    if (frame !== this.frame) this.enterFrame();
  }

  /** What stands after the place of a loop in each file that takes part in it would be reported again and again. */
  private leaveLoop(path: string): void {
    for (const each of this.frames) {
      if (
        'generation' in each &&
        each.path === path &&
        each !== this.frames.find((f) => 'path' in f && f.path === path)
      ) {
        each.pos = each.text.length;
      }
    }
  }

  // ------------------------------------------------------------------ What directives and conditionals work with

  isDefined(name: string): boolean {
    return this.macros.isDefined(name);
  }

  passToConditional(): string | undefined {
    for (;;) {
      const { frame, lexer } = this;
      const found = findConditional(frame.text, frame.pos);
      lexer.passTo(found?.start ?? frame.text.length);
      if (found) {
        this.site = lexer.place(found.start);
        frame.pos = found.end;
        return found.word;
      }
      if (!('macro' in frame)) return undefined;
      // A conditional that a macro begins may end after its use.
      this.closeFrame();
    }
  }

  here(): { line: number; path: string } {
    const { line, reported, file } = this.site;
    return { line, path: reported ?? this.files[file]!.path };
  }

  takeOperand(pattern: RegExp): string | undefined {
    for (;;) {
      const { frame, lexer } = this;
      lexer.passTo(skipGaps(frame.text, frame.pos));
      if (frame.pos === frame.text.length && 'macro' in frame) {
        this.closeFrame();
        continue;
      }
      const use = /`([A-Za-z_][\w$]*)/y;
      use.lastIndex = frame.pos;
      const name = use.exec(frame.text)?.[1];
      if (name === undefined || !this.macros.get(name)) return this.take(pattern)?.[0];
      this.openUse(name, use.lastIndex);
    }
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    const { frame } = this;
    pattern.lastIndex = frame.pos;
    const match = pattern.exec(frame.text);
    if (match) frame.pos = pattern.lastIndex;
    return match ?? undefined;
  }

  takeLine(): string {
    const { frame } = this;
    const { body, end } = readBody(frame.text, frame.pos);
    this.lexer.passTo(end);
    return this.macros.expand(body);
  }

  hold(directive: Parameters<DirectiveSite['hold']>[0]): void {
    const token = this.out.count;
    this.directives.push({ ...directive, token });
    const { timescale } = this.options;
    if (directive.kind === 'resetall' && timescale) this.directives.push({ token, kind: 'timescale', ...timescale });
  }

  setLine(line: number, path: string | undefined): void {
    const { frame } = this;
    if (frame.use) return;
    frame.lineDelta = line - frame.line - 1;
    frame.reported = path;
  }

  beginKeywords(generation: Generation): void {
    this.keywords.push(generation);
    this.setWords();
  }

  endKeywords(): boolean {
    if (this.keywords.pop() === undefined) return false;
    this.setWords();
    this.hold({ kind: 'keywords', generation: this.keywords.at(-1) });
    return true;
  }

  passAfter(words: string): void {
    const { text, pos } = this.frame;
    const at = text.indexOf(`\`${words}`, pos);
    this.lexer.passTo(at === -1 ? text.length : at + words.length + 1);
  }

  complain(code: string, what: string, remedy?: string, severity: Problem['severity'] = 'error'): void {
    this.complainAt(this.site, code, what, remedy, severity);
  }

  complainAt(
    place: TokenPlace,
    code: string,
    what: string,
    remedy?: string,
    severity: Problem['severity'] = 'error',
  ): void {
    // Of interest only to whoever asks: headers are often read twice.
    if (code === 'macro-redefinition' && !this.options.everyRedefinition) return;
    const { line, column, reported, file } = place;
    this.report({ code, severity, what, where: { file: reported ?? this.files[file]!.path, line, column }, remedy });
  }

  private report(problem: Problem): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }
}
