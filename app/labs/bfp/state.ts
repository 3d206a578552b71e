import { create } from 'zustand';
import type { Listing } from '../../../engines/bfp/layers-entry.ts';
import type { BfpReport, BfpSlice, SearchTrace } from '../../../engines/bfp/types.ts';
import type { Problem } from '../../../engines/core/result.ts';

/** A report with the spec it belongs to. */
export interface Shown {
  report: BfpReport;
  spec: BfpSlice;
  /** `first`: computed when the studio was built. */
  source: 'first' | 'live';
}

export type RunPhase = 'idle' | 'running' | 'done' | 'failed' | 'cancelled';

/** What the panels and views of this lab share besides the document. Nothing of it is kept. */
export interface BfpState {
  result?: Shown;
  /** The result belongs to earlier choices than those on the screen. */
  stale: boolean;
  phase: RunPhase;
  progress?: { fraction: number; what: string };
  /** The run under way searches: it can be told to take the best so far. */
  searching: boolean;
  /** Of the search under way, else of the last that ended: it stays while its plans are tried. */
  search?: SearchTrace;
  log: readonly string[];
  problems: readonly Problem[];
  pinned?: { report: BfpReport; spec: BfpSlice };
  /** The layers of the model on the screen, once it has been read, and why it could not be. */
  listing?: Listing;
  listingProblems: readonly Problem[];
  reading: boolean;
  /** Names of layers: pointed at, and held until another is chosen. */
  hoveredLayer?: string;
  selectedLayer?: string;
  busyDownload?: string;
  /** A file on its way into the design. */
  opening?: string;
  /** Folders of images are being read: what is done. */
  packing?: string;
  galleryOpen: boolean;
}

const START: BfpState = {
  stale: false,
  phase: 'idle',
  searching: false,
  log: [],
  problems: [],
  listingProblems: [],
  reading: false,
  galleryOpen: false,
};

export const useBfp = create<BfpState>(() => START);

/** A clean table for another design. */
export function resetBfp(): void {
  useBfp.setState(START, true);
}

/** Marks a layer in every view while it is pointed at; none when left out. */
export function hoverLayer(name?: string): void {
  if (useBfp.getState().hoveredLayer !== name) useBfp.setState({ hoveredLayer: name });
}

/** Holds a layer until another is chosen; the same again lets it go. */
export function selectLayer(name?: string): void {
  const { selectedLayer } = useBfp.getState();
  useBfp.setState({ selectedLayer: selectedLayer === name ? undefined : name });
}

/** The layer that views mark: pointed at first, else held. */
export function markedLayer({
  hoveredLayer,
  selectedLayer,
}: Pick<BfpState, 'hoveredLayer' | 'selectedLayer'>): string | undefined {
  return hoveredLayer ?? selectedLayer;
}
