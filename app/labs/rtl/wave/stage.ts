import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import type { WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { type Extent, type Viewport, whole, within, zoomed } from './viewport.ts';

/** Milliseconds after the last move before the view is handed on to be kept. */
const SETTLE_MS = 250;

/**
 * What moves many times a second: the stretch in sight and the cursors. The drawing reads it each frame; the view that is
 * kept with the design hears of it once a movement has come to rest.
 */
export class WaveStage {
  /** Pixels of the drawing. */
  width = 600;
  from = 0;
  to = 0;
  cursors: readonly number[] = [];
  /** The whole run is shown, however long it grows. */
  all = true;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();
  private kept: WaveViewState | undefined;

  constructor(
    readonly database: WaveDatabase,
    /** The stretch and the cursors as they are now, to be kept. */
    private readonly keep: (change: Pick<WaveViewState, 'from' | 'to' | 'cursors'>) => void,
    private readonly onTime: (time: number | undefined) => void,
  ) {}

  /** Takes over what came from outside: another design, an undo, a signal list that was opened. */
  adopt(view: WaveViewState): void {
    if (this.kept?.from !== view.from || this.kept?.to !== view.to) {
      this.all = view.to <= view.from;
      if (!this.all) {
        this.from = view.from;
        this.to = view.to;
      }
    }
    if (this.kept?.cursors !== view.cursors) this.cursors = view.cursors;
    this.kept = view;
    this.tell();
  }

  get extent(): Extent {
    return { start: Math.min(0, this.database.startTime), end: this.database.endTime };
  }

  get viewport(): Viewport {
    // A stretch that is kept from a longer run is none of this one.
    const seen = this.all || (this.from >= this.extent.end && this.extent.end > 0) ? whole(this.extent) : this;
    return { from: seen.from, to: seen.to, width: this.width };
  }

  /** The cursor whose values are shown; without one, the end of the run. */
  get time(): number {
    return this.cursors[0] ?? this.database.endTime;
  }

  look(from: number, to: number): void {
    const next = within(from, to, this.extent);
    this.all = false;
    this.from = next.from;
    this.to = next.to;
    this.changed();
  }

  fit(): void {
    this.all = true;
    this.changed();
  }

  zoom(factor: number, x = this.width / 2): void {
    const next = zoomed(this.viewport, factor, x, this.extent);
    this.look(next.from, next.to);
  }

  /** By so many pixels, to the right where positive. */
  pan(pixels: number): void {
    const { from, to, width } = this.viewport;
    const time = (pixels / width) * (to - from);
    const next = within(from + time, to + time, this.extent);
    if (next.from !== from) this.look(next.from, next.to);
  }

  setCursor(index: number, time: number): void {
    const { start, end } = this.extent;
    const at = Math.min(Math.max(Math.round(time), start), end);
    const cursors = [...this.cursors];
    // A cursor further on needs those before it.
    while (cursors.length < index) cursors.push(at);
    cursors[index] = at;
    this.cursors = cursors;
    if (index === 0) this.onTime(at);
    this.changed();
  }

  dropCursor(): void {
    this.cursors = this.cursors.slice(0, -1);
    this.onTime(this.cursors[0]);
    this.changed();
  }

  /** Brings a time into sight, in the middle where it was not. */
  reveal(time: number): void {
    const { from, to } = this.viewport;
    if (time >= from && time <= to) return;
    const span = to - from;
    this.look(time - span / 2, time + span / 2);
  }

  /** Calls back when anything moved or the run grew. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.listeners) listener();
  }

  /** Hands on what has not been yet. */
  settle(): void {
    if (this.timer !== undefined) this.keep(this.taken());
  }

  /** The stretch and the cursors as they are to be kept; who asks keeps them. */
  taken(): Pick<WaveViewState, 'from' | 'to' | 'cursors'> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { from, to } = this.all ? { from: 0, to: 0 } : this;
    const next = { from, to, cursors: [...this.cursors] };
    this.kept = { signals: [], ...next };
    this.cursors = next.cursors;
    return next;
  }

  private changed(): void {
    this.tell();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), SETTLE_MS);
  }
}
