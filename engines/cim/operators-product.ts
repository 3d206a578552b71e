import type { Layer, MatMul } from '../onnx/network.ts';
import { type CimHardware, columnsPerWeight } from './hardware.ts';
import type { CimOperator, CostRules } from './types.ts';

/** A layer as products of vectors with matrices: `vectors` of each of `groups` matrices of inner x columns. */
export interface Product {
  kind: CimOperator['kind'];
  vectors: number;
  inner: number;
  columns: number;
  groups: number;
  /** Its matrices are computed by other layers. */
  dynamic: boolean;
  /** Which operand of a product of two is the matrix; the other is fed. Absent: it has weights of its own. */
  weightOperand?: number;
  /** Samples of the run among `groups`, outermost (computed matrices differ by sample). */
  samples: number;
  /** Groups of the layer for each group here: heads that share keys and values, or all that take turns. */
  sharing: number;
}

/** Arrays that hold the weights of `groups` matrices of inner x columns once. Small groups lie block-diagonally. */
export function arraysFor(inner: number, columns: number, groups: number, hardware: CimHardware): number {
  const { rows, columns: width } = hardware.array;
  const wide = columns * columnsPerWeight(hardware);
  if (groups > 1 && inner <= rows && wide <= width) {
    // Every group has rows and columns of its own.
    return Math.ceil(groups / Math.min(Math.floor(rows / inner), Math.floor(width / wide)));
  }
  return groups * Math.ceil(inner / rows) * Math.ceil(wide / width);
}

/**
 * The product that a layer is on arrays; undefined for layers without. `batch` runs of the whole graph at once: it
 * multiplies the vectors of a layer with weights, and the matrices of a product of two computed tensors. The graph's own
 * batch is in its shapes already.
 *
 * `sharedHeads`: so many consecutive matrices of a product of two are one and the same (grouped-query attention): they are
 * written once, and the vectors of all of them are fed to it.
 */
export function productOf(layer: Layer, rules: CostRules, batch: number, sharedHeads = 1): Product | undefined {
  const { kind, outputShape } = layer;
  if (kind.op === 'conv') {
    const [samples = 1, , ...size] = outputShape;
    const vectors = size.reduce((all, each) => all * each, samples) * batch;
    const inner = (kind.kernel[0] * kind.kernel[1] * kind.inputChannels) / kind.groups;
    const grouped = kind.groups > 1;
    const asDense = grouped && rules.depthwise === 'as-dense';
    return {
      kind: grouped ? 'depthwise' : 'conv',
      vectors,
      inner,
      columns: asDense ? kind.outputChannels : kind.outputChannels / kind.groups,
      groups: asDense ? 1 : kind.groups,
      dynamic: false,
      samples: 1,
      sharing: 1,
    };
  }
  if (kind.op === 'fc') {
    const { rows, inputs, outputs } = kind;
    return {
      kind: 'fc',
      vectors: rows * batch,
      inner: inputs,
      columns: outputs,
      groups: 1,
      dynamic: false,
      samples: 1,
      sharing: 1,
    };
  }
  return kind.op === 'matmul' ? ofTensors(layer, kind, rules, batch, sharedHeads) : undefined;
}

function ofTensors(layer: Layer, kind: MatMul, rules: CostRules, batch: number, sharedHeads: number): Product {
  const { rows, inner, columns } = kind;
  if (layer.inputs.length < 2) return withConstant(layer, kind, batch);
  const common = { kind: 'matmul', inner, columns, dynamic: true, weightOperand: 1 } as const;
  if (rules.attention === 'one-head') {
    return { ...common, vectors: rows * kind.batch * batch, groups: 1, samples: 1, sharing: kind.batch };
  }
  const groups = (kind.batch / sharedHeads) * batch;
  return { ...common, vectors: rows * sharedHeads, groups, samples: batch, sharing: sharedHeads };
}

/** One operand is a constant of the file with more than two axes: it is the matrix, whichever side it stands on. */
function withConstant({ inputShapes }: Layer, kind: MatMul, batch: number): Product {
  const shape = inputShapes[0] ?? [];
  const isLeft = shape.at(-1) === kind.inner && (shape.length < 2 || shape.at(-2) === kind.rows);
  const [vectors, columns] = isLeft ? [kind.rows, kind.columns] : [kind.columns, kind.rows];
  return {
    kind: 'matmul',
    vectors: vectors * batch,
    inner: kind.inner,
    columns,
    groups: kind.batch,
    dynamic: false,
    samples: 1,
    sharing: 1,
  };
}
