import { HANDLE } from './objects.ts';
import type { State } from './state.ts';
import { type Arg, listOf } from './tcl.ts';
import { SdcError, type Spot } from './tcl-words.ts';

/** `flag` stands alone, `value` takes a word, `values` may occur again; a text refuses the option and says why. */
export type OptionKind = 'flag' | 'value' | 'values' | { refused: string };

/** A command of SDC: what it takes and does. */
export interface SdcCommand {
  name: string;
  /** As a help line shows it. */
  usage: string;
  /** What it says, in a sentence. */
  about: string;
  /** Absent: carried out. 'noted': read, and said to have no effect here. */
  noted?: string;
  options: Record<string, OptionKind>;
  /** Least and greatest number of words that are no options. */
  words: [number, number];
  run?(call: Call, state: State): string;
}

/** Options that every command of constraints takes and that change nothing. */
const COMMON: Record<string, OptionKind> = { '-comment': 'value' };

/** A command with its words sorted into options and others. */
export class Call {
  readonly name: string;
  readonly spot: Spot;
  readonly options: { name: string; arg?: Arg }[] = [];
  readonly words: Arg[] = [];

  constructor(command: SdcCommand, args: Arg[], spot: Spot) {
    this.name = command.name;
    this.spot = spot;
    const known = { ...COMMON, ...command.options };
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      if (!/^-[A-Za-z_]/.test(arg.text) || arg.literal) {
        this.words.push(arg);
        continue;
      }
      const name = this.option(arg, known, command);
      const kind = known[name]!;
      if (typeof kind === 'object')
        throw new SdcError('sdc-unsupported', `${this.name} ${name} is not supported.`, arg.spot, kind.refused);
      if (kind !== 'values' && this.has(name))
        throw new SdcError('sdc-option', `${name} is given twice.`, arg.spot, 'Leave one of them out.');
      if (kind === 'flag') this.options.push({ name });
      else {
        const value = args[++i];
        if (!value) throw new SdcError('sdc-option', `${name} lacks its value.`, arg.spot, `Write ${command.usage}.`);
        this.options.push({ name, arg: value });
      }
    }
    const [least, most] = command.words;
    if (this.words.length < least || this.words.length > most) {
      const what = this.words.length < least ? 'lacks a value' : `does not expect '${display(this.words[most]!.text)}'`;
      const where = this.words.length < least ? spot : this.words[most]!.spot;
      throw new SdcError('sdc-arguments', `${this.name} ${what}.`, where, `Write ${command.usage}.`);
    }
  }

  /** The full name of an option; its beginning will do where only one option has it, as in other tools. */
  private option(arg: Arg, known: Record<string, OptionKind>, command: SdcCommand): string {
    if (Object.hasOwn(known, arg.text)) return arg.text;
    const fit = Object.keys(known).filter((name) => name.startsWith(arg.text));
    if (fit.length === 1 && arg.text.length > 2) return fit[0]!;
    const what =
      fit.length > 1 ? `${arg.text} may mean ${fit.join(' or ')}.` : `${this.name} has no option ${display(arg.text)}.`;
    throw new SdcError('sdc-unknown-option', what, arg.spot, `Write ${command.usage}.`);
  }

  has(name: string): boolean {
    return this.options.some((option) => option.name === name);
  }

  get(name: string): Arg | undefined {
    return this.options.find((option) => option.name === name)?.arg;
  }

  /** A number of an option, or undefined when it is not given. */
  number(name: string): number | undefined {
    const arg = this.get(name);
    return arg && numberOf(arg, name);
  }

  fail(code: string, what: string, remedy?: string, spot = this.spot): never {
    throw new SdcError(code, what, spot, remedy);
  }
}

/** A text as messages show it: handles of objects would be noise. */
export function display(text: string): string {
  if (text.includes(HANDLE)) return 'these objects';
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

export function numberOf(arg: Arg, what: string): number {
  const text = arg.text.trim();
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value))
    throw new SdcError(
      'sdc-number',
      `'${display(arg.text)}' is no number (${what}).`,
      arg.spot,
      'Write it without a unit.',
    );
  return value === 0 ? 0 : value;
}

export function wholeOf(arg: Arg, what: string): number {
  const value = numberOf(arg, what);
  if (!Number.isInteger(value))
    throw new SdcError('sdc-number', `'${arg.text}' is no whole number (${what}).`, arg.spot);
  return value;
}

export function numbersOf(arg: Arg, what: string): number[] {
  return listOf(arg).map((text) => numberOf({ text, spot: arg.spot }, what));
}
