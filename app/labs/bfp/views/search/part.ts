import type { SearchPoint, SearchTrace } from '../../../../../engines/bfp/types.ts';
import type { ChartColour } from '../../../../charts/BarChart.tsx';
import type { Mark } from '../../../../charts/Scatter.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { accuracyOf } from './plans.ts';
import { texts } from './texts.ts';

/** What the parts of the view share. */
export interface PartProps {
  trace: SearchTrace;
  names: Map<number, string>;
  selected?: number;
  onPick(id: number): void;
}

/** Shape, colour and name of each method's plans. */
export const KINDS: Record<string, { mark: Mark; colour: ChartColour; name: string }> = Object.fromEntries(
  Object.entries({
    exact: { mark: 'circle', colour: 'c1' },
    refined: { mark: 'star', colour: 'c6' },
    genetic: { mark: 'star', colour: 'c5' },
    equal: { mark: 'square', colour: 'c8' },
    'hawq-like': { mark: 'triangle', colour: 'c4' },
    greedy: { mark: 'diamond', colour: 'c3' },
    random: { mark: 'cross', colour: 'c2' },
  } satisfies Record<string, { mark: Mark; colour: ChartColour }>).map(([id, kind]) => [
    id,
    { ...kind, name: texts.by[id] ?? id },
  ]),
);

/** "Exact 3: 98.70 % (95 %: 97.80 % to 99.24 %), 4.25 and 4.50 bits, 1.2 Mbit, 31 µJ". */
export function wordsOf(trace: SearchTrace, point: SearchPoint, name: string): string {
  const { measured, averageWeightBits, averageActivationBits, dataMovementBits, energyPj, id } = point;
  const accuracy = measured
    ? `${texts.percent(measured.percent)} (${texts.interval(measured.lowPercent, measured.highPercent)})`
    : `${texts.estimatedOnly}, ${texts.percent(accuracyOf(trace, point) ?? 0)}`;
  const bits = `${averageWeightBits.toFixed(2)} + ${averageActivationBits.toFixed(2)}\u202fbits`;
  const best = id === trace.bestId ? ` (${texts.best})` : '';
  return `${name}${best}: ${accuracy}, ${bits}, ${formatNumber(dataMovementBits, 'bit')}, ${formatNumber(energyPj, 'pJ')}`;
}
