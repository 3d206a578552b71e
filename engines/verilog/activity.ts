import { wordsOf } from './ir/words.ts';
import type { BitActivity, SignalActivity } from './types.ts';
import {
  CODE_A,
  CODE_AB,
  CODE_MASK,
  CODE_REAL,
  CODE_TEXT,
  TIME_MARK,
  TRACE_SHIFT,
  type WaveDelta,
  type WaveScope,
  type WaveSignal,
  WORD,
} from './wave/types.ts';

interface TraceState {
  width: number;
  a: Int32Array;
  b: Int32Array;
  since: number;
  toggles: number;
  highTicks: number;
  bits?: BitState;
}

/** The same bit by bit, least significant first. */
interface BitState {
  since: Float64Array;
  toggles: Float64Array;
  highTicks: Float64Array;
  unknownTicks: Float64Array;
}

/**
 * Counts how often bits switch, from what a recorder gathered. A toggle is a bit that is 0 and then 1, or 1 and then 0; x and z between do not
 * count, as in the usual definition of switching activity (SAIF: T0, T1, TC).
 */
export class ActivityCounter {
  toggles = 0;
  /** Recorded changes of any kind. */
  changes = 0;
  private readonly scopes: WaveScope[] = [];
  private readonly signals: WaveSignal[] = [];
  private readonly traces = new Map<number, TraceState>();
  private now = 0;
  private readonly bits: boolean;

  /** @param options `bits`: every bit is counted on its own too, as power analysis and SAIF need it. */
  constructor(options: { bits?: boolean } = {}) {
    this.bits = options.bits ?? false;
  }

  add(delta: WaveDelta): void {
    this.scopes.push(...delta.added.scopes);
    for (const signal of delta.added.signals) {
      this.signals.push(signal);
      if (signal.type !== 'bits') continue;
      const words = wordsOf(signal.width);
      for (let i = 0; i < (signal.array?.count ?? 1); i++) {
        if (this.traces.has(signal.trace + i)) continue;
        // Before its first value a signal is unknown.
        const unknown = () => new Int32Array(words).fill(-1);
        this.traces.set(signal.trace + i, {
          width: signal.width,
          a: unknown(),
          b: unknown(),
          since: 0,
          toggles: 0,
          highTicks: 0,
          ...(this.bits && { bits: newBits(signal.width) }),
        });
      }
    }
    for (const log of delta.log) this.read(log);
  }

  /** Of every signal that holds bits; those that share a trace are listed under each of their names. */
  result(endTicks: number): SignalActivity[] {
    const found: SignalActivity[] = [];
    const paths = this.scopes.map(() => '');
    this.scopes.forEach((scope, index) => {
      paths[index] = scope.parent < 0 ? scope.name : `${paths[scope.parent]}.${scope.name}`;
    });
    for (const signal of this.signals) {
      if (signal.type !== 'bits' || signal.word === 'parameter') continue;
      const count = signal.array?.count ?? 1;
      let toggles = 0;
      let highTicks = 0;
      for (let i = 0; i < count; i++) {
        const state = this.traces.get(signal.trace + i)!;
        toggles += state.toggles;
        highTicks += state.highTicks + onesOf(state) * (endTicks - state.since);
      }
      const path = signal.scope < 0 ? signal.name : `${paths[signal.scope]}.${signal.name}`;
      const one: SignalActivity = { path, width: signal.width * count, toggles, highTicks };
      if (this.bits) one.bits = this.bitsOf(signal, count, endTicks);
      found.push(one);
    }
    return found;
  }

  private bitsOf(signal: WaveSignal, count: number, endTicks: number): BitActivity {
    const { width, ranges, array } = signal;
    const of: BitActivity = {
      ranges: ranges.map(({ left, right }) => ({ left, right })),
      ...(array && { dims: array.dims.map(({ left, right }) => ({ left, right })) }),
      toggles: new Float64Array(width * count),
      highTicks: new Float64Array(width * count),
      unknownTicks: new Float64Array(width * count),
    };
    for (let i = 0; i < count; i++) {
      const { a, b, bits } = this.traces.get(signal.trace + i)!;
      if (!bits) continue;
      of.toggles.set(bits.toggles, i * width);
      for (let bit = 0; bit < width; bit++) {
        const left = endTicks - bits.since[bit]!;
        const unknown = (b[bit >> 5]! >>> (bit & 31)) & 1;
        const high = unknown ? 0 : (a[bit >> 5]! >>> (bit & 31)) & 1;
        of.highTicks[i * width + bit] = bits.highTicks[bit]! + high * left;
        of.unknownTicks[i * width + bit] = bits.unknownTicks[bit]! + unknown * left;
      }
    }
    return of;
  }

  private read(log: Int32Array): void {
    let at = 0;
    while (at < log.length) {
      const head = log[at++]!;
      if (head === TIME_MARK) {
        const low = log[at++]! >>> 0;
        this.now = low + log[at++]! * WORD;
        continue;
      }
      const code = head & CODE_MASK;
      this.changes++;
      if (code === CODE_REAL) at += 2;
      else if (code === CODE_TEXT) at += 1;
      else {
        const state = this.traces.get(head >> TRACE_SHIFT);
        if (!state) continue;
        const words = state.a.length;
        if (code < CODE_A) this.change(state, 0, code & 1, code >> 1);
        else
          for (let i = 0; i < words; i++)
            this.change(state, i, log[at + i]!, code === CODE_AB ? log[at + words + i]! : 0);
        at += code < CODE_A ? 0 : code === CODE_AB ? 2 * words : words;
      }
    }
  }

  private change(state: TraceState, word: number, a: number, b: number): void {
    // The whole vector is accounted for at its first word, while all words are still the old ones.
    if (word === 0 && this.now > state.since) {
      state.highTicks += onesOf(state) * (this.now - state.since);
      state.since = this.now;
    }
    const flipped = ones((state.a[word]! ^ a) & ~state.b[word]! & ~b);
    state.toggles += flipped;
    this.toggles += flipped;
    if (state.bits) this.changeBits(state.bits, state, word, a, b);
    state.a[word] = a;
    state.b[word] = b;
  }

  private changeBits(
    bits: BitState,
    { a: oldA, b: oldB, width }: TraceState,
    word: number,
    a: number,
    b: number,
  ): void {
    const wasA = oldA[word]!;
    const wasB = oldB[word]!;
    // Bits whose known value changed, or that became known or unknown; x and z alike are unknown.
    let moved = ((wasA ^ a) & ~(wasB & b)) | (wasB ^ b);
    while (moved !== 0) {
      const at = 31 - Math.clz32(moved & -moved);
      const mask = 1 << at;
      moved &= ~mask;
      const bit = word * 32 + at;
      if (bit >= width) continue;
      const time = this.now - bits.since[bit]!;
      bits.since[bit] = this.now;
      if (wasB & mask) bits.unknownTicks[bit]! += time;
      else {
        if (wasA & mask) bits.highTicks[bit]! += time;
        if (!(b & mask)) bits.toggles[bit]! += 1;
      }
    }
  }
}

function newBits(width: number): BitState {
  const zeros = () => new Float64Array(width);
  return { since: zeros(), toggles: zeros(), highTicks: zeros(), unknownTicks: zeros() };
}

function onesOf({ a, b }: TraceState): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ones(a[i]! & ~b[i]!);
  return sum;
}

function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
