import { type DesignDocument, newDocument } from '../../../../engines/document/index.ts';
import { slice } from '../../../../engines/pim/slice.ts';
import type { PimLayer, PimReport, PimSlice } from '../../../../engines/pim/types.ts';
import type { LessonContext } from '../../../lessons/types.ts';

export const PENDING = 'This design is not compiled yet.';

/** The design that a lesson starts from, with the view that it is about. */
export function designOf(title: string, choices: Partial<PimSlice>, view: string): DesignDocument {
  const document = newDocument('pim', { ...slice.defaults, ...choices }, { title });
  return { ...document, view: { ...document.view, 'pim.view': view } };
}

/** The same design with other choices. */
export function withChoices(document: DesignDocument, choices: Partial<PimSlice>): DesignDocument {
  const pim = document.slices.pim as PimSlice;
  return { ...document, slices: { ...document.slices, pim: { ...pim, ...choices } } };
}

export function sliceOf({ document }: LessonContext): PimSlice {
  return document.slices.pim as PimSlice;
}

/** The report of a compilation: undefined while there is none, and while another task's is there. */
export function reportOf({ report }: LessonContext): PimReport | undefined {
  return report && 'artefacts' in report && 'layers' in report && 'otherClock' in report
    ? (report as PimReport)
    : undefined;
}

export function layerOf(report: PimReport, name: string): PimLayer | undefined {
  return report.layers.find((layer) => layer.name === name);
}

/** How long a layer is at work, from its first instruction to the end of its last. */
export function spanNs({ startNs, endNs }: PimLayer): number {
  return endNs - startNs;
}

/** Layers that hold crossbars. */
export function mapped(report: PimReport): PimLayer[] {
  return report.layers.filter(({ crossbars }) => crossbars > 0);
}

/** The layer for which a quantity is largest; the first of equals. */
export function largest(layers: readonly PimLayer[], of: (layer: PimLayer) => number): PimLayer | undefined {
  return layers.reduce<PimLayer | undefined>(
    (best, layer) => (!best || of(layer) > of(best) ? layer : best),
    undefined,
  );
}

/** Layers with instructions: the stages of the pipeline. */
export function stages(report: PimReport): PimLayer[] {
  return report.layers.filter(
    ({ mvmNs, vectorNs, memoryNs, transferNs }) => mvmNs + vectorNs + memoryNs + transferNs > 0,
  );
}

export function micro(ns: number): string {
  return `${Math.round(ns / 100) / 10} µs`;
}

/** Whether a result is pinned in the design. */
export function isPinned({ document }: LessonContext): boolean {
  const pinned = document.view?.pinned as { slices?: Record<string, unknown> } | null | undefined;
  return pinned?.slices?.pim !== undefined;
}
