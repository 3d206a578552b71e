import { elementTypeOf } from './ops/element-types.ts';
import { greatestRank } from './ops/facts.ts';
import { type Beside, readTensor } from './read-tensor.ts';
import type { Attribute, Dim, Graph, GraphNode, Tensor, ValueInfo } from './types.ts';
import { type Field, Malformed, type WireReader } from './wire.ts';

/** Graphs in attributes inside graphs in attributes ... */
const deepest = 12;
/** Longer lists in attributes are data that no shape depends on. */
const longestList = 1_000_000;
const longestString = 64 * 1024;

/** A node as the file has it: attributes of functions may refer to those of their caller. */
export interface RawNode extends GraphNode {
  overload: string;
  /** Name of the attribute -> name of the caller's attribute that it takes the value of. */
  references: Record<string, string>;
}

/** What reading a part needs: where it reads, and files beside the model. */
export interface Reading {
  wire: WireReader;
  beside: Beside;
}

/** A GraphProto. Names are as in the file; `arrange` brings nodes into order and checks the names. */
export async function readGraph(reading: Reading, field: Field, depth = 0): Promise<Graph> {
  const { wire } = reading;
  wire.expect(field, 'bytes', 'the graph');
  if (depth > deepest) {
    throw new Malformed(`At byte ${field.start} graphs lie ${depth} deep in one another.`, { code: 'onnx.depth' });
  }
  const graph: Graph = {
    name: '',
    inputs: [],
    outputs: [],
    nodes: [],
    weights: Object.create(null),
    values: Object.create(null),
  };
  await wire.message(field.start, field.start + field.length, (part) => {
    switch (part.number) {
      case 1:
        return readNode(reading, part, depth).then((node) => void graph.nodes.push(node));
      case 2:
        return wire.text(part, 'the name of the graph').then((name) => {
          graph.name = name;
        });
      case 5:
        return readTensor(wire, part, 'a weight', reading.beside).then((tensor) => addWeight(graph, tensor, part));
      case 11:
        return readValue(wire, part).then((value) => void graph.inputs.push(value));
      case 12:
        return readValue(wire, part).then((value) => void graph.outputs.push(value));
      case 13:
        return readValue(wire, part).then((value) => {
          graph.values[value.name] = value;
        });
      case 15:
        return readSparse(reading, part).then((tensor) => addWeight(graph, tensor, part));
      default:
        return undefined;
    }
  });
  return graph;
}

function addWeight(graph: Graph, tensor: Tensor, at: Field): void {
  if (!tensor.name) throw new Malformed(`The weight at byte ${at.start} has no name.`);
  if (graph.weights[tensor.name]) {
    throw new Malformed(`The weight "${tensor.name}" is in the graph twice (again at byte ${at.start}).`, {
      code: 'onnx.duplicate-name',
    });
  }
  graph.weights[tensor.name] = tensor;
}

/** A sparse weight: its dense shape, its name that of its values; the elements stay out of reach. */
async function readSparse({ wire, beside }: Reading, field: Field): Promise<Tensor> {
  wire.expect(field, 'bytes', 'a sparse weight');
  const shape: number[] = [];
  let values: Tensor | undefined;
  await wire.message(field.start, field.start + field.length, (part) => {
    if (part.number === 1) {
      return readTensor(wire, part, 'a sparse weight', beside).then((tensor) => {
        values = tensor;
      });
    }
    if (part.number !== 3) return undefined;
    return wire.numbers(part, 'a dimension of a sparse weight', 10 * greatestRank).then((sizes) => {
      shape.push(...sizes);
    });
  });
  if (!values) throw new Malformed(`The sparse weight at byte ${field.start} has no values.`);
  if (shape.length > greatestRank || shape.some((size) => !(Number.isSafeInteger(size) && size >= 0))) {
    throw new Malformed(`The sparse weight "${values.name}" has the shape ${shape.slice(0, 8).join(' x ')}.`, {
      code: 'onnx.size',
    });
  }
  return { name: values.name, type: values.type, shape, data: { in: 'nowhere' } };
}

export async function readNode(reading: Reading, field: Field, depth: number): Promise<RawNode> {
  const { wire } = reading;
  wire.expect(field, 'bytes', 'a node');
  const node: RawNode = {
    name: '',
    op: '',
    domain: '',
    overload: '',
    inputs: [],
    outputs: [],
    attributes: Object.create(null),
    references: Object.create(null),
  };
  const text = (part: Field, what: string, set: (value: string) => void): Promise<void> =>
    wire.text(part, `${what} of the node at byte ${field.start}`).then(set);
  await wire.message(field.start, field.start + field.length, (part) => {
    switch (part.number) {
      case 1:
        return text(part, 'an input', (name) => node.inputs.push(name));
      case 2:
        return text(part, 'an output', (name) => node.outputs.push(name));
      case 3:
        return text(part, 'the name', (name) => {
          node.name = name;
        });
      case 4:
        return text(part, 'the operator', (op) => {
          node.op = op;
        });
      case 5:
        return readAttribute(reading, part, depth).then(({ name, attribute, reference }) => {
          if (reference) node.references[name] = reference;
          else node.attributes[name] = attribute;
        });
      case 7:
        return text(part, 'the domain', (domain) => {
          node.domain = domain === 'ai.onnx' ? '' : domain;
        });
      case 8:
        return text(part, 'the overload', (overload) => {
          node.overload = overload;
        });
      default:
        return undefined;
    }
  });
  if (!node.op) throw new Malformed(`The node at byte ${field.start} names no operator.`);
  return node;
}

type List = Extract<Attribute, { kind: 'ints' | 'floats' | 'strings' }>;

