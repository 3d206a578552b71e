import type { Dim } from '../types.ts';
import { same } from './elementwise.ts';
import type { Rule } from './facts.ts';
import { matrixProduct } from './products.ts';
import { windows } from './windows.ts';

/**
 * Operators that ONNX Runtime's optimiser writes into files (domain com.microsoft; ContribOperators.md of ONNX Runtime),
 * those that transformers and convolution networks carry.
 */

const withResidual: Rule = (node) => {
  const whole = { type: node.type(), shape: node.shape() };
  const each = {
    type: 'float32' as const,
    shape: node.shape()?.map((dim, axis, all) => (axis === all.length - 1 ? 1 : dim)),
  };
  return [whole, each, each, whole];
};

/** Batch x sequence x (hidden of q, k and v, or of v). */
function attended(shape: Dim[] | undefined, last: Dim | undefined): Dim[] | undefined {
  return shape && last !== undefined ? [...shape.slice(0, -1), last] : undefined;
}

export const microsoft: Record<string, Rule> = {
  Gelu: same,
  FastGelu: same,
  BiasGelu: same,
  QuickGelu: same,
  BiasSplitGelu: (node) => [
    { type: node.type(), shape: attended(node.shape(), node.symbols.floorDivide(node.shape()?.at(-1) ?? 0, 2)) },
  ],
  SkipLayerNormalization: withResidual,
  SkipSimplifiedLayerNormalization: withResidual,
  SimplifiedLayerNormalization: same,
  EmbedLayerNormalization: (node) => {
    const ids = node.shape();
    const hidden = node.shape(2)?.[1];
    return [
      { type: node.type(2), shape: ids && hidden !== undefined ? [...ids, hidden] : undefined },
      { type: 'int32', shape: ids && [ids[0] ?? 1] },
    ];
  },
  RotaryEmbedding: same,
  Attention: (node) => {
    const sizes = node.ints('qkv_hidden_sizes');
    const width = node.shape(1)?.[1];
    const value = sizes?.[2] ?? (width === undefined ? undefined : node.symbols.floorDivide(width, 3));
    return [{ type: node.type(), shape: attended(node.shape(), value) }];
  },
  MultiHeadAttention: (node) => {
    const query = node.shape();
    const value = node.shape(2);
    if (query?.length !== 3) return [{ type: node.type() }];
    const last =
      value === undefined
        ? query[2]
        : value.length === 3
          ? value[2]
          : node.symbols.multiply(value[1] ?? 1, value[3] ?? 1);
    return [{ type: node.type(), shape: attended(query, last) }];
  },
  GroupQueryAttention: (node) => {
    const query = node.shape();
    const heads = node.int('num_heads', 1);
    const groups = node.int('kv_num_heads', heads);
    const packed = !node.has(1);
    const hidden = query?.at(-1);
    const size =
      hidden === undefined
        ? undefined
        : packed
          ? node.symbols.multiply(node.symbols.floorDivide(hidden, heads + 2 * groups), heads)
          : hidden;
    return [{ type: node.type(), shape: attended(query, size) }];
  },
  FusedConv: (node) => windows.Conv?.(node) ?? [],
  FusedGemm: (node) => {
    const shapes = [node.shape(0), node.shape(1)];
    const turned = shapes.map((shape, index) =>
      node.int(index === 0 ? 'transA' : 'transB', 0) && shape ? [...shape].reverse() : shape,
    );
    return [{ type: node.type(), shape: matrixProduct(node, turned[0], turned[1]) }];
  },
  FusedMatMul: (node) => {
    const turn = (shape: Dim[] | undefined, turned: number): Dim[] | undefined =>
      shape && turned && shape.length > 1 ? [...shape.slice(0, -2), shape.at(-1) ?? 1, shape.at(-2) ?? 1] : shape;
    const a = turn(node.shape(0), node.int('transA', 0));
    const b = turn(node.shape(1), node.int('transB', 0));
    return [{ type: node.type(), shape: matrixProduct(node, a, b) }];
  },
  MatMulNBits: (node) => [{ type: node.type(), shape: attended(node.shape(), node.int('N')) }],
  MatMulInteger16: (node) => [{ type: 'int32', shape: matrixProduct(node, node.shape(0), node.shape(1)) }],
  MatMulIntegerToFloat: (node) => [{ type: node.type(2), shape: matrixProduct(node, node.shape(0), node.shape(1)) }],
  DynamicQuantizeMatMul: (node) => [{ type: 'float32', shape: matrixProduct(node, node.shape(0), node.shape(1)) }],
  QLinearAdd: (node) => [{ type: node.type(), shape: node.broadcast([node.shape(0), node.shape(3)]) }],
  QLinearMul: (node) => [{ type: node.type(), shape: node.broadcast([node.shape(0), node.shape(3)]) }],
  QLinearSigmoid: same,
  QLinearLeakyRelu: same,
  QLinearSoftmax: same,
  QLinearGlobalAveragePool: (node) => [
    { type: node.type(), shape: node.shape()?.map((dim, axis) => (axis < 2 ? dim : 1)) },
  ],
  QuantizeLinear: (node) => [{ type: node.type(2) ?? 'uint8', shape: node.shape() }],
  DequantizeLinear: (node) => [{ type: node.type(1) ?? 'float32', shape: node.shape() }],
};
