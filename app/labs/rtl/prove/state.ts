import { create } from 'zustand';
import type { Problem } from '../../../../engines/core/result.ts';
import type { ProofReport, RtlSlice } from '../../../../engines/rtl/types.ts';
import type { ProofOutcome } from '../../../../engines/synthesis/equivalence/types.ts';
import type { RunPhase } from '../state.ts';

/** What the proof shows besides the document. Nothing of it is kept. */
export interface ProveState {
  phase: RunPhase;
  progress?: { fraction: number; what: string };
  /** Of the run under way. */
  partial?: Partial<ProofOutcome>;
  result?: { report: ProofReport; spec: RtlSlice };
  stale: boolean;
  problems: readonly Problem[];
}

const START: ProveState = { phase: 'idle', stale: false, problems: [] };

export const useProve = create<ProveState>(() => START);

export function resetProve(): void {
  useProve.setState(START, true);
}

let controls: { run(): void; stop(): void } | undefined;

/** Set by the part of the lab that runs the proof, while it is on the screen. */
export function setProveControls(next: typeof controls): void {
  controls = next;
}

export function proveNow(): void {
  controls?.run();
}

export function stopProof(): void {
  controls?.stop();
}
