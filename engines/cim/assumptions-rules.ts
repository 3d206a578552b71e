import type { Assumption } from '../core/report.ts';
import type { CimOperator, CostRules } from './types.ts';

interface ChosenRule extends Assumption {
  /** Whether the rule is in force and bears on these operators. */
  holds(rules: CostRules, operators: readonly CimOperator[]): boolean;
}

const hasGroups = (operators: readonly CimOperator[]) => operators.some(({ kind }) => kind === 'depthwise');
const hasComputed = (operators: readonly CimOperator[]) => operators.some(({ dynamic }) => dynamic);

/** What each choice of the cost rules means, and why it can be made so. */
export const CHOSEN_RULES: readonly ChosenRule[] = [
  {
    id: 'rule.reload',
    holds: ({ reload }) => reload === 'largest',
    what: 'Before a segment all its operators’ arrays are written at once, each operator’s one after another: the largest sets the time.',
    reason:
      'Eq. 2. It supposes that weights arrive as fast as they can be written; the rule "at least all bytes" does not.',
    source: 'paper',
  },
  {
    id: 'rule.reload',
    holds: ({ reload }) => reload === 'bytes',
    what: 'Writing a segment’s arrays takes Eq. 2’s time, and no less than its weights need over the external bandwidth. Copies are made on the chip.',
    reason: 'Eq. 2 alone lets any number of bytes arrive in the time of the largest operator.',
    source: 'ours',
  },
  {
    id: 'rule.writeBack',
    holds: ({ writeBack }) => writeBack === 'kept',
    what: 'Outputs stay on the chip only in arrays that are memory in both segments, and only if the very next segment reads them last; all else that is read later is written back.',
    reason:
      'The paper says "what must survive and cannot stay". This is what arrays can hold without moving data between them.',
    source: 'ours',
  },
  {
    id: 'rule.writeBack',
    holds: ({ writeBack }) => writeBack === 'held',
    what: 'All that the leaving segment’s memory arrays could hold stays on the chip, whatever those arrays become.',
    reason: 'An upper bound of what can stay, kept so that the study’s table can be reproduced.',
    source: 'ours',
  },
  {
    id: 'rule.sharing',
    holds: ({ sharing }) => sharing,
    what: 'An array can be one operator’s output buffer and the next one’s input buffer at once, as far as the bytes handed on fill whole arrays.',
    reason: 'Eq. 6, with "at most" for its "less than".',
    source: 'paper',
  },
  {
    id: 'rule.sharing',
    holds: ({ sharing }) => !sharing,
    what: 'No array serves two operators.',
    reason: 'Eq. 6 allows it; switched off in this design.',
    source: 'ours',
  },
  {
    id: 'rule.inPlace',
    holds: ({ inPlace }, operators) => inPlace && hasComputed(operators),
    what: 'Keys or values that lie in output arrays of the segment before become weights when those arrays switch: their first copy is not written.',
    reason: 'CMSwitch, section 5.3. It supposes that a memory array holds them as a compute array needs them.',
    source: 'paper',
  },
  {
    id: 'rule.dynamicInSegment',
    holds: ({ dynamicInSegment }, operators) => dynamicInSegment && hasComputed(operators),
    what: 'A product of two computed tensors may stand in the segment that computes its matrix.',
    reason:
      'The paper does not forbid it, yet weights that are not there yet cannot be written before the segment. Kept for the study’s table.',
    source: 'ours',
  },
  {
    id: 'rule.dynamicInSegment',
    holds: ({ dynamicInSegment }, operators) => !dynamicInSegment && hasComputed(operators),
    what: 'A product of two computed tensors stands in a later segment than the one that computes its matrix.',
    reason: 'Weights are written before a segment runs, so all of them must be there.',
    source: 'ours',
  },
  {
    id: 'rule.depthwise',
    holds: ({ depthwise }, operators) => depthwise === 'packed' && hasGroups(operators),
    what: 'Groups of a convolution lie block-diagonally in arrays, and each is fed its own input.',
    reason:
      'No source says how depthwise convolutions are mapped; this is the densest way without rows shared between groups.',
    source: 'ours',
  },
  {
    id: 'rule.depthwise',
    holds: ({ depthwise }, operators) => depthwise === 'as-dense' && hasGroups(operators),
    what: 'A grouped convolution takes arrays and feed as if one group’s input served all channels.',
    reason: 'Too kind: every channel has an input of its own. Kept so that the study’s table can be reproduced.',
    source: 'ours',
  },
  {
    id: 'rule.attention',
    holds: ({ attention }, operators) => attention === 'per-head' && hasComputed(operators),
    what: 'Every head of every sample has arrays of its own; heads that share keys and values share theirs.',
    reason: 'Heads have different keys and values, and a segment’s arrays are written once.',
    source: 'ours',
  },
  {
    id: 'rule.attention',
    holds: ({ attention }, operators) => attention === 'one-head' && hasComputed(operators),
    what: 'All heads and samples take turns on the arrays of one head, and writing theirs in between costs nothing.',
    reason: 'Too kind. Kept so that the study’s table can be reproduced.',
    source: 'ours',
  },
];
