/** A compilation starts by itself this long after the last change. */
export const DELAY_MS = 250;
/** A design that took longer than this is compiled when it is asked for, not after every change. */
export const SLOW_MS = 8000;

interface World<S> {
  start(spec: S): void;
  /** Started only when asked: a search. */
  onDemand(spec: S): boolean;
  /** Specs of the same size of work: a slow one makes the others wait to be asked for. */
  alike(a: S, b: S): boolean;
}

/**
 * Decides when a changed design is compiled: soon after each change where that is cheap, otherwise when asked. A search
 * under way is never taken away by a change; what was changed meanwhile waits.
 */
export class AutoRun<S> {
  private latest: S | undefined;
  private running: S | undefined;
  /** The last spec a run was started or given up for. */
  private settled: S | undefined;
  private slow: S | undefined;
  private ripe = false;
  private on: boolean;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly world: World<S>;

  constructor(world: World<S>, on: boolean) {
    this.world = world;
    this.on = on;
  }

  changed(spec: S, soon = false): void {
    if (this.latest === spec) return;
    this.latest = spec;
    this.ripe = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        this.ripe = true;
        this.maybe();
      },
      soon ? 0 : DELAY_MS,
    );
  }

  setOn(on: boolean): void {
    this.on = on;
    this.maybe();
  }

  /** Starts what is there now, whatever runs. */
  runNow(spec: S): void {
    clearTimeout(this.timer);
    this.latest = spec;
    this.ripe = true;
    this.start(spec);
  }

  /** The run under way has ended, well or not, after so long. */
  ended(milliseconds: number): void {
    const spec = this.running;
    this.running = undefined;
    if (spec !== undefined && !this.world.onDemand(spec)) this.slow = milliseconds > SLOW_MS ? spec : undefined;
    this.maybe();
  }

  /** The user stopped the run: nothing starts by itself before the next change. */
  stopped(): void {
    this.running = undefined;
    this.settled = this.latest;
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  /** Whether the newest spec waits to be asked for. */
  waits(): boolean {
    const spec = this.latest;
    return spec !== undefined && spec !== this.settled && (!this.on || this.dear(spec));
  }

  private dear(spec: S): boolean {
    return this.world.onDemand(spec) || (this.slow !== undefined && this.world.alike(spec, this.slow));
  }

  private maybe(): void {
    const spec = this.latest;
    if (spec === undefined || !this.on || !this.ripe || spec === this.settled || this.dear(spec)) return;
    if (this.running !== undefined && this.world.onDemand(this.running)) return;
    this.start(spec);
  }

  private start(spec: S): void {
    this.running = spec;
    this.settled = spec;
    this.world.start(spec);
  }
}
