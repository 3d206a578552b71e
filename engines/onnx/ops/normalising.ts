import type { Dim } from '../types.ts';
import { same } from './elementwise.ts';
import type { NodeFacts, Rule } from './facts.ts';

/** Statistics of a layer normalisation: the axes from `axis` on become 1. */
function statistics(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  const axis = shape && node.axis(node.int('axis', -1), shape.length);
  return shape?.map((dim, at) => (axis !== undefined && at >= axis ? 1 : dim));
}

/** Softmax and the like: an axis that the tensor must have. */
const alongAxis: Rule = (node) => {
  const shape = node.shape();
  const axis = node.int('axis');
  if (shape && shape.length > 0 && axis !== undefined && axis !== shape.length) node.axis(axis, shape.length);
  return same(node);
};

const batch: Rule = (node) => {
  const shape = node.shape();
  const channels = shape?.[1];
  const scale = node.shape(1)?.[0];
  if (channels !== undefined && scale !== undefined) {
    node.agree(channels, scale, 'The channels of its input and of its scale do not fit');
  }
  const perChannel = { type: node.type(), shape: node.shape(3) };
  return [{ type: node.type(), shape }, perChannel, perChannel, perChannel, perChannel];
};

export const normalising: Record<string, Rule> = {
  BatchNormalization: batch,
  InstanceNormalization: same,
  GroupNormalization: same,
  RMSNormalization: same,
  LRN: same,
  LpNormalization: same,
  MeanVarianceNormalization: same,
  LayerNormalization: (node) => {
    const shape = statistics(node);
    return [...same(node), { type: 'float32', shape }, { type: 'float32', shape }];
  },
  Softmax: alongAxis,
  LogSoftmax: alongAxis,
  Hardmax: alongAxis,
  Dropout: (node) => [...same(node), { type: 'bool', shape: node.shape() }],
  SoftmaxCrossEntropyLoss: (node) => [
    { type: node.type(), shape: node.string('reduction', 'mean') === 'none' ? node.shape(1) : [] },
    { type: node.type(), shape: node.shape() },
  ],
  NegativeLogLikelihoodLoss: (node) => [
    { type: node.type(), shape: node.string('reduction', 'mean') === 'none' ? node.shape(1) : [] },
  ],
};