/** Kinds by AttributeProto.type, where the value itself may be left out because it is empty. */
const emptyKinds: Readonly<Record<number, Attribute>> = {
  1: { kind: 'float', value: 0 },
  2: { kind: 'int', value: 0 },
  3: { kind: 'string', value: '' },
  6: { kind: 'floats', value: [] },
  7: { kind: 'ints', value: [] },
  8: { kind: 'strings', value: [] },
};

/** An attribute; `reference` names that of the caller, inside a function, whose value it takes. */
export async function readAttribute(
  reading: Reading,
  field: Field,
  depth: number,
): Promise<{ name: string; attribute: Attribute; reference: string }> {
  const { wire } = reading;
  wire.expect(field, 'bytes', 'an attribute');
  const what = `the attribute at byte ${field.start}`;
  let name = '';
  let reference = '';
  let kind = 0;
  let value: Attribute | undefined;
  const append = <K extends List['kind']>(listKind: K, items: Extract<List, { kind: K }>['value']): void => {
    const list: { kind: string; value: unknown[] } = value?.kind === listKind ? value : { kind: listKind, value: [] };
    for (const item of items) list.value.push(item);
    if (list.value.length > longestList) throw new Malformed(`${what} has more than ${longestList} entries.`);
    value = list as Attribute;
  };
  await wire.message(field.start, field.start + field.length, (part) => {
    switch (part.number) {
      case 1:
        return wire.text(part, `the name of ${what}`).then((text) => {
          name = text;
        });
      case 2:
        wire.expect(part, 'fixed32', what);
        return wire.take(part.start, 4).then((bytes) => {
          value = { kind: 'float', value: floatsOf(bytes)[0] ?? 0 };
        });
      case 3:
        value = { kind: 'int', value: wire.number(part, what) };
        return undefined;
      case 4:
        if (part.type === 'bytes' && part.length > longestString) {
          value = { kind: 'other', what: `text of ${part.length} bytes` };
          return undefined;
        }
        return wire.text(part, what).then((text) => {
          value = { kind: 'string', value: text };
        });
      case 5:
        return readTensor(wire, part, what, reading.beside).then((tensor) => {
          value = { kind: 'tensor', value: tensor };
        });
      case 6:
        return readGraph(reading, part, depth + 1).then((graph) => {
          value = { kind: 'graph', value: graph };
        });
      case 7:
        if (part.type !== 'fixed32') wire.expect(part, 'bytes', what);
        if (part.length > 4 * longestList) throw new Malformed(`${what} has more than ${longestList} entries.`);
        return wire.take(part.start, part.length).then((bytes) => append('floats', floatsOf(bytes)));
      case 8:
        return wire.numbers(part, what, longestList).then((numbers) => append('ints', numbers));
      case 9:
        return wire.text(part, what).then((text) => append('strings', [text]));
      case 20:
        kind = wire.number(part, `the kind of ${what}`);
        return undefined;
      case 21:
        return wire.text(part, what).then((text) => {
          reference = text;
        });
      case 10:
      case 11:
      case 14:
      case 15:
      case 22:
      case 23:
        value = { kind: 'other', what: otherKinds[part.number] ?? '' };
        return undefined;
      default:
        return undefined;
    }
  });
  if (!name) throw new Malformed(`${capital(what)} has no name.`);
  return { name, attribute: value ?? copyOf(emptyKinds[kind]), reference };
}

const otherKinds: Readonly<Record<number, string>> = {
  10: 'tensors',
  11: 'graphs',
  14: 'a type',
  15: 'types',
  22: 'a sparse tensor',
  23: 'sparse tensors',
};

function copyOf(attribute: Attribute | undefined): Attribute {
  return attribute ? structuredClone(attribute) : { kind: 'other', what: 'nothing' };
}

function floatsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getFloat32(4 * index, true));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A ValueInfoProto. Sizes left empty become '' and keep their place. */
export async function readValue(wire: WireReader, field: Field): Promise<ValueInfo> {
  wire.expect(field, 'bytes', 'the description of a value');
  const value: ValueInfo = { name: '' };
  await wire.message(field.start, field.start + field.length, (part) => {
    if (part.number === 1) {
      return wire.text(part, 'the name of a value').then((name) => {
        value.name = name;
      });
    }
    if (part.number !== 2) return undefined;
    wire.expect(part, 'bytes', 'the type of a value');
    return wire.message(part.start, part.start + part.length, (type) => {
      // Sequences, maps and optionals have no shape of their own.
      if (type.number !== 1) return undefined;
      wire.expect(type, 'bytes', 'a tensor type');
      return wire.message(type.start, type.start + type.length, (entry) => {
        if (entry.number === 1) value.type = elementTypeOf(wire.number(entry, 'an element type'));
        if (entry.number !== 2) return undefined;
        return readShape(wire, entry).then((shape) => {
          value.shape = shape;
        });
      });
    });
  });
  return value;
}

async function readShape(wire: WireReader, field: Field): Promise<Dim[]> {
  wire.expect(field, 'bytes', 'a shape');
  const shape: Dim[] = [];
  await wire.message(field.start, field.start + field.length, (part) => {
    if (part.number !== 1) return undefined;
    wire.expect(part, 'bytes', 'a dimension');
    if (shape.length >= greatestRank) {
      throw new Malformed(`The shape at byte ${field.start} has a rank over ${greatestRank}.`, { code: 'onnx.rank' });
    }
    const axis = shape.push('') - 1;
    return wire.message(part.start, part.start + part.length, (entry) => {
      if (entry.number === 1) shape[axis] = wire.number(entry, 'a size');
      if (entry.number !== 2) return undefined;
      return wire.text(entry, 'the name of a size', 1024).then((name) => {
        shape[axis] = name;
      });
    });
  });
  return shape;
}
