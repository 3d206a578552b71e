/** How a slider's way is divided: evenly, or evenly in the logarithm, with 0 at its beginning where it may be 0. */
export interface SliderScale {
  min: number;
  max: number;
  /** The value's grain. A logarithmic slider rounds to two digits instead. */
  step: number;
  scale?: 'linear' | 'log';
  /** Of a logarithmic slider that begins at 0: the least value above it. */
  least?: number;
}

/** Positions of a logarithmic slider. */
const POSITIONS = 200;

/** What the range input counts in. */
export function positions(range: SliderScale): { min: number; max: number; step: number } {
  return range.scale === 'log' ? { min: 0, max: POSITIONS, step: 1 } : range;
}

export function toPosition(value: number, range: SliderScale): number {
  if (range.scale !== 'log') return value;
  const low = lowest(range);
  if (value < low) return 0;
  const share = Math.log(value / low) / Math.log(range.max / low);
  return Math.round(Math.min(1, share) * (POSITIONS - first(range))) + first(range);
}

export function fromPosition(position: number, range: SliderScale): number {
  if (range.scale !== 'log') return tidy(position, range.step);
  if (range.min === 0 && position === 0) return 0;
  const low = lowest(range);
  const share = (position - first(range)) / (POSITIONS - first(range));
  return Math.min(range.max, Number((low * (range.max / low) ** share).toPrecision(2)));
}

function lowest(range: SliderScale): number {
  return range.min > 0 ? range.min : (range.least ?? range.step);
}

/** Where 0 has a position of its own, the rest begins after it. */
function first(range: SliderScale): number {
  return range.min === 0 ? 1 : 0;
}

/** Without the dust of binary fractions: 0.30000000000000004 is 0.3. */
function tidy(value: number, step: number): number {
  const text = String(step);
  const digits = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  return Number(value.toFixed(digits));
}
