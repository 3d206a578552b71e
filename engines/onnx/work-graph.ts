import type { Attribute, Graph } from './types.ts';

/**
 * A node while a graph is folded and fused: one of the graph's, or one that stands for several of them (`covers`). Its
 * operator is ONNX's, or one of ours for a recognised pattern ("Activation", "LayerNorm", "ChannelShuffle").
 */
export interface WorkNode {
  op: string;
  domain: string;
  name: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
  /** Names of the graph's nodes that it stands for. */
  covers: string[];
  /** What a pattern found out. */
  found?: Found;
}

export type Found =
  | { what: 'activation'; how: import('./network.ts').Activation; min?: number; max?: number; alpha?: number }
  | { what: 'normalise'; how: 'layer' | 'rms'; epsilon?: number; learned: string[] }
  | { what: 'shuffle'; groups: number }
  /** Zeros to lay around the input, top, left, bottom, right, in addition to the node's own padding. */
  | { what: 'pads'; pads: [number, number, number, number] };

/** A graph to be rewritten: nodes in topological order, with producers and consumers of values kept up to date. */
export class WorkGraph {
  readonly nodes = new Set<WorkNode>();
  readonly outputs: Set<string>;
  readonly #producers = new Map<string, WorkNode>();
  readonly #consumers = new Map<string, Set<WorkNode>>();

  constructor(graph: Graph) {
    this.outputs = new Set(graph.outputs.map(({ name }) => name));
    for (const node of graph.nodes) {
      const { op, domain, name, attributes } = node;
      this.#insert({
        op,
        domain,
        name,
        attributes,
        inputs: [...node.inputs],
        outputs: [...node.outputs],
        covers: [name],
      });
    }
  }

  producer(value: string): WorkNode | undefined {
    return this.#producers.get(value);
  }

  consumers(value: string): ReadonlySet<WorkNode> {
    return this.#consumers.get(value) ?? NONE;
  }

  /** The only reader of a value, where it has one only and is no output of the graph. */
  onlyConsumer(value: string): WorkNode | undefined {
    const readers = this.consumers(value);
    if (readers.size !== 1 || this.outputs.has(value)) return undefined;
    return readers.values().next().value;
  }

  remove(node: WorkNode): void {
    this.nodes.delete(node);
    for (const output of node.outputs) {
      if (this.#producers.get(output) === node) this.#producers.delete(output);
    }
    for (const input of node.inputs) this.#consumers.get(input)?.delete(node);
  }

  /** Takes a node out of the way: whoever read its output reads `instead`. */
  bypass(node: WorkNode, instead: string): void {
    const [output] = node.outputs;
    this.remove(node);
    if (output === undefined || output === instead) return;
    for (const reader of [...this.consumers(output)]) {
      reader.inputs = reader.inputs.map((input) => (input === output ? instead : input));
      this.#consumers.get(output)?.delete(reader);
      this.#reads(instead, reader);
    }
    if (this.outputs.delete(output)) this.outputs.add(instead);
  }

  /** Puts one node in the place of several: it takes the outputs of `last`, and reads `inputs`. */
  replace(nodes: readonly WorkNode[], last: WorkNode, put: Pick<WorkNode, 'op' | 'inputs' | 'found'>): WorkNode {
    const covers = nodes.flatMap((node) => node.covers);
    const made: WorkNode = {
      ...put,
      domain: 'studio',
      name: last.name,
      outputs: last.outputs,
      attributes: {},
      covers,
    };
    for (const node of nodes) this.remove(node);
    this.#insert(made);
    return made;
  }

  /** Nodes so that each comes after those that it reads; rewriting leaves the set in another order. */
  inOrder(): WorkNode[] {
    const order: WorkNode[] = [];
    const done = new Set<WorkNode>();
    const begun = new Set<WorkNode>();
    for (const root of this.nodes) {
      const path: { node: WorkNode; next: number }[] = [{ node: root, next: 0 }];
      while (path.length > 0) {
        const top = path.at(-1)!;
        begun.add(top.node);
        if (done.has(top.node)) path.pop();
        else if (top.next < top.node.inputs.length) {
          const producer = this.producer(top.node.inputs[top.next++]!);
          if (producer && !done.has(producer) && !begun.has(producer)) path.push({ node: producer, next: 0 });
        } else {
          done.add(top.node);
          order.push(top.node);
          path.pop();
        }
      }
    }
    return order;
  }

  /** Drops what no output of the graph needs. */
  prune(): void {
    if (this.outputs.size === 0) return;
    const needed = new Set<WorkNode>();
    const queue = [...this.outputs];
    for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
      const producer = this.producer(value);
      if (!producer || needed.has(producer)) continue;
      needed.add(producer);
      queue.push(...producer.inputs);
    }
    for (const node of [...this.nodes]) if (!needed.has(node)) this.remove(node);
  }

  #insert(node: WorkNode): void {
    this.nodes.add(node);
    for (const output of node.outputs) if (output !== '') this.#producers.set(output, node);
    for (const input of node.inputs) this.#reads(input, node);
  }

  #reads(value: string, node: WorkNode): void {
    if (value === '') return;
    const readers = this.#consumers.get(value);
    if (readers) readers.add(node);
    else this.#consumers.set(value, new Set([node]));
  }
}

const NONE: ReadonlySet<WorkNode> = new Set();
