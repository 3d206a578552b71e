/** A check starts this long after the last key. */
export const CHECK_DELAY_MS = 300;
/** Synthesis starts this long after the last key, when the check found nothing wrong. */
export const RUN_DELAY_MS = 900;

export interface LiveWorld<S> {
  check(spec: S): void;
  /** Takes the place of a synthesis under way. */
  synthesise(spec: S): void;
}

/**
 * Decides when a changed design is checked and synthesised. One check at a time, the newest text next; a synthesis that
 * runs is never cancelled by typing: its result is shown as one of an earlier text, and the next run follows it.
 */
export class Live<S> {
  private latest: S | undefined;
  private checking: S | undefined;
  private checked: { spec: S; sound: boolean } | undefined;
  private running: S | undefined;
  /** The last spec a run was started or given up for. */
  private settled: S | undefined;
  private ripe = false;
  private on: boolean;
  private checkTimer: ReturnType<typeof setTimeout> | undefined;
  private runTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly world: LiveWorld<S>;

  constructor(world: LiveWorld<S>, on: boolean) {
    this.world = world;
    this.on = on;
  }

  /** The design is now this; `soon` leaves out the waiting (a design just opened, a choice rather than typing). */
  changed(spec: S, soon = false): void {
    if (this.latest === spec) return;
    this.latest = spec;
    this.ripe = false;
    clearTimeout(this.checkTimer);
    clearTimeout(this.runTimer);
    this.checkTimer = setTimeout(() => this.startCheck(), soon ? 0 : CHECK_DELAY_MS);
    this.runTimer = setTimeout(
      () => {
        this.ripe = true;
        this.maybeRun();
      },
      soon ? 0 : RUN_DELAY_MS,
    );
  }

  /** The check under way has ended; `sound` when it found no error. */
  checkEnded(sound: boolean): void {
    const spec = this.checking;
    if (spec === undefined) return;
    this.checking = undefined;
    this.checked = { spec, sound };
    if (spec !== this.latest) this.startCheck();
    else this.maybeRun();
  }

  /** The synthesis under way has ended, well or not. */
  runEnded(): void {
    this.running = undefined;
    this.maybeRun();
  }

  setOn(on: boolean): void {
    this.on = on;
    this.maybeRun();
  }

  /** Synthesises what is there now, whatever runs. `spec` is the design after pending text went in. */
  runNow(spec: S): void {
    this.latest = spec;
    clearTimeout(this.runTimer);
    this.ripe = true;
    this.start(spec);
    if (this.checked?.spec !== spec) {
      clearTimeout(this.checkTimer);
      this.startCheck();
    }
  }

  /** The user stopped the run: nothing starts by itself before the next edit. */
  stopped(): void {
    this.running = undefined;
    this.settled = this.latest;
  }

  dispose(): void {
    clearTimeout(this.checkTimer);
    clearTimeout(this.runTimer);
  }

  private startCheck(): void {
    if (this.checking !== undefined || this.latest === undefined) return;
    this.checking = this.latest;
    this.world.check(this.latest);
  }

  private maybeRun(): void {
    const spec = this.latest;
    if (spec === undefined || !this.on || !this.ripe || this.running !== undefined || this.settled === spec) return;
    if (this.checked?.spec === spec && this.checked.sound) this.start(spec);
  }

  private start(spec: S): void {
    this.running = spec;
    this.settled = spec;
    this.world.synthesise(spec);
  }
}
