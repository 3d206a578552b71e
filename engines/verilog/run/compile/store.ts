/** Writes: blocking ones compare and tell whoever listens; nonblocking ones go to shadows or to the kernel's queue. */

import type { LValue, SignalId } from '../../ir/types.ts';
import { wordsOf } from '../../ir/words.ts';
import type { Context, Place, Val, Word } from './context.ts';
import { extract, Uncompilable } from './context.ts';
import { emitIndex, emitIndices } from './expression.ts';
import { and, andNot, constant, eitherTrue, literal, mask, notTrue, ones, or, shl, xor } from './js.ts';

/** Where a write goes, with all indices worked out. */
export type Target =
  | { kind: 'whole'; signal: SignalId; width: number; element?: string; bad: string }
  | {
      kind: 'part';
      signal: SignalId;
      width: number;
      element?: string;
      /** A constant where it can be. */
      offset: string;
      partWidth: number;
      bad: string;
    }
  | { kind: 'concat'; parts: Target[]; widths: number[] };

export interface StoreEnv {
  place(signal: SignalId): Place;
  canon(signal: SignalId): SignalId;
  width(signal: SignalId): number;
  fourState(signal: SignalId): boolean;
  scratch(words: number): number;
  fresh(): string;
  /** Marks what is compiled and reads these bits as to be done again; '' if there is nothing. */
  marks(
    signal: SignalId,
    part?: { offset: number; width: number },
    element?: string,
    change?: { a: string; b: string; oldA: string; oldB: string },
  ): string;
  /** The kernel must be told where it has listeners: the test of the flags. '': never. */
  listening(signal: SignalId): string;
  /** May not be written here: forced somewhere, driven by others. */
  guarded(signal: SignalId): boolean;
  /** Where a nonblocking write is gathered: undefined where it goes through the kernel. */
  shadow(signal: SignalId): number | undefined;
}

export function emitTarget(target: LValue, c: Context, env: StoreEnv): Target {
  if (target.kind === 'item') throw new Uncompilable('item');
  if (target.kind === 'concat') {
    const parts = target.parts.map((part) => emitTarget(part, c, env));
    const widths = target.parts.map((part) => {
      if (part.type.kind !== 'vector') throw new Uncompilable('lvalue');
      return part.type.width;
    });
    return { kind: 'concat', parts, widths };
  }
  if (target.type.kind !== 'vector') throw new Uncompilable('lvalue');
  if (env.guarded(target.signal)) throw new Uncompilable('guarded');
  const signal = env.canon(target.signal);
  const width = env.width(signal);
  let bad = 'false';
  let element: string | undefined;
  if (target.indices !== undefined && target.indices.length > 0) {
    const at = emitIndices(target.indices, c);
    bad = at.bad;
    element = c.bind(at.value);
  }
  if (target.part === undefined) return { kind: 'whole', signal, width, element, bad };
  const index = emitIndex(target.part.offset, c);
  const offset = c.bind(index.value);
  bad = eitherTrue(bad, index.bad);
  return {
    kind: 'part',
    signal,
    width,
    element,
    offset,
    partWidth: target.part.width,
    bad: bad === 'false' || bad === 'true' ? bad : c.bind(bad),
  };
}

/** Every signal that the target writes. */
export function targetSignals(target: Target): SignalId[] {
  return target.kind === 'concat' ? target.parts.flatMap(targetSignals) : [target.signal];
}

export type Mode = 'blocking' | 'nonblocking' | 'silent';

