import { error, type Problem } from '../../core/result.ts';
import type { Network } from '../../onnx/network.ts';
import type { CimProblem } from '../types.ts';
import { canCompute } from './vector-unit.ts';

/** Products are done cell by cell: so many take a few seconds. */
export const MOST_MACS = 30_000_000;

/** Why a program of this network cannot be run here, and what can be done about it. */
export function cannotRun(network: Network, { operators, sections, rules, batch }: CimProblem): Problem | undefined {
  const refuse = (what: string, remedy: string, path: string) =>
    error('cim.run', what, remedy, { path: `slices.cim.${path}` });
  const products = network.layers.filter(({ kind }) => ['conv', 'fc', 'matmul'].includes(kind.op)).length;
  const told = new Set(operators.map(({ layer }) => layer)).size;
  if (sections.some(({ times }) => times > 1) || told < products) {
    return refuse(
      'The plan has one of several equal blocks, so its program is not the whole network’s.',
      'Choose “All, cuts anywhere” for equal blocks.',
      'blocks',
    );
  }
  if (batch > 1) return refuse('A program is run on one sample.', 'Set the batch to 1.', 'batch');
  if (rules.attention === 'one-head' && operators.some(({ kind }) => kind === 'matmul')) {
    return refuse(
      'Heads that take turns on the same arrays are a way of counting, not a program.',
      'Give each head its arrays.',
      'rules.attention',
    );
  }
  if (rules.depthwise === 'as-dense' && operators.some(({ kind }) => kind === 'depthwise')) {
    return refuse(
      'Depthwise convolutions fed as dense are a way of counting, not a program.',
      'Pack their groups.',
      'rules.depthwise',
    );
  }
  const shared = operators.find(({ layer, kind, vectors }) => {
    const own = network.layers[layer]!.kind;
    return kind === 'matmul' && own.op === 'matmul' && vectors !== own.rows;
  });
  if (shared) {
    return refuse(
      `Heads of "${shared.name}" share keys; that is counted, but its program is not run here.`,
      'Choose a network whose heads have keys of their own.',
      'model',
    );
  }
  if (network.layers.some(({ kind, outputShape }) => kind.op === 'conv' && (outputShape[0] ?? 1) > 1)) {
    return refuse('The network itself is for several samples.', 'Give its batch dimension the size 1.', 'model');
  }
  const macs = operators.reduce((sum, each) => sum + each.macs, 0);
  if (macs > MOST_MACS) {
    return refuse(
      `The network takes ${macs} multiplications; run cell by cell, at most ${MOST_MACS} are done here.`,
      'Try LeNet-5, Digits CNN or Digits ResNet, or a smaller file of your own.',
      'model',
    );
  }
  const other = network.layers.find((layer) => !canCompute(layer));
  if (other) {
    return refuse(
      `The layer "${other.name}" (${other.kind.op}) has no rule for whole numbers here.`,
      'Choose a network without it.',
      'model',
    );
  }
  return undefined;
}
