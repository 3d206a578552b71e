import type { EnumInfo, StructInfo } from '../ir/types.ts';
import { wordsOf } from '../ir/words.ts';
import { TraceData } from './trace.ts';
import {
  CODE_A,
  CODE_AB,
  CODE_MASK,
  CODE_REAL,
  CODE_TEXT,
  TIME_MARK,
  TRACE_SHIFT,
  type TraceId,
  type WaveDelta,
  type WaveGap,
  type WaveInfo,
  type WaveScope,
  type WaveSignal,
  WORD,
} from './types.ts';
import { childOf, pathOf, type Wave, waveOf } from './wave.ts';

/** What a trace holds, by its id. Each is known from the signal that declared it. */
interface TraceKind {
  first: TraceId;
  count: number;
  type: WaveSignal['type'];
  width: number;
}

/**
 * All value changes of a run or of a file, to be looked at: grows by the deltas of a `WaveRecorder`, in this or another
 * thread. Times are whole numbers of the unit in `info.timescale`.
 */
export class WaveDatabase {
  info: WaveInfo = { timescale: -9 };
  readonly scopes: WaveScope[] = [];
  readonly signals: WaveSignal[] = [];
  readonly enums: EnumInfo[] = [];
  readonly structs: StructInfo[] = [];
  gaps: readonly WaveGap[] = [];
  startTime = 0;
  endTime = 0;
  stoppedAt: number | undefined;
  /** Value changes taken in. */
  changes = 0;
  /** Raised with every delta. */
  version = 0;
  /** A delta did not arrive: what is shown from there on may lack changes. */
  incomplete = false;
  private times = new Float64Array(64);
  private timeCount = 0;
  private sequence = 0;
  private readonly kinds: TraceKind[] = [];
  private readonly traces = new Map<TraceId, TraceData>();
  private readonly parts = new Map<string, { source: TraceData; part: TraceData; taken: number; rewrites: number }>();
  private readonly listeners = new Set<() => void>();
  private paths: Map<string, number> | undefined;
  private scopePaths: string[] = [];

  /** Takes in what a recorder has gathered. */
  append(delta: WaveDelta): void {
    if (delta.sequence !== this.sequence) this.incomplete = true;
    this.sequence = delta.sequence + 1;
    this.info = delta.info;
    for (const scope of delta.added.scopes) this.scopes.push(scope);
    for (const table of delta.added.enums) this.enums.push(table);
    for (const table of delta.added.structs) this.structs.push(table);
    for (const signal of delta.added.signals) this.addSignal(signal);
    if (delta.added.signals.length > 0) this.paths = undefined;
    for (const piece of delta.log) this.read(piece, delta.texts);
    if (delta.gaps) this.gaps = delta.gaps;
    if (delta.endTime > this.endTime) this.endTime = delta.endTime;
    this.stoppedAt = delta.stoppedAt;
    this.version++;
    for (const listener of this.listeners) listener();
  }

  /** Calls back after every delta, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // ------------------------------------------------------------------------------------------------------------ Times

  /** Moments at which anything changed. */
  get stepCount(): number {
    return this.timeCount;
  }

  timeOf(step: number): number {
    return this.times[step]!;
  }

