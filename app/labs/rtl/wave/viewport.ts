import { groupDigits } from '../../../ui/format.ts';

const THIN = '\u202f';
const UNITS: readonly [string, number][] = [
  ['s', 0],
  ['ms', -3],
  ['µs', -6],
  ['ns', -9],
  ['ps', -12],
  ['fs', -15],
];
/** The smallest stretch that is shown, in units of time. */
const LEAST_SPAN = 2;
/** From a thousand of a unit on, no smaller one is taken. */
const LONG_DIGITS = 3;
/** Room left beside the run when all of it is shown. */
const MARGIN = 0.015;

/** A stretch of time over so many pixels. */
export interface Viewport {
  from: number;
  to: number;
  width: number;
}

export interface Extent {
  start: number;
  end: number;
}

export function xOf(view: Viewport, time: number): number {
  return ((time - view.from) / (view.to - view.from)) * view.width;
}

export function timeAt(view: Viewport, x: number): number {
  return view.from + (x / view.width) * (view.to - view.from);
}

/** The whole run, with a little room at its end. */
export function whole({ start, end }: Extent): { from: number; to: number } {
  const span = Math.max(LEAST_SPAN, end - start);
  return { from: start, to: start + span * (1 + MARGIN) };
}

/** Within the run, give or take a margin; not closer than two units of time. */
export function within(from: number, to: number, extent: Extent): { from: number; to: number } {
  const all = whole(extent);
  const most = all.to - all.from;
  const span = Math.min(Math.max(to - from, LEAST_SPAN), most);
  const middle = (from + to) / 2;
  const start = to - from === span ? from : middle - span / 2;
  const first = Math.min(Math.max(start, all.from), all.to - span);
  return { from: first, to: first + span };
}

/** Zooms so that the time under `x` stays there. */
export function zoomed(view: Viewport, factor: number, x: number, extent: Extent): { from: number; to: number } {
  const fixed = timeAt(view, x);
  const span = Math.min(Math.max((view.to - view.from) * factor, LEAST_SPAN), whole(extent).to - whole(extent).from);
  const from = fixed - (x / view.width) * span;
  return within(from, from + span, extent);
}

/** A step of 1, 2 or 5 times a power of ten, at least so many pixels wide and at least one unit. */
export function tickStep(view: Viewport, pixels: number): number {
  const rough = ((view.to - view.from) / view.width) * pixels;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const share = rough / power;
  return Math.max(1, (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power);
}

/** Multiples of a step within the view, and one to the left of it. */
export function ticksOf(view: Viewport, step: number): number[] {
  const ticks: number[] = [];
  for (let count = Math.floor(view.from / step); count * step <= view.to; count++) ticks.push(count * step);
  return ticks;
}

/**
 * A time in a unit that suits steps of this size, with the digits by which neighbours differ: `1 500 ns`. Where the
 * largest time in sight would be a long number in that unit, a larger one is taken.
 * @param timescale power of ten of seconds of one unit of time
 */
export function tickText(time: number, step: number, timescale: number, largest: number): string {
  const power = Math.floor(Math.log10(step)) + timescale;
  const size = Math.floor(Math.log10(Math.max(1, Math.abs(largest)))) + timescale;
  const unit = UNITS.find(([, exponent]) => exponent <= power || exponent <= size - LONG_DIGITS) ?? UNITS.at(-1)!;
  return inUnit(time, timescale, unit, Math.max(0, unit[1] - power));
}

/** A time to its last digit, in the unit that makes it shortest: `12.345 µs`. */
export function timeText(time: number, timescale: number): string {
  const rounded = Math.round(time);
  if (rounded === 0) return `0${THIN}${unitOf(timescale)[0]}`;
  const size = Math.floor(Math.log10(Math.abs(rounded))) + timescale;
  const unit = UNITS.find(([, exponent]) => exponent <= size) ?? UNITS.at(-1)!;
  return inUnit(rounded, timescale, unit, Math.max(0, unit[1] - timescale));
}

function unitOf(timescale: number): readonly [string, number] {
  return UNITS.find(([, exponent]) => exponent <= timescale) ?? UNITS.at(-1)!;
}

/** Decimal digits are moved, not computed: no unit of time is lost to rounding. */
function inUnit(
  time: number,
  timescale: number,
  [name, exponent]: readonly [string, number],
  decimals: number,
): string {
  const shift = exponent - timescale;
  const sign = time < 0 ? '\u2212' : '';
  const whole = Math.round(Math.abs(time));
  let digits = String(whole);
  if (shift <= 0) digits += whole === 0 ? '' : '0'.repeat(-shift);
  else {
    const padded = digits.padStart(shift + 1, '0');
    const fraction = padded.slice(-shift).slice(0, decimals).replace(/0+$/, '');
    digits = padded.slice(0, -shift) + (fraction === '' ? '' : `.${fraction}`);
  }
  return `${sign}${groupDigits(digits)}${THIN}${name}`;
}
