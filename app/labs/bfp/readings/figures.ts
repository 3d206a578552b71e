import type { BfpFigures, BfpReport } from '../../../../engines/bfp/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import type { Reading } from '../../../ui/Readings.tsx';
import { terms, texts } from '../texts.ts';

const words = texts.readings;

type Shown = keyof typeof words.figures;

interface FigureInfo {
  id: Shown;
  unit?: string;
  better?: 'lower' | 'higher';
  term?: keyof typeof terms;
}

/** Without those that stand elsewhere in the panel: the hero, its interval, the difference. */
const FIGURES: readonly FigureInfo[] = [
  { id: 'accuracyFloatPercent', unit: '%' },
  { id: 'averageWeightBits', unit: 'bit', better: 'lower', term: 'averageWeightBits' },
  { id: 'averageActivationBits', unit: 'bit', better: 'lower', term: 'averageActivationBits' },
  { id: 'weightBytes', unit: 'B', better: 'lower' },
  { id: 'dataMovementBits', unit: 'bit', better: 'lower', term: 'dataMovement' },
  { id: 'dataMovementBits8', unit: 'bit' },
  { id: 'energyPj', unit: 'pJ', better: 'lower', term: 'energy' },
  { id: 'movementEnergyPj', unit: 'pJ', better: 'lower' },
  { id: 'computeEnergyPj', unit: 'pJ', better: 'lower' },
  { id: 'samples' },
];

/** Accuracies of different data, or of another kind, are different things: only like is set against like. */
export function comparable(now: BfpReport, pinned: BfpReport | undefined): BfpReport | undefined {
  if (!pinned || pinned.model.kind !== now.model.kind) return undefined;
  return pinned.measurement?.set === now.measurement?.set ? pinned : undefined;
}

/** Every figure as a reading, accuracy apart: it is what the lab is about. Without labelled data there is none. */
export function readingsOf(
  report: BfpReport,
  pinned: BfpReport | undefined,
): { hero: Reading | undefined; rows: Reading[] } {
  const { figures, provenance, model } = report;
  const shown = FIGURES.filter(({ id }) => figures[id] !== undefined && (id !== 'samples' || report.measurement));
  const rows = shown.map(
    ({ id, unit, better, term }): Reading => ({
      id,
      label: words.figures[id],
      value: figures[id],
      unit,
      better,
      pinned: pinned?.figures[id],
      provenance: provenance[id],
      term: term && terms[term],
      ...(unit === '%' && { format: percent, change: inPoints }),
      lesson: id,
    }),
  );
  if (figures.accuracyPercent === undefined) return { hero: undefined, rows };
  const hero: Reading = {
    id: 'accuracyPercent',
    label: model.kind === 'text' ? words.characters : words.accuracy,
    value: figures.accuracyPercent,
    unit: '%',
    better: 'higher',
    pinned: pinned?.figures.accuracyPercent,
    format: percent,
    change: inPoints,
    lesson: 'accuracyPercent',
  };
  return { hero, rows };
}

/** Two decimals: a sample of two thousand is 0.05 %. */
export function percent(value: number | undefined): string {
  return value === undefined ? formatNumber(value) : `${value.toFixed(2)}\u202f%`;
}

function inPoints(value: number, pinned: number): string {
  return `${value > pinned ? '▲' : '▼'} ${texts.readings.points(value - pinned)}`;
}

/** How many times less moves than with eight bits everywhere; undefined where nothing moves. */
export function movedLess({ dataMovementBits, dataMovementBits8 }: BfpFigures): number | undefined {
  return dataMovementBits > 0 ? dataMovementBits8 / dataMovementBits : undefined;
}
