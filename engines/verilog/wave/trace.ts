import { wordsOf } from '../ir/words.ts';
import type { WaveType } from './types.ts';

type Plane = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** What is to be seen in a stretch of a trace. */
export interface Contents {
  /** Entries without x and z. */
  known: number;
  /** Entries with an x. */
  x: number;
  /** Entries with a z but no x. */
  z: number;
}

/**
 * The value changes of one trace, in order. An entry is a time (an index into the database's list of times) and a value.
 * A bit costs one bit, a vector of up to 8 or 16 bits one or two bytes, wider ones whole words; plane b is kept only for
 * entries that have x or z, which are few as a rule. Values that are equal to the one before are not kept, nor are two
 * values of one time: the last holds.
 */
export class TraceData {
  /** Entries. */
  count = 0;
  /** Raised when an entry was replaced or taken back, and not only added: what was derived from this is to be made anew. */
  rewrites = 0;
  readonly words: number;
  private steps = new Uint32Array(8);
  private a: Plane;
  private reals: Float64Array | undefined;
  private texts: string[] | undefined;
  /** Entries with x or z, ascending; their planes b; and how many of those before each have an x. */
  private bAt = new Uint32Array(0);
  private b = new Int32Array(0);
  private xBefore = new Uint32Array(1);
  private bCount = 0;
  private lastB = -1;

  constructor(
    readonly type: WaveType,
    readonly width: number,
  ) {
    this.words = type === 'bits' ? wordsOf(width) : 0;
    this.a = plane(type === 'bits' ? width : 0, 8);
    if (type === 'real') this.reals = new Float64Array(8);
    if (type === 'text') this.texts = [];
  }

  /** Bytes held. */
  get bytes(): number {
    const texts = this.texts?.reduce((sum, { length }) => sum + 24 + 2 * length, 0) ?? 0;
    const rest = this.bAt.byteLength + this.b.byteLength + this.xBefore.byteLength + (this.reals?.byteLength ?? 0);
    return this.steps.byteLength + this.a.byteLength + rest + texts;
  }

  pushEvent(step: number): void {
    if (this.count > 0 && this.steps[this.count - 1] === step) return;
    this.begin(step);
    this.count++;
  }

  push1(step: number, a: number, b: number): void {
    const at = this.begin(step);
    if (at > 0 && this.bit(at - 1) === a && this.lastWordB(at - 1, 0) === b) {
      this.drop(at);
      return;
    }
    const mask = 1 << (at & 7);
    if (a === 0) this.a[at >> 3]! &= ~mask;
    else this.a[at >> 3]! |= mask;
    if (b !== 0) this.addB(at, [b], 0, a === 1);
    this.count = at + 1;
  }

  /** Words of plane a from `values[from]`, of plane b from `values[fromB]` (-1: none has x or z). */
  push(step: number, values: Int32Array, from: number, fromB: number): void {
    if (this.width === 1) {
      this.push1(step, values[from]! & 1, fromB < 0 ? 0 : values[fromB]! & 1);
      return;
    }
    const { words } = this;
    const at = this.begin(step);
    let same = at > 0;
    for (let word = 0; same && word < words; word++) {
      const b = fromB < 0 ? 0 : values[fromB + word]!;
      same = this.word(at - 1, word) === values[from + word]! && this.lastWordB(at - 1, word) === b;
    }
    if (same) {
      this.drop(at);
      return;
    }
    const base = at * words;
    for (let word = 0; word < words; word++) this.a[base + word] = values[from + word]!;
    if (fromB >= 0) {
      let some = 0;
      let x = 0;
      for (let word = 0; word < words; word++) {
        some |= values[fromB + word]!;
        x |= values[fromB + word]! & values[from + word]!;
      }
      if (some !== 0) this.addB(at, values, fromB, x !== 0);
    }
    this.count = at + 1;
  }

  pushReal(step: number, value: number): void {
    const at = this.begin(step);
    if (at > 0 && Object.is(this.reals![at - 1], value)) this.drop(at);
    else {
      this.reals![at] = value;
      this.count = at + 1;
    }
  }

  pushText(step: number, value: string): void {
    const at = this.begin(step);
    this.texts!.length = at;
    if (at > 0 && this.texts![at - 1] === value) this.drop(at);
    else {
      this.texts![at] = value;
      this.count = at + 1;
    }
  }

