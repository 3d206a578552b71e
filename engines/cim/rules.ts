import type { CostRules, Improvements } from './types.ts';

/** The rules of a new design: physically realisable, as far as the model goes. */
export const DEFAULT_RULES: CostRules = {
  reload: 'largest',
  writeBack: 'kept',
  sharing: true,
  inPlace: false,
  dynamicInSegment: false,
  depthwise: 'packed',
  attention: 'per-head',
};

/**
 * The rules under which the table of speed-ups came about that the unpublished constants were chosen with: simpler, in
 * places too kind. Kept so that the table can be reproduced.
 */
export const STUDY_RULES: CostRules = {
  reload: 'largest',
  writeBack: 'held',
  sharing: false,
  inPlace: false,
  dynamicInSegment: true,
  depthwise: 'as-dense',
  attention: 'one-head',
};

export const ALL_IMPROVEMENTS: Improvements = { reload: true, pareto: true, batch: true, orders: true };
/** CMSwitch as printed: Eq. 9 alone chooses the plan of a segment, one plan a prefix, one order. */
export const NO_IMPROVEMENTS: Improvements = { reload: false, pareto: false, batch: false, orders: false };
