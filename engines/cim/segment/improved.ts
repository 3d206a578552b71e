import { fail, ok } from '../../core/result.ts';
import { bestChain } from './chain.ts';
import { tooLarge } from './fits.ts';
import { forOneSample } from './one-sample.ts';
import { bestOrder } from './orders.ts';
import { planner } from './plans.ts';
import { segmentAsPublished } from './published.ts';
import { realise } from './realise.ts';
import type { Segmenter } from './types.ts';

/** Work spent on other orders, in steps of the search: some tenths of a second. So many are a bound, and a new kind of segment. */
const ORDERS_WORK = 30_000_000;
const BOUND_WORK = 300;
const KIND_WORK = 10_000;
/** Going through an order costs so much for each operator, and for each that an operator reads. */
const OPERATOR_WORK = 2_000;
const EDGE_WORK = 500;

/**
 * The best segmentation and allocation of the given order of operators under the judge; with `orders` also of the other
 * orders that the beam finds, never a worse one. Each improvement does its own part:
 * - `reload`: slower plans with fewer arrays are looked at too; without it each segment has the plan that Eq. 9 likes best.
 * - `pareto`: every mode in which a prefix may end is kept; without it one plan a segment and one a prefix, as published.
 * - `batch`: costs are those of the whole batch; without it of one sample.
 */
export const segmentImproved: Segmenter = async (problem, options, job) => {
  const { improvements, memory } = options;
  const unfit = tooLarge(problem);
  if (unfit) return fail(unfit);
  if (!improvements.pareto) return segmentAsPublished(problem, options, job);
  const searched = improvements.batch ? problem : forOneSample(problem);
  const given = searched.sections.map(({ first, count }) => Array.from({ length: count }, (_, at) => first + at));
  const plans = planner(searched, { memory, several: improvements.reload });
  const effort = { pairs: 0, bounds: 0 };

  let ordered = 0;
  const perOrder = searched.operators.reduce((sum, { inputs, weightsFrom, sums = [] }) => {
    return sum + OPERATOR_WORK + EDGE_WORK * (inputs.length + weightsFrom.length + sums.length);
  }, 0);
  // A network so large that not one other order is within the budget keeps its own.
  const others = improvements.orders && perOrder < ORDERS_WORK;
  const share = others ? 0.5 : 1;
  const report = (fraction: number) => job.progress(fraction * share, 'Cutting into segments');
  const { best, tried } = await bestOrder(searched, given, {
    cut: (orders, below) => {
      ordered += 1;
      const options = { memory, plansOf: plans.of, below };
      return bestChain(searched, orders, options, effort, job.signal, below === undefined ? report : undefined);
    },
    spent: () => {
      const levels = memory ? searched.hardware.arrays + 1 : 1;
      return effort.pairs * levels + effort.bounds * BOUND_WORK + plans.kinds() * KIND_WORK + ordered * perOrder;
    },
    budget: others ? ORDERS_WORK : 0,
    progress: (fraction) => job.progress(share + fraction * (1 - share), 'Trying other orders'),
  });
  return ok({
    sections: realise(searched, best.chain.steps, memory),
    effort: { ...effort, kinds: plans.kinds(), orders: tried },
  });
};
