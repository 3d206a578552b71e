import type { Shared } from './context.ts';
import type { Program } from './program.ts';
import type { Observer, Plan, RunLayer, Runner } from './types.ts';
import { sizeOf, type View } from './views.ts';

/** A program for so many samples, and where its input and output lie. */
export interface Compiled {
  program: Program;
  input: View;
  output: View;
  /** Elements of its largest tensor, of one sample. */
  largest: number;
}

/** A plan's seed for one layer; the layer takes the next numbers for its operands. */
const seedOf = (seed: number, layer: number) => (seed + Math.imul(3 * layer, 0x9e3779b9)) >>> 0;

export class NetworkRunner implements Runner {
  readonly layers: readonly RunLayer[];
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly #shared: Shared;
  readonly #programs = new Map<number, Compiled>();
  #compile: ((samples: number) => Compiled | undefined) | undefined;
  #most: number;
  readonly #callSamples: number;
  #arena = { at: 0, bytes: 0 };

  constructor(shared: Shared, one: Compiled, macsACall: number) {
    this.#shared = shared;
    this.layers = [...shared.layers.values()].map(({ layer }) => layer);
    const { samples } = one.program;
    const ofOne = (shape: readonly number[]) => shape.map((size, axis) => (axis === 0 ? size / samples : size));
    this.inputShape = ofOne(one.input.shape);
    this.outputShape = ofOne(one.output.shape);
    const macs = this.layers.reduce((sum, layer) => sum + layer.macs, 0);
    this.#callSamples = Math.floor(macsACall / Math.max(1, macs));
    this.#programs.set(samples, one);
    this.#most = samples;
  }

  get batch(): number {
    return this.#most * Math.max(1, Math.floor(this.#callSamples / this.#most));
  }

  /** Lets `most` samples run at once; programs for fewer are made when they are needed. */
  addBatches(most: number, compiled: Compiled, compile: (samples: number) => Compiled | undefined): void {
    this.#programs.set(most, compiled);
    this.#most = most;
    this.#compile = compile;
  }

  /** Lays the arena where all programs fit, and the weights of every layer for a moment. */
  place(): void {
    const weights = this.layers.map((layer) => 4 * layer.weights.length);
    const programs = [...this.#programs.values()].map(({ program }) => program.arenaBytes);
    const bytes = Math.max(64, ...weights, ...programs);
    this.#arena = { at: this.#shared.memory.take(bytes), bytes };
    for (const { program } of this.#programs.values()) program.place(this.#arena.at);
  }

  setPlan(plan: Plan, seed: number): void {
    for (const [index, learned] of [...this.#shared.layers.values()].entries()) {
      learned.setFormats(plan[learned.layer.name], seedOf(seed, index), this.#arena.at);
    }
  }

  run(samples: Float32Array, count: number, observe?: Observer): Float32Array {
    const each = sizeOf(this.inputShape);
    const outputs = sizeOf(this.outputShape);
    if (samples.length < count * each) {
      throw new RangeError(`${count} samples have ${count * each} elements; there are ${samples.length}.`);
    }
    const result = new Float32Array(count * outputs);
    this.#shared.observer.now = observe;
    for (let start = 0; start < count; ) {
      const { program, input, output } = this.#programFor(count - start);
      const now = Math.min(program.samples, count - start);
      const target = program.elements(input);
      target.set(samples.subarray(start * each, (start + now) * each));
      target.fill(0, now * each);
      for (const step of program.steps) step();
      result.set(program.elements(output).subarray(0, now * outputs), start * outputs);
      start += now;
    }
    this.#shared.observer.now = undefined;
    return result;
  }

  /** The largest program that is not larger than needed: sizes halve from the largest. */
  #programFor(count: number): Compiled {
    if (!this.#compile) return this.#programs.get(this.#most)!;
    let samples = this.#most;
    while (samples > count) samples /= 2;
    const known = this.#programs.get(samples);
    if (known) return known;
    const made = this.#compile(samples);
    if (!made) throw new Error(`The network runs ${this.#most} samples at once, but not ${samples}.`);
    const { program } = made;
    if (program.arenaBytes > this.#arena.bytes) {
      this.#arena = { at: this.#shared.memory.take(program.arenaBytes), bytes: program.arenaBytes };
    }
    program.place(this.#arena.at);
    this.#programs.set(samples, made);
    return made;
  }

  dispose(): void {
    this.#programs.clear();
    this.#shared.constants.clear();
    this.#shared.laid.clear();
    this.#shared.layers.clear();
  }
}
