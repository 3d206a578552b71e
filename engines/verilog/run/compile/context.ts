/**
 * Where generated text grows: lines, names, and what is known of signals while one version of a process is written.
 *
 * A value is its words, each a text for either plane (`b` is '0' where the value surely has no x or z). Texts have no side effects; what must
 * not be written twice is bound to a name first.
 *
 * Speculation. While `gather` is set, every read that may bring x or z is taken as known, and its b plane is gathered into that variable; the
 * writer of the statement tests the variable before anything is stored, and does the statement over in general form where it is not zero.
 */

import type { SignalId, SubprogramId } from '../../ir/types.ts';
import { wordsOf } from '../../ir/words.ts';
import { constant, isAtom, literal, mask, ones, or, shl, shr } from './js.ts';

/** Thrown while writing: this process is left to the interpreter. */
export class Uncompilable extends Error {}

export interface Word {
  a: string;
  b: string;
}
export interface Val {
  width: number;
  words: Word[];
}
/** A truth value of three: `one` and `unknown` are JavaScript truths, never both true. */
export interface Truth {
  one: string;
  unknown: string;
}

/** Bits that word `k` of a vector has. */
export const bitsOf = (width: number, k: number): number => Math.min(32, width - 32 * k);

/** Where a signal is. */
export type Place = { kind: 'words'; offset: number; plane: number } | { kind: 'locals'; a: string[]; b: string[] };

export interface Surroundings {
  place(signal: SignalId): Place;
  /** The signal whose storage it shares. */
  canon(signal: SignalId): SignalId;
  width(signal: SignalId): number;
  fourState(signal: SignalId): boolean;
  /** A stretch of scratch words in `T`. */
  scratch(words: number): number;
  fresh(): string;
  /** The name of the function for a subprogram, made on demand, with the planes of its result known or not. */
  subprogram(id: SubprogramId, known: boolean): { name: string; known: boolean };
}

export class Context {
  lines: string[] = [];
  gather: string | undefined;
  gathered = false;
  readonly env: Surroundings;
  /** Signals whose b plane is zero throughout. */
  readonly known: ReadonlySet<SignalId>;

  constructor(env: Surroundings, known: ReadonlySet<SignalId>) {
    this.env = env;
    this.known = known;
  }

  bind(text: string): string {
    if (isAtom(text) && !text.includes('[')) return text;
    const name = this.env.fresh();
    this.lines.push(`const ${name} = ${text};`);
    return name;
  }
  /** For a text that is going to be written twice. */
  cheap(text: string): string {
    return isAtom(text) ? text : this.bind(text);
  }
  bindTruth(text: string): string {
    return text === 'true' || text === 'false' ? text : this.bind(text);
  }
  bindAll(value: Val): Val {
    return { width: value.width, words: value.words.map((w) => ({ a: this.bind(w.a), b: this.bind(w.b) })) };
  }
  cheapAll(value: Val): Val {
    return { width: value.width, words: value.words.map((w) => ({ a: this.cheap(w.a), b: this.cheap(w.b) })) };
  }

  /** Runs `write` and hands back the lines that it wrote. */
  apart<T>(write: () => T): { result: T; lines: string[] } {
    const kept = this.lines;
    this.lines = [];
    this.depth++;
    try {
      const result = write();
      return { result, lines: this.lines };
    } finally {
      this.depth--;
      this.lines = kept;
    }
  }

  /** A plane b word that is taken as zero from here on, if speculating. */
  doubt(b: string): string {
    if (this.gather === undefined || constant(b) !== undefined) return b;
    this.gathered = true;
    if (this.doubted.has(b)) return '0';
    // Inside a branch it is not sure to be gathered.
    if (this.depth === 0) this.doubted.add(b);
    this.lines.push(`${this.gather} |= ${b};`);
    return '0';
  }
  /** Texts gathered so far in this statement, outside of branches. */
  doubted = new Set<string>();
  private depth = 0;
  /** Speculates that the truth does not hold; false: it must be dealt with. */
  doubtTruth(truth: string): boolean {
    if (truth === 'false') return true;
    if (this.gather === undefined || truth === 'true') return false;
    this.lines.push(`if (${truth}) ${this.gather} = 1;`);
    this.gathered = true;
    return true;
  }
}

export const isKnown = (value: Val): boolean => value.words.every((w) => w.b === '0');
/** Or of the b words. */
export const unknownBits = (value: Val): string => value.words.reduce((sum, w) => or(sum, w.b), '0');

export function filled(width: number, plane: 'x' | 'zero'): Val {
  return {
    width,
    words: Array.from({ length: wordsOf(width) }, (_, k) => {
      const all = plane === 'x' ? literal(ones(bitsOf(width, k))) : '0';
      return { a: all, b: all };
    }),
  };
}

export function fromBig(width: number, a: bigint, b: bigint): Val {
  return {
    width,
    words: Array.from({ length: wordsOf(width) }, (_, k) => ({
      a: String(Number(BigInt.asIntN(32, a >> BigInt(32 * k)))),
      b: String(Number(BigInt.asIntN(32, b >> BigInt(32 * k)))),
    })),
  };
}

/** Bits `from`..`from + width - 1` of a value whose words may be written twice; those outside are `outside`. */
export function extract(value: Val, from: number, width: number, outside: 'x' | 'zero'): Val {
  const words: Word[] = [];
  const plane = (k: number, p: 'a' | 'b'): string => value.words[k]?.[p] ?? '0';
  for (let k = 0; k < wordsOf(width); k++) {
    const bits = bitsOf(width, k);
    const at = from + 32 * k;
    const index = Math.floor(at / 32);
    const by = at - 32 * index;
    const piece = (p: 'a' | 'b'): string => {
      const low = shr(plane(index, p), by);
      const high = by === 0 || 32 - by >= bits ? '0' : shl(plane(index + 1, p), 32 - by);
      // Where the word's end is the vector's end no mask is needed.
      const exact = index >= 0 && high === '0' && value.width - at <= bits;
      return exact && by > 0 ? low : mask(or(low, high), exact ? 32 : bits);
    };
    let a = piece('a');
    let b = piece('b');
    if (outside === 'x') {
      let missing = 0;
      for (let i = 0; i < bits; i++) if (at + i < 0 || at + i >= value.width) missing |= 1 << i;
      a = or(a, literal(missing));
      b = or(b, literal(missing));
    }
    words.push({ a, b });
  }
  return { width, words };
}

/** Or-s `value` in at bit `at` of a list of words of zeros. */
export function place(into: Word[], value: Val, at: number): void {
  for (let k = 0; k < value.words.length; k++) {
    const index = (at + 32 * k) >> 5;
    const by = (at + 32 * k) & 31;
    const word = value.words[k]!;
    const put = (i: number, a: string, b: string) => {
      const old = into[i];
      if (old !== undefined) into[i] = { a: or(old.a, a), b: or(old.b, b) };
    };
    put(index, shl(word.a, by), shl(word.b, by));
    if (by > 0 && by + bitsOf(value.width, k) > 32) put(index + 1, shr(word.a, 32 - by), shr(word.b, 32 - by));
  }
}
