import { create } from 'zustand';
import type { Problem } from '../../../../engines/core/result.ts';
import type { PpaReport, RtlSlice, SweepPoint, SweepSpec } from '../../../../engines/rtl/types.ts';
import type { RunPhase } from '../state.ts';
import type { SlackKind } from './bins.ts';

export interface Analysed {
  report: PpaReport;
  spec: RtlSlice;
}

export type PpaTab = 'paths' | 'slack' | 'area' | 'sweep' | 'constraints' | 'prove';

/** Where problems of the constraints are. */
export const SDC_FILE = 'constraints.sdc';

interface SweepState {
  phase: RunPhase;
  progress?: { fraction: number; what: string };
  spec?: SweepSpec;
  /** What is done of the run under way, or of the last one. */
  points: readonly SweepPoint[];
  problems: readonly Problem[];
  /** Index of the chosen point. */
  chosen?: number;
}

/** What power, performance and area show besides the document. Nothing of it is kept. */
export interface PpaState {
  phase: RunPhase;
  progress?: { fraction: number; what: string };
  result?: Analysed;
  /** The result belongs to other sources or settings than those on the screen. */
  stale: boolean;
  /** Why the last run failed. */
  problems: readonly Problem[];
  log: readonly string[];
  pinned?: Analysed;
  /** The chosen path, by its endpoint. */
  path?: { kind: SlackKind; end: string };
  /** The step that is pointed at, by its index. */
  step?: number;
  sweep: SweepState;
}

const START: PpaState = {
  phase: 'idle',
  stale: false,
  problems: [],
  log: [],
  sweep: { phase: 'idle', points: [], problems: [] },
};

export const usePpa = create<PpaState>(() => START);

export function resetPpa(): void {
  usePpa.setState(START, true);
}

export function setSweep(change: Partial<SweepState>): void {
  usePpa.setState(({ sweep }) => ({ sweep: { ...sweep, ...change } }));
}

interface Controls {
  run(): void;
  stop(): void;
  sweep(spec: SweepSpec): void;
  stopSweep(): void;
}

let controls: Controls | undefined;

/** Set by the part of the lab that runs the analysis, while it is on the screen. */
export function setPpaControls(next: Controls | undefined): void {
  controls = next;
}

export function analyseNow(): void {
  controls?.run();
}

export function stopAnalysis(): void {
  controls?.stop();
}

export function startSweep(spec: SweepSpec): void {
  controls?.sweep(spec);
}

export function stopSweep(): void {
  controls?.stopSweep();
}
