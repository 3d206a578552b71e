import type { WaveType } from './types.ts';

const FIRST = 33;
const SIGNS = 94;

/** The n-th identifier code of a VCD file: `!`, `"`, ... `~`, then two signs, the first counting fastest (as Icarus Verilog numbers them). */
export function vcdCode(index: number): string {
  let text = '';
  let rest = index;
  do {
    text += String.fromCharCode(FIRST + (rest % SIGNS));
    rest = Math.floor(rest / SIGNS);
  } while (rest > 0);
  return text;
}

/** What a `$var` of this word holds. */
export function vcdType(word: string): WaveType {
  if (word === 'real' || word === 'realtime' || word === 'shortreal' || word === 'real_parameter') return 'real';
  if (word === 'string') return 'text';
  return word === 'event' ? 'event' : 'bits';
}

/** Words that a `$var` may have (IEEE 1364-2005, 18.2.3.7); what is not among them is written as the nearest of them. */
const VAR_WORDS = new Set(
  'event integer parameter real realtime reg supply0 supply1 time tri triand trior trireg tri0 tri1 wand wire wor string'.split(
    ' ',
  ),
);

export function vcdWord(word: string, type: WaveType): string {
  if (VAR_WORDS.has(word)) return word;
  if (type === 'real') return 'real';
  if (type === 'text') return 'string';
  if (type === 'event') return 'event';
  return word === 'uwire' ? 'wire' : 'reg';
}

const SCOPE_WORDS = new Set(['module', 'task', 'function', 'begin', 'fork']);
export function vcdScope(kind: string): string {
  if (SCOPE_WORDS.has(kind)) return kind;
  return kind === 'interface' || kind === 'program' || kind === 'package' || kind === 'struct' ? 'module' : 'begin';
}

const UNITS = ['s', 'ms', 'us', 'ns', 'ps', 'fs'];

/** `10ps` for -11. */
export function timescaleText(exponent: number): string {
  const unit = Math.min(UNITS.length - 1, Math.max(0, Math.ceil(-exponent / 3)));
  return `1${'0'.repeat(Math.max(0, exponent + unit * 3))}${UNITS[unit]}`;
}

/** -11 for `10 ps`; undefined for what is no timescale. */
export function timescaleOf(text: string): number | undefined {
  const match = /^\s*(1|10|100)\s*(s|ms|us|ns|ps|fs)\s*$/i.exec(text);
  if (!match) return undefined;
  return match[1]!.length - 1 - 3 * UNITS.indexOf(match[2]!.toLowerCase());
}

const NAMED = new Map([
  ['a', 7],
  ['b', 8],
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
]);

/** A text of a string variable without blanks and control signs: they are written as `\n` or in octal (`\040`). */
export function escapeText(text: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(text)) {
    if (byte === 92) out += '\\\\';
    else if (byte > 32 && byte < 127) out += String.fromCharCode(byte);
    else out += `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return out;
}

export function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  const pattern = /\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|[\s\S])|[^\\]+|\\$/g;
  for (const [whole, escaped] of text.matchAll(pattern)) {
    if (escaped === undefined) bytes.push(...encoder.encode(whole));
    else if (/^[0-7]/.test(escaped)) bytes.push(Number.parseInt(escaped, 8) & 255);
    else if (escaped.length > 1 && escaped.startsWith('x')) bytes.push(Number.parseInt(escaped.slice(1), 16));
    else bytes.push(...(NAMED.has(escaped) ? [NAMED.get(escaped)!] : encoder.encode(escaped)));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** Name and ranges of `q [3:0]`, `q[3:0]`, `\mem[1] [7:0]`; of one bit `q [3]` the index belongs to the name. */
export function splitReference(
  text: string,
  width: number,
): { name: string; ranges: { left: number; right: number }[] } {
  const match = /^(.*?)\s*((?:\[-?\d+(?::-?\d+)?\]\s*)*)$/s.exec(text.trim());
  const name = (match?.[1] ?? text).replace(/^\\/, '').trim();
  const parts = [...(match?.[2] ?? '').matchAll(/\[(-?\d+)(?::(-?\d+))?\]/g)];
  const ranges = parts.map(([, left, right]) => ({ left: Number(left), right: Number(right ?? left), single: !right }));
  // What stands last describes the bits; what it leaves over belongs to the name.
  let bits = 1;
  let first = ranges.length;
  while (first > 0 && bits < width) {
    const range = ranges[first - 1]!;
    if (range.single) break;
    bits *= Math.abs(range.left - range.right) + 1;
    first--;
  }
  // `[0:0]` of a vector of one bit.
  if (width === 1 && first > 0 && !ranges[first - 1]!.single) first--;
  const whole = bits === width ? first : ranges.length;
  const kept = parts.slice(0, whole).map(([part]) => part);
  return {
    name: name === '' ? text.trim() : name + kept.join(''),
    ranges: ranges.slice(whole).map(({ left, right }) => ({ left, right })),
  };
}
