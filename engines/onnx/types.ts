import type { Problem } from '../core/result.ts';
import type { BlobRef } from '../document/types.ts';

/** A symbolic dimension is a name ("N", "sequence"); the same name is the same size everywhere in a graph. */
export type Dim = number | string;

export type ElementType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int4'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint4'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool'
  | 'string'
  | 'complex64'
  | 'complex128'
  | 'float8e4m3fn'
  | 'float8e4m3fnuz'
  | 'float8e5m2'
  | 'float8e5m2fnuz'
  | 'float4e2m1';

export interface ValueInfo {
  name: string;
  type?: ElementType;
  /** Missing: the rank itself is unknown. */
  shape?: Dim[];
}

/**
 * Where the elements of a tensor are. Weights stay where they are until asked for: `file` names a place in the model's own
 * file, `external` one in a file beside it. `packed` tells how protobuf holds them when it is not little-endian raw data.
 */
export type TensorData =
  | { in: 'memory'; bytes: Uint8Array }
  | { in: 'file'; offset: number; bytes: number; packed: 'raw' | 'float' | 'double' | 'varint' | 'strings' }
  | { in: 'external'; location: string; offset: number; bytes?: number }
  /** A structure without weights, as the zoo builds them. */
  | { in: 'nowhere' };

export interface Tensor {
  name: string;
  type: ElementType;
  shape: number[];
  data: TensorData;
}

export type Attribute =
  | { kind: 'int'; value: number }
  | { kind: 'float'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'ints'; value: number[] }
  | { kind: 'floats'; value: number[] }
  | { kind: 'strings'; value: string[] }
  | { kind: 'tensor'; value: Tensor }
  | { kind: 'graph'; value: Graph }
  | { kind: 'other'; what: string };

export interface GraphNode {
  /** Unique in its graph; made up from the first output where the file gives none. */
  name: string;
  /** "Conv". */
  op: string;
  /** Empty: the standard operators. */
  domain: string;
  /** Names of values; an empty name is an optional input left out. */
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
}

/** A graph as ONNX has it: nodes in topological order, values by name. */
export interface Graph {
  name: string;
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  nodes: GraphNode[];
  weights: Record<string, Tensor>;
  /** What is known of the values between; shape inference fills it. */
  values: Record<string, ValueInfo>;
}

export interface Model {
  graph: Graph;
  irVersion: number;
  /** Version by domain; '' is the standard domain. */
  opsets: Record<string, number>;
  producer: string;
  /** Findings that do not keep the model from being used: an operator set that is newer than the studio. */
  notes?: Problem[];
}

/**
 * How a design names a model, here and in every lab that takes one. `symbols` gives sizes to symbolic dimensions
 * ("batch", "sequence", "past"), for models that have them.
 */
export type ModelRef =
  | string
  | { zoo: string; symbols?: Record<string, number> }
  | { onnx: BlobRef; symbols?: Record<string, number> }
  | { pimcompJson: string | BlobRef };
