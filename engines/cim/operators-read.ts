import type { Extent, Factor, Flow, Source } from './operators-flow.ts';

/** [from, to), ascending and apart. */
export type Range = readonly [number, number];

/** What is read of one layer's output: features, and of each the share of its positions. */
export interface Reading {
  layer: number;
  /** Undefined: all. */
  features: Range[] | undefined;
  share: number;
  /** Tells boxes of positions apart: readings of the same are of the same numbers. */
  positions?: string;
}

/** Past so many ranges a reading counts as the whole layer. */
const MOST_RANGES = 1 << 14;

/** What stands behind a box of a tensor. `ranges` by axis; undefined: the whole axis. */
export function read(flow: Flow, ranges: readonly (Range | undefined)[] = []): Reading[] {
  const readings: Reading[] = flow.whole.map((layer) => ({ layer, features: undefined, share: 1 }));
  for (const source of flow.sources) readings.push(...readSource(source, ranges));
  return readings;
}

interface Selected {
  factor: Factor;
  from: number;
  to: number;
}

function readSource(source: Source, ranges: readonly (Range | undefined)[]): Reading[] {
  const { layer, base, axes, share } = source;
  let selections: Selected[][] = [[]];
  for (const [axis, extent] of axes.entries()) {
    const boxes = boxesOf(extent, ranges[axis]);
    if (boxes.length === 0) return [];
    selections =
      boxes.length === 1
        ? selections.map((before) => [...before, ...boxes[0]!])
        : selections.flatMap((before) => boxes.map((box) => [...before, ...box]));
  }
  return selections.map((selected) => {
    let part = share;
    let positions = '';
    for (const { factor, from, to } of selected) {
      if (factor.stride > 0 || factor.repeat || to - from === factor.size) continue;
      part *= (to - from) / factor.size;
      positions += `${from}-${to}/${factor.size} `;
    }
    return { layer, features: featuresOf(base, selected), share: part, ...(positions && { positions }) };
  });
}

/** The part of an extent that lies in a range of its axis, as boxes of its factors. */
function boxesOf({ at, step, factors }: Extent, range: Range | undefined): Selected[][] {
  const size = factors.reduce((all, factor) => all * factor.size, 1);
  if (!range) return [factors.map((factor) => ({ factor, from: 0, to: factor.size }))];
  const from = Math.max(0, Math.ceil((range[0] - at) / step));
  const to = Math.min(size, Math.ceil((range[1] - at) / step));
  return to > from ? boxes(factors, from, to) : [];
}

function boxes(factors: readonly Factor[], from: number, to: number): Selected[][] {
  const [factor, ...inner] = factors;
  if (!factor) return [[]];
  const rest = inner.reduce((all, each) => all * each.size, 1);
  const all = inner.map((each) => ({ factor: each, from: 0, to: each.size }));
  const [first, last] = [Math.floor(from / rest), Math.floor(to / rest)];
  const [start, end] = [from % rest, to % rest];
  const one = (at: number) => ({ factor, from: at, to: at + 1 });
  if (first === last) return boxes(inner, start, end).map((box) => [one(first), ...box]);
  const found: Selected[][] = [];
  if (start > 0) found.push(...boxes(inner, start, rest).map((box) => [one(first), ...box]));
  const middle = start > 0 ? first + 1 : first;
  if (last > middle) found.push([{ factor, from: middle, to: last }, ...all]);
  if (end > 0) found.push(...boxes(inner, 0, end).map((box) => [one(last), ...box]));
  return found;
}

function featuresOf(base: number, selected: readonly Selected[]): Range[] | undefined {
  const steps = selected.filter(({ factor }) => factor.stride > 0).sort((a, b) => a.factor.stride - b.factor.stride);
  let ranges: Range[] = [[base, base + 1]];
  for (const { factor, from, to } of steps) {
    const { stride } = factor;
    const [only] = ranges;
    if (ranges.length === 1 && only![1] - only![0] === stride) {
      ranges = [[only![0] + from * stride, only![0] + to * stride]];
      continue;
    }
    if (ranges.length * (to - from) > MOST_RANGES) return undefined;
    const next: Range[] = [];
    for (let each = from; each < to; each++) {
      for (const [start, end] of ranges) next.push([start + each * stride, end + each * stride]);
    }
    ranges = merged(next);
  }
  return ranges;
}

/** Sources whose boxes lie in no other's, so that numbers made from several of them count once. */
export function outermost(sources: readonly Source[]): Source[] {
  const spans = ({ axes }: Source) =>
    axes.map(({ at, step, factors }) => [at, at + step * factors.reduce((all, { size }) => all * size, 1)] as const);
  const found: { source: Source; box: Range[] }[] = [];
  for (const source of sources) {
    const box = spans(source);
    const lies = (inner: readonly Range[], outer: readonly Range[]) =>
      inner.every(([from, to], axis) => from >= outer[axis]![0] && to <= outer[axis]![1]);
    if (found.some((other) => lies(box, other.box))) continue;
    for (let at = found.length - 1; at >= 0; at--) if (lies(found[at]!.box, box)) found.splice(at, 1);
    found.push({ source, box });
  }
  return found.map(({ source }) => source);
}

/** Numbers of a source that lie in a box of its tensor. */
export function volumeIn({ axes }: Source, ranges: readonly (Range | undefined)[]): number {
  return axes.reduce((volume, { at, step, factors }, axis) => {
    const size = factors.reduce((all, factor) => all * factor.size, 1);
    const [low, high] = ranges[axis] ?? [0, Number.POSITIVE_INFINITY];
    const from = Math.max(0, Math.ceil((low - at) / step));
    const to = Math.min(size, Math.ceil((high - at) / step));
    return volume * Math.max(0, to - from);
  }, 1);
}

/** Ranges in order, those that touch or overlap as one. */
export function merged(ranges: readonly Range[]): Range[] {
  if (ranges.length <= 1) return [...ranges];
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = result.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

/** How much two lists of ranges have in common. */
export function common(a: readonly Range[], b: readonly Range[]): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [one, other] = [a[i]!, b[j]!];
    sum += Math.max(0, Math.min(one[1], other[1]) - Math.max(one[0], other[0]));
    if (one[1] < other[1]) i++;
    else j++;
  }
  return sum;
}

/** Readings of the same layer and positions as one, so that nothing counts twice. */
export function tidy(readings: readonly Reading[]): Reading[] {
  if (readings.length <= 1) return [...readings];
  const whole = new Set(readings.filter(({ features, share }) => !features && share === 1).map(({ layer }) => layer));
  const found = new Map<string, Reading>();
  for (const reading of readings) {
    const { layer, features, share, positions = '' } = reading;
    if (whole.has(layer)) {
      found.set(`${layer}`, { layer, features: undefined, share: 1 });
      continue;
    }
    const key = `${layer} ${share} ${positions}`;
    const before = found.get(key);
    if (!before) found.set(key, reading);
    else if (before.features) {
      before.features = features ? merged([...before.features, ...features]) : undefined;
      found.set(key, { ...before });
    }
  }
  return [...found.values()];
}
