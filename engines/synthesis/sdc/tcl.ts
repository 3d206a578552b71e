import { matches, patternOf } from './objects.ts';
import { evaluateExpression, numberText, truth } from './tcl-expr.ts';
import {
  type Command,
  joinList,
  type Part,
  SdcError,
  type Source,
  Splitter,
  type Spot,
  splitList,
  spotOf,
  type Word,
} from './tcl-words.ts';

/** A word of a command after substitution. */
export interface Arg {
  text: string;
  spot: Spot;
  /** A word in braces: its own place, so that errors inside a body have theirs. */
  literal?: { source: Source; from: number; to: number };
}

/** A command beyond those of Tcl itself. Undefined: there is none of this name. */
export type Commands = (name: string, args: Arg[], spot: Spot) => string | undefined;

class Jump {
  readonly kind: 'break' | 'continue';
  constructor(kind: 'break' | 'continue') {
    this.kind = kind;
  }
}

type Builtin = (args: Arg[], spot: Spot, tcl: Tcl) => string;

const MAX_DEPTH = 60;

/** Runs the part of Tcl that constraint files use. Values are texts, lists too; `commands` knows the rest. */
export class Tcl {
  private readonly commands: Commands;
  private readonly variables = new Map<string, string>();
  private budget: number;
  private depth = 0;

  /** `steps`: how much may be done before the script counts as endless. */
  constructor(commands: Commands, steps: number) {
    this.commands = commands;
    this.budget = steps;
  }

  /** Runs a whole file. An error ends its command; the next is tried, until `limit` errors are found. */
  runAll(text: string, limit: number): SdcError[] {
    const source: Source = { text };
    const splitter = new Splitter(source);
    const errors: SdcError[] = [];
    while (errors.length < limit) {
      try {
        const command = splitter.next();
        if (!command) break;
        try {
          this.command(source, command);
        } catch (cause) {
          errors.push(asError(cause, spotOf(source, command.from)));
          if (errors.at(-1)!.code === 'sdc-endless') break;
        }
      } catch (cause) {
        // What cannot be split has no next command.
        errors.push(asError(cause, spotOf(source, 0)));
        break;
      }
    }
    return errors;
  }

  /** Takes `amount` from what may be done. */
  spend(amount: number, spot: Spot): void {
    this.budget -= amount;
    if (this.budget < 0)
      throw new SdcError('sdc-endless', 'The script does too much: it seems never to end.', spot, 'Check its loops.');
  }

  /** The value of the last command. */
  run(source: Source, from: number, to: number): string {
    return this.deeper(spotOf(source, from), () => {
      const splitter = new Splitter(source, from, to);
      let value = '';
      for (let command = splitter.next(); command; command = splitter.next()) value = this.command(source, command);
      return value;
    });
  }

  private deeper(spot: Spot, run: () => string): string {
    if (this.depth >= MAX_DEPTH)
      throw new SdcError('sdc-syntax', `Commands are nested more than ${MAX_DEPTH} deep.`, spot);
    this.depth++;
    try {
      return run();
    } finally {
      this.depth--;
    }
  }

  body(arg: Arg): string {
    const { source, from, to } = arg.literal ?? dynamic(arg);
    return this.run(source, from, to);
  }

  expression(arg: Arg): string {
    const { source, from, to } = arg.literal ?? dynamic(arg);
    this.spend(1, arg.spot);
    return this.deeper(arg.spot, () => evaluateExpression(source, from, to, (part) => this.part(source, part)));
  }

  condition(arg: Arg): boolean {
    const value = this.expression(arg);
    const known = truth(value);
    if (known === undefined)
      throw new SdcError('sdc-expression', `The condition gives '${value}', neither true nor false.`, arg.spot);
    return known;
  }

  get(name: string): string | undefined {
    return this.variables.get(plain(name));
  }

  set(name: string, value: string, spot: Spot): string {
    if (/[()]/.test(name))
      throw new SdcError('sdc-syntax', 'Arrays are not read here.', spot, 'Use a plain variable, one for each value.');
    this.variables.set(plain(name), value);
    return value;
  }

