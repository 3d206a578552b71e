import type { EndpointSlack } from '../../../../engines/synthesis/timing/types.ts';

export type SlackKind = 'setup' | 'hold';

export interface Bin {
  /** ns; `from` belongs to it, `to` to the next. */
  from: number;
  to: number;
  count: number;
  /** Endpoints of the pinned result. */
  pinned?: number;
}

export function slackOf(endpoint: EndpointSlack, kind: SlackKind): number | null {
  return kind === 'setup' ? endpoint.setupSlackNs : endpoint.holdSlackNs;
}

/** Slacks that there are. */
export function slacksOf(endpoints: readonly EndpointSlack[], kind: SlackKind): number[] {
  return endpoints.flatMap((endpoint) => slackOf(endpoint, kind) ?? []);
}

/** A width of 1, 2 or 5 times a power of ten that cuts `span` into at most `most` pieces. */
export function niceStep(span: number, most: number): number {
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((each) => each * power >= rough * (1 - 1e-9)) ?? 10;
  return step * power;
}

/**
 * Endpoints by slack. Zero is always a border, so that a bin fails or is met as a whole, and borders are round numbers. With pinned slacks
 * both are counted in the same bins.
 */
export function slackBins(slacks: readonly number[], pinned?: readonly number[], most = 24): Bin[] {
  const all = pinned ? [...slacks, ...pinned] : slacks;
  if (all.length === 0) return [];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const slack of all) {
    low = Math.min(low, slack);
    high = Math.max(high, slack);
  }
  const span = high - low;
  const step = span > 0 ? niceStep(span, most) : niceStep(Math.max(Math.abs(high), 0.001), 10);
  // Borders are rounded, so one more at each end is looked at, and dropped when nothing is in it.
  const first = Math.floor(low / step) - 1;
  const last = Math.floor(high / step) + 1;
  const border = (index: number) => Number((index * step).toPrecision(12));
  const bins = Array.from({ length: last - first + 1 }, (_, index): Bin => {
    const from = border(first + index);
    return { from, to: border(first + index + 1), count: 0, ...(pinned && { pinned: 0 }) };
  });
  const binOf = (slack: number) => {
    const near = Math.floor(slack / step) - first;
    return [bins[near - 1], bins[near], bins[near + 1]].find((bin) => bin && inBin(slack, bin));
  };
  for (const slack of slacks) {
    const bin = binOf(slack);
    if (bin) bin.count += 1;
  }
  for (const slack of pinned ?? []) {
    const bin = binOf(slack);
    if (bin) bin.pinned = (bin.pinned ?? 0) + 1;
  }
  const filled = (bin: Bin) => bin.count > 0 || (bin.pinned ?? 0) > 0;
  return bins.slice(bins.findIndex(filled), bins.findLastIndex(filled) + 1);
}

/** Whether a slack was counted in a bin. */
export function inBin(slack: number | null, { from, to }: Bin): boolean {
  return slack !== null && slack >= from && slack < to;
}
