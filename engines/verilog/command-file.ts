/** Command files (`-c`, `-f`): lists of sources and settings, as Icarus Verilog and other simulators read them. */
import type { Problem } from '../core/result.ts';
import type { CommandHost } from './command.ts';
import { parseTimescale } from './syntax/directives.ts';
import { folderOf, join } from './syntax/paths.ts';
import type { Generation } from './syntax/tokens.ts';

/** What command lines and command files gather. */
export interface CommandState {
  files: string[];
  tops: string[];
  generation: Generation | undefined;
  defines: Record<string, string>;
  includeDirs: string[];
  parameters: Record<string, string>;
  libraryDirs: string[];
  librarySuffixes: string[];
  libraryFiles: string[];
  timescale: { unit: number; precision: number } | undefined;
  problems: Problem[];
}

/** What `-g` calls the generations of the language. */
export const GENERATIONS: ReadonlyMap<string, Generation> = new Map<string, Generation>([
  ['1', '1995'],
  ['2', '2001'],
  ['2x', '2005'],
  ['1995', '1995'],
  ['2001', '2001'],
  ['2001-noconfig', '2001-noconfig'],
  ['2005', '2005'],
  ['2005-sv', '2005-sv'],
  ['2009', '2009'],
  ['2012', '2012'],
]);

const MAX_DEPTH = 50;

/**
 * Reads a command file into `state`. Lines hold: the path of a source (blanks are a part of it where there is such a file);
 * `-c`/`-f`/`-F FILE` (looked for beside this file, then as named), `-l`/`-v FILE`, `-y DIR`, each also with the value in the next
 * line; `+incdir+A+B`, `+libdir+A`, `+libext+.v`, `+define+NAME=VALUE`, `+parameter+NAME=VALUE`, `+timescale+1ns/1ps`; and of other
 * simulators `-D`, `-I`, `-s`, `-g`. Variables of the environment stand as `$(NAME)` and `${NAME}`; comments are as in C and C++, and
 * `#` to the end of the line.
 */
export function readCommandFile(
  path: string,
  state: CommandState,
  host: CommandHost,
  open: readonly string[] = [],
): void {
  const text = host.read(path);
  if (text === undefined) {
    state.problems.push({
      code: 'no-such-file',
      severity: 'error',
      what: `The command file '${path}' cannot be read.`,
      remedy: 'Check its name.',
    });
    return;
  }
  if (open.includes(path) || open.length > MAX_DEPTH) {
    state.problems.push({
      code: 'file-list-cycle',
      severity: 'error',
      what: `The command file '${path}' includes itself.`,
      where: { file: open.at(-1) },
    });
    return;
  }
  new CommandFile(path, text, state, host, [...open, path]).read();
}

interface Word {
  text: string;
  line: number;
  /** Where it begins in its line's text. */
  start: number;
}

class CommandFile {
  private readonly path: string;
  private readonly lines: readonly string[];
  private readonly state: CommandState;
  private readonly host: CommandHost;
  private readonly open: readonly string[];
  private line = 0;
  private at = 0;
  private casing: 'as-is' | 'upper' | 'lower' = 'as-is';

  constructor(path: string, text: string, state: CommandState, host: CommandHost, open: readonly string[]) {
    this.path = path;
    this.lines = withoutComments(text).split(/\r?\n/);
    this.state = state;
    this.host = host;
    this.open = open;
  }

  read(): void {
    for (let word = this.next(); word; word = this.next()) {
      const { text } = word;
      if (text.startsWith('+')) this.readPlus(word);
      else if (text.startsWith('-') && text.length > 1) this.readOption(word);
      else this.readSource(word);
    }
  }

  /** The next word, or quoted text. */
  private next(): Word | undefined {
    for (; this.line < this.lines.length; this.line++, this.at = 0) {
      const pattern = /\s*("[^"]*"|[^\s]+)/y;
      pattern.lastIndex = this.at;
      const match = pattern.exec(this.lines[this.line]!);
      if (!match) continue;
      const text = match[1]!;
      if (text.startsWith('#')) continue;
      this.at = pattern.lastIndex;
      return { text, line: this.line + 1, start: this.at - text.length };
    }
    return undefined;
  }

  /** A path alone in its line may have blanks. */
  private readSource(word: Word): void {
    const rest = this.lines[word.line - 1]!.slice(word.start).trim();
    if (rest !== word.text && !rest.startsWith('"')) {
      const whole = this.expand(rest, word.line);
      if (this.host.read(whole) !== undefined) {
        this.at = this.lines[word.line - 1]!.length;
        this.state.files.push(whole);
        return;
      }
    }
    const path = this.expand(word.text, word.line);
    this.state.files.push(
      this.casing === 'upper' ? path.toUpperCase() : this.casing === 'lower' ? path.toLowerCase() : path,
    );
  }

