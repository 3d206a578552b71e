/** The compiler directives that hold from a place on and read no text (IEEE 1364-2005 19, IEEE 1800-2012 22). */
import type { Problem } from '../../core/result.ts';
import { generationOfVersion } from './keywords.ts';
import type { Directive, Generation } from './tokens.ts';

/** What a directive is given to do its work with. */
export interface DirectiveSite {
  /** Takes what the sticky pattern matches after blanks, comments and line ends, also out of macros. */
  takeOperand(pattern: RegExp): string | undefined;
  /** Takes what the sticky pattern matches where the text stands. */
  take(pattern: RegExp): RegExpExecArray | undefined;
  /** Takes the rest of the line, without comments, macros expanded. */
  takeLine(): string;
  /** Hands on to the parser. */
  hold(directive: WithoutToken<Directive>): void;
  complain(code: string, what: string, remedy?: string, severity?: Problem['severity']): void;
  /** From the next line on, lines are counted from `line` in a file called `path`. */
  setLine(line: number, path: string | undefined): void;
  beginKeywords(generation: Generation): void;
  /** False: none is open. */
  endKeywords(): boolean;
  /** Passes over all text to the end of the next directive of these words, or to the end of the file. */
  passAfter(words: string): void;
}

type WithoutToken<T> = T extends { token: number } ? Omit<T, 'token'> : never;

const POWERS: Record<string, number> = { s: 0, ms: -3, us: -6, ns: -9, ps: -12, fs: -15 };
const WORD = /[A-Za-z_][\w$]*/y;
const COUNT = /\d+/y;
const SLASH = /\//y;
const STRING = /"[^"\n]*"/y;
const LINE = /[ \t]*(\d+)(?:[ \t]+"((?:[^"\\\n]|\\.)*)")?(?:[ \t]+([012]))?[ \t]*\r?(?=\n|\/\/|$)/y;

const NET_TYPES = new Set(['wire', 'tri', 'tri0', 'tri1', 'wand', 'triand', 'wor', 'trior', 'trireg', 'uwire', 'none']);

/** Power of ten of seconds of `10 ns`; undefined where the number is not 1, 10 or 100. */
export function timePower(count: string, unit: string): number | undefined {
  const zeros = { '1': 0, '10': 1, '100': 2 }[count];
  return zeros === undefined || POWERS[unit] === undefined ? undefined : POWERS[unit] + zeros;
}

/** Reads `1ns/10ps`; a sentence where it is not right. */
export function parseTimescale(text: string): { unit: number; precision: number } | string {
  const match = /^\s*(\d+)\s*([munpf]?s)\s*\/\s*(\d+)\s*([munpf]?s)\s*$/.exec(text);
  if (!match) return 'A time scale is written as in 1ns/100ps.';
  return timescaleOf(match[1]!, match[2]!, match[3]!, match[4]!);
}

function timescaleOf(unitCount: string, unitName: string, precisionCount: string, precisionName: string) {
  const unit = timePower(unitCount, unitName);
  const precision = timePower(precisionCount, precisionName);
  if (unit === undefined || precision === undefined) {
    return 'The numbers of a time scale are 1, 10 or 100, and its units s, ms, us, ns, ps and fs.';
  }
  if (precision > unit) return 'The precision of a time scale is not greater than its unit.';
  return { unit, precision };
}

function timescale(site: DirectiveSite): void {
  const parts = [COUNT, WORD, SLASH, COUNT, WORD].map((pattern) => site.takeOperand(pattern));
  const [unitCount, unitName, , precisionCount, precisionName] = parts;
  const read = parts.includes(undefined)
    ? 'The directive `timescale wants a unit and a precision.'
    : timescaleOf(unitCount!, unitName!, precisionCount!, precisionName!);
  if (typeof read === 'string') site.complain('bad-directive', read, 'Write for example `timescale 1ns/1ps.');
  else site.hold({ kind: 'timescale', ...read });
}

function defaultNetType(site: DirectiveSite): void {
  const word = site.takeOperand(WORD);
  if (word !== undefined && NET_TYPES.has(word)) site.hold({ kind: 'default_nettype', netType: word });
  else {
    site.complain(
      'bad-directive',
      word === undefined
        ? 'The directive `default_nettype wants a type of net, or none.'
        : `'${word}' is no type of net that undeclared names can have.`,
      `Possible are ${[...NET_TYPES].join(', ')}.`,
    );
  }
}

