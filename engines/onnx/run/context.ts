import type { Inference } from '../infer.ts';
import type { ElementType, Graph, GraphNode } from '../types.ts';
import { CannotRun } from './cannot-run.ts';
import type { Constant } from './constants.ts';
import { type Fused, fuse, Readers } from './fuse.ts';
import type { LearnedLayer } from './learned.ts';
import type { Memory, Program } from './program.ts';
import type { Observer } from './types.ts';
import { type Buffer, denseStrides, sizeOf, type View } from './views.ts';

/** What the programs of a runner share. */
export interface Shared {
  memory: Memory;
  opset: number;
  constants: Map<string, Constant>;
  /** Constants that lie in memory already. */
  laid: Map<string, View>;
  layers: Map<string, LearnedLayer>;
  /** Zeros: what lies outside of images, and the bias of products that have none. */
  zeros: { at: number; floats: number };
  observer: { now: Observer | undefined };
}

/** Prepares the nodes of a graph, one after the other: the steps go to the program. */
export class Context {
  readonly shared: Shared;
  readonly program: Program;
  readonly #facts: Inference['facts'];
  readonly #readers: Readers;
  readonly #views = new Map<string, View>();
  /** Nodes still to come that read a value, and 1 for an output of the graph. */
  readonly #uses = new Map<string, number>();
  readonly #small = new Map<string, Constant>();
  #temporary: Buffer[] = [];
  node!: GraphNode;
  /** Elements of the largest tensor so far. */
  largest = 0;

  constructor(shared: Shared, program: Program, graph: Graph, facts: Inference['facts']) {
    this.shared = shared;
    this.program = program;
    this.#facts = facts;
    this.#readers = new Readers(graph, (name) => this.constant(name));
    for (const node of graph.nodes) for (const name of new Set(node.inputs)) this.#use(name, 1);
    for (const { name } of graph.outputs) this.#use(name, 1);
  }

  get readers(): Readers {
    return this.#readers;
  }

  #use(name: string, count: number): void {
    this.#uses.set(name, (this.#uses.get(name) ?? 0) + count);
  }

  /** Sizes of a value. */
  shapeOf(name: string): number[] {
    const shape = this.#facts.get(name)?.shape;
    if (shape?.every((dim) => typeof dim === 'number')) return shape as number[];
    throw new CannotRun(
      `has a value "${name}" whose size only the data tells`,
      'Export the model with fixed sizes, or give its symbolic sizes values.',
    );
  }

  typeOf(name: string): ElementType | undefined {
    return this.#facts.get(name)?.type;
  }

  /** Shape of an output of the node. */
  outputShape(index = 0): number[] {
    return this.shapeOf(this.node.outputs[index]!);
  }

  has(index: number): boolean {
    return Boolean(this.node.inputs[index]);
  }

  constant(name: string): Constant | undefined {
    const known = this.shared.constants.get(name) ?? this.#small.get(name);
    if (known) return known;
    const fact = this.#facts.get(name);
    if (!fact?.shape || !fact.elements?.every((element) => typeof element === 'number')) return undefined;
    const made = { shape: fact.shape as number[], data: Float32Array.from(fact.elements as number[]) };
    this.#small.set(name, made);
    return made;
  }

  /** Elements of a small constant input, exact: sizes, axes, bounds. Undefined: there is no such input. */
  numbers(index: number): number[] | undefined {
    const name = this.node.inputs[index];
    if (!name) return undefined;
    const { elements } = this.#facts.get(name) ?? {};
    if (elements?.every((element) => typeof element === 'number')) return elements as number[];
    const constant = this.constant(name);
    if (constant) return [...constant.data];
    throw new CannotRun(`takes "${name}" from data, where it must be a constant`);
  }

  input(index = 0): View {
    return this.view(this.node.inputs[index]!);
  }

  view(name: string): View {
    const found = this.#views.get(name) ?? this.shared.laid.get(name);
    if (found) return found;
    const constant = this.constant(name);
    if (!constant) throw new CannotRun(`reads "${name}", which has no numbers`);
    const at = this.shared.memory.takeFloats(constant.data);
    const buffer = { at, bytes: 4 * constant.data.length, inArena: false, values: 0 };
    const view: View = { buffer, offset: 0, shape: constant.shape, strides: denseStrides(constant.shape) };
    if (this.shared.constants.has(name)) this.shared.laid.set(name, view);
    else this.#views.set(name, view);
    return view;
  }

  isConstant(name: string): boolean {
    return !this.#views.get(name)?.buffer.inArena && this.constant(name) !== undefined;
  }

  /** Whether the input is read here for the last time and nothing else lies in its buffer: it may be written over. */
  mayOverwrite(index: number): boolean {
    const name = this.node.inputs[index]!;
    const view = this.#views.get(name);
    return view?.buffer.inArena === true && view.buffer.values === 1 && this.#uses.get(name) === 1;
  }

  tensor(shape: readonly number[], order?: readonly number[]): View {
    this.largest = Math.max(this.largest, sizeOf(shape));
    return this.#keep(this.program.tensor(shape, order));
  }

  /** The tensor with its axes in the given order and no gaps; a copy where it lies otherwise. */
  dense(view: View, order?: readonly number[]): View {
    return this.#keep(this.program.dense(view, order));
  }

  #keep(view: View): View {
    if (view.buffer.values === 0) this.#temporary.push(view.buffer);
    return view;
  }

  step(act: () => void): void {
    this.program.steps.push(act);
  }

  set(view: View, index = 0): void {
    const name = this.node.outputs[index];
    if (name) this.define(name, view);
  }

  define(name: string, view: View): void {
    this.#views.set(name, view);
    view.buffer.values += 1;
  }

  fuse(place: { channels: number; axis: number; rank: number }): Fused {
    return fuse(this.node, place, this.#readers);
  }

  /** Ends a node (or several that were taken together): what nothing reads any more is given back. */
  done(nodes: readonly GraphNode[]): void {
    for (const { inputs } of nodes) {
      for (const name of new Set(inputs)) {
        this.#use(name, -1);
        this.#drop(name);
      }
    }
    for (const { outputs } of nodes) for (const name of outputs) this.#drop(name);
    for (const buffer of new Set(this.#temporary)) if (buffer.values === 0) this.program.release(buffer);
    this.#temporary = [];
  }

  #drop(name: string): void {
    const view = this.#views.get(name);
    if (!view || (this.#uses.get(name) ?? 0) > 0) return;
    this.#views.delete(name);
    const { buffer } = view;
    buffer.values -= 1;
    if (buffer.values === 0) {
      this.program.release(buffer);
      this.#temporary = this.#temporary.filter((other) => other !== buffer);
    }
  }
}