  private readOption(word: Word): void {
    const { state } = this;
    const letter = word.text.slice(1, 2);
    const attached = word.text.slice(2);
    if (word.text === '-sv' || word.text === '-sverilog') {
      state.generation ??= '2012';
      return;
    }
    if (word.text === '-u' || !'cfFlvyYDIsg'.includes(letter)) {
      this.warn(`'${word.text}' is not known in a command file; it is passed over.`, word.line);
      return;
    }
    const value = attached === '' ? this.next()?.text : attached;
    if (value === undefined) {
      this.wrong(`'${word.text}' wants a value.`, word.line);
      return;
    }
    const named = this.expand(value, word.line);
    switch (letter) {
      case 'c':
      case 'f':
      case 'F': {
        const beside = join(folderOf(this.path), named);
        readCommandFile(this.host.read(beside) === undefined ? named : beside, state, this.host, this.open);
        break;
      }
      case 'l':
      case 'v':
        state.libraryFiles.push(named);
        break;
      case 'y':
        state.libraryDirs.push(named);
        break;
      case 'Y':
        state.librarySuffixes.push(value);
        break;
      case 'D':
        this.define(value);
        break;
      case 'I':
        state.includeDirs.push(named);
        break;
      case 's':
        state.tops.push(value);
        break;
      default:
        if (GENERATIONS.has(value)) state.generation = GENERATIONS.get(value);
        else this.warn(`'-g${value}' is passed over in a command file.`, word.line);
    }
  }

  private readPlus({ text, line }: Word): void {
    const { state } = this;
    const [, key = '', rest = ''] = /^\+([^+]*)\+?(.*)$/.exec(text)!;
    const parts = rest.split('+').filter((part) => part !== '');
    switch (key) {
      case 'incdir':
        state.includeDirs.push(...parts.map((part) => this.expand(part, line)));
        break;
      case 'libdir-nocase':
        this.warn("'+libdir-nocase' is read as '+libdir': names of files keep their case.", line);
        state.libraryDirs.push(...parts.map((part) => this.expand(part, line)));
        break;
      case 'libdir':
        state.libraryDirs.push(...parts.map((part) => this.expand(part, line)));
        break;
      case 'libext':
        for (const part of parts) if (!state.librarySuffixes.includes(part)) state.librarySuffixes.push(part);
        break;
      case 'define':
        for (const part of parts) this.define(part);
        break;
      case 'parameter': {
        const equals = rest.indexOf('=');
        if (equals < 1) this.wrong(`'+parameter+' wants TOP.PARAMETER=VALUE, not '${rest}'.`, line);
        else state.parameters[rest.slice(0, equals)] = rest.slice(equals + 1);
        break;
      }
      case 'timescale': {
        const read = parseTimescale(rest.replace(/\+$/, ''));
        if (typeof read === 'string') this.wrong(read, line);
        else state.timescale = read;
        break;
      }
      case 'toupper-filename':
        this.casing = 'upper';
        break;
      case 'tolower-filename':
        this.casing = 'lower';
        break;
      default:
        this.warn(`'${text}' is not known; it is passed over.`, line);
    }
  }

  private define(text: string): void {
    const equals = text.indexOf('=');
    this.state.defines[equals === -1 ? text : text.slice(0, equals)] = equals === -1 ? '1' : text.slice(equals + 1);
  }

  /** Without quotation marks, variables put in. */
  private expand(text: string, line: number): string {
    return text.replaceAll('"', '').replace(/\$(?:\((\w+)\)|\{(\w+)\})/g, (whole, round, curly) => {
      const name = (round ?? curly) as string;
      const value = this.host.variable(name);
      if (value !== undefined) return value;
      this.warn(`The variable '${name}' is not set; it stands as it is.`, line);
      return whole as string;
    });
  }

  private wrong(what: string, line: number): void {
    this.state.problems.push({ code: 'usage', severity: 'error', what, where: { file: this.path, line } });
  }

  private warn(what: string, line: number): void {
    this.state.problems.push({ code: 'passed-over', severity: 'warning', what, where: { file: this.path, line } });
  }
}

/** Comments of C and C++ become blanks; line ends stay. A `//` begins one only after a blank: paths may hold it. */
function withoutComments(text: string): string {
  return text.replace(/"[^"\n]*"|(?<!\S)\/\*[\s\S]*?(?:\*\/|$)|(?<!\S)\/\/[^\n]*/g, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
  );
}
