import { error, fail, ok, type Place, type Problem, type Result } from '../../core/result.ts';
import type { RecordedBit, Recording } from './types.ts';

/** Nanoseconds of a unit of SAIF's TIMESCALE, as a fraction, so that decimals stay what they are. */
const UNITS: Record<string, { times: number; over: number }> = {
  s: { times: 1e9, over: 1 },
  ms: { times: 1e6, over: 1 },
  us: { times: 1e3, over: 1 },
  ns: { times: 1, over: 1 },
  ps: { times: 1, over: 1e3 },
  fs: { times: 1, over: 1e6 },
};

export interface SaifFile {
  recording: Recording;
  /** As the file's header says; empty where it does not. */
  design: string;
  program: string;
  problems: Problem[];
}

/**
 * Reads the activities of a backward SAIF file (Switching Activity Interchange Format 2.0: IEEE 1801-2015 annex I): nets and ports of nested
 * instances with T0, T1, TX, TZ, TB, TC. Path-dependent and state-dependent counts (IOPATH, COND), glitches (TG, IG) and leakage are
 * passed over. Without a TIMESCALE times are in ns.
 *
 * Errors, with their line: `saif-syntax`, `saif-version`, `saif-direction`, `saif-timescale`, `saif-number`, `saif-no-duration`.
 */
export function readSaif(text: string, file = 'activity.saif'): Result<SaifFile> {
  const reader = new SaifReader(text, file);
  try {
    return ok(reader.file());
  } catch (thrown) {
    if (thrown instanceof SaifError) return fail(thrown.problem);
    throw thrown;
  }
}

class SaifError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.problem = problem;
  }
}

interface Token {
  kind: '(' | ')' | 'word' | 'string' | 'end';
  /** Of words: as written, escapes included. */
  text: string;
  line: number;
}

const STATE_TIMES = new Set(['T0', 'T1', 'TX', 'TZ', 'TB']);

class SaifReader {
  private at = 0;
  private line = 1;
  private token: Token;
  private divider = '/';
  private scale: { times: number; over: number } = { times: 1, over: 1 };
  private duration: { value: number; line: number } | undefined;
  private design = '';
  private program = '';
  private readonly bits: (RecordedBit & { line: number })[] = [];
  private readonly seen = new Map<string, number>();
  private readonly problems: Problem[] = [];
  private skipped: { what: string; line: number } | undefined;
  private readonly text: string;
  private readonly name: string;

  constructor(text: string, name: string) {
    this.text = text;
    this.name = name;
    this.token = this.scan();
  }

  file(): SaifFile {
    this.open();
    this.keyword('SAIFILE');
    while (this.token.kind === '(') this.headerOrInstance();
    this.close();
    if (this.token.kind !== 'end') throw this.syntax('nothing', 'The file goes on after its end.');
    if (!this.duration) {
      throw this.problem(
        'saif-no-duration',
        'The file does not say how long was recorded (DURATION).',
        this.token.line,
      );
    }
    const { duration } = this;
    const ns = (value: number) => (value * this.scale.times) / this.scale.over;
    const durationNs = ns(duration.value);
    if (!(durationNs > 0))
      throw this.problem('saif-no-duration', 'The recorded time (DURATION) is not longer than 0.', duration.line);
    const bits = this.bits.map(({ line: _line, ...bit }) => ({
      ...bit,
      highNs: ns(bit.highNs),
      lowNs: ns(bit.lowNs),
      unknownNs: ns(bit.unknownNs),
    }));
    this.checkTimes(duration.value);
    if (this.skipped) {
      this.problems.push({
        code: 'saif-passed-over',
        severity: 'note',
        what: `Counts by path or state, of glitches or of other things than time and toggles are passed over (first: ${this.skipped.what}).`,
        where: this.place(this.skipped.line),
      });
    }
    return {
      recording: { durationNs, instance: '', bits },
      design: this.design,
      program: this.program,
      problems: this.problems,
    };
  }

