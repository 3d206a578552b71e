import { create } from 'zustand';
import type { Problem } from '../../../engines/core/result.ts';
import type { BitPlan } from '../../../engines/onnx/bit-plan.ts';
import type { Network } from '../../../engines/onnx/network.ts';
import type { CompiledProgram } from '../../../engines/pim/program/compiled.ts';
import type { SweepReport, SweepSpec } from '../../../engines/pim/sweep.ts';
import type { GeneticTrace, PimReport, PimSlice } from '../../../engines/pim/types.ts';
import type { Upstream } from '../../jobs/index.ts';

/** A report with the spec it belongs to. */
export interface Shown {
  report: PimReport;
  spec: PimSlice;
  /** `first`: computed when the studio was built. */
  source: 'first' | 'live';
}

export type RunPhase = 'idle' | 'running' | 'done' | 'failed' | 'cancelled';

/** What is pointed at or held, in whichever view: each view marks as much of it as it shows. */
export interface Link {
  /** Index in `Network.layers`. */
  layer?: number;
  replica?: number;
  /** Number of the array group. */
  ag?: number;
  core?: number;
  /** Number in the program. */
  instruction?: number;
}

/** A program with the report it was made for. */
export interface ShownProgram extends CompiledProgram {
  report: PimReport;
}

/** What the panels of this lab share besides the document. Nothing of it is kept. */
export interface PimState {
  result?: Shown;
  /** The result belongs to earlier choices than those on the screen. */
  stale: boolean;
  phase: RunPhase;
  progress?: { fraction: number; what: string };
  /** The run under way searches: it can be told to take the best so far. */
  searching: boolean;
  /** Of the search under way, else of the result. */
  genetic?: GeneticTrace;
  log: readonly string[];
  problems: readonly Problem[];
  pinned?: { report: PimReport; spec: PimSlice };
  /** The model on the screen, once it has been read, and why it could not be. */
  network?: Network;
  networkProblems: readonly Problem[];
  reading: boolean;
  /** The lab that the bits are taken from, as far as it has got. */
  upstream: Pick<Upstream<BitPlan>, 'from' | 'state' | 'progress' | 'artefact' | 'problems'>;
  /** A file that is to become the design's model, and its structure once it has been read. */
  opening?: { file: File; network?: Network };
  /** How many views on the screen read the program: it is asked for only while one does. */
  programWanted: number;
  program?: ShownProgram;
  programPhase: RunPhase;
  programProblems: readonly Problem[];
  /** The last sweep, or what there is of the one under way. */
  sweep?: { spec: SweepSpec; report?: SweepReport };
  sweepPhase: RunPhase;
  sweepProgress?: { fraction: number; what: string };
  sweepProblems: readonly Problem[];
  hovered: Link;
  selected: Link;
  /** An instruction to be brought into sight by listing and schedule; a new object each time. */
  goal?: { instruction: number };
  busyDownload?: string;
  galleryOpen: boolean;
}

const START: PimState = {
  stale: false,
  phase: 'idle',
  searching: false,
  log: [],
  problems: [],
  networkProblems: [],
  reading: false,
  upstream: { state: 'none', problems: [] },
  programWanted: 0,
  programPhase: 'idle',
  programProblems: [],
  sweepPhase: 'idle',
  sweepProblems: [],
  hovered: {},
  selected: {},
  galleryOpen: false,
};

export const usePim = create<PimState>(() => START);

/** A clean table for another design. */
export function resetPim(): void {
  usePim.setState(START, true);
}

const NOTHING: Link = {};

/** Marks what is pointed at in every view; nothing when left out. */
export function hover(link: Link = NOTHING): void {
  const { hovered } = usePim.getState();
  if (!sameLink(hovered, link)) usePim.setState({ hovered: link });
}

/** Holds something until something else is chosen; the same again lets it go. */
export function select(link: Link = NOTHING): void {
  const { selected } = usePim.getState();
  usePim.setState({ selected: sameLink(selected, link) ? NOTHING : link });
}

/** Brings an instruction into sight and holds it. */
export function goToInstruction(instruction: number, link: Link = {}): void {
  usePim.setState({ goal: { instruction }, selected: { ...link, instruction } });
}

export function sameLink(a: Link, b: Link): boolean {
  return (
    a.layer === b.layer &&
    a.replica === b.replica &&
    a.ag === b.ag &&
    a.core === b.core &&
    a.instruction === b.instruction
  );
}

/** The layer that views mark: pointed at first, else held. */
export function markedLayer({ hovered, selected }: Pick<PimState, 'hovered' | 'selected'>): number | undefined {
  return hovered.layer ?? selected.layer;
}
