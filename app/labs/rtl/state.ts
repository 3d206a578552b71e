import { create } from 'zustand';
import type { Place, Problem } from '../../../engines/core/result.ts';
import type { CheckReport, RtlReport, RtlSlice } from '../../../engines/rtl/types.ts';

/** A report with the sources it belongs to. */
export interface Shown {
  report: RtlReport;
  spec: RtlSlice;
  /** `first`: computed when the studio was built. */
  source: 'first' | 'live';
}

export type RunPhase = 'idle' | 'running' | 'done' | 'failed' | 'cancelled';

/** A stretch of lines to tint in the source. */
export interface LineSpan {
  file: string;
  line: number;
  endLine: number;
}

/** What the panels of this lab share besides the document. Nothing of it is kept. */
export interface RtlState {
  /** Figures on the screen. */
  result?: Shown;
  /** The newest word-level netlist: what the schematic draws. */
  drawn?: Shown;
  /** The result belongs to an earlier text than the one in the editor. */
  stale: boolean;
  /** What has changed since: the sources, or only how they are synthesised. */
  changed: 'text' | 'settings';
  phase: RunPhase;
  progress?: { fraction: number; what: string };
  log: readonly string[];
  check?: CheckReport;
  checking: boolean;
  /** Of the newest check and, while its text still stands, of the run. */
  problems: Problem[];
  checkedOnce: boolean;
  pinned?: Shown;
  /** The file in the editor. */
  openFile?: string;
  cursor?: { file: string; line: number };
  /** A line chosen on purpose (a number in the gutter, a row of a table): its cells are shown in the schematic. */
  pickedLine?: { file: string; line: number };
  selected?: { path: string[]; cell: string };
  linked: LineSpan[];
  /** A place to open in the editor; a new object each time. */
  goal?: { place: Place; focus: boolean };
  /** Paths with text that is not in the document yet. */
  dirty: ReadonlySet<string>;
  examplesOpen: boolean;
  /** A file is to be named in the tree: a new one, or this one anew. */
  naming?: { kind: 'new' } | { kind: 'rename'; path: string };
  busyDownload?: string;
}

const START: RtlState = {
  stale: false,
  changed: 'text',
  phase: 'idle',
  log: [],
  checking: false,
  problems: [],
  checkedOnce: false,
  linked: [],
  dirty: new Set(),
  examplesOpen: false,
};

export const useRtl = create<RtlState>(() => START);

/** A clean table for another design. */
export function resetRtl(): void {
  useRtl.setState(START, true);
}

/** Opens a file at a place, in the editor. */
export function openPlace(place: Place, focus = true): void {
  useRtl.setState({ goal: { place, focus } });
}
