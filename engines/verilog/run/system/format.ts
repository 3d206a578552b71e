/**
 * What $display and its kin print: format texts with their arguments, and arguments without a format, as Icarus Verilog 11 writes them
 * (IEEE 1364-2005 section 17.1).
 */

import { scopeName } from '../../ir/names.ts';
import type { IrType, ScopeId } from '../../ir/types.ts';
import type { BoundArg, Machine, Value, Vec } from '../machine.ts';
import { fromReal, toText } from '../value/convert.ts';
import { isKnown, isVec, toNumber } from '../value/vector.ts';
import { decimal, decimalWidth, digitsOf, stripped } from './digits.ts';
import { formatReal, type NumberFormat, pad } from './printf.ts';
import type { TimeFormat } from './time-format.ts';

export type Base = 'b' | 'o' | 'd' | 'h';

export interface FormatContext {
  machine: Machine;
  scope: ScopeId;
  frame: unknown;
  /** For messages: `$display`. */
  task: string;
  time: TimeFormat;
  /** What a missing or wrong format is told. */
  warn(text: string): void;
}

/** The arguments of one $display, from left to right; a string literal among them is a format for those after it. */
export function display(args: readonly BoundArg[], base: Base, context: FormatContext): string {
  let text = '';
  for (let i = 0; i < args.length; ) {
    const arg = args[i]!;
    const format = literalText(arg, context.frame);
    if (format === undefined) {
      text += plain(arg, base, context);
      i++;
    } else {
      const [piece, used] = formatted(format, args.slice(i + 1), context);
      text += piece;
      i += 1 + used;
    }
  }
  return text;
}

/** $sformatf and kin: the first argument is the format, whatever it is. */
export function displayFormatted(args: readonly BoundArg[], context: FormatContext): string {
  const [first, ...rest] = args;
  if (!first) return '';
  const value = argValue(first, context.frame);
  const format = typeof value === 'string' ? value : isText(value) ? toText(value) : '';
  const [text, used] = formatted(format, rest, context);
  if (used >= rest.length) return text;
  // The function goes on as $display does, the task does not.
  if (context.task !== '$sformat') return text + display(rest.slice(used), 'd', context);
  context.warn(`${context.task} has ${rest.length - used} extra argument(s).`);
  return text;
}

function isText(value: Value | undefined): value is Vec {
  return value !== undefined && isVec(value);
}

/** A string in quotes, or an expression of the type string. */
function literalText(arg: BoundArg, frame: unknown): string | undefined {
  const string = (arg.kind === 'expr' || arg.kind === 'lvalue') && arg.type.kind === 'string';
  if (!string && !(arg.kind === 'expr' && arg.text.startsWith('"'))) return undefined;
  const value = arg.value(frame);
  // A vector is no literal: "a" == x.
  return typeof value === 'string' ? value : undefined;
}

function argValue(arg: BoundArg, frame: unknown): Value | undefined {
  return arg.kind === 'expr' || arg.kind === 'lvalue' ? arg.value(frame) : undefined;
}

export function isSigned(type: IrType): boolean {
  return type.kind === 'vector' && type.signed;
}

/** An argument without a format. */
function plain(arg: BoundArg, base: Base, context: FormatContext): string {
  if (arg.kind === 'empty') return ' ';
  if (arg.kind === 'scope') return scopeName(context.machine.design, arg.scope);
  if (arg.kind === 'event') return '';
  const value = arg.value(context.frame);
  if (typeof value === 'number') {
    if (!/^\$realtime\b/.test(arg.text)) return formatReal(value, 'g', { alternate: true });
    const scope = context.machine.design.scopes[context.scope];
    return formatReal(value, 'f', { precision: scope ? Math.max(0, scope.unit - scope.precision) : 0 });
  }
  if (typeof value === 'string') return value;
  if (!isVec(value)) return '';
  return inBase(value, base, isSigned(arg.type));
}

function inBase(value: Vec, base: Base, signed: boolean): string {
  if (base === 'd') return pad(decimal(value, signed), { width: decimalWidth(value.width, signed) });
  return digitsOf(value, base === 'b' ? 1 : base === 'o' ? 3 : 4);
}

