import type { SensitivitySpec } from '../../../../engines/cim/sensitivity.ts';
import type { SweepSpec } from '../../../../engines/cim/sweep.ts';

/** What buttons and commands ask of the run. */
interface Controls {
  run(): void;
  stop(): void;
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

/** A run beside the compiler's. */
interface SideControls<S> {
  start(spec: S): void;
  stop(): void;
}

/** Set by the parts of the lab that run them, while it is on the screen. */
export const sideRuns: { sweep?: SideControls<SweepSpec>; sensitivity?: SideControls<SensitivitySpec> } = {};
