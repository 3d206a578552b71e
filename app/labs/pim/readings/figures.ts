import type { PimFigures, PimReport } from '../../../../engines/pim/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import type { Reading } from '../../../ui/Readings.tsx';
import { terms, texts } from '../texts.ts';

const words = texts.readings;

/** Figures of two modes, or of two clocks, are different things: only like is set against like. */
export function comparable(now: PimReport, pinned: PimReport | undefined): PimReport | undefined {
  return pinned && pinned.mode === now.mode && pinned.evaluator === now.evaluator ? pinned : undefined;
}

/** How a figure is read, in the order of the panel. */
interface FigureInfo {
  id: keyof PimFigures;
  unit?: string;
  better?: 'lower' | 'higher';
  term?: keyof typeof terms;
  /** Left out of short lists. */
  detail?: boolean;
}

export const FIGURES: readonly FigureInfo[] = [
  { id: 'throughputPerSecond', unit: '/s', better: 'higher', term: 'throughput' },
  { id: 'timeNs', unit: 'ns', better: 'lower' },
  { id: 'energyPj', unit: 'pJ', better: 'lower', term: 'energy' },
  { id: 'dynamicEnergyPj', unit: 'pJ', better: 'lower', detail: true },
  { id: 'staticEnergyPj', unit: 'pJ', better: 'lower', detail: true },
  { id: 'crossbars', term: 'crossbars' },
  { id: 'arrayGroups', term: 'arrayGroups' },
  { id: 'utilisationPercent', unit: '%', better: 'higher', term: 'utilisation' },
  { id: 'coresUsed' },
  { id: 'mvms', term: 'mvms' },
  { id: 'instructions', detail: true },
  { id: 'instructionGroups', term: 'instructionGroups', detail: true },
  { id: 'transfers', better: 'lower', term: 'transfers' },
  { id: 'transferBytes', unit: 'B', better: 'lower' },
  { id: 'loadBytes', unit: 'B', better: 'lower' },
  { id: 'storeBytes', unit: 'B', better: 'lower', detail: true },
  { id: 'peakLocalMemoryBytes', unit: 'B', better: 'lower', term: 'peakMemory' },
];

/** The name of a figure: time is a cycle of the pipeline in one mode, and one inference in the other. */
export function figureName(id: keyof PimFigures, mode: PimReport['mode']): string {
  return id === 'timeNs' ? words.time[mode] : words.figures[id];
}

export function formatFigure(value: number | undefined, unit?: string): string {
  if (unit !== '/s') return formatNumber(value, unit);
  // Inferences are counted: "3 133 /s", and "1.25 k/s" only past what can be read.
  return value !== undefined && value < 100_000
    ? `${formatNumber(value < 100 ? value : Math.round(value))}\u202f/s`
    : formatNumber(value, 'op/s').replace('op', '');
}

/** Every figure as a reading, what the mode is about first. */
export function readingsOf({ figures, mode, provenance }: PimReport, pinned: PimReport | undefined): Reading[] {
  const first = mode === 'throughput' ? 'throughputPerSecond' : 'timeNs';
  const ordered = [...FIGURES].sort((a, b) => Number(b.id === first) - Number(a.id === first));
  return ordered.map(({ id, unit, better, term }) => ({
    id,
    label: id === 'throughputPerSecond' && id === first ? words.inferences : figureName(id, mode),
    value: figures[id],
    unit,
    better,
    pinned: pinned?.figures[id],
    provenance: provenance[id],
    term: term && terms[term],
    format: unit === '/s' ? (id === first ? perSecond : formatFigure) : undefined,
    lesson: id,
  }));
}

/** The hero has its unit in its label. */
function perSecond(value: number | undefined): string {
  return formatFigure(value, '/s').replace(/\u202f?\/s$/, '');
}
