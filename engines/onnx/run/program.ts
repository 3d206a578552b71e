import type { NetworkKernel } from './kernel.ts';
import { atLeast, type Buffer, denseStrides, eachOuter, hasStrides, loopsOver, sizeOf, type View } from './views.ts';

const PAGE = 65_536;
const align = (bytes: number) => (bytes + 63) & ~63;

/** The kernel's memory: what stays (weights, constants, parameters), laid one after the other, and arenas of programs. */
export class Memory {
  readonly kernel: NetworkKernel;
  #end: number;
  #floats = new Float32Array(0);
  #words = new Int32Array(0);

  constructor(kernel: NetworkKernel) {
    this.kernel = kernel;
    this.#end = align(kernel.heapBase());
  }

  /** A piece that stays; its bytes are zero. */
  take(bytes: number): number {
    const at = this.#end;
    this.#end = align(at + bytes);
    const missing = this.#end - this.kernel.memory.buffer.byteLength;
    if (missing > 0) this.kernel.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  takeFloats(values: ArrayLike<number>): number {
    const at = this.take(4 * values.length);
    this.floats.set(values, at / 4);
    return at;
  }

  get floats(): Float32Array {
    if (this.#floats.buffer !== this.kernel.memory.buffer) this.#floats = new Float32Array(this.kernel.memory.buffer);
    return this.#floats;
  }

  get words(): Int32Array {
    if (this.#words.buffer !== this.kernel.memory.buffer) this.#words = new Int32Array(this.kernel.memory.buffer);
    return this.#words;
  }
}

/**
 * Steps of a network for so many samples, and the arena that its values share: a buffer is free again when no value lies
 * in it any more. Where the arena begins is known when all steps are.
 */
export class Program {
  readonly memory: Memory;
  readonly samples: number;
  readonly steps: (() => void)[] = [];
  #placed: (() => void)[] = [];
  #free: { at: number; bytes: number }[] = [];
  #bytes = 0;
  #scratch = 0;
  #quantized = 0;
  #base = 0;

  constructor(memory: Memory, samples: number) {
    this.memory = memory;
    this.samples = samples;
  }

  /** A new dense tensor in the arena; `order` lists its axes, outermost first. */
  tensor(shape: readonly number[], order?: readonly number[]): View {
    return { buffer: this.#allocate(4 * sizeOf(shape)), offset: 0, shape, strides: denseStrides(shape, order) };
  }

  /** Room that steps use while they run, all of them the same. */
  scratch(bytes: number): void {
    this.#scratch = Math.max(this.#scratch, align(bytes));
  }

  /** Room for so many numbers in a format while a layer runs, all layers the same; its address, once placed. */
  quantized(count: number): () => number {
    this.#quantized = Math.max(this.#quantized, align(4 * count));
    return () => this.#base + this.#bytes + this.#scratch;
  }

  /** Bytes that the arena needs, scratch included. */
  get arenaBytes(): number {
    return this.#bytes + this.#scratch + this.#quantized;
  }

  /** Valid once the program has its place. */
  get scratchAt(): number {
    return this.#base + this.#bytes;
  }

  place(base: number): void {
    this.#base = base;
    for (const act of this.#placed) act();
    this.#placed = [];
  }

  /** Done once, when addresses are known. */
  whenPlaced(act: () => void): void {
    this.#placed.push(act);
  }

  address({ buffer, offset }: View): number {
    return (buffer.inArena ? this.#base : 0) + buffer.at + 4 * offset;
  }

  /** The elements of a dense tensor, where they are: gone when the memory grows. */
  elements(view: View): Float32Array {
    const at = this.address(view) / 4;
    return this.memory.floats.subarray(at, at + sizeOf(view.shape));
  }

  /** The tensor with its axes in the given order, without gaps: itself where it is so, else a copy. */
  dense(view: View, order?: readonly number[]): View {
    const strides = denseStrides(view.shape, order);
    if (hasStrides(view, strides)) return { ...view, strides };
    const result = this.tensor(view.shape, order);
    this.copy(view, result, order);
    return result;
  }

  /** Copies a tensor into one of the same shape. */
  copy(from: View, to: View, order: readonly number[] = [...to.shape.keys()]): void {
    if (sizeOf(to.shape) === 0) return;
    const loops = atLeast(loopsOver([from, to], order), 3);
    const [a, b, c] = loops.sizes.slice(-3) as [number, number, number];
    const [fromA, fromB, fromC] = loops.strides[0]!.slice(-3) as [number, number, number];
    const [toA, toB, toC] = loops.strides[1]!.slice(-3) as [number, number, number];
    const offsets: [number, number][] = [];
    eachOuter(loops, 3, ([source, target]) => offsets.push([4 * source!, 4 * target!]));
    const { kernel } = this.memory;
    this.steps.push(() => {
      const source = this.address(from);
      const target = this.address(to);
      for (const [plus, more] of offsets) {
        kernel.copy(source + plus, target + more, a, b, c, fromA, fromB, fromC, toA, toB, toC);
      }
    });
  }

  /** Gives a buffer of the arena back. */
  release({ at, bytes, inArena }: Buffer): void {
    if (!inArena || bytes === 0) return;
    const next = this.#free.findIndex((piece) => piece.at > at);
    const index = next < 0 ? this.#free.length : next;
    this.#free.splice(index, 0, { at, bytes });
    for (let left = Math.min(index, this.#free.length - 2); left >= Math.max(0, index - 1); left -= 1) {
      const [piece, right] = [this.#free[left]!, this.#free[left + 1]!];
      if (piece.at + piece.bytes !== right.at) continue;
      piece.bytes += right.bytes;
      this.#free.splice(left + 1, 1);
    }
  }

  /** The smallest free piece that holds it, or new room at the end. */
  #allocate(wanted: number): Buffer {
    const bytes = align(wanted);
    let best: { at: number; bytes: number } | undefined;
    for (const piece of this.#free) {
      if (piece.bytes >= bytes && (!best || piece.bytes < best.bytes)) best = piece;
    }
    if (best) {
      const { at } = best;
      best.at += bytes;
      best.bytes -= bytes;
      this.#free = this.#free.filter((piece) => piece.bytes > 0);
      return { at, bytes, inArena: true, values: 0 };
    }
    const at = this.#bytes;
    this.#bytes += bytes;
    return { at, bytes, inArena: true, values: 0 };
  }
}
