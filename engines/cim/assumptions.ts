import type { Assumption } from '../core/report.ts';
import type { CimProblem, CimSlice } from './types.ts';

/** What a report rests on that no source says. */
export function assumptionsOf(_slice: CimSlice, _problem: CimProblem): Assumption[] {
  return [
    {
      id: 'vector-unit',
      what: 'Softmax, normalisation, pools and sums take no time.',
      reason: 'The published model times products alone.',
      source: 'paper',
    },
  ];
}
