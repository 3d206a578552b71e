/** Analysis starts this long after the last key: by then the sources have been checked and their synthesis has begun. */
export const TYPED_MS = 1000;
/** And this long after a change of settings. */
export const CHOSEN_MS = 200;

/**
 * Decides when a changed design is analysed by itself: while the view is open and live, once the sources are sound and nothing else runs on
 * them. A run is never cancelled by a change: its result is shown as one of an earlier design, and the next run follows it.
 */
export class Follow<S> {
  private latest: S | undefined;
  private running = false;
  /** The last spec a run was started or given up for. */
  private settled: S | undefined;
  private ripe = false;
  private on = false;
  private ready = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly start: (spec: S) => void;

  constructor(start: (spec: S) => void) {
    this.start = start;
  }

  /** A new object is a new design. */
  changed(spec: S, afterMs: number): void {
    if (this.latest === spec) return;
    this.latest = spec;
    this.ripe = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.ripe = true;
      this.maybe();
    }, afterMs);
  }

  /** The view is open, and runs by itself are wanted. */
  setOn(on: boolean): void {
    this.on = on;
    this.maybe();
  }

  /** The sources are known to be sound, and no synthesis of them is under way. */
  setReady(ready: boolean): void {
    this.ready = ready;
    this.maybe();
  }

  /** Runs what is there now, in place of what runs. */
  runNow(spec: S): void {
    clearTimeout(this.timer);
    this.latest = spec;
    this.ripe = true;
    this.begin(spec);
  }

  /** The run has ended, well or not. */
  ended(): void {
    this.running = false;
    this.maybe();
  }

  /** The user stopped it: nothing starts by itself before the next change. */
  stopped(): void {
    this.running = false;
    this.settled = this.latest;
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private maybe(): void {
    const spec = this.latest;
    if (spec === undefined || !this.on || !this.ready || !this.ripe || this.running || spec === this.settled) return;
    this.begin(spec);
  }

  private begin(spec: S): void {
    this.running = true;
    this.settled = spec;
    this.start(spec);
  }
}
