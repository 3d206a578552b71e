/** The preprocessor: files in, the tokens of a compilation unit out (IEEE 1364-2005 19, IEEE 1800-2012 22). */
import type { Problem } from '../../core/result.ts';
import { isBlank, skipComment, skipName, skipString, skipToBlank, toBytes } from './characters.ts';
import { DIRECTIVES, type DirectiveSite } from './directives.ts';
import { generationOfPath, isSystemVerilog, keywordsOf } from './keywords.ts';
import { type Frame, Lexer } from './lexer.ts';
import {
  type Expander,
  type Macro,
  makeMacro,
  readArguments,
  readBody,
  readParameters,
  skipGaps,
  substitute,
} from './macros.ts';
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

/**
 * Macros that are there without a definition, as in Icarus Verilog: sources that avoid what a simulator cannot do ask for
 * its name.
 */
export const PREDEFINED: Readonly<Record<string, string>> = { __ICARUS__: '1' };

const MAX_PROBLEMS = 100;
const MAX_INCLUDE_DEPTH = 100;
/** Characters that macros may stand for in one unit, in all. */
const MAX_EXPANSION = 10_000_000;
const MAX_NESTING = 200;

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
  /** Conditionals that were open when the file began. */
  outerConditionals: number;
}

interface MacroFrame extends Frame {
  macro: Macro;
  use: TokenPlace;
}

type AnyFrame = FileFrame | MacroFrame;

interface Conditional {
  word: string;
  place: TokenPlace;
  /** One of its branches has been read. */
  taken: boolean;
  elseSeen: boolean;
}

const CONDITIONAL_WORDS = new Set(['ifdef', 'ifndef', 'elsif', 'else', 'endif']);
const TEXT_DIRECTIVES = new Set([...CONDITIONAL_WORDS, 'define', 'undef', 'undefineall', 'include']);
const NAME = /[ \t]*(?:([A-Za-z_][\w$]*)|\\(\S+))/y;

function isDirective(name: string): boolean {
  return TEXT_DIRECTIVES.has(name) || Object.hasOwn(DIRECTIVES, name);
}

