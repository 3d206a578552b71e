import type { Symbols } from '../symbols.ts';
import type { Attribute, Dim, ElementType, Graph, GraphNode } from '../types.ts';

/** What is known of a value before anything runs. */
export interface Fact {
  type?: ElementType;
  /** Missing: the rank is unknown. */
  shape?: Dim[];
  /** Row-major, for small integers, floats and bools (as 0 and 1) that follow from shapes and constants alone. */
  elements?: Dim[];
  /** It depends on no input of the graph. */
  constant?: boolean;
  /** The value is a sequence (or an optional) of such tensors. */
  each?: Fact;
}

/** Shape arithmetic is carried on for at most so many elements of a value. */
export const mostElements = 4096;

/** ONNX fixes no greatest rank; files beyond this one are broken or hostile. */
export const greatestRank = 64;

/** Says why a node cannot be: thrown by rules, and caught where inference meets the node. */
export class Misfit extends Error {
  readonly remedy: string | undefined;

  constructor(what: string, remedy?: string) {
    super(what);
    this.remedy = remedy;
  }
}

/** A node with what is known of its inputs, as the rules of its operator ask for it. */
export class NodeFacts {
  readonly node: GraphNode;
  readonly inputs: readonly (Fact | undefined)[];
  readonly symbols: Symbols;
  /** Infers the outputs of a graph in an attribute, given facts of its inputs. */
  readonly inferBranch: (graph: Graph, inputs: (Fact | undefined)[]) => Fact[];
  readonly #unknown: (output: number, axis: number) => Dim;

  constructor(
    node: GraphNode,
    inputs: readonly (Fact | undefined)[],
    symbols: Symbols,
    unknown: (output: number, axis: number) => Dim,
    inferBranch: (graph: Graph, inputs: (Fact | undefined)[]) => Fact[],
  ) {
    this.node = node;
    this.inputs = inputs;
    this.symbols = symbols;
    this.#unknown = unknown;
    this.inferBranch = inferBranch;
  }

  /** A size that only the data tells, under a name of its own. */
  unknown(axis: number, output = 0): Dim {
    return this.#unknown(output, axis);
  }

  has(index: number): boolean {
    return Boolean(this.node.inputs[index]);
  }

  type(index = 0): ElementType | undefined {
    return this.inputs[index]?.type;
  }

  shape(index = 0): Dim[] | undefined {
    return this.inputs[index]?.shape;
  }

  elements(index: number): Dim[] | undefined {
    return this.inputs[index]?.elements;
  }

  /** The elements as whole numbers, when all of them are numbers. */
  numbers(index: number): number[] | undefined {
    const elements = this.elements(index);
    return elements?.every((element) => typeof element === 'number') ? (elements as number[]) : undefined;
  }

  attribute(name: string): Attribute | undefined {
    return Object.hasOwn(this.node.attributes, name) ? this.node.attributes[name] : undefined;
  }

  int(name: string): number | undefined;
  int(name: string, absent: number): number;
  int(name: string, absent?: number): number | undefined {
    const attribute = this.attribute(name);
    return attribute?.kind === 'int' ? attribute.value : absent;
  }

  ints(name: string): number[] | undefined {
    const attribute = this.attribute(name);
    return attribute?.kind === 'ints' ? attribute.value : undefined;
  }

  string(name: string, absent = ''): string {
    const attribute = this.attribute(name);
    return attribute?.kind === 'string' ? attribute.value : absent;
  }

  graph(name: string): Graph | undefined {
    const attribute = this.attribute(name);
    return attribute?.kind === 'graph' ? attribute.value : undefined;
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (Number.isInteger(counted) && counted >= 0 && counted < rank) return counted;
    return this.fail(`names axis ${axis} of a tensor of rank ${rank}`);
  }

  axes(axes: readonly number[], rank: number): number[] {
    const counted = axes.map((axis) => this.axis(axis, rank));
    if (new Set(counted).size !== counted.length) this.fail(`names an axis twice (axes ${axes.join(', ')})`);
    return counted;
  }

  /** @throws always; `what` completes the sentence "The node x (Conv) ...". */
  fail(what: string, remedy?: string): never {
    throw new Misfit(what, remedy);
  }

  /** Shapes of two or more operands brought to one, as NumPy does it. */
  broadcast(shapes: readonly (readonly Dim[] | undefined)[]): Dim[] | undefined {
    let result: Dim[] | undefined = [];
    for (const shape of shapes) {
      if (!shape) return undefined;
      result = this.#broadcastTwo(result, shape);
    }
    return result;
  }

  #broadcastTwo(a: readonly Dim[], b: readonly Dim[]): Dim[] {
    const rank = Math.max(a.length, b.length);
    return Array.from({ length: rank }, (_, index) => {
      const x = a[index - (rank - a.length)] ?? 1;
      const y = b[index - (rank - b.length)] ?? 1;
      if (x === 1) return y;
      if (y === 1 || this.symbols.same(x, y)) return x;
      if (typeof x === 'number' && typeof y === 'number') {
        return this.fail(`has operands of shapes ${writeShape(a)} and ${writeShape(b)}, which do not go together`);
      }
      if (typeof x === 'number') return x === 0 ? 0 : x;
      if (typeof y === 'number') return y;
      return this.symbols.max(x, y);
    });
  }

  /** Refuses two sizes that are surely not the same. */
  agree(a: Dim, b: Dim, what: string): void {
    if (this.symbols.differ(a, b)) this.fail(`${what}: ${a} and ${b} differ`);
  }
}

/** "2 x 3 x H", "a scalar". */
export function writeShape(shape: readonly Dim[] | undefined): string {
  if (!shape) return 'unknown shape';
  return shape.length === 0 ? 'scalar' : shape.join(' x ');
}

/** How many elements a shape of numbers has; undefined with a name in it. */
export function countOf(shape: readonly Dim[] | undefined): number | undefined {
  if (!shape) return undefined;
  let count = 1;
  for (const dim of shape) {
    if (typeof dim !== 'number') return undefined;
    count *= dim;
  }
  return count;
}

/**
 * What an operator makes of what is known of its inputs: a fact for each output, in order. Outputs beyond the list are
 * unknown.
 * @throws Misfit for inputs that the operator cannot take.
 */
export type Rule = (node: NodeFacts) => (Fact | undefined)[];
