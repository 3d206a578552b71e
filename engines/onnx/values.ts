import { shortest } from './attributes.ts';
import type { Inference } from './infer.ts';
import type { Dim, Graph, GraphNode, Tensor } from './types.ts';

/** Where a constant comes from: a tensor of the graph, as it is or with its two dimensions exchanged. */
export interface Source {
  tensor: Tensor;
  transposed: boolean;
  /** Its elements are the constant's, in the same order or exchanged; else only their number counts. */
  faithful: boolean;
}

/** What folding and fusing ask about the values of a graph whose shapes are inferred. */
export class Values {
  /** Version of the standard operators. */
  readonly opset: number;
  readonly #facts: Inference['facts'];
  readonly #tensors: Map<string, Tensor>;
  readonly #scalars = new Map<string, number | undefined>();
  readonly #sources = new Map<string, Source | undefined>();
  readonly #producers: Map<string, GraphNode>;

  constructor(graph: Graph, facts: Inference['facts'], opset = 17) {
    this.opset = opset;
    this.#facts = facts;
    this.#tensors = new Map(Object.entries(graph.weights));
    this.#producers = new Map();
    for (const node of graph.nodes) {
      for (const output of node.outputs) this.#producers.set(output, node);
      const value = node.op === 'Constant' ? node.attributes.value : undefined;
      if (value?.kind === 'tensor') this.#tensors.set(node.outputs[0] ?? '', value.value);
    }
  }

  /** Undefined where the rank or a size is not known. */
  shape(value: string): number[] | undefined {
    const dims = this.dims(value);
    return dims?.every((dim) => typeof dim === 'number') ? (dims as number[]) : undefined;
  }

  /** Shape with names where sizes are open. */
  dims(value: string): Dim[] | undefined {
    return this.#facts.get(value)?.shape;
  }

  type(value: string): Tensor['type'] | undefined {
    return this.#facts.get(value)?.type;
  }

  /** It depends on no input: a weight, or what follows from weights and shapes. */
  isConstant(value: string): boolean {
    return this.#facts.get(value)?.constant === true;
  }

  /** Elements of a small constant, where they are numbers. */
  elements(value: string): number[] | undefined {
    const elements = this.#facts.get(value)?.elements;
    return elements?.every((element) => typeof element === 'number') ? (elements as number[]) : undefined;
  }

  /** The one number that a constant holds, once or in every element. */
  scalar(value: string): number | undefined {
    if (!this.#scalars.has(value)) this.#scalars.set(value, this.#findScalar(value));
    return this.#scalars.get(value);
  }

  #findScalar(value: string): number | undefined {
    const elements = this.elements(value);
    const [first] = elements ?? [];
    if (first === undefined || !elements?.every((element) => element === first)) return undefined;
    return this.type(value) === 'float32' ? shortest(first) : first;
  }

  /** The tensor of the graph behind a constant, through what only renames, retypes or turns it. */
  source(value: string): Source | undefined {
    if (!this.#sources.has(value)) this.#sources.set(value, this.#find(value));
    return this.#sources.get(value);
  }

  #find(value: string): Source | undefined {
    const tensor = this.#tensors.get(value);
    if (tensor) return { tensor, transposed: false, faithful: true };
    const node = this.#producers.get(value);
    const [input] = node?.inputs ?? [];
    if (!node || !input || !RENAMING.has(node.op)) return undefined;
    const source = this.source(input);
    if (!source) return undefined;
    if (node.op === 'DequantizeLinear' || node.op === 'Expand') return { ...source, faithful: false };
    if (node.op !== 'Transpose') return source;
    if (this.dims(input)?.length !== 2 || source.tensor.shape.length !== 2) return { ...source, faithful: false };
    return { ...source, transposed: !source.transposed };
  }
}

const RENAMING = new Set([
  'Identity',
  'Cast',
  'Transpose',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'DequantizeLinear',
  'Expand',
  'Dropout',
]);
