import type { SweepSpec } from '../../../../engines/pim/sweep.ts';

/** What buttons and commands ask of the run. */
interface Controls {
  run(): void;
  stop(): void;
  /** Ends a search and keeps the best it has found. */
  take(): void;
}

let controls: Controls | undefined;

/** Set by the part of the lab that runs the engine, while it is on the screen. */
export function setControls(next: Controls | undefined): void {
  controls = next;
}

/** Compiles the design of this moment, in place of what runs. */
export function runNow(): void {
  controls?.run();
}

/** Ends the run at once. */
export function stopRun(): void {
  controls?.stop();
}

/** Ends the search under way with the best mapping so far. */
export function takeBest(): void {
  controls?.take();
}

interface SweepControls {
  start(spec: SweepSpec): void;
  stop(): void;
}

let sweeps: SweepControls | undefined;

/** Set by the part of the lab that runs sweeps, while it is on the screen. */
export function setSweepControls(next: SweepControls | undefined): void {
  sweeps = next;
}

/** Compiles at every combination of the axes' values, in place of the sweep that runs. */
export function startSweep(spec: SweepSpec): void {
  sweeps?.start(spec);
}

export function stopSweep(): void {
  sweeps?.stop();
}
