import { ok, type Result } from '../../core/result.ts';
import { type ElementFiles, readElements } from '../../onnx/read-elements.ts';
import { elementCount, packedToRaw, rawBytes } from '../../onnx/tensors.ts';
import type { Graph, Tensor } from '../../onnx/types.ts';

/** A tensor of numbers, made from an array in memory. */
export function tensorOf(name: string, shape: number[], values: Float32Array | Int8Array | Uint8Array): Tensor {
  const type = values instanceof Float32Array ? 'float32' : values instanceof Int8Array ? 'int8' : 'uint8';
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, type, shape, data: { in: 'memory', bytes } };
}

/**
 * The graph with all its data in memory, branches and loop bodies included, so that it can be written.
 * Problems: data that is in no file at hand.
 */
export async function withData(graph: Graph, files: ElementFiles): Promise<Result<Graph>> {
  const weights: Record<string, Tensor> = {};
  for (const [name, tensor] of Object.entries(graph.weights)) {
    const read = await inMemory(tensor, files);
    if (!read.ok) return read;
    weights[name] = read.value;
  }
  const nodes = [];
  for (const node of graph.nodes) {
    const attributes = { ...node.attributes };
    for (const [name, attribute] of Object.entries(attributes)) {
      if (attribute.kind === 'tensor') {
        const read = await inMemory(attribute.value, files);
        if (!read.ok) return read;
        attributes[name] = { kind: 'tensor', value: read.value };
      }
      if (attribute.kind === 'graph') {
        const read = await withData(attribute.value, files);
        if (!read.ok) return read;
        attributes[name] = { kind: 'graph', value: read.value };
      }
    }
    nodes.push({ ...node, attributes });
  }
  return ok({ ...graph, weights, nodes });
}

async function inMemory(tensor: Tensor, files: ElementFiles): Promise<Result<Tensor>> {
  const { data } = tensor;
  if (data.in === 'memory') return ok(tensor);
  const source =
    data.in === 'file' ? files.model : data.in === 'external' ? files.beside?.get(data.location) : undefined;
  const count = elementCount(tensor);
  if (source && data.in !== 'nowhere') {
    const read = await source.read(data.offset, data.bytes ?? rawBytes(tensor.type, count));
    const packed = data.in === 'file' ? data.packed : 'raw';
    const bytes = packedToRaw(tensor.type, { packed, bytes: read }, count);
    if (bytes) return ok({ ...tensor, data: { in: 'memory', bytes } });
  }
  // What is wrong, readElements says.
  const read = await readElements(tensor, files);
  return read.ok ? ok(tensor) : read;
}