/** Writes the lines that store a value, whose words are bound already, at a target. */
export function emitStore(
  target: Target,
  value: Val,
  mode: Mode,
  c: Context,
  env: StoreEnv,
  wrote: (signal: SignalId, known: boolean) => void,
): void {
  if (target.kind === 'concat') {
    let at = value.width;
    const bound = c.bindAll(value);
    const pieces = target.parts.map((part, i) => {
      const width = target.widths[i]!;
      at -= width;
      return { part, value: c.bindAll(extract(bound, at, width, 'zero')) };
    });
    for (const piece of pieces) emitStore(piece.part, piece.value, mode, c, env, wrote);
    return;
  }
  if (target.bad === 'true') return;
  const { signal } = target;
  let stored = value;
  if (!env.fourState(signal)) {
    stored = { width: value.width, words: value.words.map((w) => ({ a: andNot(w.a, w.b), b: '0' })) };
  }
  stored = c.bindAll(stored);
  const known = stored.words.every((w) => w.b === '0');
  wrote(signal, known);
  if (target.bad !== 'false') c.lines.push(`if (${notTrue(target.bad)}) {`);
  const inner = c.apart(() => one(target, stored, mode, c, env));
  c.lines.push(...inner.lines);
  if (target.bad !== 'false') c.lines.push('}');
}

/** The bits of each word that a part at a constant place covers, and the value's bits there. */
function spreadPart(value: Val, offset: number, width: number): { k: number; mask: number; word: Word }[] {
  const out: { k: number; mask: number; word: Word }[] = [];
  const first = Math.max(0, offset);
  const end = Math.min(width, offset + value.width);
  for (let k = first >> 5; k * 32 < end; k++) {
    const low = Math.max(first, 32 * k);
    const high = Math.min(end, 32 * k + 32);
    if (high <= low) continue;
    const piece = extract(value, low - offset, high - low, 'zero').words[0]!;
    const by = low - 32 * k;
    out.push({ k, mask: (ones(high - low) << by) | 0, word: { a: shl(piece.a, by), b: shl(piece.b, by) } });
  }
  return out;
}

const merge = (old: string, bits: number, text: string): string =>
  bits === -1 ? text : or(and(old, literal(~bits)), text);

function one(target: Exclude<Target, { kind: 'concat' }>, value: Val, mode: Mode, c: Context, env: StoreEnv): void {
  const { signal, width } = target;
  const at = env.place(signal);
  if (at.kind === 'locals') {
    local(target, value, at, c, env);
    return;
  }
  const n = wordsOf(width);
  const planeB = env.fourState(signal) && !c.known.has(signal);
  if (mode === 'nonblocking') {
    nonblocking(target, value, at.offset, n, planeB, c, env);
    return;
  }
  // A part at a varying place of more than one word.
  const fixed = target.kind === 'whole' ? 0 : constant(target.offset);
  const base = target.element === undefined ? undefined : address(at.offset, target.element, n, c);
  const cell = (k: number): string => (base === undefined ? `M[${at.offset + k}]` : base.cell(k));
  const p = env.fresh();
  const q = env.fresh();
  c.lines.push('{');
  const tell = (): string[] => {
    const part = target.kind === 'part' && fixed !== undefined ? { offset: fixed, width: target.partWidth } : undefined;
    const word = target.kind === 'whole' && n === 1 ? value.words[0] : undefined;
    const change =
      word === undefined ? undefined : { a: word.a, b: planeB ? word.b : '0', oldA: p, oldB: planeB ? q : '0' };
    const lines = [env.marks(signal, part, target.element, change)];
    const test = env.listening(signal);
    if (test !== '') {
      lines.push(
        `if (${test}) ${target.element === undefined ? `K.notify(${signal}, ${p}, ${planeB ? q : 0})` : `K.notifyElement(${signal}, ${target.element})`};`,
      );
    }
    return lines.filter((it) => it !== '');
  };
  c.lines.push(`const ${p} = ${cell(0)}${planeB ? `, ${q} = ${cell(n)}` : ''};`);
  if (fixed === undefined && (n > 1 || value.width > 32)) {
    const start = target.kind === 'part' ? target.offset : '0';
    const from = env.scratch(2 * value.words.length);
    value.words.forEach((w, k) => {
      c.lines.push(`T[${from + k}] = ${w.a};`);
      if (planeB) c.lines.push(`T[${from + value.words.length + k}] = ${w.b};`);
    });
    const where = base === undefined ? String(at.offset) : base.start;
    const call = (plane: number, source: number) =>
      `put(M, ${where}${plane > 0 ? ` + ${plane}` : ''}, ${width}, ${start}, ${value.width}, T, ${source})`;
    const changed = env.fresh();
    c.lines.push(`let ${changed} = ${call(0, from)};`);
    if (planeB) c.lines.push(`if (${call(n, from + value.words.length)}) ${changed} = true;`);
    c.lines.push(`if (${changed}) {`, ...tell(), '}', '}');
    return;
  }
  const news: { k: number; text: string }[] = [];
  if (target.kind === 'whole') {
    value.words.forEach((w, k) => {
      news.push({ k, text: w.a });
      if (planeB) news.push({ k: n + k, text: w.b });
    });
  } else if (fixed !== undefined) {
    for (const piece of spreadPart(value, fixed, width)) {
      news.push({ k: piece.k, text: c.bind(merge(cell(piece.k), piece.mask, piece.word.a)) });
      if (planeB) news.push({ k: n + piece.k, text: c.bind(merge(cell(n + piece.k), piece.mask, piece.word.b)) });
    }
  } else {
    const shifted = dynamicWord(target, value, width, c);
    news.push({ k: 0, text: c.bind(or(`(${cell(0)} & ~${shifted.mask})`, shifted.a)) });
    if (planeB) news.push({ k: 1, text: c.bind(or(`(${cell(1)} & ~${shifted.mask})`, shifted.b)) });
  }
  if (news.length > 0) {
    const old = (k: number): string => (k === 0 ? p : planeB && k === n ? q : cell(k));
    const differs =
      news.length <= 2
        ? news.map((it) => `${old(it.k)} !== ${it.text}`).join(' || ')
        : `(${news.map((it) => xor(old(it.k), it.text)).join(' | ')}) !== 0`;
    c.lines.push(`if (${differs}) {`, ...news.map((it) => `${cell(it.k)} = ${it.text};`), ...tell(), '}');
  }
  c.lines.push('}');
}

