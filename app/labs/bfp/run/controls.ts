/** What buttons and commands ask of the run. */
interface Controls {
  measure(): void;
  search(): void;
  stop(): void;
  /** Ends a search and keeps the best it has found. */
  take(): void;
}

let controls: Controls | undefined;

/** Set by the part of the lab that runs the engine, while it is on the screen. */
export function setControls(next: Controls | undefined): void {
  controls = next;
}

/** Measures the plan of this moment, in place of what runs. */
export function measureNow(): void {
  controls?.measure();
}

/** Searches for a plan with the settings of this moment, in place of what runs. */
export function searchNow(): void {
  controls?.search();
}

/** Ends the run at once. */
export function stopRun(): void {
  controls?.stop();
}

/** Ends the search under way with the best plan so far. */
export function takeBest(): void {
  controls?.take();
}