function unconnectedDrive(site: DirectiveSite): void {
  const word = site.takeOperand(WORD);
  if (word === 'pull0' || word === 'pull1') site.hold({ kind: 'unconnected_drive', pull: word });
  else site.complain('bad-directive', 'The directive `unconnected_drive wants pull0 or pull1.');
}

function line(site: DirectiveSite): void {
  const match = site.take(LINE);
  if (match?.[2] !== undefined) {
    site.setLine(Number(match[1]), match[2].replace(/\\(.)/g, '$1'));
    return;
  }
  site.takeLine();
  site.complain(
    'bad-directive',
    'The directive `line wants a line number, the name of a file in quotation marks, and 0, 1 or 2.',
    'Write for example `line 12 "top.v" 0.',
  );
}

function beginKeywords(site: DirectiveSite): void {
  const version = site.takeOperand(STRING)?.slice(1, -1);
  const generation = version === undefined ? undefined : generationOfVersion(version);
  if (generation !== undefined) {
    site.beginKeywords(generation);
    site.hold({ kind: 'keywords', generation });
    return;
  }
  site.complain(
    version === undefined ? 'bad-directive' : 'not-supported',
    version === undefined
      ? 'The directive `begin_keywords wants the version of the standard in quotation marks.'
      : `The reserved words of "${version}" are not known.`,
    'Versions are "1364-1995", "1364-2001", "1364-2001-noconfig", "1364-2005", "1800-2005", "1800-2009" and "1800-2012".',
  );
}

function endKeywords(site: DirectiveSite): void {
  if (!site.endKeywords()) {
    site.complain('bad-directive', 'There is no `begin_keywords that this `end_keywords could end.');
  }
}

function pragma(site: DirectiveSite): void {
  const text = site.takeLine().trim();
  if (!/^protect\b/.test(text)) return;
  if (/\bbegin_protected\b/.test(text)) encrypted(site, 'pragma protect end_protected');
}

/** Encrypted text cannot be read. */
function encrypted(site: DirectiveSite, end: string): void {
  site.complain(
    'not-supported',
    'Here begins encrypted source, which only the tools that its vendor chose can read.',
    'Use the plain source, or a simulation model that is not encrypted.',
  );
  site.passAfter(end);
}

const ignore = (): void => undefined;

function passOver(what: string) {
  return (site: DirectiveSite): void => {
    site.takeLine();
    site.complain('not-supported', `${what} is passed over.`, undefined, 'warning');
  };
}

export const DIRECTIVES: Readonly<Record<string, (site: DirectiveSite) => void>> = {
  timescale,
  default_nettype: defaultNetType,
  unconnected_drive: unconnectedDrive,
  nounconnected_drive: (site) => site.hold({ kind: 'unconnected_drive', pull: undefined }),
  celldefine: (site) => site.hold({ kind: 'celldefine', on: true }),
  endcelldefine: (site) => site.hold({ kind: 'celldefine', on: false }),
  resetall: (site) => site.hold({ kind: 'resetall' }),
  line,
  begin_keywords: beginKeywords,
  end_keywords: endKeywords,
  pragma,
  protected: (site) => encrypted(site, 'endprotected'),
  endprotected: ignore,
  // Marks text that a vendor's tool is to encrypt: plain text still.
  protect: ignore,
  endprotect: ignore,
  // Of older simulators, without a meaning for results (IEEE 1364-2005 Annex D and Verilog-XL).
  accelerate: ignore,
  noaccelerate: ignore,
  autoexpand_vectornets: ignore,
  expand_vectornets: ignore,
  noexpand_vectornets: ignore,
  remove_gatenames: ignore,
  noremove_gatenames: ignore,
  remove_netnames: ignore,
  noremove_netnames: ignore,
  suppress_faults: ignore,
  nosuppress_faults: ignore,
  enable_portfaults: ignore,
  disable_portfaults: ignore,
  default_decay_time: passOver('The directive `default_decay_time'),
  default_trireg_strength: passOver('The directive `default_trireg_strength'),
  delay_mode_distributed: passOver('The directive `delay_mode_distributed'),
  delay_mode_path: passOver('The directive `delay_mode_path'),
  delay_mode_unit: passOver('The directive `delay_mode_unit'),
  delay_mode_zero: passOver('The directive `delay_mode_zero'),
  uselib: passOver('The directive `uselib'),
};