function address(offset: number, element: string, n: number, c: Context): { start: string; cell(k: number): string } {
  const fixed = constant(element);
  if (fixed !== undefined) {
    const start = offset + fixed * 2 * n;
    return { start: String(start), cell: (k) => `M[${start + k}]` };
  }
  const start = c.bind(`${offset} + ${element} * ${2 * n}`);
  return { start, cell: (k) => (k === 0 ? `M[${start}]` : `M[${start} + ${k}]`) };
}

/** A value of up to 32 bits, and the bits it covers, moved to a varying place in one word. */
function dynamicWord(
  target: Extract<Target, { kind: 'part' }>,
  value: Val,
  width: number,
  c: Context,
): { mask: string; a: string; b: string } {
  const at = target.offset;
  const bits = target.partWidth;
  const back = (text: string): string => (text === '0' ? '0' : mask(`pick1(${text}, -${at})`, width));
  const full = c.bind(
    bits === 1 && width === 32
      ? `((${at} >>> 0) < 32 ? 1 << ${at} : 0)`
      : mask(`pick1(${literal(ones(bits))}, -${at})`, width),
  );
  if (bits === 1) {
    const move = (text: string): string => (text === '0' ? '0' : `(-${text} & ${full})`);
    return { mask: full, a: move(value.words[0]!.a), b: move(value.words[0]!.b) };
  }
  return { mask: full, a: back(value.words[0]!.a), b: back(value.words[0]!.b) };
}

function local(
  target: Exclude<Target, { kind: 'concat' }>,
  value: Val,
  at: Extract<Place, { kind: 'locals' }>,
  c: Context,
  env: StoreEnv,
): void {
  const { signal, width } = target;
  const planeB = env.fourState(signal) && !c.known.has(signal);
  if (target.kind === 'whole') {
    value.words.forEach((w, k) => {
      c.lines.push(`${at.a[k]} = ${w.a};`);
      if (planeB) c.lines.push(`${at.b[k]} = ${w.b};`);
    });
    return;
  }
  const fixed = constant(target.offset);
  if (fixed !== undefined) {
    for (const piece of spreadPart(value, fixed, width)) {
      c.lines.push(`${at.a[piece.k]} = ${merge(at.a[piece.k]!, piece.mask, piece.word.a)};`);
      if (planeB) c.lines.push(`${at.b[piece.k]} = ${merge(at.b[piece.k]!, piece.mask, piece.word.b)};`);
    }
    return;
  }
  if (wordsOf(width) > 1) throw new Uncompilable('varying part of a wide local');
  const shifted = dynamicWord(target, value, width, c);
  c.lines.push(`${at.a[0]} = ${or(`(${at.a[0]} & ~${shifted.mask})`, shifted.a)};`);
  if (planeB) c.lines.push(`${at.b[0]} = ${or(`(${at.b[0]} & ~${shifted.mask})`, shifted.b)};`);
}

