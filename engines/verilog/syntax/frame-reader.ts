/** Texts within texts: files, the files they include, and what macros stand for; and how directives take from them. */
import type { Problem } from '../../core/result.ts';
import { skipBlanks } from './characters.ts';
import { isSystemVerilog, keywordsOf } from './keywords.ts';
import { type Frame, Lexer } from './lexer.ts';
import { type Macro, skipGaps } from './macros.ts';
import { TokenBuffer, type TokenPlace } from './token-buffer.ts';
import type { Generation, SourceFileText } from './tokens.ts';

const MAX_PROBLEMS = 100;
const NAME = /([A-Za-z_][\w$]*)|\\(\S+)/y;

export interface FileFrame extends Frame {
  path: string;
  generation: Generation;
}

export interface MacroFrame extends Frame {
  macro: Macro;
  use: TokenPlace;
}

export type AnyFrame = FileFrame | MacroFrame;

export class FrameReader {
  protected readonly files: SourceFileText[] = [];
  protected readonly problems: Problem[] = [];
  protected readonly out = new TokenBuffer();
  protected readonly lexer: Lexer;
  protected readonly frames: AnyFrame[] = [];
  /** Generations that `begin_keywords has put in force, the innermost last. */
  protected readonly keywords: Generation[] = [];
  protected endPlace = { line: 1, column: 1 };
  /** Where the directive or macro use that is being read begins. */
  site: TokenPlace = { file: 0, offset: 0, length: 1, line: 1, column: 1 };
  private readonly fileIndex = new Map<string, number>();

  constructor() {
    this.lexer = new Lexer(this.out, (problem) => this.report(problem));
    this.lexer.pathOf = (file) => this.files[file]!.path;
  }

  protected get frame(): AnyFrame {
    return this.frames.at(-1)!;
  }

  /** The file that is being read, within macros or not. */
  protected get fileFrame(): FileFrame {
    return this.frames.findLast((frame): frame is FileFrame => 'generation' in frame)!;
  }

  // --------------------------------------------------------------------------------------------------- Frames

  protected openFile(path: string, text: string, generation: Generation): void {
    const key = `${generation} ${path}`;
    let file = this.fileIndex.get(key);
    if (file === undefined) {
      file = this.files.push({ path, text, generation }) - 1;
      this.fileIndex.set(key, file);
    }
    const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    const none = { lineDelta: 0, reported: undefined, use: undefined };
    this.frames.push({ ...none, text, pos: start, line: 1, lineStart: start, file, path, generation });
    this.enterFrame();
  }

  protected openMacro(macro: Macro, text: string, use: TokenPlace): void {
    macro.active++;
    const { file } = use;
    const none = { pos: 0, line: 1, lineStart: 0, lineDelta: 0, reported: undefined };
    this.frames.push({ ...none, text, file, use, macro });
    this.enterFrame();
  }

  protected closeFrame(): void {
    const frame = this.frames.pop()!;
    if ('macro' in frame) frame.macro.active--;
    else this.endPlace = { line: frame.line + frame.lineDelta, column: frame.pos - frame.lineStart + 1 };
    if (this.frames.length > 0) this.enterFrame();
  }

  private enterFrame(): void {
    const { frame } = this;
    this.lexer.frame = frame;
    if ('generation' in frame) this.setWords();
  }

  protected setWords(): void {
    const generation = this.keywords.at(-1) ?? this.fileFrame.generation;
    this.lexer.words = keywordsOf(generation);
    this.lexer.systemVerilog = isSystemVerilog(generation);
  }

  // --------------------------------------------------------------------------------------------------- Taking

  take(pattern: RegExp): RegExpExecArray | undefined {
    const { frame } = this;
    pattern.lastIndex = frame.pos;
    const match = pattern.exec(frame.text);
    if (match) frame.pos = pattern.lastIndex;
    return match ?? undefined;
  }

  /** The name of a macro, after blanks and comments in the same line. `escaped`: it was written with a backslash. */
  protected takeMacroName(): { name: string; escaped: boolean } | undefined {
    const { frame } = this;
    const { text } = frame;
    for (;;) {
      frame.pos = skipBlanks(text, frame.pos);
      const end = text.startsWith('/*', frame.pos) ? text.indexOf('*/', frame.pos) : -1;
      if (end === -1 || text.slice(frame.pos, end).includes('\n')) break;
      frame.pos = end + 2;
    }
    const match = this.take(NAME);
    const name = match?.[1] ?? match?.[2];
    return name === undefined ? undefined : { name, escaped: match?.[2] !== undefined };
  }

  takeName(): string | undefined {
    return this.takeMacroName()?.name;
  }

  /** Passes over blanks, comments and line ends, and out of macros that end here. */
  protected passGaps(): void {
    for (;;) {
      const { frame, lexer } = this;
      lexer.passTo(skipGaps(frame.text, frame.pos));
      if (frame.pos < frame.text.length || !('macro' in frame)) return;
      this.closeFrame();
    }
  }

  passAfter(words: string): void {
    const { text, pos } = this.frame;
    const at = text.indexOf(`\`${words}`, pos);
    this.lexer.passTo(at === -1 ? text.length : at + words.length + 1);
  }

  setLine(line: number, path: string | undefined): void {
    const { frame } = this;
    if (frame.use) return;
    frame.lineDelta = line - frame.line - 1;
    frame.reported = path;
  }

  // ------------------------------------------------------------------------------------------------ Reporting

  /** What `__LINE__` and `__FILE__` stand for. */
  here(): { line: number; path: string } {
    const { line, reported, file } = this.site;
    return { line, path: reported ?? this.files[file]!.path };
  }

  complain(code: string, what: string, remedy?: string, severity: Problem['severity'] = 'error'): void {
    const { line, path } = this.here();
    this.report({ code, severity, what, where: { file: path, line, column: this.site.column }, remedy });
  }

  protected report(problem: Problem): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }
}
