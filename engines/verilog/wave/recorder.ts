import type { EnumInfo, StructInfo } from '../ir/types.ts';
import {
  CODE_A,
  CODE_AB,
  CODE_REAL,
  CODE_TEXT,
  MAX_TRACES,
  TIME_MARK,
  TRACE_SHIFT,
  type TraceId,
  type WaveDeclarations,
  type WaveDelta,
  type WaveGap,
  type WaveInfo,
  type WaveScope,
  type WaveSignal,
  WORD,
} from './types.ts';

/** Words of a piece of the log (256 kB), unless one change is longer. */
const PIECE = 1 << 16;
/** What an element of a list costs besides its text. */
const TEXT_BYTES = 24;

export type NewSignal = Omit<WaveSignal, 'trace' | 'ranges'> & {
  ranges?: WaveSignal['ranges'];
  /** The trace of a signal that always has the same value; left out, the signal gets a trace of its own. */
  alias?: TraceId;
};

/**
 * Takes the value changes of a running simulation, or of a file that is read, as fast as they come: one append to a list of
 * words each. Nothing is kept here once it was taken (`takeDelta`): who wants to look back feeds a `WaveDatabase`.
 *
 * Times never go back; a time that does is taken as the present one. Past `limitBytes` changes are dropped and `stoppedAt`
 * says since when.
 */
export class WaveRecorder {
  /** Set once, when there was no more room. */
  stoppedAt: number | undefined;
  private piece: Int32Array<ArrayBuffer>;
  private at = 0;
  private full: Int32Array<ArrayBuffer>[] = [];
  private texts: string[] = [];
  /** Time of the last mark in this delta's log; -1: none yet. */
  private now = -1;
  private last = 0;
  private end = 0;
  private sequence = 0;
  private traces = 0;
  private scopes = 0;
  private signals = 0;
  private enums = 0;
  private structs = 0;
  private added: WaveDeclarations = nothing();
  private gaps: WaveGap[] = [];
  private gapsChanged = false;
  private textBytes = 0;
  private wordsBefore = 0;
  private readonly double = new Float64Array(1);
  private readonly halves = new Int32Array(this.double.buffer);

  constructor(
    readonly info: WaveInfo,
    private readonly limitBytes = Number.POSITIVE_INFINITY,
  ) {
    this.piece = new Int32Array(this.pieceLength());
  }

  /** @returns the scope's index, for `parent` and for signals. */
  scope(scope: WaveScope): number {
    this.added.scopes.push(scope);
    return this.scopes++;
  }

  enumeration(table: EnumInfo): number {
    this.added.enums.push(table);
    return this.enums++;
  }

  structure(table: StructInfo): number {
    this.added.structs.push(table);
    return this.structs++;
  }

  /** Declares a signal. @returns its trace (of an array: that of element 0). */
  declare({ alias, ranges = [], ...signal }: NewSignal): TraceId {
    const count = signal.array?.count ?? 1;
    const trace = alias ?? this.traces;
    if (alias === undefined) this.traces += count;
    if (this.traces > MAX_TRACES) throw new RangeError('There are more signals than a recording can tell apart.');
    this.added.signals.push({ ...signal, ranges, trace });
    this.signals++;
    return trace;
  }

  get signalCount(): number {
    return this.signals;
  }

  /** Bytes of changes so far, taken or not. */
  get bytes(): number {
    return (this.wordsBefore + this.at) * 4 + this.textBytes;
  }

  /** A bit of plane a and b, 0 or 1 each; an event (a = 1). */
  change1(trace: TraceId, time: number, a: number, b: number): void {
    if (time !== this.now) this.advance(time);
    if (this.at === this.piece.length) this.turn(1);
    if (this.stoppedAt !== undefined) return;
    this.piece[this.at++] = (trace << TRACE_SHIFT) | a | (b << 1);
  }

  /** A vector of 2 to 32 bits; those above its width are zero. */
  change32(trace: TraceId, time: number, a: number, b: number): void {
    if (time !== this.now) this.advance(time);
    if (this.at + 3 > this.piece.length) this.turn(3);
    if (this.stoppedAt !== undefined) return;
    const { piece } = this;
    if (b === 0) {
      piece[this.at] = (trace << TRACE_SHIFT) | CODE_A;
      piece[this.at + 1] = a;
      this.at += 2;
    } else {
      piece[this.at] = (trace << TRACE_SHIFT) | CODE_AB;
      piece[this.at + 1] = a;
      piece[this.at + 2] = b;
      this.at += 3;
    }
  }

