import { fail, ok } from '../../core/result.ts';
import { bestChain } from './chain.ts';
import { tooLarge } from './fits.ts';
import { forOneSample } from './one-sample.ts';
import { planner } from './plans.ts';
import { segmentAsPublished } from './published.ts';
import { realise } from './realise.ts';
import type { Segmenter } from './types.ts';

/**
 * The best segmentation and allocation of the given order of operators under the judge; where several orders are asked for,
 * of those that the beam finds (never a worse one). Without `pareto`: one plan a segment and one a prefix, as published.
 */
export const segmentImproved: Segmenter = async (problem, options, job) => {
  const { improvements, memory } = options;
  const unfit = tooLarge(problem);
  if (unfit) return fail(unfit);
  if (!improvements.pareto) return segmentAsPublished(problem, options, job);
  const searched = improvements.batch ? problem : forOneSample(problem);
  const orders = searched.sections.map(({ first, count }) => Array.from({ length: count }, (_, at) => first + at));
  const chain = await bestChain(
    searched,
    orders,
    { memory, plansOf: planner(searched, { memory, several: improvements.reload }) },
    job.signal,
    (fraction) => job.progress(fraction, 'Cutting into segments'),
  );
  if (!chain) throw new Error('Operators that fit one by one have a plan.');
  return ok({ sections: realise(searched, chain.steps, memory), effort: { ways: chain.examined } });
};