  /** Index of the time of an entry. */
  step(entry: number): number {
    return this.steps[entry]!;
  }

  /** The first entry from `from` on whose time is after that of `step`; `count` where there is none. */
  after(step: number, from = 0): number {
    const { steps, count } = this;
    // Steps that grow twofold, since what is looked for is often near, and then halves.
    let low = from;
    let reach = 1;
    while (low + reach < count && steps[low + reach - 1]! <= step) {
      low += reach;
      reach *= 2;
    }
    let high = Math.min(count, low + reach);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (steps[middle]! <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The entry that holds at a time; -1 before the first. */
  entryAt(step: number): number {
    return this.after(step) - 1;
  }

  /** A word of plane a. */
  word(entry: number, word: number): number {
    if (this.width === 1) return this.bit(entry);
    return this.a[entry * this.words + word]! | 0;
  }

  /** A word of plane b. */
  wordB(entry: number, word: number): number {
    const at = this.unknownAt(entry);
    return at < 0 ? 0 : this.b[at * this.words + word]!;
  }

  /** Whether an entry has x or z: then the place of its plane b, else -1. */
  unknownAt(entry: number): number {
    const at = this.unknownBefore(entry);
    return at < this.bCount && this.bAt[at] === entry ? at : -1;
  }

  real(entry: number): number {
    return this.reals![entry]!;
  }

  text(entry: number): string {
    return this.texts![entry]!;
  }

  /** What the entries from `from` to before `to` hold, counted without looking at each. */
  contents(from: number, to: number): Contents {
    const first = this.unknownBefore(from);
    const end = this.unknownBefore(to);
    const x = this.xBefore[end]! - this.xBefore[first]!;
    return { known: to - from - (end - first), x, z: end - first - x };
  }

  private bit(entry: number): number {
    return (this.a[entry >> 3]! >> (entry & 7)) & 1;
  }

  /** How many of the entries before this one have x or z. */
  private unknownBefore(entry: number): number {
    let low = 0;
    let high = this.bCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.bAt[middle]! < entry) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Of the last entry but one or the last: no search. */
  private lastWordB(entry: number, word: number): number {
    return this.bCount > 0 && this.lastB === entry ? this.b[(this.bCount - 1) * this.words + word]! : 0;
  }

  /** Room for an entry at this time: a new one, or the last one anew. */
  private begin(step: number): number {
    const again = this.count > 0 && this.steps[this.count - 1] === step;
    const at = again ? this.count - 1 : this.count;
    if (again) {
      this.rewrites++;
      if (this.lastB === at) this.takeB();
    }
    if (at === this.steps.length) this.grow();
    this.steps[at] = step;
    return at;
  }

  private drop(at: number): void {
    this.count = at;
  }

  private addB(at: number, values: ArrayLike<number>, from: number, x: boolean): void {
    const index = this.bCount;
    if (index === this.bAt.length) {
      const room = Math.max(4, index * 2);
      this.bAt = larger(this.bAt, new Uint32Array(room));
      this.b = larger(this.b, new Int32Array(room * this.words));
      this.xBefore = larger(this.xBefore, new Uint32Array(room + 1));
    }
    this.bAt[index] = at;
    for (let word = 0; word < this.words; word++) this.b[index * this.words + word] = values[from + word]!;
    this.xBefore[index + 1] = this.xBefore[index]! + (x ? 1 : 0);
    this.bCount = index + 1;
    this.lastB = at;
  }

  private takeB(): void {
    this.bCount--;
    this.lastB = this.bCount > 0 ? this.bAt[this.bCount - 1]! : -1;
  }

  private grow(): void {
    const room = this.steps.length * 2;
    this.steps = larger(this.steps, new Uint32Array(room));
    if (this.type === 'bits') {
      const next = plane(this.width, room);
      next.set(this.a);
      this.a = next;
    }
    if (this.reals) this.reals = larger(this.reals, new Float64Array(room));
  }
}

function plane(width: number, entries: number): Plane {
  if (width <= 1) return new Uint8Array(width * ((entries + 7) >> 3));
  if (width <= 8) return new Uint8Array(entries);
  if (width <= 16) return new Uint16Array(entries);
  return new Int32Array(entries * wordsOf(width));
}

function larger<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
