import type { Job } from '../../core/job.ts';
import { ok, type Problem, type Result } from '../../core/result.ts';
import { fitWeights } from './check.ts';
import { drawWeights } from './draw.ts';
import { layerPiece } from './layer.ts';
import type { CrossbarReport, CrossbarSpec } from './types.ts';

export interface FoundWeights {
  weights: number[][];
  origin: CrossbarReport['origin'];
  problems: Problem[];
}

const SPREADS = {
  uniform: 'Drawn at random, every whole number in range as likely.',
  normal: 'Drawn at random from a normal distribution whose third standard deviation is the greatest weight.',
};

/** The whole numbers that go on the crossbar, and where they come from. */
export async function findWeights(spec: CrossbarSpec, job: Job): Promise<Result<FoundWeights>> {
  const { weights } = spec;
  switch (weights.kind) {
    case 'random':
      return ok({
        weights: drawWeights(spec.rows, spec.columns, weights.spread, spec, job.seed),
        origin: { what: SPREADS[weights.spread] },
        problems: [],
      });
    case 'values': {
      const fitted = fitWeights(weights.values, spec);
      return ok({
        weights: fitted.weights,
        origin: { what: 'Given one by one.' },
        problems: fitted.problem ? [fitted.problem] : [],
      });
    }
    case 'layer':
      return layerPiece(spec, weights, job);
  }
}