function nonblocking(
  target: Exclude<Target, { kind: 'concat' }>,
  value: Val,
  offset: number,
  n: number,
  planeB: boolean,
  c: Context,
  env: StoreEnv,
): void {
  const { signal, width } = target;
  const shadow = target.element === undefined ? env.shadow(signal) : undefined;
  const fixed = target.kind === 'whole' ? 0 : constant(target.offset);
  if (shadow !== undefined) {
    const cell = (k: number): string => `N[${shadow + k}]`;
    if (target.kind === 'whole') {
      value.words.forEach((w, k) => {
        c.lines.push(`${cell(k)} = ${w.a};`);
        if (planeB) c.lines.push(`${cell(n + k)} = ${w.b};`);
      });
    } else if (fixed !== undefined) {
      for (const piece of spreadPart(value, fixed, width)) {
        c.lines.push(`${cell(piece.k)} = ${merge(cell(piece.k), piece.mask, piece.word.a)};`);
        if (planeB) c.lines.push(`${cell(n + piece.k)} = ${merge(cell(n + piece.k), piece.mask, piece.word.b)};`);
      }
    } else if (n === 1) {
      const shifted = dynamicWord(target, value, width, c);
      c.lines.push(`${cell(0)} = ${or(`(${cell(0)} & ~${shifted.mask})`, shifted.a)};`);
      if (planeB) c.lines.push(`${cell(1)} = ${or(`(${cell(1)} & ~${shifted.mask})`, shifted.b)};`);
    } else {
      const from = env.scratch(2 * value.words.length);
      value.words.forEach((w, k) => {
        c.lines.push(`T[${from + k}] = ${w.a};`);
        if (planeB) c.lines.push(`T[${from + value.words.length + k}] = ${w.b};`);
      });
      const start = target.kind === 'part' ? target.offset : '0';
      c.lines.push(`put(N, ${shadow}, ${width}, ${start}, ${value.width}, T, ${from});`);
      if (planeB)
        c.lines.push(`put(N, ${shadow + n}, ${width}, ${start}, ${value.width}, T, ${from + value.words.length});`);
    }
    return;
  }
  const base = target.element === undefined ? String(offset) : address(offset, target.element, n, c).start;
  const pieces =
    target.kind === 'whole'
      ? value.words.map((word, k) => ({ k, mask: -1, word }))
      : fixed !== undefined
        ? spreadPart(value, fixed, width)
        : undefined;
  if (pieces !== undefined) {
    if (pieces.length > 1) {
      for (let k = 0; k < n; k++) {
        const piece = pieces.find((it) => it.k === k);
        c.lines.push(
          `TA[${k}] = ${piece?.word.a ?? 0}; TB[${k}] = ${piece?.word.b ?? 0}; TM[${k}] = ${piece?.mask ?? 0};`,
        );
      }
      c.lines.push(`K.nbaWide(${signal}, ${base}, TA, TB, ${n}, TM);`);
      return;
    }
    for (const piece of pieces) {
      c.lines.push(
        `K.nba(${signal}, ${base}${piece.k > 0 ? ` + ${piece.k}` : ''}, ${piece.word.a}, ${piece.word.b}, ${piece.mask});`,
      );
    }
    return;
  }
  if (n > 1 || target.kind !== 'part') throw new Uncompilable('wide nonblocking');
  const shifted = dynamicWord(target, value, width, c);
  c.lines.push(`if (${shifted.mask} !== 0) K.nba(${signal}, ${base}, ${shifted.a}, ${shifted.b}, ${shifted.mask});`);
}