  private headerOrInstance(): void {
    const { line } = this.token;
    this.open();
    const word = this.word('a keyword').text.toUpperCase();
    switch (word) {
      case 'SAIFVERSION': {
        const version = this.take().text;
        if (version !== '2.0' && version !== '1.0') {
          throw this.problem(
            'saif-version',
            `Version "${version}" of SAIF is not read.`,
            line,
            'Write the file as SAIF 2.0.',
          );
        }
        break;
      }
      case 'DIRECTION': {
        const direction = this.take().text;
        if (direction.toLowerCase() !== 'backward') {
          throw this.problem(
            'saif-direction',
            `The file is a ${direction} SAIF file; activities are in backward ones.`,
            line,
            'Have the simulator write a backward SAIF file.',
          );
        }
        break;
      }
      case 'DESIGN':
        if (this.token.kind !== ')') this.design = this.take().text;
        break;
      case 'PROGRAM_NAME':
        if (this.token.kind !== ')') this.program = this.take().text;
        break;
      case 'DIVIDER':
        this.divider = this.take().text;
        break;
      case 'TIMESCALE':
        this.timescale(line);
        break;
      case 'DURATION':
        this.duration = { value: this.number(), line };
        break;
      case 'INSTANCE':
      case 'VIRTUAL_INSTANCE':
        this.instance('', word === 'VIRTUAL_INSTANCE');
        return;
      case 'DATE':
      case 'VENDOR':
      case 'VERSION':
        break;
      default:
        this.pass(word, line);
        return;
    }
    while (this.token.kind === 'word' || this.token.kind === 'string') this.take();
    this.close();
  }

  private timescale(line: number): void {
    // "1 ns" or "1ns".
    let text = '';
    while (this.token.kind === 'word' || this.token.kind === 'string') text += this.take().text;
    const match = /^(1|10|100)\s*(s|ms|us|ns|ps|fs)$/.exec(text);
    if (!match) {
      throw this.problem(
        'saif-timescale',
        `The time scale "${text}" is none: 1, 10 or 100 of s, ms, us, ns, ps or fs.`,
        line,
      );
    }
    const { times, over } = UNITS[match[2]!]!;
    const count = Number(match[1]);
    this.scale = over > 1 ? { times: 1, over: over / count } : { times: times * count, over };
  }

  /** Its opening parenthesis and keyword are read. */
  private instance(around: string, isVirtual: boolean): void {
    // (INSTANCE name ...), (INSTANCE "module" name ...).
    const first = this.nameToken('the name of an instance');
    const second =
      first.kind === 'string' && (this.token.kind === 'word' || this.token.kind === 'string')
        ? this.nameToken('the name of an instance')
        : undefined;
    const name = this.pathOf(second ?? first);
    const path = isVirtual || name === '' ? around : around === '' ? name : `${around}.${name}`;
    while (this.token.kind === '(') {
      const { line } = this.token;
      this.open();
      const word = this.word('a keyword').text.toUpperCase();
      if (word === 'NET' || word === 'PORT') this.nets(path);
      else if (word === 'INSTANCE') this.instance(path, false);
      else this.pass(word, line);
    }
    this.close();
  }

  private nets(instance: string): void {
    while (this.token.kind === '(') {
      const { line } = this.token;
      this.open();
      const name = this.pathOf(this.nameToken('the name of a net'));
      const path = instance === '' ? name : `${instance}.${name}`;
      const found = { path, highNs: 0, lowNs: 0, unknownNs: 0, toggles: 0, line };
      while (this.token.kind === '(') {
        const { line: at } = this.token;
        this.open();
        const word = this.word('T0, T1, TX, TZ or TC').text.toUpperCase();
        if (word !== 'TC' && !STATE_TIMES.has(word)) {
          this.pass(word, at);
          continue;
        }
        const value = this.number();
        if (word === 'TC') found.toggles += value;
        else if (word === 'T1') found.highNs += value;
        else if (word === 'T0') found.lowNs += value;
        else found.unknownNs += value;
        this.close();
      }
      this.close();
      this.addBit(found);
    }
    this.close();
  }

  /** A net may be listed as a port as well: with the same counts. */
  private addBit(found: RecordedBit & { line: number }): void {
    const before = this.seen.get(found.path);
    if (before === undefined) {
      this.seen.set(found.path, this.bits.push(found) - 1);
      return;
    }
    const first = this.bits[before]!;
    if (first.highNs === found.highNs && first.lowNs === found.lowNs && first.toggles === found.toggles) return;
    this.problems.push({
      code: 'saif-twice',
      severity: 'warning',
      what: `'${found.path}' stands in the file twice, with different counts; the first (line ${first.line}) is taken.`,
      where: this.place(found.line),
    });
  }

  private checkTimes(duration: number): void {
    const wrong = this.bits.find(({ highNs, lowNs, unknownNs }) => {
      const sum = highNs + lowNs + unknownNs;
      return Math.abs(sum - duration) > 1e-6 * duration + 1;
    });
    if (!wrong) return;
    this.problems.push({
      code: 'saif-times',
      severity: 'warning',
      what: `Times of '${wrong.path}' at 0, 1 and unknown make ${wrong.highNs + wrong.lowNs + wrong.unknownNs}, and ${duration} were recorded; its share at 1 is taken of its own times.`,
      where: this.place(wrong.line),
    });
  }