  /**
   * A vector of any width above 1: `words` words from `aWords[offset]` and from `bWords[bOffset]`, least significant first.
   * Both planes may lie in one array.
   */
  change(
    trace: TraceId,
    time: number,
    aWords: Int32Array,
    bWords: Int32Array,
    offset: number,
    words: number,
    bOffset = offset,
  ): void {
    if (time !== this.now) this.advance(time);
    if (this.at + 2 * words + 1 > this.piece.length) this.turn(2 * words + 1);
    if (this.stoppedAt !== undefined) return;
    const { piece } = this;
    let { at } = this;
    const head = at++;
    for (let word = 0; word < words; word++) piece[at++] = aWords[offset + word]!;
    let some = 0;
    for (let word = 0; word < words; word++) {
      const value = bWords[bOffset + word]!;
      some |= value;
      piece[at + word] = value;
    }
    piece[head] = (trace << TRACE_SHIFT) | (some === 0 ? CODE_A : CODE_AB);
    this.at = some === 0 ? at : at + words;
  }

  real(trace: TraceId, time: number, value: number): void {
    if (time !== this.now) this.advance(time);
    if (this.at + 3 > this.piece.length) this.turn(3);
    if (this.stoppedAt !== undefined) return;
    this.double[0] = value;
    this.piece[this.at] = (trace << TRACE_SHIFT) | CODE_REAL;
    this.piece[this.at + 1] = this.halves[0]!;
    this.piece[this.at + 2] = this.halves[1]!;
    this.at += 3;
  }

  text(trace: TraceId, time: number, value: string): void {
    if (time !== this.now) this.advance(time);
    if (this.at + 2 > this.piece.length) this.turn(2);
    if (this.stoppedAt !== undefined) return;
    this.piece[this.at] = (trace << TRACE_SHIFT) | CODE_TEXT;
    this.piece[this.at + 1] = this.texts.length;
    this.at += 2;
    this.texts.push(value);
    this.textBytes += TEXT_BYTES + 2 * value.length;
  }

  /** Time has come so far, whether anything changed or not. */
  reach(time: number): void {
    if (time > this.end && this.stoppedAt === undefined) this.end = time;
  }

  /** Nothing is recorded from here on, until `resume`. */
  pause(time: number): void {
    if (this.gaps.at(-1)?.to === undefined && this.gaps.length > 0) return;
    this.gaps.push({ from: time });
    this.gapsChanged = true;
  }

  resume(time: number): void {
    const last = this.gaps.at(-1);
    if (!last || last.to !== undefined) return;
    this.gaps[this.gaps.length - 1] = { from: last.from, to: time };
    this.gapsChanged = true;
  }

  /** What has come since the last call; its buffers are the caller's, to be transferred (`deltaBuffers`). */
  takeDelta(): WaveDelta {
    if (this.at > 0) {
      // A full piece is given away, a part of one is copied out of it.
      const whole = this.at === this.piece.length;
      this.putBy();
      if (whole) this.piece = new Int32Array(this.pieceLength());
      if (this.bytes >= this.limitBytes) this.stoppedAt ??= this.last;
    }
    const delta: WaveDelta = {
      sequence: this.sequence++,
      info: this.info,
      added: this.added,
      log: this.full,
      texts: this.texts,
      gaps: this.gapsChanged ? [...this.gaps] : undefined,
      endTime: this.end,
      stoppedAt: this.stoppedAt,
    };
    this.full = [];
    this.texts = [];
    this.added = nothing();
    this.gapsChanged = false;
    // Every delta begins with its time.
    this.now = -1;
    return delta;
  }
  private advance(wanted: number): void {
    const time = Math.max(wanted, this.last);
    if (time === this.now) return;
    if (this.at + 3 > this.piece.length) this.turn(3);
    if (this.stoppedAt !== undefined) return;
    this.now = time;
    this.last = time;
    if (time > this.end) this.end = time;
    this.piece[this.at] = TIME_MARK;
    this.piece[this.at + 1] = time | 0;
    this.piece[this.at + 2] = Math.floor(time / WORD);
    this.at += 3;
  }

  /** Puts the piece by and takes a new one with room for so many words, unless the limit is reached. */
  private turn(room: number): void {
    if (this.stoppedAt !== undefined) return;
    if (this.bytes + room * 4 > this.limitBytes) {
      this.stoppedAt = this.last;
      return;
    }
    if (this.at > 0) this.putBy();
    this.piece = new Int32Array(Math.max(this.pieceLength(), room));
  }

  private pieceLength(): number {
    return Math.min(PIECE, Math.max(8, Math.floor(this.limitBytes / 4)));
  }

  private putBy(): void {
    this.full.push(this.at === this.piece.length ? this.piece : this.piece.slice(0, this.at));
    this.wordsBefore += this.at;
    this.at = 0;
  }
}

function nothing(): WaveDeclarations {
  return { scopes: [], signals: [], enums: [], structs: [] };
}

/** The buffers of a delta, for the list of what is transferred with a message. */
export function deltaBuffers(delta: WaveDelta): ArrayBuffer[] {
  return delta.log.map(({ buffer }) => buffer);
}