  unset(name: string): boolean {
    return this.variables.delete(plain(name));
  }

  private command(source: Source, command: Command, inBracket = false): string {
    const spot = spotOf(source, command.from);
    this.spend(1, spot);
    const args: Arg[] = [];
    for (const word of command.words) this.word(source, word, args);
    const head = args.shift();
    if (!head) return '';
    const name = head.text.startsWith('::') ? head.text.slice(2) : head.text;
    const builtin = BUILTINS.get(name);
    if (builtin) return builtin(args, spot, this);
    // `a[$i]`: an index of a bus, as in other timing tools.
    if (inBracket && args.length === 0 && /^(\d+|\*|\d+:\d+)$/.test(name)) return `[${name}]`;
    const value = this.commands(name, args, spot);
    if (value === undefined) throw new SdcError('sdc-unknown-command', `There is no command '${name}' here.`, spot);
    return value;
  }

  private word(source: Source, word: Word, args: Arg[]): void {
    const spot = spotOf(source, word.from);
    const text = word.parts.length === 1 ? this.part(source, word.parts[0]!) : this.join(source, word.parts);
    if (word.expand) for (const element of listOf({ text, spot })) args.push({ text: element, spot });
    else args.push({ text, spot, ...(word.literal ? { literal: { source, ...word.literal } } : {}) });
  }

  private join(source: Source, parts: Part[]): string {
    let text = '';
    for (const part of parts) text += this.part(source, part);
    return text;
  }

  private part(source: Source, part: Part): string {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'variable') {
      const value = this.get(part.name);
      if (value !== undefined) return value;
      const what = `There is no variable '${part.name}'.`;
      throw new SdcError(
        'sdc-no-variable',
        what,
        spotOf(source, part.from),
        `Give it a value first: set ${part.name} ...`,
      );
    }
    let value = '';
    for (const command of part.commands) value = this.command(source, command, true);
    return value;
  }
}

function plain(name: string): string {
  return name.startsWith('::') ? name.slice(2) : name;
}

function dynamic(arg: Arg): { source: Source; from: number; to: number } {
  return { source: { text: arg.text, fixed: arg.spot }, from: 0, to: arg.text.length };
}

function asError(cause: unknown, spot: Spot): SdcError {
  if (cause instanceof SdcError) return cause;
  if (cause instanceof Jump) return new SdcError('sdc-syntax', `${cause.kind} stands outside a loop.`, spot);
  throw cause;
}