/** Answers the text and how many arguments it took. */
function formatted(format: string, args: readonly BoundArg[], context: FormatContext): [string, number] {
  let text = '';
  let used = 0;
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf('%', at);
    if (percent < 0) {
      text += format.slice(at);
      break;
    }
    text += format.slice(at, percent);
    const match = /^%([-+0]*)(\d*)(?:\.(\d+))?([\s\S])?/.exec(format.slice(percent))!;
    const [whole, flags = '', width = '', precision, letter] = match;
    at = percent + whole.length;
    if (letter === undefined) {
      if (whole !== '%') context.warn(`invalid format ${context.task}<${whole}>.`);
      text += whole === '%' ? '%' : '';
      continue;
    }
    if (letter === '%') {
      if (whole !== '%%') context.warn(`invalid format ${context.task}<${whole}>.`);
      text += '%';
      continue;
    }
    const lower = letter.toLowerCase();
    const spec: Spec = {
      letter: lower,
      raw: letter,
      minimal: flags.includes('0') && width === '' && precision === undefined,
      format: {
        minus: flags.includes('-'),
        plus: flags.includes('+'),
        zero: flags.includes('0'),
        ...(width !== '' && { width: Number(width) }),
        ...(precision !== undefined && { precision: Number(precision) }),
      },
    };
    if (lower === 'm') {
      text += pad(scopeName(context.machine.design, context.scope), spec.format);
      continue;
    }
    if (lower === 'l') {
      context.warn(`%l currently unsupported ${context.task}<${whole}>.`);
      text += `<${whole}>`;
      continue;
    }
    if (!'bodhxcstefguvz'.includes(lower)) {
      context.warn(`unknown format ${context.task}<${whole}>.`);
      text += `<${whole}>`;
      continue;
    }
    const arg = args[used];
    if (!arg) {
      context.warn(`missing argument for ${context.task}<${whole}>.`);
      text += `<${whole}>`;
      continue;
    }
    used++;
    if (arg.kind !== 'expr' && arg.kind !== 'lvalue') {
      if (arg.kind === 'scope' && lower === 's') text += scopeName(context.machine.design, arg.scope);
      else {
        context.warn(`missing argument for ${context.task}<${whole}>.`);
        text += `<${whole}>`;
      }
      continue;
    }
    // What the letter takes no precision or sign for is told, and done without.
    if (!'efgt'.includes(lower) && (precision !== undefined || (flags.includes('+') && lower !== 'd')))
      context.warn(`invalid format ${context.task}<${whole}>.`);
    if ('dbohx'.includes(lower) && arg.type.kind === 'string' && !arg.text.startsWith('"')) {
      context.warn(`incompatible value for ${context.task}<${whole}>.`);
      text += `<${whole}>`;
      continue;
    }
    text += one(spec, arg, context);
  }
  return [text, used];
}

interface Spec {
  letter: string;
  raw: string;
  /** `%0d`: as few columns as will do. */
  minimal: boolean;
  format: NumberFormat;
}

