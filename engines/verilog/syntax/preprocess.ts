/** The preprocessor: files in, the tokens of a compilation unit out (IEEE 1364-2005 19, IEEE 1800-2012 22). */
import { skipName, skipToBlank, toBytes } from './characters.ts';
import { type ConditionalSite, Conditionals, findConditional } from './conditionals.ts';
import { DIRECTIVES, type DirectiveSite } from './directives.ts';
import { FrameReader } from './frame-reader.ts';
import { generationOfPath } from './keywords.ts';
import { type ExpansionSite, MacroTable, PREDEFINED, TEXT_DIRECTIVES } from './macro-table.ts';
import { type Macro, readArguments, readBody, readParameters } from './macros.ts';
import { includeCandidates } from './paths.ts';
import { promoteLogic } from './promote-logic.ts';
import { type Directive, type Generation, type Preprocessed, type PreprocessOptions, TokenKind } from './tokens.ts';

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

class Preprocessor extends FrameReader implements DirectiveSite, ConditionalSite, ExpansionSite {
  private readonly options: PreprocessOptions;
  private readonly directives: Directive[] = [];
  private readonly macros = new MacroTable(this);
  private readonly conditionals = new Conditionals(this);

  constructor(options: PreprocessOptions) {
    super();
    this.options = options;
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

  protected override openFile(path: string, text: string, generation: Generation): void {
    super.openFile(path, text, generation);
    this.conditionals.enterFile();
  }

  protected override closeFrame(): void {
    if ('generation' in this.frame) this.conditionals.leaveFile();
    super.closeFrame();
  }

  override complain(code: string, what: string, remedy?: string, severity?: 'error' | 'warning' | 'note'): void {
    // Of interest only to whoever asks: headers are often read twice.
    if (code === 'macro-redefinition' && !this.options.everyRedefinition) return;
    super.complain(code, what, remedy, severity);
  }

  /** Reads the file on top, and all that it takes in, to its end. */
  private readFrames(): void {
    const { frames, lexer } = this;
    while (frames.length > 0) {
      if (lexer.run()) this.readBacktick();
      else this.closeFrame();
    }
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

  // ------------------------------------------------------------------------------------------------- Macros

  private define(): void {
    const { frame, lexer } = this;
    const named = this.takeMacroName();
    if (named === undefined) {
      this.complain('bad-directive', 'The directive `define wants the name of a macro.');
      this.takeLine();
      return;
    }
    const { name, escaped } = named;
    const { text } = frame;
    // The blank after an escaped name is its end.
    const at = frame.pos + (escaped && text.charCodeAt(frame.pos) === 32 ? 1 : 0);
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
    this.passGaps();
    const { frame, lexer } = this;
    const isOpen = frame.text.charCodeAt(frame.pos) === 40;
    const read = isOpen ? readArguments(frame.text, frame.pos) : undefined;
    if (read) {
      lexer.passTo(read.end);
      return read.args;
    }
    this.complain(
      'macro-arguments',
      isOpen
        ? `The list of arguments of the macro '${name}' is not closed.`
        : `The macro '${name}' wants arguments in brackets.`,
    );
    return undefined;
  }

  // ------------------------------------------------------------------------------------------------ Including

  private include(): void {
    const match =
      this.take(/[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/y) ?? /^\s*(?:"([^"\n]+)"|<([^>\n]+)>)/.exec(this.takeLine());
    const name = match?.[1] ?? match?.[2];
    if (name === undefined) {
      this.complain('bad-directive', 'The directive `include wants the name of a file in quotation marks.');
      return;
    }
    const includer = this.fileFrame;
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

  takeOperand(pattern: RegExp): string | undefined {
    for (;;) {
      this.passGaps();
      const { text, pos } = this.frame;
      const end = text.charCodeAt(pos) === 96 ? skipName(text, pos + 1) : pos;
      const name = text.slice(pos + 1, end);
      if (name === '' || !this.macros.get(name)) return this.take(pattern)?.[0];
      this.openUse(name, end);
    }
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
}
