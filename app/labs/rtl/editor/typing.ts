/** Text that was typed but is not in the document yet, by path. */
export type Pending = ReadonlyMap<string, string>;

/** A burst of typing ends when nothing was typed for this long. */
export const QUIET_MS = 2000;
/** Someone who never pauses gets a step this often all the same, so that little can be lost. */
export const LONGEST_MS = 10_000;

/**
 * Holds what is typed until the burst ends (a pause, focus leaving, or the design store asking for it), and then hands it
 * over in one piece: one burst, one step of undo.
 */
export class Typing {
  private pending: Pending = new Map();
  private readonly listeners = new Set<() => void>();
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private longest: ReturnType<typeof setTimeout> | undefined;
  private readonly commit: (texts: Pending) => boolean;

  /** `commit` puts the texts into the document; false when it would not take them (they are dropped then). */
  constructor(commit: (texts: Pending) => boolean) {
    this.commit = commit;
  }

  readonly get = (): Pending => this.pending;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  touch(path: string, text: string): void {
    this.set(new Map(this.pending).set(path, text));
    clearTimeout(this.quiet);
    this.quiet = setTimeout(this.flush, QUIET_MS);
    this.longest ??= setTimeout(this.flush, LONGEST_MS);
  }

  /** Ends the burst now. */
  readonly flush = (): void => {
    clearTimeout(this.quiet);
    clearTimeout(this.longest);
    this.longest = undefined;
    if (this.pending.size === 0) return;
    const texts = this.pending;
    // First, because taking the texts tells the editors, which ask whether anything is pending.
    this.pending = new Map();
    this.commit(texts);
    this.tell();
  };

  private set(pending: Pending): void {
    this.pending = pending;
    this.tell();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
