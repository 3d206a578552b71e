import type { CimReport } from '../../../../engines/cim/types.ts';
import { toCsv } from '../../../charts/csv.ts';

/** Every figure of a report by its name (which says its unit), then the totals of each plan under its title. */
export function figuresCsv({ figures, plans }: CimReport): string {
  const { baselineCycles: _, speedup: __, ...own } = figures;
  return toCsv([
    ['figure', 'value', 'plan'],
    ...Object.entries(own).map(([name, value]) => [name, value, plans[0]!.title]),
    ...plans.flatMap(({ title, totals: { energy, ...totals } }) => [
      ...Object.entries(totals).map(([name, value]) => [name, value, title]),
      ...Object.entries(energy).map(([name, value]) => [`energy.${name}`, value, title]),
    ]),
  ]);
}

/** A line for each operator of each segment of each plan. */
export function segmentsCsv({ plans, problem }: CimReport): string {
  return toCsv([
    [
      'plan',
      'segment',
      'times',
      'operator',
      'computeArrays',
      'memoryInArrays',
      'memoryOutArrays',
      'operatorCycles',
      'computeCycles',
      'reloadCycles',
      'writeBackCycles',
      'switchCycles',
    ],
    ...plans.flatMap(({ title, segments }) =>
      segments.flatMap(({ allocations, cost, times }, index) =>
        allocations.map(({ operator, compute, memoryIn, memoryOut }, place) => [
          title,
          index + 1,
          times,
          problem.operators[operator]!.name,
          compute,
          memoryIn,
          memoryOut,
          cost.operators[place]!.cycles,
          cost.computeCycles,
          cost.reloadCycles,
          cost.writeBackCycles,
          cost.switchCycles,
        ]),
      ),
    ),
  ]);
}