  /** Skips the rest of a group whose opening parenthesis and keyword are read. */
  private pass(what: string, line: number): void {
    this.skipped ??= { what, line };
    let depth = 1;
    while (depth > 0) {
      const { kind } = this.token;
      if (kind === 'end') throw this.syntax(')', `A group that begins in line ${line} (${what}) does not end.`);
      depth += kind === '(' ? 1 : kind === ')' ? -1 : 0;
      this.advance();
    }
  }

  private pathOf({ kind, text }: Token): string {
    if (kind === 'string') return text;
    // An escaped divider belongs to the name, any other parts instances.
    let path = '';
    for (let i = 0; i < text.length; i++) {
      const character = text[i]!;
      if (character === '\\' && i + 1 < text.length) path += text[++i];
      else path += character === this.divider ? '.' : character;
    }
    return path;
  }

  private number(): number {
    const { text, line, kind } = this.token;
    const value = Number(text);
    if (kind !== 'word' || !/^[\d.]/.test(text) || !Number.isFinite(value)) {
      throw this.problem(
        'saif-number',
        `${kind === 'end' ? 'The end of the file' : `'${text}'`} stands where a number that is not negative was expected.`,
        line,
      );
    }
    this.advance();
    return value;
  }

  private nameToken(what: string): Token {
    const { token } = this;
    if (token.kind !== 'word' && token.kind !== 'string') throw this.syntax(what);
    this.advance();
    return token;
  }

  private word(what: string): Token {
    const { token } = this;
    if (token.kind !== 'word') throw this.syntax(what);
    this.advance();
    return token;
  }

  private take(): Token {
    const { token } = this;
    if (token.kind !== 'word' && token.kind !== 'string') throw this.syntax('a value');
    this.advance();
    return token;
  }

  private keyword(word: string): void {
    if (this.token.kind !== 'word' || this.token.text.toUpperCase() !== word) throw this.syntax(word);
    this.advance();
  }

  private open(): void {
    if (this.token.kind !== '(') throw this.syntax('(');
    this.advance();
  }

  private close(): void {
    if (this.token.kind !== ')') throw this.syntax(')');
    this.advance();
  }

  private advance(): void {
    this.token = this.scan();
  }

  private scan(): Token {
    const { text } = this;
    for (;;) {
      const character = text[this.at];
      if (character === undefined) return { kind: 'end', text: '', line: this.line };
      if (character === '\n') {
        this.line++;
        this.at++;
      } else if (character === ' ' || character === '\t' || character === '\r') this.at++;
      else if (character === '/' && text[this.at + 1] === '/') {
        while (this.at < text.length && text[this.at] !== '\n') this.at++;
      } else if (character === '/' && text[this.at + 1] === '*') {
        const { line } = this;
        const end = text.indexOf('*/', this.at + 2);
        if (end < 0) throw this.problem('saif-syntax', 'A comment does not end.', line);
        for (; this.at < end + 2; this.at++) if (text[this.at] === '\n') this.line++;
      } else break;
    }
    const { line } = this;
    const from = this.at;
    const first = text[from]!;
    if (first === '(' || first === ')') {
      this.at++;
      return { kind: first, text: first, line };
    }
    if (first === '"') {
      const end = text.indexOf('"', from + 1);
      if (end < 0) throw this.problem('saif-syntax', 'A text in quotes does not end.', line);
      this.at = end + 1;
      const inside = text.slice(from + 1, end);
      this.line += inside.split('\n').length - 1;
      return { kind: 'string', text: inside, line };
    }
    while (this.at < text.length && !' \t\r\n()"'.includes(text[this.at]!)) this.at += text[this.at] === '\\' ? 2 : 1;
    this.at = Math.min(this.at, text.length);
    return { kind: 'word', text: text.slice(from, this.at), line };
  }

  private syntax(expected: string, what?: string): SaifError {
    const { kind, text, line } = this.token;
    const found = kind === 'end' ? 'the file ends' : `'${text}' stands`;
    return this.problem('saif-syntax', what ?? `Where ${expected} was expected, ${found}.`, line);
  }

  private problem(
    code: string,
    what: string,
    line: number,
    remedy = 'Write the file anew with its simulator.',
  ): SaifError {
    return new SaifError(error(code, what, remedy, this.place(line)));
  }

  private place(line: number): Place {
    return { file: this.name, line };
  }
}
