import { elementTypeOf } from './element-types.ts';
import type { Rule } from './facts.ts';

export const quantising: Record<string, Rule> = {
  QuantizeLinear: (node) => [
    { type: elementTypeOf(node.int('output_dtype', 0)) ?? node.type(2) ?? 'uint8', shape: node.shape() },
  ],
  DequantizeLinear: (node) => [{ type: node.type(1) ?? 'float32', shape: node.shape() }],
  DynamicQuantizeLinear: (node) => [
    { type: 'uint8', shape: node.shape() },
    { type: 'float32', shape: [] },
    { type: 'uint8', shape: [] },
  ],
};
