import type { CimFigures, CimReport } from '../../../../engines/cim/types.ts';
import type { Reading } from '../../../ui/Readings.tsx';
import { terms, texts } from '../texts.ts';

const words = texts.readings;

interface FigureInfo {
  id: Exclude<keyof CimFigures, 'baselineCycles' | 'speedup'>;
  unit?: string;
  better?: 'lower' | 'higher';
  term?: keyof typeof terms;
}

const FIGURES: readonly FigureInfo[] = [
  { id: 'cycles', unit: 'cycles', better: 'lower', term: 'cycles' },
  { id: 'latencyNs', unit: 'ns', better: 'lower' },
  { id: 'energyPj', unit: 'pJ', better: 'lower' },
  { id: 'areaMm2', unit: 'mm²' },
  { id: 'segments', term: 'segments' },
  { id: 'switches', term: 'switches' },
  { id: 'memoryArraySharePercent', unit: '%', term: 'memoryShare' },
  { id: 'operators', term: 'operators' },
];

/** Every figure as a reading, with its change against the pinned report. */
export function readingsOf({ figures, provenance }: CimReport, pinned: CimReport | undefined): Reading[] {
  const own: Reading[] = FIGURES.map(({ id, unit, better, term }) => ({
    id,
    label: words.figures[id],
    value: figures[id],
    unit,
    better,
    pinned: pinned?.figures[id],
    provenance: provenance[id],
    term: term && terms[term],
    lesson: id,
  }));
  const speedups: Reading[] = (['computeOnly', 'cimMlc'] as const).flatMap((id) =>
    figures.speedup
      ? [
          {
            id: `speedup-${id}`,
            label: words.speedups[id],
            value: figures.speedup[id],
            unit: '×',
            better: 'higher' as const,
            pinned: pinned?.figures.speedup?.[id],
            term: terms.speedup,
            lesson: `speedup-${id}`,
          },
        ]
      : [],
  );
  return [...own.slice(0, 1), ...speedups, ...own.slice(1)];
}
