import { Op, Stage } from '../program/types.ts';
import type { Emitter } from './common-emit.ts';
import type { View } from './common-views.ts';

/** Longest stretch of global memory that is loaded to pick elements out of it, over the number picked. */
const SPARSE = 64;

/** Local memory of a piece of work: buffers that are all given back together. */
export class Scratch {
  most = 0;
  private next: number;
  private readonly base: number;
  /** Elements that there are. */
  readonly room: number;

  constructor(base: number, room: number) {
    this.base = base;
    this.next = base;
    this.room = room;
  }

  take(elements: number): number {
    const at = this.next;
    this.next += elements;
    this.most = Math.max(this.most, this.next);
    return at;
  }

  /** What is taken from here on can be given back by `back`. */
  mark(): number {
    return this.next;
  }

  back(mark: number): void {
    this.next = mark;
  }

  clear(): void {
    this.next = this.base;
  }
}

/** Vectors of `length` elements, numbered over outer axes: how an operand is gone through in the order of a result. */
export class VectorWalk {
  readonly length: number;
  readonly count: number;
  private readonly at: number;
  private readonly inner: number;
  private readonly sizes: number[];
  private readonly strides: number[];

  /** `axes`: order of the result's axes, the innermost makes the vectors. `strides`: of the operand, by the result's axes. */
  constructor(view: Pick<View, 'at'>, shape: readonly number[], strides: readonly number[], axes: readonly number[]) {
    const inner = axes.at(-1);
    this.at = view.at;
    this.length = inner === undefined ? 1 : shape[inner]!;
    this.inner = inner === undefined ? 1 : strides[inner]!;
    const outer = axes.slice(0, -1);
    this.sizes = outer.map((axis) => shape[axis]!);
    this.strides = outer.map((axis) => strides[axis]!);
    this.count = this.sizes.reduce((product, size) => product * size, 1);
  }

  /** Whether all vectors are the same one. */
  get constant(): boolean {
    return this.strides.every((stride, axis) => stride === 0 || this.sizes[axis] === 1);
  }

  /** Global address of a vector's first element. */
  address(vector: number): number {
    let rest = vector;
    let address = this.at;
    for (let axis = this.sizes.length - 1; axis >= 0; axis--) {
      const size = this.sizes[axis]!;
      address += (rest % size) * this.strides[axis]!;
      rest = Math.floor(rest / size);
    }
    return address;
  }

  /** Loads vectors `from` to `to` - 1 one behind the other to `dst`. */
  load(out: Emitter, scratch: Scratch, from: number, to: number, dst: number): void {
    let loaded = -1;
    let last = -1;
    for (let vector = from; vector < to; vector++) {
      const address = this.address(vector);
      const target = dst + (vector - from) * this.length;
      if (vector > from && address === last) out.put(Op.LMV, Stage.POST, target, target - this.length, -1, this.length);
      else if (this.inner === 1 || this.length === 1) loaded = joinLoad(out, address, target, this.length, loaded);
      else this.pick(out, scratch, address, target);
      last = address;
    }
  }

  /** Stores vectors from `src` on; strided ones element by element. */
  store(out: Emitter, from: number, to: number, src: number): void {
    let stored = -1;
    for (let vector = from; vector < to; vector++) {
      const address = this.address(vector);
      const source = src + (vector - from) * this.length;
      if (this.inner === 1 || this.length === 1) {
        stored = joinStore(out, address, source, this.length, stored);
        continue;
      }
      for (let index = 0; index < this.length; index++)
        out.put(Op.ST, Stage.OUTPUT, address + index * this.inner, source + index, -1, 1);
    }
  }

  private pick(out: Emitter, scratch: Scratch, address: number, target: number): void {
    const { inner, length } = this;
    if (inner === 0) {
      out.put(Op.LD, Stage.INPUT, target, address, -1, 1);
      repeat(out, target, 1, length);
      return;
    }
    const span = (length - 1) * inner + 1;
    if (inner > SPARSE || span > scratch.room / 4) {
      for (let index = 0; index < length; index++)
        out.put(Op.LD, Stage.INPUT, target + index, address + index * inner, -1, 1);
      return;
    }
    const mark = scratch.mark();
    const whole = scratch.take(span);
    out.put(Op.LD, Stage.INPUT, whole, address, -1, span);
    out.strided(Op.LMV, Stage.POST, target, whole, -1, 1, inner, length);
    scratch.back(mark);
  }
}

/** Fills `length` elements from `at` on with repetitions of the first `filled`. */
export function repeat(out: Emitter, at: number, filled: number, length: number): void {
  let done = filled;
  while (done < length) {
    const more = Math.min(done, length - done);
    out.put(Op.LMV, Stage.POST, at + done, at, -1, more);
    done += more;
  }
}

/** Loads, or lengthens the load before where both sides go on. Answers with the number of the load. */
export function joinLoad(out: Emitter, address: number, dst: number, length: number, last: number): number {
  const { columns } = out.to;
  if (last >= 0 && last === out.to.length - 1) {
    const before = columns.elements[last]!;
    if (columns.src1[last]! + before === address && columns.dst[last]! + before === dst) {
      columns.elements[last] = before + length;
      return last;
    }
  }
  return out.put(Op.LD, Stage.INPUT, dst, address, -1, length);
}

function joinStore(out: Emitter, address: number, src: number, length: number, last: number): number {
  const { columns } = out.to;
  if (last >= 0 && last === out.to.length - 1) {
    const before = columns.elements[last]!;
    if (columns.dst[last]! + before === address && columns.src1[last]! + before === src) {
      columns.elements[last] = before + length;
      return last;
    }
  }
  return out.put(Op.ST, Stage.OUTPUT, address, src, -1, length);
}