function one(spec: Spec, arg: Extract<BoundArg, { kind: 'expr' | 'lvalue' }>, context: FormatContext): string {
  const { letter, raw, minimal, format } = spec;
  const value = arg.value(context.frame);
  const fits = format.width !== undefined;
  switch (letter) {
    case 'e':
    case 'f':
    case 'g':
      return formatReal(realOf(value, arg.type), raw, format);
    case 't':
      return context.time.format(timeOf(value, arg.type), context.scope, minimal ? { ...format, width: 0 } : format);
    case 's':
      // Literals are vectors of their characters, at least one.
      return text(typeof value === 'string' && arg.text.startsWith('"') ? textVec(value) : value, minimal, format);
    case 'c': {
      const vec = vecOf(value);
      return pad(String.fromCharCode(vec.a[0]! & ~vec.b[0]! & 0xff), format);
    }
    case 'v':
      return pad(
        context.machine.strength?.(
          arg.signal,
          arg.kind === 'lvalue' ? arg.element?.(context.frame) : undefined,
          vecOf(value),
        ) ?? '',
        format,
      );
    case 'u':
    case 'z':
      return raw4(vecOf(value), letter === 'z');
    case 'd': {
      if (typeof value === 'number') {
        const rounded = Number.isFinite(value) ? wholeReal(value) : formatReal(value, 'f', {});
        return pad(rounded, format);
      }
      const vec = vecOf(value);
      const signed = typeof value !== 'string' && isSigned(arg.type);
      const digits = `${format.plus && isKnown(vec) && !(signed && toNumber(vec, true) < 0) ? '+' : ''}${decimal(vec, signed)}`;
      if (minimal) return digits;
      if (fits) return pad(digits, format);
      return pad(digits, { ...format, width: decimalWidth(vec.width, signed) });
    }
    default: {
      const bits = letter === 'b' ? 1 : letter === 'o' ? 3 : 4;
      const digits = typeof value === 'number' ? digitsOf(fromReal(value, 64), bits) : digitsOf(vecOf(value), bits);
      const shown = minimal || typeof value === 'number' ? stripped(digits) : digits;
      if (!fits) return shown;
      return pad(digits, format);
    }
  }
}

/** Rounded half away from zero; what rounds to zero keeps its sign. */
function wholeReal(value: number): string {
  const digits = decimal(fromReal(value, 1100), true);
  return digits === '0' && (value < 0 || Object.is(value, -0)) ? '-0' : digits;
}

function text(value: Value, minimal: boolean, format: NumberFormat): string {
  if (typeof value === 'string') return pad(value, { ...format, zero: false });
  if (typeof value === 'number') return pad(decimal(fromReal(value, 1100), true), { ...format, zero: false });
  if (!isVec(value)) return '';
  const short = toTextKeepingInner(value);
  if (minimal) return short;
  if (format.width !== undefined) return pad(short, { ...format, zero: false });
  return pad(short, { minus: format.minus ?? false, width: Math.ceil(value.width / 8) });
}

/** Zero bytes in front are dropped, those within are blanks. */
function toTextKeepingInner(vec: Vec): string {
  let out = '';
  for (let i = Math.ceil(vec.width / 8) - 1; i >= 0; i--) {
    const word = i >>> 2;
    const code = ((vec.a[word]! & ~vec.b[word]!) >>> ((i & 3) * 8)) & 0xff;
    if (code !== 0) out += String.fromCharCode(code);
    else if (out !== '') out += ' ';
  }
  return out;
}

function vecOf(value: Value): Vec {
  if (isVec(value)) return value;
  if (typeof value === 'number') return fromReal(value, 64);
  if (typeof value === 'string') return textVec(value);
  return { width: 1, a: new Int32Array(1), b: new Int32Array(1) };
}

function textVec(value: string): Vec {
  const width = Math.max(8, value.length * 8);
  const vec = { width, a: new Int32Array(Math.ceil(width / 32)), b: new Int32Array(Math.ceil(width / 32)) };
  for (let i = 0; i < value.length; i++) {
    const at = value.length - 1 - i;
    vec.a[at >>> 2]! |= (value.charCodeAt(i) & 0xff) << ((at & 3) * 8);
  }
  return vec;
}

function realOf(value: Value, type: IrType): number {
  return typeof value === 'number' ? value : isVec(value) ? toNumber(value, isSigned(type)) : 0;
}

function timeOf(value: Value, type: IrType): number | Vec {
  if (!isVec(value)) return typeof value === 'number' ? value : 0;
  return isSigned(type) && isKnown(value) ? toNumber(value, true) : value;
}

/** %u, %z: the words as bytes, least significant first; %z gives both planes of each word. */
function raw4(vec: Vec, four: boolean): string {
  let out = '';
  const word = (value: number) =>
    String.fromCharCode(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff);
  for (let i = 0; i < vec.a.length; i++) out += four ? word(vec.a[i]!) + word(vec.b[i]!) : word(vec.a[i]! & ~vec.b[i]!);
  return out;
}
