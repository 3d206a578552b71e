import type { PpaReport } from '../../../../engines/rtl/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import type { Reading } from '../../../ui/Readings.tsx';
import { withNs } from './format.ts';
import { terms, texts } from './texts.ts';

const words = texts.readings;

/** The figures of an analysis as readings, each against the pinned one. */
export function readingsOf({ figures, power }: PpaReport, pinned: PpaReport | undefined): Reading[] {
  const before = pinned?.figures;
  const time = (id: 'worstSlackNs' | 'worstHoldSlackNs' | 'totalNegativeSlackNs' | 'criticalPathNs') => ({
    id,
    value: figures[id] ?? undefined,
    pinned: before?.[id] ?? undefined,
    format: nsFormat,
    change: nsChange,
    better: id === 'criticalPathNs' ? ('lower' as const) : ('higher' as const),
  });
  const lower = (id: 'areaUm2' | 'cells' | 'flipFlops' | 'failingEndpoints' | 'unconstrainedEndpoints') => ({
    id,
    value: figures[id],
    pinned: before?.[id],
    better: 'lower' as const,
  });
  const watts = (id: 'leakageNw' | 'internalUw' | 'switchingUw' | 'totalUw', unit: string) => ({
    id,
    value: figures[id],
    pinned: before?.[id],
    unit,
    better: 'lower' as const,
  });
  return [
    { ...lower('areaUm2'), label: words.area, unit: 'µm²', lesson: 'ppa-area-figure' },
    { ...time('worstSlackNs'), label: words.worstSlack, term: terms.slack, lesson: 'ppa-slack-figure' },
    { ...time('totalNegativeSlackNs'), label: words.totalNegative, term: terms.totalNegative },
    { ...time('worstHoldSlackNs'), label: words.hold, term: terms.hold },
    {
      id: 'fMaxMhz',
      label: words.fMax,
      value: figures.fMaxMhz ?? undefined,
      pinned: before?.fMaxMhz ?? undefined,
      format: mhzFormat,
      better: 'higher',
      term: terms.fMax,
    },
    { ...time('criticalPathNs'), label: words.criticalPath, term: terms.criticalPath },
    { ...watts('totalUw', 'uW'), label: words.total },
    { ...watts('internalUw', 'uW'), label: words.internal, term: terms.internal },
    { ...watts('switchingUw', 'uW'), label: words.switching, term: terms.switching },
    { ...watts('leakageNw', 'nW'), label: words.leakage, term: terms.leakage },
    { ...lower('cells'), label: words.cells },
    { ...lower('flipFlops'), label: words.flipFlops },
    { ...lower('failingEndpoints'), label: words.failing },
    { ...lower('unconstrainedEndpoints'), label: words.unconstrained, term: terms.unconstrained },
    ...(power.activity.mode === 'recorded'
      ? [
          {
            id: 'annotatedPercent',
            label: words.annotated,
            value: power.activity.annotatedPercent,
            unit: '%',
            pinned: pinned?.power.activity.mode === 'recorded' ? pinned.power.activity.annotatedPercent : undefined,
            better: 'higher' as const,
            term: terms.annotated,
          },
        ]
      : []),
  ];
}

function nsFormat(value: number | undefined): string {
  return withNs(value);
}

/** Slacks go through zero: a difference says more than a percentage. */
function nsChange(value: number, pinned: number): string {
  return `${value > pinned ? '▲' : '▼'} ${formatNumber(Math.abs(value - pinned), 'ns')}`;
}

function mhzFormat(value: number | undefined): string {
  return value === undefined ? '–' : `${formatNumber(Math.round(value))}\u202fMHz`;
}
