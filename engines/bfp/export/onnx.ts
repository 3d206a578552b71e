import { ok, type Result } from '../../core/result.ts';
import type { ElementFiles } from '../../onnx/read-elements.ts';
import type { RunLayer } from '../../onnx/run/types.ts';
import type { Attribute, Graph, GraphNode, Model, Tensor } from '../../onnx/types.ts';
import { writeModel } from '../../onnx/write.ts';
import { formatText } from '../../tensor/formats/text.ts';
import { firstCodes, packCodes, packZeros, type QuantizedMatrix } from './codes.ts';
import { toChannelsFirst, transposed } from './layout.ts';
import { tensorOf, withData } from './raw-weights.ts';
import { freshNames, type PlacedLayer, placeLayer, type Replacement, replaceLayers } from './rewrite.ts';

/** How quantized weights are written: as float32, as int8 with DequantizeLinear, or in MatMulNBits. */
export type OnnxWay = 'onnx' | 'onnx-qdq' | 'onnx-nbits';

export interface OnnxSource {
  title: string;
  model: Model;
  files: ElementFiles;
  layers: readonly RunLayer[];
  /** A layer's weights in their format. */
  matrix(layer: RunLayer): QuantizedMatrix;
}

export interface Written {
  bytes: Uint8Array;
  /** Whole sentences: what is in the file as it was asked for, and what is not. */
  notes: string[];
}

/** Widths and groups that MatMulNBits takes, narrow and long first: the smallest file that is exact. */
const NBITS_WAYS = [4, 8].flatMap((bits) => [128, 64, 32, 16].map((group) => [bits, group] as const));

/** One scale for each output, or for all: what DequantizeLinear has per channel. */
const PER_ROW = (matrix: QuantizedMatrix) => [[8, matrix.rowLength] as const];

/**
 * The model with the plan's weights as an ONNX file. Normalisations are folded into the layers, as the plan was measured;
 * activations are not quantized in the file. Computed in float32, its weights are the plan's exactly, however written.
 * Problems: a model without its weights.
 */
export async function quantizedOnnx(source: OnnxSource, way: OnnxWay): Promise<Result<Written>> {
  const { model, layers } = source;
  const opset = model.opsets[''] ?? 1;
  const tally: Tally = { asFloat: [], asCodes: [], untouched: [] };
  const placed = layers.flatMap((layer) => {
    const place = placeLayer(model.graph, layer);
    if (!place) tally.untouched.push(layer.name);
    return place ? [place] : [];
  });
  const writer = new LayerWriter(source, model.graph, way, opset, tally);
  const graph = await withData(
    replaceLayers(model.graph, placed, (each) => writer.write(each)),
    source.files,
  );
  if (!graph.ok) return graph;
  const notes = notesOf(way, opset, tally);
  const opsets = writer.needsMicrosoft ? { ...model.opsets, 'com.microsoft': 1 } : model.opsets;
  const plan = layers.map((layer) => `${layer.name}=${formatText(source.matrix(layer).format)}`).join(' ');
  const bytes = writeModel(
    { ...model, graph: graph.value, opsets },
    {
      text: [`${source.title}, weights quantized by Crossbar Studio.`, ...notes].join(' '),
      metadata: { bit_plan: plan },
    },
  );
  return ok({ bytes, notes });
}

/** Names of layers by what became of them. */
interface Tally {
  asFloat: string[];
  asCodes: string[];
  untouched: string[];
}

class LayerWriter {
  needsMicrosoft = false;
  readonly #source: OnnxSource;
  readonly #way: OnnxWay;
  readonly #opset: number;
  readonly #tally: Tally;
  readonly #fresh: (wanted: string) => string;

  constructor(source: OnnxSource, graph: Graph, way: OnnxWay, opset: number, tally: Tally) {
    this.#source = source;
    this.#way = way;
    this.#opset = opset;
    this.#tally = tally;
    this.#fresh = freshNames(graph);
  }

