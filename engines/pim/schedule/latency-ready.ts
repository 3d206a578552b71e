import type { Unit } from './latency-types.ts';

export interface Listener {
  /** All that a window reads is there. */
  ready(unit: Unit, window: number): void;
  /** A pixel is there. True: the unit takes pixels one by one, and nothing is to be counted. */
  arrived(unit: Unit, pixel: number): boolean;
}

/** Keeps count of the pixels that windows still wait for. */
export class Readiness {
  /** By unit and window. */
  private readonly missing: Int32Array[];
  /** By unit: pixels that all its windows wait for. */
  private readonly missingForAll: number[];
  /** By unit and operand, for listed needs: windows by pixel. */
  private readonly readers = new Map<string, { start: Int32Array; window: Int32Array }>();
  private readonly listener: Listener;
  /** For each unit, a function that counts one pixel less for a window. */
  private readonly countDown: ((window: number) => void)[];

  constructor(units: readonly Unit[], listener: Listener) {
    this.listener = listener;
    this.missing = units.map((unit) => new Int32Array(unit.pixels));
    this.missingForAll = units.map(() => 0);
    this.countDown = units.map((unit) => (window) => this.oneLess(unit, window));
    for (const unit of units) this.expect(unit);
    for (const unit of units) this.announce(unit);
  }

  isReady(unit: Unit, window: number): boolean {
    return this.missing[unit.id]![window] === 0 && this.missingForAll[unit.id] === 0;
  }

  /** A pixel of an operand is there. */
  arrived(unit: Unit, operand: number, pixel: number): void {
    if (this.listener.arrived(unit, pixel)) return;
    const { need } = unit.operands[operand]!;
    if (need.how === 'same') this.oneLess(unit, pixel);
    else if (need.how === 'window') need.pixels.windowsOf(pixel, this.countDown[unit.id]!);
    else if (need.how === 'listed') {
      const { start, window } = this.readers.get(`${unit.id}/${operand}`)!;
      for (let at = start[pixel]!; at < start[pixel + 1]!; at++) this.oneLess(unit, window[at]!);
    } else {
      this.missingForAll[unit.id]!--;
      if (this.missingForAll[unit.id] === 0) this.announce(unit);
    }
  }

  private oneLess(unit: Unit, window: number): void {
    const missing = this.missing[unit.id]!;
    const left = missing[window]! - 1;
    missing[window] = left;
    if (left === 0 && this.missingForAll[unit.id] === 0) this.listener.ready(unit, window);
  }

  /** Tells of the windows that wait for nothing. */
  private announce(unit: Unit): void {
    if (this.missingForAll[unit.id]! > 0) return;
    const missing = this.missing[unit.id]!;
    for (let window = 0; window < unit.pixels; window++) if (missing[window] === 0) this.listener.ready(unit, window);
  }

  private expect(unit: Unit): void {
    const missing = this.missing[unit.id]!;
    for (const [index, { from, need }] of unit.operands.entries()) {
      if (from.work.do === 'source') continue;
      if (need.how === 'all') this.missingForAll[unit.id]! += from.pixels;
      else if (need.how === 'same') for (let window = 0; window < unit.pixels; window++) missing[window]!++;
      else if (need.how === 'window') {
        const under = new Int32Array(need.pixels.positions);
        for (let window = 0; window < unit.pixels; window++) {
          need.pixels.pixelsOf(window, under);
          let count = 0;
          for (let position = 0; position < under.length; position++) if (under[position]! >= 0) count++;
          missing[window] = missing[window]! + count;
        }
      } else {
        for (let window = 0; window < unit.pixels; window++)
          missing[window]! += need.start[window + 1]! - need.start[window]!;
        this.readers.set(`${unit.id}/${index}`, readersOf(need.start, need.pixel, from.pixels));
      }
    }
  }
}

function readersOf(start: Int32Array, pixel: Int32Array, pixels: number): { start: Int32Array; window: Int32Array } {
  const first = new Int32Array(pixels + 1);
  for (const one of pixel) first[one + 1]!++;
  for (let at = 0; at < pixels; at++) first[at + 1]! += first[at]!;
  const next = first.slice();
  const window = new Int32Array(pixel.length);
  for (let w = 0; w + 1 < start.length; w++) {
    for (let at = start[w]!; at < start[w + 1]!; at++) window[next[pixel[at]!]!++] = w;
  }
  return { start: first, window };
}
