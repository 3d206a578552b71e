import { ok, type Result } from '../../core/result.ts';
import { readElements } from '../../onnx/read-elements.ts';
import type { Tensor } from '../../onnx/types.ts';
import { formatText } from '../../tensor/formats/text.ts';
import { type GgufTensor, writeGguf } from './gguf.ts';
import { floats, ggufData, singles } from './gguf-tensors.ts';
import type { OnnxSource, Written } from './onnx.ts';
import { placeLayer, replaceLayers } from './rewrite.ts';

/** ggml's number of the layout of its block formats (GGML_QNT_VERSION). */
const QUANTIZATION_VERSION = 2;
const LONGEST_NAME = 64;
/** Kinds of files that llama.cpp knows (general.file_type), by the type of most of the weights. */
const FILE_TYPES: Record<string, number> = { F32: 0, F16: 1, Q4_0: 2, Q8_0: 7 };

/**
 * All learned numbers of the model as a GGUF file: the layers' weights in the plan's formats, exactly, in the narrowest type
 * that holds them, their biases with normalisations folded in, and what else is learned as it is. It is a container of
 * tensors: llama.cpp knows no architecture of this name and will not run it.
 * Problems: a model without its weights.
 */
export async function quantizedGguf({ title, model, files, layers, matrix }: OnnxSource): Promise<Result<Written>> {
  const tensors: GgufTensor[] = [];
  const names = new Names();
  const types: [layer: string, type: string, elements: number][] = [];
  for (const layer of layers) {
    const { type, bytes } = ggufData(matrix(layer));
    types.push([layer.name, type, layer.weights.length]);
    tensors.push({ name: names.of(`${layer.name}.weight`), type, shape: [layer.rows, layer.rowLength], bytes });
    if (layer.bias?.some((value) => value !== 0)) {
      tensors.push({
        name: names.of(`${layer.name}.bias`),
        type: 'F32',
        shape: [layer.rows],
        bytes: singles(layer.bias),
      });
    }
  }
  const placed = layers.flatMap((layer) => placeLayer(model.graph, layer) ?? []);
  const rest = replaceLayers(model.graph, placed, ({ product, output }) => ({
    nodes: [{ ...product, inputs: product.inputs.slice(0, 1), outputs: [output] }],
    weights: [],
  }));
  for (const tensor of Object.values(rest.weights)) {
    if (!isLearned(tensor)) continue;
    const values = await readElements(tensor, files);
    if (!values.ok) return values;
    const single = Float32Array.from(values.value);
    const data = tensor.type === 'float16' ? floats(single) : { type: 'F32' as const, bytes: singles(single) };
    tensors.push({ name: names.of(tensor.name), shape: tensor.shape.length > 0 ? tensor.shape : [1], ...data });
  }
  const notes = notesOf(types);
  const bytes = writeGguf(
    {
      'general.architecture': 'bitq',
      'general.name': title,
      'general.description': `Weights of ${title} in the formats of a bit plan. ${notes.join(' ')}`,
      'general.quantized_by': 'Crossbar Studio',
      'general.quantization_version': QUANTIZATION_VERSION,
      'general.file_type': FILE_TYPES[mostOf(types)] ?? 0,
      'bitq.tensor_data_layout': 'rows are outputs; in a row kernel height, kernel width, input channel',
      'bitq.bit_plan': layers.map((layer) => `${layer.name}=${formatText(matrix(layer).format)}`).join(' '),
      'bitq.tensor_names': JSON.stringify(names.shortened),
    },
    tensors,
  );
  return ok({ bytes, notes });
}

/** Floats; integers of a graph are shapes and places, which the file is not about. */
function isLearned({ type, shape }: Tensor): boolean {
  return (type === 'float32' || type === 'float16' || type === 'bfloat16') && shape.every((size) => size > 0);
}

type Types = readonly (readonly [layer: string, type: string, elements: number])[];

function mostOf(types: Types): string {
  const elements = new Map<string, number>();
  for (const [, type, count] of types) elements.set(type, (elements.get(type) ?? 0) + count);
  return [...elements].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'F32';
}

function notesOf(types: Types): string[] {
  const of = (...wanted: string[]) => types.filter(([, type]) => wanted.includes(type));
  const blocks = of('Q4_0', 'Q8_0');
  const notes = [
    `Every weight is exactly the plan's. ${blocks.length} of ${types.length} layers are in blocks (${of('Q4_0').length} Q4_0, ${of('Q8_0').length} Q8_0).`,
  ];
  const others = of('F16', 'F32');
  if (others.length > 0) {
    const listed = others.map(([layer, type]) => `${layer} (${type})`);
    const shown = listed.slice(0, 12).join(', ') + (listed.length > 12 ? ` and ${listed.length - 12} more` : '');
    notes.push(
      `As plain numbers, because their rows are not whole blocks of 32 or their format is not small integers times a float16 for each 32: ${shown}.`,
    );
  }
  notes.push(
    'Normalisations are folded into the layers. The file holds tensors only: no graph, and no architecture that llama.cpp runs.',
  );
  return notes;
}

/** Names of at most 64 bytes, each once; what was shortened is told in the metadata. */
class Names {
  readonly shortened: Record<string, string> = {};
  readonly #taken = new Set<string>();

  of(wanted: string): string {
    const encoder = new TextEncoder();
    let name = wanted;
    for (let count = 2; this.#taken.has(name) || encoder.encode(name).length > LONGEST_NAME; count += 1) {
      const tail = `~${count}`;
      name = `${new TextDecoder().decode(encoder.encode(wanted).slice(0, LONGEST_NAME - tail.length - 3))}${tail}`;
    }
    this.#taken.add(name);
    if (name !== wanted) this.shortened[name] = wanted;
    return name;
  }
}