  write(placed: PlacedLayer): Replacement {
    const { layer } = placed;
    const matrix = this.#source.matrix(layer);
    const codes =
      this.#way === 'onnx-qdq'
        ? firstCodes(matrix, PER_ROW(matrix))
        : this.#way === 'onnx-nbits' && layer.op === 'fc'
          ? firstCodes(matrix, NBITS_WAYS)
          : undefined;
    this.#tally[codes ? 'asCodes' : 'asFloat'].push(layer.name);
    if (!codes) return this.#product(placed, this.#floats(placed, matrix));
    return this.#way === 'onnx-qdq'
      ? this.#dequantized(placed, matrix, codes.codes, codes.scales, codes.zeros)
      : this.#nbits(placed, matrix, codes);
  }

  /** The weight as the product takes it, in float32. */
  #floats({ layer, product }: PlacedLayer, { values }: QuantizedMatrix): Replacement & { weight: string } {
    const name = this.#fresh(`${layer.weightName}_quantized`);
    const data = inOrder(product, layer, values);
    return { nodes: [], weights: [tensorOf(name, shapeOf(product, layer), data)], weight: name };
  }

  #dequantized(
    placed: PlacedLayer,
    { rows }: QuantizedMatrix,
    codes: Uint8Array,
    scales: Float32Array,
    zeros: Uint8Array,
  ): Replacement {
    const { layer, product } = placed;
    const signed = Float32Array.from(codes, (code) => code - 128);
    const [q, s, z, w] = ['codes', 'scales', 'zeros', 'quantized'].map((part) =>
      this.#fresh(`${layer.weightName}_${part}`),
    ) as [string, string, string, string];
    const shape = shapeOf(product, layer);
    const node: GraphNode = {
      name: this.#fresh(`${layer.name}/DequantizeLinear`),
      op: 'DequantizeLinear',
      domain: this.#opset >= 13 ? '' : 'com.microsoft',
      inputs: [q, s, z],
      outputs: [w],
      attributes: { axis: int(isTransposed(product, layer) ? 1 : 0) },
    };
    if (node.domain !== '') this.needsMicrosoft = true;
    return this.#product(placed, {
      nodes: [node],
      weights: [
        tensorOf(q, shape, Int8Array.from(inOrder(product, layer, signed))),
        tensorOf(s, [rows], scales),
        tensorOf(
          z,
          [rows],
          Int8Array.from(zeros, (zero) => zero - 128),
        ),
      ],
      weight: w,
    });
  }

  #nbits(
    placed: PlacedLayer,
    { rows, rowLength }: QuantizedMatrix,
    codes: NonNullable<ReturnType<typeof firstCodes>>,
  ): Replacement {
    const { layer, product, output } = placed;
    this.needsMicrosoft = true;
    const groups = Math.ceil(rowLength / codes.group);
    const part = (what: string) => this.#fresh(`${layer.weightName}_${what}`);
    const blob = (codes.group * codes.bits) / 8;
    const weights = [
      tensorOf(part('codes'), [rows, groups, blob], packCodes(codes, rows, rowLength)),
      tensorOf(part('scales'), [rows, groups], codes.scales),
    ];
    // Where zeros lie in the middle they are the operator's default.
    if (!codes.symmetric) {
      const packed = packZeros(codes, rows);
      weights.push(tensorOf(part('zeros'), [rows, packed.length / rows], packed));
    }
    const bias = this.#bias(layer);
    const made = bias ? this.#fresh(`${output}_product`) : output;
    const node: GraphNode = {
      name: product.name,
      op: 'MatMulNBits',
      domain: 'com.microsoft',
      inputs: [product.inputs[0] ?? '', ...weights.map(({ name }) => name)],
      outputs: [made],
      attributes: {
        K: int(rowLength),
        N: int(rows),
        bits: int(codes.bits),
        block_size: int(codes.group),
      },
    };
    return bias
      ? { nodes: [node, this.#add(layer, made, bias.name, output)], weights: [...weights, bias] }
      : { nodes: [node], weights };
  }

  /** The product itself, with another weight and the folded bias. */
  #product(placed: PlacedLayer, { nodes, weights, weight }: Replacement & { weight: string }): Replacement {
    const { layer, product, output } = placed;
    const bias = this.#bias(layer);
    const all = bias ? [...weights, bias] : weights;
    const [input = ''] = product.inputs;
    if (product.op === 'MatMul') {
      const made = bias ? this.#fresh(`${output}_product`) : output;
      const node = { ...product, inputs: [input, weight], outputs: [made] };
      return { nodes: [...nodes, node, ...(bias ? [this.#add(layer, made, bias.name, output)] : [])], weights: all };
    }
    const inputs = bias ? [input, weight, bias.name] : [input, weight];
    const attributes =
      product.op === 'Gemm' ? { transB: int(isTransposed(product, layer) ? 0 : 1) } : product.attributes;
    return { nodes: [...nodes, { ...product, inputs, outputs: [output], attributes }], weights: all };
  }

  #bias(layer: RunLayer): Tensor | undefined {
    // Zeros are nothing to add.
    if (!layer.bias?.some((value) => value !== 0)) return undefined;
    return tensorOf(this.#fresh(`${layer.weightName}_bias`), [layer.rows], layer.bias);
  }

  #add(layer: RunLayer, from: string, bias: string, to: string): GraphNode {
    const name = this.#fresh(`${layer.name}/bias`);
    return { name, op: 'Add', domain: '', inputs: [from, bias], outputs: [to], attributes: {} };
  }
}

function int(value: number): Attribute {
  return { kind: 'int', value };
}

/** Whether the product takes inputs x outputs where the runner's matrix is outputs x inputs. */
function isTransposed(product: GraphNode, layer: RunLayer): boolean {
  if (layer.op !== 'fc' || product.op === 'Conv') return false;
  const transB = product.attributes.transB;
  return !(product.op === 'Gemm' && transB?.kind === 'int' && transB.value === 1);
}

function shapeOf(product: GraphNode, layer: RunLayer): number[] {
  if (product.op === 'Conv') return layer.weightShape;
  return isTransposed(product, layer) ? [layer.rowLength, layer.rows] : [layer.rows, layer.rowLength];
}

function inOrder(product: GraphNode, layer: RunLayer, matrix: Float32Array): Float32Array {
  if (product.op === 'Conv') return toChannelsFirst(layer, matrix);
  return isTransposed(product, layer) ? transposed(matrix, layer.rows, layer.rowLength) : matrix;
}

function notesOf(way: OnnxWay, opset: number, { asFloat, asCodes, untouched }: Tally): string[] {
  const notes = ['Normalisations are folded into the layers. Activations are not quantized in this file.'];
  if (way === 'onnx') {
    notes.push('Weights are float32 numbers that their formats hold: dequantized values, not codes.');
  }
  if (way === 'onnx-qdq') {
    notes.push(
      `${layers(asCodes)} int8 weights with one scale per output (DequantizeLinear${opset >= 13 ? '' : ` of com.microsoft, because the model is written for operator set ${opset}`}).`,
    );
    if (asFloat.length > 0) {
      notes.push(
        `${layers(asFloat)} dequantized float32 weights: their formats are not int8 with one scale per output: ${list(asFloat)}.`,
      );
    }
  }
  if (way === 'onnx-nbits') {
    notes.push(`${layers(asCodes)} weights in com.microsoft.MatMulNBits.`);
    if (asFloat.length > 0) {
      notes.push(
        `${layers(asFloat)} dequantized float32 weights, because they are convolutions or their formats are not integers of 4 or 8 bits with a scale for 16 to 128 inputs: ${list(asFloat)}.`,
      );
    }
  }
  if (untouched.length > 0) {
    notes.push(
      `${layers(untouched)} the weights of the original model, because their place in the graph is of another form: ${list(untouched)}.`,
    );
  }
  return notes;
}

function layers(names: readonly string[]): string {
  return names.length === 1 ? '1 layer has' : `${names.length} layers have`;
}

function list(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
}
