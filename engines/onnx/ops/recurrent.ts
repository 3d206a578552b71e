import type { Fact, NodeFacts, Rule } from './facts.ts';

/** X is sequence x batch x features; with `layout` 1 the batch comes first (opset 14). */
function recurrent(node: NodeFacts, states: number): Fact[] {
  const shape = node.shape();
  const hidden = node.int('hidden_size') ?? node.shape(2)?.[2] ?? node.unknown(3);
  const directions = node.string('direction', 'forward') === 'bidirectional' ? 2 : 1;
  const type = node.type();
  if (!shape) return [{ type }, { type }, { type }];
  if (shape.length !== 3) return node.fail(`takes sequence x batch x features, and its input has rank ${shape.length}`);
  const batchFirst = node.int('layout', 0) === 1;
  const [sequence = 1, batch = 1] = batchFirst ? [shape[1], shape[0]] : shape;
  const output = batchFirst ? [batch, sequence, directions, hidden] : [sequence, directions, batch, hidden];
  const state = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
  return [{ type, shape: output }, ...Array.from({ length: states }, () => ({ type, shape: state }))];
}

export const recurrentOps: Record<string, Rule> = {
  RNN: (node) => recurrent(node, 1),
  GRU: (node) => recurrent(node, 1),
  LSTM: (node) => recurrent(node, 2),
};