/** The elements of a word that is a list. */
export function listOf(arg: { text: string; spot: Spot }): string[] {
  try {
    return splitList(arg.text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : '';
    throw new SdcError('sdc-list', `This list cannot be read: ${why}.`, arg.spot);
  }
}

function count(name: string, args: Arg[], spot: Spot, least: number, most: number, usage: string): void {
  if (args.length < least || args.length > most)
    throw new SdcError(
      'sdc-arguments',
      `${name} is given too ${args.length < least ? 'few' : 'many'} words.`,
      spot,
      `Write ${usage}.`,
    );
}

/** Runs the body of a loop once; false when the loop ends here. */
function turn(tcl: Tcl, body: Arg): boolean {
  try {
    tcl.body(body);
  } catch (cause) {
    if (!(cause instanceof Jump)) throw cause;
    return cause.kind === 'continue';
  }
  return true;
}

/** An index of a list: a number, `end`, `end-1`. */
function indexOf(arg: Arg, length: number): number {
  const match = /^(?:(\d+)|end(?:-(\d+))?)$/.exec(arg.text);
  if (!match)
    throw new SdcError('sdc-list', `'${arg.text}' is no index of a list.`, arg.spot, 'Write a number, end or end-1.');
  return match[1] === undefined ? length - 1 - Number(match[2] ?? 0) : Number(match[1]);
}

/** `lsearch ?-exact|-glob? ?-inline? ?-all? ?-not? list pattern`. */
function lsearch(args: Arg[], spot: Spot): string {
  count('lsearch', args, spot, 2, 7, 'lsearch -exact list element');
  const options = args.slice(0, -2).map((arg) => arg.text);
  const wrong = options.find((option) => !['-exact', '-glob', '-inline', '-all', '-not'].includes(option));
  if (wrong !== undefined)
    throw new SdcError(
      'sdc-unknown-option',
      `lsearch ${wrong} is not read here.`,
      spot,
      'Known are -exact, -glob, -inline, -all and -not.',
    );
  const has = (option: string) => options.includes(option);
  const sought = args.at(-1)!.text;
  const pattern = patternOf(sought, '');
  const fits = (element: string) =>
    (has('-exact') ? element === sought : matches(pattern, element, true)) !== has('-not');
  const elements = listOf(args.at(-2)!);
  const found = elements.flatMap((element, i) => (fits(element) ? [has('-inline') ? element : String(i)] : []));
  if (has('-all')) return joinList(found);
  return found[0] ?? (has('-inline') ? '' : '-1');
}

function refuse(what: string, remedy: string): Builtin {
  return (_args, spot) => {
    throw new SdcError('sdc-unsupported', what, spot, remedy);
  };
}

const jump =
  (kind: 'break' | 'continue'): Builtin =>
  () => {
    throw new Jump(kind);
  };

/** Commands of Tcl itself that are read, by name. */
const BUILTINS = new Map<string, Builtin>([
  [
    'set',
    (args, spot, tcl) => {
      count('set', args, spot, 1, 2, 'set name value');
      if (args.length === 2) return tcl.set(args[0]!.text, args[1]!.text, spot);
      const value = tcl.get(args[0]!.text);
      if (value === undefined) throw new SdcError('sdc-no-variable', `There is no variable '${args[0]!.text}'.`, spot);
      return value;
    },
  ],
  [
    'unset',
    (args, spot, tcl) => {
      for (const arg of args)
        if (!tcl.unset(arg.text)) throw new SdcError('sdc-no-variable', `There is no variable '${arg.text}'.`, spot);
      return '';
    },
  ],
  [
    'incr',
    (args, spot, tcl) => {
      count('incr', args, spot, 1, 2, 'incr name amount');
      const terms = [tcl.get(args[0]!.text) ?? '0', args[1]?.text ?? '1'].map((text) => {
        if (!/^[+-]?\d+$/.test(text)) throw new SdcError('sdc-number', `'${text}' is no whole number.`, spot);
        return Number(text);
      });
      return tcl.set(args[0]!.text, numberText(terms[0]! + terms[1]!, true), spot);
    },
  ],
  [
    'append',
    (args, spot, tcl) => {
      count('append', args, spot, 1, Number.POSITIVE_INFINITY, 'append name text');
      const text =
        (tcl.get(args[0]!.text) ?? '') +
        args
          .slice(1)
          .map((arg) => arg.text)
          .join('');
      tcl.spend(text.length / 100, spot);
      return tcl.set(args[0]!.text, text, spot);
    },
  ],
  [
    'lappend',
    (args, spot, tcl) => {
      count('lappend', args, spot, 1, Number.POSITIVE_INFINITY, 'lappend name element');
      const before = tcl.get(args[0]!.text) ?? '';
      const added = joinList(args.slice(1).map((arg) => arg.text));
      tcl.spend(before.length / 100, spot);
      return tcl.set(args[0]!.text, before === '' || added === '' ? before + added : `${before} ${added}`, spot);
    },
  ],
  [
    'expr',
    (args, spot, tcl) => {
      count('expr', args, spot, 1, Number.POSITIVE_INFINITY, 'expr {2 * $period}');
      if (args.length === 1) return tcl.expression(args[0]!);
      return tcl.expression({ text: args.map((arg) => arg.text).join(' '), spot });
    },
  ],
  ['list', (args) => joinList(args.map((arg) => arg.text))],
  [
    'concat',
    (args) =>
      args
        .map((arg) => arg.text.trim())
        .filter((text) => text !== '')
        .join(' '),
  ],
  [
    'llength',
    (args, spot) => {
      count('llength', args, spot, 1, 1, 'llength list');
      return String(listOf(args[0]!).length);
    },
  ],
  [
    'lindex',
    (args, spot) => {
      count('lindex', args, spot, 1, 2, 'lindex list index');
      if (args.length === 1) return args[0]!.text;
      const elements = listOf(args[0]!);
      return elements[indexOf(args[1]!, elements.length)] ?? '';
    },
  ],
  [
    'lrange',
    (args, spot) => {
      count('lrange', args, spot, 3, 3, 'lrange list first last');
      const elements = listOf(args[0]!);
      const first = Math.max(0, indexOf(args[1]!, elements.length));
      return joinList(elements.slice(first, Math.max(first, indexOf(args[2]!, elements.length) + 1)));
    },
  ],
  [
    'lreplace',
    (args, spot) => {
      count('lreplace', args, spot, 3, Number.POSITIVE_INFINITY, 'lreplace list first last');
      const elements = listOf(args[0]!);
      // Before the list (what lsearch finds nothing at is -1): nothing is taken out.
      const place = (arg: Arg) => (arg.text === '-1' ? -1 : indexOf(arg, elements.length));
      const first = Math.min(Math.max(0, place(args[1]!)), elements.length);
      const last = Math.max(place(args[2]!), first - 1);
      elements.splice(first, last - first + 1, ...args.slice(3).map((arg) => arg.text));
      return joinList(elements);
    },
  ],
  ['lsearch', lsearch],
  [
    'join',
    (args, spot) => {
      count('join', args, spot, 1, 2, 'join list separator');
      return listOf(args[0]!).join(args[1]?.text ?? ' ');
    },
  ],
  [
    'if',
    (args, spot, tcl) => {
      for (let i = 0; ; ) {
        const condition = args[i++];
        if (args[i]?.text === 'then') i++;
        const body = args[i++];
        if (!condition || !body)
          throw new SdcError(
            'sdc-arguments',
            'if lacks a condition or a body.',
            spot,
            'Write if {condition} {commands}.',
          );
        if (tcl.condition(condition)) return tcl.body(body);
        const next = args[i];
        if (!next) return '';
        if (next.text === 'elseif') {
          i++;
          continue;
        }
        if (next.text === 'else') i++;
        if (args.length !== i + 1)
          throw new SdcError('sdc-arguments', 'One body in braces must follow else, and nothing after it.', next.spot);
        return tcl.body(args[i]!);
      }
    },
  ],
  [
    'while',
    (args, spot, tcl) => {
      count('while', args, spot, 2, 2, 'while {condition} {commands}');
      while (tcl.condition(args[0]!)) if (!turn(tcl, args[1]!)) break;
      return '';
    },
  ],
  [
    'for',
    (args, spot, tcl) => {
      count('for', args, spot, 4, 4, 'for {set i 0} {$i < 8} {incr i} {commands}');
      tcl.body(args[0]!);
      while (tcl.condition(args[1]!)) {
        if (!turn(tcl, args[3]!)) break;
        tcl.body(args[2]!);
      }
      return '';
    },
  ],
  [
    'foreach',
    (args, spot, tcl) => {
      count('foreach', args, spot, 3, 3, 'foreach name $list {commands}');
      const names = listOf(args[0]!);
      if (names.length === 0) throw new SdcError('sdc-arguments', 'foreach names no variable.', args[0]!.spot);
      const elements = listOf(args[1]!);
      for (let i = 0; i < elements.length; i += names.length) {
        tcl.spend(1, spot);
        for (const [k, name] of names.entries()) tcl.set(name, elements[i + k] ?? '', spot);
        if (!turn(tcl, args[2]!)) break;
      }
      return '';
    },
  ],
  ['break', jump('break')],
  ['continue', jump('continue')],
  ['source', refuse('Other files are not read from constraints.', 'Copy the text of the file into the constraints.')],
  ['proc', refuse('Procedures are not read here.', 'Write the commands out, or in a foreach loop.')],
]);

/** For the editor's help: what of Tcl itself is read. */
export const TCL_COMMANDS: readonly string[] = [...BUILTINS.keys()].filter(
  (name) => name !== 'source' && name !== 'proc',
);