  /** The last moment of change at or before a time; -1 before the first. */
  stepAt(time: number): number {
    const { times } = this;
    let low = 0;
    let high = this.timeCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  // ------------------------------------------------------------------------------------------------------------ Names

  /** Full name of a scope: `top.u1`. */
  scopePath(scope: number): string {
    if (scope < 0) return '';
    const known = this.scopePaths[scope];
    if (known !== undefined) return known;
    const { parent, name } = this.scopes[scope]!;
    const path = parent < 0 ? name : `${this.scopePath(parent)}.${name}`;
    this.scopePaths[scope] = path;
    return path;
  }

  /** What a full name stands for: a signal, or a word, field or bits of one: `top.u1.mem[3]`, `top.state.opcode`, `top.q[7:4]`. */
  find(path: string): Wave | undefined {
    if (!this.paths) {
      this.paths = new Map();
      for (const [index, signal] of this.signals.entries()) {
        const full = pathOf(this.scopePath(signal.scope), signal.name);
        if (!this.paths.has(full)) this.paths.set(full, index);
      }
    }
    const index = this.paths.get(path);
    if (index !== undefined) return waveOf(this.signals[index]!, path);
    const cut = path.endsWith(']') ? path.lastIndexOf('[') : path.lastIndexOf('.');
    if (cut <= 0) return undefined;
    const parent = this.find(path.slice(0, cut));
    return parent && childOf(parent, path.slice(cut), this.structs);
  }

  wave(signal: WaveSignal): Wave {
    return waveOf(signal, pathOf(this.scopePath(signal.scope), signal.name));
  }

  // ----------------------------------------------------------------------------------------------------------- Values

  /** The changes of a whole trace. */
  trace(id: TraceId): TraceData {
    let data = this.traces.get(id);
    if (!data) {
      const kind = this.kindOf(id);
      data = new TraceData(kind?.type ?? 'bits', kind?.width ?? 1);
      this.traces.set(id, data);
    }
    return data;
  }

  /** The changes of what a name stands for; of bits or a field of a vector, only those that change them. Nothing for a whole memory. */
  data(wave: Wave): TraceData | undefined {
    if (wave.trace < 0) return undefined;
    const source = this.trace(wave.trace);
    if (source.type !== 'bits' || (wave.low === 0 && wave.width === source.width)) return source;
    const key = `${wave.trace}:${wave.low}:${wave.width}`;
    let entry = this.parts.get(key);
    if (!entry || entry.rewrites !== source.rewrites) {
      entry = { source, part: new TraceData('bits', wave.width), taken: 0, rewrites: source.rewrites };
      this.parts.set(key, entry);
    }
    if (entry.taken < source.count) {
      copyBits(source, entry.part, wave.low, entry.taken);
      entry.taken = source.count;
    }
    return entry.part;
  }

  /** Bytes of all values and times. */
  get bytes(): number {
    let sum = this.times.byteLength;
    for (const data of this.traces.values()) sum += data.bytes;
    return sum;
  }

  // --------------------------------------------------------------------------------------------------------- Taking in

  private addSignal(signal: WaveSignal): void {
    this.signals.push(signal);
    if (signal.trace < 0) return;
    const last = this.kinds.at(-1);
    if (last && signal.trace < last.first + last.count) return;
    const { trace: first, type, width } = signal;
    this.kinds.push({ first, count: signal.array?.count ?? 1, type, width });
  }

  private kindOf(id: TraceId): TraceKind | undefined {
    let low = 0;
    let high = this.kinds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.kinds[middle]!.first <= id) low = middle + 1;
      else high = middle;
    }
    return this.kinds[low - 1];
  }

  private read(log: Int32Array, texts: readonly string[]): void {
    const double = new Float64Array(1);
    const halves = new Int32Array(double.buffer);
    let step = this.timeCount - 1;
    let at = 0;
    while (at < log.length) {
      const head = log[at++]!;
      if (head === TIME_MARK) {
        step = this.step((log[at]! >>> 0) + log[at + 1]! * WORD);
        at += 2;
        continue;
      }
      this.changes++;
      const data = this.traces.get(head >> TRACE_SHIFT) ?? this.trace(head >> TRACE_SHIFT);
      const code = head & CODE_MASK;
      if (code < CODE_A) {
        if (data.type === 'event') data.pushEvent(step);
        else data.push1(step, code & 1, code >> 1);
      } else if (code === CODE_A) {
        data.push(step, log, at, -1);
        at += data.words;
      } else if (code === CODE_AB) {
        data.push(step, log, at, at + data.words);
        at += 2 * data.words;
      } else if (code === CODE_REAL) {
        halves[0] = log[at]!;
        halves[1] = log[at + 1]!;
        data.pushReal(step, double[0]!);
        at += 2;
      } else if (code === CODE_TEXT) data.pushText(step, texts[log[at++]!]!);
    }
  }

  /** The index of a time that is not before any known one. */
  private step(time: number): number {
    const { timeCount } = this;
    if (timeCount > 0 && this.times[timeCount - 1] === time) return timeCount - 1;
    if (timeCount === 0) this.startTime = time;
    if (timeCount === this.times.length) {
      const larger = new Float64Array(timeCount * 2);
      larger.set(this.times);
      this.times = larger;
    }
    this.times[timeCount] = time;
    if (time > this.endTime) this.endTime = time;
    return this.timeCount++;
  }
}

/** Adds the bits of a trace from `low` on to `part`, entry by entry; values that stay the same are dropped there. */
function copyBits(source: TraceData, part: TraceData, low: number, from: number): void {
  const words = wordsOf(part.width);
  const values = new Int32Array(2 * words);
  const first = low >> 5;
  const shift = low & 31;
  const top = part.width & 31;
  const mask = top === 0 ? -1 : (1 << top) - 1;
  for (let entry = from; entry < source.count; entry++) {
    const unknown = source.unknownAt(entry) >= 0;
    for (let word = 0; word < words; word++) {
      values[word] = shifted(source, entry, first + word, shift, false);
      values[words + word] = unknown ? shifted(source, entry, first + word, shift, true) : 0;
    }
    values[words - 1]! &= mask;
    values[2 * words - 1]! &= mask;
    part.push(source.step(entry), values, 0, unknown ? words : -1);
  }
}

function shifted(source: TraceData, entry: number, word: number, shift: number, planeB: boolean): number {
  const at = (index: number) =>
    index >= source.words ? 0 : planeB ? source.wordB(entry, index) : source.word(entry, index);
  return shift === 0 ? at(word) : (at(word) >>> shift) | (at(word + 1) << (32 - shift));
}
