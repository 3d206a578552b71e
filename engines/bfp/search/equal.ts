import { formatText } from '../../tensor/formats/text.ts';
import { costOf, efficientChoices } from './table.ts';
import type { OperandChoice, PlanSpace } from './types.ts';

export interface EqualPlan {
  /** The format in short: "bfp4/32". */
  format: string;
  assignment: number[];
}

/** At most so many equal plans: the efficient ones that spread over the bits. */
const MOST = 14;

/**
 * Plans with one format for all weights and inputs, by rising bits. Operands with one choice keep it. Of formats of which
 * another has fewer bits and a smaller additive drop, none.
 */
export function equalPlans(space: PlanSpace): EqualPlan[] {
  const lists = space.layers.flatMap((layer) => [layer.weights, layer.inputs]);
  const searched = lists.filter((choices) => choices.length > 1);
  const names = (choices: readonly OperandChoice[]) => choices.map(({ format }) => formatText(format));
  const common = (searched[0] ? names(searched[0]) : []).filter((name) =>
    searched.every((choices) => names(choices).includes(name)),
  );
  const plans = [...new Set(common)].map((format) => {
    const assignment = lists.map((choices) => (choices.length > 1 ? names(choices).indexOf(format) : 0));
    return { format, assignment, cost: costOf(space, assignment) };
  });
  const asChoices = plans.map(({ cost }, index) => ({
    format: { kind: 'float32' } as const,
    bitsPerValue: cost.averageWeightBits + cost.averageActivationBits,
    drop: cost.drop,
    index,
  }));
  const efficient = efficientChoices(asChoices, MOST).map((at) => plans[asChoices[at]!.index]!);
  return efficient.map(({ format, assignment }) => ({ format, assignment }));
}
