import { create } from 'zustand';
import type { Problem } from '../../../../engines/core/result.ts';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import type { ConsoleLine, SimulateReport, VerilogCheckReport } from '../../../../engines/verilog/types.ts';
import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import type { RunPhase } from '../state.ts';

export interface Simulated {
  report: SimulateReport;
  spec: RtlSlice;
}

/** What the simulation shows besides the document. Nothing of it is kept. */
export interface SimState {
  phase: RunPhase;
  progress?: { fraction: number; what: string };
  result?: Simulated;
  stale: boolean;
  /** The last run was one of the mapped netlist, with the delays of its gates. */
  gates: boolean;
  /** Of the run under way, or of the last one. */
  lines: readonly ConsoleLine[];
  database?: WaveDatabase;
  /** How far the run under way is. */
  nowTicks?: number;
  /** Power of ten of seconds of one tick. */
  precision: number;
  problems: readonly Problem[];
  /** What the front end says of the text on the screen. */
  check?: VerilogCheckReport;
  /** Values at this time are shown in the source. */
  cursorTicks?: number;
  supportOpen: boolean;
}

const START: SimState = {
  phase: 'idle',
  stale: false,
  gates: false,
  lines: [],
  precision: -9,
  problems: [],
  supportOpen: false,
};

export const useSim = create<SimState>(() => START);

export function resetSim(): void {
  useSim.setState(START, true);
}

let controls: { run(): void; runGates(): void; stop(): void } | undefined;

/** Set by the part of the lab that runs the simulator, while it is on the screen. */
export function setSimControls(next: typeof controls): void {
  controls = next;
}

export function simulateNow(): void {
  controls?.run();
}

/** Reruns the bench on the mapped netlist. */
export function simulateGates(): void {
  controls?.runGates();
}

export function stopSimulation(): void {
  controls?.stop();
}
