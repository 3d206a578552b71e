import type { CimOperator, CimProblem } from '../types.ts';

/**
 * The problem with the costs of one sample, its arrays as they are: an allocation for it stands for the batch too. (Heads of
 * a batch that have arrays of their own are fed side by side: their vectors are not those of a batch, only their bytes.)
 */
export function forOneSample(problem: CimProblem): CimProblem {
  const { batch } = problem;
  if (batch === 1) return problem;
  const read = (inputs: CimOperator['inputs']) => inputs.map((each) => ({ ...each, bytes: each.bytes / batch }));
  const operators = problem.operators.map((operator): CimOperator => {
    const apart = operator.kind === 'matmul' && problem.rules.attention === 'per-head';
    return {
      ...operator,
      vectors: apart ? operator.vectors : operator.vectors / batch,
      macs: operator.macs / batch,
      streamBytes: operator.streamBytes / batch,
      outputBytes: operator.outputBytes / batch,
      inputs: read(operator.inputs),
      weightsFrom: read(operator.weightsFrom),
    };
  });
  return { ...problem, operators, batch: 1 };
}
