import type { SearchSettings } from '../types.ts';
import { costOf, extremePlan, QUANTITIES, type Quantity } from './table.ts';
import type { PlanCost, PlanSpace } from './types.ts';

/** What is minimised, as a weighted sum, under upper bounds. */
export interface Aim {
  minimise: Partial<Record<Quantity, number>>;
  bounds: { quantity: Quantity; limit: number }[];
}

/** Room for rounding errors of long sums. */
const SLACK = 1e-9;

/** Data movement with the widest choice of every operand: the largest of the space, since more bits never move less. */
export function largestMovement(space: PlanSpace): number {
  return costOf(space, extremePlan(space, 'widest')).dramBits;
}

/**
 * The settings' objective over the additive model, where one unit of drop is `pointsPerDrop` points of accuracy.
 * - published: (100 - accuracy) / 100 + lambda * movement / largest movement (BitQ's released program; facts 2.4);
 * - accuracy-drop: the least movement that loses at most `limit` points;
 * - average-bits: the least drop with at most `limit` stored bits per weight, and per activation, on average;
 * - energy: the least drop with at most `limit` pJ.
 */
export function aimOf(
  space: PlanSpace,
  { objective, lambda, limit }: Pick<SearchSettings, 'objective' | 'lambda' | 'limit'>,
  pointsPerDrop: number,
): Aim {
  if (objective === 'published') {
    const dramBits = lambda / Math.max(largestMovement(space), Number.MIN_VALUE);
    return { minimise: { drop: pointsPerDrop / 100, dramBits }, bounds: [] };
  }
  if (objective === 'accuracy-drop') {
    return { minimise: { dramBits: 1 }, bounds: [{ quantity: 'drop', limit: limit / pointsPerDrop }] };
  }
  if (objective === 'energy') return { minimise: { drop: 1 }, bounds: [{ quantity: 'energyPj', limit }] };
  const count = (of: 'weightCount' | 'inputCount') => space.layers.reduce((sum, layer) => sum + layer[of], 0);
  return {
    minimise: { drop: 1 },
    bounds: [
      { quantity: 'weightBits', limit: limit * count('weightCount') },
      { quantity: 'activationBits', limit: limit * count('inputCount') },
    ],
  };
}

export function aimValue(aim: Aim, cost: Pick<PlanCost, Quantity>): number {
  return QUANTITIES.reduce((sum, it) => sum + (aim.minimise[it] ?? 0) * cost[it], 0);
}

/** By how much bounds are passed, relative to each, in all; 0: the plan keeps them. */
export function excess(aim: Aim, cost: Pick<PlanCost, Quantity>): number {
  return aim.bounds.reduce((sum, { quantity, limit }) => {
    const over = cost[quantity] - withSlack(limit);
    return over > 0 ? sum + over / Math.max(Math.abs(limit), Number.MIN_VALUE) : sum;
  }, 0);
}

export function withSlack(limit: number): number {
  return limit + SLACK * Math.abs(limit);
}
