import { slice } from '../../../../engines/bfp/slice.ts';
import type { BfpLayer, BfpReport, BfpSlice } from '../../../../engines/bfp/types.ts';
import { type DesignDocument, newDocument } from '../../../../engines/document/index.ts';
import type { LessonContext } from '../../../lessons/types.ts';

export const PENDING = 'This design is not measured yet.';

/** Digits that the lessons look at: enough to see losses, few enough to answer at once. Search data: test data stay unseen. */
export const SAMPLES = 400;

/** The design that a lesson starts from, with the view that it is about. */
export function designOf(title: string, choices: Partial<BfpSlice>, view: string): DesignDocument {
  const own = { ...slice.defaults, set: 'search' as const, samples: SAMPLES, ...choices };
  const document = newDocument('bfp', own, { title });
  return { ...document, view: { ...document.view, 'bfp.view': view } };
}

/** The same design with other choices. */
export function withChoices(document: DesignDocument, choices: Partial<BfpSlice>): DesignDocument {
  const bfp = document.slices.bfp as BfpSlice;
  return { ...document, slices: { ...document.slices, bfp: { ...bfp, ...choices } } };
}

/** The same design with other formats of all layers, and none of their own. */
export function withFormats(document: DesignDocument, format: BfpSlice['format']): DesignDocument {
  return withChoices(document, { format, plan: {}, search: null });
}

export function sliceOf({ document }: LessonContext): BfpSlice {
  return document.slices.bfp as BfpSlice;
}

/** The report of a measurement; undefined while there is none. */
export function reportOf({ report }: LessonContext): BfpReport | undefined {
  return report && 'plan' in report && 'layers' in report ? (report as BfpReport) : undefined;
}

export function layerOf(report: BfpReport, name: string): BfpLayer | undefined {
  return report.layers.find((layer) => layer.name === name);
}

/** The layer among some for which a quantity is least; the first of equals, and none where it is missing. */
export function least(layers: readonly BfpLayer[], of: (layer: BfpLayer) => number | undefined): BfpLayer | undefined {
  return layers.reduce<BfpLayer | undefined>((best, layer) => {
    const value = of(layer);
    if (value === undefined) return best;
    const known = best && of(best);
    return known === undefined || value < known ? layer : best;
  }, undefined);
}

export function points(value: number): string {
  return `${Math.abs(value).toFixed(2)} points`;
}

export function decibel(value: number | undefined): string {
  return value === undefined ? 'no noise at all' : `${value.toFixed(1)} dB`;
}
