import { inferShapes } from './infer.ts';
import { numberOfElementType } from './ops/element-types.ts';
import { rawBytes } from './tensors.ts';
import type { Attribute, Graph, GraphNode, Model, Tensor, ValueInfo } from './types.ts';
import { WireWriter } from './write-wire.ts';

/** Weights are graph inputs only since IR version 4 where they have no data; onnx.proto, enum Version. */
const oldestIrVersion = 4;

/** What a file says of itself besides the model: its doc_string and metadata_props. */
export interface AboutModel {
  text?: string;
  metadata?: Record<string, string>;
}

/**
 * A model as an ONNX file: its structure, and the weights whose data is in memory. Weights that are elsewhere or nowhere
 * are declared as inputs of the graph with their type and shape, which keeps the file valid and small; inside branches and
 * loop bodies, which take no such inputs, a ConstantOfShape stands for them. Shapes that are known are declared.
 */
export function writeModel(model: Model, about: AboutModel = {}): Uint8Array {
  const inferred = inferShapes(model.graph);
  const file = new WireWriter();
  file.int(1, Math.max(model.irVersion, oldestIrVersion));
  file.text(2, 'crossbar-studio').text(6, about.text ?? '');
  const known = inferred.ok ? inferred.value.graph.values : {};
  file.message(7, (graph) => writeGraph(graph, model.graph, { ...model.graph.values, ...known }, false));
  for (const [domain, version] of Object.entries(model.opsets)) {
    file.message(8, (opset) => opset.text(1, domain, true).int(2, version));
  }
  for (const [key, value] of Object.entries(about.metadata ?? {})) {
    file.message(14, (entry) => entry.text(1, key, true).text(2, value, true));
  }
  return file.finish();
}

function isAtHand(tensor: Tensor): boolean {
  return tensor.data.in === 'memory';
}

/** The tensor that a Constant node makes, where its data is not at hand. */
function missingConstant(node: GraphNode): Tensor | undefined {
  const value = node.op === 'Constant' && node.domain === '' ? node.attributes.value : undefined;
  return value?.kind === 'tensor' && !isAtHand(value.value)
    ? { ...value.value, name: node.outputs[0] ?? '' }
    : undefined;
}

function writeGraph(out: WireWriter, graph: Graph, values: Record<string, ValueInfo>, isInner: boolean): void {
  const missing = Object.values(graph.weights).filter((tensor) => !isAtHand(tensor));
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const tensor = missingConstant(node);
    if (tensor) missing.push(tensor);
    else nodes.push(node);
  }
  const shapes: Tensor[] = [];
  if (isInner) {
    for (const tensor of missing) {
      const shape = `${tensor.name}/shape`;
      shapes.push(int64Tensor(shape, tensor.shape));
      writeNode(out, filled(tensor, shape));
    }
  }
  for (const node of nodes) writeNode(out, node);
  out.text(2, graph.name || 'graph');
  for (const tensor of Object.values(graph.weights))
    if (isAtHand(tensor)) out.message(5, (part) => writeTensor(part, tensor));
  for (const tensor of shapes) out.message(5, (part) => writeTensor(part, tensor));
  const declare = (field: number, value: ValueInfo): void => {
    out.message(field, (part) => writeValue(part, value));
  };
  for (const input of graph.inputs) declare(11, { ...input, type: input.type ?? 'float32' });
  if (!isInner) for (const { name, type, shape } of missing) declare(11, { name, type, shape });
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  for (const output of graph.outputs) declare(12, complete(output, values[output.name]));
  const made = new Set(nodes.flatMap((node) => node.outputs));
  for (const value of Object.values(values)) {
    if (made.has(value.name) && !outputs.has(value.name) && value.type && value.shape) declare(13, value);
  }
}

function complete(value: ValueInfo, known: ValueInfo | undefined): ValueInfo {
  return { name: value.name, type: value.type ?? known?.type, shape: value.shape ?? known?.shape };
}

function int64Tensor(name: string, values: readonly number[]): Tensor {
  const bytes = new Uint8Array(BigInt64Array.from(values.map((value) => BigInt(value))).buffer);
  return { name, type: 'int64', shape: [values.length], data: { in: 'memory', bytes } };
}

/** Stands for a weight without data: zeros of its type and shape. */
function filled(tensor: Tensor, shape: string): GraphNode {
  const zero: Tensor = {
    name: '',
    type: tensor.type,
    shape: [1],
    data: { in: 'memory', bytes: new Uint8Array(rawBytes(tensor.type, 1)) },
  };
  const attributes: Record<string, Attribute> = { value: { kind: 'tensor', value: zero } };
  return {
    name: `${tensor.name}/weight`,
    op: 'ConstantOfShape',
    domain: '',
    inputs: [shape],
    outputs: [tensor.name],
    attributes,
  };
}

function writeNode(out: WireWriter, node: GraphNode): void {
  out.message(1, (part) => {
    // An optional input left out keeps its place.
    for (const name of node.inputs) part.text(1, name, true);
    for (const name of node.outputs) part.text(2, name, true);
    part.text(3, node.name).text(4, node.op);
    for (const [name, attribute] of Object.entries(node.attributes)) {
      if (attribute.kind !== 'other') part.message(5, (inner) => writeAttribute(inner.text(1, name), attribute));
    }
    part.text(7, node.domain);
  });
}

/** AttributeProto: the field of the value, and its kind as a number. */
function writeAttribute(out: WireWriter, attribute: Attribute): void {
  switch (attribute.kind) {
    case 'float':
      out.float(2, attribute.value).int(20, 1);
      break;
    case 'int':
      out.int(3, attribute.value).int(20, 2);
      break;
    case 'string':
      out.text(4, attribute.value, true).int(20, 3);
      break;
    case 'tensor':
      out.message(5, (part) => writeTensor(part, attribute.value)).int(20, 4);
      break;
    case 'graph':
      out.message(6, (part) => writeGraph(part, attribute.value, attribute.value.values, true)).int(20, 5);
      break;
    case 'floats':
      for (const value of attribute.value) out.float(7, value);
      out.int(20, 6);
      break;
    case 'ints':
      for (const value of attribute.value) out.int(8, value);
      out.int(20, 7);
      break;
    case 'strings':
      for (const value of attribute.value) out.text(9, value, true);
      out.int(20, 8);
      break;
    case 'other':
      break;
  }
}

function writeTensor(out: WireWriter, tensor: Tensor): void {
  for (const size of tensor.shape) out.int(1, size);
  out.int(2, numberOfElementType(tensor.type)).text(8, tensor.name);
  if (tensor.data.in === 'memory') out.bytes(9, tensor.data.bytes);
}

function writeValue(out: WireWriter, value: ValueInfo): void {
  out.text(1, value.name);
  const { type, shape } = value;
  if (!type) return;
  out.message(2, (part) =>
    part.message(1, (tensor) => {
      tensor.int(1, numberOfElementType(type));
      if (!shape) return;
      tensor.message(2, (dims) => {
        for (const dim of shape) {
          dims.message(1, (entry) => {
            if (typeof dim === 'number') entry.int(1, dim);
            else entry.text(2, dim);
          });
        }
      });
    }),
  );
}