class Preprocessor implements DirectiveSite {
  private readonly options: PreprocessOptions;
  private readonly files: SourceFileText[] = [];
  private readonly fileIndex = new Map<string, number>();
  private readonly problems: Problem[] = [];
  private readonly out = new TokenBuffer();
  private readonly directives: Directive[] = [];
  private readonly macros = new Map<string, Macro>();
  private readonly lexer: Lexer;
  private readonly frames: AnyFrame[] = [];
  private readonly conditionals: Conditional[] = [];
  private readonly keywords: Generation[] = [];
  private expanded = 0;
  /** Where the directive or macro use that is being read begins. */
  private site: TokenPlace = { file: 0, offset: 0, length: 1, line: 1, column: 1 };

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
      for (const [name, definition] of after.macros) {
        this.macros.set(name, makeMacro({ ...definition, file: -1 }, definition.file === -1));
      }
      return;
    }
    if (timescale) this.directives.push({ token: 0, kind: 'timescale', ...timescale });
    for (const [name, body] of [...Object.entries(PREDEFINED), ...Object.entries(defines)]) {
      this.macros.set(name, makeMacro({ name, body, file: -1, offset: 0, line: 0 }, true));
    }
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
    const macros = new Map([...this.macros].map(([name, { definition }]) => [name, definition]));
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
      outerConditionals: this.conditionals.length,
    });
    this.enterFrame();
  }

  private openMacro(macro: Macro, text: string, use: TokenPlace): void {
    macro.active++;
    this.expanded += text.length;
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
      while (this.conditionals.length > frame.outerConditionals) {
        const { word, place } = this.conditionals.pop()!;
        this.complainAt(place, 'open-conditional', `This \`${word} has no \`endif in its file.`, 'Add `endif.');
      }
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
      const { line, reported, file } = this.site;
      const isLine = name === '__LINE__';
      const value = isLine ? `${line}` : toBytes(reported ?? this.files[file]!.path);
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
        else this.macros.delete(target);
        break;
      }
      case 'undefineall':
        for (const [key, macro] of this.macros) if (!macro.predefined) this.macros.delete(key);
        break;
      case 'include':
        this.include();
        break;
      default:
        this.conditional(name);
    }
  }

  private takeName(): string | undefined {
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
    if (isDirective(name) || name === '__LINE__' || name === '__FILE__') {
      this.complain('bad-directive', `\`${name} is a directive; a macro cannot have its name.`);
      return;
    }
    const old = this.macros.get(name);
    if (
      old &&
      !old.predefined &&
      (old.definition.body !== body || !sameParameters(old.definition.parameters, parameters))
    ) {
      this.complain(
        'macro-redefined',
        `The macro '${name}' is defined again with another text${old.definition.line > 0 ? `; first in line ${old.definition.line}` : ''}.`,
        `Put \`undef ${name} before it where this is meant.`,
        'note',
      );
    }
    this.macros.set(name, makeMacro({ name, parameters, body, file, offset, line }));
  }

  private openUse(name: string, nameEnd: number): void {
    const { frame } = this;
    const macro = this.macros.get(name);
    frame.pos = nameEnd;
    if (macro === undefined) {
      this.complainUndefined(name);
      return;
    }
    let args: readonly string[] = [];
    const { parameters } = macro.definition;
    if (parameters) {
      const given = this.takeArguments(name);
      const matched = given && this.matchArguments(macro, given);
      if (matched === undefined) return;
      args = matched;
    }
    const top = this.frame;
    const use = top.use ?? { ...this.site, length: top.pos - this.site.offset };
    if (this.canExpand(macro)) {
      this.openMacro(macro, substitute(macro, args, this.expander(macro, 0)), use);
    }
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
      text = this.expandText(given.length > 0 ? `${text}(${given.join(',')})` : text, 0);
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

  /** One text for each parameter. */
  private matchArguments(macro: Macro, given: readonly string[]): string[] | undefined {
    const { name, parameters = [] } = macro.definition;
    if (parameters.length === 0 && given.length === 1 && given[0] === '') return [];
    const args = parameters.map(({ defaultText }, index) => {
      const arg = given[index];
      return arg === undefined || arg === '' ? (defaultText ?? arg) : arg;
    });
    const missing = args.indexOf(undefined);
    if (given.length <= parameters.length && missing === -1) return args as string[];
    this.complain(
      'macro-arguments',
      `The macro '${name}' has ${parameters.length} parameter${parameters.length === 1 ? '' : 's'}, and ${given.length} ${given.length === 1 ? 'argument is' : 'arguments are'} given.`,
      missing === -1 ? undefined : `The parameter '${parameters[missing]!.name}' has no default.`,
    );
    return undefined;
  }

  private canExpand(macro: Macro): boolean {
    const { name } = macro.definition;
    if (macro.active > 0) {
      this.complain('macro-recursion', `The macro '${name}' is used in its own text, which has no end.`);
      return false;
    }
    return !this.isTooMuch();
  }

  private isTooMuch(): boolean {
    if (this.expanded <= MAX_EXPANSION) return false;
    if (Number.isFinite(this.expanded)) {
      this.complain('macro-size', 'The macros of this unit stand for more text than can be read.');
    }
    this.expanded = Number.POSITIVE_INFINITY;
    return true;
  }

  private complainUndefined(name: string): void {
    const lower = name.toLowerCase();
    const near = [...this.macros.keys(), ...Object.keys(DIRECTIVES), ...TEXT_DIRECTIVES].find(
      (other) => other.toLowerCase() === lower || isOneOff(other, name),
    );
    this.complain(
      'undefined-macro',
      `The macro '${name}' is not defined; it stands for nothing here.`,
      near ? `Is \`${near} meant?` : `Define it with \`define ${name}, or include the file that does.`,
      'warning',
    );
  }

  /** Text with all macros in it expanded; directives stay as they are. */
  private expandText(text: string, depth: number): string {
    if (!text.includes('`')) return text;
    if (depth > MAX_NESTING) {
      this.complain('macro-recursion', `Macros are nested more than ${MAX_NESTING} deep here.`);
      return '';
    }
    let out = '';
    let from = 0;
    let pos = 0;
    while (pos < text.length) {
      const code = text.charCodeAt(pos);
      if (code === 34) pos = skipString(text, pos);
      else if (code === 92 && !isBlank(text.charCodeAt(pos + 1))) pos = skipToBlank(text, pos);
      else if (code !== 96) pos++;
      else {
        const escaped = text.charCodeAt(pos + 1) === 92;
        const end = escaped ? skipToBlank(text, pos + 1) : skipName(text, pos + 1);
        const name = text.slice(escaped ? pos + 2 : pos + 1, end);
        if (name === '' || isDirective(name)) {
          pos = Math.max(end, pos + 1);
          continue;
        }
        out += text.slice(from, pos);
        const use = this.expandUse(name, text, pos, end, depth);
        out += use.text;
        this.expanded += use.text.length;
        if (this.isTooMuch()) return '';
        from = use.end;
        pos = use.end;
      }
    }
    return out + text.slice(from);
  }

  /** Expands the use of a macro that begins at `start` of `text` and whose name ends at `end`. */
  private expandUse(
    name: string,
    text: string,
    start: number,
    end: number,
    depth: number,
  ): { text: string; end: number } {
    if (name === '__LINE__') return { text: `${this.site.line}`, end };
    if (name === '__FILE__') return { text: `"${this.site.reported ?? this.files[this.site.file]!.path}"`, end };
    const macro = this.macros.get(name);
    // It may be a part of a name that is still to be joined; if not, it is missed when the text is read.
    if (macro === undefined) return { text: text.slice(start, end), end };
    let args: string[] = [];
    let after = end;
    const { parameters } = macro.definition;
    if (parameters) {
      const open = skipGaps(text, end);
      const read = text.charCodeAt(open) === 40 ? readArguments(text, open) : undefined;
      if (read === undefined) {
        this.complain('macro-arguments', `The macro '${name}' wants arguments in brackets.`);
        return { text: '', end };
      }
      after = read.end;
      const matched = this.matchArguments(macro, read.args);
      if (matched === undefined) return { text: '', end: after };
      args = matched;
    }
    if (!this.canExpand(macro)) return { text: '', end: after };
    const expander = this.expander(macro, depth + 1);
    return { text: expander.expandBody(substitute(macro, args, expander)), end: after };
  }

  private expander(macro: Macro, depth: number): Expander {
    return {
      expandArgument: (text) => this.expandText(text, depth),
      expandBody: (text) => {
        macro.active++;
        const expanded = this.expandText(text, depth);
        macro.active--;
        return expanded;
      },
      isDefined: (name) => this.macros.has(name),
      isPlain: (name) => this.macros.get(name)?.definition.parameters === undefined,
    };
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

  // -------------------------------------------------------------------------------------- Conditional reading

  private conditional(word: string): void {
    const { conditionals } = this;
    if (word === 'ifdef' || word === 'ifndef') {
      const name = this.takeName();
      if (name === undefined) this.complain('bad-directive', `The directive \`${word} wants the name of a macro.`);
      const taken = name !== undefined && this.isDefined(name) === (word === 'ifdef');
      conditionals.push({ word, place: this.site, taken, elseSeen: false });
      if (!taken) this.skipBranches();
      return;
    }
    if (conditionals.length <= this.outerConditionals) {
      this.complain('bad-directive', `There is no \`ifdef or \`ifndef that this \`${word} could belong to.`);
      if (word === 'elsif') this.takeName();
      return;
    }
    // A branch that was read ends here.
    if (this.goesOnWith(word)) this.skipBranches();
  }

  private get outerConditionals(): number {
    return this.frames.findLast((frame): frame is FileFrame => 'generation' in frame)!.outerConditionals;
  }

  private isDefined(name: string): boolean {
    return this.macros.has(name) || isDirective(name) || name === '__LINE__' || name === '__FILE__';
  }

  /** At a conditional's next word: whether what follows is passed over. */
  private goesOnWith(word: string): boolean {
    const open = this.conditionals.at(-1)!;
    if (word === 'endif') {
      this.conditionals.pop();
      return false;
    }
    if (open.elseSeen) {
      this.complain('bad-directive', `This \`${word} follows the \`else of the same \`${open.word}.`);
    }
    if (word === 'else') {
      open.elseSeen = true;
      const passed = open.taken;
      open.taken = true;
      return passed;
    }
    const name = this.takeName();
    if (name === undefined) this.complain('bad-directive', 'The directive `elsif wants the name of a macro.');
    const passed = open.taken || open.elseSeen || name === undefined || !this.isDefined(name);
    open.taken ||= !passed;
    return passed;
  }

  /** Passes over text to the branch that is read, or to after the `endif. */
  private skipBranches(): void {
    let depth = 0;
    for (;;) {
      const word = this.passToConditional();
      if (word === undefined) {
        if (!('macro' in this.frame)) return;
        // A conditional that a macro begins may end after its use.
        this.closeFrame();
      } else if (word === 'ifdef' || word === 'ifndef') depth++;
      else if (depth > 0) {
        if (word === 'endif') depth--;
      } else if (!this.goesOnWith(word)) return;
    }
  }

  /** Passes over text to after the next word of a conditional; undefined at the end of the text. */
  private passToConditional(): string | undefined {
    const { frame, lexer } = this;
    const { text } = frame;
    let pos = frame.pos;
    while (pos < text.length) {
      const code = text.charCodeAt(pos);
      if (code === 34) pos = skipString(text, pos);
      else if (code === 47) pos = Math.max(pos + 1, skipComment(text, pos));
      else if (code === 96) {
        const end = skipName(text, pos + 1);
        const word = text.slice(pos + 1, end);
        if (CONDITIONAL_WORDS.has(word)) {
          lexer.passTo(pos);
          this.site = lexer.place(pos);
          lexer.passTo(end);
          return word;
        }
        pos = word === 'define' ? readBody(text, end).end : Math.max(end, pos + 1);
      } else pos++;
    }
    lexer.passTo(text.length);
    return undefined;
  }

  // ------------------------------------------------------------------------------ What directives work with

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
      if (name === undefined || !this.macros.has(name)) return this.take(pattern)?.[0];
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
    return this.expandText(body, 0);
  }

  hold(directive: Parameters<DirectiveSite['hold']>[0]): void {
    this.directives.push({ ...directive, token: this.out.count });
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

  private complainAt(
    place: TokenPlace,
    code: string,
    what: string,
    remedy?: string,
    severity: Problem['severity'] = 'error',
  ): void {
    const { line, column, reported, file } = place;
    this.report({ code, severity, what, where: { file: reported ?? this.files[file]!.path, line, column }, remedy });
  }

  private report(problem: Problem): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }
}

function sameParameters(x: Macro['definition']['parameters'], y: Macro['definition']['parameters']): boolean {
  return JSON.stringify(x) === JSON.stringify(y);
}

/** One letter too much, too few, or other; or two changed about. */
function isOneOff(x: string, y: string): boolean {
  if (Math.abs(x.length - y.length) > 1 || Math.min(x.length, y.length) < 4) return false;
  let start = 0;
  while (start < x.length && x[start] === y[start]) start++;
  const restX = x.slice(start);
  const restY = y.slice(start);
  return (
    restX.slice(1) === restY ||
    restX === restY.slice(1) ||
    restX.slice(1) === restY.slice(1) ||
    (restX[0] === restY[1] && restX[1] === restY[0] && restX.slice(2) === restY.slice(2))
  );
}
